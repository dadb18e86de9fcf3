/** A table's cells for people, and the same cells as CSV. */
import { unreachable } from "../../data/foundation/index.ts";
import { formatCount, formatMoneyExact, formatNumber, formatPoints, formatShare, formatSignificant } from "../formats/index.ts";
import type { Cell, ColumnFormat, ReportTable } from "./report.ts";

const rowsOnPageMax = 100;

/** With more decimals than these a column would be wider than it is worth. */
const decimalsMost = 4;

/** Columns of text that may lead a table without a class on every cell; the style sheet has a rule for each count. */
const leadsMax = 4;

/** A cell or a head as display text; `isText` where it is text that stands after numbers. */
export interface ShownCell {
  readonly text: string;
  readonly isText: boolean;
  readonly href?: string;
  /** The ends of its interval, `35.2 to 43.6 %`: they stand under the figure, where the CSV has columns of their own. */
  readonly range?: string;
}

/** A table as a page shows it. Cells are numbers, but for the first columns (`leads` of them) and what is marked as text. */
export interface ShownTable {
  readonly leads: number;
  readonly heads: readonly ShownCell[];
  readonly rows: readonly (readonly ShownCell[])[];
  /** Says what the page leaves out: a long table would weigh more than the page. */
  readonly cut: string;
}

/** The columns and rows that a page shows. */
export function shownTable({ columns, rows, currency, rowLinks }: ReportTable): ShownTable {
  const firstNumber = columns.findIndex(({ format }) => format !== "text");
  const leads = Math.min(leadsMax, firstNumber < 0 ? columns.length : firstNumber);
  const decimals = columns.map(({ format }, index) => (format === "number" ? decimalsOfColumn(rows.map((row) => row[index])) : undefined));
  const isText = (index: number) => index >= leads && (columns[index]?.format ?? "text") === "text";
  const { length } = rows;
  const endOf = (index: number) => /^(.*?) ?(lower|upper)$/.exec(columns[index]?.title ?? "") ?? [];
  /** Both ends of one interval stand here and in the next column. */
  const isRange = (index: number) => endOf(index)[2] === "lower" && endOf(index + 1)[2] === "upper";
  const hasRange = (index: number) => index >= leads && endOf(index).length === 0 && isRange(index + 1);
  const isShown = (_: unknown, index: number) => !(isRange(index - 1) || (isRange(index) && hasRange(index - 1)));
  return {
    leads,
    heads: columns
      .map(({ title }, index) => ({
        text: isRange(index) ? `${endOf(index)[1] ?? ""} lower to upper`.trim() : title,
        isText: isText(index),
        ...(hasRange(index) ? { range: "lower to upper" } : {}),
      }))
      .filter(isShown),
    rows: rows.slice(0, rowsOnPageMax).map((row, at) => {
      const texts = row.map((cell, index) => {
        const fixed = decimals[index];
        return fixed === undefined || typeof cell === "string"
          ? cellText(cell, columns[index]?.format ?? "text", currency)
          : formatNumber(cell, fixed);
      });
      const cells = texts.map((text, index) => {
        const range = (place: number) => rangeText(texts[place] ?? "", texts[place + 1] ?? "");
        const under = hasRange(index) ? range(index + 1) : "";
        return { text: isRange(index) ? range(index) : text, isText: isText(index), ...(under === "" ? {} : { range: under }) };
      });
      const href = rowLinks?.[at];
      const shown = cells.filter(isShown);
      return href === undefined ? shown : shown.map((cell, index) => (index === shown.length - 1 ? { ...cell, href } : cell));
    }),
    cut: length > rowsOnPageMax ? `The first ${formatCount(rowsOnPageMax)} of ${formatCount(length)} rows; the CSV holds all.` : "",
  };
}

/** Both ends with their unit once; empty where there are none. */
function rangeText(lower: string, upper: string): string {
  if (lower === "" || upper === "") return lower + upper;
  const unit = /\u00a0(%|pp)$/.exec(upper)?.[0] ?? "";
  return `${unit === "" ? lower : lower.replace(unit, "")} to ${upper}`;
}

/** Where all of a column lies below 1 its points stand under each other; undefined where each cell keeps its own decimals. */
function decimalsOfColumn(cells: readonly (Cell | undefined)[]): number | undefined {
  const sizes = cells.filter((cell) => typeof cell === "number" && cell !== 0).map((cell) => Math.abs(Number(cell)));
  const least = Math.min(...sizes);
  if (sizes.length === 0 || Math.max(...sizes) >= 1) return undefined;
  const decimals = 1 - Math.floor(Math.log10(least));
  return decimals > decimalsMost ? undefined : decimals;
}

function cellText(cell: Cell, format: ColumnFormat, currency: string): string {
  if (typeof cell === "string") return cell;
  switch (format) {
    case "count":
      return formatCount(cell);
    case "share":
      return formatShare(cell, 2);
    case "points":
      return `${formatPoints(cell)}\u00a0pp`;
    case "money":
      return formatMoneyExact(cell, currency);
    case "number":
    case "text":
      return cell !== 0 && Math.abs(cell) < 0.1 ? formatSignificant(cell, 2) : formatNumber(cell, Number.isInteger(cell) ? 0 : 2);
    default:
      return unreachable(format);
  }
}

/**
 * The table as CSV (RFC 4180, line ends CRLF): raw numbers, money in major units.
 *
 * @example
 * csvOf({ columns: [{ title: "tier, held", format: "text" }, { title: "GMV", format: "money" }], rows: [["gold", 1234]], currency: "USD" })
 * // => '"tier, held",GMV (USD)\r\ngold,12.34\r\n'
 */
export function csvOf(table: ReportTable): string {
  const head = table.columns.map(({ title, format }) => (format === "money" ? `${title} (${table.currency})` : title));
  const rows = table.rows.map((row) =>
    row.map((cell, index) => (typeof cell === "number" && table.columns[index]?.format === "money" ? cell / 100 : cell)),
  );
  return csvLines([head, ...rows]);
}

const looksLikeFormula = /^[=@\t\r]|^[+-].*[(|!=]/;

/** Rows as CSV lines; a cell with a comma, a quote or a line break is quoted. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

/** Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers. */
function csvCell(cell: Cell): string {
  const text = typeof cell === "string" && looksLikeFormula.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
