/** What the charts of a dataset's page show, in a sentence each. */
import { present } from "../../data/foundation/index.ts";
import { countOf, formatCount, formatShare } from "../formats/index.ts";
import type { DatasetQualityContext } from "./dataset-quality-context.ts";
import type { DatasetContext } from "./page-contexts.ts";
import type { Grain } from "./summaries.ts";

/** How many are there at both ends of the history. */
export function presenceTitle(presence: DatasetContext["presence"], grain: Grain): string {
  const [first, last] = [presence[0], presence.at(-1)];
  if (first === undefined || last === undefined) return "No entity is there";
  const counts = [first, last].map(({ present: there }) => there) as [number, number];
  return presence.length === 1
    ? `${countOf(counts[0], "entity")} in one ${grain}`
    : `${countOf(counts[0], "entity")} in the first ${grain}, ${formatCount(counts[1])} in the last`;
}

/** Whether any column lacks values, and which lacks most. */
export function missingTitle(columns: DatasetQualityContext["columns"]): string {
  const most = present(columns.toSorted((a, b) => b.missing - a.missing)[0], "a column");
  return most.missing === 0
    ? "No column lacks a value in any row"
    : `${most.name} lacks most: a value is missing in ${formatShare(most.missing)} of rows`;
}

/** How many labels there are and how many of them say harmful, over all sources. */
export function labelsTitle(labels: DatasetQualityContext["labels"]): string {
  const all = labels.reduce((sum, source) => sum + source.labels, 0);
  const harmful = labels.reduce((sum, source) => sum + source.harmful, 0);
  return `${formatCount(harmful)} of ${countOf(all, "label")} say harmful`;
}
