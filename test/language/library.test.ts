/** The policies that ship: they read without a remark, fit both marketplaces, and the published schema accepts them. */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { z } from "zod";
import { formatDay, packagePath } from "../../data/foundation/index.ts";
import type { Measure, PanelSchema } from "../../data/panel/index.ts";
import {
  checkAgainstPanel,
  compareVersions,
  diffPolicies,
  formatPolicy,
  type Policy,
  policyJsonSchema,
  policyLibrary,
  readInForce,
  readLibraryPolicy,
} from "../../policies/language/index.ts";

const schemaFile = packagePath("policies", "library", "policy.schema.json");

describe("the policy library", () => {
  it("orders versions by their numbers, not by their letters", () => {
    const ordered = ["1.2.0", "1.2.3", "1.10.0", "2.0.0", "10.0.0"];
    expect(ordered.toReversed().sort(compareVersions)).to.deep.equal(ordered);
    expect(
      [compareVersions("1.2.3", "1.2.3"), compareVersions("1.2.4", "1.2.3"), compareVersions("1.2.3", "1.3.0")].map(Math.sign),
    ).to.deep.equal([0, 1, -1]);
  });

  for (const { programme, version, file } of policyLibrary()) {
    it(`reads ${programme} ${version} without a remark`, () => {
      const { policy, diagnostics } = readLibraryPolicy(`${programme}@${version}`);
      expect(diagnostics).to.deep.equal([]);
      expect(policy?.programme).to.equal(programme);
      expect(policy?.version).to.equal(version);
      expect(readLibraryPolicy(file).policy).to.deep.equal(policy);
    });

    it(`keeps ${programme} ${version} in canonical form`, () => {
      const text = readFileSync(file, "utf8");
      expect(formatPolicy(text, file).text).to.equal(text);
    });

    it(`has a schema that accepts ${programme} ${version}`, () => {
      const text = readFileSync(file, "utf8");
      const reference = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text)?.[1] ?? "";
      expect(join(dirname(file), reference)).to.equal(schemaFile);
      const accepted = z.fromJSONSchema(schemaFor(text)).safeParse(parse(text));
      expect(accepted.error?.issues ?? []).to.deep.equal([]);
    });
  }

  it("publishes the schema that the code has", () => {
    expect(JSON.parse(readFileSync(schemaFile, "utf8"))).to.deep.equal(policyJsonSchema);
  });

  it("has a schema that refuses a mistyped key", () => {
    const text = readFileSync(packagePath("policies", "library", "seller-performance", "1.0.0.yaml"), "utf8").replace(
      "at_least: 10 orders",
      "at_leats: 10 orders",
    );
    expect(z.fromJSONSchema(schemaFor(text)).safeParse(parse(text)).success).to.equal(false);
  });

  it("changes nothing but weights from seller-performance 1.0.0 to 1.1.0", () => {
    const { changes } = diffPolicies(policyCalled("seller-performance@1.0.0"), policyCalled("seller-performance@1.1.0"));
    const meant = changes.filter((change) => change.direction !== "neutral").map((change) => change.path);
    expect(meant).to.deep.equal(["scores.overall.weighted.fulfilment", "scores.overall.weighted.reviews"]);
  });

  it("changes thresholds, windows and demotion in seller-performance 2.0.0", () => {
    const { changes } = diffPolicies(policyCalled("seller-performance@1.1.0"), policyCalled("seller-performance@2.0.0"));
    const paths = changes.filter((change) => change.direction !== "neutral").map((change) => change.path);
    expect(paths).to.include.members(["parameters.gold_line.value", "metrics.late_dispatch_rate.over", "movement.demote.after"]);
    expect(paths.every((path) => /^parameters\.\w+_line\.value$|\.over$|^movement\.demote\.after$/.test(path))).to.equal(true);
  });

  for (const { programme, version } of policyLibrary().filter((entry) => isOurs(entry.programme))) {
    it(`runs ${programme} ${version} on the weekly panels of every marketplace`, () => {
      const policy = policyCalled(`${programme}@${version}`);
      const schema = programme === "seller-performance" ? sellers : creators;
      const remarks = checkAgainstPanel(policy, schema).filter((diagnostic) => diagnostic.severity !== "note");
      expect(remarks).to.deep.equal([]);
    });
  }

  it("says from when each programme's version was in force, and the version exists", () => {
    for (const programme of new Set(policyLibrary().map((entry) => entry.programme))) {
      const { versions, diagnostics } = readInForce(programme);
      expect(diagnostics).to.deep.equal([]);
      const shipped = policyLibrary().flatMap((entry) => (entry.programme === programme ? [entry.version] : []));
      if (isOurs(programme))
        expect(versions.map(({ version, from }) => [version, formatDay(from)])).to.deep.equal([["1.0.0", "2016-09-01"]]);
      else expect(versions.map(({ version }) => version)).to.deep.equal(shipped);
    }
  });

  it("lists versions by number", () => {
    const versions = policyLibrary()
      .filter((entry) => entry.programme === "seller-performance")
      .map((entry) => entry.version);
    expect(versions).to.deep.equal(versions.toSorted(compareVersions));
    expect(versions).to.include("2.0.0");
    expect(policyLibrary().every((entry) => basename(entry.file) === `${entry.version}.yaml`)).to.equal(true);
  });

  it("names the versions that there are when one is asked for that is not", () => {
    const { policy, diagnostics } = readLibraryPolicy("seller-performance@9.9.9");
    expect(policy).to.equal(undefined);
    expect(diagnostics[0]?.code).to.equal("file-not-found");
    expect(diagnostics[0]?.cure).to.include("seller-performance@1.0.0");
  });
});

/** Our own programmes have candidates; a published one holds just what was in force. */
function isOurs(programme: string): boolean {
  return ["seller-performance", "creator-performance"].includes(programme);
}

function policyCalled(reference: string): Policy {
  const { policy } = readLibraryPolicy(reference);
  if (policy === undefined) throw new RangeError(`${reference} does not read`);
  return policy;
}

/** The half of the schema that a file is held to: editors choose it by `extends`. */
function schemaFor(text: string): Parameters<typeof z.fromJSONSchema>[0] {
  const half = /^extends:/m.test(text) ? "version" : "policy";
  return { $defs: policyJsonSchema["$defs"], $ref: `#/$defs/${half}` } as unknown as Parameters<typeof z.fromJSONSchema>[0];
}

function panel(
  entity: string,
  counts: readonly string[],
  attributes: PanelSchema["attributes"],
  events: PanelSchema["events"],
): PanelSchema {
  const measures = counts.map((name): Measure => ({ name, kind: "flow", unit: "count", decimals: 0, title: name }));
  const gmv: Measure = { name: "gmv", kind: "flow", unit: "money", decimals: 2, title: "GMV" };
  return {
    entity,
    grain: "week",
    firstPeriod: 2440,
    lastPeriod: 2540,
    currency: "BRL",
    measures: [...measures, gmv],
    attributes,
    events,
    outcomes: [],
    assignedTiers: [],
    knownAt: 17_800,
  };
}

const openedOn = { name: "opened_on", scope: "entity", type: "day", title: "Opened on" } as const;
const sellers = panel(
  "seller",
  [
    "orders",
    "due_dispatches",
    "late_dispatches",
    "deliveries",
    "late_deliveries",
    "seller_cancellations",
    "reviews",
    "rating_sum",
    "low_reviews",
  ],
  [openedOn, { name: "region", scope: "entity", type: "text", values: ["SP"], title: "Region" }],
  [],
);
const creators = panel(
  "creator",
  ["videos", "live_sessions", "orders", "accuracy_complaints", "refunds", "views"],
  [openedOn],
  [{ name: "violation", title: "Violation" }],
);
