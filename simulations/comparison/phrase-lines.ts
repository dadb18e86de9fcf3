/** Lines of a language of their own, one after the other: in a file of a programme under one key, or given one by one. */
import { type Diagnostic, diagnose } from "../../data/foundation/index.ts";
import {
  asText,
  type Cursor,
  type DocumentNode,
  fieldsOf,
  type Problems,
  placeOf,
  readDocument,
  readPhrase,
  type Shape,
  type TextNode,
} from "../../policies/language/index.ts";

/** What the lines are called, and where they stand in their file. */
export interface LineKind {
  /** The key of the list, which is what they are called together: `guards`. */
  readonly key: string;
  /** `a guard`. */
  readonly one: string;
  /** The keys of the file. */
  readonly shape: Shape;
  /** A line by example. */
  readonly form: string;
}

/** The lines of the file of a programme; none where its list cannot be read. Faults are located; `none`: that the list is empty. */
export function linesOfFile(
  { text, file, programme }: { readonly text: string; readonly file: string; readonly programme: string },
  { key, shape, form }: LineKind,
  problems: Problems,
): { readonly lines: readonly DocumentNode[]; readonly none: readonly Diagnostic[] } {
  const what = `a file of ${key}`;
  const root = readDocument({ text, file, problems, what })?.root;
  const fields = root === undefined ? undefined : fieldsOf(root, shape, what, problems);
  const named = fields?.text("programme");
  if (named !== undefined && named.text !== programme) {
    problems.add("cases-mismatch", placeOf(named), {
      message: `these ${key} are of '${named.text.slice(0, 80)}', and the policy is of '${programme}'`,
      found: named.text.slice(0, 80),
      expected: programme,
    });
  }
  const list = fields?.list(key);
  if (list === undefined || list.items.length > 0) return { lines: list?.items ?? [], none: [] };
  const cure = `Add a line like '- ${form}'.`;
  return {
    lines: [],
    none: [diagnose("missing-key", { message: `${what} holds at least one`, place: placeOf(list), expected: form, cure })],
  };
}

/** Lines that were given one by one. `file` names where, in places. */
export function givenLines(lines: readonly string[], file: string): readonly TextNode[] {
  return lines.map((text, index): TextNode => {
    const source = { file, text: `${"\n".repeat(index)}${text}`, lineStarts: Array.from({ length: index + 1 }, (_, line) => line) };
    return { kind: "text", text, source, start: index, end: index + text.length };
  });
}

/** Each line that reads, with where it stands. */
export function readLines<Line>(
  nodes: readonly DocumentNode[],
  { one }: LineKind,
  problems: Problems,
  read: (cursor: Cursor, node: TextNode) => Line,
): readonly { readonly line: Line; readonly node: TextNode }[] {
  return nodes.flatMap((node) => {
    const text = asText(node, problems, one);
    const line = text === undefined ? undefined : readPhrase(text, problems, (cursor) => read(cursor, text));
    return line === undefined || text === undefined ? [] : [{ line, node: text }];
  });
}
