/** What every part of a report asks for: who is compared, when, and the words for it. */
import { present } from "../../data/foundation/index.ts";
import type { CandidateComparison, Comparison, TierView } from "../../simulations/comparison/index.ts";
import { type ChartTier, tierColours } from "../charts/index.ts";
import { formatDate, formatShare, listInWords, pluralOf } from "../formats/index.ts";
import { pagePaths } from "../pages/page-paths.ts";
import type { FigureLinks, ReportContext } from "./report.ts";

/** The comparison of one candidate, with its words. */
export interface Facts {
  readonly comparison: Comparison;
  readonly context: ReportContext;
  readonly candidate: CandidateComparison;
  readonly baselineVersion: string;
  readonly candidateVersion: string;
  /** `seller`, `sellers`. */
  readonly one: string;
  readonly many: string;
  /** `week`, `weeks`. */
  readonly period: string;
  readonly periods: string;
  /** Entities in the frame at the date of the movement matrix. */
  readonly inFrame: number;
  /** `the week to 28 Sep 2025`. */
  readonly when: string;
  /** `95 %`. */
  readonly level: string;
  /** Union of both ladders, best first, `otherwise` last. */
  readonly tiers: readonly TierView[];
  readonly colours: ReadonlyMap<string, string>;
  /** `watch or restricted`; empty when no tier is adverse. */
  readonly adverseWords: string;
}

/** Gathers the facts of the candidate that the context names, or of the first. */
export function factsOf(comparison: Comparison, context: ReportContext): Facts {
  const named = comparison.candidates.find((entry) => entry.version === context.candidate);
  const candidate = present(named ?? comparison.candidates[0], "a candidate");
  const { entity, grain } = comparison.panel;
  const tiers = unionOfTiers(comparison.baseline.policy.tiers, candidate.policy.tiers);
  const adverse = tiers.filter((tier) => tier.adverse).map((tier) => tier.name);
  const { at, matrix } = candidate.movement;
  return {
    comparison,
    context,
    candidate,
    baselineVersion: comparison.baseline.version,
    candidateVersion: candidate.version,
    one: entity,
    many: pluralOf(entity),
    period: grain,
    periods: `${grain}s`,
    inFrame: candidate.movement.inFrame ?? matrix.flat().reduce((sum, count) => sum + count, 0),
    when: periodWords(grain, at),
    level: formatShare(comparison.provenance.level, 0),
    tiers,
    colours: tierColours(tiers),
    adverseWords: adverse.length < 2 ? listInWords(adverse) : `${adverse.slice(0, -1).join(", ")} or ${adverse.at(-1) ?? ""}`,
  };
}

/** A period by its last day: `the week to 28 Sep 2025`. */
export function periodWords(grain: "day" | "week" | "month", iso: string): string {
  return grain === "day" ? formatDate(iso) : `the ${grain} to ${formatDate(iso)}`;
}

/** A tier with its colour. */
export function chartTier(facts: Facts, name: string): ChartTier {
  return { name, colour: facts.colours.get(name) ?? "unrated" };
}

/** Whether a tier is adverse under either version. */
export function isAdverse(facts: Facts, name: string): boolean {
  return facts.tiers.some((tier) => tier.name === name && tier.adverse);
}

/** The addresses of a figure's files; none in a file that stands alone. */
export function figureLinks(facts: Facts, figureId: string): FigureLinks {
  const { hasLinks, runId } = facts.context;
  if (hasLinks === false) return {};
  const query = `?candidate=${encodeURIComponent(facts.candidateVersion)}`;
  return { svg: pagePaths.figure(runId, figureId, "svg") + query, csv: pagePaths.figure(runId, figureId, "csv") + query };
}

/** Candidate tiers in their order; those that only the baseline has go before the next tier that both know. */
export function unionOfTiers(baseline: readonly TierView[], candidate: readonly TierView[]): readonly TierView[] {
  const union = [...candidate];
  for (const [index, tier] of baseline.entries()) {
    if (union.some((known) => known.name === tier.name)) continue;
    const next = baseline.slice(index + 1).find((later) => union.some((known) => known.name === later.name));
    const place = next === undefined ? union.length : union.findIndex((known) => known.name === next.name);
    union.splice(place, 0, tier);
  }
  return union;
}
