/** What the pages that list entities are told: a cell of a matrix, a search, and two runs set side by side. */

import type { PageFrame } from "./page-frame.ts";
import type { Grain, RunSummary } from "./summaries.ts";

/** Which part of a long list is shown, and where its neighbours are. Positions from 1; addresses are absent at the ends. */
export interface PageOfList {
  readonly first: number;
  readonly last: number;
  readonly all: number;
  readonly before?: string;
  readonly after?: string;
}

/** `/runs/<id>/movement/<from>/<to>?candidate=..&at=..&offset=..`: who is in a cell of the matrix. */
export interface MovementCellContext extends PageFrame {
  readonly run: RunSummary;
  /** `seller`, `creator`. */
  readonly entityKind: string;
  readonly grain: Grain;
  readonly at: string;
  readonly baseline: string;
  readonly candidate: string;
  readonly from: string;
  readonly to: string;
  readonly hasMoney: boolean;
  readonly currency: string;
  readonly page: PageOfList;
  readonly entities: readonly {
    readonly entity: string;
    readonly gmv: number;
    readonly baselineScore?: number;
    readonly candidateScore?: number;
    readonly reason: string;
  }[];
  /** Of this page, with the reasons; of all, without. */
  readonly csvPage: string;
  readonly csvAll: string;
  /** Whether it is all of them. */
  readonly csvAllWords: string;
}

/** Where a hit stands in one run. */
export interface SearchStanding {
  readonly name: string;
  /** Where its page is. */
  readonly href: string;
  /** `1.0.0: gold; 2.0.0: watch`, or why nothing is said. */
  readonly words: string;
}

/** `/search?q=`: entities of all datasets by id and attribute. */
export interface SearchContext extends PageFrame {
  readonly q: string;
  /** A search was asked for. */
  readonly isAsked: boolean;
  /** There was anything to look through. */
  readonly isSearched: boolean;
  /** What is wrong with what was typed; empty when nothing is. */
  readonly problem: string;
  /** In words: where was looked, and what was left out. */
  readonly looked: string;
  readonly page: PageOfList;
  readonly hits: readonly {
    readonly entity: string;
    readonly kind: string;
    readonly dataset: { readonly id: string; readonly title: string };
    /** In words: how it matches. */
    readonly match: string;
    readonly standings: readonly SearchStanding[];
  }[];
}
