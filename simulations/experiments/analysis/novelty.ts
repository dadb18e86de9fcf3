/** Does an effect last? By weeks since exposure, and the first week against all later ones. */
import { type Estimated, testDifference, welch } from "../../statistics/index.ts";
import { arePartsOf, type ExperimentDesign, type ExperimentMetric, shownForm } from "../design/experiment-design.ts";
import type { MetricMoments, Observations } from "../observations/observations.ts";
import { spanWidth } from "../observations/since-exposure.ts";
import { compareMetric, outcomeValue } from "./metric-comparison.ts";

/** A metric's effect by time since exposure. Effects are per unit and day; of a ratio on the ratio. */
export interface SinceExposure {
  readonly metric: string;
  readonly title: string;
  readonly arm: string;
  /** Effects are differences of shares, or of parts of a whole. */
  readonly isPart?: true;
  /** Of the units that were there for the whole of the week. */
  readonly weeks: readonly { readonly week: number; readonly units: number; readonly absolute: Estimated }[];
  /** Of the units seen for two weeks or more. */
  readonly units: number;
  readonly first: Estimated;
  readonly later: Estimated;
  /** Does the effect differ between the first week and later ones? Each unit against itself, then the arms. */
  readonly pValue?: number;
}

/** Primary metrics of every candidate but quantiles, which do not add up over days; empty where rows have no day or nobody is seen for two weeks. */
export function sinceExposureOf(design: ExperimentDesign, { sinceExposure }: Observations): readonly SinceExposure[] {
  if (sinceExposure === undefined) return [];
  const { weeks, firstAndLater } = sinceExposure;
  return design.arms.slice(1).flatMap((arm, place) =>
    design.metrics.flatMap((metric, index): readonly SinceExposure[] => {
      const [control, treatment] = [firstAndLater[0]?.metrics[index], firstAndLater[place + 1]?.metrics[index]];
      if (metric.role !== "primary" || metric.form.kind === "quantile" || control === undefined || treatment === undefined) return [];
      const width = spanWidth(metric);
      const effect = (at: number): Estimated => effectOf(design, metric, columnsAt(control, at, width), columnsAt(treatment, at, width));
      const [c, t] = [changeOf(metric, control), changeOf(metric, treatment)];
      const compared = c === undefined || t === undefined ? undefined : welch({ control: c, treatment: t });
      const pValue = compared === undefined || compared.kind === "undetermined" ? undefined : testDifference(compared, "two-sided").pValue;
      return [
        {
          metric: metric.name,
          title: metric.title,
          arm: arm.name,
          ...(isPart(metric, control, treatment) ? { isPart: true as const } : {}),
          weeks: weeks.flatMap(({ value, arms }) => {
            const [own, other] = [arms[0]?.metrics[index], arms[place + 1]?.metrics[index]];
            return own === undefined || other === undefined
              ? []
              : [{ week: Number(value), units: own.n + other.n, absolute: effectOf(design, metric, own, other) }];
          }),
          units: control.n + treatment.n,
          first: effect(0),
          later: effect(width),
          ...(pValue === undefined ? {} : { pValue }),
        },
      ];
    }),
  );
}

function isPart(metric: ExperimentMetric, ...arms: readonly MetricMoments[]): boolean {
  return (
    shownForm(metric) === "share" ||
    arePartsOf(
      metric,
      arms.map((moments) => outcomeValue(metric, moments)),
    )
  );
}

/** Shares of days are compared as means. */
function effectOf({ level }: ExperimentDesign, metric: ExperimentMetric, control: MetricMoments, treatment: MetricMoments): Estimated {
  const { form } = metric;
  const asked: ExperimentMetric = { ...metric, covariates: [], form: form.kind === "share" ? { kind: "mean", of: form.of } : form };
  const found = compareMetric(asked, { control, treatment }).finding(level);
  return found.kind === "finding" ? found.estimate : found;
}

function columnsAt({ n, means, covariances }: MetricMoments, at: number, width: number): MetricMoments {
  return {
    n,
    means: means.slice(at, at + width),
    covariances: covariances.slice(at, at + width).map((row) => row.slice(at, at + width)),
  };
}

/**
 * Mean and variance over units of the change from the first week to later. A ratio's is linearised: (numerator - ratio x denominator) / mean denominator, later
 * less first. Undefined for a ratio without a denominator in one of the spans.
 */
function changeOf({ form }: ExperimentMetric, { n, means, covariances }: MetricMoments) {
  const [a = 0, b = 0, c = 0, d = 0] = means;
  if (form.kind === "ratio" && !(b > 0 && d > 0)) return undefined;
  const weights = form.kind === "ratio" ? [-1 / b, a / b / b, 1 / d, -c / d / d] : [-1, 1];
  const variance = weights.reduce(
    (sum, weight, i) => sum + weights.reduce((row, other, j) => row + weight * other * (covariances[i]?.[j] ?? 0), 0),
    0,
  );
  return { n, mean: form.kind === "ratio" ? c / d - a / b : b - a, variance: Math.max(0, variance) };
}
