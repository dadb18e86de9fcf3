/** The arms as a plan with strata compares them, and in words what was done. */
import type { ExperimentDesign } from "../design/experiment-design.ts";
import type { ArmMoments, Observations } from "./observations.ts";
import { averagedOverStrata, stratumUnitsMin } from "./strata.ts";

/** The arms of the scorecard. `words`: of a plan with strata. */
export interface ComparedArms {
  readonly arms: readonly ArmMoments[];
  readonly words?: string;
}

/** The arms averaged over the plan's strata, all metrics but quantiles; as they are where the plan has none, or the observations do not tell them apart. */
export function comparedArms(design: ExperimentDesign, { arms, segments }: Pick<Observations, "arms" | "segments">): ComparedArms {
  const { strata, metrics } = design;
  if (strata === undefined) return { arms };
  const groups = segments.find(({ column }) => column === strata)?.groups ?? [];
  const found = metrics.map(({ form }, index) => {
    const whole = arms.flatMap((arm) => arm.metrics[index] ?? []);
    return form.kind === "quantile" ? whole : averagedOverStrata(groups, index, whole);
  });
  if (found.includes(undefined))
    return {
      arms,
      words: `The plan compares arms within the values of ${strata}, which these observations do not tell apart: arms are compared as they are.`,
    };
  return {
    arms: arms.map((arm, place) => ({ ...arm, metrics: arm.metrics.map((whole, index) => found[index]?.[place] ?? whole) })),
    words: wordsOf(design, strata),
  };
}

function wordsOf({ metrics }: ExperimentDesign, strata: string): string {
  const quantiles = metrics.filter(({ form }) => form.kind === "quantile").map(({ title }) => title);
  const but = quantiles.length === 0 ? "" : ` (${quantiles.join(" and ")} as ${quantiles.length === 1 ? "it is" : "they are"})`;
  return `Arms are compared within the values of ${strata}, and the differences averaged by the units in each${but}; values with fewer than ${stratumUnitsMin} units of an arm are taken together. The course over days is without strata.`;
}
