/** Cells and columns of the tables of estimators. */
import type { EstimateBy, EstimatorName, FigureEstimates, LabelEstimates } from "../../simulations/comparison/index.ts";
import { estimateCells, notDetermined, numberOf } from "./estimate-words.ts";
import type { Cell } from "./report.ts";

/** The rates that are estimated. */
export type RateName = LabelEstimates["rates"][number]["name"];

/** A rate of one side by name. */
export function rateBy(estimates: LabelEstimates, side: "baseline" | "candidate", name: RateName): FigureEstimates {
  return estimates.rates.find((rate) => rate.side === side && rate.name === name) ?? estimates.falsePositiveChange;
}

/** What one estimator gives. */
export function byName(figure: FigureEstimates, name: EstimatorName): EstimateBy | undefined {
  return figure.estimates.find(({ estimator }) => estimator === name);
}

/** What an estimator is called. */
export function titleOf(estimates: LabelEstimates, name: EstimatorName): string {
  return estimates.estimators.find((view) => view.name === name)?.title ?? name;
}

/** Why it gives nothing; empty where it does. */
export function reasonOf(by: EstimateBy | undefined): string {
  return by?.estimate.kind === "undetermined" ? by.estimate.reason : "";
}

/** Value, lower, upper. */
export function cells(by: EstimateBy | undefined): readonly Cell[] {
  return by === undefined ? ["", "", ""] : estimateCells(by.estimate);
}

/** No value, and the limits without any assumption. */
export function limits({ bounds }: FigureEstimates): readonly Cell[] {
  return ["", numberOf(bounds.lower) ?? notDetermined, numberOf(bounds.upper) ?? notDetermined];
}

/** Effective labels; empty without an estimate. */
export function sizeCell(by: EstimateBy | undefined): Cell {
  return by === undefined || by.estimate.kind === "undetermined" ? "" : Math.round(by.effectiveSize);
}

/** A column of words. */
export function text(title: string) {
  return { title, format: "text" as const };
}

/** A column of values, and of both ends. */
export function threeOf(title: string, format: "share" | "points") {
  return [
    { title, format },
    { title: "lower", format },
    { title: "upper", format },
  ];
}
