/** Replays policies over a panel: chunk by chunk, every policy in one pass; peers are gathered in a pass before. */
import { invariant, type PeriodIndex } from "../../data/foundation/index.ts";
import { type OutcomeFrame, type Panel, type PanelChunk, type PeriodRange, rangeOf } from "../../data/panel/index.ts";
import { type CompiledPolicy, compileItem } from "../../policies/compile/index.ts";
import { type PeerValues, type Policy, type Programme, versionsOf } from "../../policies/language/index.ts";
import { gatherPeers } from "./gather-peers.ts";
import { OutcomeDigest } from "./outcome-digest.ts";
import type { PolicyReplay, ReplaySummary } from "./replay-summary.ts";
import { blankBefore, reportedRows } from "./reported-range.ts";
import { StartState } from "./start-state.ts";
import { TierTotals } from "./tier-totals.ts";

/** What to replay, and what to do with the frames. */
export interface ReplayOptions {
  /** Each by itself, or a programme: its versions, each while it was in force. */
  readonly policies: readonly (Policy | Programme)[];
  readonly panel: Panel;
  /** First period that is reported. State always runs from the panel's first period. Default: the panel's first. */
  readonly from?: PeriodIndex;
  /** Last period; nothing after it is read. Default: the panel's last whose flows are complete. */
  readonly to?: PeriodIndex;
  /** Metric, score, ledger and condition columns to keep in the frames; a policy that lacks a name leaves it out. Default none. */
  readonly columns?: readonly string[];
  /** Called after each chunk with entities done and in all. */
  readonly onProgress?: (done: number, total: number) => void;
  /**
   * Called once a chunk, in chunk order, with one frame a policy, in their order. Rows outside the range hold -1. Frames are fresh
   * for every chunk and may be kept.
   */
  readonly visit: (chunk: PanelChunk, frames: readonly OutcomeFrame[]) => void;
}

/**
 * Runs every policy over the whole panel. Deterministic to the byte: chunk size changes nothing but the moments of the calls.
 *
 * Memory: one chunk, its frames, and counters by period and tier; for ranks and ratios the values of all peers. Errors: InputRefused (`limit-exceeded`) when a window sum passes
 * 2^53 in smallest units, or when there are more peers' values than the limit `peerValues`.
 */
export function replay({ policies, panel, visit, onProgress, columns = [], ...range }: ReplayOptions): ReplaySummary {
  const { schema } = panel;
  const reported = rangeOf(schema, range);
  invariant(reported.from <= reported.to, "the range holds no period of the panel");
  const peers = gatherPeers(panel, policies, reported.to);
  const runs = policies.map((item, index) => new PolicyRun(item, panel, { range: reported, columns, peers: peers[index] }));
  let [entities, entityPeriods, done] = [0, 0, 0];
  for (let index = 0; index < panel.chunkCount; index++) {
    const chunk = panel.readChunk(index);
    const rows = reportedRows(chunk, reported);
    const frames = runs.map((run) => run.add(chunk, rows));
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const count = (rows.end[entity] as number) - (rows.begin[entity] as number);
      entityPeriods += count;
      if (count > 0) entities++;
    }
    visit(chunk, frames);
    done += chunk.entityCount;
    onProgress?.(done, panel.entityCount);
  }
  return { ...reported, entities, entityPeriods, policies: runs.map((run) => run.finish()) };
}

interface RunSetting {
  readonly range: PeriodRange;
  readonly columns: readonly string[];
  readonly peers: PeerValues | undefined;
}

/** One policy on its way through the chunks. */
class PolicyRun {
  readonly #compiled: CompiledPolicy;
  readonly #range: PeriodRange;
  readonly #columns: readonly string[];
  readonly #peers: PeerValues | undefined;
  readonly #totals: TierTotals;
  readonly #start: StartState;
  readonly #digest: OutcomeDigest;

  constructor(item: Policy | Programme, { schema }: Panel, { range, columns, peers }: RunSetting) {
    const sections = versionsOf(item).flatMap(({ policy }) => [policy.metrics, policy.scores, policy.ledgers, policy.conditions]);
    const named = new Set(sections.flatMap((section) => section.map(({ name }) => name)));
    this.#compiled = compileItem(item, schema);
    this.#range = range;
    this.#columns = columns.filter((name) => named.has(name));
    this.#peers = peers;
    this.#totals = new TierTotals(schema, this.#compiled.tiers, range);
    this.#start = new StartState(schema, this.#compiled, range);
    this.#digest = new OutcomeDigest(this.#compiled.tiers);
  }

  add(chunk: PanelChunk, rows: ReturnType<typeof reportedRows>): OutcomeFrame {
    const peers = this.#peers === undefined ? {} : { peers: this.#peers };
    const frame = this.#compiled.run(chunk, { to: this.#range.to, columns: this.#columns, ...peers });
    this.#start.add(chunk, frame);
    blankBefore(chunk, frame, rows);
    this.#totals.add(chunk, frame, rows);
    this.#digest.add(chunk, frame, rows);
    return frame;
  }

  finish(): PolicyReplay {
    const { policy, tiers } = this.#compiled;
    return {
      policy,
      tiers,
      tiersByPeriod: this.#totals.finish(),
      startMatters: this.#start.finish(),
      digest: this.#digest.finish(),
    };
  }
}
