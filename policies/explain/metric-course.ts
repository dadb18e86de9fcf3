/** What a policy measured of one entity at every evaluation, and the numbers that it is held against. */
import { formatPeriod } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { type Expression, operandsOf, type Policy } from "../language/index.ts";
import { constantAt } from "./constant.ts";
import type { EntityHistory } from "./entity-history.ts";
import { type EvaluateOptions, walkEvaluations } from "./evaluate-entity.ts";
import type { Evaluation } from "./evaluate-once.ts";
import { evaluateExpression, type Lookup } from "./expression-nodes.ts";
import { sayExpression } from "./say-expression.ts";
import { type SaidUnit, sayNumber } from "./say-number.ts";
import type { LedgerTrace, MetricTrace, ScoreTrace } from "./trace.ts";

/** One evaluation, by the last day of its period. An absent value is missing, and `missing` says why. Money in minor units. */
export interface CoursePoint {
  readonly period: string;
  readonly value?: number;
  readonly missing?: string;
  /** How much the value stands on: what was divided by, what a minimum volume counts, or how many values were ranked. */
  readonly volume?: number;
}

/** A number that the policy compares with, as it was for this entity at the latest evaluation. */
export interface CourseLine {
  readonly value: number;
  readonly words: string;
  /** Briefly, for a chart: whose line it is, or what it scores. */
  readonly label: string;
  /** `tier`: a tier or a cap asks for it. `score`: a point of the curve that scores the metric. */
  readonly kind: "tier" | "score";
}

/** A metric, a ledger, or a score that a tier asks for, over time. */
export interface MetricCourse {
  readonly name: string;
  readonly title: string;
  readonly unit: SaidUnit;
  /** The latest value in words, or why there is none. */
  readonly said: string;
  /** Oldest first. */
  readonly points: readonly CoursePoint[];
  readonly lines: readonly CourseLine[];
}

/**
 * Scores that a tier or a cap compares with a number, then every metric and ledger, in file order; metrics whose value is a text are
 * left out. Empty before the first evaluation. `peers`: as for `evaluateEntity`. Cost: one walk of the slow evaluator, none with `walked`.
 */
export function metricCourses(
  policy: Policy,
  schema: PanelSchema,
  history: EntityHistory,
  options: { readonly from: number; readonly to: number } & Pick<EvaluateOptions, "peers" | "walked">,
): readonly MetricCourse[] {
  const { from, ...walk } = options;
  const evaluations = walkEvaluations(policy, schema, history, walk).flatMap(({ period, evaluation }) =>
    evaluation === undefined || period < from ? [] : [evaluation],
  );
  const latest = evaluations.at(-1);
  if (latest === undefined) return [];
  const found = linesOf(policy, schema, latest);
  const courseOf = (
    to: "metric" | "ledger" | "score",
    of: (evaluation: Evaluation) => MeasuredPart | undefined,
  ): readonly MetricCourse[] => {
    const part = of(latest);
    if (part === undefined) return [];
    const { name, title, value, missing = "not known" } = part;
    const unit = "unit" in part ? part.unit : "number";
    const said = value === undefined ? missing : sayNumber(value, unit, schema.currency);
    const points = evaluations.flatMap((evaluation) => {
      const measured = of(evaluation);
      return measured === undefined ? [] : [pointOf(measured, formatPeriod(schema.grain, evaluation.period))];
    });
    return [{ name, title, unit, said, points, lines: found.get(`${to} ${name}`) ?? [] }];
  };
  return [
    ...latest.scores.flatMap(({ name }, index) => (found.has(`score ${name}`) ? courseOf("score", ({ scores }) => scores[index]) : [])),
    ...latest.metrics.flatMap(({ kind }, index) => (kind === "largest" ? [] : courseOf("metric", ({ metrics }) => metrics[index]))),
    ...latest.ledgers.flatMap((_, index) => courseOf("ledger", ({ ledgers }) => ledgers[index])),
  ];
}

type MeasuredPart = MetricTrace | LedgerTrace | ScoreTrace;

function pointOf(trace: MeasuredPart, period: string): CoursePoint {
  const volume =
    "unit" in trace && "kind" in trace
      ? (trace.denominator ?? trace.atLeast?.sum ?? trace.percentile?.count ?? trace.peers?.count)
      : undefined;
  return {
    period,
    ...(trace.value === undefined ? { missing: trace.missing ?? "not known" } : { value: trace.value }),
    ...(volume === undefined ? {} : { volume }),
  };
}

/** By `metric <name>`, `ledger <name>` and `score <name>`: lines of tiers and caps in their order, then those of curves. */
export function linesOf(policy: Policy, schema: PanelSchema, { lookup }: Evaluation): ReadonlyMap<string, readonly CourseLine[]> {
  const lines = new Map<string, CourseLine[]>();
  const add = (key: string, line: CourseLine): void => {
    const known = lines.get(key) ?? [];
    if (!known.some(({ value, words }) => value === line.value && words === line.words)) lines.set(key, [...known, line]);
  };
  const asked = [
    ...policy.tiers.map(({ title, when }) => ({ label: title, asks: `${title} asks`, when })),
    ...policy.caps.map(({ tier, when }) => ({ label: `at most ${tier}`, asks: `at most ${tier} where`, when })),
  ];
  for (const { label, asks, when } of asked) {
    if (when === undefined) continue;
    for (const claim of comparisonsIn(when, policy)) {
      for (const side of sidesOf(claim, lookup)) {
        add(side.key, { value: side.value, words: `${asks}: ${sayExpression(claim, policy, schema, lookup)}`, label, kind: "tier" });
      }
    }
  }
  for (const score of policy.scores) {
    if (score.kind !== "curve" || score.from.to !== "metric") continue;
    for (const { x, y } of score.anchors) {
      const [value, scored] = [constantAt(x, lookup), constantAt(y, lookup)];
      if (value === undefined || scored === undefined) continue;
      const said = sayNumber(scored, "number");
      add(`metric ${score.from.name}`, { value, words: `${score.title} ${said}`, label: `scores ${said}`, kind: "score" });
    }
  }
  return lines;
}

const compared: ReadonlySet<string> = new Set(["metric", "ledger", "score"]);

type Comparison = Extract<Expression, { kind: "compare" }>;

/** The comparisons of a condition, those of named conditions among them. */
function comparisonsIn(expression: Expression, policy: Policy): readonly Comparison[] {
  if (expression.kind === "compare") return [expression];
  if (expression.kind === "reference" && expression.to === "condition") {
    const named = policy.conditions.find(({ name }) => name === expression.name)?.expression;
    return named === undefined ? [] : comparisonsIn(named, policy);
  }
  return operandsOf(expression).flatMap((operand) => comparisonsIn(operand, policy));
}

/** What stands alone on one side, and the number on the other. */
function sidesOf({ left, right }: Comparison, lookup: Lookup): readonly { readonly key: string; readonly value: number }[] {
  return [
    [left, right],
    [right, left],
  ].flatMap(([subject, bound]) => {
    if (subject?.kind !== "reference" || bound === undefined || !compared.has(subject.to)) return [];
    const value = evaluateExpression(bound, lookup);
    return typeof value === "number" ? [{ key: `${subject.to} ${subject.name}`, value }] : [];
  });
}
