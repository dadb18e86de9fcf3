/** The table of operations: commands, routes, the OpenAPI document and the reference are made from it, and from nothing else. */

import { commentAdd } from "./comment-add.ts";
import { commentList } from "./comment-list.ts";
import { commentReopen, commentResolve, commentWithdraw } from "./comment-settle.ts";
import { compare } from "./compare.ts";
import { comparisonAgainst } from "./comparison-against.ts";
import { comparisonAtRisk } from "./comparison-at-risk.ts";
import { comparisonAuditPlan } from "./comparison-audit-plan.ts";
import { comparisonEntities } from "./comparison-entities.ts";
import { comparisonEstimate } from "./comparison-estimate.ts";
import { comparisonMovement } from "./comparison-movement.ts";
import { comparisonReportFile } from "./comparison-report-file.ts";
import { comparisonShow } from "./comparison-show.ts";
import { connectionList } from "./connection-list.ts";
import { connectionTest } from "./connection-test.ts";
import { datasetConnect } from "./dataset-connect.ts";
import { datasetDemo } from "./dataset-demo.ts";
import { datasetImport } from "./dataset-import.ts";
import { datasetImportOlist } from "./dataset-import-olist.ts";
import { datasetList } from "./dataset-list.ts";
import { datasetRejected } from "./dataset-rejected.ts";
import { datasetShow } from "./dataset-show.ts";
import { datasetTables } from "./dataset-tables.ts";
import { entityFind } from "./entity-find.ts";
import { experimentAnalyse } from "./experiment-analyse.ts";
import { experimentAssign } from "./experiment-assign.ts";
import { experimentCalibration } from "./experiment-calibration.ts";
import { experimentDecide } from "./experiment-decide.ts";
import { experimentDesign } from "./experiment-design.ts";
import { experimentExpose } from "./experiment-expose.ts";
import { experimentList } from "./experiment-list.ts";
import { experimentLock } from "./experiment-lock.ts";
import { experimentObserve } from "./experiment-observe.ts";
import { experimentShow } from "./experiment-show.ts";
import { experimentSimulate } from "./experiment-simulate.ts";
import { explain } from "./explain.ts";
import { jobCancel } from "./job-cancel.ts";
import { jobList } from "./job-list.ts";
import { jobShow } from "./job-show.ts";
import type { Operation } from "./operation.ts";
import { policyCheck } from "./policy-check.ts";
import { policyDiff } from "./policy-diff.ts";
import { policyExplain } from "./policy-explain.ts";
import { policyFormat } from "./policy-format.ts";
import { policyList } from "./policy-list.ts";
import { policySave } from "./policy-save.ts";
import { presetDelete } from "./preset-delete.ts";
import { presetList } from "./preset-list.ts";
import { presetSave } from "./preset-save.ts";
import { presetShow } from "./preset-show.ts";
import { replay } from "./replay.ts";
import { runList } from "./run-list.ts";
import { runShow } from "./run-show.ts";
import { serve } from "./serve.ts";
import { statisticList } from "./statistic-list.ts";
import { statisticRun } from "./statistic-run.ts";
import { statisticShow } from "./statistic-show.ts";
import { statisticStudy } from "./statistic-study.ts";
import { whatIf } from "./what-if.ts";

/** In the order of the reference. */
export const operations: readonly Operation[] = [
  datasetImport,
  datasetImportOlist,
  datasetDemo,
  datasetList,
  datasetShow,
  datasetRejected,
  datasetTables,
  datasetConnect,
  policyCheck,
  policyDiff,
  policyFormat,
  policyList,
  policyExplain,
  policySave,
  replay,
  connectionList,
  connectionTest,
  compare,
  comparisonShow,
  comparisonMovement,
  comparisonEntities,
  comparisonAuditPlan,
  comparisonReportFile,
  commentAdd,
  commentList,
  commentResolve,
  commentReopen,
  commentWithdraw,
  comparisonAgainst,
  comparisonEstimate,
  presetSave,
  presetList,
  presetShow,
  presetDelete,
  comparisonAtRisk,
  whatIf,
  explain,
  entityFind,
  experimentDesign,
  experimentLock,
  experimentAssign,
  experimentObserve,
  experimentAnalyse,
  experimentExpose,
  experimentDecide,
  experimentSimulate,
  experimentList,
  experimentCalibration,
  experimentShow,
  statisticList,
  statisticShow,
  statisticRun,
  statisticStudy,
  runList,
  runShow,
  jobList,
  jobShow,
  jobCancel,
  serve,
];

/** The operation of that name. */
export function findOperation(name: string): Operation | undefined {
  return operations.find((operation) => operation.name === name);
}
