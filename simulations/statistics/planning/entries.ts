/** The table's entries for planning. */
import { z } from "zod";
import { defineStatistic } from "../statistic.ts";
import { planDetectableEffect, planDuration, planForWidth, planPower, planSampleSize } from "./findings.ts";
import { absoluteEffect, contradictions, effectShape, planFields, planOf, powerShape } from "./plan-shape.ts";

const unitsShape = z.number().int().min(1).max(1e15).describe("Units of all groups together");

type Checked = Parameters<typeof contradictions>[0];

/** Every contradiction of a plan becomes an issue of its input. */
const consistent = (value: Checked, context: { addIssue: (issue: { code: "custom"; message: string }) => void }): void => {
  for (const message of contradictions(value)) context.addIssue({ code: "custom", message });
};

const formula =
  "power = P(T > c) [+ P(T < -c) if two-sided], T noncentral t with noncentrality (effect - null value) / se; se² = f (v_control / n_control + v_treatment / n_treatment); " +
  "f = (1 - rho²) (1 + ((1 + v²) m - 1) ICC): rho the covariate's correlation, m and v the clusters' mean size and its variation";

const assumptions = ["units (or clusters) are independent", "the stated variances and correlations hold in the experiment"];
const references = ["planning/planning.json (R 4.2, statsmodels, mpmath)"];
const source =
  "Julious (2010), Sample Sizes for Clinical Trials; Johnson, Kotz and Balakrishnan (1995), chapter 31; Farrington and Manning (1990), Stat. Med. 9, 1447-1454";

export const planningStatistics = [
  defineStatistic({
    name: "sample-size",
    family: "planning",
    title: "Sample size",
    summary: "How many units an experiment needs to show an effect with the power wanted.",
    formula: `the fewest units with power at least as wanted; ${formula}`,
    assumptions,
    source,
    references,
    input: z.strictObject({ ...planFields, effect: effectShape, power: powerShape }).superRefine(consistent),
    example: { metric: { kind: "proportion", rate: 0.1 }, effect: { relative: 0.05 }, power: 0.8 },
    compute: ({ effect, power, ...plan }) => planSampleSize(planOf(plan), { effect: absoluteEffect(plan.metric, effect), power }),
  }),
  defineStatistic({
    name: "power",
    family: "planning",
    title: "Power",
    summary: "How likely an experiment of a given size is to show an effect that is there.",
    formula,
    assumptions,
    source,
    references,
    input: z.strictObject({ ...planFields, effect: effectShape, units: unitsShape }).superRefine(consistent),
    example: { metric: { kind: "mean", mean: 20, standardDeviation: 35 }, effect: { relative: 0.03 }, units: 40_000 },
    compute: ({ effect, units, ...plan }) => planPower(planOf(plan), { effect: absoluteEffect(plan.metric, effect), units }),
  }),
  defineStatistic({
    name: "detectable-effect",
    family: "planning",
    title: "Detectable effect",
    summary: "The smallest effect that an experiment of a given size shows with the power wanted.",
    formula: `the effect nearest the null value whose power is as wanted; ${formula}`,
    assumptions,
    source,
    references,
    input: z.strictObject({ ...planFields, units: unitsShape, power: powerShape }).superRefine(consistent),
    example: { metric: { kind: "mean", mean: 20, standardDeviation: 35 }, units: 40_000, power: 0.8, covariateCorrelation: 0.6 },
    compute: ({ units, power, ...plan }) => planDetectableEffect(planOf(plan), { units, power }),
  }),
  defineStatistic({
    name: "duration",
    family: "planning",
    title: "Duration",
    summary: "How many weeks an experiment must run, given its weekly traffic, and what it can show until then.",
    formula: `weeks = units needed / units a week, rounded up; ${formula}`,
    assumptions: [...assumptions, "every week brings as many new units"],
    source,
    references,
    input: z
      .strictObject({
        ...planFields,
        effect: effectShape,
        power: powerShape,
        unitsPerWeek: z.number().int().min(1).max(1e15).describe("New units a week, of all groups together"),
        weeksMax: z.number().int().min(1).max(520).default(52).describe("Weeks after which it is too long"),
      })
      .superRefine(consistent),
    example: { metric: { kind: "proportion", rate: 0.04 }, effect: { relative: 0.05 }, unitsPerWeek: 30_000 },
    compute: ({ effect, power, unitsPerWeek, weeksMax, ...plan }) =>
      planDuration(planOf(plan), { effect: absoluteEffect(plan.metric, effect), power, unitsPerWeek, weeksMax }),
  }),
  defineStatistic({
    name: "sample-size-for-width",
    family: "planning",
    title: "Sample size for an interval's width",
    summary: "How many units make the interval of an effect as narrow as wanted.",
    formula: "the fewest units with t((1 + level) / 2; degrees of freedom) se at most the half-width; se as in power",
    assumptions,
    source: "Kupper and Hafner (1989), Am. Stat. 43, 101-105",
    references,
    input: z
      .strictObject({
        ...planFields,
        effect: effectShape.default({ absolute: 0 }),
        halfWidth: z.number().gt(0).describe("From the estimate to either end, in the metric's units"),
      })
      .superRefine(consistent),
    example: { metric: { kind: "proportion", rate: 0.1 }, halfWidth: 0.01 },
    compute: ({ effect, halfWidth, ...plan }) => planForWidth(planOf(plan), { effect: absoluteEffect(plan.metric, effect), halfWidth }),
  }),
];
