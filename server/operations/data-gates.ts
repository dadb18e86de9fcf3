/** The gates of a stored comparison: what its dataset's manifest says, held against the limits. */
import { parseDay, present } from "../../data/foundation/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import { measuresRead } from "../../policies/language/index.ts";
import { type Comparison, type Gates, readGates } from "../../simulations/comparison/described/index.ts";
import { provenanceOf } from "./stored-comparison.ts";

/** By candidate, in order. The day of the comparison is that on which the run was kept: later days do not change it. */
export function gatesOf(store: Store, run: RunRecord, comparison: Comparison): readonly Gates[] {
  const { manifest } = present(store.datasets.find(run.datasetId)[0], `dataset ${run.datasetId}`);
  const { policies } = provenanceOf(run);
  const { gmvMeasure, ordersMeasure } = manifest.schema;
  const totals = [gmvMeasure, ordersMeasure].filter((name) => name !== undefined);
  const baseline = policies.filter(({ role }) => role === "baseline");
  const candidates = policies.filter(({ role }) => role === "candidate");
  return comparison.candidates.map((candidate, index) =>
    readGates({
      comparison,
      candidate,
      rows: manifest.rows,
      rejectedRows: manifest.rejected.rows,
      quality: manifest.quality,
      measures: [...totals, ...[...baseline, ...candidates.slice(index, index + 1)].flatMap(({ policy }) => [...measuresRead(policy)])],
      madeOn: present(parseDay(run.createdAt.slice(0, 10)), "the day of a run"),
    }),
  );
}
