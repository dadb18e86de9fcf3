/** The comparisons inside a condition, with the numbers that were compared, and those of them that stand in its way. */
import type { PanelSchema } from "../../data/panel/index.ts";
import { type Expression, operandsOf, type Policy } from "../language/index.ts";
import { evaluateExpression, type Lookup } from "./expression-nodes.ts";
import { sayExpression, unitOf } from "./say-expression.ts";
import { sayAlike, sayNumber } from "./say-number.ts";
import type { ClaimTrace } from "./trace.ts";

/**
 * The comparisons, memberships and known-tests inside an expression, left to right, each with its outcome and with whether an odd number
 * of `not` stands around it.
 */
export function claimsOf(
  expression: Expression,
  policy: Policy,
  schema: PanelSchema,
  lookup: Lookup,
  isDenied = false,
): readonly ClaimTrace[] {
  const again = (part: Expression, denied: boolean): readonly ClaimTrace[] => claimsOf(part, policy, schema, lookup, denied);
  const named = namedCondition(expression, policy);
  if (named !== undefined) return again(named, isDenied);
  if (expression.kind === "not") return again(expression.operand, !isDenied);
  if (!isClaim(expression)) return operandsOf(expression).flatMap((operand) => again(operand, isDenied));
  const [subject, bound] = operandsOf(expression);
  const value = evaluateExpression(expression, lookup);
  const left = subject === undefined ? undefined : plainOrAbsent(evaluateExpression(subject, lookup));
  const right = bound === undefined ? undefined : plainOrAbsent(evaluateExpression(bound, lookup));
  return [
    {
      words: sayExpression(expression, policy, schema, lookup),
      ...(typeof value === "boolean" ? { value } : {}),
      ...(left === undefined ? {} : { left }),
      ...(right === undefined ? {} : { right }),
      standing: inBrackets(standingWords(expression, policy, schema, lookup)),
      ...(isDenied ? { isDenied } : {}),
    },
  ];
}

/**
 * What would have to be otherwise for the condition to be true, one sentence part each, all of them needed; where one of several
 * is enough they are joined with `or`. Empty when it is true.
 */
export function unmetOf(expression: Expression, policy: Policy, schema: PanelSchema, lookup: Lookup, wanted = true): readonly string[] {
  if (evaluateExpression(expression, lookup) === wanted) return [];
  const again = (part: Expression, goal: boolean): readonly string[] => unmetOf(part, policy, schema, lookup, goal);
  const named = namedCondition(expression, policy);
  if (named !== undefined) return again(named, wanted);
  if (expression.kind === "not") return again(expression.operand, !wanted);
  if (expression.kind === "logic") {
    const sides = [again(expression.left, wanted), again(expression.right, wanted)];
    const areBothNeeded = (expression.operator === "and") === wanted;
    return areBothNeeded ? sides.flat() : [sides.map((side) => side.join(" and ")).join(", or ")];
  }
  const words = wantedWords(expression, policy, schema, lookup, wanted);
  const standing = standingWords(expression, policy, schema, lookup);
  const asked = expression.kind === "compare" ? sayOf(expression.right, policy, schema, lookup) : undefined;
  if (asked === undefined || !words.endsWith(` ${asked}`) || standing === undefined) return [`${words}${inBrackets(standing)}`];
  const [bound = asked, own = standing] = sayAlike([asked, standing]);
  return [`${words.slice(0, -asked.length)}${bound}${inBrackets(own)}`];
}

type Claim = Extract<Expression, { kind: "compare" | "member" | "known" }>;

function isClaim(expression: Expression): expression is Claim {
  return expression.kind === "compare" || expression.kind === "member" || expression.kind === "known";
}

function namedCondition(expression: Expression, policy: Policy): Expression | undefined {
  if (expression.kind !== "reference" || expression.to !== "condition") return undefined;
  return policy.conditions.find(({ name }) => name === expression.name)?.expression;
}

const opposites = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "=" } as const;

function wantedWords(expression: Expression, policy: Policy, schema: PanelSchema, lookup: Lookup, wanted: boolean): string {
  const say = (part: Expression): string => sayExpression(part, policy, schema, lookup);
  if (wanted) return say(expression);
  if (!isClaim(expression) || expression.kind === "known") return say({ kind: "not", operand: expression });
  if (expression.kind === "compare") return say({ ...expression, operator: opposites[expression.operator] });
  return `${say(expression.operand)} is none of ${expression.values.join(", ")}`;
}

/** What the subject of a comparison is now; undefined of what has none. */
function standingWords(expression: Expression, policy: Policy, schema: PanelSchema, lookup: Lookup): string | undefined {
  const [subject] = operandsOf(expression);
  if (subject === undefined || !isClaim(expression) || expression.kind === "known") return undefined;
  const value = plainOrAbsent(evaluateExpression(subject, lookup));
  return typeof value === "string" ? value : (sayOf(subject, policy, schema, lookup) ?? "not known");
}

function inBrackets(standing: string | undefined): string {
  return standing === undefined ? "" : ` (it is ${standing})`;
}

/** The number that a part is; undefined where it is none. */
function sayOf(part: Expression, policy: Policy, schema: PanelSchema, lookup: Lookup): string | undefined {
  const value = evaluateExpression(part, lookup);
  return typeof value === "number" ? sayNumber(value, unitOf(part, policy, schema), schema.currency) : undefined;
}

function plainOrAbsent(value: unknown): number | string | undefined {
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}
