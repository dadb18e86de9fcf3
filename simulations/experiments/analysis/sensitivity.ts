/** The same question asked otherwise: without covariates, without strata, without caps, by another test, by the deal itself. Judged as this look is. */
import { countText } from "../../../data/foundation/index.ts";
import { estimated } from "../../statistics/index.ts";
import { dealtThing, type ExperimentMetric } from "../design/experiment-design.ts";
import type { Observations } from "../observations/observations.ts";
import type { SensitivityRow } from "./analysis.ts";
import { type Judge, judgedEffect } from "./judged.ts";
import { type ArmPair, compareMetric, outcomeOf, withoutCovariates } from "./metric-comparison.ts";
import { redrawnDeal } from "./redrawn-deal.ts";

/** The deals that are drawn are the same at every analysis. */
const seed = 1;

/** For each metric and candidate the ways that apply; the scorecard's own way first. `compared`: the scorecard's arms. */
export function sensitivityOf(
  judges: Readonly<Record<ExperimentMetric["role"], Judge>>,
  observed: Observations,
  compared: Observations["arms"],
): readonly SensitivityRow[] {
  const { design } = judges.primary;
  return design.arms.slice(1).flatMap((arm, place) =>
    design.metrics.flatMap((metric, index) => {
      const pair = (arms: Observations["arms"] | undefined) => {
        const [control, treatment] = [arms?.[0]?.metrics[index], arms?.[place + 1]?.metrics[index]];
        return control === undefined || treatment === undefined ? undefined : { control, treatment };
      };
      const [whole, unstratified] = [pair(compared), pair(observed.arms)];
      if (whole === undefined || unstratified === undefined) return [];
      const hasStrata = whole.control.strata !== undefined;
      const told = (way: string, asked: ExperimentMetric, arms: ArmPair): SensitivityRow => ({
        metric: metric.name,
        arm: arm.name,
        way,
        ...judgedEffect(judges[metric.role], compareMetric(asked, arms), arms.control.n + arms.treatment.n),
      });
      const rows = [told("as planned", metric, whole)];
      const plain = { control: outcomeOf(metric, whole.control), treatment: outcomeOf(metric, whole.treatment) };
      if (metric.covariates.length > 0) rows.push(told("without covariates", withoutCovariates(metric), plain));
      const uncut = pair(observed.uncapped);
      if (hasStrata) rows.push(told("without strata", metric, unstratified));
      if (metric.cap !== undefined && uncut !== undefined)
        rows.push(told(hasStrata ? "values as they are, without strata" : "values as they are", metric, uncut));
      if (metric.form.kind === "share" && !hasStrata) rows.push(told("Welch's t on zeros and ones", asMean(metric), plain));
      rows.push(...dealtAnew(judges[metric.role], { metric, arm: arm.name, whole }));
      return rows.length < 2 ? [] : rows;
    }),
  );
}

/** Where clusters are dealt, and the plan's one look is judged: their deal drawn anew. */
function dealtAnew(
  { design, evidence }: Judge,
  { metric, arm, whole }: { readonly metric: ExperimentMetric; readonly arm: string; readonly whole: ArmPair },
): readonly SensitivityRow[] {
  if (metric.form.kind === "quantile" || evidence.kind !== "fixed" || dealtThing(design).kind !== "cluster") return [];
  const how = design.assignment.kind === "rule" ? "by the design's rule" : "elsewhere with equal chances, not within pairs or strata";
  const found = redrawnDeal(whole.control, whole.treatment, seed);
  const { pair } = compareMetric(metric, whole);
  if (found === undefined || "kind" in pair) return [];
  const deals = found.isExact ? `all ${countText(found.deals)} deals` : `${countText(found.deals)} deals drawn`;
  const absolute = estimated({
    value: pair.treatment - pair.control,
    method: "randomisation inference, studentised",
    n: whole.control.n + whole.treatment.n,
    assumptions: [`clusters were dealt ${how}, and none minds the arm of another`],
  });
  return [{ metric: metric.name, arm, way: `the deal drawn anew (${deals})`, absolute, pValue: found.pValue }];
}

/** The same column as a mean. */
function asMean(metric: ExperimentMetric): ExperimentMetric {
  return { ...withoutCovariates(metric), form: { kind: "mean", of: metric.form.of } };
}
