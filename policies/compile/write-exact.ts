/** Operands of metrics as kernel code: measures, numbers and + - *, in integers scaled to powers of ten. */
import { checkLimit, InputRefused, invariant, unreachable } from "../../data/foundation/index.ts";
import type { Constant, Expression } from "../language/checked/index.ts";
import { powerOfTen } from "./decimal.ts";
import { type ExactOperand, impossible, numeral } from "./kernel-writer.ts";
import type { Names } from "./names.ts";
import { exactConstant } from "./write-constant.ts";

/** The sum of a measure over whatever the operand is about. */
export type SumOf = (measure: string) => ExactOperand;

/** Writes an operand: sums of measures, then combined. Throws InputRefused (`limit-exceeded`) when its decimals multiply beyond 10^22. */
export function writeExact(names: Names, expression: Expression, sumOf: SumOf): ExactOperand {
  const { writer } = names;
  switch (expression.kind) {
    case "number":
      return exactConstant(names, expression);
    case "reference":
      if (expression.to === "parameter") return exactConstant(names, parameterNamed(expression.name));
      invariant(expression.to === "measure", `${expression.to} ${expression.name} cannot be summed over a window`);
      return sumOf(expression.name);
    case "negate": {
      const { code, ...rest } = writeExact(names, expression.operand, sumOf);
      return { code: writer.keep(`0 - ${code}`), ...rest };
    }
    case "arithmetic": {
      const left = writeExact(names, expression.left, sumOf);
      const right = writeExact(names, expression.right, sumOf);
      const mayBeMissing = left.mayBeMissing === true || right.mayBeMissing === true;
      const missing = mayBeMissing ? { mayBeMissing } : {};
      if (expression.operator === "*") {
        const scale = left.scale + right.scale;
        const breach = checkLimit("operandDecimals", scale);
        if (breach !== undefined) throw new InputRefused([breach]);
        return { code: writer.keepExact(`${left.code} * ${right.code}`, mayBeMissing), scale, ...missing };
      }
      invariant(expression.operator !== "/", "a division inside a window operand");
      const scale = Math.max(left.scale, right.scale);
      const [a, b] = [rescale(names, left, scale), rescale(names, right, scale)];
      return { code: writer.keepExact(`${a} ${expression.operator} ${b}`, mayBeMissing), scale, ...missing };
    }
    case "text":
    case "compare":
    case "logic":
    case "not":
    case "known":
    case "member":
    case "call":
    case "if":
      return impossible(`a ${expression.kind} inside a window operand`);
    default:
      return unreachable(expression);
  }
}

/** The double of an exact operand: one division by its power of ten. */
export function valueCode({ code, scale }: ExactOperand): string {
  return scale === 0 ? code : `(${code} / ${numeral(powerOfTen(scale))})`;
}

/** The operand's integer at a larger power of ten. */
export function rescale({ writer }: Names, { code, scale, mayBeMissing }: ExactOperand, target: number): string {
  return target === scale ? code : writer.keepExact(`${code} * ${numeral(powerOfTen(target - scale))}`, mayBeMissing);
}

function parameterNamed(name: string): Constant {
  return { kind: "reference", to: "parameter", name };
}
