/** What observations were reduced by: statistics kept for one design serve another only where it reads the same things in the same order. */
import { digestOfValue } from "../../../data/foundation/index.ts";
import type { ExperimentDesign } from "./experiment-design.ts";

/**
 * The digest of everything in a design that the reading of observations depends on: arms, assignment, columns, what each metric is made of and in which
 * order, segments, crossed strata, the weeks. Titles, roles, margins, effects, looks, level and correction are not in it: they may be amended without reading again.
 */
export function reductionDigest({ arms, assignment, columns, metrics, segments, strataColumns, start, weeks }: ExperimentDesign): string {
  return digestOfValue({
    arms: arms.map(({ name, share }) => ({ name, share })),
    assignment,
    columns,
    metrics: metrics.map(({ name, form, covariates, cap, missing, window }) => ({
      name,
      form,
      covariates,
      cap: cap ?? null,
      missing,
      ...(window === undefined ? {} : { window }),
    })),
    segments,
    ...(strataColumns === undefined ? {} : { strataColumns }),
    start: start ?? null,
    weeks: weeks ?? null,
  });
}
