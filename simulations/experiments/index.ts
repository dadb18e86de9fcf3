/** Randomised tests of candidates on live entities: designed, dealt out, observed, analysed, decided. */
export { analyse, designDigest, unitsOf } from "./analysis/analyse.ts";
export type { Analysis } from "./analysis/analysis.ts";
export { evidenceOf, widthOf } from "./analysis/evidence.ts";
export { armNamed } from "./assignment/arm-named.ts";
export { type AssignmentRule, armOf, assignmentDigest, bucketCount, bucketOf } from "./assignment/assignment.ts";
export { type DesignChange, designChanges } from "./design/design-changes.ts";
export { designKeysInMarkdown } from "./design/design-reference.ts";
export type { ExperimentDesign } from "./design/experiment-design.ts";
export { readDesign } from "./design/read-design.ts";
export { reductionDigest } from "./design/reduction-digest.ts";
export { sizeDesign } from "./design/size-design.ts";
export type { Observations } from "./observations/observations.ts";
export { observe } from "./observations/observe.ts";
export { unitValues } from "./observations/reduce-units.ts";
export { type PlanProof, simulatePlan } from "./simulate/simulate-plan.ts";
export { findTriggers, type TriggerColumns } from "./triggering/first-divergence.ts";
export { analyseTriggered, type TriggeredAnalysis } from "./triggering/triggered-analysis.ts";
