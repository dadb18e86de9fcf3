/** How long facts take to become known, from those that are known: delays longer than the time since are not seen. */
import { invariant } from "../../../data/foundation/index.ts";
import { betaDistribution, criticalValue } from "../distributions/index.ts";
import { type Estimated, estimated, undetermined } from "../estimate.ts";
import { smallestInteger } from "../numerics/index.ts";

/** Facts that are known, counted in whole days. Both arrays are by day from 0 and of one length. */
export interface DelayCounts {
  /** By delay: how many became known so long after the day that they are about. */
  readonly delays: ArrayLike<number>;
  /** By window: how many are about a day so long before the pin. A delay is at most its window. */
  readonly windows: ArrayLike<number>;
}

/** The distribution of delays, among facts that become known within the longest window. */
export interface DelayDistribution {
  readonly n: number;
  /** The longest window: nothing is said of longer delays. */
  readonly longest: number;
  /** Share known within so many days: 0 where no fact was, 1 from the longest delay on. */
  readonly share: (days: number) => number;
  /** Variance of the logarithm of that share; infinite where the share is 0. */
  readonly logVariance: (days: number) => number;
}

/**
 * The product-limit estimate in reversed time: G(u) is the product over v > u of 1 - n(v) / R(v), with n(v) the facts of delay v and R(v)
 * those of at most that delay whose window holds it. Its variance is Greenwood's. Cost: one pass over the days. Sources: Lagakos, Barraj and
 * De Gruttola (1988), Biometrika 75, 515-523; Kalbfleisch and Lawless (1989), J. Am. Stat. Assoc. 84, 360-372.
 *
 * @example
 * delayDistribution({ delays: [2, 1, 0], windows: [1, 0, 2] }).share(0)
 * // => 0.5
 */
export function delayDistribution({ delays, windows }: DelayCounts): DelayDistribution {
  const days = delays.length;
  invariant(windows.length === days, "delays and windows of one length");
  const atRisk = new Float64Array(days);
  let [n, risk, longest] = [0, 0, 0];
  for (let day = 0; day < days; day++) {
    n += delays[day] as number;
    risk += delays[day] as number;
    atRisk[day] = risk;
    risk -= windows[day] as number;
    if ((windows[day] as number) > 0) longest = day;
  }
  const [share, logVariance] = [new Float64Array(days), new Float64Array(days)];
  let [product, variance] = [1, 0];
  for (let day = days - 1; day >= 0; day--) {
    share[day] = product;
    logVariance[day] = variance;
    const [known, whole] = [delays[day] as number, atRisk[day] as number];
    if (known === 0) continue;
    product *= 1 - known / whole;
    variance += known === whole ? Number.POSITIVE_INFINITY : known / (whole * (whole - known));
  }
  const at = (values: Float64Array, beyond: number, day: number): number => (day >= days ? beyond : (values[day] as number));
  return {
    n,
    longest,
    share: (day) => (day < 0 ? 0 : at(share, 1, day)),
    logVariance: (day) => (day < 0 ? Number.POSITIVE_INFINITY : at(logVariance, 0, day)),
  };
}

/** The smallest number of days within which at least this share is known; undefined when there is none in the distribution's days. */
export function delayQuantile(distribution: DelayDistribution, share: number): number | undefined {
  if (distribution.n === 0) return undefined;
  let day = 0;
  while (distribution.share(day) < share) day++;
  return day;
}

/**
 * How many facts about a day there will be in the end, from those known so many days after it: known / G. Those still to come are predicted
 * as failures before the next known one, a negative binomial of G; the ends widen by those of G on the log scale, and are whole numbers. G = 0:
 * Undetermined. Sources: Kalbfleisch and Lawless (1989), section 4; prediction of a count from a count: Nelson (1970), IEEE Trans. Reliab. 19,
 * 166-168; ends put together as in Zou and Donner (2008), Stat. Med. 27, 1693-1702.
 *
 * @example
 * expectedInTheEnd({ known: 12, days: 9, distribution: delayDistribution({ delays: [0, 4], windows: [0, 4] }), level: 0.95 }).value
 * // => 12
 */
export function expectedInTheEnd(options: {
  readonly known: number;
  readonly days: number;
  readonly distribution: DelayDistribution;
  readonly level: number;
}): Estimated {
  const { known, days, distribution, level } = options;
  const share = distribution.share(days);
  if (!(share > 0)) return undetermined(`nothing of the kind has been known within ${Math.max(days, 0)} days`, "a later known-at day");
  const parts = { level, method: "reverse-time hazard, prediction of the rest", n: distribution.n, assumptions: delayAssumptions };
  const rest = known / share - known;
  const tail = (1 - level) / 2;
  const factor = Math.exp(criticalValue(level) * Math.sqrt(distribution.logVariance(days)));
  const drawn = { least: known === 0 ? 0 : restQuantile(known, share, tail), most: restQuantile(known + 1, share, 1 - tail) };
  const shared = { least: known / Math.min(1, share * factor) - known, most: (known * factor) / share - known };
  const lower = Math.max(0, rest - Math.hypot(rest - Math.min(rest, drawn.least), rest - shared.least));
  const upper = rest + Math.hypot(Math.max(rest, drawn.most) - rest, shared.most - rest);
  return estimated({ value: known + rest, lower: known + Math.floor(lower + 1e-9), upper: known + Math.ceil(upper - 1e-9), ...parts });
}

/** The smallest number of failures before the `count`th success whose probability of at most that many reaches p. */
function restQuantile(count: number, share: number, p: number): number {
  if (share >= 1) return 0;
  const start = Math.floor((count * (1 - share)) / share);
  const found = smallestInteger((rest) => betaDistribution(count, rest + 1).cdf(share) >= p, { from: 0, to: 1e12, start });
  return found ?? 1e12;
}

const delayAssumptions = [
  "delays of recent facts are as those of earlier ones",
  "nothing becomes known later than the longest history shows",
];

/**
 * The sum of two independent counts that are expected; the ends of its interval are recovered from theirs, and whole. Undetermined when either is. Source: Zou and
 * Donner (2008), Stat. Med. 27, 1693-1702.
 */
export function sumOfExpected(first: Estimated, second: Estimated): Estimated {
  if (first.kind === "undetermined") return first;
  if (second.kind === "undetermined") return second;
  const value = first.value + second.value;
  const [one, other] = [first.interval, second.interval];
  const parts = { value, method: first.method, n: Math.max(first.n, second.n), assumptions: first.assumptions };
  if (one === undefined || other === undefined) return estimated(parts);
  const lower = value - Math.hypot(first.value - one.lower, second.value - other.lower);
  const upper = value + Math.hypot(one.upper - first.value, other.upper - second.value);
  return estimated({ ...parts, lower: Math.floor(lower + 1e-9), upper: Math.ceil(upper - 1e-9), level: one.level });
}
