/** The verbs of the product, in one table: commands, routes, the OpenAPI document and the reference are made from it. */
export { drawPng } from "./browser.ts";
export { simulationDigest, viewsDigest } from "./code-digest.ts";
export { commentedSections } from "./comment-sections.ts";
export { type ComparisonAgainst, comparisonAgainstCsv, comparisonAgainstShape } from "./comparison-against.ts";
export { atRiskListCsv, atRiskListShape } from "./comparison-at-risk.ts";
export { auditListCsv, auditPlanShape } from "./comparison-audit-plan.ts";
export { comparisonDocument } from "./comparison-document.ts";
export { type ComparisonEntities, comparisonEntitiesCsv, comparisonEntitiesShape } from "./comparison-entities.ts";
export { type ComparisonEstimate, timingWords } from "./comparison-estimate.ts";
export { candidatesOf, type ReportForm, reportHtml, reportModel, reportTables } from "./comparison-report.ts";
export { connectionListShape } from "./connection-list.ts";
export type { ConnectionJson } from "./connection-shape.ts";
export { type ConnectionTest, connectionTestShape } from "./connection-test.ts";
export { criteriaLinesName } from "./criteria.ts";
export { readLeftOut } from "./dataset-rejected.ts";
export { entityFindShape, type FoundEntity, sayStanding } from "./entity-find.ts";
export { experimentCsv } from "./experiment-csv.ts";
export { openExperiment } from "./experiment-files.ts";
export { designOfComparison, primaryOutcomes } from "./experiment-from-comparison.ts";
export {
  exampleDesign,
  experimentContext,
  experimentHtml,
  experimentSummaries,
  pastWords,
  problemOn,
  type RefusedStep,
  type Sizes,
  sizesOf,
} from "./experiment-page.ts";
export type { TriggeredArm } from "./experiment-triggered.ts";
export { wholeAnalysis } from "./experiment-whole.ts";
export { type Field, faultsOf, fieldsOf, readFieldText, routeInputOf } from "./fields.ts";
export { findEntity } from "./find-entity.ts";
export { keptFramePath, keptFrames } from "./frame-path.ts";
export { withWorkFolder } from "./import-files.ts";
export { jobJson } from "./job-json.ts";
export { requireShallow } from "./json-depth.ts";
export { loadKnown, readShippedPolicy, soundSavedVersions } from "./known-policies.ts";
export { onSoundDataset } from "./on-sound-dataset.ts";
export { openApiDocument, problemShape } from "./open-api.ts";
export { openHome, recoverFiles, recoverHome } from "./open-home.ts";
export type { Operation, OperationContext } from "./operation.ts";
export { type ErrorFamily, errorFamilies, errorsOf, errorsOfAny } from "./operation-errors.ts";
export { nameBeside, storedPairedFacts } from "./paired-replay.ts";
export { atHome, type Errand, performModule } from "./perform.ts";
export type { PolicyDifference } from "./policy-difference.ts";
export { programVersion } from "./program-version.ts";
export { withReference } from "./reference.ts";
export { exampleInput, referenceCall, referenceEntry } from "./reference-entry.ts";
export { type ReportFileForm, reportFile, reportText } from "./report-file.ts";
export { resolveComparison, resolveDataset, resolvePolicy, resolveRun } from "./resolve.ts";
export { readSettings, type Settings } from "./settings.ts";
export { diagnosticJson } from "./shapes.ts";
export { shellWord } from "./shell-word.ts";
export type { Answer } from "./statistic-answer.ts";
export { statisticNamed } from "./statistic-show.ts";
export { provenanceOf, type RunPolicy, storedComparison } from "./stored-comparison.ts";
export { rangeOfRun } from "./stored-options.ts";
export { findOperation, operations } from "./table.ts";
export { savedVersionsThatFit, versionsThatFit } from "./versions-that-fit.ts";
export type { WhatIfJson } from "./what-if.ts";
export { movePolicy, type NamedValue, namedValues, nextVersionOf } from "./what-if-candidate.ts";
export { WhatIfSessions } from "./what-if-sessions.ts";
