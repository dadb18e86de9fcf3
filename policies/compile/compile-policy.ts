/** Policy + panel schema -> kernels. */
import { invariant, type PeriodIndex, present } from "../../data/foundation/index.ts";
import { convertedPanel, type OutcomeFrame, type PanelChunk, type PanelSchema } from "../../data/panel/index.ts";
import { measureNames, type PeerValues, type Policy, tierNames } from "../language/checked/index.ts";
import type { CompiledPolicy, TierTally } from "./compiled-policy.ts";
import { type EvaluationPlan, evaluationPlan } from "./evaluation-plan.ts";
import { addUp, clearCounters, emptyFrame, packStates, requireWithin } from "./frame-rows.ts";
import { movementKernel, startTiersOf } from "./movement-kernel.ts";
import { type PeerCollector, type PeerNeed, peerNeeds } from "./peer-collector.ts";
import { addPeerValues, peerColumns } from "./peer-values.ts";
import { rankColumns, rankMetrics } from "./rank-columns.ts";
import { type ScoringKernel, scoringKernel } from "./scoring-kernel.ts";
import { type StartQuestions, vectorKernel } from "./vector/vector-kernel.ts";

/**
 * Compiles a policy for panels of one schema. The policy must have passed `checkAgainstPanel` for that schema: a name that the panel
 * lacks is a broken invariant here.
 *
 * Sums are exact. An entity whose window sum passes 2^53 in smallest units makes `run` throw InputRefused (`limit-exceeded`).
 * Cost of compiling: the panel's periods plus the policy's length; of running: one pass over the measures that the policy reads.
 */
export function compilePolicy(policy: Policy, panelSchema: PanelSchema, { plain = false }: CompileOptions = {}): CompiledPolicy {
  const { schema, convert } = convertedPanel(panelSchema, measureNames(policy));
  const plan = evaluationPlan(schema, policy.movement.evaluate);
  const movement = movementKernel(policy, schema, plan);
  const needs = peerNeeds(policy);
  const kernels = new Map<string, ScoringKernel>();
  const known = new WeakMap<OutcomeFrame, KnownOfFrame>();
  const vectors = new Map<string, VectorPart | undefined>();
  let gather: ReturnType<typeof peerGatherer> | undefined;

  function kernelFor(columns: readonly string[]): ScoringKernel {
    const key = columns.join(" ");
    const kernel = kernels.get(key) ?? scoringKernel(policy, plan, { tiers: true, columns });
    kernels.set(key, kernel);
    return kernel;
  }

  function startQuestions({ entityCount }: PanelChunk, enteredBy: PeriodIndex): StartQuestions {
    return { enteredBy, rowsApart: new Map(startTiersOf(policy).map((tier) => [tier, new Int32Array(entityCount)])) };
  }

  function vectorFor(columns: readonly string[]): VectorPart | undefined {
    const key = columns.join(" ");
    if (!vectors.has(key)) vectors.set(key, plain ? undefined : vectorPart(policy, plan, columns));
    return vectors.get(key);
  }

  return {
    policy,
    tiers: tierNames(policy),
    startTiers: startTiersOf(policy),
    needsPeers: needs.length > 0,
    gatherPeers(chunk, into, to = schema.lastPeriod) {
      requireWithin(schema, chunk);
      gather ??= peerGatherer(policy, plan, needs);
      gather(convert(chunk), into, Math.min(to, schema.lastPeriod));
    },
    kernelPlan(columns = []) {
      const vector = vectorFor([...new Set(columns)]);
      return vector === undefined ? { form: "plain", plainColumns: [] } : { form: "vector", plainColumns: vector.plainColumns };
    },
    run(chunk, options = {}) {
      requireWithin(schema, chunk);
      const { startTier, peers, tally } = options;
      invariant(needs.length === 0 || peers !== undefined, `${policy.programme} compares peers, and nobody gathered them`);
      const to = Math.min(options.to ?? schema.lastPeriod, schema.lastPeriod);
      const columns = [...new Set(options.columns ?? [])];
      const isCut = to < schema.lastPeriod;
      const guarded = new Uint8Array(policy.movement.protect === undefined ? 0 : chunk.rowCount);
      const converted = convert(chunk);
      const ask = options.askEnteredBy === undefined ? undefined : startQuestions(chunk, options.askEnteredBy);
      const vector = vectorFor(columns);
      if (vector !== undefined) {
        const frame = emptyFrame(chunk, columns, isCut, options);
        if (vector.fillFrame({ chunk: converted, frame, to, startTier, peers, ask, tally })) {
          known.set(frame, { guarded, to, ...(ask === undefined ? {} : { answers: ask }) });
          return frame;
        }
      }
      const frame = emptyFrame(chunk, columns, isCut, { reuse: options.reuse });
      // What a vector kernel has begun, or an earlier run.
      clearCounters(frame);
      kernelFor(columns)({ chunk: converted, frame, to, guarded, ...(peers === undefined ? {} : { peers }) });
      movement.move(chunk, frame, { to, startTier, guarded });
      packStates(frame);
      if (tally !== undefined) addUp(chunk, frame, { firstPeriod: schema.firstPeriod, to, tiers: tierNames(policy).length }, tally);
      known.set(frame, { guarded, to });
      return frame;
    },
    rowsUntilStartForgotten(chunk, frame, { startTier, enteredBy }) {
      const { guarded, to, answers } = present(known.get(frame), "a frame of this policy");
      const answered = answers?.enteredBy === enteredBy ? answers.rowsApart.get(startTier) : undefined;
      if (answered !== undefined) return answered;
      invariant(frame.held.length === frame.rowCount, "a frame with all its columns");
      const rows = new Int32Array(chunk.entityCount);
      const run = { to, startTier, guarded };
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        if ((chunk.firstPeriod[entity] as number) > enteredBy) continue;
        rows[entity] = movement.rowsUntilForgotten(chunk, frame, entity, run);
      }
      return rows;
    },
  };
}

/** What is known about a frame beside what it shows. */
interface KnownOfFrame {
  /** On which rows the policy protects: what movement must know again when it is asked about another start. */
  readonly guarded: Uint8Array;
  readonly to: PeriodIndex;
  /** What the pass itself has answered about other starts. */
  readonly answers?: StartQuestions;
}

/** How to compile. */
export interface CompileOptions {
  /** Uses the plain kernels only: to compare, and to read what a policy became. Default false. */
  readonly plain?: boolean;
}

interface VectorPartRun {
  readonly chunk: PanelChunk;
  readonly frame: OutcomeFrame;
  readonly to: PeriodIndex;
  readonly startTier: number | undefined;
  readonly peers: PeerValues | undefined;
  readonly ask: StartQuestions | undefined;
  readonly tally: TierTally | undefined;
}

interface VectorPart {
  readonly plainColumns: readonly string[];
  /** Fills a frame; false when the plain kernels must, whatever was written before. */
  readonly fillFrame: (run: VectorPartRun) => boolean;
}

/** The vector kernel of a policy, with plain kernels and ranks for the columns that have no vector form. */
function vectorPart(policy: Policy, plan: EvaluationPlan, columns: readonly string[]): VectorPart | undefined {
  const vector = vectorKernel({ policy, plan, columns });
  if (vector === undefined) return undefined;
  const { given } = vector;
  const ranks = rankMetrics(policy, plan, given);
  const fillRanks = rankColumns(ranks, plan);
  const ranked = ranks.map(({ name }) => name);
  const scored = [...new Set([...given.filter((name) => !ranked.includes(name)), ...ranks.map(({ of }) => of.name)])];
  const kernel = scored.length === 0 ? undefined : scoringKernel(policy, plan, { tiers: false, columns: scored });
  let beside: OutcomeFrame | undefined;
  return {
    plainColumns: given,
    fillFrame: ({ chunk, frame, to, startTier, peers, ask, tally }) => {
      if (kernel !== undefined) {
        beside = emptyFrame(chunk, [...scored, ...ranked], to < plan.schema.lastPeriod, { reuse: beside });
        clearCounters(beside);
        kernel({ chunk, frame: beside, to, guarded: new Uint8Array(0), ...(peers === undefined ? {} : { peers }) });
        if (peers !== undefined) fillRanks({ chunk, frame: beside, to, peers, into: beside.columns });
      }
      const columnsGiven = beside?.columns ?? new Map<string, Float64Array>();
      return vector.run({ chunk, frame, to, given: columnsGiven, ask, tally, ...(startTier === undefined ? {} : { startTier }) });
    },
  };
}

/** Computes only what is compared, and by which group; a ranked thing needs no peers itself, as the check promises. */
function peerGatherer(policy: Policy, plan: EvaluationPlan, needs: readonly PeerNeed[]) {
  const columns = peerColumns(needs);
  const kernel = scoringKernel(policy, plan, { tiers: false, columns });
  return (chunk: PanelChunk, into: PeerCollector, to: PeriodIndex): void => {
    const frame = emptyFrame(chunk, columns, true);
    kernel({ chunk, frame, to, guarded: new Uint8Array(0) });
    addPeerValues({ policy, schema: plan.schema, needs, first: 0 }, chunk, frame, into);
  };
}
