/** Makes the numbers of a case so large that some lie beyond the doubles: engines must find the same ones missing. */
import type { PlainPanel } from "../../data/panel/index.ts";
import type { Expression, Policy } from "../../policies/language/index.ts";
import type { Draw } from "./draw.ts";

/** The policy with some of the numbers that its expressions read multiplied beyond 10^308, and some points of events near the largest double. */
export function swell(draw: Draw, policy: Policy, plain: PlainPanel): { readonly policy: Policy; readonly plain: PlainPanel } {
  const texts = policy.metrics.filter(({ kind }) => kind === "largest").map(({ name }) => name);
  const events = (plain.events ?? []).map((event) =>
    event.points === undefined || draw.chance(2) ? event : { ...event, points: draw.pick([1e308, 1.7e308, -1e308, 1e290]) },
  );
  return { policy: swollen(draw, policy, texts) as Policy, plain: { ...plain, events } };
}

function swollen(draw: Draw, part: unknown, texts: readonly string[]): unknown {
  if (Array.isArray(part)) return part.map((item) => swollen(draw, item, texts));
  if (typeof part !== "object" || part === null) return part;
  if (isNumber(part as Expression, texts) && draw.chance(2)) return product(draw, part as Expression);
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, swollen(draw, value, texts)]));
}

/** Whether a node of a policy is an expression that reads a computed number. */
function isNumber(part: Expression, texts: readonly string[]): boolean {
  if (part.kind !== "reference") return false;
  const { to, name } = part;
  return (to === "metric" && !texts.includes(name)) || to === "score" || to === "ledger" || (to === "event" && name === "points");
}

/** Literals of files are far smaller, and come to the same in longer chains; these keep the text of kernels and statements short. */
function product(draw: Draw, expression: Expression): Expression {
  const literal = (value: number): Expression => ({ kind: "number", value, unit: "number" });
  const larger = (left: Expression): Expression =>
    draw.chance(2)
      ? { kind: "arithmetic", operator: "*", left, right: literal(1e15) }
      : { kind: "arithmetic", operator: "/", left, right: literal(draw.pick([1e-155, -1e-300])) };
  return Array.from({ length: draw.integer(1, 3) }).reduce<Expression>(larger, expression);
}
