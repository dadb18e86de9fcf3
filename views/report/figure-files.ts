/** Single figures as files: a drawing that stands alone, a table as CSV. */

import { assetText } from "../assets.ts";
import type { ChartSpec } from "../charts/chart-spec.ts";
import { drawForm } from "../charts/draw-chart.ts";
import { patterns } from "../pages/marks.ts";
import { figuresOf } from "./folded-tables.ts";
import type { Figure, Report } from "./report.ts";
import { csvOf } from "./table-text.ts";

/** A figure's wide drawing as an SVG file that stands alone (light colours, own styles); undefined when the report has no such figure. */
export function figureSvg(report: Report, figureId: string): string | undefined {
  const figure = findFigure(report, figureId);
  if (figure === undefined) return undefined;
  const drawn = drawForm(withoutLinks(figure.chart), false);
  const styles = `<style>${chartStyles()}</style><defs>${patterns}</defs>`;
  return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ').replace(">", () => `>${styles}`);
}

/** A drawing that stands elsewhere than on the report's page, beside which the lists are that its cells lead to. */
export function withoutLinks(chart: ChartSpec): ChartSpec {
  if (chart.kind !== "movement-matrix") return chart;
  const { linkQuery: _, ...rest } = chart;
  return rest;
}

/** A figure's table as CSV, the same rows and columns as on the page; undefined when the report has no such figure. */
export function figureCsv(report: Report, figureId: string): string | undefined {
  const figure = findFigure(report, figureId);
  return figure === undefined ? undefined : csvOf(figure.table);
}

/** How large a drawing of a figure is, the wide one or the narrow one, in pixels; undefined when the report has no such figure. */
export function figureSize(
  report: Report,
  figureId: string,
  isNarrow = false,
): { readonly width: number; readonly height: number } | undefined {
  const figure = findFigure(report, figureId);
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(figure === undefined ? "" : drawForm(figure.chart, isNarrow)) ?? [];
  return figure === undefined ? undefined : { width: Math.ceil(Number(width)), height: Math.ceil(Number(height)) };
}

/** The figure of that id. */
export function findFigure(report: Report, figureId: string): Figure | undefined {
  return report.sections.flatMap((section) => section.blocks.flatMap(figuresOf)).find((figure) => figure.id === figureId);
}

/** The light tokens and the rules for drawings, out of the one style sheet. */
function chartStyles(): string {
  const sheet = assetText("counterweight.css");
  const tokens = /:root \{([^}]*)\}/.exec(sheet)?.[1] ?? "";
  const rules = /svg text \{[\s\S]*?(?=\/\* Tables \*\/)/.exec(sheet)?.[0] ?? "";
  return `svg{background:var(--paper);${tokens.replace("color-scheme: light dark;", "")}}${rules}`.replace(/\s+/g, " ");
}
