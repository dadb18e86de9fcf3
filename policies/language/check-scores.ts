/** The `scores` section. */
import { nearestName } from "../../data/foundation/index.ts";
import { type CheckContext, checkExpression, computedScope, type Definition } from "./check-context.ts";
import { type DocumentNode, type ListNode, type MapNode, placeOf } from "./document.ts";
import type { Constant } from "./expression.ts";
import { asMap, asText, type Fields, fieldsOf } from "./fields.ts";
import { defaultTitle } from "./names.ts";
import { locatedConstant } from "./operands.ts";
import { readPhrase } from "./phrase.ts";
import { located } from "./places.ts";
import type { Score } from "./policy.ts";
import { readConstant } from "./quantity.ts";

type Curve = Extract<Score, { kind: "curve" }>;
type Weighted = Extract<Score, { kind: "weighted" }>;
type Common = Pick<Score, "name" | "title" | "round">;

const roundDefault = 6;
const roundMax = 9;

/** The keys that say what a score is. */
export const scoreKinds = ["curve", "step", "logistic", "weighted", "value"] as const;
const shapeOfKey = { curve: "linear", step: "step", logistic: "logistic" } as const;

/** Scores in file order; anchors as written (their order is checked once parameters are known). */
export function checkScores(definitions: readonly Definition[], context: CheckContext): readonly Score[] {
  return definitions.map((definition) => checkScore(definition, context)).filter((score) => score !== undefined);
}

function checkScore({ name, key, value }: Definition, context: CheckContext): Score | undefined {
  const { problems } = context;
  const map = asMap(value, problems, `score '${name}'`);
  if (map === undefined) return undefined;
  const [first, second] = map.entries.filter((entry) => scoreKinds.some((kind) => kind === entry.key.text));
  if (second !== undefined) {
    problems.add("conflicting-keys", placeOf(second.key), {
      message: `score '${name}' has both '${first?.key.text}' and '${second.key.text}'`,
      found: second.key.text,
    });
    return undefined;
  }
  const kind = scoreKinds.find((candidate) => candidate === first?.key.text);
  if (kind === undefined) {
    const near = map.entries.map((entry) => nearestName(entry.key.text, scoreKinds)).find((candidate) => candidate !== undefined);
    problems.add("missing-key", placeOf(key), {
      message: `score '${name}' has no curve, step, logistic, weighted or value`,
      expected: scoreKinds.join(", "),
      ...(near === undefined ? { cure: "Add 'from' with 'curve', 'step' or 'logistic'; or 'weighted'; or 'value'." } : { near }),
    });
    return undefined;
  }
  const fields = fieldsOf(map, kind === "value" ? "scoreValue" : kind, `score '${name}'`, problems);
  const common: Common = { name, title: fields.text("title")?.text ?? defaultTitle(name), round: readRound(fields) };
  const score =
    kind === "weighted"
      ? readWeighted(fields, common, context)
      : kind === "value"
        ? readValue(fields, common, context)
        : readCurve(kind, fields, common, context);
  return score === undefined ? undefined : located(score, placeOf(key));
}

function readRound(fields: Fields): number {
  const round = fields.phrase("round", (cursor) => {
    const token = cursor.expectNumber("a number of decimals", "1");
    const value = Number(token.text);
    if (!Number.isInteger(value) || value > roundMax)
      cursor.fail("out-of-range", token, { message: `decimals are a whole number from 0 to ${roundMax}`, found: token.text });
    return value;
  });
  return round ?? roundDefault;
}

function readValue(fields: Fields, common: Common, context: CheckContext): Extract<Score, { kind: "value" }> | undefined {
  const node = fields.text("value");
  const scope = computedScope(context, "the value of a score");
  const expression = node === undefined ? undefined : checkExpression(node, "number", scope, context.problems);
  return expression === undefined ? undefined : { kind: "value", ...common, expression };
}

function readCurve(kind: keyof typeof shapeOfKey, fields: Fields, common: Common, context: CheckContext): Curve | undefined {
  const from = readFrom(fields, context);
  const list = fields.list(kind);
  if (list === undefined) return undefined;
  const anchors = readAnchors(list, kind, context);
  if (from === undefined || anchors === undefined) return undefined;
  return { kind: "curve", ...common, from, shape: shapeOfKey[kind], anchors };
}

function readFrom(fields: Fields, { names, problems }: CheckContext): Curve["from"] | undefined {
  const node = fields.text("from");
  if (node === undefined) return undefined;
  return readPhrase(node, problems, (cursor) => {
    const token = cursor.expectName("the name of a metric or score", "late_dispatch_rate");
    const kind = names.get(token.text);
    if (kind === "metric" || kind === "score") return { to: kind, name: token.text };
    if (kind !== undefined)
      cursor.fail("wrong-kind-of-name", token, {
        message: `'${token.text}' is a ${kind}; a curve reads a metric or a score`,
        found: kind,
        expected: "metric or score",
      });
    const candidates = [...names].filter(([, candidate]) => candidate === "metric" || candidate === "score").map(([name]) => name);
    return cursor.fail("unknown-name", token, {
      message: `no metric or score is called '${token.text}'`,
      found: token.text,
      near: nearestName(token.text, candidates),
    });
  });
}

function readAnchors(list: ListNode, kind: string, context: CheckContext): Curve["anchors"] | undefined {
  const { problems } = context;
  const before = problems.count;
  const anchors: { x: Constant; y: Constant }[] = [];
  for (const item of list.items) {
    const anchor = readAnchor(item, context);
    if (anchor !== undefined) anchors.push(anchor);
  }
  if (problems.count > before) return undefined;
  if (anchors.length < 2) {
    problems.add("bad-curve", placeOf(list), {
      message: `a ${kind} has ${anchors.length} anchor${anchors.length === 1 ? "" : "s"}; it needs two`,
      found: String(anchors.length),
    });
    return undefined;
  }
  if (kind === "logistic" && anchors.length > 2) {
    problems.add("bad-curve", placeOf(list), { message: "an S-shaped curve has exactly two anchors", found: String(anchors.length) });
    return undefined;
  }
  return anchors;
}

function readAnchor(item: DocumentNode, context: CheckContext): { readonly x: Constant; readonly y: Constant } | undefined {
  const node = asText(item, context.problems, "an anchor");
  if (node === undefined) return undefined;
  const form = "2 % -> 85";
  return readPhrase(node, context.problems, (cursor) => {
    const x = locatedConstant(readConstant(cursor, form), node, context, cursor);
    cursor.expectSign("->", form);
    const at = cursor.peek();
    const y = locatedConstant(readConstant(cursor, form), node, context, cursor);
    if (y.kind === "number" && (y.value < 0 || y.value > 100) && y.unit === "number") {
      cursor.fail("out-of-range", at, { message: "a score lies from 0 to 100", found: at.text, expected: "0 to 100" });
    }
    return located({ x, y }, placeOf(node));
  });
}

function readWeighted(fields: Fields, common: Common, context: CheckContext): Weighted | undefined {
  const map = fields.map("weighted");
  const missing = readMissing(fields, context);
  if (map === undefined) return undefined;
  const parts = readParts(map, context);
  return parts === undefined ? undefined : { kind: "weighted", ...common, parts, missing };
}

function readParts(map: MapNode, context: CheckContext): Weighted["parts"] | undefined {
  const { names, problems } = context;
  const before = problems.count;
  const parts: { score: string; weight: Constant }[] = [];
  for (const { key, value } of map.entries) {
    const kind = names.get(key.text);
    if (kind !== "score") {
      const scores = [...names].filter(([, candidate]) => candidate === "score").map(([name]) => name);
      if (kind === undefined)
        problems.add("unknown-name", placeOf(key), {
          message: `no score is called '${key.text}'`,
          found: key.text,
          near: nearestName(key.text, scores),
        });
      else
        problems.add("wrong-kind-of-name", placeOf(key), {
          message: `'${key.text}' is a ${kind}; weights are given to scores`,
          found: kind,
          expected: "score",
        });
    }
    const node = asText(value, problems, `the weight of '${key.text}'`);
    const weight =
      node === undefined
        ? undefined
        : readPhrase(node, problems, (cursor) => locatedConstant(readConstant(cursor, "60"), node, context, cursor));
    if (kind === "score" && weight !== undefined) parts.push(located({ score: key.text, weight }, placeOf(value)));
  }
  if (problems.count > before) return undefined;
  if (parts.length === 0) {
    problems.add("bad-weight", placeOf(map), {
      message: "a weighted score has no parts",
      cure: "Name at least one score with its weight.",
    });
    return undefined;
  }
  return parts;
}

function readMissing(fields: Fields, context: CheckContext): Weighted["missing"] {
  const node = fields.text("missing");
  if (node === undefined) return { kind: "propagate" };
  const form = "share out";
  const missing = readPhrase(node, context.problems, (cursor): Weighted["missing"] => {
    if (cursor.acceptWord("share") !== undefined) {
      cursor.expectWord(["out"], form);
      return { kind: "share-out" };
    }
    const at = cursor.peek();
    if (at.kind === "word" && context.names.get(at.text) !== "parameter") cursor.expectWord(["share"], "share out, or a number such as 50");
    const value = locatedConstant(readConstant(cursor, "50"), node, context, cursor);
    if (value.kind === "number" && (value.value < 0 || value.value > 100))
      cursor.fail("out-of-range", at, { message: "a score lies from 0 to 100", found: at.text, expected: "0 to 100" });
    return { kind: "neutral", value };
  });
  return missing ?? { kind: "propagate" };
}
