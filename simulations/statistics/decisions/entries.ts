/** The table's entries for decisions. */
import { z } from "zod";
import { type ArmEstimate, type Compared, effectOf } from "../effect.ts";
import { undetermined } from "../estimate.ts";
import { countShape, levelShape, sampleShape } from "../input-shapes.ts";
import { type SampleInput, sampleOf } from "../means/sample.ts";
import { defineStatistic } from "../statistic.ts";
import { equivalence, guardrail, nonInferiority, superiority } from "./decide.ts";

/** An arm as a sample, or as an estimate that another statistic made. */
const armShape = z
  .union([
    sampleShape,
    z.strictObject({
      value: z.number().describe("The arm's estimate: a mean, a ratio, an adjusted mean"),
      standardError: z.number().min(0).describe("Its standard error"),
      n: countShape.min(1).describe("Independent units behind it"),
      degreesOfFreedom: z.number().gt(0).optional().describe("Of the standard error; left out: large sample, normal"),
    }),
  ])
  .describe("Raw values; or n, mean and variance; or an estimate with its standard error");

type ArmInput = z.output<typeof armShape>;

const scaleShape = z
  .enum(["absolute", "relative"])
  .default("absolute")
  .describe("Margins in the metric's unit, or as a share of the control's value");
const directionShape = z
  .enum(["higher-is-better", "lower-is-better"])
  .default("higher-is-better")
  .describe("Whether more of the metric is better");
const confidentShape = levelShape.refine((level) => level > 0.5, "a decision needs a level above 0.5");

const marginShape = (least: "zero" | "above") =>
  z.strictObject({
    control: armShape,
    treatment: armShape,
    margin: (least === "zero" ? z.number().min(0) : z.number().gt(0)).describe("The margin, without sign"),
    scale: scaleShape,
    direction: directionShape,
    level: confidentShape.describe("1 - alpha of each one-sided test"),
  });

const assumptions = [
  "units are drawn independently, in both arms",
  "estimates are near normal",
  "the margin was fixed before the data were seen",
];
const welchFormula =
  "t = (T − C − m) / √(sT² + sC²), or relative t = (T − (1 + m) C) / √(sT² + (1 + m)² sC²), both at the Welch-Satterthwaite degrees of freedom of T − C";
const sellers = { control: { n: 812, mean: 74.4, variance: 156 }, treatment: { n: 799, mean: 74.83, variance: 155 } };

export const decisionStatistics = [
  defineStatistic({
    name: "superiority",
    family: "decisions",
    title: "Superiority by a margin",
    summary: "Whether the treatment is better than the control by more than a margin.",
    formula: `${welchFormula}; p one-sided against m = +margin (−margin where lower is better)`,
    assumptions,
    source: "Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657-680",
    references: ["decisions/decisions.json (SciPy 1.17)"],
    input: marginShape("zero"),
    example: { ...sellers, margin: 0 },
    compute: ({ control, treatment, ...options }) => superiority(compare(control, treatment), options),
  }),
  defineStatistic({
    name: "non-inferiority",
    family: "decisions",
    title: "Non-inferiority",
    summary: "Whether the treatment is at most a margin worse than the control.",
    formula: `${welchFormula}; p one-sided against m = −margin (+margin where lower is better)`,
    assumptions,
    source: "Food and Drug Administration (2016), Non-Inferiority Clinical Trials to Establish Effectiveness, section III",
    references: ["decisions/decisions.json (SciPy 1.17)"],
    input: marginShape("above"),
    example: { ...sellers, margin: 0.02, scale: "relative" },
    compute: ({ control, treatment, ...options }) => nonInferiority(compare(control, treatment), options),
  }),
  defineStatistic({
    name: "equivalence",
    family: "decisions",
    title: "Equivalence (TOST)",
    summary: "Whether the effect is shown to lie within two margins.",
    formula: `${welchFormula}; p = max(p for m > lower margin, p for m < upper margin); shown exactly when the interval at level 1 − 2α lies within the margins`,
    assumptions,
    source: "Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657-680",
    references: ["decisions/decisions.json (SciPy 1.17)"],
    input: z.strictObject({
      control: armShape,
      treatment: armShape,
      lowerMargin: z.number().lt(0).describe("The largest decrease that does not matter, below 0"),
      upperMargin: z.number().gt(0).describe("The largest increase that does not matter, above 0"),
      scale: scaleShape,
      level: confidentShape.describe("1 - alpha of each one-sided test; the interval has level 1 - 2 alpha"),
    }),
    example: { ...sellers, lowerMargin: -2, upperMargin: 2 },
    compute: ({ control, treatment, ...options }) => equivalence(compare(control, treatment), options),
  }),
  defineStatistic({
    name: "guardrail",
    family: "decisions",
    title: "Guardrail in three states",
    summary: "Whether a metric that must not get worse is shown safe, shown harmed, or neither.",
    formula: `${welchFormula}; safe: harm of the margin or more is rejected at α; harmed: harm of the margin or less is rejected at α; otherwise undetermined`,
    assumptions,
    source: "Schultzberg, Ankargren and Frånberg (2024), Risk-aware product decisions in A/B tests with multiple metrics, arXiv 2402.11609",
    references: ["decisions/decisions.json (SciPy 1.17)"],
    input: marginShape("zero"),
    example: { ...sellers, margin: 0.01, scale: "relative" },
    compute: ({ control, treatment, ...options }) => guardrail(compare(control, treatment), options),
  }),
];

function compare(control: ArmInput, treatment: ArmInput): Compared {
  const [c, t] = [armOf(control), armOf(treatment)];
  if (c === undefined || t === undefined)
    return undetermined("an arm of fewer than two units has no spread to be judged by", "at least two units in each arm");
  const welch = Number.isFinite(c.degreesOfFreedom) || Number.isFinite(t.degreesOfFreedom);
  return effectOf({ control: c, treatment: t, method: welch ? "Welch's t" : "z", assumptions });
}

function armOf(input: ArmInput): ArmEstimate | undefined {
  if ("standardError" in input) return { ...input, degreesOfFreedom: input.degreesOfFreedom ?? Number.POSITIVE_INFINITY };
  const { n, mean, meanRest, standardDeviation } = sampleOf(input satisfies SampleInput);
  return n < 2
    ? undefined
    : { value: mean, valueRest: meanRest, standardError: standardDeviation / Math.sqrt(n), degreesOfFreedom: n - 1, n };
}
