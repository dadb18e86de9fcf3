/** What each page is told: one plain context a page. Raw numbers and ISO dates; templates format, they do not compute. */

import type { Policy } from "../../policies/language/index.ts";
import type { ReportTable } from "../report/report.ts";
import type { AgainstChoiceContext, AgainstContext } from "./against-context.ts";
import type { BuilderParts } from "./builder-context.ts";
import type { CalibrationContext } from "./calibration-context.ts";
import type { CommentsContext } from "./comments-context.ts";
import type { ConnectionsContext } from "./connections-context.ts";
import type { DatasetQualityContext } from "./dataset-quality-context.ts";
import type { PolicyEditorContext } from "./editor-context.ts";
import type { EntityEvent, EntityLetterContext, EntityMetric, EntityRestore } from "./entity-course-context.ts";
import type { ExperimentContext, ExperimentFormContext, ExperimentsContext } from "./experiment-context.ts";
import type { FigureContext, FigureShareContext } from "./figure-context.ts";
import type { MovementCellContext, PageOfList, SearchContext } from "./list-contexts.ts";
import type { FormProblem, PageFrame } from "./page-frame.ts";
import type { PairedReplayContext, PairedSummary } from "./paired-context.ts";
import type { ReferenceContext } from "./reference-context.ts";
import type { StatisticContext, StatisticsContext } from "./statistic-context.ts";
import type { ChangeRow, DatasetSummary, Grain, NewerDataset, ProgrammeSummary, RunFailure, RunSummary } from "./summaries.ts";
import type { WhatIfAnswerContext, WhatIfParameter } from "./what-if-context.ts";

/** `/`: what this is, what there is, and the way to compare. */
export interface HomeContext extends PageFrame {
  readonly datasets: readonly DatasetSummary[];
  /** Newest first; a handful. */
  readonly runs: readonly RunSummary[];
  readonly programmes: readonly ProgrammeSummary[];
}

/** `/policies`: every programme and its versions. */
export interface PoliciesContext extends PageFrame {
  readonly programmes: readonly ProgrammeSummary[];
}

/** `/policies/<programme>/<version>`: its text, what it says in plain words, and what changed. */
export interface PolicyVersionContext extends PageFrame {
  readonly programme: string;
  readonly version: string;
  readonly title: string;
  readonly entity: string;
  readonly inForce: boolean;
  readonly digest: string;
  readonly rationale: string;
  /** The checked policy: the page leads with its ladder and weights. Without it only the plain words are shown. */
  readonly policy?: Policy;
  /** The file as it was written; shown with line numbers. */
  readonly text: string;
  /** Plain words, one statement a line (`describePolicy`); folded when the policy itself is there. */
  readonly description: string;
  /** Against its parent or the previous version; absent for a first version. */
  readonly changed?: { readonly against: string; readonly changes: readonly ChangeRow[] };
  /** All versions of the programme, newest first. */
  readonly versions: readonly { readonly version: string; readonly current: boolean }[];
}

/** One line beside the version that both come from; a text is absent where the line does not stand. */
export interface ThreeWayLine {
  readonly path: string;
  readonly ancestor?: string;
  readonly a?: string;
  readonly b?: string;
  readonly changedBy: "a" | "b" | "both alike" | "both differently";
}

/** `/policies/<programme>/diff?from=<version>&to=<version>`: what changed between two versions. */
export interface PolicyDiffContext extends PageFrame {
  readonly programme: string;
  readonly from: string;
  readonly to: string;
  /** One sentence. */
  readonly summary: string;
  /** All versions of the programme, newest first. */
  readonly versions: readonly { readonly version: string; readonly isFrom: boolean; readonly isTo: boolean }[];
  readonly changes: readonly ChangeRow[];
  /** When both extend a third version, or one of them does; `a` is `from`, `b` is `to`. */
  readonly threeWay?: { readonly beside: string; readonly rows: readonly ThreeWayLine[] };
}

/** `/datasets`. */
export interface DatasetsContext extends PageFrame {
  readonly datasets: readonly DatasetSummary[];
}

/** One column's quality. Statistics are of the values that are there, in display units; absent for text. */
export interface ColumnQuality {
  readonly name: string;
  readonly title: string;
  readonly kind: "flow" | "level" | "attribute";
  readonly unit: string;
  /** 0 to 1. */
  readonly missingShare: number;
  readonly minimum?: number;
  readonly median?: number;
  readonly percentile99?: number;
  readonly maximum?: number;
  /** Share of the column's total that the largest 1 % of entities hold, 0 to 1: how heavy the tail is. Flows only. */
  readonly topPercentShare?: number;
}

/** Labels of one outcome source. */
export interface LabelCoverage {
  readonly source: string;
  readonly title: string;
  readonly definition: string;
  readonly labels: number;
  readonly harmful: number;
  readonly fine: number;
  readonly pending: number;
  /** Entities with at least one label, over all, 0 to 1. */
  readonly entitiesShare: number;
}

/** `/datasets/<id>`: what is in it and how good it is. */
export interface DatasetContext extends PageFrame {
  readonly dataset: DatasetSummary;
  /** A later dataset of the same name. */
  readonly newer?: NewerDataset;
  readonly digest: string;
  readonly source: string;
  readonly knownAt: string;
  readonly currency?: string;
  /** Declared rates to other currencies, with the days of the first and the last. */
  readonly rates: readonly { readonly to: string; readonly dates: number; readonly from: string; readonly until: string }[];
  readonly columns: readonly ColumnQuality[];
  /** Entities by the period in which they first and last appear, and how many are present; oldest first. */
  readonly presence: readonly { readonly period: string; readonly first: number; readonly last: number; readonly present: number }[];
  /** Gaps inside an entity's life: periods without a row. */
  readonly gaps: { readonly entities: number; readonly periods: number };
  readonly labels: readonly LabelCoverage[];
  readonly quality: DatasetQualityContext;
  readonly rejected: LeftOutList;
  /** Whole frames that replays on it were asked to keep, the latest first. */
  readonly frames: readonly KeptFrame[];
  /** How many more are kept than are listed. */
  readonly moreFrames: number;
  /** Rows of the original files that the importer could not place; absent when there are none. */
  readonly setAside?: LeftOutList;
}

/** The frame of one replay, a Parquet file. */
export interface KeptFrame {
  /** Id of the replay. */
  readonly run: string;
  readonly policy: string;
  /** First and last day of its range. */
  readonly from: string;
  readonly to: string;
  readonly engine: string;
  /** Size of the file, rounded up. */
  readonly kilobytes: number;
  /** `YYYY-MM-DD HH:MM` */
  readonly createdAt: string;
}

/** Rows that are listed beside a dataset: how many for which reason, and the first few. */
export interface LeftOutList {
  readonly reasons: readonly { readonly code: string; readonly rows: number; readonly words: string }[];
  readonly examples: readonly { readonly file: string; readonly line: number; readonly column: string; readonly reason: string }[];
}

/** What stands in place of a form that asks for a history, while the home holds none. */
export interface NoHistoryContext extends PageFrame {
  readonly title: string;
  readonly lead: string;
}

/** `/compare`: baseline, one to five candidates, dataset, range, seed. A plain form (POST to the same address); works without script. */
export interface CompareFormContext extends PageFrame, BuilderParts {
  readonly programmes: readonly {
    readonly programme: string;
    readonly title: string;
    /** Reference `programme@version`. */
    readonly versions: readonly {
      readonly reference: string;
      readonly version: string;
      readonly title: string;
      readonly inForce: boolean;
      readonly isBaseline: boolean;
      readonly isCandidate: boolean;
    }[];
  }[];
  readonly datasets: readonly (DatasetSummary & { readonly selected: boolean })[];
  /** ISO dates or empty: the whole dataset. */
  readonly from: string;
  readonly to: string;
  readonly seed: string;
  /** As typed, a criterion a line; may be empty. */
  readonly criteria: string;
  readonly candidatesMax: number;
  readonly problems: readonly FormProblem[];
}

/** `/what-if?policy=..&baseline=..&dataset=..&set.<parameter>=..`: a version's parameters, moved. A plain form; works without script. */
export interface WhatIfContext extends PageFrame {
  readonly programme: string;
  readonly version: string;
  readonly title: string;
  /** References. */
  readonly policy: string;
  readonly baseline: string;
  readonly dataset: string;
  /** A later dataset of the same name. */
  readonly newer?: NewerDataset;
  /** ISO dates or empty: the whole dataset. */
  readonly from: string;
  readonly to: string;
  readonly policies: readonly { readonly reference: string; readonly isPolicy: boolean; readonly isBaseline: boolean }[];
  readonly datasets: readonly { readonly id: string; readonly title: string; readonly selected: boolean }[];
  readonly parameters: readonly WhatIfParameter[];
  /** Titles of parameters by a text some of which has a point in it, which no path can name: those are changed in the file. */
  readonly fixed: readonly string[];
  /** What is wrong with none of the parameters. */
  readonly problems: readonly FormProblem[];
  readonly answer?: WhatIfAnswerContext;
  /** How far the opening of the history is, while there is no answer yet. `percent`: 0 to 100, whole. */
  readonly opening?: { readonly words: string; readonly percent: number };
  /** How the candidate is to be called. */
  readonly save: { readonly version: string; readonly title: string; readonly rationale: string };
}

/** `/runs/<id>`: how far it is. The script `progress.js` follows `eventsUrl`; without it the page reloads itself. */
export interface RunProgressContext extends PageFrame {
  readonly run: RunSummary;
  /** In words: `replaying 2.0.0`. */
  readonly stage: string;
  /** 0 to 100, whole. */
  readonly percent: number;
  /** Server-sent events, each `data:` a JSON of {state, stage, percent}. */
  readonly eventsUrl: string;
  /** Waiting jobs before this one, while queued. */
  readonly ahead: number;
  readonly failure?: RunFailure;
  /** True while a cancel makes sense. */
  readonly canCancel: boolean;
  readonly isOver: boolean;
}

/** `/runs?state=<state>&page=<number>`: every comparison, newest first. */
export interface RunsContext extends PageFrame {
  readonly runs: readonly RunSummary[];
  /** Those that there are, each with how many it lists; all of them first. Empty while there is no comparison. */
  readonly states: readonly { readonly title: string; readonly count: number; readonly href: string; readonly current: boolean }[];
  readonly page: PageOfList;
  /** Whether any of those listed waits or runs. */
  readonly isOpen: boolean;
  /** The latest replays against a baseline, and how many more there are. */
  readonly paired: readonly PairedSummary[];
  readonly morePaired: number;
}

/** One version's view of an entity, oldest period first. */
export interface EntityVersion {
  readonly version: string;
  readonly role: "baseline" | "candidate";
  /** Best first, `otherwise` last. */
  readonly tiers: readonly { readonly name: string; readonly adverse: boolean; readonly unrated: boolean }[];
  readonly rows: readonly {
    readonly period: string;
    readonly score?: number;
    readonly held: string;
    readonly merited: string;
    readonly evaluated: boolean;
  }[];
  /** Plain account of the last evaluation, paragraphs parted by line breaks (`accountOf`). */
  readonly account: string;
  /** What makes the difference to the baseline at that evaluation, in plain sentences; empty for the baseline. */
  readonly difference: string;
  /** The nearest single change for the next better tier, and for the baseline's where it is better still. Empty for who holds the best. */
  readonly restores: readonly EntityRestore[];
  /** Whether a letter can be written: something has been evaluated. */
  readonly hasLetter: boolean;
}

/** `/runs/<id>/entities/<entity>`: score and tier over time under each version. */
export interface EntityContext extends PageFrame {
  readonly run: RunSummary;
  readonly entity: string;
  /** `seller`, `creator`. */
  readonly entityKind: string;
  readonly grain: Grain;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  /** Baseline first. */
  readonly versions: readonly EntityVersion[];
  /** Every metric and ledger of every version. */
  readonly metrics: readonly EntityMetric[];
  /** Oldest first, up to the end of the range. */
  readonly events: readonly EntityEvent[];
}

/** One table of a report. */
export interface ReportTableContext extends PageFrame {
  readonly report: { readonly name: string; readonly href: string };
  readonly title: string;
  /** Of a figure: unit, period, n; else empty. */
  readonly subtitle: string;
  readonly table: ReportTable;
  readonly csv?: string;
}

/** Any status from 400 up. */
export interface ErrorContext extends PageFrame {
  readonly status: number;
  readonly title: string;
  readonly message: string;
  readonly cure: string;
  /** Located lines (`formatDiagnostic`), when there are any. */
  readonly diagnostics: readonly string[];
}

/** Page name to context. */
export interface PageContexts {
  readonly home: HomeContext;
  readonly policies: PoliciesContext;
  readonly "policy-version": PolicyVersionContext;
  readonly "policy-editor": PolicyEditorContext;
  readonly experiments: ExperimentsContext;
  readonly experiment: ExperimentContext;
  readonly "experiment-form": ExperimentFormContext;
  readonly connections: ConnectionsContext;
  readonly "experiment-calibration": CalibrationContext;
  readonly "policy-diff": PolicyDiffContext;
  readonly datasets: DatasetsContext;
  readonly dataset: DatasetContext;
  readonly "compare-form": CompareFormContext;
  readonly "what-if": WhatIfContext;
  readonly "no-history": NoHistoryContext;
  readonly reference: ReferenceContext;
  readonly statistics: StatisticsContext;
  readonly statistic: StatisticContext;
  readonly "run-progress": RunProgressContext;
  readonly runs: RunsContext;
  readonly "paired-replay": PairedReplayContext;
  readonly "report-table": ReportTableContext;
  readonly comments: CommentsContext;
  readonly "figure-alone": FigureContext;
  readonly "figure-share": FigureShareContext;
  readonly entity: EntityContext;
  readonly "entity-letter": EntityLetterContext;
  readonly against: AgainstContext;
  readonly "against-choice": AgainstChoiceContext;
  readonly "movement-cell": MovementCellContext;
  readonly search: SearchContext;
  readonly error: ErrorContext;
}

/** The name of a page. */
export type PageName = keyof PageContexts;
