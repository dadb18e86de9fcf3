/** Looks at a history while it is frozen: gaps, entry and exit, labels, and what is remarkable. */
import { formatPeriod, present } from "../foundation/index.ts";
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

/** Sees each chunk once, all but its measures (see {@link MeasureAccount}). Order of chunks is irrelevant. */
export class QualityCollector {
  readonly #schema: PanelSchema;
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
  #entities = 0;

  constructor(schema: PanelSchema) {
    const periods = schema.lastPeriod - schema.firstPeriod + 1;
    this.#schema = schema;
    [this.#first, this.#last, this.#present, this.#reportedIn] = [
      new Int32Array(periods),
      new Int32Array(periods),
      new Int32Array(periods),
      new Int32Array(periods),
    ];
    this.#labels = schema.outcomes.map(() => ({ labels: 0, harmful: 0, fine: 0, pending: 0, entities: 0, covered: 0 }));
    this.#events = schema.events.map(() => 0);
  }

  /** Adds a chunk. */
  add(chunk: StoredChunk): void {
    const { draft } = chunk;
    this.#rows += draft.rowCount;
    this.#entities += draft.entities.length;
    this.#addPresence(draft);
    this.#addEvents(chunk.events);
    this.#addLabels(draft, chunk.outcomes);
  }

  /** The finished account, with what was found of the measures; `remarks` of the import come first. */
  finish(remarks: readonly string[], measures: readonly MeasureQuality[]): DatasetQuality {
    const { grain, firstPeriod } = this.#schema;
    const name = (offset: number) => formatPeriod(grain, firstPeriod + offset);
    const counted = (counts: Int32Array, keepZero: boolean): PeriodCount[] => {
      const list: PeriodCount[] = [];
      for (const [offset, entities] of counts.entries()) if (keepZero || entities > 0) list.push({ period: name(offset), entities });
      return list;
    };
    const emptyPeriods: string[] = [];
    for (const [offset, reported] of this.#reportedIn.entries()) if (reported === 0) emptyPeriods.push(name(offset));
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

  #addEvents(events: EventColumns): void {
    for (const kind of events.kind) this.#events[kind] = (this.#events[kind] ?? 0) + 1;
  }

  #addLabels(draft: DraftChunk, outcomes: OutcomeColumns): void {
    if (outcomes.count === 0) return;
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

  #remarks(measures: readonly MeasureQuality[], labels: readonly LabelQuality[]): string[] {
    const remarks: string[] = [];
    const hasMany = this.#entities >= 100;
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

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
