/** Policy -> kernels. */
export * from "./compile-policy.ts";
export * from "./compiled-policy.ts";
export { type EvaluationPlan, evaluationPlan, NEVER } from "./evaluation-plan.ts";
