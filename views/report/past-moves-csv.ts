/** What past tier changes did to sales, as rows of the long CSV. */
import type { MeasuredElasticities } from "../../simulations/comparison/index.ts";
import { type CsvRow, estimateOf } from "./csv-row.ts";

/** Each direction's effect, placebo and windows, and each cut-off's jump with its gates. */
export function pastMovesRows({ version, moves, cutoffs }: MeasuredElasticities): readonly CsvRow[] {
  const growth = "Growth of sales, mover less match, of the mean of both stretches.";
  return [
    ...moves.flatMap(({ direction, effect, placebo, windows, moves: count, matched }) => {
      const key = { section: "past_moves", version, group: direction };
      return [
        { ...key, figure: "moves", value: count, method: "count", definition: "Past moves with enough history." },
        { ...key, figure: "matched", value: matched, method: "count", definition: "Of these, with a match." },
        { ...key, figure: "placebo", ...estimateOf(placebo), definition: `${growth} The third 28 days before the move.` },
        ...windows.map(({ window, difference }) => ({
          ...key,
          figure: `after_${window * 28}_days`,
          ...estimateOf(difference),
          definition: `${growth} The 28 days that end then.`,
        })),
        { ...key, figure: "effect", ...estimateOf(effect), definition: `${growth} The 56 days from the move on.` },
      ];
    }),
    ...cutoffs.flatMap(({ tier, at, effect, firstStage, bunching }) => {
      const key = { section: "cutoff_jumps", version, date: at, tier };
      return [
        { ...key, figure: "effect", ...estimateOf(effect), definition: "Jump of sales growth over the jump of the held tier." },
        { ...key, figure: "first_stage", ...estimateOf(firstStage), definition: "Jump of the share that held the tier or a better one." },
        { ...key, figure: "bunching", ...estimateOf(bunching), definition: "Jump of the density of the score." },
      ];
    }),
  ];
}
