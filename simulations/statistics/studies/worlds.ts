/** What the worlds of many studies draw: values of known distributions, counts, tables, and their moments. */
import type { RandomStream } from "../../../data/foundation/index.ts";

/** Draws one thing. */
export type Draw<Drawn> = (random: RandomStream) => Drawn;

/** So many independent draws. */
export const many =
  <Drawn>(n: number, one: Draw<Drawn>): Draw<Drawn[]> =>
  (random) =>
    Array.from({ length: n }, () => one(random));

/** Draws every part of an object, in the order of its keys. */
export const together =
  <Parts extends Record<string, unknown>>(parts: { readonly [Key in keyof Parts]: Draw<Parts[Key]> }): Draw<Parts> =>
  (random) =>
    Object.fromEntries(Object.entries(parts).map(([key, draw]) => [key, (draw as Draw<unknown>)(random)])) as Parts;

export const normal =
  (mean = 0, deviation = 1): Draw<number> =>
  (random) =>
    mean + deviation * random.normal();

/** Log-normal with median `median`; its mean is `median * logNormalMean(spread)`. */
export const logNormal =
  (spread: number, median = 1): Draw<number> =>
  (random) =>
    median * Math.exp(spread * random.normal());

export const logNormalMean = (spread: number): number => Math.exp(spread ** 2 / 2);

/** Student's t with 3 degrees of freedom: symmetric, variance 3, no fourth moment. */
export const studentThree =
  (shift = 0): Draw<number> =>
  (random) =>
    shift + random.normal() / Math.sqrt(random.gamma(1.5) / 1.5);

/** Small whole numbers: most values are tied. */
export const poisson =
  (mean: number): Draw<number> =>
  (random) =>
    random.poisson(mean);

export const binomial =
  (trials: number, probability: number): Draw<{ successes: number; trials: number }> =>
  (random) => ({ successes: random.binomial(trials, probability), trials });

/** Counts of `n` units by cells of these probabilities, which sum to 1. */
export const multinomial =
  (n: number, probabilities: readonly number[]): Draw<number[]> =>
  (random) => {
    let left = n;
    let mass = 1;
    return probabilities.map((probability, cell) => {
      const count = cell === probabilities.length - 1 ? left : random.binomial(left, Math.min(1, probability / mass));
      left -= count;
      mass -= probability;
      return count;
    });
  };

/** The sufficient statistics of values. */
export function momentsOf(values: readonly number[]): { n: number; mean: number; variance: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return { n, mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) };
}

/** The same of values drawn. */
export const moments =
  (n: number, one: Draw<number>): Draw<{ n: number; mean: number; variance: number }> =>
  (random) =>
    momentsOf(many(n, one)(random));

/** Sufficient statistics of two values a unit. */
export function pairMoments(first: readonly number[], second: readonly number[]) {
  const [a, b] = [momentsOf(first), momentsOf(second)];
  const covariance = first.reduce((sum, value, i) => sum + (value - a.mean) * ((second[i] as number) - b.mean), 0) / (a.n - 1);
  return { a, b, covariance };
}
