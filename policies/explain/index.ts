/** The slow, obvious evaluator and what it explains. */
export { accountOf, nextTier } from "./account.ts";
export * from "./difference.ts";
export * from "./entity-history.ts";
export { type EvaluatedRow, evaluateEntity, evaluateProgramme, type WalkedRow, walkEvaluations } from "./evaluate-entity.ts";
export { type ChangeSide, changeFactors, lostTier, type MixedOutcome, mixedOutcomes, mixturesApart } from "./explain-change.ts";
export { explainDifference } from "./explain-difference.ts";
export { explainEntity, explainerOf, explainProgramme } from "./explain-entity.ts";
export { gatherPeers } from "./gather-peers.ts";
export { type Letter, type LetterPart, letterMarkdown, letterOf } from "./letter.ts";
export { type CourseLine, type CoursePoint, type MetricCourse, metricCourses } from "./metric-course.ts";
export * from "./nearest-restore.ts";
export * from "./trace.ts";
