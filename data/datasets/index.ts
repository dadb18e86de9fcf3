/** Histories in: descriptor, import, recovery. */

export { prepareDemo } from "./demo/prepare-demo.ts";
export {
  type ColumnRole,
  type DatasetDescriptor,
  type DatedTable,
  datedTables,
  type EntityFile,
  type EventFile,
  type NamedColumn,
  type OutcomeFile,
  type PanelFile,
  partedTables,
  type SnapshotFile,
  type SourceFile,
} from "./descriptor.ts";
export { type ImportOptions, type ImportResult, importDataset, writeFault } from "./import-dataset.ts";
export { type PreparedOlist, prepareOlist } from "./olist/prepare-olist.ts";
export { type OpenTable, openTable, type RowPlace, tableFault, type UnsplitRecord } from "./open-table.ts";
export { readDescriptor, readDescriptorText } from "./read-descriptor.ts";
export { recoverDatasets } from "./recover.ts";
export type { RejectedEntry } from "./reject-log.ts";
export { outlineOf, type SchemaOutline } from "./schema-of.ts";
export { verifyDataset } from "./verify.ts";
