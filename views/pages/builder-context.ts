/** What the form of a comparison is told beside the versions and datasets: periods, texts, what it costs, and what is kept under a name. */

/** A period of the chosen history, named by its last day. */
interface PeriodChoice {
  readonly day: string;
  readonly isFrom: boolean;
  readonly isTo: boolean;
}

/** The part of the form's context that stands on its own. */
export interface BuilderParts {
  /** Periods of the chosen history, by year; empty when there is no history, or there are too many for a list. */
  readonly years: readonly { readonly year: string; readonly periods: readonly PeriodChoice[] }[];
  /** First and last day that can be named; empty without a history. */
  readonly first: string;
  readonly last: string;
  /** `week`; empty without a history. */
  readonly grain: string;
  /** What the entities of the chosen history can be parted by; empty without a history. */
  readonly segments: readonly { readonly name: string; readonly isChosen: boolean }[];
  /** The history that they are offered for: those of another one are not meant. */
  readonly segmentsOf: string;
  readonly baselineText: string;
  /** One field at least. */
  readonly candidateTexts: readonly { readonly number: number; readonly text: string }[];
  readonly canAddText: boolean;
  readonly replicates: string;
  readonly level: string;
  readonly assumptions: string;
  readonly presets: readonly { readonly name: string; readonly words: string; readonly href: string; readonly current: boolean }[];
  readonly presetName: string;
  readonly estimate?: {
    readonly entities: number;
    readonly entity: string;
    readonly periods: number;
    readonly grain: string;
    readonly policies: number;
    readonly size: number;
    readonly segments: readonly string[];
    readonly words: string;
    /** The run that answers it already; empty when there is none. */
    readonly stored: string;
  };
}
