/** The `metrics` section. */
import { nearestName } from "../../data/foundation/index.ts";
import { type CheckContext, checkExpression, computedScope, type Definition, eventScope } from "./check-context.ts";
import { type MapNode, placeOf, type TextNode } from "./document.ts";
import type { Constant, Expression } from "./expression.ts";
import { asMap, type Fields, fieldsOf } from "./fields.ts";
import { defaultTitle } from "./names.ts";
import { locatedConstant, readBounds, readCounted, readOperand, readWindow } from "./operands.ts";
import { type Cursor, readPhrase } from "./phrase.ts";
import { located } from "./places.ts";
import type { AtLeast, Metric, Window } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { readConstant } from "./quantity.ts";
import { readMeasure } from "./read-measure.ts";
import { readCompared, readPeers } from "./read-peers.ts";
import { printOperand } from "./window.ts";

/** The keys that say what a metric is: its kinds, in the order of the reference. */
export const metricKinds = [
  "share",
  "mean",
  "sum",
  "count",
  "distinct",
  "percentile",
  "largest",
  "last",
  "since",
  "unbroken",
  "rank",
  "ratio",
  "value",
] as const satisfies readonly Metric["kind"][];

/** Metrics in file order; units stand as "number" until they are inferred. */
export function checkMetrics(definitions: readonly Definition[], context: CheckContext): readonly Metric[] {
  return definitions.map((definition) => checkMetric(definition, context)).filter((metric) => metric !== undefined);
}

/** Names of the metrics that are texts. */
export function textMetrics(definitions: readonly Definition[]): ReadonlySet<string> {
  const isText = ({ value }: Definition): boolean => value.kind === "map" && value.entries.some(({ key }) => key.text === "largest");
  return new Set(definitions.filter(isText).map(({ name }) => name));
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
function kindOf(map: MapNode, { name, key }: Definition, { problems }: CheckContext): Metric["kind"] | undefined {
  const present = map.entries.filter((entry) => metricKinds.some((kind) => kind === entry.key.text));
  const [first, second] = present;
  if (second !== undefined) {
    problems.add("conflicting-keys", placeOf(second.key), {
      message: `metric '${name}' is both '${first?.key.text}' and '${second.key.text}'`,
      found: second.key.text,
    });
    return undefined;
  }
  if (first === undefined) {
    const near = map.entries.map((entry) => nearestName(entry.key.text, metricKinds)).find((candidate) => candidate !== undefined);
    problems.add("missing-key", placeOf(key), {
      message: `metric '${name}' does not say what it is`,
      expected: metricKinds.join(", "),
      ...(near === undefined ? { cure: `Add one of ${metricKinds.join(", ")}.` } : { near }),
    });
    return undefined;
  }
  return metricKinds.find((kind) => kind === first.key.text);
}

interface Common {
  readonly name: string;
  readonly title: string;
  readonly unit: "number";
}

function readMetric(kind: Metric["kind"], fields: Fields, common: Common, context: CheckContext): Metric | undefined {
  const { problems } = context;
  const node = fields.text(kind);
  if (node === undefined) return undefined;
  switch (kind) {
    case "share":
    case "mean":
    case "sum":
      return readWindowed(kind, node, fields, common, context);
    case "count":
    case "distinct":
      return readOfEvents(kind, node, fields, common, context);
    case "percentile":
      return readPercentile(node, fields, common, context);
    case "largest": {
      const over = readOver(fields, context);
      const of = readPhrase(node, problems, (cursor) => readOperand(cursor, node, context));
      const by = fields.phrase("by", (cursor) => cursor.expectName("the name of an attribute", "category").text);
      return of === undefined || by === undefined || over === undefined ? undefined : { kind, ...common, of, by, over };
    }
    case "last": {
      const measure = readPhrase(node, problems, (cursor) => readMeasure(cursor, "response_rate_shown"));
      return measure === undefined ? undefined : { kind, ...common, measure };
    }
    case "since": {
      const from = readName(node, "opened_on", context);
      return from === undefined ? undefined : { kind, ...common, from };
    }
    case "unbroken": {
      const condition = readPhrase(node, problems, (cursor) => readCompared(cursor, context, ["condition"], "fails_minimum").name);
      return condition === undefined ? undefined : { kind, ...common, condition };
    }
    case "rank":
    case "ratio": {
      const of = readPhrase(node, problems, (cursor) => readCompared(cursor, context, ["metric", "score"], "handling_hours"));
      const peers = readPeers(fields, context);
      return of === undefined || peers === undefined ? undefined : { kind, ...common, of, ...peers };
    }
    case "value": {
      const expression = checkExpression(node, "number", computedScope(context, "the value of a metric"), problems);
      const bounds = fields.text("within");
      const within = bounds === undefined ? undefined : readPhrase(bounds, problems, (cursor) => readBounds(cursor, bounds, context));
      return expression === undefined ? undefined : { kind, ...common, expression, ...(within === undefined ? {} : { within }) };
    }
  }
}

function readWindowed(
  kind: "share" | "mean" | "sum",
  node: TextNode,
  fields: Fields,
  common: Common,
  context: CheckContext,
): Metric | undefined {
  const over = readOver(fields, context);
  const atLeast = readAtLeast(fields, context);
  const least = atLeast === undefined ? {} : { atLeast };
  if (kind === "sum") {
    const of = readPhrase(node, context.problems, (cursor) => {
      const operand = readOperand(cursor, node, context);
      if (cursor.atWord("of")) refuseSumOfEvents(cursor, node);
      return operand;
    });
    return of === undefined || over === undefined ? undefined : { kind, ...common, of, over, ...least };
  }
  if (kind === "mean") {
    const operands = readTwo(node, "per", "rating_sum per reviews", context);
    return operands === undefined || over === undefined
      ? undefined
      : { kind, ...common, sum: operands.first, count: operands.second, over, ...least };
  }
  const operands = readTwo(node, "of", "late_dispatches of due_dispatches", context);
  const shrink = operands === undefined ? undefined : readShrink(fields, operands.second, context);
  const wilson = readWilson(fields, context);
  if (shrink !== undefined && wilson !== undefined) {
    const { key } = fields.entry("wilson") ?? {};
    context.problems.add("conflicting-keys", key === undefined ? fields.place : placeOf(key), {
      message: `metric '${common.name}' both shrinks and takes a Wilson bound`,
      found: "wilson",
      cure: "Keep one of the two: each answers to small volumes in its own way.",
    });
  }
  if (operands === undefined || over === undefined) return undefined;
  return {
    kind,
    ...common,
    part: operands.first,
    whole: operands.second,
    over,
    ...least,
    ...(shrink === undefined ? {} : { shrink }),
    ...(wilson === undefined ? {} : { wilson }),
  };
}

/** `points of violation`: a field of events is not a measure. */
function refuseSumOfEvents(cursor: Cursor, node: TextNode): never {
  const event = cursor.peek(1).text;
  return cursor.fail("bad-form", cursor.peek(), {
    message: `'sum' adds up measures of the panel, and '${node.text.slice(0, 80)}' reads like a number of events`,
    found: node.text.slice(0, 80),
    expected: "orders",
    cure: `To add up points of events use a ledger: '{ when event: ${event === "" ? "violation" : event}, add: event.points }'; to count events, 'count'.`,
  });
}

function readOfEvents(
  kind: "count" | "distinct",
  node: TextNode,
  fields: Fields,
  common: Common,
  context: CheckContext,
): Metric | undefined {
  const { problems } = context;
  const over = readOver(fields, context);
  const whereNode = fields.text("where");
  const where = whereNode === undefined ? undefined : checkExpression(whereNode, "condition", eventScope(context), problems);
  const only = where === undefined ? {} : { where };
  if (kind === "distinct") {
    const named = readPhrase(node, problems, (cursor) => {
      const field = cursor.expectName("the name of a field", "buyer of defect").text;
      cursor.expectWord(["of"], "buyer of defect");
      return { field, event: cursor.expectName("the name of an event", "buyer of defect").text };
    });
    return named === undefined || over === undefined ? undefined : { kind, ...common, ...named, ...only, over };
  }
  const event = readName(node, "violation", context);
  const alike = fields.phrase("most alike by", (cursor) => cursor.expectName("the name of a field", "type").text);
  return event === undefined || over === undefined
    ? undefined
    : { kind, ...common, event, ...only, ...(alike === undefined ? {} : { alike }), over };
}

function readPercentile(node: TextNode, fields: Fields, common: Common, context: CheckContext): Metric | undefined {
  const form = "90 % of response_hours";
  const over = readOver(fields, context);
  const named = readPhrase(node, context.problems, (cursor) => {
    const part = locatedConstant(readConstant(cursor, form), node, context, cursor);
    cursor.expectWord(["of"], form);
    return { part, measure: readMeasure(cursor, form) };
  });
  const atLeastPeriods = fields.phrase("at_least", (cursor) => {
    const count = cursor.expectCount("a number of periods", "6 periods");
    cursor.expectWord(["period", "periods"], "6 periods");
    return count;
  });
  if (named === undefined || over === undefined) return undefined;
  return { kind: "percentile", ...common, ...named, over, ...(atLeastPeriods === undefined ? {} : { atLeastPeriods }) };
}

function readOver(fields: Fields, context: CheckContext): Window | undefined {
  const node = fields.text("over");
  const over = node === undefined ? undefined : readPhrase(node, context.problems, (cursor) => readWindow(cursor, node, context));
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

function readAtLeast(fields: Fields, context: CheckContext): AtLeast | undefined {
  const node = fields.text("at_least");
  if (node === undefined) return undefined;
  const atLeast = readPhrase(node, context.problems, (cursor) => readCounted(cursor, node, context, "20 orders"));
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
        cure: `Write '${form.split(" with ")[0]} with 20 ${printOperand(whole)}'.`,
      });
    }
    return { prior, strength };
  });
}

/** `upper 95 %`: which end of the Wilson interval, and its level. */
function readWilson(fields: Fields, context: CheckContext): { readonly side: "lower" | "upper"; readonly level: Constant } | undefined {
  const node = fields.text("wilson");
  if (node === undefined) return undefined;
  return readPhrase(node, context.problems, (cursor) => {
    const side = cursor.expectWord(["lower", "upper"], "upper 95 %") === "lower" ? "lower" : "upper";
    return { side, level: locatedConstant(readConstant(cursor, "upper 95 %"), node, context, cursor) };
  });
}
