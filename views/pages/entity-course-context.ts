/** What the page of an entity is told of every metric, of events and of what would restore a tier; and what a letter's page is told. */

import type { PageFrame } from "./page-frame.ts";
import type { RunSummary } from "./summaries.ts";

/** One version's values of a metric, an evaluation each. */
export interface EntityMetricVersion {
  readonly version: string;
  readonly role: "baseline" | "candidate";
  /** Oldest first. Money in minor units. `missing`: why there is no value. */
  readonly points: readonly { readonly period: string; readonly value?: number; readonly missing?: string; readonly volume?: number }[];
  /** Numbers that the version compares with: what a tier asks for, or a point of the curve that scores it. `label`: briefly, for a chart. */
  readonly lines: readonly { readonly value: number; readonly words: string; readonly label: string; readonly kind: "tier" | "score" }[];
  /** The latest value in words, or why there is none. */
  readonly said: string;
}

/** A metric or a ledger of one name and unit, under every version that has it; baseline first. */
export interface EntityMetric {
  readonly name: string;
  readonly title: string;
  /** `share`, `money`, `count`, `days`, `points`, `date` or `number`. */
  readonly unit: string;
  readonly currency: string;
  readonly versions: readonly EntityMetricVersion[];
}

/** A dated fact about the entity. */
export interface EntityEvent {
  readonly day: string;
  readonly knownOn: string;
  readonly kind: string;
  readonly id: string;
  readonly points?: number;
}

/** What would bring a tier back under one version. */
export interface EntityRestore {
  readonly tier: string;
  readonly words: string;
}

/** One letter's page, `/runs/<id>/entities/<entity>/letter?version=`. */
export interface EntityLetterContext extends PageFrame {
  readonly run: RunSummary;
  readonly entity: string;
  readonly version: string;
  readonly role: "baseline" | "candidate";
  readonly versions: readonly { readonly version: string; readonly role: "baseline" | "candidate"; readonly isShown: boolean }[];
  readonly title: string;
  readonly parts: readonly { readonly heading: string; readonly sentences: readonly string[]; readonly items: readonly string[] }[];
  /** What who sends it should know, and what is not in the letter. */
  readonly remarks: readonly string[];
}
