/** Units of the past, read from a panel: one a unit with a row in the window, with the values that the design's metrics would have had. */
import { type PeriodIndex, present } from "../../../data/foundation/index.ts";
import type { Attribute, Panel, PanelChunk, PeriodRange } from "../../../data/panel/index.ts";
import { ascendingOf, quantileOf, summariseQuantile } from "../../statistics/index.ts";
import { columnKey, type ExperimentDesign, type ExperimentMetric, leavesOut, unitColumnsOf } from "../design/experiment-design.ts";
import type { GroupMoments, MetricMoments } from "../observations/observations.ts";
import { GrowingMoments } from "../simulate/accumulate.ts";
import type { PastColumn, PastWindow } from "./past-window.ts";

/** A text attribute of the units, as it stood at each unit's first row in the window. */
export interface PastGroups {
  readonly column: string;
  readonly values: readonly string[];
  /** By unit: a position in `values`. */
  readonly codes: Int32Array;
}

/** In the panel's order of units. */
export interface PastUnits {
  readonly units: number;
  /** By metric of the design, in the order of its columns, without caps; NaN where a value is missing and left out. */
  readonly columns: readonly (readonly Float64Array[])[];
  readonly groups: readonly PastGroups[];
  /** By unit the position of its first row in the window. */
  readonly firstAt: Int32Array;
  /** Units with a row in the window's first period, and in its last. */
  readonly atFirst: number;
  readonly atLast: number;
  /** Units whose first row of all is in the window, after its first period. */
  readonly newcomers: number;
}

const unknown = "unknown";

/**
 * Flows are summed over the window and levels are as last known in it, both in display units; of a share's column it counts whether that is 0. Columns of growth are read off the units' first and last rows. `upTo`: as they stood at the end of that period of the window; units of later
 * periods are among them, with nothing. Cost: one read of the panel.
 */
export function pastUnits(
  design: ExperimentDesign,
  panel: Panel,
  columns: readonly PastColumn[],
  { window, before, upTo = window.to }: Pick<PastWindow, "window" | "before"> & { readonly upTo?: PeriodIndex },
): PastUnits {
  const { schema } = panel;
  const attributes = schema.attributes
    .map((attribute, index) => ({ attribute, index }))
    .filter(({ attribute }) => attribute.type === "text");
  const raw = columns.map(() => new Float64Array(panel.entityCount));
  const codes = attributes.map(() => new Int32Array(panel.entityCount));
  const firstAt = new Int32Array(panel.entityCount);
  let [units, atFirst, atLast, newcomers] = [0, 0, 0, 0];
  for (let part = 0; part < panel.chunkCount; part++) {
    const chunk = panel.readChunk(part);
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const rows = rowsIn(chunk, entity, window);
      if (rows.start >= rows.stop) continue;
      const earlier = before === undefined ? { start: 0, stop: 0 } : rowsIn(chunk, entity, before);
      const first = chunk.firstPeriod[entity] as number;
      const last = first + (chunk.rowStart[entity + 1] as number) - (chunk.rowStart[entity] as number) - 1;
      const sofar = rowsIn(chunk, entity, { from: window.from, to: upTo });
      const isThere = last >= upTo;
      const isNewcomer = before !== undefined && first > schema.firstPeriod && first >= before.from && first < window.from;
      // Of a unit's rows there is one a period: the first in the window stands for its exposure.
      const began = first + rows.start - (chunk.rowStart[entity] as number);
      const periodsLeft = upTo - began + 1;
      firstAt[units] = began - window.from;
      for (const [place, { measure, isBefore, periods, within }] of columns.entries()) {
        if (typeof measure === "string") {
          const isAsked = measure === "exited" || isNewcomer;
          (raw[place] as Float64Array)[units] = isAsked ? Number(isThere === (measure === "newcomer_stayed")) : Number.NaN;
          continue;
        }
        const { kind, decimals } = present(schema.measures[measure], "a measure");
        const { start, stop } = isBefore ? earlier : sofar;
        const [from, to] = periods === undefined ? [start, stop] : [start + periods.from, start + periods.from + periods.count];
        const isOver = periods === undefined || periods.from + periods.count <= periodsLeft;
        const value = isOver ? valueIn(chunk.measures[measure] as Float64Array, from, Math.min(to, stop), kind) : Number.NaN;
        const isZero = isOver && within?.missing === "zero" && Number.isNaN(value);
        (raw[place] as Float64Array)[units] = isZero ? 0 : value / 10 ** decimals;
      }
      for (const [place, { attribute, index }] of attributes.entries())
        (codes[place] as Int32Array)[units] = codeAt(chunk, index, attribute, entity, rows.start);
      if (first <= window.from) atFirst++;
      else newcomers++;
      if (isThere) atLast++;
      units++;
    }
  }
  const named = new Map(columns.map((column, place) => [columnKey(column), (raw[place] as Float64Array).subarray(0, units)]));
  return {
    units,
    columns: design.metrics.map((metric) => metricValues(design, metric, (key) => present(named.get(key), key))),
    groups: attributes.map(({ attribute }, place) => groupsOf(attribute, (codes[place] as Int32Array).subarray(0, units))),
    firstAt: firstAt.subarray(0, units),
    atFirst,
    atLast,
    newcomers,
  };
}

/** An entity's rows in a range of periods. */
export function rowsIn(
  { rowStart, firstPeriod }: PanelChunk,
  entity: number,
  { from, to }: PeriodRange,
): { readonly start: number; readonly stop: number } {
  const begin = rowStart[entity] as number;
  const first = firstPeriod[entity] as number;
  return { start: begin + Math.max(from - first, 0), stop: Math.min(rowStart[entity + 1] as number, begin + to - first + 1) };
}

/** Sum of a flow, last known value of a level; NaN where a level is never known. */
function valueIn(values: Float64Array, start: number, stop: number, kind: "flow" | "level"): number {
  if (kind === "level") {
    for (let row = stop - 1; row >= start; row--) if (!Number.isNaN(values[row])) return values[row] as number;
    return Number.NaN;
  }
  let sum = 0;
  for (let row = start; row < stop; row++) sum += values[row] as number;
  return sum;
}

function codeAt(chunk: PanelChunk, index: number, { scope }: Attribute, entity: number, row: number): number {
  return (chunk.attributes[index] as Float64Array)[scope === "entity" ? entity : row] as number;
}

/** Units without a value are a group of their own. */
function groupsOf({ name, values = [] }: Attribute, codes: Int32Array): PastGroups {
  if (!codes.includes(-1)) return { column: name, values, codes };
  const own = values.indexOf(unknown);
  const code = own < 0 ? values.length : own;
  return { column: name, values: own < 0 ? [...values, unknown] : values, codes: codes.map((value) => (value < 0 ? code : value)) };
}

/** As observations would count them: covariates that are missing are 0, the others by the metric's own rule. */
function metricValues(design: ExperimentDesign, metric: ExperimentMetric, column: (key: string) => Float64Array): readonly Float64Array[] {
  const outcomes = metric.form.kind === "ratio" ? 2 : 1;
  return unitColumnsOf(design, metric).map((own, place) => {
    const isZero = place >= outcomes || !leavesOut(metric);
    const filled = column(columnKey(own)).map((value) => (Number.isNaN(value) && isZero ? 0 : value));
    return place === 0 && metric.form.kind === "share"
      ? filled.map((value) => (Number.isNaN(value) ? value : Number(value !== 0)))
      : filled;
  });
}

/** The value at which a metric is cut, by its own cap or by another; undefined without one. */
export function thresholdOf(metric: ExperimentMetric, columns: readonly Float64Array[], cap = metric.cap): number | undefined {
  if (cap === undefined) return undefined;
  if (cap.kind === "value") return cap.value;
  const known = (columns[0] ?? new Float64Array()).filter((value) => !Number.isNaN(value));
  return known.length === 0 ? undefined : quantileOf(ascendingOf(known), cap.share);
}

/** The columns with the outcome cut at a value. */
export function cutColumns(columns: readonly Float64Array[], threshold: number | undefined): readonly Float64Array[] {
  return threshold === undefined
    ? columns
    : columns.map((column, place) => (place === 0 ? column.map((value) => Math.min(value, threshold)) : column));
}

/** The moments of a metric over the units that have all of its values; of a quantile what it rests on beside them. `clusters`: by unit, where whole ones are dealt. */
export function momentsOf(
  { form }: Pick<ExperimentMetric, "form">,
  columns: readonly Float64Array[],
  clusters?: ArrayLike<number>,
): MetricMoments {
  const moments = momentsOfColumns(columns);
  const [values] = columns;
  if (form.kind !== "quantile" || values === undefined) return moments;
  const known = Array.from(values, (_, unit) => unit).filter((unit) => !Number.isNaN(values[unit]));
  const own = { values: known.map((unit) => values[unit] as number), clusters: clusters && known.map((unit) => clusters[unit] as number) };
  const quantile = summariseQuantile(own, form.share);
  return quantile === undefined ? moments : { ...moments, n: quantile.independent, quantile };
}

/** The moments over the units that have all values. */
export function momentsOfColumns(columns: readonly Float64Array[]): MetricMoments {
  const growing = new GrowingMoments(columns.length);
  const row = new Float64Array(columns.length);
  for (let unit = 0; unit < (columns[0]?.length ?? 0); unit++) {
    for (let place = 0; place < columns.length; place++) row[place] = (columns[place] as Float64Array)[unit] as number;
    if (!row.some(Number.isNaN)) growing.add(row);
  }
  return growing.moments();
}

/** The same by the groups of a column, in the order of their codes, all in one arm. */
export function groupMoments(columns: readonly Float64Array[], codes: ArrayLike<number>): readonly GroupMoments[] {
  const groups = new Map<number, GrowingMoments>();
  const row = new Float64Array(columns.length);
  for (let unit = 0; unit < (columns[0]?.length ?? 0); unit++) {
    for (let place = 0; place < columns.length; place++) row[place] = (columns[place] as Float64Array)[unit] as number;
    if (row.some(Number.isNaN)) continue;
    const code = codes[unit] as number;
    const group = groups.get(code) ?? new GrowingMoments(columns.length);
    group.add(row);
    groups.set(code, group);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([code, group]) => {
      const moments = group.moments();
      return { value: String(code), arms: [{ units: moments.n, metrics: [moments] }] };
    });
}
