/** Versions that extend another: what `set`, `add` and `remove` do, and where faults of the result are shown. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { type Policy, printPolicy, type ReadPolicy, readPolicy } from "../../policies/language/index.ts";

const base = readFileSync(packagePath("test", "language", "base.yaml"), "utf8");

function readChild(changes: string, versions: Readonly<Record<string, string>> = {}): ReadPolicy {
  const files = new Map(Object.entries({ "1.0.0": base, ...versions }));
  return readPolicy({
    text: `extends: 1.0.0\nprogramme: shop-health\nversion: 1.1.0\n${changes}`,
    file: "1.1.0.yaml",
    load: ({ version }) => {
      const text = files.get(version);
      return text === undefined ? undefined : { text, file: `${version}.yaml` };
    },
  });
}

function child(changes: string, versions: Readonly<Record<string, string>> = {}): Policy {
  const { policy, diagnostics } = readChild(changes, versions);
  if (policy === undefined) throw new RangeError(JSON.stringify(diagnostics));
  return policy;
}

describe("a version that extends another", () => {
  it("is its parent with the changes, and nothing else", () => {
    const changed = base
      .replace("version: 1.0.0", "version: 1.1.0")
      .replace("{ value: 85, range: 75 to 95 }", "{ value: 88, range: 75 to 95 }");
    const { policy } = readPolicy({ text: changed, file: "whole.yaml", load: () => undefined });
    expect(child("set: { parameters.gold_line.value: 88 }\n")).to.deep.equal(policy);
  });

  it("replaces a node, never merges it", () => {
    const policy = child(
      "set:\n  movement.promote: { after: 3 evaluations }\n  scores.overall.weighted: { reviews: 1 }\n  metrics.rating: { sum: orders, over: 7 days }\n",
    );
    expect(policy.movement.promote).to.deep.equal({ after: 3 });
    const overall = policy.scores.find((score) => score.name === "overall");
    expect(overall?.kind === "weighted" ? overall.parts.map((part) => part.score) : []).to.deep.equal(["reviews"]);
    expect(policy.metrics.find((metric) => metric.name === "rating")?.kind).to.equal("sum");
  });

  it("reaches a tier by its name", () => {
    const policy = child("set:\n  tiers.gold.consequences.traffic: x 2\n  tiers.standard: { when: rated and home }\n");
    expect(policy.tiers.map((tier) => tier.name)).to.deep.equal(["gold", "standard", "restricted"]);
    expect(policy.tiers[0]?.consequences).to.deep.equal({ traffic: 2, payoutDays: 1 });
  });

  it("adds a tier where it says", () => {
    expect(child("add:\n  tiers.silver: { below: gold, when: rated and clean }\n").tiers.map((tier) => tier.name)).to.deep.equal([
      "gold",
      "silver",
      "standard",
      "restricted",
    ]);
    expect(child("add:\n  tiers.platinum: { above: gold, when: rated and clean }\n").tiers[0]?.name).to.equal("platinum");
    expect(
      child("add:\n  tiers.a: { below: standard, when: clean }\n  tiers.b: { below: a, when: home }\n").tiers.map((tier) => tier.name),
    ).to.deep.equal(["gold", "standard", "a", "b", "restricted"]);
  });

  it("adds definitions and removes them", () => {
    const policy = child(
      "set: { tiers.standard.when: rated and recent }\nadd: { conditions.recent: recent_orders >= 50 }\nremove: [conditions.home, tiers.gold.consequences, movement.shield]\n",
    );
    expect(policy.conditions.map((condition) => condition.name))
      .to.include("recent")
      .and.not.include("home");
    expect(policy.tiers[0]?.consequences).to.deep.equal({});
    expect(policy.movement.shield).to.equal(undefined);
  });

  it("adds to a section that the parent does not have", () => {
    const bare = [
      "programme: shop-health\nversion: 1.0.0\ntitle: Shop health\nentity: seller\nrationale: No section but one.",
      "metrics:\n  orders_28: { sum: orders, over: 28 days }",
      "tiers:\n  - good: { when: orders_28 >= 10 }\n  - other: {}\nmovement:\n  evaluate: every week\n",
    ].join("\n");
    const added = [
      "add:\n  parameters.line: { value: 20, range: 10 to 30 }\n  windows.lookback: 3 months if orders over 3 months >= 400 else 12 months",
      "  metrics.late: { share: late of orders, over: lookback }\n  scores.prompt: { from: late, curve: [0 % -> 100, 8 % -> 0] }",
      "  ledgers.points: { start: 0 points, lines: [{ when event: violation, add: 1 point }] }",
      "  conditions.busy: orders_28 >= line\n  conditions.calm: points < 3 points and prompt >= 50",
      "set:\n  tiers.good.when: busy and calm\n",
    ].join("\n");
    const policy = child(added, { "1.0.0": bare });
    expect(policy.conditions.map(({ name }) => name)).to.deep.equal(["busy", "calm"]);
    expect(policy.ledgers.map(({ name }) => name)).to.deep.equal(["points"]);
    expect(readChild("add: { condition.busy: orders_28 >= 20 }\n", { "1.0.0": bare }).diagnostics.map(({ code }) => code)).to.deep.equal([
      "path-not-found",
    ]);
    const faulty = readChild("add: { conditions.busy: orders_2 >= 20 }\n", { "1.0.0": bare });
    expect(faulty.diagnostics.map(({ code, place }) => [code, place])).to.deep.equal([
      ["unknown-name", { file: "1.1.0.yaml", line: 4, column: 25 }],
    ]);
  });

  it("has its own title and rationale, or its parent's", () => {
    expect(child("rationale: Steadier.\nset: { parameters.gold_line.value: 88 }\n").rationale).to.equal("Steadier.");
    expect(child("set: { parameters.gold_line.value: 88 }\n").title).to.equal("Shop health");
  });

  it("may extend a version that extends another", () => {
    const middle = "extends: 1.0.0\nprogramme: shop-health\nversion: 1.0.1\nset: { parameters.gold_line.value: 88 }\n";
    const { policy } = readPolicy({
      text: "extends: 1.0.1\nprogramme: shop-health\nversion: 1.1.0\nset: { movement.demote.after: 3 evaluations }\n",
      file: "1.1.0.yaml",
      load: ({ version }) => ({ text: version === "1.0.0" ? base : middle, file: `${version}.yaml` }),
    });
    expect(policy?.parameters[0]).to.include({ value: 88 });
    expect(policy?.movement.demote.after).to.equal(3);
    expect(policy === undefined ? "" : printPolicy(policy)).not.to.include("extends");
  });

  it("takes the programme from the folder when the file does not name it", () => {
    const { policy } = readPolicy({
      text: "extends: 1.0.0\nversion: 1.1.0\nset: { parameters.gold_line.value: 88 }\n",
      file: "library/shop-health/1.1.0.yaml",
      load: () => ({ text: base, file: "1.0.0.yaml" }),
    });
    expect(policy?.programme).to.equal("shop-health");
  });

  it("shows a fault of the parent in the parent's file, and one that a change brings in its own", () => {
    const inParent = readChild("set: { parameters.gold_line.value: 88 }\n", { "1.0.0": base.replace("overall >= 60", "overal >= 60") });
    expect(inParent.diagnostics.map(({ code, place }) => [code, place?.file])).to.deep.equal([["unknown-name", "1.0.0.yaml"]]);
    const own = readChild("remove: [parameters.gold_line]\n");
    expect(own.diagnostics.map(({ code, place, message }) => [code, place?.file, /gold_line/.test(message)])).to.deep.equal([
      ["unknown-name", "1.0.0.yaml", true],
    ]);
    const changed = readChild("set: { conditions.rated: overal is known }\n");
    expect(changed.diagnostics[0]?.place).to.deep.equal({ file: "1.1.0.yaml", line: 4, column: 26 });
  });

  it("finds circles of versions, however long", () => {
    const link = (from: string, to: string): string =>
      `extends: ${to}\nprogramme: shop-health\nversion: ${from}\nset: { parameters.gold_line.value: 88 }\n`;
    const { diagnostics } = readPolicy({
      text: link("1.0.1", "1.0.2"),
      file: "1.0.1.yaml",
      load: ({ version }) => ({ text: link(version, version === "1.0.3" ? "1.0.1" : "1.0.3"), file: `${version}.yaml` }),
    });
    expect(diagnostics.map((diagnostic) => diagnostic.code)).to.deep.equal(["extends-cycle"]);
    expect(diagnostics[0]?.message).to.include("1.0.1 -> shop-health@1.0.2 -> shop-health@1.0.3 -> shop-health@1.0.1");
    const endless = readPolicy({
      text: link("1.0.0", "1.0.1"),
      file: "1.0.0.yaml",
      load: ({ version }) => ({
        text: link(
          version,
          version.replace(/\d+$/, (patch) => String(Number(patch) + 1)),
        ),
        file: `${version}.yaml`,
      }),
    });
    expect(endless.diagnostics.map((diagnostic) => diagnostic.code)).to.deep.equal(["limit-exceeded"]);
  });
});
