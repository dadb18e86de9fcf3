/** The same question asked otherwise: without covariates, without caps, by another test. */
import type { Found } from "../../statistics/index.ts";
import type { ExperimentDesign, ExperimentMetric } from "../design/experiment-design.ts";
import type { Observations } from "../observations/observations.ts";
import type { SensitivityRow } from "./analysis.ts";
import { compareMetric, outcomeOf, withoutCovariates } from "./metric-comparison.ts";

/** For each metric and candidate the ways that apply; the scorecard's own way first. */
export function sensitivityOf(design: ExperimentDesign, observed: Observations): readonly SensitivityRow[] {
  return design.arms.slice(1).flatMap((arm, place) =>
    design.metrics.flatMap((metric, index) => {
      const pair = (arms: Observations["arms"] | undefined) => {
        const [control, treatment] = [arms?.[0]?.metrics[index], arms?.[place + 1]?.metrics[index]];
        return control === undefined || treatment === undefined ? undefined : { control, treatment };
      };
      const whole = pair(observed.arms);
      if (whole === undefined) return [];
      const rows: (readonly [string, Found])[] = [["as planned", compareMetric(metric, whole).finding(design.level)]];
      const plain = { control: outcomeOf(metric, whole.control), treatment: outcomeOf(metric, whole.treatment) };
      if (metric.covariates.length > 0)
        rows.push(["without covariates", compareMetric(withoutCovariates(metric), plain).finding(design.level)]);
      const uncut = pair(observed.uncapped);
      if (metric.cap !== undefined && uncut !== undefined)
        rows.push(["values as they are", compareMetric(metric, uncut).finding(design.level)]);
      if (metric.form.kind === "share")
        rows.push(["Welch's t on zeros and ones", compareMetric(asMean(metric), plain).finding(design.level)]);
      return rows.length < 2 ? [] : rows.map(([way, found]) => rowOf(metric, arm.name, way, found));
    }),
  );
}

/** The same column as a mean. */
function asMean(metric: ExperimentMetric): ExperimentMetric {
  return { ...withoutCovariates(metric), form: { kind: "mean", of: metric.form.of } };
}

function rowOf(metric: ExperimentMetric, arm: string, way: string, found: Found): SensitivityRow {
  return {
    metric: metric.name,
    arm,
    way,
    absolute: found.kind === "finding" ? found.estimate : found,
    ...(found.kind === "finding" && found.test !== undefined ? { pValue: found.test.pValue } : {}),
  };
}
