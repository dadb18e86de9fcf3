/** Constants as kernel code: numerals, or a look-up where a parameter depends on a text. */
import { invariant } from "../../data/foundation/index.ts";
import { type Constant, constantValues, type Policy, parameterOf } from "../language/checked/index.ts";
import { powerOfTen, scaledInteger } from "./decimal.ts";
import { type ExactOperand, numeral } from "./kernel-writer.ts";
import type { Names } from "./names.ts";
import { textNamed } from "./write-text.ts";

/** The number of a constant that is the same for every row, else undefined. */
export function fixedValue(policy: Policy, constant: Constant): number | undefined {
  if (constant.kind === "number") return constant.value;
  const parameter = parameterOf(policy, constant.name);
  return parameter.by === undefined ? parameter.value : undefined;
}

/** A constant's code: a numeral, or the name of a number that is NaN while the text is missing that it depends on. */
export function constantCode(names: Names, constant: Constant): string {
  return derivedConstant(names, constant, "", (value) => value);
}

/** The code of a number that is made from a constant while the kernel is written. `what` tells one way of making from another. */
export function derivedConstant(names: Names, constant: Constant, what: string, derive: (value: number) => number): string {
  const { policy, writer } = names;
  const fixed = fixedValue(policy, constant);
  if (fixed !== undefined) return numeral(derive(fixed));
  invariant(constant.kind === "reference", "a literal is fixed");
  const parameter = parameterOf(policy, constant.name);
  const { by } = parameter;
  invariant(by !== undefined, `parameter ${constant.name} has a text`);
  return writer.once(`parameter ${constant.name} ${what}`, () => {
    const { code, values = [] } = textNamed(names, by.to, by.name);
    const numbers = new Map(parameter.values.map(({ text, value }) => [text, derive(value)]));
    const table = writer.table(Float64Array.from(values, (text) => numbers.get(text) ?? Number.NaN));
    return writer.keep(`${code} >= 0 ? ${table}[${code}] : NaN`);
  });
}

/** A constant as an integer over a power of ten: the point of its decimals moves in its text. */
export function exactConstant(names: Names, constant: Constant): ExactOperand {
  const scale = Math.max(...constantValues(names.policy, constant).map((value) => scaledInteger(value).scale));
  const code = derivedConstant(names, constant, "exact", (value) => {
    const scaled = scaledInteger(value);
    return scaled.integer * powerOfTen(scale - scaled.scale);
  });
  return fixedValue(names.policy, constant) === undefined ? { code, scale, mayBeMissing: true } : { code, scale };
}
