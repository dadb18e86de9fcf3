/** The arms as a plan with strata compares them, and in words what was done. */
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { type ArmMoments, type Observations, strataGroups } from "./observations.ts";
import { averagedOverStrata, eventsMin, hasStrata, stratumUnitsMin } from "./strata.ts";

/** The arms of the scorecard. `words`: of a plan with strata. */
export interface ComparedArms {
  readonly arms: readonly ArmMoments[];
  readonly words?: string;
}

/** The arms averaged over the plan's strata, all metrics but quantiles and shares of few; as they are where the plan has none, or the observations do not tell them apart. */
export function comparedArms(design: ExperimentDesign, observed: Pick<Observations, "arms" | "segments" | "crossed">): ComparedArms {
  const { arms } = observed;
  const { strata, metrics } = design;
  if (strata === undefined) return { arms };
  const groups = strataGroups(design, observed);
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
  // Of metrics that strata suit, those of which fewer than two strata are left.
  const single = asked.filter(({ isWithin, compared }) => isWithin && compared?.[0]?.strata === undefined);
  const without = asked.filter(({ isWithin }) => !isWithin);
  const titled = (some: typeof asked): readonly string[] => some.map(({ metric }) => metric.title);
  return {
    arms: arms.map((arm, place) => ({ ...arm, metrics: arm.metrics.map((whole, index) => asked[index]?.compared?.[place] ?? whole) })),
    words:
      single.length > 0 && single.length + without.length === asked.length
        ? `The plan compares arms within the values of ${strata}, of which no two have ${stratumUnitsMin} units in every arm: arms are compared as they are.`
        : wordsOf(strata, {
            quantiles: titled(without.filter(({ metric }) => metric.form.kind !== "share")),
            rare: titled(without.filter(({ metric }) => metric.form.kind === "share")),
            single: titled(single),
          }),
  };
}

function wordsOf(
  strata: string,
  { quantiles, rare, single }: Readonly<Record<"quantiles" | "rare" | "single", readonly string[]>>,
): string {
  const listed = (names: readonly string[]): string => `${names.join(" and ")} as ${names.length === 1 ? "it is" : "they are"}`;
  const but = quantiles.length === 0 ? "" : ` (${listed(quantiles)})`;
  const few =
    rare.length === 0
      ? ""
      : ` ${listed(rare)}: fewer than ${eventsMin} units of an arm have what it counts, or have it not, and strata say too little of so few.`;
  const alone = single.length === 0 ? "" : ` ${listed(single)}: no two values have ${stratumUnitsMin} units in every arm.`;
  return `Arms are compared within the values of ${strata}, and the differences averaged by the units in each${but}; values with fewer than ${stratumUnitsMin} units of an arm are taken together. Values of an arm are such averages too.${few}${alone} The course over days is without strata.`;
}
