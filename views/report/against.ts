/** Two comparisons figure by figure: the same row of both long tables, with the difference and whether their intervals overlap. */
import type { CsvRow } from "./csv-row.ts";

/** A value with its interval, as one of the two has it. */
export interface FigureSide {
  readonly value?: number;
  readonly lower?: number;
  readonly upper?: number;
  /** How it was computed, or why it was not. */
  readonly method: string;
}

/** One figure in both. */
export interface FigureAgainst {
  readonly section: string;
  readonly figure: string;
  /** Whose, when and which part, in words; may be empty. */
  readonly where: string;
  readonly definition: string;
  readonly first: FigureSide;
  readonly second: FigureSide;
  /** Second less first; absent where one has no value. */
  readonly difference?: number;
  /** Absent where one has no interval. It says whether the two intervals share a value, and no more: it is no test. */
  readonly doOverlap?: boolean;
}

/** One run's rows, and whose of them are meant. */
interface Side {
  readonly rows: readonly CsvRow[];
  readonly baseline: string;
  readonly candidate: string;
}

/**
 * The figures that both have, in the order of the first; and how many only one of them has. Versions are matched by their part in the run, not by their
 * number; rows of other candidates are left out. Rows of one key are matched in their order.
 *
 * @example
 * const rows = [{ section: "movement", figure: "movers", candidate: "2.0.0", value: 4, method: "count", definition: "" }];
 * const side = { rows, baseline: "1.0.0", candidate: "2.0.0" };
 * figuresAgainst(side, side).figures.map(({ difference }) => difference)
 * // => [0]
 */
export function figuresAgainst(
  first: Side,
  second: Side,
): { readonly figures: readonly FigureAgainst[]; readonly onlyFirst: number; readonly onlySecond: number } {
  const [own, others] = [keyed(first), keyed(second)];
  const figures = [...own].flatMap(([key, row]) => {
    const other = others.get(key);
    return other === undefined ? [] : [against(row, other, first)];
  });
  return { figures, onlyFirst: own.size - figures.length, onlySecond: others.size - figures.length };
}

function keyed({ rows, baseline, candidate }: Side): ReadonlyMap<string, CsvRow> {
  const found = new Map<string, CsvRow>();
  const seen = new Map<string, number>();
  for (const row of rows) {
    if (row.candidate !== undefined && row.candidate !== "" && row.candidate !== candidate) continue;
    const part = partOf(row, { baseline, candidate });
    if (part === undefined) continue;
    const key = JSON.stringify([row.section, row.figure, part, row.date, row.tier, row.to_tier, row.group]);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    found.set(`${key} ${count}`, row);
  }
  return found;
}

/** `baseline`, `candidate`, or nothing in particular; undefined for another candidate. */
function partOf({ version }: CsvRow, { baseline, candidate }: Omit<Side, "rows">): string | undefined {
  if (version === undefined || version === "") return "";
  // A version set against itself is both.
  return version === candidate ? "candidate" : version === baseline ? "baseline" : undefined;
}

function against(row: CsvRow, other: CsvRow, side: Side): FigureAgainst {
  const [first, second] = [sideOf(row), sideOf(other)];
  const part = partOf(row, side) ?? "";
  const words = [
    part,
    row.date,
    row.to_tier === undefined || row.to_tier === "" ? row.tier : `${row.tier ?? ""} to ${row.to_tier}`,
    row.group,
  ];
  const ends = [first.lower, first.upper, second.lower, second.upper];
  const [lower, upper, otherLower, otherUpper] = ends;
  return {
    section: String(row.section ?? ""),
    figure: String(row.figure ?? ""),
    where: words
      .map((word) => String(word ?? ""))
      .filter((word) => word !== "")
      .join(", "),
    definition: String(row.definition ?? ""),
    first,
    second,
    ...(first.value === undefined || second.value === undefined ? {} : { difference: second.value - first.value }),
    ...(lower === undefined || upper === undefined || otherLower === undefined || otherUpper === undefined
      ? {}
      : { doOverlap: lower <= otherUpper && otherLower <= upper }),
  };
}

function sideOf({ value, lower, upper, method }: CsvRow): FigureSide {
  const numbers = Object.entries({ value, lower, upper }).filter(([, cell]) => typeof cell === "number" && Number.isFinite(cell));
  return { ...(Object.fromEntries(numbers) as Pick<FigureSide, "value" | "lower" | "upper">), method: String(method ?? "") };
}
