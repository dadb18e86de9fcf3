/** The verbs of the product, in one table: commands, routes, the OpenAPI document and the reference are made from it. */
export { simulationDigest, viewsDigest } from "./code-digest.ts";
export { type ReportForm, reportHtml, reportModel, reportTables } from "./comparison-report.ts";
export { readLeftOut } from "./dataset-rejected.ts";
export { type Field, faultsOf, fieldsOf, readFieldText, routeInputOf } from "./fields.ts";
export { findEntity } from "./find-entity.ts";
export { jobJson } from "./job-json.ts";
export { onSoundDataset } from "./on-sound-dataset.ts";
export { openApiDocument, problemShape } from "./open-api.ts";
export { openHome, recoverFiles, recoverHome } from "./open-home.ts";
export type { Operation, OperationContext } from "./operation.ts";
export { performModule } from "./perform.ts";
export { programVersion } from "./program-version.ts";
export { withReference } from "./reference.ts";
export { readShippedPolicy, resolveDataset, resolveRun } from "./resolve.ts";
export { readSettings, type Settings } from "./settings.ts";
export { diagnosticJson } from "./shapes.ts";
export { provenanceOf, type RunPolicy, storedComparison } from "./stored-comparison.ts";
export { findOperation, operations } from "./table.ts";
