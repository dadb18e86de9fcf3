/** Texts as kernel code: integers that stand for them, and comparisons of those. */
import { invariant, present } from "../../data/foundation/index.ts";
import type { Attribute, PanelSchema } from "../../data/panel/index.ts";
import type { Expression } from "../language/checked/index.ts";
import { numeral, type Truth } from "./kernel-writer.ts";
import type { Names } from "./names.ts";

/** A text of the row or event at hand. Its code is 0 or more when it is there; missing is -1, or NaN for a metric. */
export interface TextOperand {
  readonly code: string;
  /** The texts behind the codes. Absent: a field of events, whose codes each chunk gives out anew. */
  readonly values?: readonly string[];
  /** The code of a text, negative when nothing ever has it. */
  readonly codeOf: (text: string) => number;
  /** Code that is true while the text is missing. */
  readonly missing: string;
}

/** Whether an expression is a text. */
export function isText({ policy, schema }: Names, expression: Expression): boolean {
  if (expression.kind === "text") return true;
  if (expression.kind !== "reference") return false;
  const { to, name } = expression;
  if (to === "attribute") return attributeRead(schema, name).attribute.type === "text";
  if (to === "metric") return policy.metrics.find((metric) => metric.name === name)?.kind === "largest";
  return to === "event" && name !== "points" && name !== "number";
}

/** A text by its name: an attribute, a metric of kind `largest`, or a field of the event at hand. */
export function textNamed(names: Names, to: string, name: string): TextOperand {
  const { policy, schema, writer, events } = names;
  if (to === "event") {
    const event = present(names.event, `an event for its field ${name}`);
    writer.reads("fieldCodes");
    const code = writer.keep(`x${events.field(name)}[${event}]`);
    return { code, codeOf: (text) => events.text(text), missing: `${code} < 0` };
  }
  if (to === "metric") {
    const metric = policy.metrics.find((candidate) => candidate.name === name);
    invariant(metric?.kind === "largest", `metric ${name} is not a text`);
    const { attribute } = attributeRead(schema, metric.by);
    const code = names.metric(name);
    return { ...dictionary(attribute), code, missing: `!(${code} >= 0)` };
  }
  invariant(to === "attribute", `${to} ${name} is not a text`);
  const { attribute, read } = attributeRead(schema, name);
  invariant(attribute.type === "text", `attribute ${name} is not a text`);
  const code = writer.once(`attribute ${name}`, () => writer.keep(read));
  return { ...dictionary(attribute), code, missing: `${code} < 0` };
}

/** The text behind a reference. */
export function textOperand(names: Names, expression: Expression): TextOperand {
  invariant(expression.kind === "reference", "texts are compared with texts that have a name");
  return textNamed(names, expression.to, expression.name);
}

/** Whether two texts are the same, or differ; unknown while one is missing. */
export function compareTexts(names: Names, operator: string, left: Expression, right: Expression): Truth {
  invariant(operator === "=" || operator === "!=", `texts have no order for ${operator}`);
  if (left.kind === "text") return compareTexts(names, operator, right, left);
  const { equal, differ } = right.kind === "text" ? sameAsLiteral(names, left, right.value) : sameTexts(names, left, right);
  return operator === "=" ? { yes: equal, no: differ } : { yes: differ, no: equal };
}

/** Whether a text is among some. */
export function memberTruth(names: Names, operand: Expression, values: readonly string[]): Truth {
  const { code, codeOf } = textOperand(names, operand);
  const codes = values.map(codeOf).filter((value) => value >= 0);
  const among = codes.length === 0 ? "0 > 1" : codes.map((value) => `${code} === ${value}`).join(" || ");
  return { yes: `(${among})`, no: `(${code} >= 0 && !(${among}))` };
}

/** The code that reads an attribute of the row at hand. */
export function attributeRead(schema: PanelSchema, name: string): { readonly attribute: Attribute; readonly read: string } {
  const index = schema.attributes.findIndex((candidate) => candidate.name === name);
  const attribute = present(schema.attributes[index], `attribute ${name} of the panel`);
  return { attribute, read: `g${index}[${attribute.scope === "entity" ? "entity" : "row"}]` };
}

/** -2 is the code of a text that no entity ever has (missing is -1). */
function dictionary({ values = [] }: Attribute): Required<Pick<TextOperand, "values" | "codeOf">> {
  return {
    values,
    codeOf: (text) => {
      const code = values.indexOf(text);
      return code < 0 ? -2 : code;
    },
  };
}

interface Sameness {
  readonly equal: string;
  readonly differ: string;
}

function sameAsLiteral(names: Names, operand: Expression, literal: string): Sameness {
  const { code, codeOf } = textOperand(names, operand);
  const value = codeOf(literal);
  return {
    equal: value < 0 ? "0 > 1" : `${code} === ${value}`,
    differ: `(${code} >= 0 && ${code} !== ${numeral(value)})`,
  };
}

/** A dictionary is translated into the other one; fields of events share theirs, and translate those of the panel. */
function sameTexts(names: Names, first: Expression, second: Expression): Sameness {
  let [left, right] = [textOperand(names, first), textOperand(names, second)];
  if (right.values === undefined) [left, right] = [right, left];
  const known = `${left.code} >= 0 && ${right.code} >= 0`;
  const { codeOf } = left;
  const translated =
    right.values === undefined ? right.code : `${names.writer.table(Int32Array.from(right.values, codeOf))}[${right.code}]`;
  return { equal: `(${known} && ${translated} === ${left.code})`, differ: `(${known} && ${translated} !== ${left.code})` };
}
