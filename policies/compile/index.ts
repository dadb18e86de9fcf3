/** Policy -> kernels. */
export { compileItem } from "./compile-item.ts";
export { compilePolicy } from "./compile-policy.ts";
export { compileProgramme } from "./compile-programme.ts";
export * from "./compiled-policy.ts";
export { type EvaluationPlan, evaluationPlan, NEVER } from "./evaluation-plan.ts";
export { emptyFrame, packStates } from "./frame-rows.ts";
export { type LiveBlock, type LivePolicy, livePolicy } from "./live-policy.ts";
export { PeerCollector } from "./peer-collector.ts";
