/** The comparison as the doors give it: with its run, its standing, and the tiers of each matrix under one name. */
import type { RunRecord, Store } from "../../data/store/index.ts";
import { standingOf } from "./criteria.ts";
import { gatesOf } from "./data-gates.ts";
import { storedComparison } from "./stored-comparison.ts";

/** The document of a stored comparison. Equal runs give equal documents. */
export function comparisonDocument(store: Store, run: RunRecord) {
  const comparison = storedComparison(store, run);
  const gates = gatesOf(store, run, comparison);
  const { tried, verdicts } = standingOf(store, run, comparison);
  return {
    run: { id: run.id, digest: run.digest },
    ...comparison,
    tried,
    candidates: comparison.candidates.map((candidate, index) => {
      const { rows, columns } = candidate.movement;
      const judged = verdicts?.[index];
      return {
        ...candidate,
        movement: { tiers: [...new Set([...rows, ...columns])], ...candidate.movement },
        gates: gates[index],
        ...(judged === undefined ? {} : { verdict: { ...judged.verdict, record: judged.record } }),
      };
    }),
  };
}
