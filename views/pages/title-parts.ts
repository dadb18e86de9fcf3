/** A figure's title, parted at the amounts that it writes with few digits. */
import type { Figure } from "../report/report.ts";

interface TitlePart {
  readonly text: string;
  /** To the cent; empty where nothing was cut. */
  readonly exact: string;
}

/**
 * The parts in order; together they read as the title does. Amounts come in the order of the title; one that is not in it is passed over.
 *
 * @example
 * titleParts("$1.90 million change treatment", [{ text: "$1.90 million", exact: "$1,901,204.11" }])
 * // => [{ text: "$1.90 million", exact: "$1,901,204.11" }, { text: " change treatment", exact: "" }]
 */
export function titleParts(title: string, amounts: Figure["amounts"] = []): readonly TitlePart[] {
  const [first, ...rest] = amounts;
  if (first === undefined) return title === "" ? [] : [{ text: title, exact: "" }];
  const at = title.indexOf(first.text);
  if (at < 0) return titleParts(title, rest);
  return [...titleParts(title.slice(0, at)), first, ...titleParts(title.slice(at + first.text.length), rest)];
}
