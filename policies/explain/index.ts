/** The slow, obvious evaluator and what it explains. */
export * from "./entity-history.ts";
