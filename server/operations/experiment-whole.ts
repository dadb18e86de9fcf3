/** All that is said of an experiment's last observations: their analysis, and what is set beside it. */
import type { Store } from "../../data/store/index.ts";
import { notToBeRead } from "../../simulations/experiments/index.ts";
import { analyseObserved } from "./experiment-analysed.ts";
import { openExperiment } from "./experiment-files.ts";
import { type ExperimentForecast, experimentForecast } from "./experiment-forecast.ts";
import { heldBack } from "./experiment-holdout.ts";
import type { TriggeredArm } from "./experiment-triggered.ts";

export type WholeAnalysis = ReturnType<typeof wholeAnalysis>;

/** @throws InputRefused as `analyseExperiment`. Cost: an analysis, and one more for each candidate whose total is measured. */
export function wholeAnalysis(store: Store, name: string, triggered: readonly TriggeredArm[] = []) {
  const { design } = openExperiment(store, name);
  const { analysed, observations } = analyseObserved(store, name, triggered);
  const isStopped = analysed.analysis.health.state === "stop";
  const [forecast, held] = [experimentForecast(store, design, observations), heldBack(store, design, analysed.analysis)];
  return {
    design,
    analysed,
    triggered,
    forecast: isStopped && forecast !== undefined ? stoppedForecast(forecast) : forecast,
    held: isStopped && held !== undefined ? { ...held, effects: held.effects.map(stopped) } : held,
    decisions: store.experiments.decisions(name),
  };
}

/** Sentences about results say that a failed check stops them; what was forecast alone stays as it is. */
function stoppedForecast({ against, ...forecast }: ExperimentForecast): ExperimentForecast {
  const rows = against.rows.map((row) => (row.relative.result.kind === "estimate" ? stopped(row) : row));
  return { ...forecast, against: { ...against, rows } };
}

function stopped<Row extends { readonly words: string }>(row: Row): Row {
  return { ...row, words: notToBeRead(row.words) };
}
