/** What drives it, as rows of the long CSV: declared and effective weights, tiers without a part, and movers by change. */
import type { CandidateComparison, Comparison, Influence, PartRemovals } from "../../simulations/comparison/index.ts";
import type { Undetermined } from "../../simulations/statistics/index.ts";
import { type CsvRow, estimateOf } from "./csv-row.ts";

/** A row a part and version, and a row a change and count. */
export function influenceRows(comparison: Comparison, candidate: CandidateComparison, influence: Influence): readonly CsvRow[] {
  const key = { section: "influence", date: influence.at };
  const sides = [
    { version: comparison.baseline.version, side: influence.baseline },
    { version: candidate.version, side: influence.candidate },
  ];
  const weights = sides.flatMap(({ version, side }): CsvRow[] => {
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
  const { flips, removals } = influence;
  if (removals !== undefined) {
    weights.push(
      ...removalRows(key, comparison.baseline.version, removals.baseline),
      ...removalRows(key, candidate.version, removals.candidate),
    );
  }
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

function removalRows(
  key: { readonly section: string; readonly date: string },
  version: string,
  removals: PartRemovals | Undetermined,
): readonly CsvRow[] {
  if (removals.kind === "undetermined") return [{ ...key, version, figure: "flips_without", ...estimateOf(removals) }];
  return removals.parts.flatMap(({ score, rule, flips, up, down, intoUnrated, outOfUnrated }) => {
    const weight = rule === "neutral" ? "a number stands in for it" : "its weight shared out";
    const row = (figure: string, value: number, what: string): CsvRow => ({
      ...key,
      version,
      figure,
      group: score,
      value,
      n: removals.examined,
      method: "count",
      definition: `Entities ${what} if the part were taken out of the score (${weight}${rule === "none" ? ", for want of a rule" : ""}).`,
    });
    return [
      row("flips_without", flips, "that would hold another tier"),
      row("up_without", up, "that would hold a better tier"),
      row("down_without", down, "that would hold a worse tier"),
      row("into_unrated_without", intoUnrated, "that would be unrated"),
      row("out_of_unrated_without", outOfUnrated, "that would be rated"),
    ];
  });
}
