/** Looks at a history while it is frozen: ranges, missing values, tails, gaps, entry and exit, labels, jumps. */
import { formatPeriod, type PeriodIndex, present } from "../foundation/index.ts";
import type {
  DatasetQuality,
  DraftChunk,
  EventColumns,
  LabelQuality,
  MeasureQuality,
  OutcomeColumns,
  PanelSchema,
  PeriodCount,
  StoredChunk,
} from "../panel/index.ts";
import { ValueSketch } from "./value-sketch.ts";

const quantileShares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** Sees each chunk once. Memory: a number an entity and flow, a sketch a measure. Order of chunks is irrelevant. */
export class QualityCollector {
  readonly #schema: PanelSchema;
  readonly #sketches: ValueSketch[];
  readonly #entityTotals: Float64Array[];
  readonly #periodTotals: Float64Array[];
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #present: Int32Array;
  readonly #reportedIn: Int32Array;
  readonly #labels: { labels: number; harmful: number; fine: number; pending: number; entities: number; covered: number }[];
  readonly #events: number[];
  #gapRows = 0;
  #absentRows = 0;
  #gapEntities = 0;
  #rows = 0;

  constructor(schema: PanelSchema, entityCount: number) {
    const periods = schema.lastPeriod - schema.firstPeriod + 1;
    this.#schema = schema;
    this.#sketches = schema.measures.map(() => new ValueSketch());
    this.#entityTotals = schema.measures.map((measure) => new Float64Array(measure.kind === "flow" ? entityCount : 0));
    this.#periodTotals = schema.measures.map((measure) => new Float64Array(measure.kind === "flow" ? periods : 0));
    [this.#first, this.#last, this.#present, this.#reportedIn] = [
      new Int32Array(periods),
      new Int32Array(periods),
      new Int32Array(periods),
      new Int32Array(periods),
    ];
    this.#labels = schema.outcomes.map(() => ({ labels: 0, harmful: 0, fine: 0, pending: 0, entities: 0, covered: 0 }));
    this.#events = schema.events.map(() => 0);
  }

  /** Adds a chunk whose first entity has this position in the panel. */
  add(chunk: StoredChunk, firstEntity: number): void {
    const { draft } = chunk;
    this.#rows += draft.rowCount;
    this.#addPresence(draft);
    for (const [index, measure] of this.#schema.measures.entries()) {
      const values = present(draft.measures[index], measure.name);
      present(this.#sketches[index], measure.name).add(values);
      if (measure.kind === "flow") this.#addTotals(draft, values, index, firstEntity);
    }
    this.#addEvents(chunk.events);
    this.#addLabels(draft, chunk.outcomes);
  }

  /** Exact sums of the flows in value units, each rounded once. */
  totals(): Record<string, number> {
    const totals: Record<string, number> = {};
    for (const [index, measure] of this.#schema.measures.entries()) {
      if (measure.kind === "flow") totals[measure.name] = decimalNumber(present(this.#sketches[index], measure.name).sum, measure.decimals);
    }
    return totals;
  }

  /** The finished account; `remarks` of the import come first. */
  finish(remarks: readonly string[]): DatasetQuality {
    const { grain, firstPeriod } = this.#schema;
    const name = (offset: number) => formatPeriod(grain, firstPeriod + offset);
    const counted = (counts: Int32Array, keepZero: boolean): PeriodCount[] => {
      const list: PeriodCount[] = [];
      for (const [offset, entities] of counts.entries()) if (keepZero || entities > 0) list.push({ period: name(offset), entities });
      return list;
    };
    const emptyPeriods: string[] = [];
    for (const [offset, reported] of this.#reportedIn.entries()) if (reported === 0) emptyPeriods.push(name(offset));
    const measures = this.#schema.measures.map((_, index) => this.#measure(index));
    const labels = this.#schema.outcomes.map((source, index): LabelQuality => {
      const { covered, ...counts } = present(this.#labels[index], source.name);
      return { source: source.name, ...counts, coverage: this.#rows === 0 ? 0 : covered / this.#rows };
    });
    return {
      measures,
      entitiesByFirstPeriod: counted(this.#first, false),
      entitiesByLastPeriod: counted(this.#last, false),
      entitiesByPeriod: counted(this.#present, true),
      gaps: {
        rows: this.#gapRows,
        rowShare: this.#rows === 0 ? 0 : this.#gapRows / this.#rows,
        entities: this.#gapEntities,
        sourceAbsentRows: this.#absentRows,
        emptyPeriods,
      },
      labels,
      events: this.#schema.events.map((kind, index) => ({ kind: kind.name, count: this.#events[index] ?? 0 })),
      remarks: [...remarks, ...this.#remarks(measures, labels)],
    };
  }

  #addPresence(draft: DraftChunk): void {
    const base = this.#schema.firstPeriod;
    for (let entity = 0; entity < draft.entities.length; entity++) {
      const [start, end] = [draft.rowStart[entity] as number, draft.rowStart[entity + 1] as number];
      const first = (draft.firstPeriod[entity] as number) - base;
      this.#first[first] = (this.#first[first] as number) + 1;
      const last = first + end - start - 1;
      this.#last[last] = (this.#last[last] as number) + 1;
      let hasGap = false;
      for (let row = start; row < end; row++) {
        const offset = first + row - start;
        this.#present[offset] = (this.#present[offset] as number) + 1;
        const code = draft.reported[row] as number;
        if (code === 1) this.#reportedIn[offset] = (this.#reportedIn[offset] as number) + 1;
        else {
          hasGap = true;
          this.#gapRows++;
          if (code === 2) this.#absentRows++;
        }
      }
      if (hasGap) this.#gapEntities++;
    }
  }

  #addTotals(draft: DraftChunk, values: Float64Array, index: number, firstEntity: number): void {
    const [byEntity, byPeriod] = [present(this.#entityTotals[index], "totals"), present(this.#periodTotals[index], "totals")];
    const base = this.#schema.firstPeriod;
    for (let entity = 0; entity < draft.entities.length; entity++) {
      const [start, end] = [draft.rowStart[entity] as number, draft.rowStart[entity + 1] as number];
      const offset = (draft.firstPeriod[entity] as number) - base - start;
      let total = 0;
      for (let row = start; row < end; row++) {
        const value = values[row] as number;
        total += value;
        byPeriod[row + offset] = (byPeriod[row + offset] as number) + value;
      }
      byEntity[firstEntity + entity] = total;
    }
  }

  #addEvents(events: EventColumns): void {
    for (const kind of events.kind) this.#events[kind] = (this.#events[kind] ?? 0) + 1;
  }

  #addLabels(draft: DraftChunk, outcomes: OutcomeColumns): void {
    for (let entity = 0; entity < draft.entities.length; entity++) {
      const seen = new Set<number>();
      let previous = "";
      for (let i = outcomes.start[entity] as number; i < (outcomes.start[entity + 1] as number); i++) {
        const source = outcomes.source[i] as number;
        const counts = present(this.#labels[source], "outcome source");
        counts.labels++;
        const harmful = outcomes.harmful[i] as number;
        if (harmful === 1) counts.harmful++;
        else if (harmful === 0) counts.fine++;
        else counts.pending++;
        if (!seen.has(source)) counts.entities++;
        seen.add(source);
        const about = `${source} ${outcomes.day[i]}`;
        if (harmful >= 0 && about !== previous) {
          counts.covered++;
          previous = about;
        }
      }
    }
  }

  #measure(index: number): MeasureQuality {
    const measure = present(this.#schema.measures[index], "measure");
    const sketch = present(this.#sketches[index], measure.name);
    const scale = 10 ** measure.decimals;
    const rows = sketch.count + sketch.missing;
    const top = measure.kind === "flow" ? topShare(present(this.#entityTotals[index], measure.name)) : undefined;
    const jump = measure.kind === "flow" ? this.#largestJump(present(this.#periodTotals[index], measure.name), scale) : undefined;
    return {
      name: measure.name,
      ...(sketch.count === 0 ? {} : { min: sketch.min / scale, max: sketch.max / scale }),
      missingShare: rows === 0 ? 0 : sketch.missing / rows,
      zeroShare: rows === 0 ? 0 : sketch.zeros / rows,
      quantiles: sketch.count === 0 ? [] : quantileShares.map((share) => ({ share, value: (sketch.quantile(share) ?? 0) / scale })),
      ...(top === undefined ? {} : { topOnePercentShare: top }),
      ...(jump === undefined ? {} : { largestJump: jump }),
    };
  }

  #largestJump(totals: Float64Array, scale: number): { period: string; from: number; to: number } | undefined {
    let at = -1;
    let most = 0;
    for (let offset = 1; offset < totals.length; offset++) {
      const jump = Math.abs((totals[offset] as number) - (totals[offset - 1] as number));
      if (jump > most) [most, at] = [jump, offset];
    }
    if (at < 0) return undefined;
    const period: PeriodIndex = this.#schema.firstPeriod + at;
    return {
      period: formatPeriod(this.#schema.grain, period),
      from: (totals[at - 1] as number) / scale,
      to: (totals[at] as number) / scale,
    };
  }

  #remarks(measures: readonly MeasureQuality[], labels: readonly LabelQuality[]): string[] {
    const remarks: string[] = [];
    const hasMany = (this.#entityTotals.find((totals) => totals.length > 0)?.length ?? 0) >= 100;
    for (const measure of measures) {
      if (hasMany && measure.topOnePercentShare !== undefined && measure.topOnePercentShare > 0.5) {
        remarks.push(
          `The largest 1 % of entities hold ${percent(measure.topOnePercentShare)} of '${measure.name}': its totals hang on few.`,
        );
      }
      if (measure.missingShare > 0.5) remarks.push(`'${measure.name}' is missing in ${percent(measure.missingShare)} of the rows.`);
    }
    for (const label of labels) {
      if (label.labels === 0) remarks.push(`Outcome source '${label.source}' has no label.`);
      else if (label.coverage < 0.05)
        remarks.push(`Outcome source '${label.source}' covers ${percent(label.coverage)} of the rows: error rates from it alone are thin.`);
    }
    return remarks;
  }
}

function topShare(totals: Float64Array): number | undefined {
  const sorted = Float64Array.from(totals).sort();
  const top = Math.max(1, Math.floor(sorted.length / 100));
  let [all, held] = [0, 0];
  for (const [index, total] of sorted.entries()) {
    all += total;
    if (index >= sorted.length - top) held += total;
  }
  return all > 0 ? held / all : undefined;
}

/** The double nearest to integer / 10^decimals. */
function decimalNumber(integer: bigint, decimals: number): number {
  const sign = integer < 0n ? "-" : "";
  const digits = (integer < 0n ? -integer : integer).toString().padStart(decimals + 1, "0");
  return decimals === 0 ? Number(integer) : Number(`${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
