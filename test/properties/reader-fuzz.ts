/** Hostile texts for the reader, and what must hold of its answer to any text whatever. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { type Diagnostic, formatDiagnostic, packagePath } from "../../data/foundation/index.ts";
import { formatPolicy, type Policy, policyLibrary, printPolicy, type ReadPolicy, readPolicy } from "../../policies/language/index.ts";

const file = "fuzzed.yaml";
const base = readFileSync(packagePath("test", "language", "base.yaml"), "utf8");

/** A policy that has every section, ledgers and windows among them. */
const whole = `programme: fuzzed
version: 1.0.0
title: Fuzzed
entity: seller
rationale: Every section, for mutations.
parameters:
  line: { by: region, in: { north: 2 %, 'far south': 3 % } }
  gold_line: { value: 85, range: 75 to 95 }
windows:
  lookback: 3 periods if orders over 2 periods >= 400 else lifetime
metrics:
  rate: { share: late of due, over: lookback, at_least: 20 due, wilson: upper 95 % }
  alike: { count: violation, where: severity = high and number > 1, most alike by: type, over: 90 days }
  buyers: { distinct: buyer of defect, over: last 100 orders }
  slow: { percentile: 90 % of response_hours, over: 12 weeks, at_least: 6 periods }
  main: { largest: orders, by: category, over: 90 days }
  tenure: { since: opened_on }
  failing: { unbroken: fails }
  place: { rank: rate, among: main, of at least: 30 peers }
  beside: { ratio: rate, among: everyone, of at least: 2 peers }
  health:
    value: 200 + 4 * floor(alike / 200) - max(buyers, 3)
    within: 0 to 1000
scores:
  s: { from: rate, logistic: [4 % -> 50, 8 % -> 10] }
  t: { value: 100 - alike, round: 1 }
  u: { weighted: { s: 60, t: 40 }, missing: share out }
ledgers:
  penalty:
    start: 0 points
    lines:
      - { each: Monday, when: rate >= 10 % and alike < 30, add: 1 point }
      - { when event: violation, where: severity = high, add: event.points * event.number }
      - { each: 200 fulfilled_orders, deduct: 4 points, at most: 800 points }
    take back: { when event: appeal_granted, of: violation }
    reset: first Monday of quarter
    within: 0 to 60 points
conditions:
  fails: rate > line and today < 2030-05-01
  toyish: main = toys or region in (north, 'far south')
tiers:
  - clear: { when: penalty < 3 points and place <= 90 % and tenure >= 7 days and beside < 2 }
  - off: { when: slow < 6 and toyish or failing > 3 days, adverse: true, hold: 28 days, shorten: { when event: quiz_passed, by: 7 days } }
  - frozen: { when: health < 3 or u < gold_line, adverse: true, terminal: true, replaces: [closed] }
otherwise: unrated
caps:
  - { at most: frozen, when: alike >= 6 }
movement:
  evaluate: every Monday
  protect: { when event: guarantee_paid, show at least: clear, for: 120 days, until: 10 affected_sales }
`;

/** Texts to start from: the library, and what the tests of the language are made from. */
export const seeds: readonly string[] = [base, whole, ...policyLibrary().map((entry) => readFileSync(entry.file, "utf8"))];

/** Names that mean something to JavaScript. */
const prototypeNames: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "prototype",
  "__defineGetter__",
];

/** Signs of YAML and of the language, look-alikes, numbers beyond all bounds, and words where they mean something. */
const pieces: readonly string[] = [
  ["{", "}", "[", "]", ":", ": ", "- ", ",", "#", " #", "'", '"', "\n", "\r\n", "\t", "&a ", "*a", "!t ", "!!js/function ", "|", ">", "%"],
  ["?", "? ", "~", "---", "...", "<<: ", "\u0000", "\u00A0", "\uFEFF", "\u2028", "\u202E", "\u200B", "é", "е", "\uD800", "\uDFFF", "😀"],
  ["≥", "−", "％", "０", "1e9", "0x10", "1_000", "1,000", ".inf", "9999999999999999", "-0", "0.1e-7", "99999999999999999999999999 days"],
  ["->", "if ", " else ", "not ", "and ", "in (", "(", ")", "is known", "today", "event.points", "event.", "2024-02-30", "0000-00-00"],
  ["ledgers:\n", "caps: []\n", "tiers: {}\n", "extends: 1.0.0\n", "over: lookback", "everyone", "number", "points", "lifetime"],
  ["first Monday of quarter", ...prototypeNames],
].flat();

/** Random changes of a text: cuts, doublings, moves, pieces put in, single characters turned over. */
export const mutated: fc.Arbitrary<string> = fc
  .record({
    seed: fc.constantFrom(...seeds),
    changes: fc.array(
      fc.record({
        at: fc.nat(20_000),
        to: fc.nat(20_000),
        cut: fc.oneof(fc.nat(3), fc.nat(60)),
        text: fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 4 })),
        kind: fc.constantFrom("replace", "insert", "double", "move", "flip"),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ seed, changes }) => changes.reduce(change, seed));

interface Change {
  readonly at: number;
  readonly to: number;
  readonly cut: number;
  readonly text: string;
  readonly kind: string;
}

function change(text: string, { at, to, cut, text: piece, kind }: Change): string {
  const [from, target] = [at % (text.length + 1), to % (text.length + 1)];
  const taken = text.slice(from, from + cut);
  if (kind === "insert") return text.slice(0, from) + piece + text.slice(from);
  if (kind === "double") return text.slice(0, target) + taken + text.slice(target);
  if (kind === "flip") return text.slice(0, from) + String.fromCharCode(text.charCodeAt(from) ^ (1 << (to % 8))) + text.slice(from + 1);
  if (kind === "move") {
    const rest = text.slice(0, from) + text.slice(from + cut);
    return rest.slice(0, target) + taken + rest.slice(target);
  }
  return text.slice(0, from) + piece + text.slice(from + cut);
}

/** Lines of a text put elsewhere: whole entries out of place, sections twice, keys under other keys. */
export const shuffledLines: fc.Arbitrary<string> = fc
  .record({
    seed: fc.constantFrom(...seeds),
    moves: fc.array(fc.tuple(fc.nat(200), fc.nat(200), fc.boolean()), { minLength: 1, maxLength: 4 }),
  })
  .map(({ seed, moves }) =>
    moves
      .reduce((lines, [from, to, keeps]) => {
        const line = lines[from % lines.length] ?? "";
        const rest = keeps ? lines : lines.filter((_, index) => index !== from % lines.length);
        return rest.toSpliced(to % (rest.length + 1), 0, line);
      }, seed.split("\n"))
      .join("\n"),
  );

const sections = "parameters windows metrics scores ledgers conditions tiers caps movement otherwise version".split(" ");
const keys = [
  "share sum count over where when each lines start add value from curve logistic by in title within expire among protect hold shorten".split(
    " ",
  ),
  ["at most", "when event", "take back", "most alike by", "of at least", "replaces", ...prototypeNames],
].flat();
const words = fc.constantFrom(...keys);
const texts = [
  [
    "28 days",
    "last 100 orders",
    "late of due",
    "1 point",
    "2 %",
    "2024-02-29",
    "first Monday of month",
    "a and b",
    "event.points",
    "0 to 60",
  ],
  ["upper 95 %", "everyone", "30 peers", "region in (a, b)", "min(a, b)", "''", '""', "~", "[]", "{}", "orders", "true", "x 1.15", ">= 3"],
  ["5 %", ...prototypeNames],
].flat();
const values = fc.constantFrom(...texts);

/** YAML out of the language's own words, mostly in the wrong place. */
export const wordSalad: fc.Arbitrary<string> = fc
  .letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, depthIdentifier: "node" },
      values,
      fc
        .array(fc.tuple(words, tie("node")), { maxLength: 4 })
        .map((keys) => `{ ${keys.map(([key, value]) => `${key}: ${value}`).join(", ")} }`),
      fc.array(tie("node"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
    ),
  }))
  .node.chain((node) =>
    fc
      .array(fc.tuple(fc.constantFrom(...sections), fc.oneof(words, fc.constantFrom("m", "s")), values), { maxLength: 8 })
      .map((lines) =>
        lines
          .map(([section, name, value]) => `${section}:\n  ${name}: ${value === "~" ? node : `{ ${name}: ${value}, x: ${node} }`}`)
          .join("\n"),
      ),
  );

/** Reads a text; the versions that it extends are the tests' own. */
export function readFuzzed(text: string): ReadPolicy {
  return readPolicy({ text, file, load: ({ version }) => ({ text: version === "1.0.0" ? base : text, file: `${version}.yaml` }) });
}

/** What must hold of the answer to any text; thrown as an error that shows the text. */
export function mustAnswer(text: string): void {
  try {
    const { policy, diagnostics } = readFuzzed(text);
    mustSay(text, diagnostics);
    if (policy === undefined && !diagnostics.some(({ severity }) => severity === "error"))
      throw new RangeError("neither a policy nor an error");
    const formatted = mustFormat(text);
    if (policy === undefined) return;
    mustReadBack(policy);
    if (formatted !== undefined) mustMeanTheSame(policy, formatted);
  } catch (error) {
    throw new Error(`${String(error)}\n--- text ---\n${JSON.stringify(text)}`, { cause: error });
  }
}

/** Code, message and cure, in words; a place inside the file. */
function mustSay(text: string, diagnostics: readonly Diagnostic[]): void {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  for (const diagnostic of diagnostics) {
    const { code, message, cure, place } = diagnostic;
    const says = code !== "limit-exceeded" || place !== undefined || message.length > 0;
    if (!says || !/\S{2}/.test(message) || !/\S{2}/.test(cure)) throw new RangeError(`says nothing: ${formatDiagnostic(diagnostic)}`);
    if (/\[object|\bundefined\b/.test(`${message} ${cure}`) && !/undefined|\[object/.test(text))
      throw new RangeError(`says ${formatDiagnostic(diagnostic)}`);
    if (place === undefined || place.file !== file) continue;
    const line = lines[place.line - 1];
    if (line === undefined || place.column < 1 || place.column > line.length + 1)
      throw new RangeError(`a place outside the file: ${formatDiagnostic(diagnostic)}`);
  }
}

/** Formatting is done once: a second time changes nothing. Undefined when the text is not valid YAML. */
function mustFormat(text: string): string | undefined {
  const { text: once, diagnostics } = formatPolicy(text, file);
  mustSay(text, diagnostics);
  if (once === undefined) return undefined;
  const twice = formatPolicy(once, file).text;
  if (twice !== once)
    throw new RangeError(`formatting twice gives another text: ${JSON.stringify(once)} and then ${JSON.stringify(twice)}`);
  return once;
}

/** Print and read: the same policy, digest and all. */
function mustReadBack(policy: Policy): void {
  const printed = printPolicy(policy);
  const again = readFuzzed(printed);
  if (again.policy === undefined)
    throw new RangeError(`the print is refused: ${again.diagnostics.map(formatDiagnostic).join("\n")}\n${printed}`);
  if (JSON.stringify(again.policy) !== JSON.stringify(policy)) throw new RangeError(`the print reads as another policy:\n${printed}`);
  if (printPolicy(again.policy) !== printed) throw new RangeError(`the print prints otherwise:\n${printed}`);
}

function mustMeanTheSame(policy: Policy, formatted: string): void {
  const { policy: same, diagnostics } = readFuzzed(formatted);
  if (same === undefined)
    throw new RangeError(`the formatted text is refused: ${diagnostics.map(formatDiagnostic).join("\n")}\n${formatted}`);
  if (same.digest !== policy.digest) throw new RangeError(`the formatted text means another policy:\n${formatted}`);
}
