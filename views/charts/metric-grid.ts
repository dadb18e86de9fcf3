/** Small multiples of one entity's metrics: values under each version over time, the lines that they are held against, volume and gaps. */
import { formatDay } from "../../data/foundation/index.ts";
import { formatCount, formatDate, formatMoney, formatMonthTick, formatNumber, formatShare, monthTicks } from "../formats/index.ts";
import type { MetricGridSpec } from "./chart-spec.ts";
import type { DrawingParts } from "./parted.ts";
import { linearScale, roundStep, type Scale, ticksWithin } from "./scale.ts";
import { box, dot, drawing, line, type Marks, painted, pathThrough, shape, single, text } from "./svg.ts";
import { fitText } from "./text-width.ts";

type Panel = MetricGridSpec["panels"][number];

interface Layout {
  readonly width: number;
  readonly columns: number;
  readonly left: number;
  readonly right: number;
  readonly pitchX: number;
  readonly monthsMost: number;
}

const wide: Layout = { width: 880, columns: 2, left: 52, right: 336, pitchX: 452, monthsMost: 5 };
const narrow: Layout = { width: 358, columns: 1, left: 52, right: 266, pitchX: 358, monthsMost: 4 };
const [headHeight, plotHeight, volumeHeight, pitchY] = [44, 96, 18, 206];
const bottom = headHeight + plotHeight;
const volumeTop = bottom + 8;
/** More lines at the right of a plot would touch each other. */
const labelsMost = 8;

/** Draws the panels in rows of two, or one below the other when narrow. Dates stand on one scale in all of them. */
export function drawMetricGrid(spec: MetricGridSpec, isNarrow: boolean): string {
  const layout = isNarrow ? narrow : wide;
  const x = linearScale([0, Math.max(1, spec.periods.length)], [layout.left, layout.right]);
  const panels = spec.panels.map((panel, index) => {
    const transform = `translate(${(index % layout.columns) * layout.pitchX} ${Math.floor(index / layout.columns) * pitchY})`;
    return single("g", { transform, class: "panel" }, painted(drawPanel(spec, panel, { layout, x })));
  });
  const height = Math.ceil(spec.panels.length / layout.columns) * pitchY;
  return drawing({ width: layout.width, height: Math.max(1, height), label: spec.label }, panels);
}

/** Where the wide drawing may be parted on paper: between rows of panels. */
export function metricGridParts(spec: MetricGridSpec): DrawingParts {
  return { width: wide.width, head: 0, pitch: pitchY, rows: Math.ceil(spec.panels.length / wide.columns), foot: 0 };
}

function drawPanel(spec: MetricGridSpec, panel: Panel, { layout, x }: { readonly layout: Layout; readonly x: Scale }): Marks {
  const { left, right } = layout;
  const { from, to, step } = domainOf(panel);
  const y = linearScale([from, to], [bottom, headHeight]);
  const room = layout.pitchX - 20;
  const heads = [
    text({ x: 0, y: 13, class: "label strong" }, fitText(panel.title, room, 13, true)),
    text({ x: 0, y: 30, class: "axis" }, fitText(panel.note, room, 12)),
  ];
  const grid = ticksWithin(from, to, step).map((tick) => [
    line(left, y(tick), right, y(tick), tick === 0 ? "zero" : "grid"),
    text({ x: left - 6, y: y(tick) + 4, class: "axis", anchor: "end" }, sayTick(tick, panel, step)),
  ]);
  const months = monthTicks(spec.periods, layout.monthsMost).flatMap((index) =>
    x(index) > right - 12
      ? []
      : [text({ x: x(index), y: volumeTop + volumeHeight + 16, class: "axis" }, formatMonthTick(spec.periods[index] ?? ""))],
  );
  const lines = panel.lines
    .filter(({ value }) => value >= from && value <= to)
    .map(({ value, isBaseline, kind }) =>
      line(left, y(value), right, y(value), kind === "score" ? "scale-line" : isBaseline ? "ask-line baseline-ask" : "ask-line"),
    );
  const events = spec.events.map(({ at }) => line(x(at + 0.5), headHeight - 4, x(at + 0.5), bottom, "event-line"));
  const curves = panel.series.map(({ values, isBaseline, index }) => {
    const points = values.map((value, place) =>
      value === undefined ? undefined : ([x((panel.positions[place] ?? 0) + 0.5), y(Math.max(from, Math.min(to, value)))] as const),
    );
    return [
      shape(pathThrough(points), isBaseline ? "curve baseline-curve" : `curve version-${Math.min(4, index)}`),
      loneDots(points, isBaseline),
    ];
  });
  const ticks = shape(
    pathThrough(panel.evaluated.flatMap((at) => [[x(at + 0.5), bottom], [x(at + 0.5), bottom + 4], undefined] as const)),
    "evaluation",
  );
  const gaps = panel.missing.map(([first, last]) =>
    box({ x: x(first), y: bottom - 3, width: x(last + 1) - x(first), height: 3, class: "grey-2" }),
  );
  return [heads, grid, months, lines, events, curves, ticks, gaps, drawVolume(panel, x), drawEnds(panel, { from, to, y, x: right })];
}

/** A value between two gaps has no line through it. */
function loneDots(points: readonly (readonly [number, number] | undefined)[], isBaseline: boolean): Marks {
  return points.flatMap((point, index) => {
    const isLast = points.slice(index + 1).every((later) => later === undefined);
    const isAlone = points[index - 1] === undefined && points[index + 1] === undefined;
    return point === undefined || !(isAlone || isLast)
      ? []
      : [dot(point[0], point[1], isLast ? 3.2 : 1.8, isBaseline ? "baseline-dot" : "candidate-dot")];
  });
}

function drawVolume({ volume, positions }: Panel, x: Scale): Marks {
  const most = Math.max(0, ...volume.map((value) => value ?? 0));
  if (most === 0) return [];
  const height = linearScale([0, most], [0, volumeHeight]);
  const width = Math.max(1, x(1) - x(0) - 1);
  const bars = volume.map((value, index) => {
    const tall = height(value ?? 0);
    return tall < 0.1 ? [] : box({ x: x(positions[index] ?? 0), y: volumeTop + volumeHeight - tall, width, height: tall, class: "grey-3" });
  });
  const words = text(
    { x: 46, y: volumeTop + volumeHeight, class: "axis", anchor: "end" },
    most >= 10_000 ? `${formatCount(most / 1000)}k` : formatCount(most),
  );
  return [bars, words];
}

/** The last values and the lines' numbers at the right, pushed apart where they would touch. */
function drawEnds(panel: Panel, at: { readonly from: number; readonly to: number; readonly y: Scale; readonly x: number }): Marks {
  const values = panel.series.flatMap(({ name, values: all, isBaseline }) => {
    const value = all.findLast((one) => one !== undefined);
    return value === undefined
      ? []
      : [{ value, words: `${sayValue(value, panel)} ${name}`.trim(), class: isBaseline ? "label i-baseline" : "label strong" }];
  });
  const lines = panel.lines
    .filter(({ value }) => value >= at.from && value <= at.to)
    .map(({ value, label }) => ({ value, words: label, class: "axis" }));
  const seen = new Set<string>();
  let highest = Number.NEGATIVE_INFINITY;
  return [...values, ...lines]
    .filter(({ words }) => !seen.has(words) && seen.add(words))
    .slice(0, labelsMost)
    .map((end) => ({ ...end, place: at.y(end.value) + 4 }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ place, words, class: className }) => {
      highest = Math.max(place, highest + 14);
      return text({ x: at.x + 8, y: highest, class: className }, fitText(words, 82, 12, true));
    });
}

/** Holds all values and the lines that tiers ask for; points of a curve only where they lie near. Zero is in it unless that would flatten everything. */
function domainOf(panel: Panel): { readonly from: number; readonly to: number; readonly step: number } {
  const values = panel.series.flatMap(({ values: all }) => all.filter((value) => value !== undefined));
  const asked = panel.lines.flatMap(({ value, kind }) => (kind === "tier" ? [value] : []));
  const all = [...values, ...asked];
  const [low, high] = all.length === 0 ? [0, 1] : [Math.min(...all), Math.max(...all)];
  const isFar = low > 0 && high - low < low * 0.25;
  const from = isFar ? low - (high - low || low * 0.1) * 0.5 : Math.min(0, low);
  const span = Math.max(high - from, Math.abs(high) * 1e-6, 1e-9);
  const step = roundStep(span, 3);
  return { from: Math.floor(from / step + 1e-9) * step, to: Math.ceil(high / step - 1e-9) * step || step, step };
}

function sayTick(tick: number, { unit }: Panel, step: number): string {
  const decimals = (size: number) => Math.max(0, Math.min(4, -Math.floor(Math.log10(size) + 1e-9)));
  if (unit === "share") return formatShare(tick, Math.max(0, decimals(step * 100)));
  if (unit === "money") return Math.abs(tick) >= 100_000 ? `${formatCount(tick / 100_000)}k` : formatNumber(tick / 100, 0);
  if (unit === "date") return dayTick(tick);
  return formatNumber(tick, step % 1 === 0 ? 0 : decimals(step));
}

/** The month of a day, with its year: a tick has no room for more. */
function dayTick(day: number): string {
  const [, month = "", year = ""] = formatDate(formatDay(Math.round(day))).split("\u00a0");
  return `${month} ’${year.slice(2)}`;
}

function sayValue(value: number, { unit, currency }: Panel): string {
  if (unit === "share") return formatShare(value);
  if (unit === "money") return formatMoney(value, currency);
  if (unit === "date") return formatDate(formatDay(value));
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value, Math.abs(value) < 10 ? 2 : 1);
}
