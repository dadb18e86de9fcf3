/** YAML text -> PolicyDocument. Everything that YAML does silently is either harmless here or refused with its place. */
import { isAlias, isCollection, isMap, isScalar, isSeq, type Pair, type ParsedNode, parseDocument, type YAMLMap } from "yaml";
import { checkLimit, findDeepNesting, findHiddenCharacter, limits, type Place, sayYamlFault } from "../../data/foundation/index.ts";
import {
  type DocumentNode,
  type MapEntry,
  type MapNode,
  makeSource,
  type PolicyDocument,
  placeAt,
  type SourceFile,
  type TextNode,
} from "./document.ts";
import type { Problems } from "./problems.ts";

/** Keys whose values are texts for people. */
const proseKeys: ReadonlySet<string> = new Set(["title", "rationale"]);

/**
 * Reads one file. Scalars stay text (YAML's failsafe schema), so that `1.10`, `NO`, `~` and `12:30` mean what they show.
 * Undefined when the text is not one mapping, or when YAML would hide something; the problems say what. The language is then not
 * checked, so that one slip of the pen does not look like ten faults.
 */
export function readDocument(options: {
  readonly text: string;
  readonly file: string;
  readonly problems: Problems;
  /** What the file should hold, in messages. */
  readonly what?: string;
}): PolicyDocument | undefined {
  const { file, problems, what = "a policy" } = options;
  const source = makeSource(file, options.text.startsWith("\uFEFF") ? options.text.slice(1) : options.text);
  const start: Place = { file, line: 1, column: 1 };
  const tooLarge = Buffer.byteLength(source.text) > limits.policyFileBytes.value ? checkLimit("policyFileBytes", "more", start) : undefined;
  problems.push(tooLarge);
  if (tooLarge !== undefined || refusesCharacters(source, problems) || refusesNesting(source, problems)) return undefined;
  const document = parseDocument(source.text, {
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
  });
  const lines = new Set<number>();
  for (const fault of document.errors) {
    const { line } = placeAt(source, fault.pos[0]);
    if (!lines.has(line)) {
      const { code, offset, ...words } = sayYamlFault(source.text, fault, what.replace(/^an? /, "").replace(/^file of/, "set of"));
      problems.add(code, placeAt(source, offset), words);
    }
    lines.add(line);
  }
  if (document.errors.length > 0) return undefined;
  const directive = /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*%/.exec(source.text);
  if (directive !== null) {
    const place = placeAt(source, directive[0].length - 1);
    problems.add("yaml-feature", place, { message: "a YAML directive (%) changes how the file is read", found: "%" });
  }
  const { contents } = document;
  if (contents === null) {
    if (what === "a policy")
      problems.add("empty-file", start, { message: "the file holds no policy", expected: "programme, version, tiers and movement" });
    else problems.add("empty-file", start, { message: "the file is empty", cure: `Write ${what}.` });
    return undefined;
  }
  const root = new Reader(source, problems).node(contents, 0);
  if (root === undefined || problems.stopped) return undefined;
  if (root.kind !== "map") {
    problems.add("wrong-shape", placeAt(source, root.start), {
      message: `${what} is a mapping of keys, not a ${root.kind}`,
      cure: missingSpaceCure(root),
    });
    return undefined;
  }
  return { source, root };
}

/** YAML nodes -> our nodes. Refuses what can mean more than it shows: tags, anchors, aliases, null values, doubled keys. */
class Reader {
  readonly #source: SourceFile;
  readonly #problems: Problems;
  #depthReported = false;
  readonly #cutsReported = new Set<number>();

  constructor(source: SourceFile, problems: Problems) {
    this.#source = source;
    this.#problems = problems;
  }

  node(node: ParsedNode, depth: number): DocumentNode | undefined {
    const [start, end] = node.range;
    const place = placeAt(this.#source, start);
    if (isAlias(node)) {
      this.#problems.add("yaml-feature", place, { message: `'*${node.source}' is a YAML alias`, found: `*${node.source}` });
      return undefined;
    }
    if (node.tag !== undefined && (!parserTags.has(node.tag) || hasExplicitTag(this.#source.text, start))) {
      this.#problems.add("yaml-feature", place, { message: `'${node.tag}' is a YAML tag`, found: node.tag });
    }
    if (node.anchor !== undefined) {
      this.#problems.add("yaml-feature", place, { message: `'&${node.anchor}' is a YAML anchor`, found: `&${node.anchor}` });
    }
    if (depth > limits.policyNestingDepth.value) {
      if (!this.#depthReported) this.#problems.push(checkLimit("policyNestingDepth", depth, place));
      this.#depthReported = true;
      return undefined;
    }
    if (isScalar(node)) return this.#text(node.value, node.type, start, end);
    if (isSeq<ParsedNode>(node)) {
      const items = node.items.map((item) => this.node(item, depth + 1)).filter((item) => item !== undefined);
      return { kind: "list", items, source: this.#source, start, end };
    }
    return isMap(node) ? this.#map(node, depth) : undefined;
  }

  #text(value: unknown, type: string | null | undefined, start: number, end: number): TextNode | undefined {
    const text = typeof value === "string" ? value : String(value);
    if (type === "PLAIN" && (text === "" || text === "~")) {
      this.#problems.add("null-value", placeAt(this.#source, start), {
        message: "a value is missing here",
        found: text === "" ? "nothing" : text,
      });
      return undefined;
    }
    if (type === "PLAIN") this.#refuseComment(end, /^[ \t]+#(?=[^\s#])/);
    return { kind: "text", text, source: this.#source, start, end };
  }

  /** ` #1` after a plain value, any ` #` after a text for people: YAML cuts it off, though it reads like part of the text. */
  #refuseComment(end: number, pattern: RegExp): void {
    const after = pattern.exec(this.#source.text.slice(end, end + 200));
    const offset = end + (after?.[0].length ?? 0) - 1;
    if (after === null || this.#cutsReported.has(offset)) return;
    this.#cutsReported.add(offset);
    this.#problems.add("cut-by-comment", placeAt(this.#source, offset), {
      message: "YAML ends the value before ' #': the rest of the line is a comment",
    });
  }

  #map(node: YAMLMap.Parsed, depth: number): MapNode {
    const [start, end] = node.range;
    const entries: MapEntry[] = [];
    const seen = new Map<string, TextNode>();
    for (const pair of node.items as readonly Pair<ParsedNode, ParsedNode | null>[]) {
      const key = this.#key(pair, node.flow === true);
      if (key === undefined) continue;
      const first = seen.get(key.text);
      if (first !== undefined) {
        const { line } = placeAt(this.#source, first.start);
        this.#problems.add("duplicate-key", placeAt(this.#source, key.start), {
          message: `'${key.text}' is already given on line ${line}`,
          found: key.text,
        });
        continue;
      }
      seen.set(key.text, key);
      const value = pair.value === null ? undefined : this.node(pair.value, depth + 1);
      if (proseKeys.has(key.text) && isScalar(pair.value) && pair.value.type === "PLAIN")
        this.#refuseComment(pair.value.range[1], /^[ \t]+#/);
      if (value !== undefined) entries.push({ key, value });
    }
    return { kind: "map", entries, source: this.#source, start, end };
  }

  /** The key of a pair; undefined when it is no text, or when the pair has no value (the comma trap). */
  #key(pair: Pair<ParsedNode, ParsedNode | null>, isFlow: boolean): TextNode | undefined {
    const { key, value } = pair;
    if (!isScalar(key) || typeof key.value !== "string") {
      const place = placeAt(this.#source, isCollection(key) || isAlias(key) ? (key.range?.[0] ?? 0) : 0);
      this.#problems.add("wrong-shape", place, { message: "a key is a plain name, not a list or mapping" });
      return undefined;
    }
    const [start, end] = key.range;
    const place = placeAt(this.#source, start);
    if (key.anchor !== undefined || (key.tag !== undefined && hasExplicitTag(this.#source.text, start))) {
      this.#problems.add("yaml-feature", place, { message: "a key carries a YAML tag or anchor" });
    }
    if (value === null || (isFlow && isScalar(value) && value.type === "PLAIN" && value.value === "")) {
      const glued = /^([A-Za-z_]\w*):(\S.*)$/.exec(key.value);
      if (glued !== null) {
        this.#problems.add("missing-space", place, {
          message: `'${key.value}' has no space after ':'`,
          found: key.value,
          cure: `Write '${glued[1]}: ${glued[2]}'.`,
        });
      } else {
        this.#problems.add("null-value", place, {
          message: `comma inside braces: '${key.value}' stands alone, without a value`,
          found: key.value,
        });
      }
      return undefined;
    }
    return { kind: "text", text: key.value, source: this.#source, start, end };
  }
}

/** What the parser may set without being told. */
const parserTags: ReadonlySet<string> = new Set(["map", "seq", "str"].map((kind) => `tag:yaml.org,2002:${kind}`));

/**
 * Whether `!` or `!tag` stands before a node's text, comments between: the parser also sets tags of its own. On the node's own line
 * only spaces can lie between. Cost: the word before, and the lines between.
 */
function hasExplicitTag(text: string, start: number): boolean {
  let end = backOver(text, start, isSpace);
  if (end > 0 && text.charAt(end - 1) !== "\n") return end < start && endsInTag(text, end);
  while (end > 0) {
    const lineStart = text.lastIndexOf("\n", end - 2) + 1;
    const said = withoutComment(text.slice(lineStart, end)).trimEnd();
    if (said !== "") return endsInTag(said, said.length);
    end = lineStart;
  }
  return false;
}

/** Whether the last word before `end` is a tag, or an anchor after one. */
function endsInTag(text: string, end: number): boolean {
  let [from, to] = [backOver(text, end, isInWord), end];
  if (text.charAt(from) === "&") {
    to = backOver(text, from, isSpace);
    from = backOver(text, to, isInWord);
  }
  return /^[[{,]*!/.test(text.slice(from, to));
}

function backOver(text: string, end: number, belongs: (character: string) => boolean): number {
  let at = end;
  while (at > 0 && belongs(text.charAt(at - 1))) at--;
  return at;
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || character === "\r";
}

function isInWord(character: string): boolean {
  return !isSpace(character) && character !== "\n";
}

/** A line up to its comment: a number sign outside of quotes, at the beginning or after a space. */
function withoutComment(line: string): string {
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const isFirst = at === 0 || " \t[{,:-".includes(line.charAt(at - 1));
    if (quote !== "") {
      if (character === "\\" && quote === '"') at++;
      else if (character === quote) quote = "";
    } else if (isFirst && (character === '"' || character === "'")) quote = character;
    else if (character === "#" && (at === 0 || " \t".includes(line.charAt(at - 1)))) return line.slice(0, at);
  }
  return line;
}

/** Advice when a text stands where a mapping should: most often the space after ':' is missing. */
export function missingSpaceCure(node: DocumentNode): string {
  const glued = node.kind === "text" ? /^([A-Za-z_]\w*):(\S.*)$/s.exec(node.text) : null;
  return glued === null ? "Write 'key: value' lines." : `Write '${glued[1]}: ${glued[2]}', with a space after ':'.`;
}

/** A file must show what it says. */
function refusesCharacters(source: SourceFile, problems: Problems): boolean {
  const hidden = findHiddenCharacter(source.text);
  if (hidden === undefined) return false;
  const { offset, ...words } = hidden;
  problems.add("hidden-character", placeAt(source, offset), words);
  return true;
}

/** Nesting that would overrun the parser's stack. */
function refusesNesting(source: SourceFile, problems: Problems): boolean {
  const deep = findDeepNesting(source.text);
  if (deep !== undefined) problems.push(checkLimit("policyNestingDepth", deep.depth, placeAt(source, deep.offset)));
  return deep !== undefined;
}
