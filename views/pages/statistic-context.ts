/** What the pages of the statistics are told. */
import type { ChartSpec } from "../charts/index.ts";

/** `/statistics`: all of them, by family. */
export interface StatisticsContext {
  /** Sentences that stand above the page, as on every page. */
  readonly notices: readonly string[];
  readonly families: readonly {
    readonly title: string;
    readonly statistics: readonly { readonly name: string; readonly title: string; readonly summary: string }[];
  }[];
}

/** A field of the input: a number, one of several words, yes or no, a list of numbers, or JSON for what is deeper. */
export interface StatisticField {
  /** `control.successes`: the field's path in the input, and its name in the form. */
  readonly path: string;
  readonly label: string;
  readonly about: string;
  readonly kind: "number" | "text" | "choice" | "list" | "json";
  /** What is chosen here says which fields its group has: those of other choices are not there. */
  readonly decides: boolean;
  readonly value: string;
  /** Of a choice; the first is empty where the field may be left out. */
  readonly choices: readonly { readonly value: string; readonly isChosen: boolean }[];
  readonly problem: string;
}

/** Fields that belong together. */
export interface StatisticGroup {
  readonly title: string;
  readonly about: string;
  readonly fields: readonly StatisticField[];
  /** Those that are empty and may stay so: folded, unless one of them is wrong. Absent where there are none. */
  readonly spare?: { readonly summary: string; readonly isOpen: boolean; readonly fields: readonly StatisticField[] };
}

/** What came out, in words and pictures. */
export interface StatisticAnswerContext {
  /** There is no number: the headline says why, and what would determine it. */
  readonly isUndetermined: boolean;
  /** `0.041 (95 % interval 0.0304 to 0.0551)`. */
  readonly headline: string;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly pictures: readonly { readonly chart: ChartSpec; readonly title: string }[];
  readonly tables: readonly {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
    /** A picture shows it already: the table is folded. */
    readonly isDrawn: boolean;
  }[];
  readonly warnings: readonly string[];
}

/** `/statistics/<name>`: form, picture and formula. */
export interface StatisticContext {
  /** Sentences that stand above the page, as on every page. */
  readonly notices: readonly string[];
  readonly name: string;
  readonly title: string;
  readonly family: string;
  readonly summary: string;
  readonly formula: string;
  readonly assumptions: readonly string[];
  readonly source: string;
  readonly references: readonly string[];
  readonly groups: readonly StatisticGroup[];
  /** Groups of which nothing is given: folded, unless something in them is wrong. */
  readonly more?: { readonly summary: string; readonly isOpen: boolean; readonly groups: readonly StatisticGroup[] };
  /** Another kind was chosen and its fields are shown, empty: nothing is computed yet, and nothing is wrong. */
  readonly asksAnew: boolean;
  readonly problems: readonly { readonly field: string; readonly message: string; readonly cure: string }[];
  /** Absent when the input cannot be used. */
  readonly answer?: StatisticAnswerContext;
  /** The input as JSON, for the command line and the API. */
  readonly json: string;
}
