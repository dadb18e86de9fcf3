/** Tests by the assignments that could have been drawn, with intervals under a constant effect. */
import { randomStream } from "../../../data/foundation/index.ts";
import type { ConfidenceSet } from "../confidence-set.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { sumOf } from "../sums.ts";
import { type Block, blocksOf, type RandomisedUnit } from "./assignment-blocks.ts";
import { pivotFinding } from "./pivot-finding.ts";
import type { PivotDraws, TwoSided } from "./pivot-inversion.ts";
import { boundsOf, type EffectQuestion, leavesRange } from "./t-finding.ts";

/** Units as they were assigned, and what is asked. */
export interface RandomisationOptions extends EffectQuestion {
  readonly units: readonly RandomisedUnit[];
  /** The difference itself, or the difference over its standard error in each assignment. */
  readonly statistic: "difference" | "studentised";
  readonly twoSided: TwoSided;
  readonly draws: number;
  readonly seed: number;
}

/** All assignments are used up to this many. */
const enumeratedMax = 50_000;

/**
 * The difference of means (strata weighted by their units) with the p-value of Fisher's sharp null: every unit's effect is the null value. Assignments keep
 * the number of treated clusters of each stratum. Up to 50,000 of them all are taken and p is exact; otherwise `draws` seeded ones and
 * the observed one, p = (b + 1) / (m + 1). The interval holds the constant effects that the same test does not reject.
 * Studentised, the test also holds its level for "no effect on average" in large samples.
 * Sources: Fisher (1935), The Design of Experiments; Imbens and Rubin (2015), Causal Inference, chapter 5; Wu and Ding (2021), J. Am. Stat. Assoc. 116, 1898-1913;
 * Phipson and Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39. Cost: assignments x clusters.
 *
 * @example
 * const units = [1, 2, 3, 10, 11, 12].map((value, i) => ({ value, treated: i > 2 }));
 * const question = { level: 0.8, alternative: "two-sided", nullValue: 0, twoSided: "symmetric", draws: 999, seed: 1 };
 * const found = randomisationInference({ units, statistic: "difference", ...question });
 * found.kind === "finding" && [found.estimate.value, found.test.pValue]
 * // => [9, 0.1]
 */
export function randomisationInference(options: RandomisationOptions): Found {
  const { units, statistic, twoSided, draws, seed, level, alternative, nullValue } = options;
  const { blocks, unit } = blocksOf(units);
  for (const { name, clusters, treated } of blocks) {
    const least = statistic === "studentised" ? 2 : 1;
    if (treated < least || clusters.length - treated < least)
      return undetermined(
        `${name} has ${treated} treated and ${clusters.length - treated} control ${units.some(({ cluster }) => cluster !== undefined) ? "clusters" : "units"}: ${least} of each are needed`,
        statistic === "studentised" && least > 1
          ? "two of each in every stratum, or the statistic 'difference'"
          : "both arms in every stratum",
      );
  }
  if (blocks.length === 0) return undetermined("no units", "units in both arms");
  const inUnits = differenceOf(
    blocks.map((block) => ({ block, chosen: block.clusters.map(({ isTreated }) => isTreated) })),
    ({ total }) => total,
  );
  const { assignments, isExact } = assignmentsOf(blocks, draws, seed);
  const pivots = pivotsOf(blocks, assignments, inUnits, statistic);
  if (!Number.isFinite(pivots.variance) || !Number.isFinite(inUnits * unit)) return leavesRange;
  const largest = blocks.reduce(
    (most, { clusters }) => clusters.reduce((own, { total, size }) => Math.max(own, Math.abs(total) / size), most),
    0,
  );
  const method = `randomisation inference, ${statistic === "studentised" ? "studentised difference" : "difference in means"}`;
  if (!(Math.sqrt(pivots.variance) > 1e-13 * largest))
    return withoutSpread({ value: inUnits * unit, n: units.length, method }, { ...options, slopes: pivots.slope, isExact });
  const smallest =
    (alternative === "two-sided" && 2 * (blocks[0]?.treated ?? 0) === blocks[0]?.clusters.length ? 2 : 1) / assignments.length;
  return pivotFinding(
    {
      value: inUnits * unit,
      ...(statistic === "studentised" ? { standardError: unit * Math.sqrt(pivots.variance) } : {}),
      n: units.length,
      method,
      testName: `randomisation (${twoSided})`,
      unit,
      draws: pivots,
      isExact,
      details: {
        strata: blocks.length,
        assignmentUnits: blocks.reduce((sum, { clusters }) => sum + clusters.length, 0),
        ...(isExact ? { possibleAssignments: assignments.length } : {}),
      },
      warnings:
        isExact && smallest > 0.01 ? [`With ${assignments.length} possible assignments p cannot be below ${smallest.toPrecision(3)}.`] : [],
    },
    { level, alternative, nullValue, twoSided },
  );
}

/**
 * Values that are one number in each arm: assignments differ by how many treated units they leave in place, and only those that leave, or swap, them all are as
 * far out as what was seen. Every other constant effect on a side is rejected alike, so that the interval is that one effect, or everything.
 */
function withoutSpread(
  parts: { readonly value: number; readonly n: number; readonly method: string },
  { slopes, isExact, twoSided, level, alternative, nullValue }: EffectQuestion & Pick<RandomisationOptions, "twoSided"> & Leaving,
): Found {
  const distance = parts.value - nullValue;
  const isSame = (value: number): boolean => !(Math.abs(value) > 1e-13 * Math.max(Math.abs(parts.value), Math.abs(nullValue)));
  if (isSame(parts.value) || isSame(distance))
    return undetermined("no unit differs from another but by the effect, so every assignment says the same", "values that vary");
  const share = (counts: (slope: number) => boolean): number => slopes.filter(counts).length / slopes.length;
  const kept = share((slope) => slope >= 1 - 1e-12);
  const both = twoSided === "symmetric" ? share((slope) => Math.abs(slope) >= 1 - 1e-12) : Math.min(1, 2 * kept);
  const least = alternative === "two-sided" ? both : kept;
  const isAgainst = alternative !== "two-sided" && (alternative === "greater") !== distance > 0;
  const [lower, upper] = [parts.value, parts.value];
  const everything: ConfidenceSet = { kind: "everything", level };
  return finding({
    estimate: estimated({ ...parts, ...(least < 1 - level ? boundsOf({ lower, upper, level, alternative }) : { set: everything }) }),
    test: { name: `randomisation (${twoSided})`, pValue: isAgainst ? 1 : least, alternative, nullValue },
    details: { draws: slopes.length, exact: isExact },
    warnings: ["Values do not vary within the arms: p counts the assignments that leave the arms as they are, whatever the effect."],
  });
}

/** How much of the arms assignments leave in place: 1 all, -1 all swapped. */
interface Leaving {
  readonly slopes: Float64Array;
  readonly isExact: boolean;
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = Math.round((ways * (n - i + 1)) / i);
  return ways;
}

/** By block, which of its clusters are treated. */
export type Assignment = readonly (readonly boolean[])[];

/** Of a block what assignments are of. */
interface Dealt {
  readonly clusters: readonly { readonly isTreated: boolean }[];
  readonly treated: number;
}

/** Every assignment with as many treated clusters in each block; beyond 50,000 the one that was and seeded `draws`. */
export function assignmentsOf(
  blocks: readonly Dealt[],
  draws: number,
  seed: number,
): { readonly assignments: readonly Assignment[]; readonly isExact: boolean } {
  const count = blocks.reduce((product, { clusters, treated }) => product * choose(clusters.length, treated), 1);
  const isExact = count <= enumeratedMax;
  return { assignments: isExact ? allAssignments(blocks) : drawnAssignments(blocks, draws, seed), isExact };
}

function allAssignments(blocks: readonly Dealt[]): readonly Assignment[] {
  let all: Assignment[] = [[]];
  for (const { clusters, treated } of blocks) {
    const own = subsets(clusters.length, treated);
    all = all.flatMap((before) => own.map((chosen) => [...before, chosen]));
  }
  return all;
}

/** Every choice of k among n, in the order of their lists. */
function subsets(n: number, k: number): readonly (readonly boolean[])[] {
  const places = Array.from({ length: k }, (_, place) => place);
  const found: (readonly boolean[])[] = [];
  while (true) {
    const chosen = Array.from({ length: n }, () => false);
    for (const place of places) chosen[place] = true;
    found.push(chosen);
    let last = k - 1;
    while (last >= 0 && places[last] === n - k + last) last--;
    if (last < 0) return found;
    places[last] = (places[last] as number) + 1;
    for (let next = last + 1; next < k; next++) places[next] = (places[next - 1] as number) + 1;
  }
}

/** The observed assignment, and seeded ones. */
function drawnAssignments(blocks: readonly Dealt[], draws: number, seed: number): readonly Assignment[] {
  const random = randomStream(seed, "randomisation-inference");
  const draw = ({ clusters, treated }: Dealt): readonly boolean[] => {
    const order = clusters.map((_, i) => i);
    const chosen = clusters.map(() => false);
    for (let taken = 0; taken < treated; taken++) {
      const at = taken + random.below(order.length - taken);
      chosen[order[at] as number] = true;
      order[at] = order[taken] as number;
    }
    return chosen;
  };
  const observed = blocks.map(({ clusters }) => clusters.map(({ isTreated }) => isTreated));
  return [observed, ...Array.from({ length: draws }, () => blocks.map(draw))];
}

interface Arms {
  readonly block: Block;
  readonly chosen: readonly boolean[];
}

type Totals = (cluster: Block["clusters"][number]) => number;

/** Treatment minus control of totals over sizes, strata weighted by their units. */
function differenceOf(arms: readonly Arms[], totalOf: Totals): number {
  return sumOf(
    arms.map(({ block, chosen }) => {
      const [treated, control] = armMeans(block, chosen, totalOf);
      return block.share * (treated - control);
    }),
  );
}

function armMeans({ clusters }: Block, chosen: readonly boolean[], totalOf: Totals): readonly [number, number] {
  let [treatedTotal, treatedSize, controlTotal, controlSize] = [0, 0, 0, 0];
  for (let g = 0; g < clusters.length; g++) {
    const cluster = clusters[g] as Block["clusters"][number];
    if (chosen[g] === true) {
      treatedTotal += totalOf(cluster);
      treatedSize += cluster.size;
    } else {
      controlTotal += totalOf(cluster);
      controlSize += cluster.size;
    }
  }
  return [treatedTotal / treatedSize, controlTotal / controlSize];
}

/** Under the effect `observed` + d each cluster's control outcome is (total - observed treatedSize) - d treatedSize, plus the effect where chosen. */
function pivotsOf(
  blocks: readonly Block[],
  assignments: readonly Assignment[],
  observed: number,
  statistic: RandomisationOptions["statistic"],
): PivotDraws {
  const m = assignments.length;
  const [level, slope, a, b, c] = [new Float64Array(m), new Float64Array(m), new Float64Array(m), new Float64Array(m), new Float64Array(m)];
  const own = (cluster: Block["clusters"][number]): number => cluster.total - (cluster.isTreated ? observed * cluster.size : 0);
  const effect = (cluster: Block["clusters"][number]): number => (cluster.isTreated ? cluster.size : 0);
  const write = (at: number, assignment: Assignment): void => {
    const arms = blocks.map((block, i) => ({ block, chosen: assignment[i] ?? [] }));
    level[at] = differenceOf(arms, own);
    slope[at] = differenceOf(arms, effect);
    if (statistic === "studentised") for (const { block, chosen } of arms) addVariance({ block, chosen }, own, effect, [a, b, c], at);
  };
  for (const [at, assignment] of assignments.entries()) write(at, assignment);
  if (statistic === "studentised") {
    const parts = [new Float64Array(1), new Float64Array(1), new Float64Array(1)] as const;
    for (const block of blocks) addVariance({ block, chosen: block.clusters.map(({ isTreated }) => isTreated) }, own, () => 0, parts, 0);
    return { variance: parts[0][0] as number, level, slope, a, b, c };
  }
  // The difference itself is compared; its scale only sets the steps of the search.
  const variance = sumOf(level.map((value) => value * value)) / m;
  return { variance, level, slope, a: a.fill(variance), b, c };
}

/** Adds share² (sum of squared cluster residual totals / size² x clusters / (clusters - 1)) of both arms, as a - 2 b d + c d². */
function addVariance(
  { block, chosen }: Arms,
  own: Totals,
  effect: Totals,
  [a, b, c]: readonly [Float64Array, Float64Array, Float64Array],
  at: number,
): void {
  const means = armMeans(block, chosen, own);
  const effects = armMeans(block, chosen, effect);
  for (const [arm, isTreated] of [true, false].entries()) {
    let [size, count, first, both, second] = [0, 0, 0, 0, 0];
    for (let g = 0; g < chosen.length; g++) {
      if (chosen[g] !== isTreated) continue;
      const cluster = block.clusters[g] as Block["clusters"][number];
      const residual = own(cluster) - cluster.size * (means[arm] as number);
      const slope = effect(cluster) - cluster.size * (effects[arm] as number);
      size += cluster.size;
      count++;
      first += residual * residual;
      both += residual * slope;
      second += slope * slope;
    }
    const factor = ((block.share / size) ** 2 * count) / (count - 1);
    a[at] = (a[at] as number) + factor * first;
    b[at] = (b[at] as number) + factor * both;
    c[at] = (c[at] as number) + factor * second;
  }
}
