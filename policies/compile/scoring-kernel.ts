/**
 * The scoring kernel: one generated loop that reads the measures of a chunk once and writes score and merited tier. Its text is written
 * by scoring-text.ts; here stands what it reads.
 */
import { checkLimit, diagnose, InputRefused, invariant, type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import type { PeerValues, Policy } from "../language/checked/index.ts";
import { finite, roundExactly, roundToInteger } from "./decimal.ts";
import type { EvaluationPlan } from "./evaluation-plan.ts";
import { eventNumbers, eventPeriods, firstUnseen, takenBackDays } from "./event-reads.ts";
import { GroupSums } from "./group-sums.ts";
import type { ScoringState } from "./handover.ts";
import { makeKernel } from "./kernel-writer.ts";
import { LedgerEntries } from "./ledger-entries.ts";
import type { LedgerState } from "./ledger-state.ts";
import { PeerPlace } from "./peer-place.ts";
import { percentile } from "./percentile.ts";
import { RunStarts } from "./run-starts.ts";
import { type ScoringOutputs, type ScoringText, scoringText } from "./scoring-text.ts";
import type { WindowReach } from "./write-window.ts";

/** What a run of the kernel needs beside the chunk. */
export interface ScoringRun {
  readonly chunk: PanelChunk;
  /** Its score, merited, evaluated and columns are filled, for rows up to and with period `to`. */
  readonly frame: OutcomeFrame;
  readonly to: PeriodIndex;
  /** Filled with 1 on evaluated rows where the policy's protection is active; rows of the chunk. */
  readonly guarded: Uint8Array;
  readonly peers?: PeerValues;
  /** What earlier versions of a programme have left, by this version's names. */
  readonly before?: ScoringState;
}

/** Fills a frame. Gives what a version of a programme leaves to the next, of the names that it computes. */
export type ScoringKernel = (run: ScoringRun) => Pick<ScoringState, "ledgers" | "runs">;

/** Writes and makes the kernel. Cost: linear in the policy. */
export function scoringKernel(policy: Policy, plan: EvaluationPlan, outputs: ScoringOutputs): ScoringKernel {
  const written = scoringText(policy, plan, outputs);
  const kernel = makeKernel(written.text);
  return ({ chunk, frame, to, guarded, peers, before }) => {
    const events = eventInput(written, plan.schema, chunk, before);
    for (const helper of written.helpers) {
      if (helper instanceof RunStarts) helper.takeOver(chunk.entityCount, before?.runs.get(helper.metric));
      if (helper instanceof LedgerEntries && outputs.handover !== undefined) {
        const takenBack = helper.takeBack === undefined ? undefined : events.takenBack?.[helper.takeBack];
        helper.takeOver(chunk.entityCount, before?.ledgers.get(helper.ledger), takenBack);
      }
      if (helper instanceof GroupSums) helper.open(chunk.measures);
      if (helper instanceof PeerPlace) helper.open(peers?.get(helper.metric), plan.schema.firstPeriod);
    }
    kernel({
      ...events,
      measures: chunk.measures,
      attributes: chunk.attributes,
      rowStart: chunk.rowStart,
      firstPeriod: chunk.firstPeriod,
      entityCount: chunk.entityCount,
      eventStart: chunk.events.start,
      eventKind: chunk.events.kind,
      eventKnownDay: chunk.events.knownDay,
      panelStart: plan.schema.firstPeriod,
      evaluationDay: plan.evaluationDay,
      to,
      tables: written.tables,
      helpers: written.helpers,
      score: frame.score,
      merited: frame.merited,
      evaluated: frame.evaluated,
      guarded,
      columns: outputs.columns.map((name) => frame.columns.get(name)),
      roundExactly,
      roundToInteger,
      percentile,
      finite,
      refuse: (entity: number, value: number) => refuse(plan.schema, chunk, entity, value),
      verify: (entity: number) => verifySums(plan.schema, chunk, entity, written.reach),
    });
    const ledgers = new Map<string, LedgerState>();
    const runs = new Map<string, Float64Array>();
    for (const helper of written.helpers) {
      if (helper instanceof LedgerEntries) ledgers.set(helper.ledger, helper.leave());
      if (helper instanceof RunStarts) runs.set(helper.metric, helper.since);
    }
    return { ledgers, runs };
  };
}

interface EventInput {
  readonly eventFirst?: Int32Array;
  readonly eventUnseen?: Int32Array;
  readonly eventPoints?: Float64Array;
  readonly eventNumber?: Int32Array;
  readonly eventPeriod?: Int32Array;
  readonly fieldCodes?: readonly Int32Array[];
  readonly takenBack?: readonly Int32Array[];
}

/** The columns of events as the text wants them; only what it reads is made. */
function eventInput({ inputs, events }: ScoringText, schema: PanelSchema, chunk: PanelChunk, before: ScoringState | undefined): EventInput {
  if (!inputs.has("eventFirst")) return {};
  return {
    eventFirst: chunk.events.start,
    ...(inputs.has("eventUnseen") ? { eventUnseen: firstUnseen(schema, chunk, before?.seenTo ?? Number.NEGATIVE_INFINITY) } : {}),
    eventPoints: chunk.events.points,
    ...(inputs.has("eventNumber") ? { eventNumber: eventNumbers(schema, chunk) } : {}),
    ...(inputs.has("eventPeriod") ? { eventPeriod: eventPeriods(schema, chunk.events) } : {}),
    ...(inputs.has("fieldCodes") ? { fieldCodes: events.fieldCodes(chunk.events) } : {}),
    takenBack: events.takeBacks.map((pair) => takenBackDays(schema, chunk, pair)),
  };
}

/** Where sums over an entity's life pass 2^53: looks at each window, and refuses the first that does. */
function verifySums(schema: PanelSchema, chunk: PanelChunk, entity: number, reach: readonly WindowReach[]): void {
  const begin = present(chunk.rowStart[entity], "row start");
  const end = present(chunk.rowStart[entity + 1], "row end");
  for (const { measures, rows } of reach) {
    for (const index of measures) {
      const values = present(chunk.measures[index], "measure").subarray(begin, end);
      let sum = 0n;
      for (const [row, value] of values.entries()) {
        invariant(Number.isInteger(value), `flow ${schema.measures[index]?.name} of ${chunk.entities[entity]} is ${value}, not an integer`);
        sum += BigInt(Math.abs(value));
        if (rows !== undefined && row >= rows) sum -= BigInt(Math.abs(values[row - rows] as number));
        if (sum > BigInt(Number.MAX_SAFE_INTEGER)) refuse(schema, chunk, entity, Number(sum), schema.measures[index]?.name);
      }
    }
  }
}

/** An integer beyond 2^53 would no longer be exact: the run stops and says whose it is. */
function refuse(schema: PanelSchema, chunk: PanelChunk, entity: number, value: number, measure?: string): never {
  const limit = present(checkLimit("measureAbsolute", value), "a breach");
  const whose = `${schema.entity} ${chunk.entities[entity] ?? ""}`;
  const what = measure === undefined ? "an operand of a metric" : `the window sum of ${measure}`;
  throw new InputRefused([diagnose("limit-exceeded", { message: `${what} of ${whose}: ${limit.message}`, cure: limit.cure })]);
}
