/** Rows of one dated file on their way to their places, wherever they were read and whatever holds them. */
import { present } from "../foundation/index.ts";
import type { PanelSchema } from "../panel/index.ts";
import type { ColumnRole, PanelFile, SnapshotFile } from "./descriptor.ts";
import type { PlainFile } from "./plain/plain-panel.ts";
import type { RowBlock } from "./row-block.ts";

/** A block of rows, valid during the visit. */
export interface VisitedRows {
  readonly block: RowBlock;
  /** The place of each key among all entities; absent where keys are places. */
  readonly places?: Int32Array;
  /** By described column: what its values are codes of, as the panel's own codes; undefined where a value is the panel's already. */
  readonly codes: readonly (Int32Array | undefined)[];
}

/** The rows of a file. */
export interface RowSource {
  readonly file: PanelFile | SnapshotFile;
  /** Files that describe the same columns are parts of one table. */
  readonly group: number;
  /** By described column: whether all of its rows hold counts of 31 bits. */
  readonly isNarrow: readonly boolean[];
  /** By the day on which they were known, the row that stands among several of one entity and period; absent: there may be one only. */
  readonly choice?: "first" | "last";
  /** Visits the blocks that may hold rows of entities from `from` to `to` - 1. */
  readonly scan: (from: number, to: number, visit: (rows: VisitedRows) => void) => void;
}

/** The rows of a plain file, whose parsers have keys and codes of their own. */
export function plainSource(schema: PanelSchema, { file, group, blocks, places, texts, widths }: PlainFile): RowSource {
  const parsers = places.map((placeOf, parser) => ({
    places: placeOf,
    codes: file.columns.map((column, index) => {
      const words = texts[index]?.[parser];
      return words === undefined ? undefined : codesOf(schema, column, words);
    }),
  }));
  return {
    file,
    group,
    isNarrow: widths.map((width) => width === 4),
    scan: (from, to, visit) => blocks.scan(places, from, to, (block, parser) => visit({ block, ...present(parsers[parser], "parser") })),
  };
}

/** A parser's own codes of words as the panel's; -1 where the word is empty. */
function codesOf(schema: PanelSchema, column: ColumnRole, words: readonly string[]): Int32Array {
  const attribute = column.kind === "attribute" ? schema.attributes.find((each) => each.name === column.name) : undefined;
  const codes = new Map((attribute?.values ?? schema.assignedTiers).map((word, code) => [word, code]));
  return Int32Array.from(words, (word) => codes.get(word) ?? -1);
}
