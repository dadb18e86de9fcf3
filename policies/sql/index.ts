/** Policy -> SQL: the third engine. */
export type { SqlText, SqlType } from "./nodes.ts";
export { attributeColumn, eventTableColumns, measureColumn, panelTableColumns, type TableColumn } from "./panel-tables.ts";
export { policyToSql, type SqlOptions } from "./policy-to-sql.ts";
