/** What the writers of a vector kernel share: the policy's names as code, where rows lie, and numbers of the policy. */
import { type Code, f64, f64x2, i32, invariant, present } from "../../../data/foundation/index.ts";
import type { Attribute, PanelSchema } from "../../../data/panel/index.ts";
import { type Constant, type Policy, parameterOf } from "../../language/checked/index.ts";
import type { EvaluationPlan } from "../evaluation-plan.ts";
import type { Pointers, VectorWindows } from "./vector-windows.ts";
import { type Masks, NoVectorForm, type VectorWriter } from "./vector-writer.ts";

/** Where names lead. */
export interface VectorNames {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly plan: EvaluationPlan;
  readonly writer: VectorWriter;
  readonly windows: VectorWindows;
  readonly at: Pointers;
  /** Whether a name is read from a column. */
  readonly isGiven: (name: string) => boolean;
  readonly metric: (name: string) => Code;
  readonly score: (name: string) => Code;
  readonly ledger: (name: string) => Code;
  readonly condition: (name: string) => Masks;
  /** The day of the evaluation. */
  readonly day: () => Code;
  /** The pair of an attribute: numbers, days, or codes of texts. */
  readonly attribute: (name: string) => Code;
  /** A statement that notes rows whose numbers are beyond what this kernel does exactly: the plain kernels then decide about the chunk. */
  readonly breach: (mask: Code) => Code;
}

/** An attribute's position and kind. */
export function attributeNamed(schema: PanelSchema, name: string): { readonly index: number; readonly attribute: Attribute } {
  const index = schema.attributes.findIndex((candidate) => candidate.name === name);
  return { index, attribute: present(schema.attributes[index], `attribute ${name} of the panel`) };
}

/** A constant as code. */
export function constantCode(names: VectorNames, constant: Constant): Code {
  return derivedConstant(names, constant, "", (value) => value);
}

/**
 * A number that is made from a constant when the policy's numbers are put into memory. `what` tells one way of making from another. Where
 * a parameter depends on a text it is looked up, and missing while the text is.
 */
export function derivedConstant(names: VectorNames, constant: Constant, what: string, derive: (value: number) => number): Code {
  const { writer, policy, schema } = names;
  if (constant.kind === "number") return writer.slot(`number ${constant.value} ${what}`, () => derive(constant.value));
  const { name } = constant;
  const { by } = parameterOf(policy, name);
  const key = `parameter ${name} ${what}`;
  if (by === undefined) {
    return writer.slot(key, (current) => {
      const parameter = parameterOf(current, name);
      invariant(parameter.by === undefined, `parameter ${name} depends on no text`);
      return derive(parameter.value);
    });
  }
  if (by.to !== "attribute") throw new NoVectorForm("a parameter that depends on a metric");
  const values = attributeNamed(schema, by.name).attribute.values ?? [];
  const address = writer.slotAddress(key, [
    () => Number.NaN,
    ...values.map((text) => (current: Policy) => {
      const parameter = parameterOf(current, name);
      invariant(parameter.by !== undefined, `parameter ${name} depends on a text`);
      const entry = parameter.values.find((candidate) => candidate.text === text);
      return entry === undefined ? Number.NaN : derive(entry.value);
    }),
  ]);
  return writer.once(key, () => writer.keep(lookUp(names.attribute(by.name), address)));
}

/** Looks both rows' codes up among doubles in memory; the first is for code -1, a missing text. */
function lookUp(codes: Code, address: number): Code {
  const at = (lane: 0 | 1) => i32.shiftLeft(i32.add(i32.truncate(f64x2.lane(codes, lane)), i32.const(1)), i32.const(3));
  const one = (lane: 0 | 1) => f64.load(at(lane), address);
  return f64x2.withLane(f64x2.splat(one(0)), 1, one(1));
}

/** Whether a constant has one value for all rows. */
export function isFixed(policy: Policy, constant: Constant): boolean {
  return constant.kind === "number" || parameterOf(policy, constant.name).by === undefined;
}
