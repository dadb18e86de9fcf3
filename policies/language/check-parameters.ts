/** The `parameters` section. */
import type { CheckContext, Definition } from "./check-context.ts";
import { placeOf } from "./document.ts";
import { asMap, fieldsOf } from "./fields.ts";
import { defaultTitle } from "./names.ts";
import { located } from "./places.ts";
import type { Parameter } from "./policy.ts";
import { type Literal, readLiteral } from "./quantity.ts";

/** Named numbers; a range has the value's unit and holds the value. */
export function checkParameters(definitions: readonly Definition[], context: CheckContext): readonly Parameter[] {
  return definitions.map((definition) => checkParameter(definition, context)).filter((parameter) => parameter !== undefined);
}

function checkParameter({ name, key, value: node }: Definition, { problems }: CheckContext): Parameter | undefined {
  const map = asMap(node, problems, `parameter '${name}'`);
  if (map === undefined) return undefined;
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
      problems.add("bad-range", at, { message: `the range of '${name}' is empty: it runs from the larger to the smaller number`, found });
    } else if (literal.value < lower.value || literal.value > upper.value) {
      problems.add("bad-range", at, {
        message: `the range of '${name}' does not hold its value, ${fields.text("value")?.text ?? ""}`,
        found,
      });
    }
  }
  const parameter: Parameter = {
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
