/** Effects by cohort and period, from changes against units that are not treated yet, with what each unit contributes to the error. */
import { sumOf } from "../sums.ts";
import type { Cohorts } from "./unit-panel.ts";

/** Who stands for what would have happened without treatment. */
export type ControlGroup = "never-treated" | "not-yet-treated";

/** Before treatment, changes are taken from the period before (`varying`) or from the last one before treatment (`universal`). */
export type BasePeriod = "varying" | "universal";

/** An effect with its influence function: the error is the root of the sum of squares, over the number of units. */
export interface Effect {
  readonly value: number;
  /** One number a unit. */
  readonly influence: readonly number[];
}

/** The effect on one cohort in one period. */
export interface GroupTimeEffect extends Effect {
  /** Places among the periods. */
  readonly start: number;
  readonly period: number;
  /** The cohort's share of all units. */
  readonly share: number;
}

/** All effects that have controls; a period that is its own base has none. Source: Callaway and Sant'Anna (2021), J. Econometrics 225, 200-230, without covariates. */
export function groupTimeEffectsOf(cohorts: Cohorts, controls: ControlGroup, base: BasePeriod): readonly GroupTimeEffect[] {
  const effects: GroupTimeEffect[] = [];
  for (const start of cohorts.cohorts) {
    for (let period = 0; period < cohorts.periods.length; period++) {
      const before = period >= start || base === "universal" ? start - 1 : period - 1;
      if (before < 0 || before === period) continue;
      const last = Math.max(period, before);
      const isControl = (own: number): boolean =>
        own === Number.POSITIVE_INFINITY || (controls === "not-yet-treated" && own > last && own !== start);
      const effect = changeAgainst(cohorts, { start, period, before, isControl });
      if (effect !== undefined) effects.push(effect);
    }
  }
  return effects;
}

interface Comparison {
  readonly start: number;
  readonly period: number;
  readonly before: number;
  readonly isControl: (start: number) => boolean;
}

function changeAgainst({ outcomes, starts }: Cohorts, { start, period, before, isControl }: Comparison): GroupTimeEffect | undefined {
  const changes = outcomes.map((row) => (row[period] as number) - (row[before] as number));
  const treated = meanOf(changes.filter((_, i) => starts[i] === start));
  const control = meanOf(changes.filter((_, i) => isControl(starts[i] as number)));
  if (treated === undefined || control === undefined) return undefined;
  const units = starts.length;
  const influence = changes.map((change, i) => {
    if (starts[i] === start) return (units / treated.n) * (change - treated.mean);
    return isControl(starts[i] as number) ? -(units / control.n) * (change - control.mean) : 0;
  });
  return { start, period, share: treated.n / units, value: treated.mean - control.mean, influence };
}

function meanOf(values: readonly number[]): { readonly n: number; readonly mean: number } | undefined {
  return values.length === 0 ? undefined : { n: values.length, mean: sumOf(values) / values.length };
}

/** The plain average: its weights are not estimated. */
export function averageOf(effects: readonly Effect[]): Effect {
  const n = effects.length;
  const influence = (effects[0]?.influence ?? []).map((_, i) => sumOf(effects.map((effect) => effect.influence[i] as number)) / n);
  return { value: sumOf(effects.map(({ value }) => value)) / n, influence };
}

/** The average by cohort share; that the shares are estimated is part of the influence. `starts` by unit. */
export function averageByShare(
  effects: readonly (Effect & { readonly start: number; readonly share: number })[],
  starts: readonly number[],
): Effect {
  const whole = sumOf(effects.map(({ share }) => share));
  const value = sumOf(effects.map((effect) => effect.value * effect.share)) / whole;
  const influence = starts.map((own, i) =>
    sumOf(
      effects.map((effect) => {
        const belongs = (own === effect.start ? 1 : 0) - effect.share;
        return (effect.share * (effect.influence[i] as number) + belongs * (effect.value - value)) / whole;
      }),
    ),
  );
  return { value, influence };
}

/** The standard error of an effect, clustered by unit. */
export function errorOf({ influence }: Effect): number {
  return Math.sqrt(sumOf(influence.map((part) => part ** 2))) / influence.length;
}

/** Effects by periods since treatment began, each averaged over the cohorts that are seen then. */
export function profileOf(
  effects: readonly GroupTimeEffect[],
  starts: readonly number[],
): readonly (Effect & { readonly since: number })[] {
  const times = [...new Set(effects.map(({ period, start }) => period - start))].sort((a, b) => a - b);
  return times.map((since) => ({
    since,
    ...averageByShare(
      effects.filter(({ period, start }) => period - start === since),
      starts,
    ),
  }));
}
