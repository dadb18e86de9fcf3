/** The analysis of an experiment's last observations, as commands, programs and pages have it. */
import { canonicalJson, digestOf } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { type Analysis, analyse, type DesignChange, designChanges, type ExperimentDesign } from "../../simulations/experiments/index.ts";
import { lastObserved, type OpenedExperiment, openExperiment } from "./experiment-files.ts";
import { experimentJson } from "./experiment-shapes.ts";
import type { TriggeredArm } from "./experiment-triggered.ts";

/** The analysis of the last observations, with its digest and what was amended since the lock. */
export function analyseExperiment(store: Store, name: string, triggered: readonly TriggeredArm[] = []) {
  return analyseObserved(store, name, triggered).analysed;
}

/** The same, beside the observations. @throws InputRefused as `lastObserved`. */
export function analyseObserved(store: Store, name: string, triggered: readonly TriggeredArm[] = []) {
  const opened = openExperiment(store, name);
  const { record, observations, ...looks } = lastObserved(store, name);
  const analysis: Analysis = analyse(opened.design, observations, { ...looks, triggered, ...lockedOf(opened) });
  const analysed = {
    experiment: experimentJson(opened),
    observation: { digest: record.digest, file: record.file, createdAt: record.createdAt },
    digest: digestOf(canonicalJson(analysis)),
    amendments: amendmentsOf(opened),
    analysis,
  };
  return { analysed, observations };
}

/** The design as it was locked. */
function lockedOf({ record, designs }: OpenedExperiment): { readonly locked?: ExperimentDesign } {
  const locked = designs.find(({ digest }) => digest === record.lockedDigest);
  return locked === undefined ? {} : { locked: locked.design as ExperimentDesign };
}

/** The designs written after the lock, each with its reason and what it changed. */
export function amendmentsOf({ record, designs }: OpenedExperiment) {
  const locked = designs.findIndex(({ digest }) => digest === record.lockedDigest);
  if (locked < 0) return [];
  return designs.slice(locked + 1).map(({ design, reason, createdAt }, index) => ({
    createdAt,
    reason,
    changes: designChanges(designs[locked + index]?.design as ExperimentDesign, design as ExperimentDesign).map((change: DesignChange) => ({
      ...change,
    })),
  }));
}
