/** Means over a Poisson count of quantities of one sign, kept precise far out. */
import { gammaFactor, logGammaFactor } from "./incomplete-gamma.ts";

/** What is averaged over the count j = 0, 1, 2, ...: log-concave in j. */
export interface OfCount {
  /** Its value, computed directly. */
  readonly value: (j: number) => number;
  /** About its logarithm, also where the value is below the doubles: only to find the counts that matter. */
  readonly log: (j: number) => number;
  /** From its value at one count to that at the next (`up`) or the one before: by an addition or a product that loses no digit. */
  readonly next: (value: number, j: number) => number;
  readonly up: boolean;
}

/** exp(-mean) mean^j / j!, precise for large counts. */
export function poissonMass(mean: number, j: number): number {
  return j === 0 ? Math.exp(-mean) : gammaFactor(j, mean) / j;
}

function logPoissonMass(mean: number, j: number): number {
  return j === 0 ? -mean : logGammaFactor(j, mean) - Math.log(j);
}

/**
 * The mean of `value` over a Poisson count: summed over the counts that matter, found by halving because the terms rise to one peak; the values go by
 * recurrence in their stable direction. Cost: about 100 logarithms and 15 square roots of the mean steps.
 */
export function poissonMixture(mean: number, { value, log, next, up }: OfCount): number {
  const term = (j: number): number => logPoissonMass(mean, j) + log(j);
  let top = Math.max(8, 2 * Math.ceil(mean));
  while (term(top) > term(top - 1)) top *= 2;
  const mode = firstCount((j) => term(j + 1) <= term(j), 0, top);
  const highest = term(mode);
  if (!(highest > -800)) return 0;
  const least = highest - 45;
  const first = term(0) >= least ? 0 : firstCount((j) => term(j) >= least, 0, mode);
  let beyond = mode + 8;
  while (term(beyond) >= least) beyond *= 2;
  const last = firstCount((j) => term(j) < least, mode, beyond);
  let sum = 0;
  let j = up ? first : last;
  let now = value(j);
  let mass = poissonMass(mean, j);
  for (let steps = last - first; ; steps--) {
    sum += mass * now;
    if (steps === 0) return sum;
    now = next(now, j);
    mass = mass < 1e-290 ? poissonMass(mean, up ? j + 1 : j - 1) : mass * (up ? mean / (j + 1) : j / mean);
    j += up ? 1 : -1;
  }
}

/** The first count above `below` for which a claim holds that stays true up to `above`, where it holds. */
function firstCount(holds: (j: number) => boolean, below: number, above: number): number {
  if (holds(below)) return below;
  let [left, right] = [below, above];
  while (right - left > 1) {
    const middle = Math.floor((left + right) / 2);
    if (holds(middle)) right = middle;
    else left = middle;
  }
  return right;
}
