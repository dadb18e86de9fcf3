/** p-values adjusted for how many were looked at. */
import { invariant } from "../../../data/foundation/index.ts";
import { sumOf } from "../sums.ts";

/** How p-values are adjusted; see `adjustPValues`. */
export type Adjustment =
  | "bonferroni"
  | "sidak"
  | "holm"
  | "holm-sidak"
  | "hochberg"
  | "hochberg-sidak"
  | "benjamini-hochberg"
  | "benjamini-yekutieli"
  | "fixed-sequence";

/**
 * Adjusted p-values in the order given: a hypothesis is rejected at family level alpha when its adjusted p-value is below alpha. Every p-value must be in [0, 1]: one
 * that is missing cannot be left out, because all others depend on how many there are. An empty family has none.
 *
 * - `bonferroni`, `sidak`: m p; 1 - (1 - p)^m (Sidak needs independence or positive dependence).
 * - `holm`, `holm-sidak`: step down from the smallest, m - i + 1 in place of m. Holm (1979), Scand. J. Stat. 6, 65-70.
 * - `hochberg`, `hochberg-sidak`: step up from the largest, same factors; needs independence or positive dependence. Hochberg (1988), Biometrika 75, 800-802.
 * - `benjamini-hochberg`, `benjamini-yekutieli`: false discovery rate, step up by m / i, and by that times 1 + 1/2 + .. + 1/m under any dependence.
 *   Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57, 289-300; Benjamini and Yekutieli (2001), Ann. Stat. 29, 1165-1188.
 * - `fixed-sequence`: in the order given, each at the full level until one fails: the largest so far. Maurer, Hothorn and Lehmacher (1995).
 *
 * @example
 * adjustPValues([0.01, 0.04, 0.03, 0.005], "holm")
 * // => [0.03, 0.06, 0.06, 0.02]
 */
export function adjustPValues(pValues: readonly number[], adjustment: Adjustment): readonly number[] {
  for (const p of pValues) invariant(p >= 0 && p <= 1, `a p-value of ${p} in a family`);
  const m = pValues.length;
  const sidak = (p: number, count: number): number => -Math.expm1(count * Math.log1p(-p));
  const sorted = pValues.map((p, place) => ({ p, place })).sort((a, b) => a.p - b.p || a.place - b.place);
  const stepped = (way: "down" | "up", of: (p: number, rank: number) => number): readonly number[] => {
    const result = pValues.map(() => 1);
    const order = way === "down" ? sorted : [...sorted].reverse();
    let last = way === "down" ? 0 : 1;
    for (const [index, { p, place }] of order.entries()) {
      const own = Math.min(1, of(p, way === "down" ? index + 1 : m - index));
      last = way === "down" ? Math.max(last, own) : Math.min(last, own);
      result[place] = last;
    }
    return result;
  };
  switch (adjustment) {
    case "bonferroni":
      return pValues.map((p) => Math.min(1, m * p));
    case "sidak":
      return pValues.map((p) => sidak(p, m));
    case "holm":
      return stepped("down", (p, rank) => (m - rank + 1) * p);
    case "holm-sidak":
      return stepped("down", (p, rank) => sidak(p, m - rank + 1));
    case "hochberg":
      return stepped("up", (p, rank) => (m - rank + 1) * p);
    case "hochberg-sidak":
      return stepped("up", (p, rank) => sidak(p, m - rank + 1));
    case "benjamini-hochberg":
      return stepped("up", (p, rank) => (m / rank) * p);
    case "benjamini-yekutieli": {
      const price = dependencePrice(m);
      return stepped("up", (p, rank) => price * (m / rank) * p);
    }
    case "fixed-sequence": {
      let largest = 0;
      return pValues.map((p) => {
        largest = Math.max(largest, p);
        return largest;
      });
    }
  }
}

/** What any dependence of m comparisons costs: 1 + 1/2 + .. + 1/m. */
export function dependencePrice(m: number): number {
  return sumOf(Array.from({ length: m }, (_, index) => 1 / (index + 1)));
}
