/** What zod finds wrong with an input, in our own words: none of its phrases leaves the program. */
import type { z } from "zod";
import { type Diagnostic, diagnose, nearestName } from "../../data/foundation/index.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One diagnostic a fault. `known`: the fields of the whole input, to suggest the near one. */
export function sayIssue(issue: Issue, known: readonly string[], outside: Path = []): readonly Diagnostic[] {
  const path = [...outside, ...issue.path];
  const say = (words: string, more: { readonly expected?: string; readonly near?: string | undefined } = {}) => {
    const name = path.join(".");
    const input = isBeyond(issue.input) ? String(issue.input) : JSON.stringify(issue.input);
    const found = issue.input === undefined ? "nothing" : shortened(input ?? "");
    return [diagnose("bad-request", { message: `'${name === "" ? "body" : shortened(name)}'${words}`, found, ...more })];
  };
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.flatMap((key) => unknownField(shortened(key), path, known));
    case "invalid_type": {
      const expected = typeWords[issue.expected] ?? "something else";
      if (issue.input === undefined) return say(" is missing", { expected });
      if (isBeyond(issue.input) && numbers.has(issue.expected)) return say(beyond);
      return say(` must be ${expected}, not ${typeOf(issue.input)}`, { expected });
    }
    case "invalid_value": {
      const values = issue.values.map(String);
      if (issue.input === undefined) return say(" is missing", { expected: values.join(", ") });
      return say(` must be one of ${values.join(", ")}`, {
        expected: values.join(", "),
        near: typeof issue.input === "string" ? nearestName(issue.input, values) : undefined,
      });
    }
    case "too_small":
      return say(tooSmall(issue));
    case "too_big":
      return say(tooBig(issue));
    case "invalid_union": {
      const unknown = unknownKind(issue);
      if (unknown !== undefined) return sayIssue(unknown, known, outside);
      const meant = meantBy(issue);
      if (meant !== undefined) return meant.flatMap((fault) => sayIssue(fault, [], path));
      const types = issue.errors.flat().flatMap((fault) => (fault.code === "invalid_type" ? [typeWords[fault.expected] ?? ""] : []));
      const expected = [...new Set(types)];
      if (issue.input === undefined) return say(" is missing", { expected: expected.join(" or ") });
      if (isBeyond(issue.input) && issue.errors.flat().some((fault) => fault.code === "invalid_type" && numbers.has(fault.expected)))
        return say(beyond);
      return say(` must be ${expected.join(" or ")}, not ${typeOf(issue.input)}`, { expected: expected.join(" or ") });
    }
    case "custom":
      return say(`: ${issue.message}`);
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_key":
    case "invalid_element":
      return say(" has the wrong form");
  }
}

/** The faults that an issue is about, each with its whole path: those of the alternative that is meant, and a fault for each unknown field. */
export function plainFaults(issue: Issue, outside: Path = []): readonly { readonly issue: Issue; readonly path: Path }[] {
  const path = [...outside, ...issue.path];
  const meant = issue.code === "invalid_union" ? meantBy(issue) : undefined;
  if (meant !== undefined) return meant.flatMap((fault) => plainFaults(fault, path));
  const whole = { ...issue, path };
  if (whole.code !== "unrecognized_keys") return [{ issue: whole, path }];
  return whole.keys.map((key) => ({ issue: { ...whole, keys: [key] }, path: [...path, key] }));
}

/** Of the alternatives that are of the right type the one with the fewest faults is meant, and says what is wrong with it. */
function meantBy({ errors }: Extract<Issue, { code: "invalid_union" }>): readonly Issue[] | undefined {
  const options = errors.filter((faults) => !faults.some(({ code, path }) => code === "invalid_type" && path.length === 0));
  return options.sort((a, b) => faultsIn(a) - faultsIn(b))[0];
}

/** Of alternatives that one field tells apart: its value is none of theirs. */
function unknownKind(issue: Extract<Issue, { code: "invalid_union" }>): Issue | undefined {
  const { discriminator, input, path, message } = issue;
  if (discriminator === undefined || !("options" in issue) || issue.options === undefined) return undefined;
  const value = typeof input === "object" && input !== null ? Reflect.get(input, discriminator) : undefined;
  return { code: "invalid_value", values: issue.options, input: value, path, message };
}

function faultsIn(faults: readonly Issue[]): number {
  return faults.reduce((sum, fault) => sum + (fault.code === "unrecognized_keys" ? fault.keys.length : 1), 0);
}

/** What a caller sent, at a length that can be shown. */
export function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

function unknownField(key: string, path: Path, known: readonly string[]): readonly Diagnostic[] {
  if (path.length > 0) return [diagnose("bad-request", { message: `'${shortened(path.join("."))}' has no field '${key}'`, found: key })];
  const details = { found: key, near: nearestName(key, known), expected: known.join(", ") };
  return [diagnose("bad-request", { message: `no field is called '${key}'`, ...details })];
}

function tooSmall({ origin, minimum, inclusive }: Extract<Issue, { code: "too_small" }>): string {
  const least = Number(minimum);
  if (origin === "string") return least === 1 ? " is empty" : ` is shorter than ${least} characters`;
  if (origin === "array") return least === 1 ? " is an empty list" : ` has fewer than ${least} entries`;
  return inclusive === false ? ` must be above ${least}` : ` must be ${least} or more`;
}

function tooBig({ origin, maximum, inclusive }: Extract<Issue, { code: "too_big" }>): string {
  const most = Number(maximum);
  if (origin === "string") return ` is longer than ${most} characters`;
  if (origin === "array") return ` has more than ${most} entries`;
  return inclusive === false ? ` must be below ${most}` : ` must be ${most} or less`;
}

const typeWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const numbers: ReadonlySet<string> = new Set(["number", "int"]);

/** JSON may write numbers that no double holds: `1e999`. */
const beyond = ` is beyond the largest number that can be computed with, about ${Number.MAX_VALUE.toExponential(1)}`;

function isBeyond(value: unknown): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a text";
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : "a fraction";
  return typeof value === "boolean" ? "true or false" : "an object";
}
