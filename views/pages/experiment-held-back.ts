/** What was shipped to all but the units held back, set for the page of an experiment. */
import type { TotalEffect } from "../../simulations/experiments/index.ts";
import { countOf, formatSignificant } from "../formats/index.ts";
import type { ExperimentTable, HeldBackPart } from "./experiment-context.ts";
import { effectText, pText, relativeUnit } from "./experiment-words.ts";

/** An experiment of the same units. Times: `YYYY-MM-DD HH:MM`. */
interface Line {
  readonly experiment: string;
  readonly title: string;
  readonly arm: string;
  readonly state: string;
  readonly decidedAt: string;
}

/** Totals beside their parts, and who held back. */
export function heldBackPart({
  holdout,
  share,
  experiments,
  caveats,
  effects,
  told,
}: {
  readonly holdout: string;
  readonly share: number;
  readonly experiments: readonly Line[];
  readonly caveats: readonly string[];
  readonly effects: readonly TotalEffect[];
  /** How titles about effects are told. */
  readonly told: (words: string) => string;
}): HeldBackPart {
  return {
    lead: `All others have what was shipped; the ${formatSignificant(100 * share, 4)}\u00a0% that \u2018${holdout}\u2019 holds back have none of it. ${caveats.join(" ")}`.trim(),
    readings: effects.map(({ words }) => words),
    tables: [...[totals(effects), ...effects.flatMap(partsOf)].map((table) => ({ ...table, title: told(table.title) })), list(experiments)],
  };
}

function totals(effects: readonly TotalEffect[]): ExperimentTable {
  return {
    title: "In total, and one by one together",
    columns: ["Metric", "In total", "Its parts together", "Total against them", "p"],
    rows: effects.map(({ title, total, together, against, pValue }) => [
      title,
      effectText(total, relativeUnit),
      effectText(together, relativeUnit),
      effectText(against, relativeUnit),
      pText(pValue),
    ]),
    note: "Lifts of shipped experiments are multiplied (delta method on logarithms), taken to be independent of each other and of the holdout. What is shipped is chosen for looking good, so that its parts are too high on average; the total is not chosen.",
  };
}

function partsOf({ title, parts }: TotalEffect): readonly ExperimentTable[] {
  if (parts.length === 0) return [];
  return [
    {
      title: `${title}: what each experiment found`,
      columns: ["Experiment", "Shipped", "Lift"],
      rows: parts.map(({ experiment, arm, relative }) => [experiment, arm, effectText(relative, relativeUnit)]),
      note: "",
    },
  ];
}

function list(experiments: readonly Line[]): ExperimentTable {
  return {
    title: "Experiments of these units",
    columns: ["Experiment", "Title", "State", "Shipped", "Decided"],
    rows: experiments.map(({ experiment, title, state, arm, decidedAt }) => [experiment, title, state, arm, decidedAt]),
    note: `${countOf(experiments.length, "experiment")} ${experiments.length === 1 ? "is" : "are"} locked beside this one.`,
  };
}
