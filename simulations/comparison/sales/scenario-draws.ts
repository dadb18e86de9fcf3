/** A scenario's uncertainty: sellers drawn again, assumptions drawn from their spreads, and which of the two moves the result. */
import { limits, randomStream } from "../../../data/foundation/index.ts";
import { poolRows, resampleSums, sumOf } from "../../statistics/index.ts";
import { type AssumedTerm, type Behaviour, type BehaviourTerm, behaviourTerms, drawOf } from "./assumptions.ts";
import { type Market, sumsOfGroup } from "./market.ts";
import type { VarianceSource } from "./sales-impact.ts";

/** The groups' sums in every replicate, laid out as those of the market. */
export type MarketReplicates = readonly Float64Array[];

/**
 * The sums of every group under Poisson weights of entities, scaled to the number of entities. Groups share no entity, so each has a stream of
 * its own. Cost: distinct rows x replicates, at most `salesReplicates`.
 */
export function marketReplicates(of: {
  readonly market: Market;
  readonly columns: readonly Float64Array[];
  readonly seed: number;
  readonly replicates: number;
}): MarketReplicates {
  const { market, columns, seed } = of;
  const replicates = Math.min(of.replicates, limits.salesReplicates.value);
  const weight = new Float64Array(replicates);
  const sums = Array.from({ length: replicates }, () => new Float64Array(market.sums.length));
  for (const [group, members] of market.members.entries()) {
    const own = columns.map(() => new Float64Array(members));
    let next = 0;
    for (let entity = 0; entity < market.groupOf.length; entity++) {
      if (market.groupOf[entity] !== group) continue;
      for (const [index, column] of columns.entries()) (own[index] as Float64Array)[next] = column[entity] as number;
      next++;
    }
    const drawn = resampleSums(poolRows(own, members), {
      seed: randomStream(seed, "sales of a group", group).below(4_294_967_296),
      from: 0,
      to: replicates,
    });
    for (const [replicate, into] of sums.entries()) {
      weight[replicate] = (weight[replicate] as number) + (drawn.weight[replicate] as number);
      for (const [index, column] of drawn.sums.entries()) into[group * sumsOfGroup + index] = column[replicate] as number;
    }
  }
  const entities = market.members.reduce((sum, members) => sum + members, 0);
  return sums.map((own, replicate) => {
    const drawn = weight[replicate] as number;
    return own.map((sum) => (drawn > 0 ? (sum * entities) / drawn : 0));
  });
}

/** What a scenario is a function of: one replicate of sellers and one behaviour. */
export type ScenarioFunction<T> = (sums: Float64Array, behaviour: Behaviour) => T;

/** One joint draw: which replicate, and a value of each term. */
interface Draw {
  readonly replicate: number;
  readonly behaviour: Behaviour;
}

/** Spreads of one scenario. */
export type ScenarioSpreads = Readonly<Record<BehaviourTerm, AssumedTerm["low"]>>;

/** `count` joint draws, each source from a stream of its own. */
function draws(of: {
  readonly spreads: ScenarioSpreads;
  readonly replicates: number;
  readonly seed: number;
  readonly name: string;
  readonly count: number;
}): readonly Draw[] {
  const { spreads, replicates, seed, name, count } = of;
  const streams = Object.fromEntries(behaviourTerms.map((term) => [term, randomStream(seed, "assumption", name, term)]));
  const sellers = randomStream(seed, "assumption", name, "sellers");
  return Array.from({ length: count }, () => ({
    replicate: sellers.below(replicates),
    behaviour: Object.fromEntries(
      behaviourTerms.map((term) => [term, drawOf(term, spreads[term], streams[term] as ReturnType<typeof randomStream>)]),
    ) as Record<BehaviourTerm, number>,
  }));
}

/** The values of a scenario over joint draws, and the first-order shares of their variance. */
export interface DrawnScenario<T> {
  readonly values: readonly T[];
  /** Of `also`, over the same draws. */
  readonly own: readonly T[];
  readonly variance: readonly { readonly source: VarianceSource; readonly share: number }[];
}

/**
 * Draws sellers and assumptions together, `scenarioDraws` times. Shares of variance are first-order Sobol indices: of two independent lists
 * of draws, what changes with the first when only one source is taken from it. Monte Carlo error about two points. What no source
 * explains alone is `together`.
 * Source: Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola (2010), Computer Physics Communications 181, 259-270, table 2 (b).
 */
export function drawScenario<T>(of: {
  readonly replicates: MarketReplicates;
  readonly spreads: ScenarioSpreads;
  readonly seed: number;
  readonly name: string;
  readonly evaluate: ScenarioFunction<T>;
  readonly numberOf: (value: T) => number;
  readonly also: ScenarioFunction<T>;
}): DrawnScenario<T> {
  const { replicates, spreads, seed, name, evaluate, numberOf, also } = of;
  const count = limits.scenarioDraws.value;
  const common = { spreads, replicates: replicates.length, seed, count };
  const first = draws({ ...common, name: `${name}, first` });
  const second = draws({ ...common, name: `${name}, second` });
  const resultOf = ({ replicate, behaviour }: Draw): T => evaluate(replicates[replicate] as Float64Array, behaviour);
  const values = first.map(resultOf);
  const own = first.map(({ replicate, behaviour }) => also(replicates[replicate] as Float64Array, behaviour));
  const numbers = values.map(numberOf);
  const others = second.map((draw) => numberOf(resultOf(draw)));
  const shareOf = (mix: (from: Draw, into: Draw) => Draw): number => {
    const mixed = second.map((into, index) => numberOf(resultOf(mix(first[index] as Draw, into))));
    return firstOrderShare({ values: numbers, others, mixed });
  };
  const shares: { source: VarianceSource; share: number }[] = [];
  if (numbers.every((value) => value === numbers[0])) return { values, own, variance: [] };
  shares.push({ source: "sellers", share: shareOf((from, into) => ({ ...into, replicate: from.replicate })) });
  for (const term of behaviourTerms) {
    const share =
      spreads[term].kind === "fixed"
        ? 0
        : shareOf((from, into) => ({ ...into, behaviour: { ...into.behaviour, [term]: from.behaviour[term] } }));
    shares.push({ source: term, share });
  }
  return { values, own, variance: withTogether(shares) };
}

/** Parallel lists: a function of two independent lists of draws, and of the second with one source taken from the first. */
interface MixedDraws {
  readonly values: readonly number[];
  readonly others: readonly number[];
  readonly mixed: readonly number[];
}

/**
 * The first-order share of one source: mean of (value - mean) x (mixed - other) over the variance. A source that moves nothing gives
 * exactly 0. Negative ones, which are noise, count as 0.
 *
 * @example
 * firstOrderShare({ values: [1, 2, 3, 4], others: [2, 2, 2, 2], mixed: [2, 2, 2, 2] })
 * // => 0
 */
export function firstOrderShare({ values, others, mixed }: MixedDraws): number {
  const count = values.length;
  const all = [...values, ...others];
  const mean = sumOf(all) / all.length;
  const variance = sumOf(all.map((value) => (value - mean) ** 2)) / all.length;
  const common = sumOf(values.map((value, index) => (value - mean) * ((mixed[index] as number) - (others[index] as number)))) / count;
  return variance > 0 ? Math.max(0, common / variance) : 0;
}

/** Shares that noise made exceed 1 in all are brought down to it; the rest is what only several sources explain. */
function withTogether(shares: readonly { readonly source: VarianceSource; readonly share: number }[]): DrawnScenario<number>["variance"] {
  const all = shares.reduce((sum, { share }) => sum + share, 0);
  const scaled = all > 1 ? shares.map(({ source, share }) => ({ source, share: share / all })) : shares;
  return [...scaled, { source: "together", share: Math.max(0, 1 - Math.max(all, 0)) }];
}
