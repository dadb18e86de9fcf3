/** How many units are analysed, and how many a look is counted by. */
import { sumOf } from "../../statistics/index.ts";
import { dealtThing, type ExperimentDesign } from "../design/experiment-design.ts";
import type { Observations } from "../observations/observations.ts";

/** Units that are analysed, over the arms. */
export function unitsOf({ arms }: Pick<Observations, "arms">): number {
  return arms.reduce((sum, { units }) => sum + units, 0);
}

/**
 * Units that a look is counted by: those of which the primary metrics are known, of the metric with the fewest. Without windows all of them; also of clusters, which are
 * there from their first unit on.
 */
export function judgedUnits(design: ExperimentDesign, observed: Pick<Observations, "arms" | "openWindows">): number {
  const all = unitsOf(observed);
  if (dealtThing(design).kind === "cluster") return all;
  const primary = design.metrics.filter(({ role }) => role === "primary").map(({ name }) => name);
  const open = (observed.openWindows ?? []).filter(({ metric }) => primary.includes(metric)).map(({ units }) => sumOf(units));
  return all - Math.max(0, ...open);
}

/** What such units are, in words. */
export function thereWords({ metrics }: Pick<ExperimentDesign, "metrics">): string {
  return metrics.some(({ role, window }) => role === "primary" && window !== undefined)
    ? "are there with the windows of the primary metrics over"
    : "are there";
}

/**
 * The last day with rows of earlier observations that had as many units as this one and ended before it: their values have grown since, so that looking at them
 * again is another look, though no unit came. Undefined without such observations, and where values do not grow (every primary metric has a window, or spans are units) or the
 * plan may be looked at whenever one likes: then `earlier` is not asked for them.
 */
export function watchedBefore(
  design: ExperimentDesign,
  observed: Observations,
  earlier: () => readonly Observations[],
): string | undefined {
  const now = observed.days?.last;
  const grows = design.metrics.some(({ role, window }) => role === "primary" && window === undefined);
  if (now === undefined || !grows || design.looks.kind === "always-valid" || dealtThing(design).kind === "switchback") return undefined;
  const units = judgedUnits(design, observed);
  const ends = earlier().flatMap((one) => (judgedUnits(design, one) >= units ? [one.days?.last ?? now] : []));
  return ends
    .filter((day) => day < now)
    .toSorted()
    .at(-1);
}
