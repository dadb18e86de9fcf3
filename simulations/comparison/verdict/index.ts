/** Criteria for a change, and what the comparison says of them. */
export { type Criterion, type CriterionFigure, criterionFigures, type ResolvedCriterion } from "./criterion.ts";
export { canonicalOf, type ReadCriteria, readCriteriaFile, readCriteriaLines, resolveCriteria } from "./read-criteria.ts";
export { readVerdict } from "./read-verdict.ts";
export type { Stability } from "./stability.ts";
export type { CandidatesTried, CriteriaRecord, CriterionReading, ElsewhereReading, OutOfTime, Reading, Verdict } from "./verdict.ts";
