/** Effects as they stood after each day's units, beside the sequence that holds at every look. */
import { alwaysValidEffect, undetermined } from "../../statistics/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { type ArmMoments, mergeArms, type Observations } from "../observations/observations.ts";
import type { TimeCourse } from "./analysis.ts";
import { tunedForOf } from "./evidence.ts";
import { compareMetric } from "./metric-comparison.ts";

/** Points of a course at most: of longer experiments days are taken together. */
const pointsMax = 120;

/** Primary metrics and guardrails, cumulative over the days on which units came; no quantiles, which do not add up over days. Empty where rows have no day. */
export function timeCourseOf(design: ExperimentDesign, { byDay }: Observations): readonly TimeCourse[] {
  if (byDay.length < 2) return [];
  const sofar: { readonly day: string; readonly arms: readonly ArmMoments[] }[] = [];
  for (const { value, arms } of byDay) {
    const before = sofar.at(-1)?.arms;
    sofar.push({ day: value, arms: before === undefined ? arms : before.map((arm, index) => mergeArms(arm, arms[index] as ArmMoments)) });
  }
  const step = Math.ceil(sofar.length / pointsMax);
  const shown = sofar.filter((_, index) => (sofar.length - 1 - index) % step === 0);
  const { level } = design;
  return design.arms.slice(1).flatMap((arm, place) =>
    design.metrics.flatMap((metric, index) =>
      metric.role === "secondary" || metric.form.kind === "quantile"
        ? []
        : [
            {
              metric: metric.name,
              arm: arm.name,
              points: shown.map(({ day, arms }) => {
                const [control, treatment] = [arms[0]?.metrics[index], arms[place + 1]?.metrics[index]];
                if (control === undefined || treatment === undefined) throw new RangeError("moments of every arm");
                const units = control.n + treatment.n;
                const compared = compareMetric(metric, { control, treatment });
                const found = compared.finding(level);
                const sequence =
                  units === 0
                    ? undetermined("no unit", "units in both arms")
                    : alwaysValidEffect(compared.pair, units, {
                        level,
                        alternative: "two-sided",
                        nullValue: 0,
                        tunedFor: tunedForOf(design),
                        degreesOfFreedom: compared.degreesOfFreedom,
                      });
                return {
                  day,
                  units,
                  absolute: found.kind === "finding" ? found.estimate : found,
                  alwaysValid: sequence.kind === "finding" ? sequence.estimate : sequence,
                };
              }),
            },
          ],
    ),
  );
}
