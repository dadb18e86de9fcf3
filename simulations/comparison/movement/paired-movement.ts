/** The figures of a comparison that need no row: from the paired table of a replay, whichever engine counted it. */
import { present } from "../../../data/foundation/index.ts";
import type { Aggregates } from "../../../data/panel/index.ts";
import { comparesPeers, type Policy, tierNames } from "../../../policies/language/checked/index.ts";
import type { BootstrapOptions } from "../../statistics/index.ts";
import { noDrawReason } from "../no-draw.ts";
import type { Course } from "./course.ts";
import { type MovementAt, movementMatrix, movementTests, unionOfTiers } from "./matrix.ts";
import { tierPairs } from "./tier-pairs.ts";

/** The matrix of a period, with the share of movers and the two tests of it. */
export interface PairedMovement extends MovementAt {
  readonly tests: Course["tests"];
}

/** Whose pairs, in which period (its last day, `YYYY-MM-DD`), and how entities are drawn again. */
export interface PairedOptions extends BootstrapOptions {
  readonly baseline: Policy;
  readonly candidate: Policy;
  readonly at: string;
}

/** The figures of one period of a paired table: those that a comparison of the two policies on the same history gives for the date. */
export function describePairs(pairs: Aggregates, { baseline, candidate, at, ...draw }: PairedOptions): PairedMovement {
  const [rows, columns] = [tierNames(baseline), tierNames(candidate)];
  const cells = new Float64Array(rows.length * columns.length);
  for (const { key, sums } of pairs.cells) {
    const [period, row = "", column = ""] = key;
    if (period === at) cells[rows.indexOf(row) * columns.length + columns.indexOf(column)] = Number(present(sums[0], "entities"));
  }
  const noDraw = noDrawReason({ comparesPeers: [baseline, candidate].map(comparesPeers) }, 0);
  const matrix = movementMatrix({ at, baseline, candidate, pairs: tierPairs(baseline, candidate), cells }, { ...draw, noDraw });
  return { ...matrix, tests: movementTests(unionOfTiers(baseline, candidate), matrix.matrix, { ...draw, noDraw }) };
}
