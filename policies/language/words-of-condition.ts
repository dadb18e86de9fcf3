/** What became of a condition, as clauses that follow its name. */
import { compareConditions, type PartChange } from "./condition-parts.ts";
import type { Expression } from "./expression.ts";
import type { Policy } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { printLiteral } from "./quantity.ts";

/** Before a part of a condition: what stays moved, what is new, what is gone. */
export interface Verbs {
  readonly moved: string;
  readonly added: string;
  readonly gone: string;
}

/** Verbs for parts that must all hold, and for parts of which one is enough. */
export interface ConditionVerbs {
  readonly and: Verbs;
  readonly or: Verbs;
}

const open: Verbs = { moved: "holds with", added: "now also holds with", gone: "no longer holds with" };

/** For tiers, caps, conditions and lines of ledgers. */
export const askVerbs: ConditionVerbs = { and: { moved: "asks for", added: "now also asks for", gone: "no longer asks for" }, or: open };

/** For what a metric counts. */
export const countVerbs: ConditionVerbs = {
  and: { moved: "counts events with", added: "now counts only events that also have", gone: "no longer asks events for" },
  or: { moved: "counts events with", added: "now also counts events with", gone: "no longer counts events with" },
};

/**
 * `now also asks for recent_orders >= 50, and asks for overall >= 88 instead of >= 85`. Parameters stand with their value where a part moved.
 */
export function conditionClauses(
  before: Expression | undefined,
  after: Expression | undefined,
  verbs: ConditionVerbs,
  { a, b }: { readonly a: Policy; readonly b: Policy },
): string {
  const { join, parts } = compareConditions(before, after);
  const { moved, added, gone } = verbs[join];
  if (parts.length === 0) return `${moved} the same in another order`;
  const of = <Kind extends PartChange["kind"]>(kind: Kind): readonly Extract<PartChange, { kind: Kind }>[] =>
    parts.filter((part): part is Extract<PartChange, { kind: Kind }> => part.kind === kind);
  const clauses = [
    ...of("moved").map(({ from, to }) => `${moved} ${movedText(from, to, a, b)}`),
    ...clauseOf(
      before === undefined ? added.replace(" also", "") : added,
      join,
      of("added").map(({ to }) => to),
    ),
    ...clauseOf(
      gone,
      join,
      of("gone").map(({ from }) => from),
    ),
  ];
  return clauses.join(", and ");
}

function clauseOf(verb: string, join: "and" | "or", parts: readonly Expression[]): readonly string[] {
  return parts.length === 0 ? [] : [`${verb} ${parts.map((part) => printExpression(part)).join(join === "and" ? " and " : " or ")}`];
}

/** `overall >= 88 instead of >= 85`: what both ask about is said once. */
function movedText(from: Expression, to: Expression, a: Policy, b: Policy): string {
  const [old, young] = [withValues(from, a), withValues(to, b)];
  const subject = subjectOf(from);
  const isShared = subject !== undefined && subject === subjectOf(to) && old.startsWith(`${subject} `);
  return `${young} instead of ${isShared ? old.slice(subject.length + 1) : old}`;
}

function subjectOf(part: Expression): string | undefined {
  if (part.kind === "compare") return printExpression(part.left);
  return part.kind === "member" ? printExpression(part.operand) : undefined;
}

/** As written, with the value of each fixed parameter beside its name. `eventPrefix`: what stands before fields of an event. */
export function withValues(expression: Expression, policy: Policy, eventPrefix = ""): string {
  return printExpression(expression, ({ to, name }) => {
    const parameter = to === "parameter" ? policy.parameters.find((candidate) => candidate.name === name) : undefined;
    if (to === "event") return `${eventPrefix}${name}`;
    return parameter === undefined || parameter.by !== undefined ? name : `${name} (${printLiteral(parameter)})`;
  });
}
