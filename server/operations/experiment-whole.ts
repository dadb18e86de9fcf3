/** All that is said of an experiment's last observations: their analysis, and what is set beside it. */
import type { Store } from "../../data/store/index.ts";
import { analyseObserved } from "./experiment-analysed.ts";
import { openExperiment } from "./experiment-files.ts";
import { experimentForecast } from "./experiment-forecast.ts";
import { heldBack } from "./experiment-holdout.ts";
import type { TriggeredArm } from "./experiment-triggered.ts";

export type WholeAnalysis = ReturnType<typeof wholeAnalysis>;

/** @throws InputRefused as `analyseExperiment`. Cost: an analysis, and one more for each candidate whose total is measured. */
export function wholeAnalysis(store: Store, name: string, triggered: readonly TriggeredArm[] = []) {
  const { design } = openExperiment(store, name);
  const { analysed, observations } = analyseObserved(store, name, triggered);
  return {
    design,
    analysed,
    triggered,
    forecast: experimentForecast(store, design, observations),
    held: heldBack(store, design, analysed.analysis),
    decisions: store.experiments.decisions(name),
  };
}
