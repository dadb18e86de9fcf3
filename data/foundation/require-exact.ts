/** Amounts whose sums must be the same in any order. */
import { diagnose, InputRefused } from "./diagnostic.ts";
import { checkLimit } from "./limits.ts";

/**
 * Stops with InputRefused (`limit-exceeded`) when an amount in smallest units is beyond the integers that are exact: a rounded sum
 * would no longer be the same in any order. `what` names the amount in the user's words,
 * and is asked only then.
 *
 * @example
 * requireExact(12, () => "GMV of gold")
 * // => 12
 */
export function requireExact(amount: number, what: () => string): number {
  const limit = checkLimit("measureAbsolute", Math.abs(amount));
  if (limit === undefined) return amount;
  throw new InputRefused([diagnose("limit-exceeded", { message: `${what()}: ${limit.message}`, cure: limit.cure })]);
}
