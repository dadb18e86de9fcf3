/** Reformats a policy file: spacing, quotes and phrases in canonical form; comments, order and `extends` stay. */
import { type Document, isMap, isScalar, isSeq, Pair, parseDocument, Scalar, visit } from "yaml";
import { type Diagnostic, hasErrors } from "../../data/foundation/index.ts";
import { printScalar } from "./print-yaml.ts";
import { Problems } from "./problems.ts";
import { readDocument } from "./read-document.ts";
import { PhraseFault, tokenize } from "./tokens.ts";

/** Keys whose values are for people: their words are left as they are. */
const proseKeys: ReadonlySet<string> = new Set(["title", "rationale"]);

/**
 * The file in canonical form. A file that is not valid YAML is not touched: `text` is absent and the diagnostics say why.
 * Formatting twice changes nothing more, and never changes what the policy means.
 */
export function formatPolicy(text: string, file: string): { readonly text?: string; readonly diagnostics: readonly Diagnostic[] } {
  const problems = new Problems();
  const read = readDocument({ text, file, problems });
  const diagnostics = problems.sorted();
  if (read === undefined || hasErrors(diagnostics)) return { diagnostics };
  const source = read.source.text.replaceAll("\r\n", "\n");
  const document = parseDocument(source, { schema: "failsafe", uniqueKeys: false, logLevel: "silent" });
  keepCommentLines(document, source);
  if (document.contents !== null) tidy(document.contents, undefined, false);
  return {
    text: tightenLists(document.toString({ lineWidth: 0, flowCollectionPadding: true, indentSeq: true, minContentWidth: 0 })),
    diagnostics,
  };
}

/** The printer pads brackets like braces; lists read better without: `[0 % -> 100, 2 % -> 85]`. */
function tightenLists(text: string): string {
  const padding: number[] = [];
  visit(parseDocument(text, { schema: "failsafe", uniqueKeys: false, logLevel: "silent" }), {
    Seq: (_, list) => {
      const [start, end] = list.range ?? [0, 0];
      if (text[start] !== "[" || text.slice(start, end).includes("\n")) return;
      if (text[start + 1] === " ") padding.push(start + 1);
      if (text[end - 2] === " ") padding.push(end - 2);
    },
  });
  let tight = text;
  for (const offset of padding.toSorted((a, b) => b - a)) tight = tight.slice(0, offset) + tight.slice(offset + 1);
  return tight;
}

/**
 * A comment on the line after a value, indented, belongs to the value for the printer, which would write it behind the value, where it
 * cuts a title. It goes before the next key instead, or to the end of the mapping; one behind the value stays there.
 */
function keepCommentLines(document: Document.Parsed, source: string): void {
  visit(document, {
    Map: (_, map) => {
      for (const [index, { value }] of map.items.entries()) {
        if (!isScalar(value) || typeof value.comment !== "string" || value.range == null) continue;
        const between = source.slice(value.range[1], value.range[2]);
        const lines = value.comment.split("\n");
        const behind = between.slice(0, between.indexOf("#")).includes("\n") ? undefined : lines.shift();
        if (lines.length === 0) continue;
        const comment = lines.join("\n");
        value.comment = behind ?? null;
        const next = map.items[index + 1]?.key;
        const last = map === document.contents ? document : map;
        if (isScalar(next)) next.commentBefore = joinComments(comment, next.commentBefore);
        else last.comment = joinComments(comment, last.comment);
      }
    },
  });
}

function joinComments(first: string, second: string | null | undefined): string {
  return second == null ? first : `${first}\n${second}`;
}

function tidy(node: unknown, key: string | undefined, inFlow: boolean): void {
  if (isMap(node)) {
    const flow = inFlow || node.flow === true;
    for (const pair of node.items) {
      if (pair instanceof Pair)
        tidy(pair.value, isScalar(pair.key) && typeof pair.key.value === "string" ? pair.key.value : undefined, flow);
    }
  } else if (isSeq(node)) {
    for (const item of node.items) tidy(item, key, inFlow || node.flow === true);
  } else if (isScalar(node)) tidyScalar(node, key, inFlow);
}

function tidyScalar(node: Scalar, key: string | undefined, inFlow: boolean): void {
  if (typeof node.value !== "string") return;
  if (key !== undefined && proseKeys.has(key)) {
    if (node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL) return;
  }
  const text = key !== undefined && proseKeys.has(key) ? node.value : spaced(node.value);
  node.value = text;
  const isPlain = printScalar(text, inFlow) === text;
  node.type = isPlain ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE;
}

/** One space between tokens, none inside parentheses or before commas and signs of numbers. */
function spaced(text: string): string {
  try {
    const tokens = tokenize(text);
    if (/^\d+\.\d+\.\d+$/.test(text) || /^[a-z][a-z0-9-]*$/.test(text)) return text;
    let line = "";
    for (const [index, token] of tokens.entries()) {
      const written = text.slice(token.start, token.end);
      const before = tokens[index - 1];
      line += before === undefined || token.kind === "end" || isTight(before.text, token, tokens[index - 2]) ? written : ` ${written}`;
    }
    return line;
  } catch (fault) {
    if (fault instanceof PhraseFault) return text;
    throw fault;
  }
}

function isTight(
  before: string,
  token: { readonly kind: string; readonly text: string },
  beforeThat: { readonly kind: string; readonly text: string } | undefined,
): boolean {
  if (token.text === ")" || token.text === "," || before === "(") return true;
  if (token.text === "(") return /^(?:min|max|clamp|floor|ceil|round|abs)$/.test(before);
  const opens =
    beforeThat === undefined ||
    beforeThat.text === "(" ||
    beforeThat.text === "," ||
    (beforeThat.kind === "sign" && beforeThat.text !== ")" && beforeThat.text !== "%");
  return before === "-" && opens && token.kind !== "end";
}
