/** How wide words come out in the charts' sans face, near enough to place and to cut them. */

const narrow = new Set("iIljtf.,:;!'|()[] \u00a0/-·");
const wide = new Set("mwMWGOQCDHNUABEKPRSVXY%@&▼▲→");

/** Width in px of words at a font size; bold is about 6 % wider. Metrics of Arial and its kin, rounded to three classes. */
export function textWidth(words: string, size: number, isBold = false): number {
  let em = 0;
  for (const letter of words) em += narrow.has(letter) ? 0.31 : letter === "m" || letter === "M" || letter === "W" || letter === "%" ? 0.86 : wide.has(letter) ? 0.7 : letter > "\u2e80" ? 1 : 0.556;
  return em * size * (isBold ? 1.06 : 1);
}

/**
 * The words, cut with an ellipsis where they would be wider than `width`.
 *
 * @example
 * fitText("restricted", 30, 13)
 * // => "rest…"
 */
export function fitText(words: string, width: number, size: number, isBold = false): string {
  if (textWidth(words, size, isBold) <= width) return words;
  const letters = [...words];
  while (letters.length > 1 && textWidth(`${letters.join("")}…`, size, isBold) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}
