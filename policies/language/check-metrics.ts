/** The `metrics` section. */
import { nearestName } from "../../data/foundation/index.ts";
import { type CheckContext, checkExpression, type Definition, measureScope, scopeOf } from "./check-context.ts";
import { type MapNode, placeOf, type TextNode } from "./document.ts";
import type { Constant, Expression } from "./expression.ts";
import { asMap, type Fields, fieldsOf } from "./fields.ts";
import { defaultTitle } from "./names.ts";
import { parseArithmetic } from "./parse-expression.ts";
import { type Cursor, readPhrase } from "./phrase.ts";
import { located } from "./places.ts";
import type { AtLeast, Metric, Window } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { readConstant } from "./quantity.ts";
import { resolveExpression } from "./resolve-expression.ts";
import { partsOf } from "./walk-expression.ts";
import { readWindow } from "./window.ts";

const kinds = ["share", "mean", "sum", "count", "last", "since", "value"] as const;
type MetricKind = (typeof kinds)[number];

/** Metrics in file order; units stand as "number" until they are inferred. */
export function checkMetrics(definitions: readonly Definition[], context: CheckContext): readonly Metric[] {
  return definitions.map((definition) => checkMetric(definition, context)).filter((metric) => metric !== undefined);
}

function checkMetric(definition: Definition, context: CheckContext): Metric | undefined {
  const { problems } = context;
  const map = asMap(definition.value, problems, `metric '${definition.name}'`);
  const kind = map === undefined ? undefined : kindOf(map, definition, context);
  if (map === undefined || kind === undefined) return undefined;
  const fields = fieldsOf(map, kind, `metric '${definition.name}'`, problems);
  const title = fields.text("title")?.text ?? defaultTitle(definition.name);
  const metric = readMetric(kind, fields, { name: definition.name, title, unit: "number" }, context);
  return metric === undefined ? undefined : located(metric, placeOf(definition.key));
}

/** The one key among share, mean, sum, ... that says what the metric is. */
function kindOf(map: MapNode, { name, key }: Definition, { problems }: CheckContext): MetricKind | undefined {
  const present = map.entries.filter((entry) => kinds.some((kind) => kind === entry.key.text));
  const [first, second] = present;
  if (second !== undefined) {
    problems.add("conflicting-keys", placeOf(second.key), {
      message: `metric '${name}' is both '${first?.key.text}' and '${second.key.text}'`,
      found: second.key.text,
    });
    return undefined;
  }
  if (first === undefined) {
    const near = map.entries.map((entry) => nearestName(entry.key.text, kinds)).find((candidate) => candidate !== undefined);
    problems.add("missing-key", placeOf(key), {
      message: `metric '${name}' does not say what it is`,
      expected: kinds.join(", "),
      ...(near === undefined ? { cure: "Add one of share, mean, sum, count, last, since or value." } : { near }),
    });
    return undefined;
  }
  return kinds.find((kind) => kind === first.key.text);
}

interface Common {
  readonly name: string;
  readonly title: string;
  readonly unit: "number";
}

function readMetric(kind: MetricKind, fields: Fields, common: Common, context: CheckContext): Metric | undefined {
  const over = readOver(fields, context);
  const atLeast = readAtLeast(fields, context);
  const least = atLeast === undefined ? {} : { atLeast };
  const node = fields.text(kind);
  if (node === undefined) return undefined;
  switch (kind) {
    case "share": {
      const operands = readTwo(node, "of", "late_dispatches of due_dispatches", context);
      const shrink = operands === undefined ? undefined : readShrink(fields, operands.second, context);
      if (operands === undefined || over === undefined) return undefined;
      return { kind, ...common, part: operands.first, whole: operands.second, over, ...least, ...(shrink === undefined ? {} : { shrink }) };
    }
    case "mean": {
      const operands = readTwo(node, "per", "rating_sum per reviews", context);
      return operands === undefined || over === undefined
        ? undefined
        : { kind, ...common, sum: operands.first, count: operands.second, over, ...least };
    }
    case "sum": {
      const of = readPhrase(node, context.problems, (cursor) => readOperand(cursor, node, context));
      return of === undefined || over === undefined ? undefined : { kind, ...common, of, over, ...least };
    }
    case "count": {
      const event = readName(node, "violation", context);
      return event === undefined || over === undefined ? undefined : { kind, ...common, event, over };
    }
    case "last": {
      const measure = readName(node, "response_rate_shown", context);
      return measure === undefined ? undefined : { kind, ...common, measure };
    }
    case "since": {
      const attribute = readName(node, "opened_on", context);
      return attribute === undefined ? undefined : { kind, ...common, attribute };
    }
    case "value": {
      const expression = checkExpression(
        node,
        "number",
        scopeOf(context, "the value of a metric", "metric", "parameter", "attribute"),
        context.problems,
      );
      return expression === undefined ? undefined : { kind, ...common, expression };
    }
  }
}

function readOver(fields: Fields, { problems }: CheckContext): Window | undefined {
  const node = fields.text("over");
  const over = node === undefined ? undefined : readPhrase(node, problems, readWindow);
  return over === undefined || node === undefined ? undefined : located(over, placeOf(node));
}

function readName(node: TextNode, form: string, { problems }: CheckContext): string | undefined {
  return readPhrase(node, problems, (cursor) => cursor.expectName("a name", form).text);
}

/** `a of b`, `a per b`: two operands around a word. */
function readTwo(
  node: TextNode,
  word: "of" | "per",
  form: string,
  context: CheckContext,
): { readonly first: Expression; readonly second: Expression } | undefined {
  return readPhrase(node, context.problems, (cursor) => {
    const first = readOperand(cursor, node, context);
    cursor.expectWord([word], form);
    return { first, second: readOperand(cursor, node, context) };
  });
}

/** Measures joined by + - *, and numbers. Division has a form of its own: 'share' or 'mean'. */
function readOperand(cursor: Cursor, node: TextNode, context: CheckContext): Expression {
  const start = cursor.peek();
  const expression = resolveExpression(parseArithmetic(cursor), "number", measureScope(context), node);
  let readsMeasure = false;
  for (const part of partsOf(expression)) {
    if (part.kind === "reference") readsMeasure = true;
    const isSum =
      part.kind === "reference" ||
      part.kind === "number" ||
      part.kind === "negate" ||
      (part.kind === "arithmetic" && part.operator !== "/");
    if (!isSum)
      cursor.fail("bad-form", start, {
        message: "an operand adds, subtracts and multiplies measures; nothing else",
        expected: "a + b, (a - b), 2 * a",
        cure: "Compute further in a metric of kind 'value'.",
      });
    if (part.kind === "number" && part.unit !== "number")
      cursor.fail("unit-mismatch", start, { message: "a number in an operand has no unit" });
  }
  if (!readsMeasure)
    cursor.fail("bad-form", start, { message: "an operand reads at least one measure", expected: "the name of a measure" });
  return expression;
}

/** `20 orders`: a constant, then what is counted. */
function readAtLeast(fields: Fields, context: CheckContext): AtLeast | undefined {
  const node = fields.text("at_least");
  if (node === undefined) return undefined;
  const form = "20 orders";
  const atLeast = readPhrase(node, context.problems, (cursor) => {
    const mark = cursor.mark();
    let count = locatedConstant(readConstant(cursor, form), node, context, cursor);
    if (cursor.peek().kind === "end" && count.kind === "number" && count.unit !== "share") {
      // The word after the number was a unit's, and is the measure's name: `5 points` of a measure called points.
      cursor.reset(mark);
      const digits = cursor.expectNumber("a number", form);
      count = { kind: "number", value: Number(digits.text), unit: "number" };
    }
    return { of: readOperand(cursor, node, context), count };
  });
  return atLeast === undefined ? undefined : located(atLeast, placeOf(node));
}

/** `towards 6 % with 20 reviews`; what is named last must be the whole. */
function readShrink(
  fields: Fields,
  whole: Expression,
  context: CheckContext,
): { readonly prior: Constant; readonly strength: Constant } | undefined {
  const node = fields.text("shrink");
  if (node === undefined) return undefined;
  const form = "towards 6 % with 20 reviews";
  return readPhrase(node, context.problems, (cursor) => {
    cursor.expectWord(["towards"], form);
    const priorAt = cursor.peek();
    const prior = locatedConstant(readConstant(cursor, form), node, context, cursor);
    if (prior.kind === "number" && (prior.unit !== "share" || prior.value < 0 || prior.value > 1)) {
      cursor.fail(prior.unit === "share" ? "out-of-range" : "unit-mismatch", priorAt, {
        message: "a share is shrunk towards a share from 0 % to 100 %",
        expected: form,
      });
    }
    cursor.expectWord(["with"], form);
    const strengthAt = cursor.peek();
    const strength = locatedConstant(readConstant(cursor, form), node, context, cursor);
    if (strength.kind === "number" && strength.value <= 0)
      cursor.fail("out-of-range", strengthAt, { message: "the strength of shrinking is greater than 0" });
    const namedAt = cursor.peek();
    const named = readOperand(cursor, node, context);
    if (printExpression(named) !== printExpression(whole)) {
      cursor.fail("bad-form", namedAt, {
        message: `the cases are those of the whole, '${printExpression(whole)}'`,
        found: printExpression(named),
        expected: printExpression(whole),
        cure: `Write '${form.split(" with ")[0]} with 20 ${printExpression(whole)}'.`,
      });
    }
    return { prior, strength };
  });
}

/** A constant with its place; a name must be that of a parameter. */
export function locatedConstant(constant: Constant, node: TextNode, context: CheckContext, cursor: Cursor): Constant {
  if (constant.kind === "number") return located(constant, placeOf(node));
  const kind = context.names.get(constant.name);
  const at = { start: Math.max(0, cursor.previousStart()) };
  if (kind === undefined) {
    const parameters = [...context.names].filter(([, candidate]) => candidate === "parameter").map(([name]) => name);
    cursor.fail("unknown-name", at, {
      message: `no parameter is called '${constant.name}'`,
      found: constant.name,
      near: nearestName(constant.name, parameters),
    });
  }
  if (kind !== "parameter")
    cursor.fail("wrong-kind-of-name", at, {
      message: `'${constant.name}' is a ${kind}; a number or a parameter stands here`,
      found: kind,
      expected: "parameter",
    });
  return located({ ...constant }, placeOf(node, at.start));
}
