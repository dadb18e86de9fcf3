/** Metrics that count on some days since exposure: whose days are over, what that means for looks, and the words. */
import { sampleRatio } from "../../statistics/index.ts";
import { dealtThing, type ExperimentDesign, windowWords } from "../design/experiment-design.ts";
import type { Observations } from "../observations/observations.ts";
import type { HealthCheck } from "./analysis.ts";

/** Open windows in one arm more often than chance gives so rarely. */
const openApart = 0.001;

/** Units that are analysed, over the arms. */
export function unitsOf({ arms }: Pick<Observations, "arms">): number {
  return arms.reduce((sum, { units }) => sum + units, 0);
}

/**
 * Units that a look is counted by: those of which the primary metrics are known, of the metric with the fewest. Without windows all of them; also of clusters, which are
 * there from their first unit on.
 */
export function judgedUnits(design: ExperimentDesign, observed: Observations): number {
  const all = unitsOf(observed);
  if (dealtThing(design).kind === "cluster") return all;
  const primary = design.metrics.filter(({ role }) => role === "primary").map(({ name }) => name);
  const open = (observed.openWindows ?? []).filter(({ metric }) => primary.includes(metric)).map(({ units }) => sumOf(units));
  return all - Math.max(0, ...open);
}

/** What such units are, in words. */
export function thereWords({ metrics }: Pick<ExperimentDesign, "metrics">): string {
  return metrics.some(({ role, window }) => role === "primary" && window !== undefined)
    ? "are there with the windows of the primary metrics over"
    : "are there";
}

/** One check a metric with a window. Windows that are open more often in one arm stop. */
export function windowChecks({ arms, metrics, level }: ExperimentDesign, observed: Observations): readonly HealthCheck[] {
  // Of clusters it is their units whose windows are counted, which are not independent: no test.
  const counts = observed.clusterUnits ?? observed.arms.map(({ units }) => units);
  return metrics.flatMap(({ name, title, window }): readonly HealthCheck[] => {
    if (window === undefined) return [];
    const common = { name: "open-windows", title: `Window of ${title}` } as const;
    const open = observed.openWindows?.find(({ metric }) => metric === name)?.units;
    if (open === undefined) {
      const finding = `The file holds summaries: whether they are of ${windowWords(window)} is for who made them to say.`;
      return [{ ...common, state: "care", finding, cure: "Observe rows by unit and day: then windows are counted here." }];
    }
    const total = sumOf(open);
    if (total === 0)
      return [{ ...common, state: "sound", finding: `${title} counts ${windowWords(window)}, over for every unit.`, cure: "" }];
    const found = sampleRatio({ observed: open, weights: counts, level, continuityCorrection: false });
    const pValue = found.kind === "finding" && observed.clusterUnits === undefined ? found.test?.pValue : undefined;
    const isApart = pValue !== undefined && pValue < openApart;
    const seen = arms.map(({ name: arm }, place) => `${arm} ${open[place] ?? 0} of ${counts[place] ?? 0}`).join(", ");
    return [
      {
        ...common,
        state: isApart ? "stop" : "sound",
        finding: `${title} counts ${windowWords(window)}: ${total} units are left out, because these days are not over yet or not all in the plan (${seen}).`,
        cure: isApart
          ? "Units come in at other times in one arm than in another: find out why before reading any effect."
          : "Observe again when they are over.",
        ...(pValue === undefined ? {} : { pValue }),
      },
    ];
  });
}

/** Of a design with windows, in a sentence: what counts. */
export function windowsInWords({ metrics, columns }: ExperimentDesign): string | undefined {
  const told = metrics.flatMap(({ title, window }) => (window === undefined ? [] : [`${title} counts ${windowWords(window)}`]));
  if (told.length === 0) return undefined;
  const first = columns.exposed === undefined ? " Where neither a column nor the log says it, a unit's first row is its exposure." : "";
  return `${told.join("; ")}; units of which these days are not over are left out of it.${first} Effects by week since exposure are of all days.`;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
