/** Policy -> SQL: the third engine, in the dialect of every database that is spoken. */
export { eventRowsOf, outcomeRowsOf, panelRowsOf, type TableRows } from "./chunk-tables.ts";
export { type DialectName, dialects } from "./dialects.ts";
export type { SqlText } from "./nodes.ts";
export { absencesIn, type Delivered } from "./own-absences.ts";
export { ownChecksInSql } from "./own-checks.ts";
export { tableNames } from "./own-columns.ts";
export { labelCountsInSql } from "./own-outcomes.ts";
export { deliveriesInSql, ownTablesInSql } from "./own-steps.ts";
export { type KeyRange, type OwnTables, ownTablesOf } from "./own-tables.ts";
export {
  assignedColumn,
  attributeColumn,
  eventFieldColumn,
  eventTableColumns,
  laidTableColumns,
  measureColumn,
  outcomeTableColumns,
  panelTableColumns,
  shardedTables,
  type TableColumn,
} from "./panel-tables.ts";
export { policyToSql, policyTotalsToSql, type ReplayedPolicy, type SqlOptions } from "./policy-to-sql.ts";
