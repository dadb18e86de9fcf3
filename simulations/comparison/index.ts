/** Baseline and candidates over the same panel: who moves, what it costs, who is hit wrongly. */
export { Collector } from "./collect.ts";
export * from "./compare.ts";
export * from "./comparison.ts";
export { definitionOf, definitionsInMarkdown, type FigureDefinition, type FigureName, figureDefinitions } from "./definitions.ts";
export * from "./drift/drift.ts";
export type * from "./fairness/fairness.ts";
export type * from "./fairness/noise.ts";
export { LiveComparison, type LiveOptions, type WhatIfAnswer } from "./live/live-comparison.ts";
export type * from "./movement/course.ts";
export { type MovementAt, movementAt, movementDates } from "./movement/movement-at.ts";
export { moves, tierViews } from "./movement/tier-pairs.ts";
export { type ComparisonOptions, type ComparisonPlan, planComparison } from "./plan.ts";
export { sizeBands } from "./size-bands.ts";
