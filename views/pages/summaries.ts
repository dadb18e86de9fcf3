/** What pages say of a dataset, a run, a version and a change wherever they name one. Raw numbers and ISO dates. */

/** How long a period is. */
export type Grain = "day" | "week" | "month";

/** A dataset in a list. Periods are named by their last day, `YYYY-MM-DD`. */
export interface DatasetSummary {
  readonly id: string;
  readonly title: string;
  /** `seller`, `creator`. */
  readonly entity: string;
  readonly grain: Grain;
  readonly entities: number;
  readonly rows: number;
  readonly from: string;
  readonly to: string;
  readonly periods: number;
  readonly rejectedRows: number;
  /** The connection in whose tables its rows lie; absent when they lie here. */
  readonly liesIn?: string;
}

/** Where a run stands. */
export type RunState = "queued" | "running" | "done" | "failed" | "cancelled";

/** Why a run did not end well. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** A comparison in a list. `createdAt`: `YYYY-MM-DD HH:MM`, given by the caller. */
export interface RunSummary {
  readonly id: string;
  readonly programme: string;
  readonly baseline: string;
  readonly candidates: readonly string[];
  readonly dataset: { readonly id: string; readonly title: string };
  /** Id of a later dataset of the same name. */
  readonly newerDataset?: string;
  readonly from: string;
  readonly to: string;
  /** Only of what an earlier version of the program computed; `again` is the same question as this one answers it, where it has. */
  readonly earlier?: { readonly again?: string };
  readonly state: RunState;
  readonly createdAt: string;
  /** Only done runs: by candidate the share of entities that change tier, 0 to 1; without those of which none can be given. */
  readonly movers?: readonly { readonly version: string; readonly share: number }[];
  /** Only running ones: what is done now, and how much of it, 0 to 100. */
  readonly progress?: { readonly stage: string; readonly percent: number };
  /** Only failed ones. */
  readonly failure?: RunFailure;
}

/** One version in a list. */
export interface VersionSummary {
  readonly version: string;
  readonly title: string;
  readonly digest: string;
  readonly inForce: boolean;
  /** The version that it extends. */
  readonly parent?: string;
  readonly rationale: string;
}

/** A programme with its versions, newest first. */
export interface ProgrammeSummary {
  readonly programme: string;
  readonly title: string;
  readonly entity: string;
  /** The version in force. */
  readonly inForce?: string;
  readonly versions: readonly VersionSummary[];
}

/** A later dataset that bears the same name. */
export interface NewerDataset {
  readonly id: string;
  readonly title: string;
  readonly entity: string;
  readonly entities: number;
  /** Last day of its last period, `YYYY-MM-DD`. */
  readonly to: string;
  /** The same question over it; absent where nothing is asked. */
  readonly href?: string;
}

/** One change between two versions, as `diffPolicies` gives it. */
export interface ChangeRow {
  readonly path: string;
  readonly words: string;
  readonly kind: "changed" | "added" | "removed";
  readonly from?: string;
  readonly to?: string;
  readonly direction?: "stricter" | "gentler" | "neutral";
}
