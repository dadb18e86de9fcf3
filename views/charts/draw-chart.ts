/** Draws any chart: wide and narrow, each with a layout of its own. */
import { unreachable } from "../../data/foundation/index.ts";
import { drawAgreement } from "./agreement.ts";
import type { ChartSpec } from "./chart-spec.ts";
import { coverageParts, drawCoverage } from "./coverage.ts";
import { drawCurve } from "./curve.ts";
import { drawEntityHistory } from "./entity-history.ts";
import { drawFlow } from "./flow.ts";
import { drawIntervalRows, intervalRowParts } from "./interval-rows.ts";
import { drawMetricGrid, metricGridParts } from "./metric-grid.ts";
import { drawMiniBars, drawMiniInterval, drawMiniKnown, drawMiniNone, drawMiniSplit } from "./minis.ts";
import { drawMovementMatrix } from "./movement-matrix.ts";
import { drawPairedRows, pairedRowParts } from "./paired-rows.ts";
import { type DrawingParts, partedDrawing } from "./parted.ts";
import { drawPresence } from "./presence.ts";
import { drawShares, sharesParts } from "./shares.ts";
import { element, unquoted } from "./svg.ts";
import { drawTiersOverTime, tiersOverTimeParts } from "./tiers-over-time.ts";

/** A heading that stands on the page: its id and its words. */
export interface ChartHeading {
  readonly id: string;
  readonly words: string;
}

/**
 * Both drawings of a chart, for a page: one picture with one label. The style sheet shows one (narrow up to 819 px of screen). Minis have one.
 * A label that says what a heading says is taken from there.
 */
export function drawChart(spec: ChartSpec, heading?: ChartHeading): string {
  if (spec.kind.startsWith("mini")) return unquoted(drawForm(spec, false));
  return picture(spec, heading, form(spec, false) + form(spec, true));
}

/** The drawing of a chart for paper alone: the wide one; one of rows in parts, so that a page may end between them. */
export function drawOnPaper(spec: ChartSpec, heading: ChartHeading): string {
  return picture(spec, heading, parted(spec, heading.id));
}

/** Both drawings, and the parts of the wide one in print; `id` is the chart's own on its page. */
export function drawForBoth(spec: ChartSpec, id: string): string {
  return picture(spec, undefined, parted(spec, id) + form(spec, true));
}

function parted(spec: ChartSpec, id: string): string {
  const parts = partsOf(spec);
  const wide = form(spec, false);
  return parts === undefined ? wide : partedDrawing(wide, `drawn-${id}`, parts);
}

/** Undefined for what is one whole. */
function partsOf(spec: ChartSpec): DrawingParts | undefined {
  switch (spec.kind) {
    case "interval-rows":
      return intervalRowParts(spec);
    case "paired-rows":
      return pairedRowParts(spec);
    case "coverage":
      return coverageParts(spec);
    case "shares":
      return sharesParts(spec);
    case "tiers-over-time":
      return tiersOverTimeParts(spec);
    case "metric-grid":
      return metricGridParts(spec);
    case "mini-none":
    case "mini-split":
    case "mini-interval":
    case "mini-bars":
    case "mini-known":
    case "movement-matrix":
    case "flow":
    case "curve":
    case "entity-history":
    case "presence":
    case "agreement":
      return undefined;
    default:
      return unreachable(spec);
  }
}

/** One drawing without a size and a label of its own. */
function form(spec: ChartSpec, isNarrow: boolean): string {
  return drawForm(spec, isNarrow)
    .replace(/ width="[\d.]+" height="[\d.]+" role="img" aria-label="[^"]*"/, "")
    .replace("<svg", () => `<svg class="${isNarrow ? "is-narrow" : "is-wide"}"`);
}

function picture(spec: ChartSpec, heading: ChartHeading | undefined, children: string): string {
  // An image has no parts that can be chosen; a drawing with links is a group of them.
  const role = spec.kind === "movement-matrix" && spec.linkQuery !== undefined ? "group" : "img";
  const label = spec.label === heading?.words ? { "aria-labelledby": heading.id } : { "aria-label": spec.label };
  return unquoted(element("div", { role, ...label }, children));
}

/** One drawing of a chart. */
export function drawForm(spec: ChartSpec, isNarrow: boolean): string {
  switch (spec.kind) {
    case "mini-none":
      return drawMiniNone(spec);
    case "mini-split":
      return drawMiniSplit(spec);
    case "mini-interval":
      return drawMiniInterval(spec);
    case "mini-bars":
      return drawMiniBars(spec);
    case "mini-known":
      return drawMiniKnown(spec);
    case "tiers-over-time":
      return drawTiersOverTime(spec, isNarrow);
    case "movement-matrix":
      return drawMovementMatrix(spec, isNarrow);
    case "flow":
      return drawFlow(spec, isNarrow);
    case "interval-rows":
      return drawIntervalRows(spec, isNarrow);
    case "paired-rows":
      return drawPairedRows(spec, isNarrow);
    case "coverage":
      return drawCoverage(spec, isNarrow);
    case "curve":
      return drawCurve(spec, isNarrow);
    case "shares":
      return drawShares(spec, isNarrow);
    case "entity-history":
      return drawEntityHistory(spec, isNarrow);
    case "metric-grid":
      return drawMetricGrid(spec, isNarrow);
    case "presence":
      return drawPresence(spec, isNarrow);
    case "agreement":
      return drawAgreement(spec, isNarrow);
    default:
      return unreachable(spec);
  }
}
