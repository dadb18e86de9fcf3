/** Charts as SVG text: a specification in, the same bytes out. */
export type * from "./chart-spec.ts";
export { drawChart, drawForBoth, drawForm, drawOnPaper } from "./draw-chart.ts";
export { bandClass } from "./shares.ts";
export { tierBox, tierColourNames, tierColours } from "./tier-colour.ts";
