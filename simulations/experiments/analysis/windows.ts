/** Metrics that count on some days since exposure: whose days are over, in a check and in words. */
import { countText } from "../../../data/foundation/index.ts";
import { sumOf } from "../../statistics/index.ts";
import { type ExperimentDesign, windowWords } from "../design/experiment-design.ts";
import type { Observations } from "../observations/observations.ts";
import { partByArm } from "../observations/part-by-arm.ts";
import type { HealthCheck } from "./analysis.ts";

/** Open windows in one arm more often than chance gives so rarely. */
const openApart = 0.001;

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
    const pValue = observed.clusterUnits === undefined ? partByArm({ part: open, units: counts, level }) : undefined;
    const isApart = pValue !== undefined && pValue < openApart;
    const seen = arms.map(({ name: arm }, place) => `${arm} ${open[place] ?? 0} of ${counts[place] ?? 0}`).join(", ");
    return [
      {
        ...common,
        state: isApart ? "stop" : "sound",
        finding: `${title} counts ${windowWords(window)}: ${countText(total)} units are left out, because these days are not over yet or not all in the plan (${seen}).`,
        cure: isApart
          ? "Units come in at other times in one arm than in another: find out why before reading any effect."
          : "Observe again when they are over; of units that came too early or too late for the plan they never are.",
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
