/** What the pages that show replays against a baseline are told. */
import type { ReportTable } from "../report/report.ts";
import type { PageFrame } from "./page-frame.ts";
import type { Grain } from "./summaries.ts";
import type { WhatIfAnswerContext } from "./what-if-context.ts";

/** A replay against a baseline in a list. `createdAt`: `YYYY-MM-DD HH:MM`. */
export interface PairedSummary {
  readonly id: string;
  readonly programme: string;
  readonly baseline: string;
  readonly candidate: string;
  readonly dataset: { readonly id: string; readonly title: string };
  readonly from: string;
  readonly to: string;
  /** What computed it: `kernels`, `duckdb`, or the name of a connection. */
  readonly engine: string;
  readonly createdAt: string;
}

/** Who holds which tier under two policies, in one period. */
export interface MatrixContext {
  readonly entity: string;
  readonly grain: Grain;
  readonly movement: Omit<WhatIfAnswerContext["movement"], "up" | "down">;
  readonly baseline: Pick<WhatIfAnswerContext["baseline"], "name" | "tiers">;
  readonly candidate: MatrixContext["baseline"];
}

/** A sentence, and the table behind it under its title. */
export interface ToldContext {
  readonly said: string;
  readonly title: string;
  readonly table: ReportTable;
}

/** `/runs/<id>` of a replay against a baseline: who moves in its last period. */
export interface PairedReplayContext extends PageFrame {
  readonly run: PairedSummary;
  /** The finding, in one sentence. */
  readonly said: string;
  readonly matrix: MatrixContext;
  /** Sales at stake; absent without a measure of sales, and of runs that were kept before they were counted. */
  readonly sales?: ToldContext;
  /** Who bears it; absent of runs that were kept before groups were counted. */
  readonly bearers?: ToldContext;
  /** Who is hit wrongly; absent where no label is read, and of runs that were kept before labels were counted. */
  readonly errors?: ToldContext;
  /** The one that gives the same run. */
  readonly command: string;
}
