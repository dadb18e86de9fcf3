/** Where in a file somebody is writing: read line by line, since what is being written is seldom whole YAML. */

/** The place of a caret. */
export interface CaretPlace {
  /** Keys that lead to it, outermost first; `-` for an item of a list. */
  readonly path: readonly string[];
  /** `key`: a key of the mapping at `path` is being written, or an item of the list; `value`: what stands under the last key of `path`. */
  readonly kind: "key" | "value";
  /** The word being written: from its offset up to the caret. */
  readonly from: number;
  readonly word: string;
  readonly isFlow: boolean;
  /** Columns before the key, in a file of lines. */
  readonly indent: number;
}

interface Frame {
  readonly indent: number;
  readonly key: string;
}

/** In quotes, or plain up to its colon. One pass over a line, however long it is. */
const keyPattern = /^(?:("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ \t]*|([^\s#'"{}[\],:-][^:#{}[\],]*)):(?=\s|$)/;

/** Longer than any path of names; what is longer is no word. */
const wordMost = 500;

/** The place of an offset; undefined inside a comment or a text of several lines. */
export function caretPlaceOf(text: string, offset: number): CaretPlace | undefined {
  let frames: Frame[] = [];
  let at = 0;
  while (true) {
    const end = lineEnd(text, at);
    const isLast = offset <= end;
    const line = text.slice(at, isLast ? offset : end);
    const read = readLine(line, frames);
    if (read === undefined) {
      if (isLast) return line.includes("#") ? undefined : blankPlace(line, frames, offset);
    } else {
      frames = read.frames;
      const valueStart = at + read.valueAt;
      const value = line.slice(read.valueAt);
      if (/^[{[]/.test(value)) {
        const closed = flowEnd(text, valueStart, offset);
        if (closed === undefined) return flowPlace(text.slice(valueStart, offset), pathOf(frames), valueStart);
        if (closed > end) {
          at = lineEnd(text, closed) + 1;
          if (at > offset) return undefined;
          continue;
        }
      }
      if (isLast) return linePlace(line, read, offset);
      if (/^[|>][+-]?\d?\s*(?:#.*)?$/.test(value) && read.isKey) {
        const next = afterBlock(text, end + 1, read.indent);
        if (offset < next) return undefined;
        at = next;
        continue;
      }
    }
    at = end + 1;
  }
}

interface ReadLine {
  readonly frames: Frame[];
  /** Column of the key, or of the text where there is none. */
  readonly indent: number;
  readonly isKey: boolean;
  /** Column at which the value stands, or the text that is no key yet. */
  readonly valueAt: number;
}

/** A line that says something: the frames that it leaves open. Undefined for a blank line or a comment. */
function readLine(line: string, before: readonly Frame[]): ReadLine | undefined {
  let indent = line.length - line.trimStart().length;
  if (indent === line.length || line[indent] === "#") return undefined;
  let frames = [...before];
  for (let dash = /^-(?:[ \t]+|$)/.exec(line.slice(indent)); dash !== null; dash = /^-(?:[ \t]+|$)/.exec(line.slice(indent))) {
    const column = indent;
    frames = frames.filter((frame) => frame.indent < column || (frame.indent === column && frame.key !== "-"));
    frames.push({ indent, key: "-" });
    indent += dash[0].length;
  }
  const column = indent;
  frames = frames.filter((frame) => frame.indent < column || (frame.key === "-" && frame.indent === column));
  const key = keyPattern.exec(line.slice(indent));
  if (key === null) return { frames, indent, isKey: false, valueAt: indent };
  frames.push({ indent, key: unquoted(key[1] ?? key[2] ?? "") });
  const after = indent + key[0].length;
  return { frames, indent, isKey: true, valueAt: after + (/^[ \t]*/.exec(line.slice(after))?.[0].length ?? 0) };
}

function linePlace(line: string, read: ReadLine, offset: number): CaretPlace | undefined {
  const value = line.slice(read.valueAt);
  if (/(?:^|\s)#/.test(value)) return undefined;
  const common = { path: pathOf(read.frames), isFlow: false, indent: read.indent };
  if (!read.isKey) return { ...common, kind: "key", from: offset - value.length, word: value };
  // Right behind the colon nothing can be written yet.
  if (!/\s$/.test(line.slice(0, read.valueAt)) && value === "") return undefined;
  const word = wordOf(value);
  return { ...common, kind: "value", from: offset - word.length, word };
}

/** On an empty line what is open as far as it is indented. */
function blankPlace(line: string, frames: readonly Frame[], offset: number): CaretPlace {
  const indent = line.length;
  const open = frames.filter((frame) => frame.indent < indent);
  return { path: pathOf(open), kind: "key", from: offset, word: "", isFlow: false, indent };
}

/** What stands open between braces and brackets. */
function flowPlace(text: string, outer: readonly string[], start: number): CaretPlace | undefined {
  const open: { readonly isMap: boolean; from: number; key: string | undefined }[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const top = open.at(-1);
    if (character === '"' || character === "'") {
      const close = quoteEnd(text, at);
      if (close === undefined) return undefined;
      at = close;
    } else if (character === "#" && /[\s,[{]/.test(text.charAt(at - 1))) {
      const end = text.indexOf("\n", at);
      if (end < 0) return undefined;
      at = end;
    } else if (character === "{" || character === "[") open.push({ isMap: character === "{", from: at + 1, key: undefined });
    else if (character === "}" || character === "]") open.pop();
    else if (top !== undefined && character === ",") Object.assign(top, { from: at + 1, key: undefined });
    else if (top?.isMap === true && top.key === undefined && character === ":" && /\s/.test(text.charAt(at + 1)))
      Object.assign(top, { key: unquoted(text.slice(top.from, at).trim()), from: at + 1 });
  }
  const top = open.at(-1);
  if (top === undefined) return undefined;
  const path = [...outer, ...open.flatMap((frame) => (frame.isMap ? (frame.key ?? (frame === top ? [] : "?")) : "-"))];
  const written = text.slice(top.from).trimStart();
  const isKey = top.isMap && top.key === undefined;
  const word = isKey ? written : wordOf(written);
  return { path, kind: isKey ? "key" : "value", from: start + text.length - word.length, word, isFlow: true, indent: 0 };
}

/** Offset of the bracket that closes a flow, when it comes before `limit`. */
function flowEnd(text: string, start: number, limit: number): number | undefined {
  let depth = 0;
  for (let at = start; at < limit; at++) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") {
      const close = quoteEnd(text, at);
      if (close === undefined) return undefined;
      at = close;
    } else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at;
  }
  return undefined;
}

/** Offset of the quote that ends a text; an apostrophe within a word begins none. */
function quoteEnd(text: string, start: number): number | undefined {
  const quote = text.charAt(start);
  if (/[\p{L}\p{N}]/u.test(text.charAt(start - 1))) return start;
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text.charAt(at) === "\\") at++;
    else if (text.charAt(at) === quote) return at;
  }
  return undefined;
}

/** The first line after a text of several lines under a key at that column. */
function afterBlock(text: string, start: number, indent: number): number {
  let at = start;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    if (line.trim() !== "" && line.length - line.trimStart().length <= indent) return at;
    at = end + 1;
  }
  return at;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function pathOf(frames: readonly Frame[]): readonly string[] {
  return frames.map(({ key }) => key);
}

function wordOf(text: string): string {
  return /[\p{L}_][\p{L}\p{N}_.]*$/u.exec(text.slice(-wordMost))?.[0] ?? "";
}

function unquoted(key: string): string {
  return /^".*"$|^'.*'$/.test(key) ? key.slice(1, -1) : key.trim();
}
