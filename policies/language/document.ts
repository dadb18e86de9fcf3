/** A policy file as a tree of located nodes: what stands where, before anyone asks what it means. */
import type { Place } from "../../data/foundation/index.ts";

/** A file's text with the offsets at which its lines start. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
}

interface NodeCommon {
  readonly source: SourceFile;
  /** Offsets into the source: first character, and one after the last. */
  readonly start: number;
  readonly end: number;
}

/** Keys and values, in file order. Keys are unique. */
export interface MapNode extends NodeCommon {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
}

/** One key of a map with its value. */
export interface MapEntry {
  readonly key: TextNode;
  readonly value: DocumentNode;
}

/** Items in file order. */
export interface ListNode extends NodeCommon {
  readonly kind: "list";
  readonly items: readonly DocumentNode[];
}

/** A scalar: always text; numbers, units, dates and names are read by the language's own grammar. */
export interface TextNode extends NodeCommon {
  readonly kind: "text";
  readonly text: string;
}

/** Any node of a policy document. */
export type DocumentNode = MapNode | ListNode | TextNode;

/** One file, read but not yet checked. */
export interface PolicyDocument {
  readonly source: SourceFile;
  readonly root: MapNode;
}

/** Text with its line index. */
export function makeSource(file: string, text: string): SourceFile {
  const lineStarts = [0];
  for (let offset = text.indexOf("\n"); offset >= 0; offset = text.indexOf("\n", offset + 1)) lineStarts.push(offset + 1);
  return { file, text, lineStarts };
}

/** The line and column of an offset, both from 1; columns count UTF-16 code units, as editors do. Cost: log of the lines. */
export function placeAt(source: SourceFile, offset: number): Place {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file: source.file, line: low + 1, column: offset - (source.lineStarts[low] ?? 0) + 1 };
}

/** Where a node starts, or where a character of a text node stands in its file. */
export function placeOf(node: DocumentNode, textOffset = 0): Place {
  if (node.kind !== "text") return placeAt(node.source, node.start);
  return placeAt(node.source, sourceOffset(node, textOffset));
}

/**
 * Quotes, folding and indentation part a scalar's text from its source. Both are walked side by side: white space in the text
 * matches any run of white space in the source, every other character its next occurrence. Escapes in double quotes can
 * mislead it by a few columns, never by a line.
 */
function sourceOffset(node: TextNode, textOffset: number): number {
  const { text } = node.source;
  let at = node.start;
  for (let i = 0; i <= textOffset; i++) {
    const wanted = node.text[i];
    if (wanted === undefined) return Math.min(at, node.end);
    if (!/\s/.test(wanted)) {
      const found = text.indexOf(wanted, at);
      if (found < 0 || found >= node.end) return at;
      at = found;
    }
    if (i < textOffset) at++;
  }
  return at;
}

/** The value under a key, or undefined. */
export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.find((entry) => entry.key.text === key);
}
