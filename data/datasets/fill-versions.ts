/** The kept versions of corrected rows: what a panel that is pinned to a day is rebuilt from. */
import { present } from "../foundation/index.ts";
import type { DraftChunk, FileColumn, PanelSchema } from "../panel/index.ts";
import { columnName } from "./descriptor.ts";
import { daysApart } from "./fill-rows.ts";
import type { RowSource } from "./row-source.ts";

/** Whose versions: entities from `from` to `to` - 1, whose rows stand in the draft. */
export interface VersionRequest {
  readonly schema: PanelSchema;
  readonly sources: readonly RowSource[];
  readonly draft: Pick<DraftChunk, "firstPeriod" | "rowStart" | "rowCount">;
  readonly from: number;
  readonly to: number;
}

/**
 * All versions of all rows of a chunk, ordered by entity, period, group of files, known day. Rows of one place, group and day have been found by
 * then. Cost: two scans of the rows, one write a value.
 */
export function fillVersions(request: VersionRequest): { rowCount: number; columns: FileColumn[] } {
  const { schema, sources, draft, from, to } = request;
  const { places, slots } = placesOf(request);
  const rowCount = places.length;
  const dated = ["period", "known_on", "file"].map(() => new Int32Array(rowCount));
  const [period, known, part] = dated as [Int32Array, Int32Array, Int32Array];
  const tier = new Int32Array(rowCount).fill(-1);
  const names = [
    ...schema.measures.map((measure) => measure.name),
    ...schema.attributes.filter((each) => each.scope === "row").map((each) => each.name),
  ];
  const floats = new Map(names.map((name) => [name, new Float64Array(rowCount).fill(Number.NaN)]));
  let arrived = 0;
  for (const { file, group, scan } of sources) {
    scan(from, to, ({ block }) => {
      const at = places.subarray(arrived, arrived + block.rows);
      arrived += block.rows;
      for (let row = 0; row < block.rows; row++) {
        const place = at[row] as number;
        period[place] = block.periods[row] as number;
        known[place] = block.known[row] as number;
        part[place] = group;
      }
      for (const [index, column] of file.columns.entries()) {
        const cells = present(block.values[index], "column");
        if (column.kind === "assigned_tier") for (let row = 0; row < block.rows; row++) tier[at[row] as number] = cells[row] as number;
        else {
          const values = present(floats.get(columnName(column)), "column");
          for (let row = 0; row < block.rows; row++) values[at[row] as number] = cells[row] as number;
          // A version that does not say a text has none, as it has no number.
          if (column.kind === "attribute" && column.type === "text")
            for (const place of at) if ((values[place] as number) < 0) values[place] = Number.NaN;
        }
      }
    });
  }
  const columns: FileColumn[] = [
    { kind: "integer", name: "entity", values: ownersOf(draft, slots) },
    { kind: "integer", name: "period", values: period },
    { kind: "day", name: "known_on", values: known },
    { kind: "integer", name: "file", values: part },
  ];
  const { assignedTiers } = schema;
  if (assignedTiers.length > 0) columns.push({ kind: "coded", name: "assigned_tier", codes: tier, values: assignedTiers });
  for (const [name, values] of floats) columns.push({ kind: "float", name, values });
  return { rowCount, columns };
}

/** Where each row stands among the versions, in the order in which sources show them; and how many rows there are before each place of the panel. */
function placesOf({ sources, draft, from, to }: VersionRequest): { places: Int32Array; slots: Int32Array } {
  let rows = 0;
  for (const { scan } of sources)
    scan(from, to, ({ block }) => {
      rows += block.rows;
    });
  const [slotOf, order] = [new Int32Array(rows), new Float64Array(rows)];
  const slots = new Int32Array(draft.rowCount + 1);
  let arrived = 0;
  for (const { group, scan } of sources) {
    scan(from, to, ({ block: { rows: count, keys, periods, known } }) => {
      for (let row = 0; row < count; row++) {
        const entity = (keys[row] as number) - from;
        const slot = (draft.rowStart[entity] as number) + (periods[row] as number) - (draft.firstPeriod[entity] as number);
        slotOf[arrived] = slot;
        order[arrived++] = group * daysApart + (known[row] as number);
        slots[slot + 1] = (slots[slot + 1] as number) + 1;
      }
    });
  }
  for (let slot = 0; slot < draft.rowCount; slot++) slots[slot + 1] = (slots[slot + 1] as number) + (slots[slot] as number);
  const [taken, arrivals] = [new Int32Array(draft.rowCount), new Int32Array(rows)];
  for (let arrival = 0; arrival < rows; arrival++) {
    const slot = slotOf[arrival] as number;
    // Most are the only one of their place; the others are inserted.
    let place = (slots[slot] as number) + (taken[slot] as number);
    taken[slot] = (taken[slot] as number) + 1;
    for (; place > (slots[slot] as number) && (order[arrivals[place - 1] as number] as number) > (order[arrival] as number); place--)
      arrivals[place] = arrivals[place - 1] as number;
    arrivals[place] = arrival;
  }
  const places = new Int32Array(rows);
  for (let place = 0; place < rows; place++) places[arrivals[place] as number] = place;
  return { places, slots };
}

/** The entity of each version. */
function ownersOf({ rowStart }: VersionRequest["draft"], slots: Int32Array): Int32Array {
  const owners = new Int32Array(slots.at(-1) ?? 0);
  for (let entity = 0; entity + 1 < rowStart.length; entity++)
    owners.fill(entity, slots[rowStart[entity] as number], slots[rowStart[entity + 1] as number]);
  return owners;
}
