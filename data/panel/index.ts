/** The panel and what is computed from it, as columns and as sums. */
export * from "./aggregates.ts";
export * from "./arrow-chunk.ts";
export { type Conversion, conversionIn, conversionName, convertedPanel, isCurrencyCode, panelMeasure } from "./conversion.ts";
export * from "./draft-chunk.ts";
export { type EntityList, readEntityList } from "./entity-list.ts";
export * from "./facts.ts";
export type { FileColumn } from "./file-column.ts";
export * from "./groups.ts";
export * from "./manifest.ts";
export * from "./open-panel.ts";
export * from "./outcome-frame.ts";
export * from "./panel.ts";
export * from "./panel-from-rows.ts";
export { readColumnFile } from "./read-column-file.ts";
export * from "./schema.ts";
export * from "./sum-over-span.ts";
export { takeEntities } from "./take-entities.ts";
export { writeColumnFile } from "./write-column-file.ts";
