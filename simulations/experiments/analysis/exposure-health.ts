/** Checks of who met the change, and of effects that do not last. */
import { countText, parseDay } from "../../../data/foundation/index.ts";
import { normalSurvival } from "../../statistics/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import type { Observations } from "../observations/observations.ts";
import { partByArm } from "../observations/part-by-arm.ts";
import type { TriggeredAnalysis } from "../triggering/triggered-analysis.ts";
import type { HealthCheck } from "./analysis.ts";
import type { SinceExposure } from "./novelty.ts";

/** Units without exposure in one arm more often than chance gives so rarely. */
const exposureApart = 0.001;
/** Below it, shared out over all tests, the first week's effect is not that of later ones. */
const noveltyLevel = 0.01;

/** The analysis from the first divergence of one candidate. */
export interface TriggeredCandidate {
  readonly arm: string;
  readonly analysis: TriggeredAnalysis;
}

/** Units that the design expects to be exposed, and of whom no day of exposure is known. Exposure more often in one arm stops. */
export function exposureCheck({ arms, columns, level }: ExperimentDesign, observed: Observations): readonly HealthCheck[] {
  const { unexposed } = observed;
  if (columns.exposed === undefined || unexposed === undefined) return [];
  const counts = observed.arms.map(({ units }) => units);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const missing = unexposed.reduce((sum, count) => sum + count, 0);
  const common = { name: "missing-exposure", title: "Missing exposure" } as const;
  if (missing === 0) return [{ ...common, state: "sound", finding: "Every unit has a day of exposure.", cure: "" }];
  const pValue = partByArm({ part: unexposed, units: counts, level });
  const isApart = pValue !== undefined && pValue < exposureApart;
  const seen = arms.map(({ name }, index) => `${name} ${countText(unexposed[index] ?? 0)} of ${countText(counts[index] ?? 0)}`).join(", ");
  return [
    {
      ...common,
      state: isApart ? "stop" : "care",
      finding: `${countText(missing)} of ${countText(total)} units have no day of exposure (${seen}): they count with all of their rows, which draws every effect towards 0.`,
      cure: isApart
        ? "Units are exposed more often in one arm than in another, so exposure depends on the arm: find out where it is logged, and do not leave the others out."
        : "Is exposure logged everywhere? Only units that could meet the change belong into the experiment.",
      ...(pValue === undefined ? {} : { pValue }),
    },
  ];
}

/**
 * When units met the change cannot depend on their arm: exposures that one arm logs late, or has not delivered yet, are seen by their mean day. One check a candidate, with its
 * p-value by the trend test of Mantel (1963), J. Am. Stat. Assoc. 58, 690-700: the variance is that of all units, as when arms are dealt anew.
 */
export function exposureDayChecks({ arms }: ExperimentDesign, { byDay, unexposed }: Observations): readonly HealthCheck[] {
  if (unexposed === undefined) return [];
  const counts = byDay.flatMap(({ value, arms: seen }) => {
    const day = parseDay(value);
    return day === undefined ? [] : [{ day, units: seen.map(({ units }) => units) }];
  });
  const first = counts[0]?.day ?? 0;
  return arms.slice(1).flatMap(({ name }, place): readonly HealthCheck[] => {
    const days = counts.map(({ day, units }) => ({ after: day - first, control: units[0] ?? 0, treatment: units[place + 1] ?? 0 }));
    const sum = (of: (one: (typeof days)[number]) => number): number => days.reduce((total, one) => total + of(one), 0);
    const [controls, treated] = [sum(({ control }) => control), sum(({ treatment }) => treatment)];
    const all = controls + treated;
    const [own, other] = [
      sum(({ after, treatment }) => after * treatment) / treated,
      sum(({ after, control }) => after * control) / controls,
    ];
    const mean = (own * treated + other * controls) / all;
    const variance = sum(({ after, control, treatment }) => (control + treatment) * (after - mean) ** 2) / (all - 1);
    const error = Math.sqrt(variance * (1 / controls + 1 / treated));
    if (!(error > 0 && Number.isFinite(error))) return [];
    const pValue = 2 * normalSurvival(Math.abs(own - other) / error);
    const isApart = pValue < exposureApart;
    const seen = `${rounded(other)} days after the first in the control and ${rounded(own)} in ${name}`;
    return [
      {
        name: "exposure-days",
        title: `Days of exposure of ${name}`,
        state: isApart ? "stop" : "sound",
        finding: `Units met the change on average ${seen}, ${isApart ? "further" : "no further"} apart than chance allows.`,
        cure: isApart
          ? "A day of exposure is no effect of the arm where both log alike: look for exposures that one arm logs late, and for the latest ones that one arm has not delivered. Rows before exposure do not count, so the arms are compared over other days."
          : "",
        pValue,
      },
    ];
  });
}

/** Both policies are scored for every unit in both arms: as many must be triggered in each, in all and by stratum. */
export function triggerChecks(triggered: readonly TriggeredCandidate[]): readonly HealthCheck[] {
  return triggered.map(({ arm, analysis }): HealthCheck => {
    const { units, triggered: counts, balance, isBalanced } = analysis;
    const [all] = balance;
    const worst = balance.filter(({ pValue }) => pValue !== undefined).toSorted((a, b) => (a.pValue ?? 1) - (b.pValue ?? 1))[0];
    const seen = `${counts.control} of ${units.control} in the control, ${counts.treatment} of ${units.treatment} in ${arm}`;
    const where = worst === undefined || worst.stratum === "all" ? "" : ` (${worst.stratum}: ${worst.control} and ${worst.treatment})`;
    return {
      name: "trigger-balance",
      title: `Trigger balance of ${arm}`,
      state: isBalanced ? "sound" : "stop",
      finding: isBalanced
        ? `Units are treated otherwise as often in both arms: ${seen}.`
        : `Units are treated otherwise more often in one arm than chance allows: ${seen}${where}.`,
      cure: isBalanced
        ? ""
        : "Both policies are scored for every unit whichever arm it is in, so this cannot depend on the arm: look for scores that read what the treatment changed before the first divergence, and for units that one arm lacks.",
      ...(all?.pValue === undefined ? {} : { pValue: isBalanced ? all.pValue : (worst?.pValue ?? all.pValue) }),
    };
  });
}

/** Does the effect of the first week last? One check a primary metric and candidate. */
export function noveltyChecks(since: readonly SinceExposure[]): readonly HealthCheck[] {
  const tests = since.filter(({ pValue }) => pValue !== undefined).length;
  return since.flatMap(({ title, arm, isPart, units, first, later, pValue }): readonly HealthCheck[] => {
    if (first.kind === "undetermined" || later.kind === "undetermined" || pValue === undefined) return [];
    const isApart = pValue < noveltyLevel / tests;
    const effect = (value: number): string => (isPart === true ? `${say(100 * value)} percentage points` : say(value));
    const seen = `a unit and day ${effect(first.value)} in the first week after exposure and ${effect(later.value)} later (${countText(units)} units seen for two weeks or more)`;
    const fades = Math.abs(later.value) < Math.abs(first.value) || first.value * later.value < 0;
    return [
      {
        name: "novelty",
        title: `Novelty: ${title} under ${arm}`,
        state: isApart ? "care" : "sound",
        finding: isApart
          ? `The effect ${fades ? "does not last" : "grows"}: ${seen}, further apart than chance allows.`
          : `It is not shown that the effect changes with time: ${seen}.`,
        cure: isApart ? "Judge by the later weeks, and run on until they stand still: the average over all weeks is neither." : "",
        pValue,
      },
    ];
  });
}

function say(value: number): string {
  return `${value > 0 ? "+" : ""}${rounded(value)}`.replace(/^-/, "\u2212");
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
