/** Effects by the arms that units have in other experiments, set for the page of an experiment. */
import { type Analysis, toldUnder } from "../../simulations/experiments/index.ts";
import { formatCount } from "../formats/index.ts";
import type { ExperimentParts } from "./experiment-context.ts";
import { changeUnit, effectText, pText } from "./experiment-words.ts";

/** Nothing where no other experiment shares units. */
export function interactionParts({ interactions, health }: Analysis): Pick<ExperimentParts, "interactions"> {
  if (interactions === undefined) return {};
  const { finding, rows, words } = interactions;
  return {
    interactions: {
      finding,
      table: {
        title: toldUnder(health)("Effects by the arm that units have there"),
        columns: [
          "Other experiment",
          "Metric",
          "Arm here",
          "Units in both",
          "Under its control",
          "Its candidate",
          "Under that",
          "Difference",
          "p",
          "p adjusted",
        ],
        rows: rows.map((row) => [
          row.experiment,
          row.title,
          row.arm,
          formatCount(row.units),
          effectText(row.underControl, changeUnit(row)),
          row.otherArm,
          effectText(row.underCandidate, changeUnit(row)),
          effectText(row.interaction, changeUnit(row)),
          pText(row.pValue),
          pText(row.adjustedPValue),
        ]),
        note: words,
      },
    },
  };
}
