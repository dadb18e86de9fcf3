/** What effects come to in all, set for the page of an experiment. */
import { type Analysis, toldUnder } from "../../simulations/experiments/index.ts";
import { capitalise, formatCount } from "../formats/index.ts";
import type { ExperimentParts } from "./experiment-context.ts";
import { effectText, plainUnit } from "./experiment-words.ts";

/** Nothing where no metric adds up over units. */
export function rolledOutParts({ rolledOut, health }: Analysis): Pick<ExperimentParts, "rolledOut"> {
  if (rolledOut === undefined) return {};
  const { rows, words } = rolledOut;
  const hasWeeks = rows.some(({ perWeek }) => perWeek !== undefined);
  return {
    rolledOut: {
      findings: rows.filter(({ role }) => role === "primary").map((row) => capitalise(row.words)),
      table: {
        title: toldUnder(health)("In all, against the control"),
        columns: ["Metric", "Arm", "Given to units", "Counts", "In all", ...(hasWeeks ? ["A week"] : [])],
        rows: rows.map(({ title, role, arm, units, form, total, perWeek }) => [
          `${title} (${role})`,
          arm,
          formatCount(units),
          form === "share" ? "units" : "the sum",
          effectText(total, plainUnit),
          ...(hasWeeks ? [perWeek === undefined ? "" : effectText(perWeek, plainUnit)] : []),
        ]),
        note: words,
      },
    },
  };
}
