/** Texts in the order in which every database has them. */

/**
 * Below 0 where the first text comes first by its code points, above 0 where the second does: the order of their bytes in UTF-8. Where
 * JavaScript's `<` sees the halves of characters beyond the basic plane, this sees the characters.
 *
 * @example
 * byCodePoints("｡", "😀") < 0
 * // => true
 */
export function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Halves of characters beyond the basic plane come after the rest of it. */
function rank(unit: number): number {
  if (unit < firstHalf) return unit;
  return unit < afterHalves ? unit + 0x2000 : unit - 0x800;
}

/** The first code unit that is half of a character beyond the basic plane; texts of units below it have the same order by units and by code points. */
export const firstHalf = 0xd800;
const afterHalves = 0xe000;
