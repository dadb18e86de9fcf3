/** Distances between distributions with their null quantiles, quantiles over time, and both policies' distribution at the last date. */
import { countText, present } from "../../../data/foundation/index.ts";
import {
  jensenShannon,
  kolmogorovSmirnovLattice,
  type LabelNullOptions,
  type PointCounts,
  populationStability,
  quantileOf,
  tablePairs,
  totalOf,
  wasserstein,
} from "../../statistics/index.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import type { DriftColumns } from "./collect-drift.ts";
import { type Drift, type DriftRow, type ScoreSpread, spreadShares } from "./drift.ts";
import { noneDiffers, pairedDistances } from "./paired-distances.ts";
import { pairedPoints, tenths } from "./paired-values.ts";

/** Shuffles of each null: p to half a hundredth, and the 190th of 199 distances is the quantile at 95 %. */
const draws = 199;
/** Points of the drawn distribution. */
const curvePoints = 48;

const onScale = {
  kolmogorovSmirnov: (counts: PointCounts) =>
    kolmogorovSmirnovLattice(counts, "both") / (totalOf(counts.control) * totalOf(counts.treatment)),
  wasserstein,
};
const inBins = {
  jensenShannon: (counts: PointCounts) => jensenShannon(counts, 2),
  // Half an entity is added to every bin: no bin is empty, and the index is finite.
  populationStability: (counts: PointCounts) => populationStability(counts, { kind: "add-half" }) ?? 0,
};

/** Rows of distances are computed once for the baseline, and once a candidate; cost of each: draws times the pairs of values that differ. */
export class DriftDescriber {
  readonly #plan: ComparisonPlan;
  readonly #columns: DriftColumns;
  readonly #baseline: readonly DriftRow[];

  constructor(plan: ComparisonPlan, columns: DriftColumns) {
    this.#plan = plan;
    this.#columns = columns;
    this.#baseline = [this.#scoreOverTime(0), ...plan.drift.metrics.flatMap((_, metric) => this.#metricOverTime(metric))].flatMap(
      (row) => row ?? [],
    );
  }

  candidate(candidate: number): Drift {
    const policy = candidate + 1;
    const metrics = this.#plan.drift.metrics.map((_, metric) => this.#metricBetween(metric, policy));
    const changed = metrics.filter((row): row is DriftRow => row !== undefined && row !== "same");
    const rows = [this.#scoreBetween(policy), this.#scoreOverTime(policy), ...changed].flatMap((row) => row ?? []);
    return {
      entities: this.#columns.count,
      every: this.#plan.drift.every,
      draws,
      spread: [...this.#spread(0), ...this.#spread(policy)],
      curve: this.#curve(policy),
      rows: [...rows.slice(0, 1), ...this.#baseline.slice(0, 1), ...rows.slice(1), ...this.#baseline.slice(1)],
      unchanged: this.#plan.drift.metrics.filter((_, metric) => metrics[metric] === "same").map(({ name }) => name),
    };
  }

  get #shuffles(): LabelNullOptions {
    const { seed, level } = this.#plan;
    return { draws, seed, level };
  }

  #version(policy: number): string {
    return present(this.#plan.policies[policy], "policy").version;
  }

  #score(policy: number, date: number): Float64Array {
    return present(this.#columns.score[policy]?.at(date), "scores");
  }

  #metric(metric: number, policy: number, side: 0 | 1): Float64Array {
    return present(this.#columns.metrics[metric]?.[policy]?.[side], "a metric");
  }

  #day(period: number): string {
    return dayName(this.#plan.schema, period);
  }

  #scoreBetween(policy: number): DriftRow | undefined {
    const at = this.#day(this.#plan.to);
    return this.#row([this.#score(0, -1), this.#score(policy, -1)], { ...this.#subject(policy), between: "policies", from: at, to: at });
  }

  #scoreOverTime(policy: number): DriftRow | undefined {
    const { drift, to } = this.#plan;
    if (drift.earlier === to) return undefined;
    return this.#row([this.#score(policy, drift.dates.indexOf(drift.earlier)), this.#score(policy, -1)], {
      ...this.#subject(policy),
      between: "dates",
      version: this.#version(policy),
      from: this.#day(drift.earlier),
      to: this.#day(to),
    });
  }

  #metricOverTime(metric: number): DriftRow | undefined {
    const { drift, to } = this.#plan;
    const { name, title, unit } = present(drift.metrics[metric], "a metric");
    if (drift.earlier === to) return undefined;
    return this.#row([this.#metric(metric, 0, 0), this.#metric(metric, 0, 1)], {
      subject: name,
      isScore: false,
      title,
      unit,
      between: "dates",
      version: this.#version(0),
      from: this.#day(drift.earlier),
      to: this.#day(to),
    });
  }

  #metricBetween(metric: number, policy: number): DriftRow | "same" | undefined {
    const [first, second] = [this.#metric(metric, 0, 1), this.#metric(metric, policy, 1)];
    if (first.every((value, entity) => Object.is(value + 0, (second[entity] as number) + 0)))
      return first.every(Number.isNaN) ? undefined : "same";
    const { name, title, unit } = present(this.#plan.drift.metrics[metric], "a metric");
    const at = this.#day(this.#plan.to);
    return this.#row([first, second], { subject: name, isScore: false, title, unit, between: "policies", from: at, to: at });
  }

  #subject(policy: number): Pick<DriftRow, "subject" | "isScore" | "title" | "unit"> {
    const { headlineScore, scores = [] } = this.#plan.policies[policy] ?? {};
    const subject = headlineScore ?? "score";
    return { subject, isScore: true, title: scores.find(({ name }) => name === subject)?.title ?? subject, unit: "number" };
  }

  /** Undefined when neither side has a value. */
  #row(
    [first, second]: readonly [Float64Array, Float64Array],
    about: Pick<DriftRow, "subject" | "isScore" | "title" | "unit" | "between" | "version" | "from" | "to">,
  ): DriftRow | undefined {
    const both = [...first.keys()].filter((entity) => !Number.isNaN(first[entity]) && !Number.isNaN(second[entity]));
    const onlyIn = (values: Float64Array) => values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0) - both.length;
    const [firstOnly, secondOnly] = [onlyIn(first), onlyIn(second)];
    if (both.length + firstOnly + secondOnly === 0) return undefined;
    const [from, to] = [first, second].map((values) => Float64Array.from(both, (entity) => values[entity] as number)) as [
      Float64Array,
      Float64Array,
    ];
    const { counts, bits, exact } = pairedPoints(from, to);
    const table = tenths(from, to);
    const differing = both.filter((entity) => (first[entity] as number) !== (second[entity] as number)).length;
    const alike = (within: string): string => (differing === 0 ? noneDiffers : `${countText(differing)} differ, all of them ${within}`);
    return {
      ...about,
      entities: both.length,
      differing,
      firstOnly,
      secondOnly,
      ...(both.length === 0 ? {} : { medians: [medianOf(from), medianOf(to)] as const }),
      points: counts.points.length,
      bits,
      bins: table.length,
      ...pairedDistances(counts, onScale, this.#shuffles, { exact, alike: alike("by less than the binary digits that swaps carry") }),
      ...pairedDistances(tablePairs(table), inBins, this.#shuffles, { alike: alike("within one tenth of the first side") }),
    };
  }

  #spread(policy: number): readonly ScoreSpread[] {
    return this.#plan.drift.dates.map((period, date) => {
      const values = this.#score(policy, date);
      const sorted = values.filter((value) => !Number.isNaN(value)).sort();
      const about = { version: this.#version(policy), at: this.#day(period), scored: sorted.length };
      const missing = this.#inFrame(date) - sorted.length;
      if (sorted.length === 0) return { ...about, missing };
      return { ...about, missing, quantiles: spreadShares.map((share) => quantileOf(sorted, share)) };
    });
  }

  #inFrame(date: number): number {
    return this.#columns.inFrame[date] as number;
  }

  #curve(policy: number): Drift["curve"] {
    const [first, second] = [this.#score(0, -1), this.#score(policy, -1)].map((values) =>
      values.filter((value) => !Number.isNaN(value)).sort(),
    );
    if (first === undefined || second === undefined || first.length * second.length === 0) return [];
    const all = [...first, ...second].sort((a, b) => a - b);
    // Evenly over the scores, with a point at each end.
    const [low, high] = [all[0] as number, all.at(-1) as number];
    const scores = new Set(Array.from({ length: curvePoints + 1 }, (_, point) => low + ((high - low) * point) / curvePoints));
    const shareAt = (sorted: Float64Array, score: number) => upTo(sorted, score) / sorted.length;
    return [...scores].map((score) => ({ score, baseline: shareAt(first, score), candidate: shareAt(second, score) }));
  }
}

function medianOf(values: Float64Array): number {
  return quantileOf(values.slice().sort(), 0.5);
}

/** How many of ascending values are at or below a number. */
function upTo(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
