/** The shape of a comparison as the doors give it. */
import { z } from "zod";
import { estimatedShape, runShape } from "./shapes.ts";

/** The ladder as a comparison shows it, best first. */
export const tiersShape = z.array(z.object({ name: z.string(), adverse: z.boolean(), unrated: z.boolean() }));

/** Tiers by period. */
export const distributionShape = z
  .array(z.object({ period: z.string(), tiers: z.record(z.string(), z.object({ entities: z.number(), gmv: z.number() })) }))
  .describe("Entities and GMV (minor units) by held tier, each period");

/** Who is where at the end, and how many went which way. */
export const movementFields = {
  at: z.string(),
  rows: z.array(z.string()),
  columns: z.array(z.string()),
  matrix: z.array(z.array(z.number().int())),
  movers: z.number().int(),
  up: z.number().int(),
  down: z.number().int(),
  intoUnrated: z.number().int(),
  outOfUnrated: z.number().int(),
};

const policyView = z.looseObject({
  programme: z.string(),
  version: z.string(),
  title: z.string(),
  digest: z.string(),
  tiers: tiersShape,
  startMatters: z.object({ periods: z.number(), lastPeriod: z.string().optional(), entitiesAtEnd: z.number() }),
});

const movement = z.looseObject({
  ...movementFields,
  tiers: z.array(z.string()).describe("The tiers of the matrix, best first; rows are the baseline's, columns the candidate's"),
  moversShare: estimatedShape,
});

const range = z.looseObject({
  from: z.string(),
  to: z.string(),
  entities: z.number().int(),
  entityPeriods: z.number().int(),
  everDiffered: z.number().int(),
  differingEntityPeriods: z.number().int(),
  differAtEnd: z.number().int(),
  afterFirstDivergence: z.number().int(),
});

/** Sales at stake. */
export const gmvShape = z.looseObject({
  at: z.string(),
  currency: z.string(),
  total: z.number(),
  atStake: estimatedShape,
  lower: estimatedShape,
  higher: estimatedShape,
});

const sales = z
  .looseObject({
    at: z.string(),
    currency: z.string(),
    total: z.number(),
    scenarios: z.array(z.looseObject({ name: z.enum(["none", "low", "central", "high"]), change: estimatedShape })),
  })
  .describe("Mechanical effects, behavioural scenarios and harm prevented; money in minor units");

const rate = z.looseObject({
  name: z.string(),
  definition: z.string(),
  numerator: z.number().int(),
  denominator: z.number().int(),
  estimate: estimatedShape,
});

const policyErrors = z.looseObject({ version: z.string(), rates: z.array(rate) });

export const errorsShape = z.looseObject({
  at: z.string(),
  source: z.string(),
  definition: z.string(),
  inFrame: z.number().int(),
  labelled: z.number().int(),
  fine: z.number().int(),
  harmful: z.number().int(),
  baseline: policyErrors,
  candidate: policyErrors,
});

const reading = z.enum(["pass", "fail", "undetermined"]);

const readBy = z
  .looseObject({ name: z.string(), title: z.string(), assumption: z.string(), isDesignBased: z.boolean() })
  .describe("Of a figure from labels: the estimator that the error rates lead with, which the criterion reads");

const verdict = z
  .looseObject({
    reading,
    criteria: z.array(
      z.looseObject({
        words: z.string(),
        definition: z.string(),
        unit: z.enum(["share", "points", "factor"]),
        operator: z.enum(["at most", "at least"]),
        bound: z.number(),
        at: z.string(),
        found: estimatedShape,
        reading,
        reason: z.string().optional(),
        refusal: z.string().optional().describe("Why there is no single figure from labels for everyone: then the limits alone are read"),
        limits: z.object({ lower: z.number(), upper: z.number(), reading }).optional(),
        by: readBy.optional(),
        elsewhere: z.array(z.looseObject({ along: z.string(), at: z.string(), found: estimatedShape, reading, by: readBy.optional() })),
      }),
    ),
    elsewhere: z.object({ readings: z.number().int(), same: z.number().int() }),
    record: z.looseObject({
      digest: z.string(),
      lines: z.array(z.string()),
      recordedAt: z.string(),
      runsBefore: z.object({ ofPair: z.number().int(), onData: z.number().int() }),
    }),
  })
  .describe("How the criteria read; absent when the run carries none");

/** A group of entities, and how the change treats it. */
export const segmentShape = z.looseObject({
  segment: z.string(),
  value: z.string(),
  entities: z.number().int(),
  rated: z.number().int().optional(),
  gmv: z.number(),
  movers: z.number().int(),
  up: z.number().int(),
  down: z.number().int(),
  newlyAdverse: z.number().int(),
  released: z.number().int(),
  newlyAdverseRate: estimatedShape,
});

/** A run's comparison: the baseline, and each candidate against it. */
export const comparisonShape = z.looseObject({
  run: runShape,
  tried: z
    .object({
      candidates: z.number().int(),
      runs: z.number().int(),
      outOfTime: z
        .array(
          z.object({
            version: z.string(),
            run: z.string(),
            to: z.string(),
            among: z.number().int(),
            earlier: estimatedShape,
            here: estimatedShape,
          }),
        )
        .optional()
        .describe("Candidates compared before over a range that ended before this one begins: their movers then and here"),
    })
    .describe("Different candidates that were compared on the same data up to this run, and the runs in which they were"),
  baseline: z.looseObject({ version: z.string(), policy: policyView, distribution: distributionShape }),
  candidates: z.array(
    z.looseObject({
      version: z.string(),
      policy: policyView,
      distribution: distributionShape,
      movement,
      range,
      gmv: gmvShape.optional(),
      sales: sales.optional(),
      errors: z.array(errorsShape),
      newlyAdverse: z.number().int(),
      released: z.number().int(),
      segments: z.array(segmentShape),
      gates: z
        .looseObject({ state: z.enum(["sound", "care", "stop"]), gates: z.array(z.looseObject({ name: z.string(), state: z.string() })) })
        .optional()
        .describe("What stands against the data: each gate with its limit, what follows and the cure"),
      verdict: verdict.optional(),
      affected: z.array(z.looseObject({ entity: z.string(), baselineTier: z.string(), candidateTier: z.string() })),
    }),
  ),
  panel: z.looseObject({ digest: z.string(), entity: z.string(), from: z.string(), to: z.string(), periods: z.number().int() }),
  provenance: z.looseObject({ seed: z.number(), replicates: z.number(), level: z.number(), knownAt: z.string(), engine: z.string() }),
});

export type ComparisonJson = z.output<typeof comparisonShape>;
