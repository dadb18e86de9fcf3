/** The slow, obvious evaluator and what it explains. */
export { accountOf } from "./account.ts";
export * from "./entity-history.ts";
export { type EvaluatedRow, evaluateEntity } from "./evaluate-entity.ts";
export { explainEntity } from "./explain-entity.ts";
export * from "./trace.ts";
