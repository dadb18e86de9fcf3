/** What one evaluation of one entity reads, and what the evaluations before it left behind. */
import type { Day } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { LineSource, PeerValues, Policy } from "../language/index.ts";
import type { EntityHistory, HistoryEvent } from "./entity-history.ts";
import type { MetricTrace } from "./trace.ts";

/** Everything that an evaluation of one entity reads. `rowIndex`: the last row that the evaluation on day `on` sees. */
export interface EvaluationPoint {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly history: EntityHistory;
  /** Events that any evaluation can see, in order. */
  readonly events: readonly NumberedEvent[];
  readonly rowIndex: number;
  readonly on: Day;
  readonly peers?: PeerValues;
  readonly before: CarriedState;
  /** Metrics that are taken as given, not measured: what if one were otherwise. Default: none. */
  readonly assumed?: ReadonlyMap<string, MetricTrace>;
}

/** An event with its rank among the entity's events of its kind, from 1. */
export interface NumberedEvent extends HistoryEvent {
  readonly number: number;
}

/** What carries over from one evaluation to the next. */
export interface CarriedState {
  readonly movement: MovementState;
  /** By name. A ledger that no evaluation has touched is absent. */
  readonly ledgers: ReadonlyMap<string, LedgerState>;
  /** By name of an `unbroken` metric whose condition was true: the date of the first evaluation of that run. */
  readonly runs: ReadonlyMap<string, Day>;
  /** The last day that the previous evaluation knew of. */
  readonly seenTo?: Day;
}

/** Tier, counts and holds between evaluations. Tiers by code, best 0, `otherwise` the number of tiers. */
export interface MovementState {
  /** Absent before the first evaluation of a policy without `start`. */
  readonly held?: number;
  readonly promoteCount: number;
  readonly demoteCount: number;
  /** By tier code: the first day that is free of the tier's hold. */
  readonly holdUntil: ReadonlyMap<number, Day>;
  /** Merited tiers of the evaluations so far, oldest first: as many as a move can ask for. */
  readonly past: readonly number[];
}

/** A ledger between evaluations. */
export interface LedgerState {
  /** In the order in which they were made. */
  readonly entries: readonly LedgerEntry[];
  /** By position of a volume line: how many multiples have been counted so far. */
  readonly counted: ReadonlyMap<number, number>;
  /** Volume lines that came with a new version and have counted nothing yet: they begin with what has been reached by then. */
  readonly beginning: ReadonlySet<number>;
  /** What lines of earlier versions were made for, each once, in the order of the versions and their lines. */
  readonly earlier: readonly LineSource[];
}

/** Points of one line. */
export interface LedgerEntry {
  /** What its line is made for. */
  readonly source: LineSource;
  readonly day: Day;
  /** The first day without it. Absent: it stays. */
  readonly expires?: Day;
  /** Unsigned. Absent: the points are not known. */
  readonly amount?: number;
  readonly event?: { readonly kind: string; readonly id: string };
}
