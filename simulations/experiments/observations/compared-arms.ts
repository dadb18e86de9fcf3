/** The arms as a plan with strata compares them, and in words what was done. */
import type { ExperimentDesign, ExperimentMetric } from "../design/experiment-design.ts";
import type { ArmMoments, Observations } from "./observations.ts";
import { averagedOverStrata, eventsMin, hasStrata, stratumUnitsMin } from "./strata.ts";

/** The arms of the scorecard. `words`: of a plan with strata. */
export interface ComparedArms {
  readonly arms: readonly ArmMoments[];
  readonly words?: string;
}

/** The arms averaged over the plan's strata, all metrics but quantiles and shares of few; as they are where the plan has none, or the observations do not tell them apart. */
export function comparedArms(design: ExperimentDesign, { arms, segments }: Pick<Observations, "arms" | "segments">): ComparedArms {
  const { strata, metrics } = design;
  if (strata === undefined) return { arms };
  const groups = segments.find(({ column }) => column === strata)?.groups ?? [];
  const asked = metrics.map((metric, index) => {
    const whole = arms.flatMap((arm) => arm.metrics[index] ?? []);
    const isWithin = hasStrata(metric, whole);
    return { metric, isWithin, compared: isWithin ? averagedOverStrata(groups, index, whole) : whole };
  });
  if (asked.some(({ compared }) => compared === undefined))
    return {
      arms,
      words: `The plan compares arms within the values of ${strata}, which these observations do not tell apart: arms are compared as they are.`,
    };
  return {
    arms: arms.map((arm, place) => ({ ...arm, metrics: arm.metrics.map((whole, index) => asked[index]?.compared?.[place] ?? whole) })),
    words: wordsOf(
      strata,
      asked.flatMap(({ metric, isWithin }) => (isWithin ? [] : [metric])),
    ),
  };
}

function wordsOf(strata: string, without: readonly ExperimentMetric[]): string {
  const titles = (isRare: boolean) => without.filter(({ form }) => (form.kind === "share") === isRare).map(({ title }) => title);
  const [quantiles, rare] = [titles(false), titles(true)];
  const listed = (names: readonly string[]): string => `${names.join(" and ")} as ${names.length === 1 ? "it is" : "they are"}`;
  const but = quantiles.length === 0 ? "" : ` (${listed(quantiles)})`;
  const few =
    rare.length === 0
      ? ""
      : ` ${listed(rare)}: fewer than ${eventsMin} units of an arm have what it counts, or have it not, and strata say too little of so few.`;
  return `Arms are compared within the values of ${strata}, and the differences averaged by the units in each${but}; values with fewer than ${stratumUnitsMin} units of an arm are taken together. Values of an arm are such averages too.${few} The course over days is without strata.`;
}
