/** Plain text with its own structure (heads, items, details) as lines that a page can set. */

/** One paragraph: `group` heads what follows, `item` is one of several, `detail` belongs to the item above. */
export interface Statement {
  readonly form: "plain" | "group" | "item" | "detail";
  readonly text: string;
}

/** From here on a line without an end of sentence was wrapped by its writer. */
const wrappedFrom = 80;

/**
 * Reads plain text: a line before an indented or dashed one heads it; dashes and small indents are items, deeper indents details; lines
 * that were wrapped by hand are joined again. Blank lines are left out.
 *
 * @example
 * statementsOf("Metrics\n- Late share: 4 %.\n    At least 10: yes")
 * // => [{ form: "group", text: "Metrics" }, { form: "item", text: "Late share: 4 %." }, { form: "detail", text: "At least 10: yes" }]
 */
export function statementsOf(text: string): readonly Statement[] {
  const lines = text.split("\n");
  const statements: Statement[] = [];
  let previous = "";
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") {
      previous = "";
      continue;
    }
    const last = statements.at(-1);
    const isWrapped =
      previous.length >= wrappedFrom && !/[.!?:]$/.test(previous) && indentOf(line) === indentOf(previous) && !isDashed(line);
    if (isWrapped && last !== undefined) statements[statements.length - 1] = { ...last, text: `${last.text} ${line.trim()}` };
    else statements.push({ form: formOf(line, lines[index + 1] ?? ""), text: line.trim().replace(/^- /, "") });
    previous = line.trimEnd();
  }
  return statements;
}

function formOf(line: string, next: string): Statement["form"] {
  if (indentOf(line) >= 4) return "detail";
  if (indentOf(line) > 0 || isDashed(line)) return "item";
  return isDashed(next) || indentOf(next) > 0 ? "group" : "plain";
}

function isDashed(line: string): boolean {
  return line.startsWith("- ");
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
