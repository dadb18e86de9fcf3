/** How many labels each source has about each period: which dates an error table can be made for. */
import { lastDayOf, type PeriodIndex, periodOf, present } from "../../../data/foundation/index.ts";
import type { Panel, PanelSchema } from "../../../data/panel/index.ts";

/** Decided labels known by the pin, about a period's last day. */
export type LabelCounts = (sourceName: string, period: PeriodIndex) => number;

/** So many labels of a source about a day, as an engine counts them. */
export type CountedLabels = readonly [source: string, day: number, labels: number];

/** From counts by source and day; days that end no period are about none. */
export function labelCountsOf({ grain }: Pick<PanelSchema, "grain">, counted: readonly CountedLabels[]): LabelCounts {
  const counts = new Map(counted.map(([source, day, labels]) => [`${day} ${source}`, labels]));
  return (sourceName, period) => counts.get(`${lastDayOf(grain, period)} ${sourceName}`) ?? 0;
}

/** Counts the labels. Cost: one read of the panel's chunks, none when the panel has no outcome source. */
export function countLabels(panel: Panel): LabelCounts {
  const { schema } = panel;
  const { grain, firstPeriod, lastPeriod } = schema;
  const periods = lastPeriod - firstPeriod + 1;
  const counts = schema.outcomes.map(() => new Float64Array(periods));
  for (let index = 0; index < (schema.outcomes.length === 0 ? 0 : panel.chunkCount); index++) {
    const { outcomes } = panel.readChunk(index);
    for (let i = 0; i < outcomes.count; i++) {
      const day = outcomes.day[i] as number;
      if ((outcomes.harmful[i] as number) < 0 || (outcomes.knownDay[i] as number) > schema.knownAt) continue;
      const period = periodOf(grain, day);
      const slot = period - firstPeriod;
      if (slot < 0 || slot >= periods || lastDayOf(grain, period) !== day) continue;
      const column = present(counts[outcomes.source[i] as number], "label counts");
      column[slot] = (column[slot] as number) + 1;
    }
  }
  const positions = new Map(schema.outcomes.map(({ name }, position) => [name, position]));
  return (sourceName, period) => counts[positions.get(sourceName) ?? -1]?.[period - firstPeriod] ?? 0;
}
