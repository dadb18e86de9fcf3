/** How a table stands on a phone: as it is where it fits, else with the words of each row above its figures. */
import { textWidth } from "../charts/text-width.ts";
import type { ShownTable } from "./table-text.ts";

/** What the style sheet gives a table on the narrowest screen that it is made for, and what it leaves between columns. */
const widthOfPhone = 358;
const gap = 12;
/** Columns that a line of figures has at most: `narrow.css` has a rule for each count. */
const columnsMost = 5;
/** What `narrow.css` keeps for the words that lead a row. */
const leadLeast = 116;

/**
 * Classes of a table that would go on beyond the edge of a phone, `broad in-3`: there as many of its figures stand in a line. Empty where it fits.
 * `leads` counts the columns of words before the first figure.
 */
export function phoneClasses({ leads, heads, rows }: Pick<ShownTable, "leads" | "heads" | "rows">): string {
  const widths = heads.map((head, index) => {
    const isWords = index < leads || head.isText;
    const cells = rows.map((row) => Math.max(textWidth(longest(row[index]?.text, isWords), 14), textWidth(row[index]?.range ?? "", 12)));
    return Math.max(textWidth(longest(head.text, true), 13), ...cells, index === 0 && leads > 0 ? leadLeast : 0);
  });
  if (sum(widths) + gap * (widths.length - 1) <= widthOfPhone) return "";
  const figures = widths.filter((_, index) => index >= Math.max(1, leads > 2 ? 1 : leads) && !heads[index]?.isText);
  const fitting = Math.floor(widthOfPhone / (Math.max(1, ...figures) + gap));
  const inLine = Math.max(1, Math.min(fitting, columnsMost, figures.length));
  // As many in each line as in the others.
  return `broad in-${Math.ceil(figures.length / Math.ceil(figures.length / inLine)) || 1}`;
}

/** What of a text stays in one line: words part, figures do not. */
function longest(text: string | undefined, isWords: boolean): string {
  if (text === undefined || !isWords) return text ?? "";
  return text.split(/[ \-/]/).reduce((most, word) => (word.length > most.length ? word : most), "");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
