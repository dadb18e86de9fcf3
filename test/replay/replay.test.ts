/** Replays: the same whatever the chunks, no look-ahead, exact totals, and how long the start matters. */
import { expect } from "chai";
import { formatPeriod, present, randomStream } from "../../data/foundation/index.ts";
import type { OutcomeFrame, Panel, PanelChunk } from "../../data/panel/index.ts";
import { compilePolicy } from "../../policies/compile/index.ts";
import { type Policy, readPolicy } from "../../policies/language/index.ts";
import { frameTable, ownColumns, type ReplaySummary, replay, replayWithDigests } from "../../simulations/replay/index.ts";
import { type History, panelOf } from "../compile/histories.ts";
import { binary, last, policyOf, tier } from "../compile/policy-parts.ts";
import { sketchPolicy } from "../compile/sketch-policy.ts";

const policy = sketchPolicy();

describe("replay", () => {
  it("gives the same bytes whatever the chunk size", async () => {
    const histories = marketplace(40, 30);
    const whole = await record(panelOf(histories));
    for (const chunkEntities of [1, 7, 39]) {
      const parts = await record(panelOf(histories, { chunkEntities }));
      expect(parts.rows).to.deep.equal(whole.rows);
      expect(parts.summary).to.deep.equal(whole.summary);
    }
    expect(whole.summary.policies[0]?.digest).to.match(/^[0-9a-f]{64}$/);
  });

  it("gives the same bytes whatever the order in which rows came", async () => {
    const histories = marketplace(20, 20);
    const reversed = Object.fromEntries(Object.entries(histories).reverse());
    expect((await record(panelOf(reversed))).summary).to.deep.equal((await record(panelOf(histories))).summary);
  });

  it("runs every policy as if it ran alone", async () => {
    const panel = panelOf(marketplace(15, 20), { chunkEntities: 4 });
    const strict = {
      ...policy,
      version: "2.0.0",
      parameters: policy.parameters.map((p) => (p.name === "gold_line" ? { ...p, value: 95 } : p)),
    };
    const both = await replayWithDigests({ policies: [policy, strict], panel, visit: () => undefined });
    const alone = async (one: Policy) => (await replayWithDigests({ policies: [one], panel, visit: () => undefined })).policies[0];
    expect(both.policies).to.deep.equal([await alone(policy), await alone(strict)]);
    expect(both.policies[0]?.digest).to.not.equal(both.policies[1]?.digest);
  });

  it("sees nothing after `to`: cut there, cut the panel, or never knew: all the same", async () => {
    const histories = marketplace(15, 20);
    const to = panelOf(histories).schema.firstPeriod + 11;
    const cutHistories = Object.fromEntries(
      Object.entries(histories)
        .map(([entity, history]) => [entity, cutTo(history, 12)] as const)
        .filter(([, history]) => history.measures["orders"]?.length),
    );
    const cut = await record(panelOf(histories), { to });
    const never = await record(panelOf(cutHistories, { first: "2024-01-01" }));
    expect(cut.rows).to.deep.equal(never.rows);
    expect(cut.summary.policies[0]?.digest).to.equal(never.summary.policies[0]?.digest);
    expect(cut.summary.policies[0]?.tiersByPeriod).to.deep.equal(never.summary.policies[0]?.tiersByPeriod);
  });

  it("ends with the last period whose flows are complete, unless `to` says otherwise", async () => {
    const panel = panelOf(marketplace(5, 20));
    const { firstPeriod, lastPeriod } = panel.schema;
    const broken: Panel = { ...panel, schema: { ...panel.schema, completeTo: firstPeriod + 11 } };
    expect(await record(broken)).to.deep.equal(await record(panel, { to: firstPeriod + 11 }));
    expect(await record(broken, { to: lastPeriod })).to.deep.equal(await record(panel));
  });

  it("`from` limits what is reported and moves nothing", async () => {
    const panel = panelOf(marketplace(15, 20), { chunkEntities: 4 });
    const from = panel.schema.firstPeriod + 9;
    const [all, late] = [await record(panel), await record(panel, { from })];
    expect(late.rows).to.deep.equal(all.rows.filter((row) => Number(row.split(" ")[1]) >= from));
    expect(late.summary.policies[0]?.startMatters).to.deep.equal(all.summary.policies[0]?.startMatters);
    expect(late.summary.entityPeriods).to.equal(late.rows.length);
    const cells = all.summary.policies[0]?.tiersByPeriod.cells.filter((cell) => (cell.key[0] ?? "") >= formatPeriod("week", from));
    expect(late.summary.policies[0]?.tiersByPeriod.cells).to.deep.equal(cells);
  });

  it("adds up entities and GMV by period and held tier, exactly", () => {
    const panel = panelOf(marketplace(25, 20), { chunkEntities: 6 });
    const expected = new Map<string, [bigint, bigint]>();
    const summary = replay({
      policies: [policy],
      panel,
      visit: (chunk, [frame]) => {
        forRows(chunk, (row, _, period) => {
          const held = frame?.held[row] ?? -1;
          const key = `${formatPeriod("week", period)} ${[...policy.tiers.map(({ name }) => name), "unrated"][held]}`;
          const [entities, gmv] = expected.get(key) ?? [0n, 0n];
          const index = panel.schema.measures.findIndex(({ name }) => name === "gmv");
          expected.set(key, [entities + 1n, gmv + BigInt(chunk.measures[index]?.[row] ?? 0)]);
        });
      },
    });
    const cells = summary.policies[0]?.tiersByPeriod.cells ?? [];
    expect(Object.fromEntries(cells.map(({ key, sums }) => [key.join(" "), [...sums]]))).to.deep.equal(Object.fromEntries(expected));
    const entities = cells.reduce((total, { sums }) => total + (sums[0] ?? 0n), 0n);
    expect(entities).to.equal(BigInt(summary.entityPeriods));
  });

  it("reports progress chunk by chunk", () => {
    const seen: string[] = [];
    const panel = panelOf(marketplace(10, 5), { chunkEntities: 4 });
    replay({
      policies: [policy],
      panel,
      visit: (chunk) => seen.push(`chunk ${chunk.index}`),
      onProgress: (done, total) => seen.push(`${done}/${total}`),
    });
    expect(seen).to.deep.equal(["chunk 0", "4/10", "chunk 1", "8/10", "chunk 2", "10/10"]);
  });

  it("keeps asked-for columns where a policy has them", () => {
    const panel = panelOf(marketplace(3, 5));
    const names: string[][] = [];
    const visit = (_: PanelChunk, frames: readonly OutcomeFrame[]) => names.push(...frames.map((frame) => [...frame.columns.keys()]));
    replay({ policies: [policy, steered()], panel: panelWithMerit(panel), columns: ["rated", "merit"], visit });
    expect(names).to.deep.equal([["rated"], ["merit"]]);
  });
});

describe("how long the start matters", () => {
  const at = (merits: Readonly<Record<string, readonly number[]>>, options: { to?: number; chunkEntities?: number } = {}) => {
    const histories = Object.fromEntries(Object.entries(merits).map(([entity, merit]) => [entity, { measures: { merit } }]));
    const panel = panelOf(histories, {
      levels: ["merit"],
      ...(options.chunkEntities === undefined ? {} : { chunkEntities: options.chunkEntities }),
    });
    const range = options.to === undefined ? {} : { to: panel.schema.firstPeriod + options.to };
    return replay({ policies: [steered()], panel, visit: () => undefined, ...range }).policies[0]?.startMatters;
  };

  it("until every start leads to the same tier", () => {
    // Promote and demote after 2. From gold: gold silver silver..; from bronze: bronze silver silver..; as the policy starts: silver.
    expect(at({ a: [1, 1, 1, 1] })).to.deep.equal({ periods: 1, lastPeriod: "2024-01-07", entitiesAtEnd: 0, entitiesAsked: 1 });
  });

  it("to the end where the streaks never complete", () => {
    expect(at({ a: [1, 1, 1], b: [0, 2, 0, 2, 0] })).to.deep.equal({
      periods: 5,
      lastPeriod: "2024-02-04",
      entitiesAtEnd: 1,
      entitiesAsked: 2,
    });
    expect(at({ a: [1, 1, 1], b: [0, 2, 0, 2, 0] }, { chunkEntities: 1 })).to.deep.equal(at({ a: [1, 1, 1], b: [0, 2, 0, 2, 0] }));
    expect(at({ a: [0, 2, 0, 2, 0] }, { to: 2 })).to.deep.equal({
      periods: 3,
      lastPeriod: "2024-01-21",
      entitiesAtEnd: 1,
      entitiesAsked: 1,
    });
  });

  it("agrees with three whole runs, entity by entity", () => {
    const panel = panelOf(marketplace(60, 25));
    const compiled = compilePolicy(policy, panel.schema);
    const chunk = panel.readChunk(0);
    const runs = [compiled.run(chunk), compiled.run(chunk, { startTier: 0 }), compiled.run(chunk, { startTier: 3 })];
    let lastPeriod = panel.schema.firstPeriod - 1;
    forRows(chunk, (row, entity, period) => {
      if (chunk.firstPeriod[entity] !== panel.schema.firstPeriod) return;
      if (new Set(runs.map(({ held }) => held[row])).size > 1) lastPeriod = Math.max(lastPeriod, period);
    });
    const summary = replay({ policies: [policy], panel, visit: () => undefined });
    expect(summary.policies[0]?.startMatters.lastPeriod).to.equal(formatPeriod("week", lastPeriod));
    expect(lastPeriod).to.be.greaterThan(panel.schema.firstPeriod + 2);
  });

  it("asks only entities whose past is unknown", () => {
    const panel = panelOf(
      { a: { measures: { merit: [1, 1, 1, 1] } }, late: { measures: { merit: [0] }, starting: "2024-01-22" } },
      { levels: ["merit"] },
    );
    const startMatters = replay({ policies: [steered()], panel, visit: () => undefined }).policies[0]?.startMatters;
    expect(startMatters).to.deep.equal({ periods: 1, lastPeriod: "2024-01-07", entitiesAtEnd: 0, entitiesAsked: 1 });
  });
});

describe("frame table", () => {
  it("lays a frame out as columns, rows outside the range left out", () => {
    const panel = panelOf(
      { a: { measures: { merit: [1, null, 2] } }, b: { measures: { merit: [0] }, starting: "2024-01-15" } },
      { levels: ["merit"] },
    );
    const rows: Record<string, unknown>[] = [];
    replay({
      policies: [steered()],
      panel,
      from: panel.schema.firstPeriod + 1,
      columns: ["merit"],
      visit: (chunk, [frame]) => {
        if (frame === undefined) return;
        const { rowCount, columns } = frameTable({
          schema: panel.schema,
          chunk,
          frame,
          tiers: ["gold", "silver", "bronze", "none"],
          own: ownColumns(steered()),
        });
        for (let row = 0; row < rowCount; row++) {
          rows.push(Object.fromEntries(columns.map((column) => [column.name, cell(column, row)])));
        }
      },
    });
    const common = { evaluated: 1, shielded: 0, promote_count: 0, demote_count: 0, score: null };
    expect(rows).to.deep.equal([
      { ...common, entity: "a", period: "2024-01-14", tier: "none", merited: "none", merit: null },
      { ...common, entity: "a", period: "2024-01-21", tier: "bronze", merited: "bronze", merit: 2 },
      { ...common, entity: "b", period: "2024-01-21", tier: "gold", merited: "gold", merit: 0 },
    ]);
  });

  it("has a column for what any version of a programme computes, but for a name that is a text in one of them only", () => {
    const version = (number: string, lines: string): Policy => {
      const text = `programme: p
version: ${number}
title: P
entity: seller
rationale: R
${lines}
tiers:
  - good: { when: asked }
  - other: {}
movement: { evaluate: every day }
`;
      return present(readPolicy({ text, file: "p.yaml", load: () => undefined }).policy, text);
    };
    const first = version(
      "1.0.0",
      "metrics:\n  kind_of: { largest: orders, by: category, over: 9 days }\n  main: { largest: orders, by: category, over: 9 days }\nconditions: { asked: main = toys and kind_of = toys }",
    );
    const second = version(
      "2.0.0",
      "metrics:\n  kind_of: { sum: orders, over: 9 days }\n  main: { largest: orders, by: category, over: 9 days }\nconditions: { asked: main = toys, more: kind_of > 1 }",
    );
    const versions = [first, second].map((policy, index) => ({ policy, from: 20_000 + index }));
    expect(ownColumns({ programme: "p", versions })).to.deep.equal([
      { name: "main", kind: "text", by: "category" },
      { name: "asked", kind: "truth" },
      { name: "more", kind: "truth" },
    ]);
  });
});

function cell(column: ReturnType<typeof frameTable>["columns"][number], row: number): unknown {
  switch (column.kind) {
    case "text":
      return column.values[column.codes[row] ?? -1];
    case "day":
      return formatPeriod("day", column.days[row] ?? 0);
    case "number":
    case "truth":
      return Number.isNaN(column.numbers[row]) ? null : column.numbers[row];
    case "integer":
      return column.integers[row];
    case "flag":
      return column.flags[row];
  }
}

/** The tier that a level names; promote and demote after two. */
function steered(): Policy {
  return policyOf({
    metrics: [last("merit", "merit")],
    tiers: ["gold", "silver", "bronze"].map((name, code) => tier(name, binary("metric:merit", "=", code), { adverse: code === 2 })),
    otherwise: "none",
    movement: { evaluate: { kind: "every", unit: "week" }, promote: { after: 2 }, demote: { after: 2 } },
  });
}

/** The panel with one more level, always 1. */
function panelWithMerit(panel: Panel): Panel {
  const merit = { name: "merit", kind: "level", unit: "count", decimals: 0, title: "Merit" } as const;
  return {
    ...panel,
    schema: { ...panel.schema, measures: [...panel.schema.measures, merit] },
    readChunk: (index) => {
      const chunk = panel.readChunk(index);
      return { ...chunk, measures: [...chunk.measures, new Float64Array(chunk.rowCount).fill(1)] };
    },
  };
}

/** Sellers of all sizes who enter, pause and leave at random; the same every time. */
function marketplace(entities: number, periods: number): Record<string, History> {
  const random = randomStream(3, "marketplace");
  const histories: Record<string, History> = {};
  for (let index = 0; index < entities; index++) {
    const start = random.below(3) === 0 ? random.below(periods) : 0;
    const length = random.below(4) === 0 ? 1 + random.below(periods - start) : periods - start;
    const names = ["orders", "due_dispatches", "late_dispatches", "seller_cancellations", "reviews", "low_reviews", "gmv/money"];
    const columns: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
    for (let period = 0; period < length; period++) {
      const orders = random.below(5) === 0 ? 0 : random.below(60);
      const bad = Math.floor((orders * random.below(20)) / 100);
      const values = [orders, orders, bad, Math.floor(bad / 2), Math.floor(orders / 2), Math.floor(bad / 2), orders * random.below(5000)];
      for (const [position, name] of names.entries()) columns[name]?.push(values[position] ?? 0);
    }
    const starting = new Date(Date.UTC(2024, 0, 1 + 7 * start)).toISOString().slice(0, 10);
    histories[`seller-${String(index).padStart(3, "0")}`] = { measures: columns, starting, attributes: { opened_on: starting } };
  }
  return histories;
}

function cutTo(history: History, periods: number): History {
  const skipped = (Date.parse(history.starting ?? "") - Date.parse("2024-01-01")) / 604_800_000;
  const cut = Object.entries(history.measures).map(([name, values]) => [name, values.slice(0, Math.max(0, periods - skipped))] as const);
  return { ...history, measures: Object.fromEntries(cut) };
}

/** Every reported row as one line, and the summary. */
async function record(panel: Panel, range: { from?: number; to?: number } = {}): Promise<{ rows: string[]; summary: ReplaySummary }> {
  const rows: string[] = [];
  const summary = await replayWithDigests({
    policies: [policy],
    panel,
    ...range,
    visit: (chunk, [frame]) => {
      if (frame === undefined) return;
      forRows(chunk, (row, entity, period) => {
        if (frame.held[row] === -1) return;
        const state = [
          frame.score[row],
          frame.merited[row],
          frame.held[row],
          frame.promoteCount[row],
          frame.demoteCount[row],
          frame.shielded[row],
        ];
        rows.push([chunk.entities[entity], period, ...state].join(" "));
      });
    },
  });
  return { rows, summary };
}

function forRows(chunk: PanelChunk, visit: (row: number, entity: number, period: number) => void): void {
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const start = chunk.rowStart[entity] ?? 0;
    for (let row = start; row < (chunk.rowStart[entity + 1] ?? 0); row++)
      visit(row, entity, (chunk.firstPeriod[entity] ?? 0) + row - start);
  }
}
