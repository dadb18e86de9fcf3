/** The panel and what is computed from it, as columns and as sums. */
export * from "./aggregates.ts";
export * from "./outcome-frame.ts";
export * from "./panel.ts";
export * from "./schema.ts";
