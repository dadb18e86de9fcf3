/** What drives it, as rows of the long CSV: declared and effective weights, and movers by change. */
import type { CandidateComparison, Comparison, Influence } from "../../simulations/comparison/index.ts";
import { type CsvRow, estimateOf } from "./csv-row.ts";

/** A row a part and version, and a row a change and count. */
export function influenceRows(comparison: Comparison, candidate: CandidateComparison, influence: Influence): readonly CsvRow[] {
  const key = { section: "influence", date: influence.at };
  const sides = [
    { version: comparison.baseline.version, side: influence.baseline },
    { version: candidate.version, side: influence.candidate },
  ];
  const weights = sides.flatMap(({ version, side }): readonly CsvRow[] => {
    if (side.kind === "undetermined") return [{ ...key, version, figure: "effective_weight", ...estimateOf(side) }];
    return side.parts.flatMap(({ score, declared, effective }) => [
      {
        ...key,
        version,
        figure: "declared_weight",
        group: score,
        value: declared,
        method: "policy",
        definition: "Weights down to the part.",
      },
      { ...key, version, figure: "effective_weight", group: score, ...estimateOf(effective), definition: "cov(part, score) / var(score)." },
    ]);
  });
  const { flips } = influence;
  if (flips.kind === "undetermined") return [...weights, { ...key, figure: "undone", ...estimateOf(flips) }];
  const count = (figure: string, value: number, definition: string, group = "") => ({
    ...key,
    figure,
    group,
    value,
    n: flips.examined,
    method: "count",
    definition,
  });
  return [
    ...weights,
    ...flips.causes.flatMap(({ path, undone, onlyThis, enough }) => [
      count("undone", undone, "Movers that return when this change alone is undone.", path),
      count("undone_by_no_other", onlyThis, "Movers that return when this change alone is undone, and by no other single change.", path),
      count("moved_alone", enough, "Movers that this change alone would move.", path),
    ]),
    count("undone_by_several", flips.several, "Movers that return when any one of two or more changes is undone."),
    count("undone_together", flips.together, "Movers that return only when several changes are undone together."),
  ];
}
