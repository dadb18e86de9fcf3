/** Measured effects of tiers on sales: worlds where tiers act and where they do not, and what makes them Undetermined. */
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import { type Panel, type PlainRow, panelFromRows, takeEntities } from "../../data/panel/index.ts";
import { type Policy, readPolicy } from "../../policies/language/index.ts";
import { scoreCutoffs } from "../../simulations/comparison/elasticity/cutoffs.ts";
import { independentColumns, measureMoves } from "../../simulations/comparison/elasticity/matched-moves.ts";
import { midpointGrowth, type Past } from "../../simulations/comparison/elasticity/past.ts";
import type { MeasuredCutoff, MeasuredMoves } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { libraryPolicy } from "./demo-market.ts";
import { elasticitiesOf, sellersPanel } from "./elasticity-world.ts";

const periods = 32;

/** Scores wander, bad luck demotes and luck returns; sales follow the score, and the tier by `effect` log points. */
function wanderingPast(seed: number, effect: number, entities = 300): Past {
  const stream = randomStream(seed, "wandering");
  const cells = entities * periods;
  const past = {
    entities,
    first: 0,
    periods,
    score: new Float64Array(cells),
    parts: [],
    gmv: new Float64Array(cells),
    assigned: new Int8Array(cells),
    merited: new Int8Array(cells),
  };
  for (let entity = 0; entity < entities; entity++) {
    const usual = 70 + 3 * stream.normal();
    const size = 10 + stream.normal();
    let [score, adverse] = [usual, 0];
    for (let period = 0; period < periods; period++) {
      if (period % 4 === 0) adverse = score + 6 * stream.normal() < 60 ? 1 : 0;
      const cell = entity * periods + period;
      score = usual + 0.5 * (score - usual) + 5 * stream.normal();
      past.gmv[cell] = Math.round(Math.exp(size + 0.03 * (score - 70) + effect * adverse + 0.2 * stream.normal()));
      past.score[cell] = score;
      past.assigned[cell] = adverse;
    }
  }
  return past;
}

const moved = (past: Past): MeasuredMoves =>
  measureMoves(past, { direction: "into-adverse", adverse: Uint8Array.of(0, 1), window: 4, level: 0.95 });

function excludesZero(estimated: Estimated): boolean {
  return (
    estimated.kind === "estimate" && estimated.interval !== undefined && (estimated.interval.lower > 0 || estimated.interval.upper < 0)
  );
}

function numberOf(estimated: Estimated | undefined): number {
  return estimated?.kind === "estimate" ? estimated.value : Number.NaN;
}

/** First moves against everybody else at the same time: what a naive comparison would say. */
function naiveZ({ entities, assigned, gmv, score }: Past): number {
  const differences: number[] = [];
  const growth = (entity: number, period: number): number => {
    const sum = (from: number, to: number) =>
      gmv.subarray(entity * periods + from, entity * periods + to).reduce((all, value) => all + value, 0);
    return midpointGrowth(sum(period - 4, period), sum(period, period + 8) / 2);
  };
  for (let period = 12; period + 8 <= periods; period += 4) {
    const stays: number[] = [];
    const moves: number[] = [];
    for (let entity = 0; entity < entities; entity++) {
      const cell = entity * periods + period;
      if (assigned[cell - 1] !== 0 || Number.isNaN(score[cell])) continue;
      (assigned[cell] === 1 ? moves : stays).push(growth(entity, period));
    }
    const mean = stays.reduce((sum, value) => sum + value, 0) / stays.length;
    differences.push(...moves.map((value) => value - mean));
  }
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (differences.length - 1);
  return mean / Math.sqrt(variance / differences.length);
}

describe("past moves beside matches that did not move", () => {
  const seeds = Array.from({ length: 30 }, (_, index) => index + 1);

  it("find no effect where there is none, although luck returns", () => {
    const pasts = seeds.map((seed) => wanderingPast(seed, 0));
    const effects = pasts.map((past) => moved(past).effect);
    // 5 % of 30 is 1.5; more than 5 has a chance of 0.3 % at a true 5 %.
    expect(effects.filter(excludesZero).length).to.be.at.most(5);
    const pooled = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.sqrt(values.length);
    expect(pooled(pasts.map(naiveZ))).to.be.above(5);
    const known = effects.filter((effect) => effect.kind === "estimate");
    expect(Math.abs(pooled(known.map(({ value, standardError = 0 }) => value / standardError)))).to.be.below(2.6);
  });

  it("find a real effect of its size in the first window, and about none before the move", () => {
    const found = seeds.slice(0, 10).map((seed) => moved(wanderingPast(seed, -0.3)));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const truth = midpointGrowth(1, Math.exp(-0.3));
    expect(mean(found.map(({ windows }) => numberOf(windows[0]?.difference)))).to.be.closeTo(truth, 0.04);
    expect(mean(found.map(({ placebo }) => numberOf(placebo)))).to.be.closeTo(0, 0.04);
    for (const { balance } of found) for (const { after } of balance) expect(Math.abs(after)).to.be.below(0.6);
  });

  it("are undetermined with few pairs, and say how many there were", () => {
    const { effect, moves, matched, windows } = moved(wanderingPast(1, 0, 40));
    expect(effect).to.include({ kind: "undetermined" });
    expect(effect.kind === "undetermined" && effect.reason).to.equal(
      `${moves} past moves have enough history, and ${matched} of them a match: fewer than 20`,
    );
    expect(windows).to.deep.equal([]);
  });

  it("are undetermined where movers and matches grew apart before the move", () => {
    const past = wanderingPast(1, 0);
    for (let entity = 0; entity < past.entities; entity++) {
      const begin = entity * periods;
      const first = past.assigned.subarray(begin + 12, begin + periods).indexOf(1) + 12;
      if (first < 12) continue;
      for (let back = 9; back <= 12; back++) past.gmv[begin + first - back] = 3 * (past.gmv[begin + first - back] as number);
    }
    const { effect } = moved(past);
    expect(effect.kind === "undetermined" && effect.reason).to.include("already grew apart before the move");
  });

  it("leave out the part that the score and its other parts already tell, whose rounding would be all that it adds", () => {
    const past = wanderingPast(1, 0);
    const stream = randomStream(9, "parts");
    const one = Float32Array.from(past.score, (score) => score + 10 * stream.normal());
    const other = Float32Array.from(past.score, (score, cell) => (score - 0.4 * (one[cell] as number)) / 0.6);
    const parts = [one, other].map((values, index) => ({ title: `Part ${index}`, values }));
    const [both, first] = [moved({ ...past, parts }), moved({ ...past, parts: parts.slice(0, 1) })];
    expect(both).to.deep.equal(first);
    expect(numberOf(first.effect)).to.not.equal(numberOf(moved(past).effect));
    const columns = [
      [1, 2, 4],
      [2, 4, 8],
      [3, 3, 3],
      [1, 0, 0],
    ].map((values, index) => ({ name: String(index), values }));
    expect(independentColumns(columns).map(({ name }) => name)).to.deep.equal(["0", "3"]);
    const many = [3, 7, 7].map((divisor, index) => ({
      name: String(index),
      values: Array.from({ length: 150_000 }, (_, pair) => pair % divisor),
    }));
    expect(independentColumns(many).map(({ name }) => name)).to.deep.equal(["0", "1"]);
  });

  it("counts who closes as selling nothing, not as missing", () => {
    const past = wanderingPast(1, 0);
    for (let entity = 0; entity < past.entities; entity++) {
      const begin = entity * periods;
      const first = past.assigned.subarray(begin + 12, begin + periods).indexOf(1) + 12;
      if (first >= 12) past.gmv.fill(Number.NaN, begin + first, begin + periods);
    }
    expect(numberOf(moved(past).effect)).to.be.below(-1.5);
  });
});

describe("measured elasticities of a panel", () => {
  const policy = libraryPolicy("seller-performance@1.0.0");
  const panel = sellersPanel({ seed: 3, sellers: 500, weeks: 40, tiersAct: true });

  it("are the same whatever the chunks", () => {
    const chunk = panel.readChunk(0);
    const span = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, index) => from + index);
    const parts = [span(0, 200), span(200, chunk.entityCount)];
    const split: Panel = {
      ...panel,
      chunkCount: 2,
      readChunk: (index) => ({ ...takeEntities(panel.schema, chunk, parts[index] ?? span(0, 0)), index }),
    };
    expect(elasticitiesOf(policy, split)).to.deep.equal(elasticitiesOf(policy, panel));
  });

  it("read nothing after the range", () => {
    const to = panel.schema.lastPeriod - 6;
    const chunk = panel.readChunk(0);
    const measures = chunk.measures.map((column) => {
      const changed = column.slice();
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        const after = (chunk.rowStart[entity] as number) + to + 1 - (chunk.firstPeriod[entity] as number);
        changed.fill(12_345, Math.max(after, chunk.rowStart[entity] as number), chunk.rowStart[entity + 1]);
      }
      return changed;
    });
    const other: Panel = { ...panel, readChunk: () => ({ ...chunk, measures }) };
    expect(elasticitiesOf(policy, other, { to })).to.deep.equal(elasticitiesOf(policy, panel, { to }));
  });

  it("say why cut-offs that the held tiers do not follow tell nothing", () => {
    const { cutoffs } = elasticitiesOf(policy, panel);
    expect(cutoffs.map(({ tier, stated, cutoff }) => [tier, stated, cutoff])).to.deep.equal([
      ["gold", 85, 84.95],
      ["standard", 65, 64.95],
      ["watch", 50, 49.95],
    ]);
    for (const { effect } of cutoffs) expect(effect.kind).to.equal("undetermined");
  });
});

/** Good from 70 on; `besides`: another condition of that tier. */
const marksAnd = (besides = "") =>
  readPolicy({
    text: `programme: marks
version: 1.0.0
title: Marks
entity: seller
rationale: A tier by one number.
metrics:
  mark: { last: shown }
  sold: { sum: gmv, over: 7 days }
scores:
  overall: { from: mark, curve: [0 -> 0, 100 -> 100], round: 1 }
tiers:
  - good: { when: overall >= 70${besides} }
  - watch: { when: overall is known, adverse: true }
otherwise: unrated
movement: { evaluate: every week, promote: { after: 1 evaluation }, demote: { after: 1 evaluation } }
`,
    file: "marks.yaml",
    load: () => undefined,
  }).policy as Policy;
const marks = marksAnd();

/** Sellers with a mark that lasts; the tier acts on sales from the evaluation on, by `effect` log points for the good. */
function marksPanel(world: { effect: number; follows: number; step?: number; pushed?: boolean }): Panel {
  const stream = randomStream(5, "marks");
  const first = 2800;
  const rows: PlainRow[] = [];
  for (let seller = 0; seller < 1500; seller++) {
    const step = world.step ?? 0.001;
    let mark = Math.min(99, Math.max(1, Math.round((70 + 12 * stream.normal()) / step) * step));
    if (world.pushed === true && mark >= 66 && mark < 69.9) mark = 70 + Math.round(300 * stream.uniform()) / 1000;
    const deserves = Math.round(mark * 10) / 10 >= 70;
    const isGood = stream.uniform() < world.follows ? deserves : stream.uniform() < 0.5;
    const size = 11 + 0.3 * stream.normal();
    for (let period = 0; period < 14; period++) {
      const acts = period >= 6 && isGood ? world.effect : 0;
      rows.push({
        entity: `m${String(seller).padStart(5, "0")}`,
        period: first + period,
        measures: {
          shown: Math.round(mark * 1000),
          gmv: Math.round(Math.exp(size + 0.01 * period * (mark - 70) * 0.1 + acts + 0.3 * stream.normal())),
        },
        assignedTier: isGood ? "good" : "watch",
      });
    }
  }
  return panelFromRows({
    schema: {
      entity: "seller",
      grain: "week",
      firstPeriod: first,
      lastPeriod: first + 13,
      currency: "EUR",
      gmvMeasure: "gmv",
      measures: [
        { name: "shown", kind: "level", unit: "number", decimals: 3, title: "Shown", carryPeriods: 1 },
        { name: "gmv", kind: "flow", unit: "money", decimals: 2, title: "GMV" },
      ],
      attributes: [],
      events: [],
      outcomes: [],
      assignedTiers: ["good", "watch"],
      knownAt: 19_800,
    },
    rows,
  });
}

describe("jumps at a cut-off", () => {
  const truth = midpointGrowth(1, Math.exp(0.3));
  const only = (world: Parameters<typeof marksPanel>[0]): MeasuredCutoff => {
    const [cutoff] = elasticitiesOf(marks, marksPanel(world)).cutoffs;
    if (cutoff === undefined) throw new Error("no cut-off");
    return cutoff;
  };
  const intervalOf = ({ effect }: MeasuredCutoff) => (effect.kind === "estimate" ? effect.interval : undefined) ?? { lower: 1, upper: -1 };

  it("are found on the unrounded score, half a rounding step below the stated limit", () => {
    const cutoff = only({ effect: 0.3, follows: 1 });
    expect([cutoff.stated, cutoff.cutoff]).to.deep.equal([70, 69.95]);
    // Everybody from 69.95 on is good: one seller on the wrong side and this would not be exact.
    expect(cutoff.firstStage).to.deep.include({ value: 1, method: "everyone holds what the cut-off says" });
    expect(truth).to.be.within(intervalOf(cutoff).lower, intervalOf(cutoff).upper);
    expect(intervalOf(cutoff).lower).to.be.above(0);
  });

  it("are divided by the jump of the held tier where not everybody follows", () => {
    const cutoff = only({ effect: 0.3, follows: 0.7 });
    expect(numberOf(cutoff.firstStage)).to.be.within(0.5, 0.9);
    expect(truth).to.be.within(intervalOf(cutoff).lower, intervalOf(cutoff).upper);
  });

  it("are not there where the tier does nothing", () => {
    expect(excludesZero(only({ effect: 0, follows: 0.8 }).effect)).to.equal(false);
  });

  const reasonOf = ({ effect }: MeasuredCutoff): string => (effect.kind === "undetermined" ? effect.reason : "");

  it("are undetermined where the held tier does not follow, where scores bunch, and where they are few", () => {
    const unfollowed = only({ effect: 0.3, follows: 0 });
    expect(reasonOf(unfollowed)).to.include("hardly follows this cut-off");
    const { firstStage, effect } = unfollowed;
    if (firstStage.kind !== "estimate" || effect.kind !== "undetermined") throw new Error("no first stage");
    const { value, standardError = Number.NaN } = firstStage;
    // So many times as many entities bring the standard error down to what the jump is 3.16 times of.
    const times = Math.ceil((Math.sqrt(10) * standardError) ** 2 / value ** 2);
    expect(effect.wouldDetermine).to.equal(
      `a replay of the policy that was really in force${value > 0 && times <= 100 ? `, or about ${times} times as many entities, if its jump is what it seems` : ""}`,
    );
    expect(reasonOf(only({ effect: 0.3, follows: 1, pushed: true }))).to.include("bunch at the cut-off");
    expect(reasonOf(only({ effect: 0.3, follows: 1, step: 2 }))).to.match(/^\d+ distinct scores below the cut-off and \d+ at or above it/);
  });

  it("are undetermined where another condition of the tier decides for some beside the limit", () => {
    const panel = marksPanel({ effect: 0.3, follows: 1 });
    // Nobody by the limit has sold so little: the condition is there, and does not bind.
    const [free] = elasticitiesOf(marksAnd(" and sold >= 1 EUR"), panel).cutoffs;
    expect(free?.effect.kind).to.equal("estimate");
    const [bound] = elasticitiesOf(marksAnd(" and sold >= 600 EUR"), panel).cutoffs;
    expect(bound?.effect.kind === "undetermined" ? bound.effect.reason : "").to.match(
      /^other conditions than the score decide for \d+ of \d+ within the bandwidth whether they merit good$/,
    );
  });

  it("begin one step higher where the limit itself does not suffice", () => {
    const tiers = marks.tiers.map((tier) =>
      tier.when?.kind === "compare" ? { ...tier, when: { ...tier.when, operator: ">" as const } } : tier,
    );
    expect(scoreCutoffs({ ...marks, tiers })).to.deep.equal([{ tier: "good", code: 0, stated: 70, least: 70.1 }]);
    const twice = marks.tiers.map((tier) => {
      if (tier.when?.kind !== "compare") return tier;
      const lower = { ...tier.when, right: { kind: "number", value: 30, unit: "number" } as const };
      return { ...tier, when: { kind: "logic", operator: "and", left: lower, right: tier.when } as const };
    });
    expect(scoreCutoffs({ ...marks, tiers: twice }), "the highest of several").to.deep.equal([
      { tier: "good", code: 0, stated: 70, least: 70 },
    ]);
    expect(scoreCutoffs(libraryPolicy("seller-performance@2.0.0")).map(({ stated }) => stated)).to.deep.equal([88, 68, 50]);
  });
});
