/** Baseline and candidates over one panel: replayed in one pass, paired by entity, described. */
import { formatDay, present } from "../../data/foundation/index.ts";
import type { PeerValues, Policy } from "../../policies/language/checked/index.ts";
import { workOnChunks } from "../replay/index.ts";
import { type Undetermined, undetermined } from "../statistics/index.ts";
import { describeAffected } from "./affected.ts";
import { describeAtRisk } from "./at-risk/describe-at-risk.ts";
import { describeAudits } from "./audits/describe-audits.ts";
import type { Collected } from "./collect.ts";
import { beginCollection, type Collection, collectComparison, endCollection } from "./collect-comparison.ts";
import { type ComparisonPart, compareChunks } from "./compare-chunks.ts";
import type { CandidateComparison, Comparison, PolicyView } from "./comparison.ts";
import { describeChange } from "./decomposition/describe-change.ts";
import { DriftDescriber } from "./drift/describe-drift.ts";
import { describeElasticities } from "./elasticity/describe-elasticities.ts";
import { describeErrors } from "./errors/errors.ts";
import { describeFairness } from "./fairness/describe-fairness.ts";
import { tallyPartings } from "./fairness/group-tally.ts";
import { type NoiseStudy, studyNoise } from "./fairness/noise-worlds.ts";
import { describeInfluence, describeScore, type ScoreInfluence } from "./influence/describe-influence.ts";
import type { Transitions } from "./movement/course.ts";
import { describeCourse, transitionsOf } from "./movement/describe-course.ts";
import { describeDistribution, describeMovement, describeRange } from "./movement/movement.ts";
import { moves, tierViews } from "./movement/tier-pairs.ts";
import { noDrawReason, withoutIntervals } from "./no-draw.ts";
import { type ComparisonOptions, type ComparisonPlan, dayName } from "./plan.ts";
import { describeSales } from "./sales/describe-sales.ts";
import { describeGmv } from "./sales/gmv.ts";
import { cellEntitiesMin, describeSegments } from "./segments.ts";
import { describeAssigned } from "./trust/describe-assigned.ts";
import { describeStability } from "./verdict/describe-stability.ts";

/**
 * What each candidate would have done in place of the baseline. A static replay: measures stay as they were observed.
 *
 * Cost: one replay of all policies and one pass over their frames; about 40 bytes an entity and policy are kept, and the resampling
 * costs distinct entities times replicates. Equal options give equal bytes; the order and size of chunks is irrelevant. Policies
 * must have been checked against the panel. Errors: InputRefused from the replay when a window sum passes the safe integers.
 */
export function compare(options: ComparisonOptions): Comparison {
  return describe(options, collectComparison(options));
}

/**
 * The same comparison, replayed and collected on several threads. `threads`: how many, this one among them. Their number
 * changes no byte.
 */
export async function compareOnThreads(options: ComparisonOptions & { readonly threads: number }): Promise<Comparison> {
  const { panel, onProgress, threads } = options;
  const begun = beginCollection(options);
  const { setup, merge, collector } = begun;
  await workOnChunks<ComparisonPart>({
    panel,
    work: compareChunks(setup),
    module: new URL("./collect-thread.js", import.meta.url),
    setup,
    threads,
    take: ({ replayed, collected }, chunk) => {
      merge.add(replayed);
      collector.add(collected);
      onProgress?.(Math.round(((chunk + 1) / panel.chunkCount) * panel.entityCount), panel.entityCount);
    },
  });
  return describe(options, endCollection(begun));
}

function describe(options: ComparisonOptions, { plan, collected, summary, peers }: Collection): Comparison {
  return describeComparison({ options, plan, collected, startMatters: summary.policies.map((policy) => policy.startMatters), peers });
}

/** What the description is made from. */
export interface ComparisonParts {
  readonly options: ComparisonOptions;
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  /** By policy, baseline first. */
  readonly startMatters: readonly PolicyView["startMatters"][];
  /** By policy: what ranks and ratios compare with. */
  readonly peers: readonly (PeerValues | undefined)[];
}

/** The noun from the collected columns: every figure, no row any more (but the keys of the listed entities). */
export function describeComparison({ options, plan, collected, startMatters, peers }: ComparisonParts): Comparison {
  const views = plan.policies.map((policy, index) => viewOf(policy, present(startMatters[index], "start state")));
  const [baseline] = views;
  const isStudied = options.studies !== false;
  const elasticities = isStudied ? describeElasticities(plan, collected, options.panel) : undefined;
  const { schema } = plan;
  const transitions = transitionsOf(plan, collected);
  const drift = new DriftDescriber(plan, collected.drift);
  const assigned = describeAssigned(plan, collected.assigned);
  const { known, agreeing } = collected.range.assigned;
  const ofBaseline = isStudied ? describeScore(plan, collected, 0, options.panel) : undefined;
  const noise = isStudied ? studyNoise(plan, collected, options.panel) : [];
  return {
    baseline: {
      version: present(baseline, "baseline").version,
      policy: present(baseline, "baseline"),
      distribution: describeDistribution(plan, collected, 0),
    },
    candidates: options.candidates.map((_, candidate) =>
      describeCandidate({
        options,
        plan,
        collected,
        candidate,
        transitions,
        drift,
        peers,
        view: present(views[candidate + 1], "candidate"),
        ofBaseline,
        noise: noise[candidate] ?? undetermined("it was not asked for", "a comparison with its studies"),
      }),
    ),
    ...(elasticities === undefined ? {} : { elasticities }),
    ...(isStudied ? { atRisk: describeAtRisk(plan, collected, options.panel) } : {}),
    panel: {
      digest: options.panel.digest,
      entity: schema.entity,
      grain: schema.grain,
      ...(schema.currency === undefined ? {} : { currency: schema.currency }),
      from: dayName(schema, plan.from),
      to: dayName(schema, plan.to),
      periods: plan.to - plan.from + 1,
      entitiesEver: countWhere(collected.range.inFrame, (periods) => periods > 0),
      entitiesAtEnd: countWhere(collected.end.held[0] ?? [], (held) => held >= 0),
      ...(schema.assignedTiers.length === 0 ? {} : { assignedAgreement: { entityPeriods: known, agreeing } }),
    },
    ...(assigned === undefined ? {} : { assigned }),
    provenance: {
      seed: plan.seed,
      replicates: plan.replicates,
      level: plan.level,
      knownAt: formatDay(schema.knownAt),
      engine: "kernels",
      cellEntitiesMin,
      ...(options.segments === undefined ? {} : { segments: options.segments }),
      ...(options.assumptions === undefined ? {} : { assumptions: options.assumptions.digest }),
    },
  };
}

function describeCandidate(parts: {
  options: ComparisonOptions;
  plan: ComparisonPlan;
  collected: Collected;
  candidate: number;
  transitions: readonly Transitions[];
  drift: DriftDescriber;
  peers: readonly (PeerValues | undefined)[];
  view: PolicyView;
  /** Absent without studies. */
  ofBaseline: ScoreInfluence | undefined;
  noise: NoiseStudy | Undetermined;
}): CandidateComparison {
  const { options, plan, collected, candidate, transitions, drift, peers, view, ofBaseline, noise } = parts;
  const { differing, newlyAdverse, released, waiting } = atTheEnd(plan, collected, candidate);
  const gmv = describeGmv(plan, collected, candidate);
  const sales = describeSales(plan, collected, candidate, options.assumptions);
  const audits = describeAudits(plan, collected, candidate);
  const parted = tallyPartings(plan, collected, candidate);
  const noDraw = noDrawReason(plan, candidate);
  const told = <T>(figures: T): T => (noDraw === undefined ? figures : withoutIntervals(figures, noDraw));
  return {
    version: view.version,
    policy: view,
    distribution: describeDistribution(plan, collected, candidate + 1),
    ...(noDraw === undefined ? {} : { noDraw }),
    movement: told(describeMovement(plan, collected, candidate)),
    range: told(describeRange(plan, collected, candidate, differing)),
    course: told(describeCourse(plan, collected, { candidate, transitions })),
    drift: drift.candidate(candidate),
    ...(gmv === undefined ? {} : { gmv: told(gmv) }),
    ...(sales === undefined ? {} : { sales }),
    errors: told(describeErrors(plan, collected, candidate)),
    // Labels still to come and appeals hang on no tier that another draw would move.
    audits: { ...audits, series: told(audits.series) },
    newlyAdverse,
    released,
    waiting,
    segments: told(describeSegments(plan, parted)),
    affected: describeAffected(plan, collected, candidate, options.panel),
    fairness: told(describeFairness(plan, collected, { candidate, parted, noise })),
    stability: told(describeStability(plan, collected, candidate)),
    ...(ofBaseline === undefined
      ? {}
      : {
          influence: describeInfluence(plan, collected, { candidate, panel: options.panel, baseline: ofBaseline }),
          changeExplained: describeChange({ plan, collected, candidate, panel: options.panel, peers }),
        }),
  };
}

function atTheEnd(plan: ComparisonPlan, collected: Collected, candidate: number) {
  const { move, adverse, columns } = present(plan.pairs[candidate], "tier pairs");
  const differing = new Float64Array(collected.entityCount);
  let newlyAdverse = 0;
  let released = 0;
  const waiting = { newlyAdverse: 0, released: 0 };
  for (let entity = 0; entity < collected.entityCount; entity++) {
    const before = collected.end.held[0]?.[entity] as number;
    if (before < 0) continue;
    const pair = before * columns + (collected.end.held[candidate + 1]?.[entity] as number);
    if (move[pair] !== moves.same) differing[entity] = 1;
    const meritsAdverse = plan.adverse[candidate + 1]?.[collected.end.merited[candidate + 1]?.[entity] as number] === 1;
    if (adverse[pair] === 1) {
      newlyAdverse++;
      if (!meritsAdverse) waiting.newlyAdverse++;
    }
    if (adverse[pair] === 2) {
      released++;
      if (meritsAdverse) waiting.released++;
    }
  }
  return { differing, newlyAdverse, released, waiting };
}

function viewOf(policy: Policy, startMatters: PolicyView["startMatters"]): PolicyView {
  const { programme, version, title, digest } = policy;
  const { periods, lastPeriod, entitiesAtEnd } = startMatters;
  return {
    programme,
    version,
    title,
    digest,
    tiers: tierViews(policy),
    startMatters: { periods, ...(lastPeriod === undefined ? {} : { lastPeriod }), entitiesAtEnd },
  };
}

function countWhere(values: ArrayLike<number>, holds: (value: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (holds(values[i] as number)) count++;
  return count;
}
