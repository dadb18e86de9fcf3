/** Boundaries of group-sequential designs: at each look, the z that stops the experiment. */
import { invariant } from "../../../data/foundation/index.ts";
import { normalDistribution } from "../distributions/index.ts";
import { rootBetween, rootNear } from "../numerics/root.ts";
import { type Continuation, continueTo, continuing, crossing, type Region } from "./continuation.ts";
import { type Spending, spentError } from "./spending.ts";

/** Boundaries of a fixed form, for planned looks only: z = C share^(shape - 1/2). Shape 0 is O'Brien and Fleming's, 1/2 Pocock's. */
export interface WangTsiatis {
  readonly kind: "wang-tsiatis";
  readonly shape: number;
}

/** A group-sequential design, or as much of it as has happened. */
export interface GroupSequentialDesign {
  /** Information (1 / variance of the estimate) at each look so far, rising; any unit, shares of the maximum as well. */
  readonly information: readonly number[];
  /** The information that the design plans to end with. Default: that of the last look. */
  readonly maximumInformation?: number;
  /** Whether the last look is the final one and spends what is left. Default: when it has the maximum. */
  readonly final?: boolean;
  /** How much of the plan each look has, as shares, where error is spent by the calendar and not by information. Spending functions only. */
  readonly clock?: readonly number[];
  /** The error probability of the whole design, both sides together. */
  readonly alpha: number;
  readonly sides: 1 | 2;
  readonly form: Spending | WangTsiatis;
  /** Lower boundaries that stop for futility and do not bind: the upper ones keep their level when they are overrun. One-sided designs only. */
  readonly futility?: { readonly beta: number; readonly spending: Spending };
}

/** The boundaries, look by look. Infinity: no stopping at that look, because what it may spend is below 1e-305. */
export interface GroupSequentialBoundaries {
  /** Information as a share of the maximum. */
  readonly shares: readonly number[];
  readonly upper: readonly number[];
  /** What stops for harm: -upper in two-sided designs, -Infinity in one-sided ones. */
  readonly lower: readonly number[];
  /** Error spent up to each look, both sides together. */
  readonly spent: readonly number[];
  /** Futility boundaries, and the drift (expected z at the maximum) at which their error is beta. */
  readonly futility?: { readonly z: readonly number[]; readonly drift: number };
}

/** The smallest gain of information between looks that the recursion follows: a share of the information there. */
export const smallestGain = 0.005;
const standard = normalDistribution(0, 1);

/**
 * The boundaries of a design by Armitage, McPherson and Rowe's recursion, to about 1e-12. With spending functions the looks may come at
 * any information: what was spent at a look stays spent. Information past the maximum spends no more. Looks must rise by at least
 * 0.5 %. Cost: looks times the square of a few hundred nodes.
 * Source: Lan and DeMets (1983), Biometrika 70, 659-663, and (1989), Biometrics 45, 1017-1020, for error by the calendar; Wang and Tsiatis (1987), Biometrics 43, 193-199; Jennison and Turnbull (2000), chapters 2, 7, 19.
 *
 * @example
 * groupSequentialBoundaries({ information: [1, 2], alpha: 0.05, sides: 2, form: { kind: "wang-tsiatis", shape: 0.5 } }).upper.map((z) => z.toFixed(4))
 * // => ["2.1783", "2.1783"]
 */
export function groupSequentialBoundaries(design: GroupSequentialDesign): GroupSequentialBoundaries {
  const shares = sharesOf(design);
  const { alpha, sides, form, futility } = design;
  const upper = form.kind === "wang-tsiatis" ? fixedForm(shares, design, form.shape) : spendingForm(shares, design, form);
  const lower = upper.map((z) => (sides === 2 ? -z : Number.NEGATIVE_INFINITY));
  const spent = form.kind === "wang-tsiatis" ? crossed(shares, upper, sides) : sideSpending(shares, design, form);
  const both = spent.map((error) => Math.min(sides * error, alpha));
  if (futility === undefined) return { shares, upper, lower, spent: both };
  invariant(sides === 1, "futility boundaries of a two-sided design");
  return { shares, upper, lower, spent: both, futility: futilityOf(shares, upper, design, futility) };
}

/** Information as shares of the maximum. */
function sharesOf({ information, maximumInformation, alpha }: GroupSequentialDesign): readonly number[] {
  const last = information.at(-1) ?? 0;
  const maximum = maximumInformation ?? last;
  invariant(alpha > 0 && alpha < 1 && maximum > 0 && Number.isFinite(maximum), `alpha ${alpha}, information ${maximum}`);
  const shares = information.map((amount) => amount / maximum);
  for (const [k, share] of shares.entries()) {
    const gain = share - (shares[k - 1] ?? 0);
    invariant(gain >= smallestGain * share && share > 0, `a look at a share of ${share} of the information`);
  }
  return shares;
}

/** Error of one side that may be spent up to each look. */
function sideSpending(
  shares: readonly number[],
  { alpha, sides, final, clock = shares }: GroupSequentialDesign,
  spending: Spending,
): readonly number[] {
  const total = alpha / sides;
  invariant(clock.length === shares.length, "a clock with a share a look");
  return clock.map((share, k) => spentError(spending, total, final === true && k === clock.length - 1 ? 1 : share));
}

function spendingForm(shares: readonly number[], design: GroupSequentialDesign, spending: Spending): readonly number[] {
  const spent = sideSpending(shares, design, spending);
  const upper: number[] = [];
  let before: Continuation | undefined;
  for (const [k, information] of shares.entries()) {
    const z = boundaryFor(before, information, (spent[k] as number) - (spent[k - 1] ?? 0), design.sides);
    upper.push(z);
    if (k < shares.length - 1) before = continueTo(before, { information, region: regionOf(z, design.sides), next: shares[k + 1] });
  }
  return upper;
}

/** The z whose crossing has this probability. */
function boundaryFor(before: Continuation | undefined, information: number, error: number, sides: 1 | 2): number {
  if (error < 1e-305) return Number.POSITIVE_INFINITY;
  if (before === undefined) return standard.upperQuantile(error);
  const floor = sides === 2 ? 0 : -12;
  const excess = (z: number): number => Math.log(error) - Math.log(crossing(before, { information, z, side: "upper" }));
  // All that may still be spent is more than what still continues: everything stops here.
  if (excess(floor) >= 0) return floor;
  return rootBetween(excess, floor, excess(6) > 0 ? 6 : 39);
}

export function regionOf(upper: number, sides: 1 | 2): Region {
  return { lower: sides === 2 ? -upper : Number.NEGATIVE_INFINITY, upper };
}

/** C share^(shape - 1/2), C such that the error is all spent at the last look. */
function fixedForm(shares: readonly number[], { alpha, sides }: GroupSequentialDesign, shape: number): readonly number[] {
  const last = shares.at(-1) ?? 1;
  const bounds = (constant: number): readonly number[] => shares.map((share) => constant * (share / last) ** (shape - 0.5));
  const excess = (constant: number): number => Math.log(alpha / sides) - Math.log(crossed(shares, bounds(constant), sides).at(-1) ?? 0);
  return bounds(rootNear(excess, standard.upperQuantile(alpha / sides), true, 0.25));
}

/** Probability of having crossed upwards by each look without an effect. */
function crossed(shares: readonly number[], upper: readonly number[], sides: 1 | 2): readonly number[] {
  let total = 0;
  let before: Continuation | undefined;
  return shares.map((information, k) => {
    const z = upper[k] as number;
    total += crossing(before, { information, z, side: "upper" });
    if (k < shares.length - 1) before = continueTo(before, { information, region: regionOf(z, sides), next: shares[k + 1] });
    return total;
  });
}

/** Lower boundaries that spend beta under the drift at which the last of them meets the last upper boundary. */
function futilityOf(
  shares: readonly number[],
  upper: readonly number[],
  { final }: GroupSequentialDesign,
  { beta, spending }: { readonly beta: number; readonly spending: Spending },
): { readonly z: readonly number[]; readonly drift: number } {
  invariant(beta > 0 && beta < 1, `beta ${beta}`);
  const last = shares.length - 1;
  const spent = shares.map((share, k) => spentError(spending, beta, k === last && final !== false ? 1 : share));
  const gap = (drift: number): number => {
    const z = futilityUnder({ shares, upper, spent, drift });
    return (z[last] ?? Number.POSITIVE_INFINITY) - (upper[last] as number);
  };
  const drift = rootNear((eta) => Math.min(gap(eta), 50), 3, true);
  const z = futilityUnder({ shares, upper, spent, drift }).map((bound, k) => Math.min(bound, upper[k] as number));
  invariant(z.length === shares.length, "futility boundaries that end early");
  return { z: [...z.slice(0, -1), upper[last] as number], drift };
}

/** Shorter than the looks where everybody has stopped before the last one. */
function futilityUnder(plan: {
  readonly shares: readonly number[];
  readonly upper: readonly number[];
  readonly spent: readonly number[];
  readonly drift: number;
}): readonly number[] {
  const { shares, upper, spent, drift } = plan;
  const lower: number[] = [];
  let before: Continuation | undefined;
  for (const [k, information] of shares.entries()) {
    const error = (spent[k] as number) - (spent[k - 1] ?? 0);
    const left = before === undefined ? 1 : continuing(before, drift);
    if (left <= error) return lower;
    const centre = drift * Math.sqrt(information);
    const excess = (z: number): number => Math.log(crossing(before, { information, z, side: "lower", theta: drift })) - Math.log(error);
    const z =
      error < 1e-305
        ? Number.NEGATIVE_INFINITY
        : before === undefined
          ? centre + standard.quantile(error)
          : rootBetween(excess, centre - 38, centre + 12);
    lower.push(z);
    if (k === shares.length - 1) break;
    if (z >= (upper[k] as number)) return lower;
    before = continueTo(before, { information, region: { lower: z, upper: upper[k] as number }, next: shares[k + 1] });
  }
  return lower;
}
