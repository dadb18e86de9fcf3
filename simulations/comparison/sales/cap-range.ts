/** What a cap of orders a day removes from a period of several days: the panel does not say how the orders lay over the days. */
import { invariant } from "../../../data/foundation/index.ts";

/** One period under two caps. Whole numbers of orders; Infinity where there is no cap. */
export interface CappedPeriod {
  readonly orders: number;
  readonly days: number;
  /** The lower and the higher cap, a day. */
  readonly lower: number;
  readonly higher: number;
  /** The cap that was really in force when the orders came in: no day had more. */
  readonly inForce: number;
}

/** The fewest and the most that can be removed. */
export interface Removed {
  readonly fewest: number;
  readonly most: number;
}

const nothing: Removed = { fewest: 0, most: 0 };

/**
 * Orders that the lower cap turns away and the higher one does not: the extremes over every way in which the orders can lie over the days,
 * one way for both caps, so that a cap against itself gives [0, 0]. One cap against none: spread evenly gives the fewest, all on as few
 * days as possible the most. A day is its own case, and exact.
 *
 * With D = higher - lower: a day of x orders gives 0 up to `lower`, x - lower up to `higher`, then D. It is convex up to `higher`, so that the
 * most fills days to `higher` one after the other; beyond it more orders cost nothing, so that the fewest fills every day to `lower`, and
 * puts the rest on as few days as the cap in force allows.
 *
 * @example
 * removedBetween({ orders: 420, days: 7, lower: 50, higher: Number.POSITIVE_INFINITY, inForce: Number.POSITIVE_INFINITY })
 * // => { fewest: 70, most: 370 }
 */
export function removedBetween({ orders, days, lower, higher: stated, inForce }: CappedPeriod): Removed {
  const higher = Math.min(stated, inForce);
  if (!(lower < higher) || orders <= 0) return nothing;
  invariant(orders <= days * inForce, "more orders than the cap in force allows");
  const between = higher - lower;
  const full = Number.isFinite(higher) ? Math.min(days, Math.floor(orders / higher)) : 0;
  const most = (full === 0 ? 0 : full * between) + (full < days ? Math.max(0, orders - (full === 0 ? 0 : full * higher) - lower) : 0);
  const beyond = Math.max(0, orders - days * lower);
  if (higher === inForce) return { fewest: beyond, most };
  const room = inForce - lower;
  const packed = Number.isFinite(room) ? Math.floor(beyond / room) : 0;
  const fewest = (packed === 0 ? 0 : packed * between) + Math.min(beyond - (packed === 0 ? 0 : packed * room), between);
  return { fewest, most };
}

/**
 * amount x part / whole in whole units, halves away from 0; exact whatever their size. Whole numbers, `whole` above 0.
 *
 * @example
 * [shareOfAmount(1001, 1, 2), shareOfAmount(-1001, 1, 2)]
 * // => [501, -501]
 */
export function shareOfAmount(amount: number, part: number, whole: number): number {
  if (part === 0 || amount === 0) return 0;
  if (part === whole) return amount;
  const product = amount * part;
  if (Number.isSafeInteger(product) && Number.isSafeInteger(2 * product)) {
    const size = Math.abs(product);
    const rest = size % whole;
    const rounded = (size - rest) / whole + (2 * rest >= whole ? 1 : 0);
    return product < 0 ? -rounded : rounded;
  }
  const exact = BigInt(amount) * BigInt(part);
  const size = exact < 0n ? -exact : exact;
  const rounded = Number((2n * size + BigInt(whole)) / (2n * BigInt(whole)));
  return exact < 0n ? -rounded : rounded;
}
