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
  const at = placeOf(title, first.text);
  if (at < 0) return titleParts(title, rest);
  return [...titleParts(title.slice(0, at)), first, ...titleParts(title.slice(at + first.text.length), rest)];
}

/** Where the amount stands whole: `$5` is not in `$50`, nor in `$5 million`. */
function placeOf(title: string, amount: string): number {
  for (let at = title.indexOf(amount); at >= 0; at = title.indexOf(amount, at + 1)) {
    if (!/^(?:\u00a0|[.,]?\d)/.test(title.slice(at + amount.length))) return at;
  }
  return -1;
}
