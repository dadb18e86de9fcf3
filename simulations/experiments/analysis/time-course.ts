/** Effects as they stood after each day's units, beside the sequence that holds at every look. */
import { alwaysValidEffect, undetermined } from "../../statistics/index.ts";
import type { ExperimentDesign, ExperimentMetric } from "../design/experiment-design.ts";
import { type ArmMoments, type MetricMoments, mergeArms, type Observations } from "../observations/observations.ts";
import type { TimeCourse } from "./analysis.ts";
import { tunedForOf } from "./evidence.ts";
import { compareMetric } from "./metric-comparison.ts";

/** Points of a course at most: of longer experiments days are taken together. */
const pointsMax = 120;

/** Primary metrics and guardrails, cumulative over the days on which units came; quantiles, which do not add up, at the days they were found for. Empty where rows have no day. */
export function timeCourseOf(design: ExperimentDesign, { byDay, upTo = [], quantilesByDay = [] }: Observations): readonly TimeCourse[] {
  if (byDay.length + upTo.length < 2) return [];
  const sofar: { readonly day: string; readonly arms: readonly ArmMoments[] }[] = upTo.map(({ value, arms }) => ({ day: value, arms }));
  for (const { value, arms } of byDay) {
    const before = sofar.at(-1)?.arms;
    sofar.push({ day: value, arms: before === undefined ? arms : before.map((arm, index) => mergeArms(arm, arms[index] as ArmMoments)) });
  }
  const step = Math.ceil(sofar.length / pointsMax);
  const shown = sofar.filter((_, index) => (sofar.length - 1 - index) % step === 0);
  return design.arms.slice(1).flatMap((arm, place) =>
    design.metrics.flatMap((metric, index): readonly TimeCourse[] => {
      if (metric.role === "secondary") return [];
      const moments: readonly { readonly day: string; readonly arms: readonly (MetricMoments | undefined)[] }[] =
        metric.form.kind === "quantile"
          ? quantilesByDay.map(({ day, arms }) => ({ day, arms: arms.map((own) => quantileMoments(own[index])) }))
          : shown.map(({ day, arms }) => ({ day, arms: arms.map(({ metrics }) => metrics[index]) }));
      const points = moments.map(({ day, arms }) => pointOf(design, metric, { day, control: arms[0], treatment: arms[place + 1] }));
      return points.length === 0 ? [] : [{ metric: metric.name, arm: arm.name, points }];
    }),
  );
}

/** What a quantile rests on, in the place of moments. */
function quantileMoments(quantile: MetricMoments["quantile"]): MetricMoments {
  return { n: quantile?.values ?? 0, means: [], covariances: [], ...(quantile === undefined ? {} : { quantile }) };
}

function pointOf(
  design: ExperimentDesign,
  metric: ExperimentMetric,
  {
    day,
    control,
    treatment,
  }: { readonly day: string; readonly control: MetricMoments | undefined; readonly treatment: MetricMoments | undefined },
): TimeCourse["points"][number] {
  if (control === undefined || treatment === undefined) throw new RangeError("moments of every arm");
  const { level } = design;
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
}
