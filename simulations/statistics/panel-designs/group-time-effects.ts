/** The effect of a treatment that starts at different times, without comparing with units that are treated already. */
import { criticalValue } from "../distributions/index.ts";
import { undetermined } from "../estimate.ts";
import type { Found } from "../finding.ts";
import { centredFinding, type Question } from "./centred-finding.ts";
import {
  averageByShare,
  averageOf,
  type ControlGroup,
  type Effect,
  errorOf,
  type GroupTimeEffect,
  groupTimeEffectsOf,
  profileOf,
} from "./group-time.ts";
import { type Cohorts, cohortsOf, type Panel } from "./unit-panel.ts";

/** How the effects by cohort and period become one number. */
export type Aggregation = "group" | "simple" | "event-time";

export interface GroupTimeOptions extends Question {
  readonly panel: Panel;
  readonly controls: ControlGroup;
  /** Mean over cohorts of each one's mean effect; mean over treated cells; mean over periods since the start. */
  readonly aggregation: Aggregation;
}

/**
 * The average effect on the treated, from each cohort's change since its last untreated period minus the controls' change, with standard errors from
 * influence functions (clustered by unit). Units that are not seen throughout, or treated from the first period, are left out.
 * Undetermined without controls. Source: Callaway and Sant'Anna (2021), J. Econometrics 225, 200-230.
 */
export function groupTimeEffects({ panel, controls, aggregation, ...question }: GroupTimeOptions): Found {
  const cohorts = cohortsOf(panel);
  if ("kind" in cohorts) return cohorts;
  const effects = groupTimeEffectsOf(cohorts, controls, "varying");
  const after = effects.filter(({ period, start }) => period >= start);
  if (after.length === 0) return noControls(controls);
  const groups = cohorts.cohorts.flatMap((start) => {
    const own = after.filter((effect) => effect.start === start);
    return own.length === 0 ? [] : [{ start, share: own[0]?.share ?? 0, ...averageOf(own) }];
  });
  const profile = profileOf(effects, cohorts.starts);
  const overall = {
    group: () => averageByShare(groups, cohorts.starts),
    simple: () => averageByShare(after, cohorts.starts),
    "event-time": () => averageOf(profile.filter(({ since }) => since >= 0)),
  }[aggregation]();
  const { periods, outcomeUnit } = cohorts;
  const row = (effect: Effect) => effectRow(effect, outcomeUnit, question.level);
  return panelFinding(cohorts, overall, question, {
    method: `group-time effects, ${controls} controls, ${aggregation} average`,
    details: {
      byGroup: groups.map((effect) => ({ firstTreated: periods[effect.start] as number, ...row(effect) })),
      byEventTime: profile.map((effect) => ({ periodsSince: effect.since, ...row(effect) })),
      byGroupAndPeriod: effects.map((effect: GroupTimeEffect) => ({
        firstTreated: periods[effect.start] as number,
        period: periods[effect.period] as number,
        ...row(effect),
      })),
    },
    warnings: [],
  });
}

/** Why there is no comparison. */
export function noControls(controls: ControlGroup): Found {
  return undetermined(
    `no unit can serve as a ${controls} control`,
    controls === "never-treated" ? "units that are never treated, or not-yet-treated controls" : "units that are treated later, or never",
  );
}

/** An effect in the user's unit, with its own interval (not joint over rows). */
export function effectRow(effect: Effect, unit: number, level: number) {
  const error = errorOf(effect) * unit;
  const half = criticalValue(level) * error;
  const value = effect.value * unit;
  return { effect: value, standardError: error, lower: value - half, upper: value + half };
}

/** The overall effect as a finding, with what is known about the panel. */
export function panelFinding(
  cohorts: Cohorts,
  overall: Effect,
  question: Question,
  { method, details, warnings }: Required<Pick<Parameters<typeof centredFinding>[0], "method" | "details" | "warnings">>,
): Found {
  const standardError = errorOf(overall);
  if (standardError < 1e-14) {
    return undetermined("changes do not differ between units: nothing measures the error", "more units of each kind");
  }
  const sizes = [...cohorts.cohorts, Number.POSITIVE_INFINITY].map((start) => cohorts.starts.filter((own) => own === start).length);
  const small = sizes.filter((size) => size > 0 && size < 10);
  const notes = [...(warnings ?? [])];
  if (small.length > 0) {
    notes.push(`A cohort or the never-treated have fewer than 10 units (${Math.min(...small)}): the standard error is too small.`);
  }
  const left = cohorts.incomplete + cohorts.alwaysTreated;
  if (left > 0) {
    notes.push(
      `${cohorts.incomplete} units are not seen in every period and ${cohorts.alwaysTreated} are treated from the first: they are left out.`,
    );
  }
  return centredFinding(
    {
      value: overall.value * cohorts.outcomeUnit,
      standardError: standardError * cohorts.outcomeUnit,
      degreesOfFreedom: Number.POSITIVE_INFINITY,
      method,
      testName: "z by influence functions",
      n: cohorts.starts.length,
      details,
      warnings: notes,
    },
    question,
  );
}
