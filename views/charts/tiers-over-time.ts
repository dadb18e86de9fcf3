/** Small multiples: the share of each tier by period, candidate solid over baseline dashed; all panels span as many points. */
import { parseDay } from "../../data/foundation/index.ts";
import { formatMonthTick, formatNumber, monthTicks } from "../formats/index.ts";
import type { TiersOverTimeSpec } from "./chart-spec.ts";
import type { DrawingParts } from "./parted.ts";
import { linearScale, roundStep, type Scale, ticksWithin } from "./scale.ts";
import {
  type Attributes,
  coordinate,
  dot,
  drawing,
  element,
  escapeMarkup,
  line,
  type Marks,
  painted,
  pathThrough,
  shape,
  single,
  text,
  textOf,
} from "./svg.ts";
import { fitText } from "./text-width.ts";
import { tierBox } from "./tier-colour.ts";

type Point = readonly [number, number];
type Panel = TiersOverTimeSpec["panels"][number];

interface Layout {
  readonly width: number;
  readonly columns: number;
  readonly axisWidth: number;
  readonly plotWidth: number;
  readonly plotHeight: number;
  readonly pitchX: number;
  readonly monthsMost: number;
}

// Right of a plot there is room for `100.0` in bold.
const wide: Layout = { width: 880, columns: 3, axisWidth: 26, plotWidth: 200, plotHeight: 132, pitchX: 304, monthsMost: 4 };
const narrow: Layout = { width: 358, columns: 2, axisWidth: 22, plotWidth: 106, plotHeight: 92, pitchX: 184, monthsMost: 2 };
const headHeight = 34;
const footHeight = 40;

/** Draws the panels in rows of three, or of two when narrow. */
export function drawTiersOverTime(spec: TiersOverTimeSpec, isNarrow: boolean): string {
  const layout = isNarrow ? narrow : wide;
  const pitchY = pitchOf(layout);
  const panels = spec.panels.map((panel, index) => {
    const x = (index % layout.columns) * layout.pitchX;
    const y = Math.floor(index / layout.columns) * pitchY;
    const hover = isNarrow ? {} : hoverValues(spec, panel, layout);
    return single("g", { transform: `translate(${x} ${y})`, class: "panel", ...hover }, painted(drawPanel(spec, panel, layout)));
  });
  const height = Math.ceil(spec.panels.length / layout.columns) * pitchY - 12;
  return drawing({ width: layout.width, height, label: spec.label }, panels);
}

/** Where the wide drawing may be parted on paper: between rows of panels, each of which has an axis of its own. */
export function tiersOverTimeParts(spec: TiersOverTimeSpec): DrawingParts {
  return { width: wide.width, head: 0, pitch: pitchOf(wide), rows: Math.ceil(spec.panels.length / wide.columns), foot: 0 };
}

function pitchOf(layout: Layout): number {
  return headHeight + layout.plotHeight + footHeight;
}

function drawPanel(spec: TiersOverTimeSpec, panel: Panel, layout: Layout): Marks {
  const from = panelFrom(panel, spec.span);
  const left = layout.axisWidth;
  const right = left + layout.plotWidth;
  const bottom = headHeight + layout.plotHeight;
  const y = linearScale([from, from + spec.span], [bottom, headHeight]);
  const x = linearScale([0, Math.max(1, spec.periods.length - 1)], [left, right]);
  const colour = panel.tier?.colour ?? "ink";
  const grid = drawGrid({ from, span: spec.span, left, right, y });
  const months = monthTicks(spec.periods, layout.monthsMost).map((index) => {
    const at = x(index);
    const words = formatMonthTick(spec.periods[index] ?? "");
    return at > right - 12
      ? []
      : [line(at, bottom, at, bottom + 4, "grid"), text({ x: Math.max(at, left), y: bottom + 18, class: "axis" }, words)];
  });
  // Points that lie closer than one in a pixel and a half are not seen.
  const every = Math.max(1, Math.ceil((spec.periods.length * 1.5) / layout.plotWidth));
  const isSeen = (index: number) => index === 0 || (spec.periods.length - 1 - index) % every === 0;
  // Many points need no tenths of pixels across: half a pixel is less than from one to the next.
  const across = (index: number) => (spec.periods.length * 4 > layout.plotWidth ? Math.round(x(index)) : x(index));
  const points = (values: readonly number[]) =>
    values.flatMap((value, index): Point[] => (isSeen(index) ? [[across(index), y(value)]] : []));
  const candidate = points(panel.candidate);
  const baseline = points(panel.baseline);
  const curve = panel.isSame
    ? shape(pathThrough(candidate), `curve s-${colour}`)
    : [shape(pathThrough(baseline), "curve baseline-curve"), curveWithGround(candidate, baseline, colour)];
  return [drawHead(panel, layout), grid, months, curve, drawLastValues(panel, { x: right, y, colour })];
}

/** The candidate's curve and the ground between both as one path, so that it is written once: the one dash of its stroke ends where the curve does. */
function curveWithGround(candidate: readonly Point[], baseline: readonly Point[], colour: string): Marks {
  const length = candidate.slice(1).reduce((sum, [x, y], index) => {
    const [before, above] = candidate[index] as Point;
    return sum + Math.hypot(x - before, y - above);
  }, 0);
  const d = `${pathThrough([...candidate, ...baseline.toReversed()])}z`;
  return {
    layer: "shapes",
    class: `curve between f-${colour} s-${colour}`,
    d,
    stroke: { "stroke-dasharray": `${coordinate(length)} 9999` },
  };
}

function drawHead(panel: Panel, layout: Layout): Marks {
  const sign = panel.tier === undefined ? [] : tierBox({ x: 0.5, y: 3.5, width: 10, height: 10, colour: panel.tier.colour });
  const offset = panel.tier === undefined ? 0 : 17;
  const room = layout.pitchX - offset - (panel.isSame ? 104 : 12);
  const name = fitText(panel.name, Math.max(40, room), 13, true);
  const same = panel.isSame ? element("tspan", { class: "axis", dx: 7 }, "same under both") : "";
  return [sign, textOf({ x: offset, y: 13, class: "label strong" }, escapeMarkup(name) + same)];
}

function drawGrid({
  from,
  span,
  left,
  right,
  y,
}: {
  readonly from: number;
  readonly span: number;
  readonly left: number;
  readonly right: number;
  readonly y: Scale;
}): Marks {
  const step = roundStep(span, 3);
  return ticksWithin(from, from + span, step).map((tick) => [
    line(left, y(tick), right, y(tick), tick === 0 ? "zero" : "grid"),
    text({ x: left - 6, y: y(tick) + 4, class: "axis", anchor: "end" }, formatNumber(tick, step < 1 ? 1 : 0)),
  ]);
}

/** Both last values, pushed apart where they would touch. */
function drawLastValues(panel: Panel, at: { readonly x: number; readonly y: Scale; readonly colour: string }): Marks {
  const candidate = panel.candidate.at(-1) ?? 0;
  const baseline = panel.baseline.at(-1) ?? 0;
  const end = dot(at.x, at.y(candidate), 2.8, `end e-${at.colour}`);
  const strong = (y: number) => text({ x: at.x + 7, y: y + 4, class: `label strong i-${at.colour}` }, formatNumber(candidate, 1));
  if (formatNumber(candidate, 1) === formatNumber(baseline, 1)) return [end, strong(at.y(candidate))];
  const middle = (at.y(candidate) + at.y(baseline)) / 2;
  const half = Math.max(7, Math.abs(at.y(candidate) - at.y(baseline)) / 2);
  const direction = candidate > baseline ? -1 : 1;
  return [
    end,
    strong(middle + direction * half),
    text({ x: at.x + 7, y: middle - direction * half + 4, class: "label i-baseline" }, formatNumber(baseline, 1)),
  ];
}

/**
 * What `reading.js` shows under the pointer: dates once, in the first panel; values in tenths, the baseline's as what is to be added to the
 * candidate's; and where the plot lies.
 */
function hoverValues(spec: TiersOverTimeSpec, panel: Panel, layout: Layout): Attributes {
  const tenths = (value: number | undefined) => Math.round(Number((value ?? 0).toFixed(1)) * 10);
  return {
    "data-plot": `${layout.axisWidth} ${layout.plotWidth} ${headHeight} ${layout.plotHeight}`,
    "data-candidate": panel.candidate.map(tenths).join(" "),
    "data-baseline": panel.baseline.map((value, index) => tenths(value) - tenths(panel.candidate[index])).join(" "),
    "data-periods": panel === spec.panels[0] ? writtenPeriods(spec.periods) : undefined,
  };
}

/** `2025-08-31 7`: the first, and the days from each to the next; all of them where these are not equal. */
function writtenPeriods(periods: readonly string[]): string {
  const days = periods.map((period) => parseDay(period) ?? Number.NaN);
  const [step = Number.NaN, ...others] = new Set(days.slice(1).map((day, index) => day - (days[index] as number)));
  return others.length === 0 && step > 0 ? `${periods[0] ?? ""} ${step}` : periods.join(" ");
}

/** Where a panel starts: at zero if everything fits, else centred on its values. */
function panelFrom(panel: Panel, span: number): number {
  const values = [...panel.baseline, ...panel.candidate];
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(high > span)) return 0;
  const centred = Math.max(0, Math.min(100 - span, (low + high) / 2 - span / 2));
  const half = roundStep(span, 3) / 2;
  const snapped = Math.round(centred / half) * half;
  return snapped <= low && snapped + span >= high ? snapped : centred;
}
