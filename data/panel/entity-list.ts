/** The keys of a chunk's entities and what each is described by, without its rows: what a search reads. */
import { present } from "../foundation/index.ts";
import { chunkPath } from "./arrow-chunk.ts";
import { readColumnFile } from "./read-column-file.ts";
import type { PanelSchema } from "./schema.ts";

/** Keys in the panel's order, and codes of text attributes. */
export interface EntityList {
  readonly entities: readonly string[];
  /** Codes of a text attribute by its position in the schema, -1 missing: the entity's own, or that of its latest row. */
  readonly codesOf: (attribute: number) => Int32Array;
}

/** Opens the list of one chunk of a frozen dataset. Cost: its keys; codes are read when they are asked for, those of rows with the whole column. */
export function readEntityList(folder: string, schema: PanelSchema, index: number): EntityList {
  const file = readColumnFile(chunkPath(folder, "entities", index));
  const entities = file.texts("entity");
  return {
    entities,
    codesOf: (attribute) => {
      const { name, scope } = present(schema.attributes[attribute], "an attribute");
      if (scope === "entity") return file.integers(name);
      const rows = readColumnFile(chunkPath(folder, "rows", index));
      const [codes, starts] = [rows.integers(name), file.integers("row_start")];
      return Int32Array.from(entities, (_, entity) => present(codes[(starts[entity + 1] ?? rows.rowCount) - 1], "a code"));
    },
  };
}
