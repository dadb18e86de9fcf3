/** Pages, reports and charts: plain data in, HTML and SVG out. No input or output but the templates and assets that ship. */
export { assetNames, assetText, isAssetName } from "./assets.ts";
export type { ChartSpec } from "./charts/chart-spec.ts";
export {
  asSentence,
  capitalise,
  countOf,
  datesInWords,
  formatCount,
  formatDate,
  formatFigure,
  formatNumber,
  formatShare,
} from "./formats/index.ts";
export type * from "./pages/against-context.ts";
export type * from "./pages/calibration-context.ts";
export { calibrationParts } from "./pages/calibration-parts.ts";
export type * from "./pages/comments-context.ts";
export type * from "./pages/connections-context.ts";
export type * from "./pages/dataset-quality-context.ts";
export type * from "./pages/editor-context.ts";
export type * from "./pages/entity-course-context.ts";
export type * from "./pages/experiment-context.ts";
export { forecastParts } from "./pages/experiment-forecast.ts";
export { heldBackPart } from "./pages/experiment-held-back.ts";
export { leakTables } from "./pages/experiment-leak.ts";
export { experimentParts } from "./pages/experiment-parts.ts";
export { triggeredPart } from "./pages/experiment-triggered.ts";
export { changeText, changeUnit, effectText, intervalText, valueWriter } from "./pages/experiment-words.ts";
export { figureContexts } from "./pages/figure-context.ts";
export type * from "./pages/list-contexts.ts";
export { withNewerDataset } from "./pages/newer-dataset.ts";
export type * from "./pages/page-contexts.ts";
export type { FormProblem } from "./pages/page-frame.ts";
export { pagePaths } from "./pages/page-paths.ts";
export type * from "./pages/paired-context.ts";
export type * from "./pages/reference-context.ts";
export { renderEditorParts, renderExperimentFile, renderPage, renderStatisticAnswer, renderWhatIfAnswer } from "./pages/render-page.ts";
export { statisticAnswer } from "./pages/statistic-answer.ts";
export type * from "./pages/statistic-context.ts";
export type * from "./pages/summaries.ts";
export type * from "./pages/what-if-context.ts";
export { type FigureAgainst, figuresAgainst } from "./report/against.ts";
export { modeOfPart, type ReportAnchor, reportAnchors } from "./report/anchors.ts";
export { describeReport } from "./report/describe-report.ts";
export { figureCsv, figureSize, figureSvg } from "./report/figure-files.ts";
export { findTable } from "./report/folded-tables.ts";
export { type PackedTable, reportNotebook } from "./report/notebook.ts";
export { pairedBearers, pairedErrors, pairedSales } from "./report/paired-stakes.ts";
export { type PairedFacts, pairedSentence } from "./report/paired-words.ts";
export { type RenderOptions, renderReport } from "./report/render-report.ts";
export type * from "./report/report.ts";
export { reportCsv, reportRows } from "./report/report-csv.ts";
export { csvLines } from "./report/table-text.ts";
