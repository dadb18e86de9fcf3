/** Columns for a terminal. */

/**
 * Rows under their headings, columns parted by two spaces; columns of numbers stand right.
 *
 * @example
 * textTable(["tier", "entities"], [["gold", "12"], ["watch", "3"]])
 * // => "tier   entities\ngold         12\nwatch         3"
 */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const isNumber = headings.map((_, column) => rows.length > 0 && rows.every((row) => /^[-+−]?[\d.,]*( ?%)?$/.test(row[column] ?? "")));
  const write = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (isNumber[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [headings, ...rows].map(write).join("\n");
}
