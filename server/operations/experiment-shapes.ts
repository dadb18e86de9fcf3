/** How experiments go over the doors. */
import { z } from "zod";
import type { OpenedExperiment } from "./experiment-files.ts";
import { estimatedShape } from "./shapes.ts";

export const experimentShape = z.object({
  name: z.string(),
  title: z.string(),
  digest: z.string().describe("Identity of the design"),
  unit: z.string(),
  arms: z.array(z.looseObject({ name: z.string(), share: z.number() })),
  createdAt: z.string(),
  lockedAt: z.string().optional(),
  lockedDigest: z.string().optional(),
  amendments: z.number().int().describe("Designs written after the lock"),
});

/** An experiment as the doors give it. */
export function experimentJson({ record, designs, current, design }: OpenedExperiment): z.output<typeof experimentShape> {
  const locked = designs.findIndex(({ digest }) => digest === record.lockedDigest);
  return {
    name: record.name,
    title: design.title,
    digest: current.digest,
    unit: design.unit,
    arms: design.arms.map((arm) => ({ ...arm })),
    createdAt: record.createdAt,
    ...(record.lockedAt === undefined ? {} : { lockedAt: record.lockedAt }),
    ...(record.lockedDigest === undefined ? {} : { lockedDigest: record.lockedDigest }),
    amendments: locked < 0 ? 0 : designs.length - 1 - locked,
  };
}

const clusterFaultShape = z.object({ count: z.number().int(), examples: z.array(z.string()) });

export const observationsShape = z.looseObject({
  form: z.enum(["units", "summary"]),
  rows: z.number().int(),
  units: z.number().int(),
  duplicates: z.number().int(),
  replaced: z.number().int(),
  crossovers: z.number().int().describe("Units with rows in two arms, which are in none"),
  misassigned: z.number().int().describe("Units whose recorded arm is not that of the design's rule, which are in none"),
  splitClusters: clusterFaultShape.optional().describe("Where clusters were dealt elsewhere: those with rows in two arms"),
  movedUnits: clusterFaultShape.optional().describe("Where clusters are dealt: units with rows in two of them"),
  rejected: z.array(z.object({ code: z.string(), count: z.number().int(), examples: z.array(z.string()) })),
});

const sideShape = z.object({ units: z.number(), value: z.number().optional() });

export const healthShape = z.object({
  state: z.enum(["sound", "care", "stop"]),
  mayBeRead: z.boolean().describe("False where a check stops it: figures are kept for the record, and no effect may be read from them"),
  checks: z.array(
    z.looseObject({
      name: z.string(),
      title: z.string(),
      state: z.string(),
      finding: z.string(),
      cure: z.string(),
      pValue: z.number().optional(),
    }),
  ),
});

const endsShape = z.object({ lower: z.number().optional(), upper: z.number().optional() });

const scorecardRow = {
  metric: z.string(),
  title: z.string(),
  role: z.enum(["primary", "guardrail", "secondary"]),
  arm: z.string(),
  control: sideShape,
  treatment: sideShape,
  absolute: estimatedShape,
  relative: estimatedShape,
  judgedRelative: estimatedShape.optional().describe("With the interval that this look is judged by, where that is wider than the test's"),
  pValue: z.number().optional(),
  adjustedPValue: z.number().optional().describe("Over the metrics that are looked at together"),
  adjusted: z
    .object({ absolute: endsShape, relative: endsShape.optional(), mayIncludeZero: z.boolean() })
    .optional()
    .describe("Intervals that agree with it; an absent end is open"),
  alwaysValid: estimatedShape,
  posterior: z
    .object({ chanceBetter: z.number(), expectedLoss: z.number() })
    .optional()
    .describe("Under a flat prior: how likely the candidate is better, and what is lost on average where it is not"),
  statedPosterior: z
    .object({
      scale: z.enum(["absolute", "relative"]),
      mean: z.number().describe("Of the prior"),
      standardDeviation: z.number().describe("Of the prior"),
      effect: estimatedShape,
      chanceBetter: z.number().optional(),
      expectedLoss: z.number().optional(),
      disagreement: z.string().optional().describe("Where the data lie far from what the prior expects"),
    })
    .optional()
    .describe("Under the normal prior that the metric states, on its scale"),
  reading: z.enum(["better", "worse", "not shown", "not determined"]),
  words: z.string(),
};

export const scorecardShape = z.array(z.looseObject(scorecardRow));

const rolledOutShape = z.object({
  analysed: z.number().describe("Units of the experiment"),
  population: z.number().describe("Units that a candidate would be given"),
  words: z.string(),
  rows: z.array(
    z.object({
      metric: z.string(),
      title: z.string(),
      role: z.string(),
      arm: z.string(),
      form: z.enum(["mean", "share"]).describe("Of a share the total counts units"),
      units: z.number(),
      reading: z.string(),
      words: z.string(),
      total: estimatedShape,
      perWeek: estimatedShape.optional(),
    }),
  ),
});

const interactionsShape = z.object({
  finding: z.string(),
  words: z.string(),
  overlaps: z.array(
    z.object({
      experiment: z.string(),
      units: z.number(),
      pValue: z.number().optional().describe("Of deals that are independent of each other"),
    }),
  ),
  rows: z.array(
    z.looseObject({
      experiment: z.string(),
      metric: z.string(),
      arm: z.string(),
      otherControl: z.string(),
      otherArm: z.string(),
      units: z.number(),
      underControl: estimatedShape,
      underCandidate: estimatedShape,
      interaction: estimatedShape,
      pValue: z.number().optional(),
      adjustedPValue: z.number().optional().describe("By Holm over all of them"),
    }),
  ),
});

const betweenShape = z.object({
  isPlanned: z.boolean().describe("False: the design that was locked does not name them, so that they are exploratory"),
  finding: z.string(),
  words: z.string().describe("Whether they were planned, and over what they are adjusted"),
  pairs: z
    .array(z.looseObject({ base: z.string().describe("The candidate in the control's place"), ...scorecardRow }))
    .describe("Every pair both ways, or with 'base' the others against it"),
});

export const recommendationShape = z.object({ arm: z.string(), decision: z.enum(["ship", "hold", "stop"]), reasons: z.array(z.string()) });

export const analysisShape = z.looseObject({
  experiment: z.string(),
  designDigest: z.string(),
  level: z.number(),
  units: z.number(),
  arms: z.array(z.object({ name: z.string(), planned: z.number(), units: z.number() })),
  evidence: z
    .looseObject({
      kind: z.enum(["fixed", "always-valid", "look"]),
      offPlan: z.string().optional(),
      information: z
        .array(z.number())
        .optional()
        .describe("At every look so far: shares of the planned units, or with 'spent' 1 / variance as a share of this look's"),
      spent: z
        .object({ by: z.enum(["days", "units"]), shares: z.array(z.number()) })
        .optional()
        .describe("Of values that grow: the shares of the plan by which error is spent"),
      again: z.number().optional().describe("The most units of the earlier readings that go together with this look"),
    })
    .describe("By what effects are judged at this look"),
  evidenceWords: z.string(),
  familyWords: z.string().describe("Over what p-values are adjusted"),
  interference: z
    .object({ state: z.enum(["leaks", "silenced"]), words: z.string(), cure: z.string() })
    .optional()
    .describe("Where units of one arm may gain from what units of another lose"),
  tunedFor: z.number().describe("Units at which statements that hold at every look are tightest"),
  health: healthShape,
  scorecard: scorecardShape,
  segments: z.array(z.looseObject({})),
  timeCourse: z.array(z.looseObject({})),
  sensitivity: z.array(z.looseObject({})),
  quantileWords: z.string().optional().describe("Of a design with quantiles: what is not told of them, and why"),
  strataWords: z.string().optional().describe("Of a plan with strata: within what arms are compared"),
  windowWords: z.string().optional().describe("Of a design with windows: which days since exposure count"),
  besideWords: z.string().describe("How segments and sensitivity are judged at this look"),
  recommendations: z.array(recommendationShape),
  priorWords: z.string().optional().describe("Where metrics state priors: which, and since when"),
  rolledOut: rolledOutShape
    .optional()
    .describe("What effects come to in all, where a candidate is given to everybody whom it would be given"),
  interactions: interactionsShape.optional().describe("Where other experiments share units: effects by the arms that units have there"),
  between: betweenShape.optional().describe("Candidates against each other, where there are two or more; the rule does not look at them"),
});
