/** Shapley's shares of a change among factors: each one's mean contribution over all orders in which the factors may change. */
import { invariant } from "../../../data/foundation/index.ts";

/**
 * The shares of every factor, given the value of each coalition: bit i of a coalition's number says that factor i has changed. They sum
 * to the last value less the first. Multiplied by `factorial`, they are sums of whole multiples of the values: give whole values and divide
 * at the end to lose nothing. A factor that changes no value has a share of 0, and the others' are as if it were not there.
 * Source: Shapley (1953), Contributions to the Theory of Games II, 307-317.
 *
 * @example
 * shapleyShares([0, 1, 0, 3], 2)
 * // => { shares: [4, 2], factorial: 2 }
 */
export function shapleyShares(
  values: ArrayLike<number>,
  factors: number,
): { readonly shares: readonly number[]; readonly factorial: number } {
  invariant(values.length === 2 ** factors, `${values.length} values of coalitions of ${factors} factors`);
  const factorials = [1];
  for (let n = 1; n <= factors; n++) factorials.push((factorials[n - 1] as number) * n);
  const shares = Array.from({ length: factors }, (_, factor) => {
    let share = 0;
    for (let coalition = 0; coalition < values.length; coalition++) {
      if ((coalition & (1 << factor)) !== 0) continue;
      const size = bitsOf(coalition);
      const orders = (factorials[size] as number) * (factorials[factors - size - 1] as number);
      share += orders * ((values[coalition | (1 << factor)] as number) - (values[coalition] as number));
    }
    return share;
  });
  return { shares, factorial: factorials[factors] as number };
}

function bitsOf(coalition: number): number {
  let bits = 0;
  for (let rest = coalition; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}
