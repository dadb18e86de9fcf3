/** One chunk's part of a replay, in whichever thread it runs: plain data that the parts of the other chunks are added to. */
import { present } from "../../data/foundation/index.ts";
import type { GroupsAt, OutcomeFrame, PanelChunk, PanelSchema, PeriodRange } from "../../data/panel/index.ts";
import { type CompiledPolicy, compileItem } from "../../policies/compile/index.ts";
import { type PeerValues, type Policy, type Programme, programmeTiers, versionsOf } from "../../policies/language/checked/index.ts";
import { type GroupPart, groupTotals } from "./group-totals.ts";
import { type DigestedRows, digestedRows } from "./outcome-digest.ts";
import { blankBefore, type ReportedRows, reportedRows } from "./reported-range.ts";
import { askStart, type StartAnswers } from "./start-state.ts";
import { type ChunkTotals, chunkTotals, pairTotals, type TierCells, tierTally } from "./tier-totals.ts";

/** What every thread is told. Plain data. */
export interface ReplayTask {
  readonly policies: readonly (Policy | Programme)[];
  readonly schema: PanelSchema;
  readonly range: PeriodRange;
  readonly columns: readonly string[];
  /** By policy. */
  readonly peers: readonly (PeerValues | undefined)[];
  /** Whether the frames' digests are asked for. */
  readonly digests: boolean;
  /** Whether the tiers held under the first policy are paired with those under the second. */
  readonly paired: boolean;
  /** How the pairs of one period of the range are parted; absent: not. */
  readonly groups?: GroupsAt;
}

/** What one policy gave in one chunk. */
export interface PolicyPart {
  readonly totals: ChunkTotals;
  readonly start: StartAnswers;
  /** Columns of the frame itself. */
  readonly digested?: DigestedRows;
}

/** What all policies gave in one chunk. */
export interface ReplayPart {
  /** Entities with a row in the range, and their rows in it. */
  readonly entities: number;
  readonly entityPeriods: number;
  readonly policies: readonly PolicyPart[];
  /** Where they are asked for. */
  readonly pairs?: ChunkTotals;
  readonly groups?: GroupPart;
}

interface CompiledRun {
  readonly compiled: CompiledPolicy;
  readonly columns: readonly string[];
  readonly peers?: PeerValues;
}

/** What came of one chunk. */
export interface ChunkOutcome {
  /** By policy. */
  readonly frames: readonly OutcomeFrame[];
  readonly part: ReplayPart;
}

/** Replays chunks, in any order, one at a time. */
export class ChunkReplay {
  readonly #task: ReplayTask;
  readonly #runs: readonly CompiledRun[];
  readonly #onlyDigested: boolean;

  /** `onlyDigested`: nobody looks at the frames themselves, so that columns which neither digests nor pairs read may be missing in them. */
  constructor(task: ReplayTask, { onlyDigested = false }: { readonly onlyDigested?: boolean } = {}) {
    this.#task = task;
    this.#onlyDigested = onlyDigested && !task.paired;
    this.#runs = task.policies.map((item, index) => {
      const sections = versionsOf(item).flatMap(({ policy }) => [policy.metrics, policy.scores, policy.ledgers, policy.conditions]);
      const named = new Set(sections.flatMap((section) => section.map(({ name }) => name)));
      const peers = task.peers[index];
      return {
        compiled: compileItem(item, task.schema),
        columns: task.columns.filter((name) => named.has(name)),
        ...(peers === undefined ? {} : { peers }),
      };
    });
  }

  /**
   * Runs every policy over the chunk. Rows of a frame outside the range hold -1. Frames are fresh, unless what came of an earlier chunk is
   * given back: then its memory is used again.
   */
  run(chunk: PanelChunk, reuse?: ChunkOutcome): ChunkOutcome {
    const { range, digests } = this.#task;
    const rows = reportedRows(chunk, range);
    const digested = digests ? digestedRows(chunk, rows) : undefined;
    const outcomes = this.#runs.map((run, index) => {
      const { frame, part } = this.#runPolicy(run, chunk, rows, reuse?.frames[index]);
      return { frame, part: digested === undefined ? part : { ...part, digested: digested(frame) } };
    });
    let [entities, entityPeriods] = [0, 0];
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const count = (rows.end[entity] as number) - (rows.begin[entity] as number);
      entityPeriods += count;
      if (count > 0) entities++;
    }
    const frames = outcomes.map(({ frame }) => frame);
    const part = { entities, entityPeriods, policies: outcomes.map((outcome) => outcome.part) };
    return { frames, part: this.#task.paired ? { ...part, ...this.#pairs(chunk, rows, frames) } : part };
  }

  #pairs(chunk: PanelChunk, rows: ReportedRows, [before, after]: readonly OutcomeFrame[]): Pick<ReplayPart, "pairs" | "groups"> {
    const both = [present(before, "the baseline's frame"), present(after, "the candidate's frame")] as const;
    const cells = pairCells(this.#task);
    const pairs = pairTotals(cells, chunk, rows, both);
    const { groups } = this.#task;
    return groups === undefined ? { pairs } : { pairs, groups: groupTotals({ ...cells, groups }, chunk, both) };
  }

  #runPolicy(
    { compiled, columns, peers }: CompiledRun,
    chunk: PanelChunk,
    rows: ReportedRows,
    reuse: OutcomeFrame | undefined,
  ): { readonly frame: OutcomeFrame; readonly part: PolicyPart } {
    const { schema, range } = this.#task;
    const cells = { schema, tiers: [compiled.tiers], range };
    const tally = tierTally(cells, chunk);
    const frame = compiled.run(chunk, {
      to: range.to,
      columns,
      tally,
      askEnteredBy: schema.firstPeriod,
      reuse,
      onlyDigested: this.#onlyDigested,
      ...(peers === undefined ? {} : { peers }),
    });
    const start = askStart(schema, compiled, range, chunk, frame);
    blankBefore(chunk, frame, rows);
    const totals = chunkTotals(cells, tally);
    return { frame, part: { totals, start } };
  }
}

/** The cells of the paired table. */
export function pairCells({ schema, range, policies }: ReplayTask): TierCells {
  return { schema, range, tiers: policies.slice(0, 2).map((item) => programmeTiers(versionsOf(item)).names) };
}

/**
 * A thread's replay of one chunk after another, of which the parts alone are of use; a part must have been taken before the next chunk, because
 * its memory is used again.
 */
export function replayChunks(task: ReplayTask): (chunk: PanelChunk) => ReplayPart {
  const chunks = new ChunkReplay(task, { onlyDigested: true });
  let last: ChunkOutcome | undefined;
  return (chunk) => {
    last = chunks.run(chunk, last);
    return last.part;
  };
}
