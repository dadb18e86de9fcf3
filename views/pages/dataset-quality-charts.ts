/** Charts of a dataset's quality, made from its context. */
import type { ChartSpec } from "../charts/index.ts";
import { countOf, formatCount, formatShare } from "../formats/index.ts";
import type { DatasetQualityContext } from "./dataset-quality-context.ts";

/** A row a column: with a value above or below zero, zero, and missing. */
export function columnSharesChart(columns: DatasetQualityContext["columns"]): ChartSpec {
  return {
    kind: "shares",
    label: `Rows with a value, with zero and without a value, in each of ${countOf(columns.length, "column")}.`,
    isDense: true,
    bands: [
      { name: "A value", isEmphasised: false },
      { name: "Zero", isEmphasised: false },
      { name: "Missing", isEmphasised: true },
    ],
    rows: columns.map(({ name, missing, zero }) => {
      const shares = [Math.max(0, 1 - missing - zero), zero, missing];
      return {
        label: name.replaceAll("_", " "),
        note: missing > 0 ? `${formatShare(missing)} missing` : "none missing",
        shares,
        texts: shares.map((share) => formatShare(share)),
      };
    }),
  };
}

/** A row a source: fine, harmful, pending. */
export function labelSharesChart(labels: DatasetQualityContext["labels"]): ChartSpec {
  return {
    kind: "shares",
    label: `Labels that say fine, harmful and not decided yet, of ${countOf(labels.length, "source")}.`,
    isDense: true,
    bands: [
      { name: "Fine", isEmphasised: false },
      { name: "Harmful", isEmphasised: true },
      { name: "Not decided", isEmphasised: false },
    ],
    rows: labels
      .filter((source) => source.labels > 0)
      .map(({ source, labels: all, fine, harmful, pending }) => ({
        label: source.replaceAll("_", " "),
        note: countOf(all, "label"),
        shares: [fine / all, harmful / all, pending / all],
        texts: [fine, harmful, pending].map((count) => formatCount(count)),
      })),
  };
}

/** How much of the rows has at most how much: steep at the right where few have most. */
export function volumeChart({ title, quantiles }: NonNullable<DatasetQualityContext["volume"]>): ChartSpec {
  return {
    kind: "curve",
    label: `${title} of a row, by the share of rows that have no more.`,
    xHeading: "per cent of rows that have no more",
    yHeading: title,
    lines: [{ name: title, points: quantiles.map(({ share, value }) => [share * 100, value] as const) }],
  };
}
