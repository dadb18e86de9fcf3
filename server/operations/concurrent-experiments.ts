/** Which other experiments run on the same kind of unit while one does, and how they deal. */
import { parseDay, present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { type ConcurrentExperiment, dealing, dealtThing, type ExperimentDesign } from "../../simulations/experiments/index.ts";
import { writtenBefore } from "./deal-units.ts";
import { openExperiment } from "./experiment-files.ts";

/**
 * Locked experiments on units of the same name that deal them one by one or as a list, while this one runs: their weeks overlap, or where either plan states none, nothing
 * ships or stops there yet. Those that recorded their arms elsewhere are not known by unit; a holdout that is measured is no treatment of its own. In the order of their names.
 */
export function concurrentExperiments(store: Store, design: ExperimentDesign): readonly ConcurrentExperiment[] {
  return store.experiments
    .list()
    .filter(({ name, lockedAt }) => name !== design.name && lockedAt !== undefined)
    .map(({ name }) => openExperiment(store, name).design)
    .filter((other) => other.unit === design.unit && isDealtByUnit(other) && runsBeside(store, design, other))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((other) => {
      const { listed, exposures } = writtenBefore(store, other);
      const deal = dealing(other, listed);
      const met = exposures === undefined ? undefined : new Set(exposures.units);
      return {
        name: other.name,
        arms: other.arms.map((arm) => arm.name),
        armOf: (unit) => {
          const { arm, setAside } = deal(unit);
          return setAside === undefined && (met === undefined || met.has(unit)) ? arm : -1;
        },
      };
    });
}

function isDealtByUnit(design: ExperimentDesign): boolean {
  const { assignment } = design;
  return assignment.kind === "rule" && assignment.measures === undefined && ["unit", "list"].includes(dealtThing(design).kind);
}

function runsBeside(store: Store, design: ExperimentDesign, other: ExperimentDesign): boolean {
  const [own, its] = [spanOf(design), spanOf(other)];
  if (own === undefined || its === undefined) return store.experiments.decisions(other.name).every(({ decision }) => decision === "hold");
  return own.from < its.to && its.from < own.to;
}

/** Days, the last one not in it. */
function spanOf({ start, weeks }: ExperimentDesign): { readonly from: number; readonly to: number } | undefined {
  if (start === undefined || weeks === undefined) return undefined;
  const from = present(parseDay(start), "a checked day");
  return { from, to: from + 7 * weeks };
}
