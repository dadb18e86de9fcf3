/** The input of the planning statistics: one shape of a plan, and how it is read. */
import { z } from "zod";
import { alternativeShape, levelShape } from "../input-shapes.ts";
import { controlValue, isPaired, type Metric } from "./metric.ts";
import type { Plan } from "./plan.ts";

const deviation = z.number().gt(0).lt(1e150);

const metricShape = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("mean"),
      mean: z.number().optional().describe("The control's mean; needed for relative effects"),
      standardDeviation: deviation.describe("Standard deviation of a unit"),
      treatmentStandardDeviation: deviation.optional().describe("That of a treated unit, where it differs"),
      pooled: z.boolean().optional().describe("Student's t with one variance instead of Welch's"),
    }),
    z.strictObject({
      kind: z.literal("proportion"),
      rate: z.number().gt(0).lt(1).describe("The control's rate"),
      test: z.enum(["score", "wald", "fisher"]).default("score").describe("Test: score (pooled), Wald (unpooled), or Fisher's exact one"),
    }),
    z.strictObject({
      kind: z.literal("ratio"),
      numeratorMean: z.number().describe("Mean of a unit's numerator"),
      denominatorMean: z.number().gt(0).describe("Mean of a unit's denominator"),
      numeratorDeviation: deviation.describe("Standard deviation of the numerator"),
      denominatorDeviation: deviation.describe("Standard deviation of the denominator"),
      correlation: z.number().gt(-1).lt(1).describe("Correlation of both within units"),
    }),
    z.strictObject({
      kind: z.literal("paired"),
      mean: z.number().optional().describe("The mean before, for relative effects"),
      standardDeviation: deviation.describe("Standard deviation of the differences within pairs"),
    }),
    z.strictObject({
      kind: z.literal("paired-proportion"),
      rateBefore: z.number().gt(0).lt(1).optional().describe("The rate before, for relative effects"),
      discordant: z.number().gt(0).max(1).describe("Share of the pairs whose answers differ, either way"),
    }),
    z.strictObject({
      kind: z.literal("quantile"),
      share: z.number().gt(0).lt(1).describe("Which quantile: 0.5 is the median"),
      value: z.number().optional().describe("The control's quantile, for relative effects"),
      density: z
        .number()
        .gt(1e-150)
        .lt(1e150)
        .describe("Density of the values at the quantile: the share of units in a short range over its length"),
    }),
    z.strictObject({ kind: z.literal("ranks") }),
  ])
  .describe(
    "What is measured; `paired-proportion` is McNemar's test, `ranks` is the Mann-Whitney test, whose effect is P(treated > control) − 1/2",
  );

const looksShape = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("once") }),
    z.strictObject({
      kind: z.literal("group-sequential"),
      count: z.number().int().min(1).max(50).describe("Equally spaced looks, the last included"),
      spending: z
        .discriminatedUnion("kind", [
          z.strictObject({ kind: z.literal("obrien-fleming") }),
          z.strictObject({ kind: z.literal("pocock") }),
          z.strictObject({ kind: z.literal("power"), rho: z.number().gt(0).max(20) }),
          z.strictObject({ kind: z.literal("hwang-shih-decani"), gamma: z.number().min(-40).max(40) }),
        ])
        .default({ kind: "obrien-fleming" })
        .describe("Lan-DeMets spending function"),
    }),
    z.strictObject({
      kind: z.literal("always-valid"),
      tunedFor: z.number().gt(0).max(1e15).describe("Units of both groups at which the sequence is tightest"),
    }),
  ])
  .default({ kind: "once" })
  .describe("How often results are looked at");

const marginShape = z.number().gt(0);

/** The fields of a plan, to which each statistic adds what it is given and leaves out what it finds. */
export const planFields = {
  metric: metricShape,
  level: levelShape,
  alternative: alternativeShape,
  goal: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("difference") }),
      z.strictObject({ kind: z.literal("superiority"), margin: marginShape }),
      z.strictObject({ kind: z.literal("non-inferiority"), margin: marginShape }),
      z.strictObject({ kind: z.literal("equivalence"), margin: marginShape }),
    ])
    .default({ kind: "difference" })
    .describe(
      "What is to be shown, with a margin in units of the effect; `less` says that small is good; equivalence is two one-sided tests",
    ),
  treatmentPerControl: z.number().min(0.001).max(1000).default(1).describe("Units of each candidate for one of the control"),
  candidates: z.number().int().min(1).max(100).default(1).describe("Candidates that are compared with one control"),
  correction: z.enum(["none", "bonferroni", "dunnett"]).default("none").describe("Correction for several candidates"),
  looks: looksShape,
  covariateCorrelation: z.number().gt(-1).lt(1).default(0).describe("Correlation of the metric with the covariate that CUPED takes out"),
  clusters: z
    .strictObject({
      size: z.number().min(1).describe("Mean units of a cluster"),
      sizeVariation: z.number().min(0).default(0).describe("Standard deviation of cluster sizes over their mean"),
      intraclassCorrelation: z.number().min(0).max(1).describe("Correlation of units of one cluster"),
    })
    .optional()
    .describe("Clusters that are assigned as a whole"),
};

/** An effect, in the metric's units or as a share of the control's value. */
export const effectShape = z
  .union([
    z.strictObject({ absolute: z.number().describe("In the metric's units") }),
    z.strictObject({ relative: z.number().describe("As a share of the control's value: 0.02 is 2 % more") }),
  ])
  .describe("The effect, treatment minus control");

export const powerShape = z.number().min(0.05).max(0.999999).default(0.8).describe("Power wanted, between 0.05 and 0.999999");

/** The field that says the control's value, by kind of metric. */
const controlField = {
  mean: "mean",
  proportion: "rate",
  ratio: "numeratorMean",
  paired: "mean",
  "paired-proportion": "rateBefore",
  quantile: "value",
} as const;

type Read = z.output<z.ZodObject<typeof planFields>>;

/** What in a plan contradicts itself, in plain words; empty where nothing does. */
export function contradictions(
  plan: Read & { effect?: z.output<typeof effectShape> | undefined; power?: number | undefined },
): readonly string[] {
  const { metric, goal, looks, correction, alternative, effect, level, power } = plan;
  const fisher = metric.kind === "proportion" && metric.test === "fisher";
  const found: string[] = [];
  if (goal.kind === "equivalence" && looks.kind === "group-sequential") found.push("equivalence is planned at one look, or always-valid");
  if (goal.kind === "equivalence" && alternative !== "two-sided") found.push("equivalence has two sides: leave out 'alternative'");
  if (correction === "dunnett" && looks.kind !== "once") found.push("Dunnett's correction is planned at one look; use bonferroni");
  if (correction === "dunnett" && goal.kind === "equivalence") found.push("Dunnett's correction is for differences; use bonferroni");
  if (fisher && (goal.kind !== "difference" || looks.kind !== "once" || correction === "dunnett"))
    found.push("Fisher's test is planned for a difference at one look");
  if (fisher && (plan.clusters !== undefined || plan.covariateCorrelation !== 0))
    found.push("Fisher's test has neither clusters nor covariates");
  if (metric.kind === "ranks" && plan.covariateCorrelation !== 0) found.push("the Mann-Whitney test takes no covariate");
  if (metric.kind === "ranks" && goal.kind !== "difference") found.push("the Mann-Whitney test is planned for a difference");
  if (metric.kind === "quantile" && plan.covariateCorrelation !== 0) found.push("quantiles take no covariate");
  if (metric.kind === "paired-proportion" && plan.covariateCorrelation !== 0) found.push("McNemar's test takes no covariate");
  if (metric.kind === "paired-proportion" && goal.kind !== "difference") found.push("McNemar's test is planned for a difference");
  if (metric.kind === "paired-proportion" && effect === undefined && !leavesRoom(metric))
    found.push("without an effect no more than twice the rate before, and twice what is left of it to 1, can differ: see 'discordant'");
  if (isPaired(metric) && (plan.candidates > 1 || plan.clusters !== undefined)) found.push("pairs have one candidate and no clusters");
  if (effect !== undefined && "relative" in effect && !((controlValue(metric) ?? 0) > 0))
    found.push(
      metric.kind === "ranks"
        ? "the effect of the Mann-Whitney test is absolute: P(treated > control) − 1/2"
        : `a relative effect needs a control value above 0: 'metric.${controlField[metric.kind]}'`,
    );
  if (power !== undefined && power <= 1 - level) found.push("the power must be above 1 - level, which chance alone gives");
  if (goal.kind !== "difference" && goal.kind !== "equivalence" && level <= 0.5) found.push("margins need a level above 0.5");
  return found;
}

/** Whether as many answers may change one way as the other. */
function leavesRoom({ discordant, rateBefore = 0.5 }: Metric & { readonly kind: "paired-proportion" }): boolean {
  return discordant <= 2 * Math.min(rateBefore, 1 - rateBefore);
}

/** The plan that was read. A margin in one direction is tested on that side only: two-sided means greater there. */
export function planOf(read: Read): Plan {
  const oneSided = read.goal.kind === "superiority" || read.goal.kind === "non-inferiority";
  const { metric, level, goal, treatmentPerControl, candidates, correction, looks, covariateCorrelation, clusters } = read;
  const alternative = oneSided && read.alternative === "two-sided" ? "greater" : read.alternative;
  return { metric, level, alternative, goal, treatmentPerControl, candidates, correction, looks, covariateCorrelation, clusters };
}

/** The effect in the metric's units. */
export function absoluteEffect(metric: Metric, effect: z.output<typeof effectShape>): number {
  return "absolute" in effect ? effect.absolute : effect.relative * (controlValue(metric) ?? Number.NaN);
}
