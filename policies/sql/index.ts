/** Policy -> SQL: the third engine. */
export type { SqlText } from "./nodes.ts";
export { attributeColumn, eventTableColumns, measureColumn, panelTableColumns, type TableColumn } from "./panel-tables.ts";
export { policyToSql } from "./policy-to-sql.ts";
