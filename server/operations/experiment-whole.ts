/** All that is said of an experiment's last observations: their analysis, and what is set beside it. */
import type { Store } from "../../data/store/index.ts";
import { toldUnder } from "../../simulations/experiments/index.ts";
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
  const told = toldUnder(analysed.analysis.health);
  const toldRow = <Row extends { readonly words: string }>(row: Row): Row => ({ ...row, words: told(row.words) });
  const [forecast, held] = [experimentForecast(store, design, observations), heldBack(store, design, analysed.analysis)];
  return {
    design,
    analysed,
    triggered,
    forecast: forecast && {
      ...forecast,
      against: { ...forecast.against, rows: forecast.against.rows.map((row) => (isMeasured(row) ? toldRow(row) : row)) },
    },
    held: held && { ...held, effects: held.effects.map(toldRow) },
    decisions: store.experiments.decisions(name),
  };
}

/** What was forecast alone may be read, whatever checks find. */
function isMeasured({ relative }: ExperimentForecast["against"]["rows"][number]): boolean {
  return relative.result.kind === "estimate";
}
