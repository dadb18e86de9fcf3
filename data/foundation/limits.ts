/** Every limit of the product, with its reason and the place to raise it: this file. */
import { type Diagnostic, diagnose, type Place } from "./diagnostic.ts";

interface Limit {
  readonly value: number;
  readonly unit: string;
  readonly reason: string;
  /** What else can be done, where that is not to make it smaller. */
  readonly cure?: string;
}

/** Named limits. Units stand in the entry; names end in what is counted. */
export const limits = {
  policyFileBytes: { value: 131_072, unit: "bytes", reason: "a policy is read by people; YAML reading is superlinear on hostile input" },
  policyNestingDepth: { value: 32, unit: "levels", reason: "recursion over expressions and nodes stays within the stack" },
  policyTiers: { value: 64, unit: "tiers", reason: "held and merited tiers are one signed byte in the outcome frame" },
  policyMetrics: { value: 256, unit: "metrics", reason: "each metric is a column of a replay chunk" },
  policyExpressionNodes: { value: 500, unit: "nodes", reason: "one expression must stay readable aloud" },
  extendsDepth: { value: 32, unit: "versions", reason: "a chain of versions is followed in memory" },
  chunkRows: { value: 262_144, unit: "rows", reason: "a chunk of 20 measures is about 40 MB, so that replay memory is bounded by chunk" },
  chunkRowsOneEntity: { value: 20_000, unit: "periods", reason: "54 years of days; an entity is never split over chunks" },
  embeddedEngineGigabytes: {
    value: 2,
    unit: "GB",
    reason: "a chunk as tables, its windows and its lists; what is more is spilled into the home",
  },
  embeddedEngineSeconds: { value: 900, unit: "seconds", reason: "one statement over a chunk, as over a shard of a connection" },
  embeddedEngineRows: { value: 1_000_000, unit: "rows", reason: "what one statement gives is held in memory; a chunk's frame has fewer" },
  replaysKept: {
    value: 16,
    unit: "replays",
    reason: "what stopped replays on engines left is disk that nobody may come back for; the oldest goes",
  },
  measureAbsolute: { value: Number.MAX_SAFE_INTEGER, unit: "smallest units", reason: "flows are summed exactly as integers in doubles" },
  operandDecimals: { value: 22, unit: "decimals", reason: "sums are integers over a power of ten, and doubles hold no larger one exactly" },
  peerValues: { value: 50_000_000, unit: "values", reason: "ranks and ratios keep every peer of every evaluation in memory, 8 bytes each" },
  keyBytes: { value: 1_024, unit: "bytes", reason: "keys and ids stand in reports, pages and addresses" },
  ratesDeclared: { value: 20_000, unit: "rates", reason: "they stand in the dataset's manifest, which every page of it reads" },
  rejectedRowsListed: { value: 1_000_000, unit: "rows", reason: "all are counted; this many are listed with place and reason" },
  commentCharacters: {
    value: 4_000,
    unit: "characters",
    reason: "a comment is read beside a figure; longer texts are documents, and can be linked",
  },
  commentsOfRun: { value: 2_000, unit: "comments", reason: "all comments of a run stand on one page" },
  browserSeconds: { value: 60, unit: "seconds", reason: "a browser that has not printed a report by then hangs" },
  jobsQueued: { value: 16, unit: "jobs", reason: "a queue that nobody can wait for helps nobody; the server answers 'queue full'" },
  questionThreads: {
    value: 2,
    unit: "threads",
    reason: "each keeps a copy of the program in memory, about 100 MB; more than cores answer no sooner",
  },
  questionsWaiting: { value: 32, unit: "questions", reason: "whoever waits longer than a question may take has gone" },
  questionSeconds: { value: 60, unit: "seconds", reason: "what takes longer would keep others from being answered" },
  criteria: { value: 25, unit: "criteria", reason: "a verdict is read line by line, and a table on a page holds this many" },
  stabilityDates: {
    value: 4,
    unit: "dates",
    reason: "at each the labels of every entity are looked up once more; quarter points show whether a verdict hangs on its date",
  },
  candidates: { value: 5, unit: "candidates", reason: "a report places baseline and at most five candidates side by side" },
  descriptorBytes: {
    value: 262_144,
    unit: "bytes",
    reason: "a descriptor is read by people; YAML reading is superlinear on hostile input",
  },
  uploadBytes: {
    value: 1_073_741_824,
    unit: "bytes",
    reason:
      "a file that a page sends is written to the disk of the server before it is read; larger ones are read by the command where they lie",
  },
  uploadsAtOnce: {
    value: 4,
    unit: "files",
    reason:
      "each may take 'uploadBytes' of the server's disk until it is read, so that this bounds them all; whoever is turned away sends again",
  },
  requestBodyBytes: {
    value: 2_097_152,
    unit: "bytes",
    reason: "a request carries a policy file or a form, not a dataset",
    cure: "Send less. Rows of an experiment and units of its past are sent whole, as files, from its page, and commands read files of any size where they lie: use these,",
  },
  statisticInputBytes: { value: 268_435_456, unit: "bytes", reason: "an input is read into memory whole; larger data come as sums" },
  studySeeds: { value: 100_000, unit: "seeds", reason: "beyond this the simulation's own error is below a tenth of a point" },
  whatIfRows: { value: 10_000_000, unit: "rows", reason: "a what-if keeps the whole history in memory, 170 bytes or so a row" },
  exactTableMargin: {
    value: 10_000_000,
    unit: "units",
    reason: "the conditional distribution of a table is summed over its smallest margin",
  },
  unconditionalUnits: {
    value: 500,
    unit: "units",
    reason: "an unconditional exact test sums all tables at many values of the nuisance proportion",
  },
  multinomialOutcomes: {
    value: 5_000_000,
    unit: "outcomes",
    reason: "an exact multinomial test visits every way in which the units could fall",
  },
  whatIfKept: {
    value: 1_073_741_824,
    unit: "bytes",
    reason:
      "columns that a moved parameter leaves as they are stay in memory for the next question, 8 bytes a row each; the oldest go first",
  },
  salesReplicates: {
    value: 1_000,
    unit: "replicates",
    reason: "a scenario draws every entity of the frame again, not only those that move",
  },
  scenarioDraws: { value: 4_000, unit: "draws", reason: "shares of variance are then known to about two points" },
  stepTiers: {
    value: 12,
    unit: "tiers",
    reason: "intervals of steps between tiers need the products of all pairs of steps, 800 kB a chunk at this many",
  },
  driftEntities: {
    value: 50_000,
    unit: "entities",
    reason: "distances between distributions keep two values an entity for every column; above this a hash of the key chooses",
  },
  driftMetrics: { value: 12, unit: "metrics", reason: "each is kept as a column of every chunk, and tested by shuffles" },
  matrixCells: {
    value: 20_000,
    unit: "cells",
    reason: "a comparison keeps the movement matrix of every period while they are this many, and of fewer periods above",
  },
  alarmsListed: { value: 100_000, unit: "alarms", reason: "a list of alarms is read by people; it is the highest risks of everybody" },
  auditsListed: { value: 100_000, unit: "audits", reason: "a list of audits is work for people; a wider interval needs fewer" },
  influenceEntities: {
    value: 50_000,
    unit: "entities",
    reason: "taking scores apart replays them once more; the shares of more entities differ by less than they print",
  },
  pastCells: {
    value: 3_000_000,
    unit: "entity-periods",
    reason: "past tier changes are matched in memory, 18 bytes an entity and period; entities are evenly chosen beyond it",
  },
  attributedMovers: { value: 5_000, unit: "movers", reason: "each is replayed twice for every change of the policy" },
  removalEntities: {
    value: 10_000,
    unit: "entities",
    reason: "each is replayed once for every part of a score; more change the shares by less than they print",
  },
  restoredEntities: { value: 10, unit: "entities", reason: "as many as a report lists; each costs some hundred evaluations" },
  attributedChanges: { value: 32, unit: "changes", reason: "each is undone, and made, alone in a replay of the movers" },
  bootstrapReplicates: { value: 10_000, unit: "replicates", reason: "beyond this the Monte Carlo error is far below the interval's own" },
  fairnessDraws: {
    value: 50_000_000,
    unit: "draws",
    reason: "net benefit by sales resamples every entity of every group; with more entities there are fewer replicates, and below 200 none",
  },
  noiseEntities: {
    value: 2_000,
    unit: "entities",
    reason: "flips from noise replay a sample in many parallel worlds; a share of 2,000 is known to about two points",
  },
  noiseWorlds: {
    value: 20,
    unit: "worlds",
    reason: "each is a replay of the sample under four policies; more worlds narrow what differs between entities no further",
  },
  atRiskEvaluations: {
    value: 200_000,
    unit: "evaluations",
    reason: "the early-warning model is fitted again and again on all past evaluations; beyond this many, entities are drawn",
  },
  explainedEvaluations: {
    value: 12_000,
    unit: "evaluations",
    reason:
      "who is explained is evaluated under every mixture by the obvious evaluator, at a quarter of a millisecond each; all of 1,500 entities, or a draw of as many",
  },
} as const satisfies Record<string, Limit>;

/** The name of a limit. */
export type LimitName = keyof typeof limits;

/**
 * The diagnostic for a breach, or undefined when the value is within the limit. "more": above it, and not counted further.
 *
 * @example
 * checkLimit("candidates", 6)?.message
 * // => "6 candidates: the limit 'candidates' is 5 (a report places baseline and at most five candidates side by side)"
 */
export function checkLimit(name: LimitName, actual: number | "more", place?: Place): Diagnostic | undefined {
  const limit: Limit = limits[name];
  if (actual !== "more" && actual <= limit.value) return undefined;
  const found = actual === "more" ? `more than ${limit.value}` : actual;
  return diagnose("limit-exceeded", {
    message: `${found} ${limit.unit}: the limit '${name}' is ${limit.value} (${limit.reason})`,
    cure: `${limit.cure ?? "Make it smaller,"} or raise the limit in data/foundation/limits.ts.`,
    ...(place === undefined ? {} : { place }),
  });
}
