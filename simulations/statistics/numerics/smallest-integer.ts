/** Searches among whole numbers. */

/**
 * The smallest whole number from `from` on at which a claim holds that, once true, stays true; undefined if not up to `to`. About two evaluations a
 * doubling.
 *
 * @example
 * smallestInteger((n) => n * n >= 50, { from: 1, to: 100 })
 * // => 8
 */
export function smallestInteger(
  holds: (n: number) => boolean,
  { from, to, start = from }: { readonly from: number; readonly to: number; readonly start?: number },
): number | undefined {
  let [below, above] = [from - 1, to + 1];
  let candidate = Math.min(to, Math.max(from, start));
  for (let width = 1; ; width *= 2) {
    if (holds(candidate)) {
      above = candidate;
      if (candidate === from) return from;
      candidate = Math.max(from, candidate - width);
    } else {
      below = candidate;
      if (candidate === to) return undefined;
      candidate = Math.min(to, candidate + width);
    }
    if (below >= from && above <= to) break;
  }
  while (above - below > 1) {
    const middle = Math.floor(below + (above - below) / 2);
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}
