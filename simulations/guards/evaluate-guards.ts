/** Whether a change keeps its budget, on a sample of a dataset. */
import { type Diagnostic, diagnose, formatPeriod } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import { comparesPeers, type Policy } from "../../policies/language/index.ts";
import { type NamedSegment, resolveSegment, saySegment } from "../comparison/index.ts";
import { bootstrapRatio, type Estimated, estimated, pairedRatio, undetermined, wilson } from "../statistics/index.ts";
import { collectForGuards, type GuardColumns } from "./collect.ts";
import { guardDefinitions, heldBy, holdsBetween, holdsUnder } from "./figures.ts";
import type { Guard, GuardOutcome, GuardSample } from "./guard.ts";
import { samplePanel } from "./sampled-panel.ts";
import { isInSegment } from "./segments.ts";

/** Entities that are replayed when nothing else is asked for. */
export const sampleEntitiesMax = 20_000;

/** What to hold against which budget, on what. */
export interface GuardOptions {
  readonly guards: readonly Guard[];
  readonly baseline: Policy;
  readonly candidate: Policy;
  readonly panel: Panel;
  /** At most so many entities. */
  readonly entitiesMax: number;
  readonly seed: number;
  /** Of the intervals. Default 0.95. */
  readonly level?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How the guards came out. Diagnostics: segments that the dataset lacks; then nothing is replayed. */
export interface GuardReport {
  readonly sample?: GuardSample;
  readonly outcomes: readonly GuardOutcome[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Replays both policies over the sample once and counts. A policy that compares entities with their peers is replayed over all of them:
 * peers that were left out would change the ranks. Deterministic: the same dataset, seed and limit give the same report. Policies must
 * have been checked against the panel.
 */
export function evaluateGuards(options: GuardOptions): GuardReport {
  const { guards, baseline, candidate, seed, level = 0.95, onProgress } = options;
  const segments = guards.map((guard) => resolveSegment(guard.segment, options.panel.schema));
  const faults = segments.filter((segment): segment is Diagnostic => "severity" in segment);
  const withoutGmv = options.panel.schema.gmvMeasure === undefined ? guards.filter(({ figure }) => figure === "gmv at stake") : [];
  const diagnostics = [...faults, ...withoutGmv.map(noGmv)];
  if (diagnostics.length > 0 || guards.length === 0) return { outcomes: [], diagnostics };
  const entitiesMax = [baseline, candidate].some(comparesPeers) ? Number.POSITIVE_INFINITY : options.entitiesMax;
  const { panel, every } = samplePanel(options.panel, { entitiesMax, seed });
  const columns = collectForGuards({ baseline, candidate, panel, seed, level, ...(onProgress === undefined ? {} : { onProgress }) });
  const { plan } = columns;
  return {
    sample: {
      entities: panel.entityCount,
      of: options.panel.entityCount,
      every,
      seed,
      from: formatPeriod(plan.schema.grain, plan.from),
      to: formatPeriod(plan.schema.grain, plan.to),
    },
    outcomes: guards.map((guard, index) => outcomeOf(columns, guard, segments[index] as NamedSegment, every === 1)),
    diagnostics: [],
  };
}

function noGmv({ place }: Guard): Diagnostic {
  return diagnose("unknown-measure", {
    message: "the dataset says of no measure that it is GMV",
    place,
    cure: "Use a dataset that has GMV.",
  });
}

function outcomeOf(columns: GuardColumns, guard: Guard, segment: NamedSegment, isWhole: boolean): GuardOutcome {
  const members = [...columns.collected.end.gmv.keys()].filter(
    (entity) => heldBy(columns, 0, entity) >= 0 && isInSegment(columns, segment, entity),
  );
  const definition = guardDefinitions[guard.figure];
  const words = guard.bound.kind === "share" ? definition.share : (definition.times ?? definition.share);
  const who = saySegment(segment);
  const found =
    members.length === 0
      ? undetermined("nobody of the segment is in the frame at the end of the range", "a larger sample")
      : guard.bound.kind === "times"
        ? timesBaseline(columns, guard, members, isWhole)
        : guard.figure === "gmv at stake"
          ? gmvShare(columns, members, isWhole)
          : shareOf(columns, guard, members, isWhole);
  return {
    guard,
    definition: who === "" ? words : `${words}; of those ${who}`,
    found,
    entities: members.length,
    verdict: verdictOf(guard, found),
  };
}

function shareOf(columns: GuardColumns, { figure }: Guard, members: readonly number[], isWhole: boolean): Estimated {
  const successes = members.filter((entity) => holdsBetween(columns, figure, entity)).length;
  const trials = members.length;
  if (isWhole) return estimated({ value: successes / trials, method: "count", n: trials });
  return wilson({ successes, trials, level: columns.plan.level, assumptions: ["entities are drawn independently"] });
}

function gmvShare(columns: GuardColumns, members: readonly number[], isWhole: boolean): Estimated {
  const { plan, collected } = columns;
  const gmv = Float64Array.from(members, (entity) => collected.end.gmv[entity] as number);
  const atStake = gmv.map((amount, index) => (holdsBetween(columns, "gmv at stake", members[index] as number) ? amount : 0));
  const [part, whole] = [atStake, gmv].map((column) => column.reduce((sum, amount) => sum + amount, 0));
  if (part === undefined || whole === undefined || !(whole > 0))
    return undetermined("there is no GMV in the window", "entities with sales");
  if (isWhole) return estimated({ value: part / whole, method: "sum", n: members.length });
  return bootstrapRatio({ numerator: atStake, denominator: gmv, seed: plan.seed, replicates: plan.replicates, level: plan.level });
}

function timesBaseline(columns: GuardColumns, { figure }: Guard, members: readonly number[], isWhole: boolean): Estimated {
  let [both, firstOnly, secondOnly] = [0, 0, 0];
  for (const entity of members) {
    const [before, after] = [holdsUnder(columns, figure, 0, entity), holdsUnder(columns, figure, 1, entity)];
    if (before && after) both++;
    else if (before) firstOnly++;
    else if (after) secondOnly++;
  }
  const trials = members.length;
  if (!isWhole) return pairedRatio({ both, firstOnly, secondOnly, trials, level: columns.plan.level });
  if (both + firstOnly === 0) return undetermined("the baseline has none to compare with", "a longer range");
  return estimated({ value: (both + secondOnly) / (both + firstOnly), method: "count", n: trials });
}

function verdictOf({ operator, bound }: Guard, found: Estimated): GuardOutcome["verdict"] {
  if (found.kind === "undetermined") return "undecided";
  const limit = bound.kind === "share" ? bound.value : bound.factor;
  const { lower, upper } = found.interval ?? { lower: found.value, upper: found.value };
  if (operator === "at most" ? upper <= limit : lower >= limit) return "pass";
  return (operator === "at most" ? lower > limit : upper < limit) ? "fail" : "undecided";
}
