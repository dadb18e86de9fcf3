/** Past moves into and out of adverse tiers, each beside an entity of matching score and sales history that did not move then. */
import { present } from "../../../data/foundation/index.ts";
import { type Estimated, estimated, type Found, innerProduct, regression, sumOf, undetermined } from "../../statistics/index.ts";
import type { MatchBalance, MeasuredMoves } from "./measured.ts";
import { midpointGrowth, type Past, salesOver } from "./past.ts";

/** What to look for. */
export interface MovesQuestion {
  readonly direction: MeasuredMoves["direction"];
  /** By code of the really assigned tier: 1 adverse. */
  readonly adverse: Uint8Array;
  /** Whole periods of the 28 days. */
  readonly window: number;
  readonly level: number;
}

/** Fewer pairs than this say nothing. */
export const pairsMin = 20;
/** Pairs lie at most so far apart, in standard deviations over all that they are matched on. */
const caliper = 1;

const covariates = ["score", "score 28 days before", "score 56 days before", "sales of 28 days, log", "change of sales, log"] as const;

/** The parts of the score are adjusted for as well when there are so many pairs for every coefficient. */
const pairsAPart = 3;

/** One thing to adjust for, pair by pair. */
export interface Column {
  readonly name: string;
  readonly values: readonly number[];
}

/** An entity at a possible move: what it is matched on, and what came of it. Periods are counted from the first of the past. */
interface Candidate {
  readonly entity: number;
  readonly period: number;
  readonly tier: number;
  readonly moves: boolean;
  readonly history: readonly number[];
}

interface Pair {
  readonly mover: Candidate;
  readonly match: Candidate;
}

/**
 * The effect of a move on sales. A move is the first period with a tier on the other side of the adverse line, after three windows with one
 * tier; its match held the same tier as long, at the same time, and did not move in that period; whatever happens later happens to both (nobody is
 * chosen by what came after). Pairs are nearest in score now, one and two windows ago, in sales and their change, greedily and without
 * replacement; what differences are left, in these and in the
 * parts of the score, are taken out by a regression of the pairs' differences. Errors are clustered by pairs that share an entity.
 * An entity that closes sells nothing afterwards.
 * Source: Abadie and Spiess (2022), J. Am. Stat. Assoc. 117, 983-995; Rubin (1973), Biometrics 29, 185-203.
 */
export function measureMoves(past: Past, question: MovesQuestion): MeasuredMoves {
  const { window, level, direction } = question;
  const { movers, stayers } = findCandidates(past, question);
  const scales = scalesOf([...movers, ...stayers]);
  const pairs = matchPairs(movers, stayers, scales);
  const shared = {
    direction,
    moves: movers.length,
    matched: pairs.length,
    balance: balanceOf(movers, stayers, pairs, scales),
    returned: pairs.filter(({ mover }) => assignedAt(past, mover, 2 * window - 1) === mover.tier).length,
    matchesMoved: pairs.filter(({ match }) => hasMoved(past, match, 2 * window - 1)).length,
  };
  if (pairs.length < pairsMin) {
    const few = undetermined(
      `${movers.length === 1 ? "1 past move has" : `${movers.length} past moves have`} enough history, and ${pairs.length} of them a match: fewer than ${pairsMin}`,
      "a longer history with more tier changes",
    );
    return { ...shared, effect: few, placebo: few, windows: [] };
  }
  const clusters = linkedPairs(pairs);
  const differences = differencesOf(past, pairs, scales);
  const measure = (growth: (candidate: Candidate) => number): Estimated => pairEffect(pairs, differences, clusters, growth, level);
  const stretch = ({ entity, period }: Candidate, from: number, to: number): number => salesOver(past, entity, period + from, period + to);
  const before = (candidate: Candidate): number => stretch(candidate, -window, -1);
  const windowOf = (index: number) => (candidate: Candidate) => {
    const from = index < 0 ? index * window : (index - 1) * window;
    return midpointGrowth(before(candidate), stretch(candidate, from, from + window - 1));
  };
  const placebo = measure(windowOf(-3));
  const effect = measure((candidate) => midpointGrowth(before(candidate), stretch(candidate, 0, 2 * window - 1) / 2));
  // The second window before the move is matched on: its difference is 0 by choice of the pairs, and says nothing.
  const windows = [1, 2].map((index) => ({ window: index, difference: measure(windowOf(index)) }));
  return { ...shared, effect: isApart(placebo) ? apartBefore : effect, placebo, windows };
}

const apartBefore = undetermined(
  "sales of movers and their matches already grew apart before the move (the placebo's interval leaves out 0)",
  "metrics or a score that tell better who is alike",
);

function isApart(placebo: Estimated): boolean {
  return placebo.kind === "estimate" && placebo.interval !== undefined && (placebo.interval.lower > 0 || placebo.interval.upper < 0);
}

/** First moves of each entity, and all entities at risk of one that did not move then. */
function findCandidates(
  past: Past,
  { direction, adverse, window }: MovesQuestion,
): { movers: readonly Candidate[]; stayers: readonly Candidate[] } {
  const { entities, periods, assigned } = past;
  const from = direction === "into-adverse" ? 0 : 1;
  const movers: Candidate[] = [];
  const stayers: Candidate[] = [];
  const moments = new Set<string>();
  const visit = (take: (entity: number, period: number, tier: number, moves: boolean) => void): void => {
    for (let entity = 0; entity < entities; entity++) {
      const begin = entity * periods;
      let since = 0;
      for (let period = 1; period + 2 * window - 1 < periods; period++) {
        const [tier, now] = [assigned[begin + period - 1] as number, assigned[begin + period] as number];
        const kept = period - since >= 3 * window && tier >= 0 && adverse[tier] === from;
        if (kept && now >= 0) take(entity, period, tier, now !== tier);
        if (now !== tier) since = period;
      }
    }
  };
  visit((entity, period, tier, moves) => {
    if (!moves || adverse[assigned[entity * periods + period] as number] === from) return;
    if (movers.at(-1)?.entity === entity) return;
    const history = historyOf(past, entity, period, window);
    if (history === undefined) return;
    movers.push({ entity, period, tier, moves, history });
    moments.add(`${period} ${tier}`);
  });
  visit((entity, period, tier, moves) => {
    if (moves || !moments.has(`${period} ${tier}`)) return;
    const history = historyOf(past, entity, period, window);
    if (history !== undefined) stayers.push({ entity, period, tier, moves, history });
  });
  return { movers, stayers };
}

/** What is matched on, as known before the period; undefined where something is missing or nothing was sold. */
function historyOf(past: Past, entity: number, period: number, window: number): readonly number[] | undefined {
  const scores = [1, 1 + window, 1 + 2 * window].map((back) => past.score[entity * past.periods + period - back] as number);
  const [late, early, first] = [1, 2, 3].map((back) => salesOver(past, entity, period - back * window, period - (back - 1) * window - 1));
  if (late === undefined || early === undefined || first === undefined) return undefined;
  if (!(late > 0 && early > 0 && first > 0)) return undefined;
  const history = [...scores, Math.log(late), Math.log(late / early)];
  return history.every(Number.isFinite) ? history : undefined;
}

/** Standard deviation of each covariate; 0 where it does not vary. */
function scalesOf(candidates: readonly Candidate[]): readonly number[] {
  return covariates.map((_, index) => {
    const values = candidates.map(({ history }) => history[index] as number);
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(values.length, 1));
  });
}

/** The nearest stayer of the same moment for each mover, in their order; each entity once a moment. */
function matchPairs(movers: readonly Candidate[], stayers: readonly Candidate[], scales: readonly number[]): readonly Pair[] {
  const pools = new Map<string, Candidate[]>();
  for (const stayer of stayers) {
    const key = `${stayer.period} ${stayer.tier}`;
    const pool = pools.get(key);
    if (pool === undefined) pools.set(key, [stayer]);
    else pool.push(stayer);
  }
  const taken = new Set<Candidate>();
  const pairs: Pair[] = [];
  for (const mover of movers) {
    let nearest: Candidate | undefined;
    let least = caliper ** 2;
    for (const stayer of pools.get(`${mover.period} ${mover.tier}`) ?? []) {
      const distance = distanceOf(mover, stayer, scales, least);
      if (distance >= least || taken.has(stayer)) continue;
      [nearest, least] = [stayer, distance];
    }
    if (nearest === undefined) continue;
    taken.add(nearest);
    pairs.push({ mover, match: nearest });
  }
  return pairs;
}

/** Squared distance in standard deviations; stops once it is too far. */
function distanceOf(a: Candidate, b: Candidate, scales: readonly number[], enough: number): number {
  let sum = 0;
  for (let index = 0; index < scales.length && sum < enough; index++) {
    const scale = scales[index] as number;
    if (scale > 0) sum += (((a.history[index] as number) - (b.history[index] as number)) / scale) ** 2;
  }
  return sum;
}

/** A number a pair; pairs that share an entity, directly or by others, have the same. */
function linkedPairs(pairs: readonly Pair[]): readonly number[] {
  const parent = new Map<number, number>();
  const rootOf = (entity: number): number => {
    let root = entity;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    return root;
  };
  for (const { mover, match } of pairs) {
    const [a, b] = [rootOf(mover.entity), rootOf(match.entity)];
    if (a !== b) parent.set(b, a);
  }
  return pairs.map(({ mover }) => rootOf(mover.entity));
}

/** By covariate, the pairs' differences: what they were matched on, and the parts of the score before the move. */
function differencesOf(past: Past, pairs: readonly Pair[], scales: readonly number[]): readonly Column[] {
  const matched = scales.map((scale, index) => ({
    name: covariates[index] as string,
    values: pairs.map(({ mover, match }) => ((mover.history[index] as number) - (match.history[index] as number)) / (scale || 1)),
  }));
  // A part that is missing counts as the score does without it.
  const partOf = (values: Float32Array, { entity, period, history }: Candidate): number => {
    const value = values[entity * past.periods + period - 1] as number;
    return Number.isNaN(value) ? (history[0] as number) : value;
  };
  const parts = past.parts.map(({ title, values }) => ({
    name: title,
    values: pairs.map(({ mover, match }) => (partOf(values, mover) - partOf(values, match)) / 10),
  }));
  const used = pairs.length >= pairsAPart * (matched.length + parts.length) ? [...matched, ...parts] : matched;
  return independentColumns(used);
}

/** What is left of a column beside the others, in parts of itself, below which it says nothing of its own. */
const ownLeast = 1e-4;

/**
 * The columns without those that the ones before them already say, up to their rounding: a weighted score is the sum of its parts, and beside it and all parts but one the last is noise.
 * Gram and Schmidt, twice: Björck (1994), Linear Algebra and its Applications 197, 297-316.
 */
export function independentColumns(columns: readonly Column[]): readonly Column[] {
  const basis: (readonly number[])[] = [];
  return columns.filter(({ values }) => {
    const mean = sumOf(values) / values.length;
    const own = values.map((value) => value - mean);
    let left = own;
    for (const direction of [...basis, ...basis]) {
      const along = innerProduct(left, direction);
      left = left.map((value, pair) => value - along * (direction[pair] as number));
    }
    const [size, rest] = [Math.sqrt(innerProduct(own, own)), Math.sqrt(innerProduct(left, left))];
    if (!(rest > ownLeast * size)) return false;
    basis.push(left.map((value) => value / rest));
    return true;
  });
}

/** The mean difference of the pairs at equal histories. */
function pairEffect(
  pairs: readonly Pair[],
  columns: readonly Column[],
  clusters: readonly number[],
  growth: (candidate: Candidate) => number,
  level: number,
): Estimated {
  const outcome = pairs.map(({ mover, match }) => growth(mover) - growth(match));
  if (!outcome.every(Number.isFinite)) return undetermined("sales are not known throughout the window", "periods without gaps");
  const found: Found = regression({
    outcome,
    columns: [{ name: "move", values: outcome.map(() => 1) }, ...columns],
    coefficient: "move",
    clusters,
    level,
    alternative: "two-sided",
    nullValue: 0,
  });
  if (found.kind === "undetermined") return found;
  const { value, interval, standardError } = found.estimate;
  return estimated({
    value,
    lower: interval?.lower,
    upper: interval?.upper,
    level,
    standardError,
    method: "matched pairs, regression-adjusted, CR2",
    n: pairs.length,
    assumptions: ["pairs of equal score and sales history would have sold alike", "no pair's sales depend on another's tier"],
  });
}

function balanceOf(
  movers: readonly Candidate[],
  stayers: readonly Candidate[],
  pairs: readonly Pair[],
  scales: readonly number[],
): readonly MatchBalance[] {
  if (movers.length === 0 || stayers.length === 0 || pairs.length === 0) return [];
  const mean = (of: readonly Candidate[], index: number): number =>
    of.reduce((sum, { history }) => sum + (history[index] as number), 0) / of.length;
  return covariates.map((covariate, index) => {
    const scale = present(scales[index], covariate) || 1;
    const difference = (treated: readonly Candidate[], others: readonly Candidate[]): number =>
      (mean(treated, index) - mean(others, index)) / scale;
    return {
      covariate,
      before: difference(movers, stayers),
      after: difference(
        pairs.map(({ mover }) => mover),
        pairs.map(({ match }) => match),
      ),
    };
  });
}

function assignedAt({ assigned, periods }: Past, { entity, period }: Candidate, later: number): number {
  return assigned[entity * periods + period + later] as number;
}

function hasMoved({ assigned, periods }: Past, { entity, period, tier }: Candidate, until: number): boolean {
  for (let later = 0; later <= until; later++) {
    const now = assigned[entity * periods + period + later] as number;
    if (now >= 0 && now !== tier) return true;
  }
  return false;
}
