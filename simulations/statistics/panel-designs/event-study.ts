/** Effects by periods since treatment began, with placebo periods before it and a joint test of them. */
import { chiSquared } from "../distributions/index.ts";
import type { Found } from "../finding.ts";
import { factorPositive } from "../numerics/positive-definite.ts";
import { innerProduct } from "../sums.ts";
import type { Question } from "./centred-finding.ts";
import { averageOf, type ControlGroup, type Effect, groupTimeEffectsOf, profileOf } from "./group-time.ts";
import { effectRow, noControls, panelFinding } from "./group-time-effects.ts";
import { cohortsOf, type Panel } from "./unit-panel.ts";

export interface EventStudyOptions extends Question {
  readonly panel: Panel;
  readonly controls: ControlGroup;
}

/**
 * The mean effect over the periods since treatment began, all against the last period before it; the periods before are placebos, whose effects should be 0: a
 * Wald test says whether they are, together. Cohorts are weighted by size at each time. Undetermined without controls.
 * Source: Sun and Abraham (2021), J. Econometrics 225, 175-199; Callaway and Sant'Anna (2021), ibid. 200-230.
 */
export function eventStudy({ panel, controls, ...question }: EventStudyOptions): Found {
  const cohorts = cohortsOf(panel);
  if ("kind" in cohorts) return cohorts;
  const profile = profileOf(groupTimeEffectsOf(cohorts, controls, "universal"), cohorts.starts);
  const after = profile.filter(({ since }) => since >= 0);
  if (after.length === 0) return noControls(controls);
  const placebos = profile.filter(({ since }) => since < 0);
  const joint = jointTest(placebos);
  const warnings: string[] = [];
  if (joint === undefined) {
    warnings.push(
      placebos.length === 0
        ? "There is one period before treatment: nothing shows whether the units moved alike without it."
        : "The placebo periods cannot be tested together: there are too few units for so many.",
    );
  } else if (joint.pValue < 0.05) {
    warnings.push("The treated moved apart from their controls before treatment began: the effects after it may be that trend.");
  }
  return panelFinding(cohorts, averageOf(after), question, {
    method: `event study, ${controls} controls, mean over periods since treatment`,
    details: {
      byEventTime: profile.map((effect) => ({ periodsSince: effect.since, ...effectRow(effect, cohorts.outcomeUnit, question.level) })),
      ...(joint === undefined
        ? {}
        : { preTrendStatistic: joint.statistic, preTrendDegreesOfFreedom: placebos.length, preTrendPValue: joint.pValue }),
    },
    warnings,
  });
}

/** Wald's test that all effects are 0; undefined where their errors are not independent directions. */
function jointTest(effects: readonly Effect[]): { readonly statistic: number; readonly pValue: number } | undefined {
  if (effects.length === 0) return undefined;
  const units = effects[0]?.influence.length ?? 0;
  const covariance = effects.map((row) => effects.map((column) => innerProduct(row.influence, column.influence) / units ** 2));
  const statistic = factorPositive(covariance, 1e-12)?.quadraticForm(effects.map(({ value }) => value));
  if (statistic === undefined) return undefined;
  return { statistic, pValue: chiSquared(effects.length).survival(statistic) };
}
