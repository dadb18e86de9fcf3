/** Rows of the scorecard, and of candidates against each other, in an experiment's table of statements. */
import { type Analysis, priorText } from "../../simulations/experiments/index.ts";
import { type Cells, estimateCells } from "./experiment-cells.ts";

/** Every figure of one metric and candidate. */
export function scorecardRows(row: Analysis["scorecard"][number]): readonly Cells[] {
  const { metric, role, arm, look, guardrail } = row;
  const common = { part: "scorecard", metric, role, arm };
  return [
    { ...common, quantity: "control", value: row.control.value, n: row.control.units },
    { ...common, quantity: "candidate", value: row.treatment.value, n: row.treatment.units },
    {
      ...common,
      quantity: "absolute",
      ...estimateCells(row.absolute),
      p: row.pValue,
      p_adjusted: row.adjustedPValue,
      state: row.reading,
      words: row.words,
    },
    { ...common, quantity: "relative", ...estimateCells(row.relative), p: row.pValue },
    ...(row.judgedRelative === undefined
      ? []
      : [{ ...common, quantity: "relative, as this look is judged", ...estimateCells(row.judgedRelative) }]),
    ...adjustedRows(common, row),
    { ...common, quantity: "at every look", ...estimateCells(row.alwaysValid), p: row.alwaysValidPValue },
    ...(row.statedPosterior === undefined
      ? []
      : [
          {
            ...common,
            quantity: `posterior with the prior, ${row.statedPosterior.scale}`,
            ...estimateCells(row.statedPosterior.effect),
            words: [`prior: normal ${priorText(row.statedPosterior)}`, row.statedPosterior.disagreement ?? []].flat().join(". "),
          },
          { ...common, quantity: "chance better with the prior", value: row.statedPosterior.chanceBetter },
        ]),
    ...(row.varianceReduction === undefined ? [] : [{ ...common, quantity: "variance reduction", value: row.varianceReduction }]),
    ...row.warnings.map((words) => ({ ...common, quantity: "warning", words })),
    ...(look === undefined
      ? []
      : [
          {
            ...common,
            part: "look",
            by: "look",
            group: `${look.number} of ${look.of}`,
            quantity: "standard errors, against the bound",
            value: look.statistic,
            upper: look.bound,
            state: look.crossed ? "crossed" : "not crossed",
          },
          ...(look.interval === undefined
            ? []
            : [
                {
                  ...common,
                  part: "look",
                  by: "look",
                  group: `${look.number} of ${look.of}`,
                  quantity: "absolute, by the bound",
                  lower: look.interval.lower,
                  upper: look.interval.upper,
                  level: look.interval.level,
                },
              ]),
        ]),
    ...(guardrail === undefined
      ? []
      : [
          { ...common, part: "guardrail", quantity: `margin, ${guardrail.scale}`, value: guardrail.margin },
          {
            ...common,
            part: "guardrail",
            quantity: `difference, ${guardrail.scale}`,
            ...estimateCells(guardrail.interval),
            state: guardrail.state,
            words: guardrail.words,
          },
        ]),
  ];
}

/** Intervals that agree with the adjusted p-value. */
function adjustedRows(common: Cells, { adjusted, adjustedPValue }: Analysis["scorecard"][number]): readonly Cells[] {
  if (adjusted === undefined) return [];
  const words = adjusted.mayIncludeZero ? "may include 0" : "";
  return (["absolute", "relative"] as const).flatMap((scale) =>
    adjusted[scale] === undefined
      ? []
      : [{ ...common, quantity: `${scale}, adjusted`, ...adjusted[scale], p_adjusted: adjustedPValue, words }],
  );
}

/** Candidates against each other, every pair both ways: `by` says whether that was planned, `group` is the candidate in the control's place. */
export function pairRows({ isPlanned, pairs }: NonNullable<Analysis["between"]>): readonly Cells[] {
  return pairs.flatMap(({ base, ...row }) =>
    scorecardRows(row).map((cells) => ({
      ...cells,
      part: "pair",
      by: isPlanned ? "planned" : "exploratory",
      group: base,
      ...(cells.part === "look" ? { quantity: `${cells.quantity}, look ${cells.group}` } : {}),
      ...(cells.quantity === "control" ? { quantity: "the other candidate" } : {}),
    })),
  );
}
