/** A finished comparison as its readers know it: figures and their meaning, criteria, gates, assumptions. Loads nothing that replays. */
export type * from "../comparison.ts";
export { definitionOf, type FigureDefinition, type FigureName, figureDefinitions } from "../definitions.ts";
export { type Assumptions, meanOf } from "../sales/assumptions.ts";
export { measuredElasticityLines } from "../sales/measured-elasticity.ts";
export { type ReadAssumptions, readAssumptions } from "../sales/read-assumptions.ts";
export { segmentationsOf } from "../segmentations.ts";
export * from "../trust/index.ts";
export * from "../verdict/index.ts";
