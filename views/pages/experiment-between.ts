/** Differences between candidates, set for the page of an experiment. */
import { type Analysis, pairsOnce, toldUnder } from "../../simulations/experiments/index.ts";
import { adjustedText, lookText, sidesText } from "./experiment-cells.ts";
import type { ExperimentParts } from "./experiment-context.ts";
import { changeUnit, effectText, pText, relativeUnit } from "./experiment-words.ts";

/** Every pair once, or every other candidate against the `base` that was chosen; nothing where there is one candidate. */
export function betweenParts({ between, arms, health }: Analysis, base: string | undefined): Pick<ExperimentParts, "between"> {
  if (between === undefined) return {};
  const against = base === undefined ? [] : between.pairs.filter((pair) => pair.base === base);
  const rows = against.length > 0 ? against : pairsOnce(between.pairs);
  const hasLook = rows.some(({ look }) => look !== undefined);
  const title = against.length > 0 ? `Every other candidate against ${base}` : "Every pair of candidates";
  return {
    between: {
      isPlanned: between.isPlanned,
      finding: between.finding,
      bases: arms.slice(1).map(({ name }) => ({ name, isChosen: against.length > 0 && name === base })),
      table: {
        title: toldUnder(health)(title),
        columns: [
          "Metric",
          "Candidate",
          "Against",
          "Reading",
          "Candidate's",
          "The other's",
          "Difference",
          "Relative",
          "p",
          hasLook ? "At this look" : "p adjusted (its interval)",
        ],
        rows: rows.map((row) => {
          const [other = "", own = ""] = sidesText(row, row);
          return [
            `${row.title} (${row.role})`,
            row.arm,
            row.base,
            row.reading,
            own,
            other,
            effectText(row.absolute, changeUnit(row)),
            effectText(row.relative, relativeUnit),
            pText(row.pValue),
            row.look === undefined ? adjustedText(row) : lookText(row, row.look),
          ];
        }),
        note: between.words,
      },
    },
  };
}
