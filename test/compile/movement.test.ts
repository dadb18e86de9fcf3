/** From the merited tier to the held one: the table in movement.yaml. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { packagePath } from "../../data/foundation/index.ts";
import type { Movement, Policy, Step } from "../../policies/language/index.ts";
import { panelOf, runOn, tiersOn } from "./histories.ts";
import { binary, last, policyOf, tier } from "./policy-parts.ts";

interface MovementCase {
  readonly case: string;
  readonly merits: string;
  readonly held: string;
  readonly promoteCount?: string;
  readonly demoteCount?: string;
  readonly shielded?: string;
  readonly promote?: Step;
  readonly demote?: Step;
  readonly hold?: Readonly<Record<string, number>>;
  readonly terminal?: string;
  readonly shield?: number;
  readonly start?: string;
}

const ladder = ["gold", "silver", "bronze", "watch", "closed"];

describe("movement", () => {
  const cases = parse(readFileSync(packagePath("test", "compile", "movement.yaml"), "utf8")) as MovementCase[];
  for (const row of cases) {
    it(row.case, () => {
      const policy = policyFor(row);
      const merits = words(row.merits).map((name) => (name === "-" ? null : ladder.indexOf(name)));
      const panel = panelOf({ a: { measures: { merit: merits }, attributes: { opened_on: "2024-01-08" } } }, { levels: ["merit"] });
      const frame = runOn(policy, panel);
      expect(tiersOn(policy, frame.merited)).to.deep.equal(words(row.merits));
      expect(tiersOn(policy, frame.held)).to.deep.equal(words(row.held));
      for (const name of ["promoteCount", "demoteCount", "shielded"] as const) {
        const expected = row[name];
        if (expected !== undefined) expect([...frame[name]], name).to.deep.equal(words(expected).map(Number));
      }
    });
  }

  it("shows start, else otherwise, else the last tier before the first evaluation", () => {
    const panel = panelOf({ a: { measures: { merit: Array(6).fill(0) } } }, { levels: ["merit"] });
    const monthly = { ...policyFor({ case: "", merits: "", held: "" }) };
    const movement: Movement = { ...monthly.movement, evaluate: { kind: "every", unit: "month" } };
    const held = (policy: Policy) => tiersOn(policy, runOn(policy, panel).held).join(" ");
    expect(held({ ...monthly, movement })).to.equal("- - - gold gold gold");
    expect(held({ ...monthly, movement: { ...movement, start: "bronze", promote: { after: 9 } } })).to.equal(
      Array(6).fill("bronze").join(" "),
    );
    const { otherwise: _, ...complete } = { ...monthly, movement };
    const tiers = [...complete.tiers.slice(0, 4), tier("closed", undefined)];
    expect(held({ ...complete, tiers })).to.equal("closed closed closed gold gold gold");
    expect([...runOn({ ...monthly, movement }, panel).merited]).to.deep.equal([-1, -1, -1, 0, 0, 0]);
  });

  it("takes another start tier for a run, in place of the declared one", () => {
    const panel = panelOf({ a: { measures: { merit: [0, 0, 0] } } }, { levels: ["merit"] });
    const policy = policyFor({ case: "", merits: "", held: "", start: "gold", promote: { after: 2, by: 1 } });
    expect(tiersOn(policy, runOn(policy, panel, { startTier: 3 }).held)).to.deep.equal(["watch", "bronze", "bronze"]);
  });
});

function words(text: string): string[] {
  return text.split(" ");
}

/** Tiers that a level chooses directly: its value is the tier's code. */
function policyFor(row: MovementCase): Policy {
  const adverse = ["watch", "closed"];
  return policyOf({
    metrics: [last("merit", "merit")],
    tiers: ladder.map((name, code) => {
      const days = row.hold?.[name];
      const rest = { adverse: adverse.includes(name), terminal: row.terminal === name, ...(days === undefined ? {} : { holdDays: days }) };
      return tier(name, binary("metric:merit", "=", code), rest);
    }),
    otherwise: "-",
    movement: {
      evaluate: { kind: "every", unit: "week" },
      promote: row.promote ?? { after: 1 },
      demote: row.demote ?? { after: 1 },
      ...(row.start === undefined ? {} : { start: row.start }),
      ...(row.shield === undefined ? {} : { shield: { days: row.shield, since: "opened_on" } }),
    },
  });
}
