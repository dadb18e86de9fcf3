/** Rows of estimates on one scale: dot, flat interval, and the numbers in columns beside them, so that the chart is also a table. */
import { formatNumber } from "../formats/index.ts";
import type { AxisWords, ChartInterval, ChartSpec, IntervalRow } from "./chart-spec.ts";
import type { DrawingParts } from "./parted.ts";
import { decimalsOf, linearScale, roundDomain, type Scale, ticksWithin } from "./scale.ts";
import { bar, box, dot, drawing, line, type Marks, pathThrough, rowLines, shape, text, textWith } from "./svg.ts";
import { fitText, textWidth } from "./text-width.ts";

type IntervalRowsSpec = Extract<ChartSpec, { kind: "interval-rows" }>;

interface Layout {
  readonly width: number;
  readonly plotFrom: number;
  readonly plotTo: number;
  readonly estimateEnd: number;
}

const wide: Layout = { width: 880, plotFrom: 262, plotTo: 636, estimateEnd: 738 };
const compact: Layout = { width: 360, plotFrom: 138, plotTo: 306, estimateEnd: 360 };

/** Wide: label, marks, estimate, interval. Narrow: label and number above each strip. */
export function drawIntervalRows(spec: IntervalRowsSpec, isNarrow: boolean): string {
  return isNarrow ? drawNarrow(spec) : drawWide(spec, spec.isCompact ? compact : wide);
}

function drawWide(spec: IntervalRowsSpec, layout: Layout): string {
  const { head: top, pitch, foot } = intervalRowParts(spec);
  const domain = roundDomain(
    spec.rows.flatMap((row) => ends(row.mark)),
    spec.isCompact ? 4 : 5,
  );
  const x = linearScale([domain.from, domain.to], [layout.plotFrom + 2, layout.plotTo - 2]);
  const bottom = top + spec.rows.length * pitch;
  const heads = [
    spec.heading === "" ? [] : text({ x: spec.isCompact ? 0 : layout.plotFrom, y: 13, class: "axis" }, spec.heading),
    spec.isCompact
      ? []
      : [
          text({ x: layout.estimateEnd, y: 13, class: "axis", anchor: "end" }, spec.columns[0]),
          text({ x: layout.width, y: 13, class: "axis", anchor: "end" }, spec.columns[1]),
        ],
  ];
  const grid = drawAxis({ domain, x, top, bottom, words: spec.axis });
  const rows = spec.rows.map((row, index) => {
    const y = top + (index + 0.5) * pitch;
    const room = layout.plotFrom - 12;
    const hasNote = row.note !== "";
    const label = text(
      { x: 0, y: y + (hasNote ? -2 : 4.5), class: labelClass(row) },
      fitText(row.label, room, 13, row.isTotal || row.isEmphasised),
    );
    const note = hasNote ? text({ x: 0, y: y + 13, class: "axis" }, fitText(row.note, room, 12)) : [];
    const { estimateText, intervalText, exact } = row;
    const estimate = textWith({ x: layout.estimateEnd, y: y + 4.5, class: "label strong", anchor: "end" }, estimateText, exact?.estimate);
    const interval = spec.isCompact
      ? []
      : isOpen(row)
        ? text({ x: layout.plotFrom + 8, y: y + 4.5, class: "note" }, fitText(intervalText, layout.plotTo - layout.plotFrom, 12))
        : textWith({ x: layout.width, y: y + 4.5, class: "note", anchor: "end" }, intervalText, exact?.interval);
    return [label, note, drawInterval(row.mark, { x, y, isTotal: row.isTotal, isEmphasised: row.isEmphasised }), estimate, interval];
  });
  return drawing({ width: layout.width, height: bottom + foot, label: spec.label }, [heads, grid, rows]);
}

/** Where the wide drawing may be parted on paper. */
export function intervalRowParts(spec: IntervalRowsSpec): DrawingParts {
  const pitch = spec.isCompact || spec.rows.some(({ note }) => note !== "") ? 36 : 26;
  return { width: (spec.isCompact ? compact : wide).width, head: 26, pitch, rows: spec.rows.length, foot: 26 };
}

function drawNarrow(spec: IntervalRowsSpec): string {
  const width = 358;
  // Limits have no estimate: their ends are the number.
  const numberOf = (row: IntervalRow) =>
    row.mark.value === undefined && !isOpen(row) && row.intervalText !== "" ? row.intervalText : row.estimateText;
  const room = width - Math.max(96, ...spec.rows.map((row) => textWidth(numberOf(row), 13, true) + 16));
  const joined = (row: IntervalRow) => (row.note === "" ? row.label : `${row.label}, ${row.note}`);
  // Where a note does not fit behind its label, all stand in a line of their own.
  const isSplit = spec.rows.some((row) => row.note !== "" && textWidth(joined(row), 13, row.isTotal) > room);
  const below = isSplit ? 15 : 0;
  const pitch = 46 + below;
  const domain = roundDomain(
    spec.rows.flatMap((row) => ends(row.mark)),
    4,
  );
  const x = linearScale([domain.from, domain.to], [4, width - 6]);
  const top = spec.heading === "" ? 0 : 20;
  const head = spec.heading === "" ? [] : text({ x: 0, y: 12, class: "axis" }, fitText(spec.heading, width, 12));
  const rows = spec.rows.map((row, index) => {
    const y = top + index * pitch;
    const label = text({ x: 0, y: y + 13, class: labelClass(row) }, fitText(isSplit ? row.label : joined(row), room, 13, row.isTotal));
    const note = isSplit ? text({ x: 0, y: y + 28, class: "axis" }, fitText(row.note, width, 12)) : [];
    const number = text({ x: width, y: y + 13, class: "label strong", anchor: "end" }, numberOf(row));
    const reason = isOpen(row) ? text({ x: 8, y: y + 34 + below, class: "note" }, fitText(row.intervalText, width - 8, 12)) : [];
    return [
      label,
      note,
      number,
      reason,
      drawInterval(row.mark, { x, y: y + 30 + below, isTotal: row.isTotal, isEmphasised: row.isEmphasised }),
    ];
  });
  const bottom = top + spec.rows.length * pitch;
  const ticks = ticksWithin(domain.from, domain.to, domain.step).map((tick) =>
    rowLines(x(tick), { y: top + 22 + below, height: 16, pitch, rows: spec.rows.length }, tick === 0 ? "zero" : "grid"),
  );
  return drawing({ width, height: bottom + 16, label: spec.label }, [
    head,
    ticks,
    rows,
    drawTickWords({ domain, x, y: bottom + 8, words: spec.axis, width }),
  ]);
}

/** Nothing can be drawn of it, and it says why: that is written where its marks would be. */
function isOpen({ mark, intervalText }: IntervalRow): boolean {
  return ends(mark).length === 0 && intervalText !== "";
}

/** A flat bar for the interval, a dot for the estimate; limits without an estimate are hatched and have no dot. Undetermined rows draw nothing. */
export function drawInterval(
  mark: ChartInterval,
  at: {
    readonly x: Scale;
    readonly y: number;
    readonly isTotal?: boolean;
    readonly isEmphasised?: boolean;
    readonly className?: string;
    readonly from?: number;
    readonly to?: number;
  },
): Marks {
  const { x, y } = at;
  const [lower, upper] = [mark.lower ?? mark.value, mark.upper ?? mark.value];
  if (lower === undefined || upper === undefined) return [];
  const clip = (value: number) => Math.min(at.to ?? Number.POSITIVE_INFINITY, Math.max(at.from ?? Number.NEGATIVE_INFINITY, value));
  const [left, right] = [clip(x(lower)), clip(x(upper))];
  const thickness = at.isTotal === true ? 10 : 8;
  const isBounds = mark.value === undefined;
  const extent = isBounds
    ? box({
        x: left,
        y: y - thickness / 2,
        width: Math.max(1.5, right - left),
        height: thickness,
        class: `limits ${at.className ?? ""}`.trim(),
      })
    : bar({ left, right, y, thickness, class: at.isEmphasised === true ? "interval accent-interval" : "interval" });
  const arrows = [x(upper) > right + 0.5 ? arrow(right, y, 1) : [], x(lower) < left - 0.5 ? arrow(left, y, -1) : []];
  if (mark.value === undefined) return [extent, arrows];
  const radius = at.isTotal === true ? 5.5 : 4;
  const className = at.className === "baseline" ? "baseline-dot" : at.isEmphasised === true ? "candidate-dot accent-dot" : "candidate-dot";
  return [extent, arrows, dot(clip(x(mark.value)), y, radius, className)];
}

/** The grid with its numbers; a zero line is darker. */
export function drawAxis(at: {
  readonly domain: Domain;
  readonly x: Scale;
  readonly top: number;
  readonly bottom: number;
  readonly words: AxisWords;
}): Marks {
  const ticks = ticksWithin(at.domain.from, at.domain.to, at.domain.step);
  const lines = ticks.map((tick) => line(at.x(tick), at.top, at.x(tick), at.bottom, tick === 0 ? "zero" : "grid"));
  return [lines, drawTickWords({ domain: at.domain, x: at.x, y: at.bottom + 18, words: at.words })];
}

interface Domain {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** The size of an axis' numbers, and how far apart they stand at least. */
const [tickSize, tickGap] = [12, 4];

/** The numbers under an axis, every second one where neighbours would touch. With a width, the outer ones stay inside the drawing. */
export function drawTickWords(at: {
  readonly domain: Domain;
  readonly x: Scale;
  readonly y: number;
  readonly words: AxisWords;
  readonly width?: number;
}): Marks {
  const { from, to, step } = at.domain;
  const decimals = decimalsOf(step);
  const ticks = ticksWithin(from, to, step).map((tick) => {
    const sign = tick < 0 ? "−" : tick > 0 && at.words.isChange ? "+" : "";
    const words =
      tick === 0 ? `${at.words.prefix}0` : `${sign}${at.words.prefix}${formatNumber(Math.abs(tick), decimals)}${at.words.suffix}`;
    return { tick, sign, words };
  });
  const room = Math.abs(at.x(from + step) - at.x(from)) - tickGap;
  const isCrowded = ticks.some(({ words }) => textWidth(words, tickSize) > room);
  const shown = ticks.filter(({ tick }) => !isCrowded || Math.round(tick / step) % 2 === 0);
  return shown.map(({ tick, sign, words }) => {
    const full = fullAmount(at.words, tick, sign);
    const position = at.x(tick);
    if (at.width !== undefined && position < 16) return textWith({ x: 0, y: at.y, class: "axis" }, words, full);
    if (at.width !== undefined && position > at.width - 24)
      return textWith({ x: at.width, y: at.y, class: "axis", anchor: "end" }, words, full);
    return textWith({ x: position, y: at.y, class: "axis", anchor: "middle" }, words, full);
  });
}

/** A tick with all its digits; undefined where it is written so. */
export function fullAmount({ full }: AxisWords, value: number, sign = ""): string | undefined {
  return full === undefined || value === 0 ? undefined : `${sign}${full.prefix}${formatNumber(Math.abs(value) * full.times, 0)}`;
}

function arrow(x: number, y: number, direction: 1 | -1): Marks {
  const head = pathThrough([
    [x, y - 5],
    [x + 6 * direction, y],
    [x, y + 5],
  ]);
  return shape(`${head}z`, "arrow");
}

function labelClass(row: IntervalRow): string {
  return row.isTotal || row.isEmphasised ? "label strong" : "label";
}

function ends(mark: ChartInterval): readonly number[] {
  return [mark.value, mark.lower, mark.upper].filter((end) => end !== undefined);
}
