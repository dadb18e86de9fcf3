/** A statistic of one sample under resampling of its units: means, totals and quantiles, of single values or of whole entities. */
import { invariant, type RandomStream } from "../../../data/foundation/index.ts";
import { betaDistribution } from "../distributions/index.ts";
import { quantileOf } from "../means/quantile.ts";
import { sampleOf } from "../means/sample.ts";
import { sumOf } from "../sums.ts";
import type { Jackknife } from "./bootstrap-interval.ts";

/** What is asked of the values. */
export type ResampledKind = { readonly name: "mean" } | { readonly name: "total" } | { readonly name: "quantile"; readonly share: number };

/** Values, one each unit, or several of an entity that comes and goes whole: then each value's entity. */
export interface ResampledValues {
  readonly values: ArrayLike<number>;
  readonly clusters?: ArrayLike<string | number> | undefined;
}

/** A statistic that can be computed again for any number of copies of each unit. */
export interface ResampledStatistic {
  /** Units that are drawn: values, or entities. */
  readonly units: number;
  readonly observed: number;
  /** By the same formula as in the replicates; undefined where there is none (quantiles of entities). */
  readonly standardError: number | undefined;
  /** The statistic of the units in these numbers, less the observed one, and its standard error. */
  of(copies: Uint32Array): { readonly deviation: number; readonly standardError: number };
  /** The statistic without each unit, less the observed one. */
  leaveOneOut(): Float64Array;
}

/**
 * Prepares a statistic for resampling. Units are put in the order of their values, so that the order in which they are given is
 * irrelevant. At least two units; every value finite, and of a size whose squares are doubles.
 */
export function resampledStatistic(sample: ResampledValues, kind: ResampledKind): ResampledStatistic {
  const entities = entitiesOf(sample);
  invariant(entities.length > 1, `${entities.length} units to resample`);
  if (kind.name === "quantile") return quantileStatistic(entities, kind.share, sample.clusters === undefined);
  if (kind.name === "total") {
    const sums = Float64Array.from(entities, sumOf);
    const total = sumOf(sums);
    return meanStatistic(centred(Array.from(sums, (value) => Float64Array.of(value))), { observed: total, factor: entities.length });
  }
  const { mean, meanRest } = sampleOf({ values: joined(entities) });
  return meanStatistic(centred(entities), { observed: mean + meanRest, factor: 1 });
}

/** Replicates of a statistic: each draws as many units as there are, with replacement. */
export function drawReplicates(statistic: ResampledStatistic, replicates: number, stream: RandomStream) {
  const deviations = new Float64Array(replicates);
  const standardErrors = new Float64Array(replicates);
  const copies = new Uint32Array(statistic.units);
  for (let replicate = 0; replicate < replicates; replicate++) {
    copies.fill(0);
    for (let draw = 0; draw < statistic.units; draw++) {
      const unit = stream.below(statistic.units);
      copies[unit] = (copies[unit] as number) + 1;
    }
    const { deviation, standardError } = statistic.of(copies);
    deviations[replicate] = deviation;
    standardErrors[replicate] = standardError;
  }
  return { deviations, standardErrors };
}

/** The statistic's leave-one-out values as a part of BCa's acceleration. */
export function jackknifeOf(statistic: ResampledStatistic, sign: 1 | -1): Jackknife {
  return { values: statistic.leaveOneOut(), counts: new Float64Array(statistic.units).fill(1), sign };
}

/** The values of each entity in ascending order, and the entities by number of values, then by the values. */
function entitiesOf({ values, clusters }: ResampledValues): readonly Float64Array[] {
  if (clusters === undefined) return Array.from(Float64Array.from(values).sort(), (value) => Float64Array.of(value));
  invariant(values.length === clusters.length, `${values.length} values and ${clusters.length} cluster keys`);
  const lists = new Map<string | number, number[]>();
  for (let i = 0; i < values.length; i++) {
    const key = clusters[i] as string | number;
    const list = lists.get(key) ?? [];
    list.push(values[i] as number);
    lists.set(key, list);
  }
  return Array.from(lists.values(), (list) => Float64Array.from(list).sort()).sort(compareLists);
}

function compareLists(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) return a.length - b.length;
  const place = a.findIndex((value, index) => value !== b[index]);
  return place < 0 ? 0 : (a[place] as number) - (b[place] as number);
}

function joined(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}

/** By entity: the sum of its values' distances from the mean of all, and how many values. */
interface Centred {
  readonly residuals: Float64Array;
  readonly sizes: Float64Array;
}

function centred(entities: readonly Float64Array[]): Centred {
  const { mean, meanRest } = sampleOf({ values: joined(entities) });
  return {
    residuals: Float64Array.from(entities, (list) => sumOf(list.map((value) => value - mean - meanRest))),
    sizes: Float64Array.from(entities, (list) => list.length),
  };
}

/** A mean of values over resampled entities (a ratio of sums), times a factor. Its standard error is the linearised one with n - 1. */
function meanStatistic({ residuals, sizes }: Centred, options: { readonly observed: number; readonly factor: number }): ResampledStatistic {
  const { observed, factor } = options;
  const units = residuals.length;
  const size = sumOf(sizes);
  const nothing = 1e-14 * residuals.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const of = (copies: Uint32Array) => {
    let sum = 0;
    let drawn = 0;
    for (let unit = 0; unit < units; unit++) {
      sum += (copies[unit] as number) * (residuals[unit] as number);
      drawn += (copies[unit] as number) * (sizes[unit] as number);
    }
    // A sum that only rounding keeps from 0 is 0: it ties with the observed value.
    const deviation = Math.abs(sum) <= nothing ? 0 : sum / drawn;
    let squares = 0;
    for (let unit = 0; unit < units; unit++) {
      const rest = (residuals[unit] as number) - deviation * (sizes[unit] as number);
      squares += (copies[unit] as number) * rest * rest;
    }
    return { deviation: factor * deviation, standardError: (factor * Math.sqrt((squares * units) / (units - 1))) / drawn };
  };
  return {
    units,
    observed,
    standardError: of(new Uint32Array(units).fill(1)).standardError,
    of,
    leaveOneOut: () => residuals.map((residual, unit) => (-factor * residual) / (size - (sizes[unit] as number))),
  };
}

/** A type 7 quantile of all values of the drawn entities. */
function quantileStatistic(entities: readonly Float64Array[], share: number, single: boolean): ResampledStatistic {
  const units = entities.length;
  const { values, owners } = pooled(entities);
  const observed = quantileOf(values, share);
  const weights = single ? orderWeights(units, share) : undefined;
  const drawn = new Float64Array(units);
  const errorOf = (copies: Uint32Array): number => {
    if (weights === undefined) return 0;
    let at = 0;
    for (let unit = 0; unit < units; unit++) {
      for (let copy = copies[unit] as number; copy > 0; copy--) drawn[at++] = values[unit] as number;
    }
    return spreadUnder(drawn, weights);
  };
  const copiesOfOwner = (copies: Uint32Array, place: number): number => copies[owners[place] as number] as number;
  const quantileUnder = (copies: Uint32Array): number => {
    let total = 0;
    for (let place = 0; place < values.length; place++) total += copiesOfOwner(copies, place);
    const position = share * (total - 1);
    const below = Math.floor(position);
    let place = 0;
    let passed = copiesOfOwner(copies, 0);
    while (passed <= below) passed += copiesOfOwner(copies, ++place);
    const low = values[place] as number;
    if (position === below || passed > below + 1) return low;
    do place++;
    while (copiesOfOwner(copies, place) === 0);
    return low * (1 - (position - below)) + (values[place] as number) * (position - below);
  };
  return {
    units,
    observed,
    standardError: weights === undefined ? undefined : spreadUnder(values, weights),
    of: (copies) => ({ deviation: quantileUnder(copies) - observed, standardError: errorOf(copies) }),
    leaveOneOut: () => {
      const places: number[][] = Array.from({ length: units }, () => []);
      for (let place = 0; place < values.length; place++) places[owners[place] as number]?.push(place);
      return Float64Array.from(places, (own) => quantileWithout(values, own, share) - observed);
    },
  };
}

function pooled(entities: readonly Float64Array[]): { readonly values: Float64Array; readonly owners: Uint32Array } {
  const all = joined(entities);
  const ownersOfAll = new Uint32Array(all.length);
  let at = 0;
  for (const [entity, list] of entities.entries()) {
    ownersOfAll.fill(entity, at, at + list.length);
    at += list.length;
  }
  const order = Uint32Array.from(all.keys()).sort((a, b) => (all[a] as number) - (all[b] as number) || a - b);
  return {
    values: Float64Array.from(order, (place) => all[place] as number),
    owners: Uint32Array.from(order, (place) => ownersOfAll[place] as number),
  };
}

/** The quantile of ascending values without those at some ascending places. At least one must stay. */
function quantileWithout(values: Float64Array, places: readonly number[], share: number): number {
  const position = share * (values.length - places.length - 1);
  const below = Math.floor(position);
  const kept = (rank: number): number => {
    let place = rank;
    for (const gone of places) if (gone <= place) place++;
    return values[place] as number;
  };
  const low = kept(below);
  return position === below ? low : low * (1 - (position - below)) + kept(below + 1) * (position - below);
}

/**
 * The weights of the order statistics in the exact bootstrap distribution of a quantile: a beta distribution over ranks.
 * Source: Maritz and Jarrett (1978), J. Am. Stat. Assoc. 73, 194-196; here at the type 7 place 1 + (n - 1) share.
 */
function orderWeights(count: number, share: number): Float64Array {
  const beta = betaDistribution(1 + (count - 1) * share, 1 + (count - 1) * (1 - share));
  const reached = Float64Array.from({ length: count + 1 }, (_, rank) => beta.cdf(rank / count));
  return Float64Array.from({ length: count }, (_, rank) => (reached[rank + 1] as number) - (reached[rank] as number));
}

/** The standard deviation of ascending values under weights that sum to 1. */
function spreadUnder(ascending: Float64Array, weights: Float64Array): number {
  const first = ascending[0] as number;
  let mean = 0;
  for (let rank = 0; rank < weights.length; rank++) mean += (weights[rank] as number) * ((ascending[rank] as number) - first);
  let squares = 0;
  for (let rank = 0; rank < weights.length; rank++)
    squares += (weights[rank] as number) * ((ascending[rank] as number) - first - mean) ** 2;
  return Math.sqrt(squares);
}
