/** The `parameters` section. */
import type { CheckContext, Definition } from "./check-context.ts";
import { entryOf, type MapNode, placeOf, type TextNode } from "./document.ts";
import { asMap, asText, fieldsOf } from "./fields.ts";
import { defaultTitle } from "./names.ts";
import { readPhrase } from "./phrase.ts";
import { located } from "./places.ts";
import type { FixedParameter, Parameter, ParameterByText } from "./policy.ts";
import { type Literal, readLiteral } from "./quantity.ts";

/** Named numbers; a range has the value's unit and holds the value. */
export function checkParameters(definitions: readonly Definition[], context: CheckContext): readonly Parameter[] {
  return definitions.map((definition) => checkParameter(definition, context)).filter((parameter) => parameter !== undefined);
}

function checkParameter({ name, key, value: node }: Definition, context: CheckContext): Parameter | undefined {
  const { problems } = context;
  const map = asMap(node, problems, `parameter '${name}'`);
  if (map === undefined) return undefined;
  if (entryOf(map, "by") !== undefined || entryOf(map, "in") !== undefined) return checkByText(name, key, map, context);
  const fields = fieldsOf(map, "parameter", `parameter '${name}'`, problems);
  const literal = fields.phrase("value", (cursor) => readLiteral(cursor, "8 %"));
  const range = fields.phrase("range", (cursor) => {
    const form = "4 % to 15 %";
    const lower = readLiteral(cursor, form);
    cursor.expectWord(["to"], form);
    return { lower, upper: readLiteral(cursor, form) };
  });
  const title = fields.text("title")?.text ?? defaultTitle(name);
  if (literal === undefined) return undefined;
  const rangeNode = fields.text("range");
  if (range !== undefined && rangeNode !== undefined) {
    const at = placeOf(rangeNode);
    const { lower, upper } = range;
    const found = rangeNode.text;
    if ([lower, upper].some((bound) => !sameUnit(bound, literal))) {
      problems.add("unit-mismatch", at, {
        message: `the range of '${name}' is not in the unit of its value`,
        found,
        expected: literal.unit,
      });
    } else if (lower.value >= upper.value) {
      problems.add("bad-range", at, { message: `the range of '${name}' is empty: its first number is not below its second`, found });
    } else if (literal.value < lower.value || literal.value > upper.value) {
      problems.add("bad-range", at, {
        message: `the range of '${name}' does not hold its value, ${fields.text("value")?.text ?? ""}`,
        found,
      });
    }
  }
  const parameter: FixedParameter = {
    name,
    title,
    value: literal.value,
    unit: literal.unit,
    ...(literal.currency === undefined ? {} : { currency: literal.currency }),
    ...(range === undefined ? {} : { range: { lower: range.lower.value, upper: range.upper.value } }),
  };
  return located(parameter, placeOf(key));
}

function sameUnit(a: Literal, b: Literal): boolean {
  return a.unit === b.unit && a.currency === b.currency;
}

/** `{ by: market, in: { MX: 2 %, BR: 3 % } }`: all in one unit. */
function checkByText(name: string, key: TextNode, map: MapNode, { problems, names, texts }: CheckContext): ParameterByText | undefined {
  const fixed = entryOf(map, "value") ?? entryOf(map, "range");
  if (fixed !== undefined) {
    problems.add("conflicting-keys", placeOf(fixed.key), {
      message: `parameter '${name}' depends on a text, so it has no '${fixed.key.text}' of its own`,
      found: fixed.key.text,
      cure: "Keep 'by' and 'in', or 'value'.",
    });
    return undefined;
  }
  const fields = fieldsOf(map, "parameterByText", `parameter '${name}'`, problems);
  const by = fields.phrase("by", (cursor): ParameterByText["by"] => {
    const token = cursor.expectName("the name of an attribute", "market");
    const kind = names.get(token.text);
    if (kind === undefined) return { to: "attribute", name: token.text };
    if (kind === "metric" && texts.has(token.text)) return { to: "metric", name: token.text };
    return cursor.fail("wrong-kind-of-name", token, {
      message: `'${token.text}' is a ${kind}; a parameter depends on an attribute or on a metric of kind 'largest'`,
      found: kind,
      expected: "attribute",
    });
  });
  const entries = fields.map("in")?.entries ?? [];
  if (fields.entry("in") !== undefined && entries.length === 0)
    problems.add("missing-key", placeOf(map), { message: `parameter '${name}' gives no number`, cure: "Give each text its number." });
  const read = entries.flatMap(({ key: text, value }) => {
    const node = asText(value, problems, `'${text.text}'`);
    const literal = node === undefined ? undefined : readPhrase(node, problems, (cursor) => readLiteral(cursor, "8 %"));
    return literal === undefined || node === undefined ? [] : [{ text: text.text, literal, node }];
  });
  const [first] = read;
  if (by === undefined || first === undefined || read.length < entries.length) return undefined;
  for (const { text, literal, node } of read) {
    if (sameUnit(literal, first.literal)) continue;
    problems.add("unit-mismatch", placeOf(node), {
      message: `the number for '${text}' is not in the unit of the number for '${first.text}'`,
      found: node.text,
      expected: first.literal.unit,
    });
  }
  const { unit, currency } = first.literal;
  const parameter: ParameterByText = {
    name,
    title: fields.text("title")?.text ?? defaultTitle(name),
    unit,
    ...(currency === undefined ? {} : { currency }),
    by,
    values: read.map(({ text, literal }) => ({ text, value: literal.value })),
  };
  return located(parameter, placeOf(key));
}
