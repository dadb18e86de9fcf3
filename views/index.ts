/** Pages, reports and charts: plain data in, HTML and SVG out. No input or output but the templates and assets that ship. */
export { assetNames, assetText, isAssetName } from "./assets.ts";
export type { ChartSpec } from "./charts/chart-spec.ts";
export { formatCount } from "./formats/index.ts";
export type * from "./pages/experiment-context.ts";
export { experimentParts } from "./pages/experiment-parts.ts";
export type * from "./pages/page-contexts.ts";
export type { FormProblem } from "./pages/page-frame.ts";
export { pagePaths } from "./pages/page-paths.ts";
export { renderExperimentFile, renderPage, renderStatisticAnswer, renderWhatIfAnswer } from "./pages/render-page.ts";
export { statisticAnswer } from "./pages/statistic-answer.ts";
export type * from "./pages/statistic-context.ts";
export type * from "./pages/what-if-context.ts";
export { describeReport } from "./report/describe-report.ts";
export { figureCsv, figureSvg } from "./report/figure-files.ts";
export { renderReport } from "./report/render-report.ts";
export type * from "./report/report.ts";
export { reportCsv } from "./report/report-csv.ts";
export { csvLines } from "./report/table-text.ts";
