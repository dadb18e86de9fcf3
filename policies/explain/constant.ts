/** The number behind a constant at one evaluation. */
import { type Constant, type Policy, parameterOf } from "../language/index.ts";
import type { Lookup } from "./expression-nodes.ts";

/** A literal's own number, or the parameter's; undefined while the text that the parameter depends on is missing. */
export function constantAt(constant: Constant, lookup: Lookup): number | undefined {
  if (constant.kind === "number") return constant.value;
  const value = lookup("parameter", constant.name);
  return typeof value === "number" ? value : undefined;
}

/** A parameter's number; one by text has that of the entity's text. */
export function parameterAt(policy: Policy, name: string, lookup: Lookup): number | undefined {
  const parameter = parameterOf(policy, name);
  if (parameter.by === undefined) return parameter.value;
  const text = lookup(parameter.by.to, parameter.by.name);
  return parameter.values.find((entry) => entry.text === text)?.value;
}
