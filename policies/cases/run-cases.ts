/** Runs cases: both engines over each history, and what they gave held against what is expected. */
import { type Diagnostic, diagnose, formatDay, lastDayOf, type PeriodIndex, type Place, periodOf } from "../../data/foundation/index.ts";
import type { Panel, PanelSchema } from "../../data/panel/index.ts";
import { type CompiledPolicy, compilePolicy, type EvaluationPlan, evaluationPlan, NEVER } from "../compile/index.ts";
import type { EvaluationTrace } from "../explain/index.ts";
import type { Policy } from "../language/index.ts";
import { type CaseEvaluation, type CaseRow, evaluateByBoth } from "./both-engines.ts";
import type { Case, CaseFile, Expectation } from "./case-file.ts";
import { casePanel, caseSchema } from "./case-panel.ts";
import { type Coverage, coverageOf } from "./coverage.ts";
import { differenceOf } from "./expected-value.ts";
import { misfitOf } from "./misfit.ts";
import { whyOf } from "./why.ts";

/** One expectation that was not met. */
export interface CaseFailure {
  readonly case: string;
  readonly on: string;
  readonly name: string;
  readonly expected: string;
  readonly found: string;
  /** One paragraph: how the policy came to what was found. */
  readonly why: string;
  readonly place: Place;
}

/** How the cases of a file went. */
export interface CasesOutcome {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly CaseFailure[];
  /** Absent when the cases could not be run: then they reach nothing, and nothing can be said of the policy. */
  readonly coverage?: Coverage;
  /** Failures, and what kept cases from being run: the policy's misfit with their columns, dates that are no evaluation. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Runs every case. Cost: a compilation, and for each case its rows twice, and once more for each date that something is expected on.
 * Throws InvariantBroken when the two engines disagree.
 */
export function runCases(policy: Policy, file: CaseFile): CasesOutcome {
  if (file.cases.length === 0) return { passed: 0, failed: 0, failures: [], coverage: coverageOf(policy, []), diagnostics: [] };
  const schema = caseSchema(policy, file);
  const misfit = misfitOf(policy, schema, file);
  if (misfit.length > 0) return { passed: 0, failed: file.cases.length, failures: [], diagnostics: misfit };
  const plan = evaluationPlan(schema, policy.movement.evaluate);
  const compiled = compilePolicy(policy, schema);
  const runs = file.cases.map((one) => runCase({ policy, compiled, plan, schema, one }));
  const failed = runs.filter(({ failures, diagnostics }) => failures.length > 0 || diagnostics.length > 0).length;
  const failures = runs.flatMap((run) => run.failures);
  return {
    passed: runs.length - failed,
    failed,
    failures,
    coverage: coverageOf(
      policy,
      runs.flatMap(({ seen }) => seen),
    ),
    diagnostics: [...runs.flatMap(({ diagnostics }) => diagnostics), ...failures.map(failureDiagnostic)].sort(byPlace),
  };
}

interface Run {
  readonly policy: Policy;
  readonly compiled: CompiledPolicy;
  readonly plan: EvaluationPlan;
  readonly schema: PanelSchema;
  readonly one: Case;
}

interface CaseRun {
  readonly failures: readonly CaseFailure[];
  readonly diagnostics: readonly Diagnostic[];
  /** The evaluations that something is expected of. */
  readonly seen: readonly EvaluationTrace[];
}

function runCase(run: Run): CaseRun {
  const { compiled, schema, one } = run;
  const panel: Panel = casePanel(schema, one);
  const evaluation = evaluateByBoth(compiled, panel, one.entities[0].key);
  const parts = one.expectations.map((expectation) => checkExpectation(run, evaluation, expectation));
  return {
    failures: parts.flatMap(({ failures }) => failures),
    diagnostics: parts.flatMap(({ diagnostics }) => diagnostics),
    seen: parts.flatMap(({ seen }) => seen),
  };
}

function checkExpectation(run: Run, evaluation: CaseEvaluation, expectation: Expectation): CaseRun {
  const { policy, schema, plan, one } = run;
  const period = periodOf(schema.grain, expectation.on) - 1;
  const row = evaluation.rows.find((candidate) => candidate.period === period);
  if (row === undefined || plan.evaluationDay[period - schema.firstPeriod] !== expectation.on) {
    return { failures: [], diagnostics: [noEvaluation(plan, evaluation.rows, expectation)], seen: [] };
  }
  // By the period that the evaluation is recorded on: the date itself may lie in the middle of the next one.
  const trace = evaluation.traceAt(lastDayOf(schema.grain, period));
  const seen = trace.evaluation === undefined ? [] : [trace.evaluation];
  const failures = expectation.claims.flatMap((claim): readonly CaseFailure[] => {
    const difference = differenceOf(claim, row, trace.evaluation, policy, schema);
    if (difference === undefined) return [];
    const why = whyOf(claim.name, trace);
    return [{ case: one.name, on: formatDay(expectation.on), name: claim.name, ...difference, why, place: claim.place }];
  });
  return { failures, diagnostics: [], seen };
}

function noEvaluation(plan: EvaluationPlan, rows: readonly CaseRow[], { on, place }: Expectation): Diagnostic {
  const dayOf = (period: PeriodIndex): number => plan.evaluationDay[period - plan.schema.firstPeriod] ?? NEVER;
  const days = rows.map(({ period }) => dayOf(period)).filter((day) => day !== NEVER);
  const [before, after] = [days.findLast((day) => day < on), days.find((day) => day > on)];
  const around = [before, after].flatMap((day) => (day === undefined ? [] : [formatDay(day)]));
  const message =
    days.length === 0
      ? `no evaluation follows any period of this history`
      : `${formatDay(on)} is no evaluation of this entity; the nearest ${around.length === 1 ? "is" : "are"} ${around.join(" and ")}`;
  return diagnose("no-evaluation", { message, place, found: formatDay(on), expected: around.join(", ") });
}

function failureDiagnostic({ case: name, on, name: claim, expected, found, why, place }: CaseFailure): Diagnostic {
  return diagnose("case-failed", {
    message: `'${name}' expects '${claim}' on ${on} to be ${expected}, and it is ${found}. ${why}`,
    place,
    found,
    expected,
  });
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
}
