/** Values of a design file: shares, sizes, words out of a few. */
import { nearestName, refusedChoice } from "../../../data/foundation/index.ts";
import {
  asText,
  type Cursor,
  type DocumentNode,
  type Fields,
  type Problems,
  placeOf,
  readLiteral,
  readPhrase,
  type TextNode,
} from "../../../policies/language/index.ts";
import type { Cap, Size, StatedPrior } from "./experiment-design.ts";

/** A share between 0 and 1, written in per cent. Undefined when absent or faulty. */
export function readShare(node: TextNode | undefined, problems: Problems, form: string): number | undefined {
  if (node === undefined) return undefined;
  const literal = readPhrase(node, problems, (cursor) => readLiteral(cursor, form));
  if (literal === undefined) return undefined;
  if (literal.unit === "share" && literal.value >= 0 && literal.value <= 1) return literal.value;
  problems.add("out-of-range", placeOf(node), {
    message: "a share is written in per cent, from 0 % to 100 %",
    found: node.text.slice(0, 80),
    expected: form,
    cure: `Write it like '${form}'.`,
  });
  return undefined;
}

/** A whole number above 0. */
export function readCount(node: TextNode | undefined, problems: Problems, form: string): number | undefined {
  if (node === undefined) return undefined;
  return readPhrase(node, problems, (cursor) => cursor.expectCount("a number above 0", form));
}

/** `7 days`, `2 weeks`: so many days. */
export function readDays(node: TextNode | undefined, problems: Problems, form: string): number | undefined {
  return node === undefined ? undefined : readPhrase(node, problems, (cursor) => expectDays(cursor, form));
}

/** Such a length at the beginning of a phrase. */
export function expectDays(cursor: Cursor, form: string): number {
  const count = cursor.expectCount("a number of days", form);
  const word = cursor.expectWord(["day", "days", "week", "weeks"], form);
  return count * (word.startsWith("week") ? 7 : 1);
}

/**
 * `2 % of control`: a share of the control's value. `0.5 points`: percentage points, of shares. A plain number: in the metric's own unit.
 * A bare `2 %` could mean two of these and is refused.
 */
export function readSize(node: TextNode | undefined, problems: Problems): Size | undefined {
  return node === undefined ? undefined : readPhrase(node, problems, (cursor) => expectSize(cursor, node.text));
}

/** A standard deviation, and behind `around` a mean, which may be below 0: `5 % of control around -1 % of control`. Without one the mean is 0. */
export function readPrior(node: TextNode | undefined, problems: Problems): StatedPrior | undefined {
  if (node === undefined) return undefined;
  return readPhrase(node, problems, (cursor): StatedPrior => {
    const { value: standardDeviation, scale } = expectSize(cursor, node.text);
    if (cursor.acceptWord("around") === undefined) return { scale, mean: 0, standardDeviation };
    const token = cursor.peek();
    const mean = expectChange(cursor, node.text);
    if (mean.scale === scale) return { scale, mean: mean.value, standardDeviation };
    return cursor.fail("bad-form", token, {
      message: "the mean of a prior is on another scale than its standard deviation",
      found: node.text.slice(0, 80),
      expected: "5 % of control around 1 % of control, or 0.5 points around 0.1 points",
      cure: "Write both as shares of the control, or both in the metric's own unit.",
    });
  });
}

function expectSize(cursor: Cursor, text: string): Size {
  const token = cursor.peek();
  const size = expectChange(cursor, text);
  if (size.value > 0) return size;
  return cursor.fail("out-of-range", token, { message: "a size is above 0", found: text.slice(0, 80), cure: "Write it without a sign." });
}

function expectChange(cursor: Cursor, text: string): Size {
  const form = "2 % of control";
  const token = cursor.peek();
  const literal = readLiteral(cursor, form);
  if (literal.unit === "points") return { value: literal.value / 100, scale: "absolute" };
  if (literal.unit === "number") return { value: literal.value, scale: "absolute" };
  if (literal.unit !== "share" || cursor.acceptWord("of") === undefined) {
    cursor.fail("bad-form", token, {
      message: "a size is a share of the control's value, percentage points, or a number in the metric's unit",
      found: text.slice(0, 80),
      expected: "2 % of control, 0.5 points, or 3",
      cure: "Write '2 % of control', '0.5 points' or a plain number.",
    });
  }
  cursor.expectWord(["control"], form);
  return { value: literal.value, scale: "relative" };
}

/** `99.9 % quantile`, or a value. */
export function readCap(node: TextNode | undefined, problems: Problems): Cap | undefined {
  if (node === undefined) return undefined;
  const form = "99.9 % quantile";
  return readPhrase(node, problems, (cursor): Cap => {
    const token = cursor.peek();
    const literal = readLiteral(cursor, form);
    if (literal.unit === "number") return { kind: "value", value: literal.value };
    cursor.expectWord(["quantile"], form);
    if (literal.unit === "share" && literal.value > 0.5 && literal.value < 1) return { kind: "quantile", share: literal.value };
    return cursor.fail("out-of-range", token, {
      message: "a cap is a quantile between 50 % and 100 %, or a value",
      found: node.text.slice(0, 80),
      expected: form,
      cure: `Write '${form}', or a number.`,
    });
  });
}

/** One of a few words. Undefined when absent or faulty. `refused`: words that are known and not allowed, and why. */
export function oneOf<Word extends string>(
  node: TextNode | undefined,
  words: readonly Word[],
  problems: Problems,
  refused: Readonly<Record<string, string>> = {},
): Word | undefined {
  if (node === undefined) return undefined;
  const found = words.find((word) => word === node.text.trim());
  if (found !== undefined) return found;
  const why = Object.hasOwn(refused, node.text) ? refused[node.text] : undefined;
  const said = refusedChoice(node.text.trim(), words);
  problems.add("bad-form", placeOf(node), why === undefined ? said : { ...said, message: why, cure: `Write ${said.expected}.` });
  return undefined;
}

/** A list of names under a key, each once. */
export function readNames(fields: Fields, key: string, problems: Problems): readonly string[] {
  const items: readonly DocumentNode[] = fields.list(key)?.items ?? [];
  const names: string[] = [];
  for (const item of items) {
    const node = asText(item, problems, "a column");
    if (node === undefined) continue;
    if (names.includes(node.text)) {
      problems.add("duplicate-key", placeOf(node), { message: `'${node.text}' is listed twice`, near: nearestName(node.text, names) });
    }
    names.push(node.text);
  }
  return names;
}
