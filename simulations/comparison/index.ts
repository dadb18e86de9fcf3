/** Baseline and candidates over the same panel: who moves, what it costs, who is hit wrongly. */

export { type AlarmList, listAlarms } from "./at-risk/alarm-list.ts";
export * from "./at-risk/at-risk.ts";
export { type AuditList, type AuditRequest, listAudits } from "./audits/audit-list.ts";
export * from "./audits/audits.ts";
export { Collector } from "./collect.ts";
export * from "./compare.ts";
export * from "./comparison.ts";
export * from "./decomposition/change-explained.ts";
export { definitionOf, definitionsInMarkdown, type FigureDefinition, type FigureName, figureDefinitions } from "./definitions.ts";
export * from "./drift/drift.ts";
export * from "./elasticity/measured.ts";
export type * from "./errors/estimates.ts";
export type * from "./fairness/fairness.ts";
export type * from "./fairness/noise.ts";
export { readFigure, readSegment } from "./figure-phrase.ts";
export * from "./influence/influence.ts";
export { LiveComparison, type LiveOptions, type WhatIfAnswer } from "./live/live-comparison.ts";
export type * from "./movement/course.ts";
export { type MovementAt, movementAt, movementDates } from "./movement/movement-at.ts";
export { moves, tierViews } from "./movement/tier-pairs.ts";
export { type NamedSegment, resolveSegment, type SegmentWord, saySegment } from "./named-segment.ts";
export { type ComparisonOptions, type ComparisonPlan, planComparison } from "./plan.ts";
export type { Assumptions } from "./sales/assumptions.ts";
export { type ReadAssumptions, readAssumptions } from "./sales/read-assumptions.ts";
export * from "./sales/sales-impact.ts";
export * from "./trust/index.ts";
export * from "./verdict/index.ts";
