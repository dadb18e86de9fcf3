/** Columns for a terminal. */

/**
 * Rows under their headings, columns parted by two spaces; columns of numbers stand right.
 *
 * @example
 * textTable(["tier", "entities"], [["gold", "12"], ["watch", "3"]])
 * // => "tier   entities\ngold         12\nwatch         3"
 */
export function textTable(headings: readonly string[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(plainSpaces));
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const isNumber = headings.map((_, column) => rows.length > 0 && rows.every((row) => /^[-+−]?[\d.,]*( ?%)?$/.test(row[column] ?? "")));
  const write = (row: readonly string[]) =>
    row
      .map((cell, column) => (isNumber[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [headings, ...rows].map(write).join("\n");
}

/** Words of a page for a terminal, where a search for a space finds no other. */
export function plainSpaces(text: string): string {
  return text.replaceAll("\u00a0", " ");
}
