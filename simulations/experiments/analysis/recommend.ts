/** The rule of every design: what the scorecard says to do, with reasons. People decide; the rule's answer stands beside theirs. */
import type { ExperimentDesign } from "../design/experiment-design.ts";
import type { Health, Recommendation, ScorecardRow, SegmentEffects } from "./analysis.ts";
import type { Evidence } from "./evidence.ts";

/**
 * `stop`: a guardrail is shown harmed, or a primary metric is shown worse; also at a look that the plan does not have, where only what holds at every look
 * counts. `ship`: health lets effects be read, the plan has this look, a primary metric is shown better, none worse, and every guardrail is shown safe.
 * Otherwise `hold`. One answer a candidate.
 */
export function recommend(
  design: ExperimentDesign,
  scorecard: readonly ScorecardRow[],
  {
    health,
    evidence,
    segments = [],
  }: { readonly health: Pick<Health, "mayBeRead">; readonly evidence: Evidence; readonly segments?: readonly SegmentEffects[] },
): readonly Recommendation[] {
  const offPlan = evidence.kind === "always-valid" ? evidence.offPlan : undefined;
  return design.arms.slice(1).map(({ name: arm }) => {
    const rows = scorecard.filter((row) => row.arm === arm);
    const primary = rows.filter(({ role }) => role === "primary");
    const guardrails = rows.filter(({ role }) => role === "guardrail");
    const worse = primary.filter(({ reading }) => reading === "worse");
    const better = primary.filter(({ reading }) => reading === "better");
    const harmed = guardrails.filter(({ guardrail }) => guardrail?.state === "shown harmed");
    const open = guardrails.filter(({ guardrail }) => guardrail?.state !== "shown safe");
    const against = [
      ...(health.mayBeRead ? [] : ["A health check fails: the effects cannot be trusted."]),
      ...harmed.map(({ title }) => `${title} is shown harmed beyond its margin.`),
      ...worse.map(({ words }) => words),
    ];
    if (!health.mayBeRead && harmed.length === 0 && worse.length === 0) return { arm, decision: "hold" as const, reasons: against };
    if (against.length > 0) return { arm, decision: "stop" as const, reasons: against };
    const missing = [
      ...(offPlan === undefined ? [] : ["This look is not in the plan, and cannot ship."]),
      ...(better.length === 0 ? ["No primary metric is shown better."] : []),
      ...open.map(({ title }) => `${title} is not shown safe.`),
    ];
    if (missing.length > 0) return { arm, decision: "hold" as const, reasons: missing };
    return {
      arm,
      decision: "ship" as const,
      reasons: [
        ...better.map(({ words }) => words),
        ...(guardrails.length === 0 ? [] : ["Every guardrail is shown safe."]),
        ...segments
          .filter((one) => one.arm === arm && (one.adjustedInteractionPValue ?? 1) < 1 - design.level)
          .map(({ column }) => `Read the segments first: the effect is not the same for every ${column}.`),
      ],
    };
  });
}
