/** Plain text with its own structure (headings, items, details) as blocks that a page can set. */

/** One of several: what it is about, what is said of it, and the smaller print. */
export interface TextItem {
  /** `Late dispatch rate`; empty when the item names nothing first. */
  readonly lead: string;
  readonly text: string;
  /** Deeper lines as one; may be empty. */
  readonly detail: string;
}

/** A heading, a paragraph, or a list. */
export type TextBlock =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly TextItem[] };

interface Line {
  readonly text: string;
  readonly indent: number;
  readonly isDashed: boolean;
  /** After a blank line, or the first. */
  readonly isFirst: boolean;
}

/** From here on a line without an end of sentence was wrapped by its writer. */
const wrappedFrom = 80;
const leadMax = 60;
const detailIndent = 4;

/**
 * Reads plain text: a line before an indented or dashed one heads it; dashed and indented lines are items, deeper ones details of the
 * item above; lines that were wrapped by hand are joined again. Blank lines part paragraphs and are left out.
 *
 * @example
 * textBlocks("Metrics\n- Late share: 4 %.\n    At least 10: yes\n    Known: no")
 * // => [{ kind: "heading", text: "Metrics" }, { kind: "list", items: [{ lead: "Late share", text: "4 %.", detail: "At least 10: yes; Known: no" }] }]
 */
export function textBlocks(text: string): readonly TextBlock[] {
  const lines = unwrapped(text);
  const blocks: TextBlock[] = [];
  for (const [index, line] of lines.entries()) {
    const last = blocks.at(-1);
    if (isItem(line)) {
      const item = { ...itemOf(line.text), detail: "" };
      if (line.indent >= detailIndent && last?.kind === "list") blocks[blocks.length - 1] = withDetail(last.items, line.text);
      else if (last?.kind === "list") blocks[blocks.length - 1] = { kind: "list", items: [...last.items, item] };
      else blocks.push({ kind: "list", items: [item] });
    } else {
      const next = lines[index + 1];
      const isHeading = next !== undefined && isItem(next) && !next.isFirst;
      blocks.push({ kind: isHeading ? "heading" : "paragraph", text: line.text });
    }
  }
  return blocks;
}

/** The paragraphs before the first heading or list, and the rest: what a page says at once, and what it folds away. */
export function leadAndRest(blocks: readonly TextBlock[]): { readonly lead: readonly TextBlock[]; readonly rest: readonly TextBlock[] } {
  const at = blocks.findIndex((block) => block.kind !== "paragraph");
  return at < 0 ? { lead: blocks, rest: [] } : { lead: blocks.slice(0, at), rest: blocks.slice(at) };
}

function isItem(line: Line): boolean {
  return line.isDashed || line.indent > 0;
}

/** Lines without blanks; those that their writer wrapped joined. */
function unwrapped(text: string): readonly Line[] {
  const lines: Line[] = [];
  let previous = "";
  for (const raw of text.split("\n")) {
    const trimmed = raw.trim();
    const last = lines.at(-1);
    const indent = raw.length - raw.trimStart().length;
    const isDashed = trimmed.startsWith("- ");
    if (trimmed !== "" && last !== undefined && isWrapped(previous) && indent === last.indent && !isDashed)
      lines[lines.length - 1] = { ...last, text: `${last.text} ${trimmed}` };
    else if (trimmed !== "") lines.push({ text: trimmed.replace(/^- /, ""), indent, isDashed, isFirst: previous === "" });
    previous = trimmed;
  }
  return lines;
}

/** A long line that ends within a sentence. */
function isWrapped(line: string): boolean {
  return line.length >= wrappedFrom && !/[.!?:]$/.test(line);
}

function itemOf(text: string): { readonly lead: string; readonly text: string } {
  const at = text.indexOf(": ");
  return at > 0 && at <= leadMax ? { lead: text.slice(0, at), text: text.slice(at + 2) } : { lead: "", text };
}

function withDetail(items: readonly TextItem[], text: string): TextBlock {
  return {
    kind: "list",
    items: items.map((item, index) => {
      if (index < items.length - 1) return item;
      const joint = item.detail === "" ? "" : /[.!?]$/.test(item.detail) ? " " : "; ";
      return { ...item, detail: `${item.detail}${joint}${text}` };
    }),
  };
}
