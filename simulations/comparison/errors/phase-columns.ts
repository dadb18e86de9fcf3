/** What estimators from partial labels read of every entity, labelled or not: cheap labels, size, scores, and how audits picked it. */
import { lastDayOf, present } from "../../../data/foundation/index.ts";
import {
  latestAbout,
  latestKnown,
  leftWithin,
  type OutcomeFrame,
  type OutcomeSource,
  type PanelChunk,
  reallyHeld,
  type Spot,
  sumOverSpan,
} from "../../../data/panel/index.ts";
import { type ComparisonPlan, type ErrorPlan, ordersSpanTo } from "../plan.ts";
import { sizeBandOf } from "../size-bands.ts";

/** Cheap labels: what behaviour or an appeal said, restriction or not. */
export const cheapLabels = { none: 0, fine: 1, harmful: 2 } as const;

/** By entity, at the date of one error table. */
export interface PhaseColumns {
  /** A code of `cheapLabels`: the label of the sources besides the first audit, those of really restricted entities left in. */
  readonly cheap: Uint8Array;
  /** 1 where no behaviour label was possible: really held adverse, or gone, within the horizon. */
  readonly isClosed: Uint8Array;
  /** Size band by orders in the weeks before the date. */
  readonly size: Uint8Array;
  /** By policy: headline score at the date, NaN when missing. */
  readonly score: readonly Float32Array[];
  /** Where the first audit source decides: the probability with which it picked the entity, 0 when it does not say. NaN otherwise. Absent: no audit source. */
  readonly probability?: Float64Array;
}

/** Empty columns, none where appeals alone label. Memory: 3 + 4 a policy bytes an entity, 8 more with an audit source. */
export function phaseColumns(plan: ComparisonPlan, error: ErrorPlan, entityCount: number): { readonly phase?: PhaseColumns } {
  if (error.sources.every(({ role }) => role === "appeal")) return {};
  const phase = {
    cheap: new Uint8Array(entityCount),
    isClosed: new Uint8Array(entityCount),
    size: new Uint8Array(entityCount),
    score: plan.policies.map(() => new Float32Array(entityCount).fill(Number.NaN)),
  };
  const hasAudit = error.sources.some(({ role }) => role === "audit");
  return { phase: hasAudit ? { ...phase, probability: new Float64Array(entityCount).fill(Number.NaN) } : phase };
}

/** Adds one entity that is in the frame at the date. Cost: one look at its outcomes a source, the rows of the horizon, and 12 weeks of orders. */
export function collectPhase(
  from: {
    readonly plan: ComparisonPlan;
    readonly error: ErrorPlan;
    readonly chunk: PanelChunk;
    readonly frames: readonly OutcomeFrame[];
    readonly spot: Spot;
  },
  columns: PhaseColumns,
): void {
  const { plan, error, chunk, frames, spot } = from;
  const { entity, row } = spot;
  if (error.period === undefined) return;
  const day = lastDayOf(plan.schema.grain, error.period);
  const { period } = error;
  const isClosedTo = (source: OutcomeSource): boolean =>
    source.kind === "future" && (leftWithin(plan, period, source, spot) || reallyHeld(plan, chunk, source, period, spot) === "adverse");
  const audit = error.sources.find(({ role }) => role === "audit");
  for (const source of error.sources) {
    if (source === audit) continue;
    if (isClosedTo(source)) columns.isClosed[entity] = 1;
    const known = latestKnown(plan, chunk, source, entity, day);
    if (columns.cheap[entity] === cheapLabels.none && known !== undefined && known >= 0)
      columns.cheap[entity] = known === 1 ? cheapLabels.harmful : cheapLabels.fine;
  }
  if (audit !== undefined && columns.probability !== undefined && !isClosedTo(audit)) {
    const picked = latestAbout(plan, chunk, audit, entity, day);
    const probability = chunk.outcomes.probability[picked] ?? Number.NaN;
    if ((chunk.outcomes.harmful[picked] ?? -1) >= 0) columns.probability[entity] = Number.isNaN(probability) ? 0 : probability;
  }
  for (const [policy, frame] of frames.entries()) present(columns.score[policy], "scores")[entity] = frame.score[row] as number;
  if (plan.ordersColumn < 0) return;
  columns.size[entity] = sizeBandOf(plan, sumOverSpan(chunk, plan.ordersColumn, ordersSpanTo(plan.schema.grain, error.period), entity));
}
