/** Baseline and candidates over the same panel: who moves, what it costs, who is hit wrongly. */
export * from "./compare.ts";
export * from "./comparison.ts";
export { definitionOf, definitionsInMarkdown, type FigureDefinition, type FigureName, figureDefinitions } from "./definitions.ts";
export type { ComparisonOptions } from "./plan.ts";
