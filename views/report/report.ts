/** The report as a model without HTML: words, figures and chart specifications. Plain serialisable data. */
import type { CandidatesTried, CriteriaRecord, Gates, Reading, Verdict } from "../../simulations/comparison/index.ts";
import type { ChartSpec, ExactAmounts } from "../charts/chart-spec.ts";

/** How much a reader wants. Each mode shows a subset of the same document. */
export type ReportMode = "brief" | "full" | "method";

/** A stretch of prose; `strong` marks the figures that matter. */
export interface Span {
  readonly text: string;
  readonly strong: boolean;
  /** Of a compact amount: to the cent, for who asks. */
  readonly exact?: string;
}

/** How a table's column is written for people; its CSV holds the raw numbers. */
export type ColumnFormat = "text" | "count" | "share" | "points" | "money" | "number";

/** One cell: words, or a raw number (`share` and `points`: of 1; `money`: minor units). Empty text where there is none. */
export type Cell = string | number;

/** A table: the numbers behind a figure. On the page and as CSV it has the same rows and columns. */
export interface ReportTable {
  readonly columns: readonly { readonly title: string; readonly format: ColumnFormat }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Of its money columns. */
  readonly currency: string;
  /** Where the last cell of each row leads; absent: nowhere. */
  readonly rowLinks?: readonly string[];
}

/** One of the five figures under the answer. */
export interface StripFigure {
  readonly id: string;
  readonly name: string;
  /** The number alone, or `not determined`. */
  readonly value: string;
  /** `%`, `pp`, `M`; may be empty. */
  readonly unit: string;
  /** In words: the interval, `a count, no interval`, or why there is none. */
  readonly interval: string;
  /** Where value and interval are compact amounts: both to the cent, for who asks; no interval, an empty text. */
  readonly exact?: ExactAmounts;
  readonly mini: ChartSpec;
  readonly note: string;
  readonly isDetermined: boolean;
}

/** A chart with its finding. */
export interface Figure {
  readonly id: string;
  /** The finding: true if the reader reads nothing else. */
  readonly title: string;
  /** Amounts that stand in the title with few digits, and to the cent. */
  readonly amounts?: readonly { readonly text: string; readonly exact: string }[];
  /** Unit, period, n, what bars are and their level, or `counts, no interval`. */
  readonly subtitle: string;
  readonly chart: ChartSpec;
  readonly key: readonly KeyEntry[];
  readonly table: ReportTable;
  readonly links: FigureLinks;
}

/** Where the figure's files are; absent in a file that stands alone. */
export interface FigureLinks {
  readonly svg?: string;
  readonly csv?: string;
  /** The page that holds the table, where the report's own page does not. */
  readonly table?: string;
  /** Of an audit plan: the entities to audit, as CSV. */
  readonly list?: string;
  /** The page that says how to embed it, and what was said about it; on the report's page only. */
  readonly share?: string;
  readonly comments?: string;
  /** Of alarms: the entities that have one now, as CSV. */
  readonly alarms?: string;
}

/** One sign in a key: which mark, and what it means. */
export interface KeyEntry {
  readonly mark:
    | "candidate-line"
    | "baseline-line"
    | "candidate-dot"
    | "baseline-dot"
    | "candidate-point"
    | "baseline-point"
    | "interval"
    | "limits"
    | "down"
    | "up"
    | "same"
    | "fine"
    | "harmful"
    | "no-label"
    | "accent"
    | "grey-1"
    | "grey-2"
    | "grey-3"
    | "grey-4"
    | "grey-5"
    | "none";
  readonly words: string;
}

/** One change of the policy. */
export interface ReportChange {
  readonly words: string;
  readonly path: string;
  readonly kind: "changed" | "added" | "removed";
  readonly from: string;
  readonly to: string;
  readonly direction: string;
}

/** An entity in the list of those most affected. */
export interface ReportEntity {
  readonly entity: string;
  /** Absent in a file that stands alone. */
  readonly href?: string;
  readonly attributes: string;
  readonly sales: string;
  readonly baselineTier: TierSign;
  readonly candidateTier: TierSign;
  readonly score: string;
  readonly label: string;
  /** What would bring the baseline's tier under the candidate, in few words. */
  readonly restore: string;
}

/** A tier's name with its colour by rank. */
export interface TierSign {
  readonly name: string;
  readonly colour: string;
}

/** What a section is made of, in order. `modes`: those that show it. */
export type Block = { readonly modes: readonly ReportMode[] } & (
  | { readonly kind: "figure"; readonly figure: Figure }
  | { readonly kind: "pair"; readonly isFirstWide: boolean; readonly figures: readonly Figure[] }
  | { readonly kind: "finding"; readonly title: string; readonly subtitle: string }
  | { readonly kind: "prose"; readonly spans: readonly Span[] }
  | { readonly kind: "aside"; readonly text: string }
  | { readonly kind: "honest"; readonly title: string; readonly paragraphs: readonly string[] }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "note"; readonly title: string; readonly paragraphs: readonly string[] }
  | { readonly kind: "changes"; readonly changes: readonly ReportChange[] }
  | {
      readonly kind: "table";
      readonly name: string;
      readonly table: ReportTable;
      readonly isOpen: boolean;
      /** The page that holds the table, where the report's own page does not. */
      readonly href?: string;
    }
  | { readonly kind: "entities"; readonly entityWord: string; readonly hasSales: boolean; readonly entities: readonly ReportEntity[] }
);

/** One section of the page. */
export interface Section {
  readonly id: string;
  readonly name: string;
  /** Where the comments on it are; on the report's page only. */
  readonly comments?: string;
  readonly blocks: readonly Block[];
}

/** One figure's meaning and period. */
export interface Definition {
  readonly id: string;
  readonly term: string;
  readonly meaning: string;
  /** How it is computed, what that takes for granted, and whose method it is. */
  readonly method?: { readonly formula: string; readonly assumption: string; readonly source: string };
}

/** On top of a page whose data are not sound. */
export interface ReportBanner {
  readonly state: "care" | "stop";
  readonly title: string;
  readonly items: readonly { readonly found: string; readonly consequence: string; readonly cure: string }[];
}

/** The verdict above the five figures. */
export interface ReportVerdict {
  readonly reading: Reading;
  /** `Fails 2 of 7 criteria`. */
  readonly title: string;
  /** When the criteria were written, and how the readings elsewhere compare. */
  readonly note: string;
  readonly items: readonly { readonly words: string; readonly reading: Reading; readonly found: string }[];
}

/** The whole document for one candidate. */
export interface Report {
  readonly runId: string;
  readonly runDigest: string;
  /** `seller-performance 2.0.0 against 1.0.0`. */
  readonly name: string;
  /** Absent when the data are sound. */
  readonly banner?: ReportBanner;
  readonly kicker: string;
  readonly title: string;
  readonly candidate: string;
  /** More than one: a switch between them. */
  readonly candidates: readonly { readonly version: string; readonly isCurrent: boolean }[];
  /** More than one candidate: which of how many this is, in words; else empty. */
  readonly candidatesNote: string;
  /** More than one candidate: the figures side by side, a row a candidate in the same order. */
  readonly sideBySide?: ReportTable;
  readonly answer: readonly Span[];
  readonly scope: string;
  /** Absent when no criteria were written. */
  readonly verdict?: ReportVerdict;
  readonly strip: readonly StripFigure[];
  readonly stripNote: string;
  readonly sections: readonly Section[];
  readonly definitions: readonly Definition[];
  readonly provenance: readonly { readonly term: string; readonly text: string; readonly code?: string }[];
  readonly command: string;
  readonly closing: string;
}

/** What the comparison itself does not know: names, the run, what changed in words. */
export interface ReportContext {
  readonly runId: string;
  readonly runDigest: string;
  /** Version of the candidate to describe; the first when absent or unknown. */
  readonly candidate?: string;
  /** By candidate version: the changes against the baseline (`diffPolicies`). */
  readonly diffs: Readonly<Record<string, { readonly summary: string; readonly changes: readonly PolicyChangeInWords[] }>>;
  readonly dataset: {
    readonly id: string;
    readonly name: string;
    readonly title?: string;
    readonly digest: string;
    readonly rejectedRows: number;
  };
  /** The command that reproduces the report; may span lines. */
  readonly command: string;
  /** What was checked: `Null reform: 0 movers`. One sentence each. */
  readonly trust: readonly string[];
  /** By version: `in force`, `proposed`. */
  readonly status?: Readonly<Record<string, string>>;
  /** By version: how the criteria read, and when they were written; absent when there are none. */
  readonly verdicts?: Readonly<Record<string, { readonly verdict: Verdict; readonly record: CriteriaRecord }>>;
  /** By version: the gates of the data; absent when they were not looked at. */
  readonly gates?: Readonly<Record<string, Gates>>;
  /** How often the same data were asked; absent when it is not known. */
  readonly tried?: CandidatesTried;
  /** Known truth of demo data, one sentence each; shown in Method only. */
  readonly knownTruth?: readonly string[];
  /** Whether links to figures and entities are made; false for a file that stands alone. */
  readonly hasLinks?: boolean;
}

/** One change between two versions, in words. */
export interface PolicyChangeInWords {
  readonly path: string;
  readonly kind: "changed" | "added" | "removed";
  readonly from?: string;
  readonly to?: string;
  readonly words: string;
  readonly direction?: "stricter" | "gentler" | "neutral";
}
