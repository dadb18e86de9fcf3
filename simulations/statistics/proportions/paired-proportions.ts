/** The difference of two proportions of the same entities: each entity has two answers, so only the discordant ones carry it. */
import { invariant } from "../../../data/foundation/index.ts";
import { criticalValue } from "../distributions/index.ts";
import { type Estimated, estimated, undetermined } from "../estimate.ts";
import { wilsonBounds } from "./proportion.ts";

/** A 2 x 2 table of pairs: yes under both, only under the second, only under the first, under neither. */
export interface PairedOptions {
  readonly both: number;
  readonly onlySecond: number;
  readonly onlyFirst: number;
  readonly neither: number;
  readonly level: number;
  readonly assumptions?: readonly string[];
}

/**
 * Second proportion minus first, with Tango's score interval: all differences that the paired score test does not reject, the
 * nuisance parameter at its restricted maximum likelihood. Sensible without any discordant pair. No pairs: Undetermined. Bounds
 * by bisection, to the last bit. Source: Tango (1998), Statistics in Medicine 17, 891-908.
 *
 * @example
 * tangoPaired({ both: 0, onlySecond: 0, onlyFirst: 0, neither: 0, level: 0.95 }).kind
 * // => "undetermined"
 */
export function tangoPaired(options: PairedOptions): Estimated {
  const { onlySecond, onlyFirst, level } = options;
  const n = pairs(options);
  if (n === 0) return noPairs();
  const z = criticalValue(level);
  const value = (onlySecond - onlyFirst) / n;
  // The lower bound is the mirrored upper bound of the swapped table, so that swapping flips the interval to the last bit.
  const lower = -upperScoreBound(onlyFirst, onlySecond, n, z);
  const upper = upperScoreBound(onlySecond, onlyFirst, n, z);
  return estimated({ value, lower, upper, level, method: "Tango score, paired", n, assumptions: options.assumptions ?? [] });
}

/** The largest difference that the score test does not reject. */
function upperScoreBound(onlySecond: number, onlyFirst: number, n: number, z: number): number {
  if (onlySecond === n) return 1;
  const score = (difference: number): number =>
    onlySecond - onlyFirst - n * difference + z * Math.sqrt(n * tangoRestrictedVariance(onlySecond, onlyFirst, n, difference));
  return bisect(score, (onlySecond - onlyFirst) / n, 1);
}

/**
 * Second proportion minus first, by squares and adding Wilson bounds, with Newcombe's correlation correction.
 * No pairs: Undetermined. Source: Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10.
 */
export function newcombePaired(options: PairedOptions): Estimated {
  const { both, onlySecond, onlyFirst, neither, level } = options;
  const n = pairs(options);
  if (n === 0) return noPairs();
  const z = criticalValue(level);
  const second = wilsonBounds(both + onlySecond, n, z);
  const first = wilsonBounds(both + onlyFirst, n, z);
  const [p2, p1] = [(both + onlySecond) / n, (both + onlyFirst) / n];
  const value = (onlySecond - onlyFirst) / n;
  const phi = correctedCorrelation(both, onlySecond, onlyFirst, neither);
  const lower = value - distance(p2 - second.lower, first.upper - p1, phi);
  const upper = value + distance(second.upper - p2, p1 - first.lower, phi);
  return estimated({ value, lower, upper, level, method: "Newcombe paired, method 10", n, assumptions: options.assumptions ?? [] });
}

/** Variance of one pair's difference when the true difference is given: 2 q + d (1 - d), q the restricted estimate of the first-only share. */
export function tangoRestrictedVariance(onlySecond: number, onlyFirst: number, n: number, difference: number): number {
  const a = 2 * n;
  const b = -onlySecond - onlyFirst + (2 * n - onlySecond + onlyFirst) * difference;
  const c = -onlyFirst * difference * (1 - difference);
  const root = Math.sqrt(Math.max(b * b - 4 * a * c, 0));
  // The root that does not cancel: (root - b) / 2a, or -2c / (root + b) when b is positive.
  const q = b > 0 ? (root + b === 0 ? 0 : (-2 * c) / (root + b)) : (root - b) / (2 * a);
  return Math.max(2 * q + difference * (1 - difference), 0);
}

/** Where a falling function crosses zero; it is at least 0 at the lower end and at most 0 at the upper. */
function bisect(falling: (x: number) => number, from: number, to: number): number {
  let [lower, upper] = [from, to];
  for (let step = 0; step < 200; step++) {
    const middle = (lower + upper) / 2;
    if (middle <= lower || middle >= upper) break;
    if (falling(middle) > 0) lower = middle;
    else upper = middle;
  }
  return (lower + upper) / 2;
}

function correctedCorrelation(a: number, b: number, c: number, d: number): number {
  const margins = (a + b) * (c + d) * (a + c) * (b + d);
  if (margins === 0) return 0;
  const product = a * d - b * c;
  const corrected = product > 0 ? Math.max(product - (a + b + c + d) / 2, 0) : product;
  return corrected / Math.sqrt(margins);
}

function distance(x: number, y: number, phi: number): number {
  return Math.sqrt(Math.max(x * x - 2 * phi * x * y + y * y, 0));
}

function pairs({ both, onlySecond, onlyFirst, neither }: PairedOptions): number {
  for (const count of [both, onlySecond, onlyFirst, neither]) invariant(Number.isInteger(count) && count >= 0, `${count} pairs`);
  return both + onlySecond + onlyFirst + neither;
}

function noPairs(): Estimated {
  return undetermined("no pair in the table", "at least one entity with both answers");
}
