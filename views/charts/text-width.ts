/** How wide words come out in the charts' sans face, near enough to place and to cut them. */

/** Widths in thousandths of the font size (Arial and its kin); what is not listed is 556, beyond Latin 1000. */
const widths: ReadonlyMap<string, number> = new Map(
  Object.entries({
    222: "ijl'",
    278: " \u00a0\u2009.,:;/!|ftI[]",
    333: "r()-·",
    500: "cksvxyzJ",
    584: "+<>=~−",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "▼▲◇→…@",
  }).flatMap(([width, letters]) => Array.from(letters, (letter) => [letter, Number(width)] as const)),
);

/** Width in px of words at a font size; bold is about 6 % wider. */
export function textWidth(words: string, size: number, isBold = false): number {
  let total = 0;
  for (const letter of words) total += widths.get(letter) ?? (letter > "\u2e80" ? 1000 : 556);
  return (total / 1000) * size * (isBold ? 1.06 : 1);
}

/**
 * The words, cut with an ellipsis where they would be wider than `width`.
 *
 * @example
 * fitText("restricted", 40, 13)
 * // => "restr…"
 */
export function fitText(words: string, width: number, size: number, isBold = false): string {
  if (textWidth(words, size, isBold) <= width) return words;
  const letters = Array.from(words);
  while (letters.length > 1 && textWidth(`${letters.join("")}…`, size, isBold) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}
