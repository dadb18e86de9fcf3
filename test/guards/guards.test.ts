/** Budget guards: what they say, whom they sample, and when a change keeps them. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { type Diagnostic, packagePath } from "../../data/foundation/index.ts";
import { type Panel, panelFromRows, takeEntities } from "../../data/panel/index.ts";
import { type Policy, readPolicy } from "../../policies/language/index.ts";
import { compare } from "../../simulations/comparison/index.ts";
import { evaluateGuards, type GuardOutcome, type GuardReport, readGuardFile, readGuards } from "../../simulations/guards/index.ts";
import { samplePanel } from "../../simulations/guards/sampled-panel.ts";
import { pairedRatio } from "../../simulations/statistics/index.ts";

interface FaultyRow {
  readonly code: string;
  readonly at: string;
  readonly why: string;
  readonly guard: string;
}

const rows = parse(readFileSync(packagePath("test", "guards", "faulty.yaml"), "utf8")) as readonly FaultyRow[];

describe("guards as they are written", () => {
  for (const row of rows) {
    it(`refuses ${row.why} (${row.code} at ${row.at})`, () => {
      const { guards, diagnostics } = readFile(row.guard);
      expect(diagnostics.map(placed)).to.deep.equal([`${row.at} ${row.code}`]);
      expect(guards).to.deep.equal([]);
      expect(diagnostics[0]?.cure).to.match(/[.?]$/);
    });
  }

  it("suggests the near figure", () => {
    expect(readFile("demotion at most 3 %").diagnostics[0]?.near).to.equal("demotions");
  });

  it("refuses a file without a guard, which would guard nothing", () => {
    const { diagnostics } = readGuardFile({ text: "programme: shop\nguards: []\n", file: "guards.yaml", programme: "shop" });
    expect(diagnostics.map(placed)).to.deep.equal(["2:9 missing-key"]);
  });

  it("refuses a file of another programme", () => {
    const { diagnostics } = readGuardFile({
      text: "programme: other\nguards: [movers at most 3 %]\n",
      file: "guards.yaml",
      programme: "shop",
    });
    expect(diagnostics.map(placed)).to.deep.equal(["1:12 cases-mismatch"]);
  });

  it("reads figure, segment, side and bound", () => {
    const { guards, diagnostics } = readGuards(
      ["movers at most 3 %", "demotions of small sellers at most 1.2 x baseline", "unrated of 'far south' at least 0.5 %"],
      "--guard",
    );
    expect(diagnostics).to.deep.equal([]);
    expect(
      guards.map(({ figure, segment, operator, bound, place }) => [figure, segment?.value, operator, bound, place.line]),
    ).to.deep.equal([
      ["movers", undefined, "at most", { kind: "share", value: 0.03 }, 1],
      ["demotions", "small", "at most", { kind: "times", factor: 1.2 }, 2],
      ["unrated", "far south", "at least", { kind: "share", value: 0.005 }, 3],
    ]);
  });

  it("reads the guards that ship", () => {
    const file = packagePath("policies", "library", "seller-performance", "guards.yaml");
    const { guards, diagnostics } = readGuardFile({ text: readFileSync(file, "utf8"), file, programme: "seller-performance" });
    expect(diagnostics).to.deep.equal([]);
    expect(guards.length).to.be.greaterThan(2);
  });
});

describe("the sample of a guard", () => {
  it("takes the same entities whatever the chunks, and at most as many as are asked for", () => {
    const [one, many] = [marketOf(300), marketOf(300, 7)].map((panel) => samplePanel(panel, { entitiesMax: 100, seed: 1 }));
    const keysOf = (panel: Panel | undefined) =>
      Array.from({ length: panel?.chunkCount ?? 0 }, (_, index) => panel?.readChunk(index).entities ?? []).flat();
    expect(keysOf(many?.panel)).to.deep.equal(keysOf(one?.panel));
    expect(one?.panel.entityCount).to.be.greaterThan(50).and.at.most(100);
    expect(one?.every).to.be.at.least(3);
    const rowCount = Array.from({ length: many?.panel.chunkCount ?? 0 }, (_, index) => many?.panel.readChunk(index).rowCount ?? 0);
    expect(rowCount.reduce((a, b) => a + b, 0)).to.equal(many?.panel.rowCount);
    expect(keysOf(samplePanel(marketOf(300), { entitiesMax: 100, seed: 2 }).panel)).not.to.deep.equal(keysOf(one?.panel));
  });

  it("takes everyone when they are few", () => {
    const { every, panel } = samplePanel(marketOf(30), { entitiesMax: 30, seed: 1 });
    expect([every, panel.entityCount]).to.deep.equal([1, 30]);
  });

  it("takes whole entities: rows, attributes and events", () => {
    const panel = marketOf(5);
    const chunk = panel.readChunk(0);
    const taken = takeEntities(panel.schema, chunk, Int32Array.of(1, 3));
    expect(taken.entities).to.deep.equal([chunk.entities[1], chunk.entities[3]]);
    for (const [index, entity] of [1, 3].entries()) {
      const rowsOf = (from: typeof chunk, at: number) =>
        from.measures.map((column) => Array.from(column.subarray(from.rowStart[at], from.rowStart[at + 1])));
      const eventsOf = (from: typeof chunk, at: number) => [
        from.events.id.slice(from.events.start[at], from.events.start[at + 1]),
        from.events.fields.get("type")?.slice(from.events.start[at], from.events.start[at + 1]),
      ];
      expect(rowsOf(taken, index)).to.deep.equal(rowsOf(chunk, entity));
      expect(eventsOf(taken, index)).to.deep.equal(eventsOf(chunk, entity));
      expect(taken.attributes.map((column) => column[index])).to.deep.equal(chunk.attributes.map((column) => column[entity]));
    }
  });
});

describe("guards on a market", () => {
  const panel = marketOf(400);
  const comparison = compare({ baseline: policyWith(50), candidates: [policyWith(60)], panel, seed: 1, replicates: 100 });

  it("count what the comparison counts, when all are replayed", () => {
    const [candidate] = comparison.candidates;
    const inFrame = candidate?.movement.inFrame ?? 0;
    const expected = [candidate?.movement.movers, candidate?.movement.down, candidate?.newlyAdverse].map((count = 0) => count / inFrame);
    expect(valuesOf(run(panel, ["movers at most 3 %", "demotions at most 3 %", "newly adverse at most 3 %"]))).to.deep.equal(expected);
    const { gmv } = candidate ?? {};
    const stake = gmv?.atStake.kind === "estimate" ? gmv.atStake.value / gmv.total : undefined;
    expect(valuesOf(run(panel, ["gmv at stake at most 3 %"]))).to.deep.equal([stake]);
    const small = candidate?.segments.find(({ segment, value }) => segment === "size" && value === "30 to 119 orders");
    const [outcome] = run(panel, ["movers of small at most 3 %"]).outcomes;
    expect([outcome?.entities, outcome?.found.kind === "estimate" ? outcome.found.value : 0]).to.deep.equal([
      small?.entities,
      (small?.movers ?? 0) / (small?.entities ?? 1),
    ]);
  });

  it("decide exactly when all are replayed, and say so when a sample cannot", () => {
    const [movers] = valuesOf(run(panel, ["movers at most 3 %"]));
    const percent = (movers ?? 0) * 100;
    const [below, above] = [(percent - 0.1).toFixed(2), (percent + 0.1).toFixed(2)];
    const guards = [`movers at most ${below} %`, `movers at most ${above} %`, `movers at least ${below} %`, `movers at least ${above} %`];
    expect(run(panel, guards).outcomes.map(({ verdict }) => verdict)).to.deep.equal(["fail", "pass", "pass", "fail"]);
    const sampled = run(panel, guards, 100);
    expect(sampled.outcomes.map(({ verdict }) => verdict)).to.deep.equal(["undecided", "undecided", "undecided", "undecided"]);
    expect(sampled.sample).to.include({ of: 400, seed: 1 });
    expect(run(panel, ["movers at most 90 %", "movers at least 90 %"], 100).outcomes.map(({ verdict }) => verdict)).to.deep.equal([
      "pass",
      "fail",
    ]);
  });

  it("hold the true share in the interval of the sample for nearly every seed", () => {
    const [movers = 0] = valuesOf(run(panel, ["movers at most 3 %"]));
    let held = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const found = run(panel, ["movers at most 3 %"], 100, seed).outcomes[0]?.found;
      const interval = found?.kind === "estimate" ? found.interval : undefined;
      if (interval !== undefined && interval.lower <= movers && movers <= interval.upper) held++;
    }
    expect(held).to.be.at.least(36);
  });

  it("set what the candidate does against what the baseline does itself", () => {
    expect(valuesOf(run(panel, ["demotions at most 1 x baseline", "unrated at most 1 x baseline"], 1000, 1, policyWith(50)))).to.deep.equal(
      [1, 1],
    );
    const [ratio] = valuesOf(run(panel, ["newly adverse at most 1 x baseline"]));
    expect(ratio).to.be.greaterThan(1);
  });

  it("speak of a value of an attribute, and refuse one that nobody has", () => {
    const [outcome] = run(panel, ["movers of north at most 3 %"]).outcomes;
    expect(outcome?.entities).to.equal(200);
    expect(outcome?.definition).to.match(/of those with region north$/);
    const { diagnostics, outcomes } = run(panel, ["movers of nort at most 3 %"]);
    expect(outcomes).to.deep.equal([]);
    expect(diagnostics.map(placed)).to.deep.equal(["1:11 unknown-value"]);
    expect(diagnostics[0]).to.include({ near: "north", severity: "error" });
  });

  it("refuse GMV at stake where nothing is GMV", () => {
    const { gmvMeasure: _gone, ...schema } = panel.schema;
    expect(run({ ...panel, schema }, ["gmv at stake at most 3 %"]).diagnostics.map(placed)).to.deep.equal(["1:1 unknown-measure"]);
  });
});

describe("the ratio of paired proportions", () => {
  it("agrees with a calculation by hand", () => {
    // log(45 / 30) +- 1.959964 sqrt(25 / (30 * 45)) = 0.405465 +- 0.266718
    const found = pairedRatio({ both: 25, firstOnly: 5, secondOnly: 20, trials: 100, level: 0.95 });
    if (found.kind !== "estimate") throw new RangeError(found.reason);
    expect(found.value).to.equal(1.5);
    expect(found.interval?.lower).to.be.closeTo(1.5 * Math.exp(-0.266718), 1e-4);
    expect(found.interval?.upper).to.be.closeTo(1.5 * Math.exp(0.266718), 1e-4);
  });

  it("has no number without anybody on one side, and none where nothing varies", () => {
    for (const [both, firstOnly, secondOnly] of [
      [0, 0, 3],
      [0, 3, 0],
      [3, 0, 0],
    ] as const)
      expect(pairedRatio({ both, firstOnly, secondOnly, trials: 10, level: 0.95 }).kind).to.equal("undetermined");
  });
});

function readFile(guard: string) {
  const text = `programme: shop\nguards:\n  - movers at most 3 %\n  - ${guard}\n`;
  return readGuardFile({ text, file: "guards.yaml", programme: "shop" });
}

function placed({ place, code }: Diagnostic): string {
  return `${place?.line}:${place?.column} ${code}`;
}

function valuesOf({ outcomes }: GuardReport): readonly (number | undefined)[] {
  return outcomes.map(({ found }: GuardOutcome) => (found.kind === "estimate" ? found.value : undefined));
}

function run(panel: Panel, lines: readonly string[], entitiesMax = 1000, seed = 1, candidate = policyWith(60)): GuardReport {
  const { guards } = readGuards(lines, "--guard");
  return evaluateGuards({ guards, baseline: policyWith(50), candidate, panel, entitiesMax, seed });
}

/** Adverse below a line on the score of the last four weeks, unrated without orders. */
function policyWith(line: number): Policy {
  const text = `programme: shop
version: 1.0.${line}
title: Shop
entity: seller
rationale: For guards.
metrics:
  late_rate: { share: late of orders, over: 28 days, at_least: 5 orders }
scores:
  overall: { from: late_rate, curve: [0 % -> 100, 100 % -> 0] }
tiers:
  - good: { when: overall >= ${line} }
  - bad: { when: overall < ${line}, adverse: true, consequences: { traffic: x 0.5 } }
otherwise: unrated
movement:
  evaluate: every week
`;
  const { policy, diagnostics } = readPolicy({ text, file: "shop.yaml", load: () => undefined });
  if (policy === undefined) throw new RangeError(diagnostics.map(({ message }) => message).join("\n"));
  return policy;
}

/** Sellers of ten weeks whose late shares and sizes vary by a fixed rule. */
function marketOf(entities: number, chunkEntities?: number): Panel {
  const flow = (name: string, unit: "count" | "money" = "count") =>
    ({ name, kind: "flow", unit, decimals: unit === "money" ? 2 : 0, title: name }) as const;
  const keys = Array.from({ length: entities }, (_, index) => `s${String(index).padStart(4, "0")}`);
  return panelFromRows({
    schema: {
      entity: "seller",
      grain: "week",
      firstPeriod: 2800,
      lastPeriod: 2809,
      currency: "USD",
      gmvMeasure: "gmv",
      ordersMeasure: "orders",
      measures: [flow("orders"), flow("late"), flow("gmv", "money")],
      attributes: [{ name: "region", scope: "entity", type: "text", title: "Region" }],
      events: [{ name: "violation", title: "Violation", fields: ["type"] }],
      outcomes: [],
      assignedTiers: [],
      knownAt: 20_000,
    },
    rows: keys.flatMap((entity, index) =>
      Array.from({ length: 10 }, (_, week) => {
        const orders = 1 + ((index * 7) % 40);
        const late = Math.floor((orders * ((index * 13 + week * 17) % 100)) / 100);
        return {
          entity,
          period: 2800 + week,
          measures: { orders, late, gmv: orders * 1000 + index },
          attributes: { region: index % 2 === 0 ? "north" : "south" },
        };
      }),
    ),
    events: keys.map((entity, index) => ({
      entity,
      kind: "violation",
      day: 19_610,
      knownDay: 19_611,
      id: `v ${entity}`,
      fields: { type: index % 2 === 0 ? "fake" : "late" },
    })),
    ...(chunkEntities === undefined ? {} : { chunkEntities }),
  });
}
