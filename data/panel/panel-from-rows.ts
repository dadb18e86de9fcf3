/** A small panel from plain rows: for cases, examples and tests. Large histories come from `openPanel`. */
import { digestOfValue, invariant, parseDay, present } from "../foundation/index.ts";
import { draftChunk, finishChunk, settleChunk } from "./draft-chunk.ts";
import { type EventFact, eventColumns, type OutcomeFact, outcomeColumns } from "./facts.ts";
import type { Panel, PanelChunk } from "./panel.ts";
import type { Attribute, PanelSchema } from "./schema.ts";

/** One reported row. Measures are stored integers (value * 10^decimals); an absent flow is 0, an absent level missing. */
export interface PlainRow {
  readonly entity: string;
  readonly period: number;
  readonly measures: Readonly<Record<string, number | undefined>>;
  /** Text; a number; for `day` attributes a day number or `YYYY-MM-DD`. Entity attributes: the row of the latest period decides. */
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly assignedTier?: string;
}

/** What a plain panel is made of. Order of rows, events and outcomes is irrelevant. */
export interface PlainPanel {
  /** Text attributes without `values` get the values that occur, sorted. */
  readonly schema: PanelSchema;
  readonly rows: readonly PlainRow[];
  readonly events?: readonly EventFact[];
  readonly outcomes?: readonly OutcomeFact[];
  /** Entities a chunk; all in one when absent. */
  readonly chunkEntities?: number;
}

/**
 * Builds a panel in memory. Gaps between an entity's first and last row are filled: flows 0, levels carried as their measure
 * declares, dated attributes carried until another is stated, `reported` 0, assigned tier unknown.
 *
 * Throws InvariantBroken when a row repeats (entity, period), or names a measure, attribute, tier, kind, source or text value that
 * the schema lacks, when an event carries a field or points that its kind does not list, or when an event or outcome is of an entity without rows.
 *
 * @example
 * const schema = {
 *   entity: "seller", grain: "week", firstPeriod: 2800, lastPeriod: 2802, knownAt: 19700, events: [], outcomes: [], assignedTiers: [], attributes: [],
 *   measures: [{ name: "orders", kind: "flow", unit: "count", decimals: 0, title: "Orders" }],
 * };
 * const rows = [{ entity: "a", period: 2800, measures: { orders: 5 } }, { entity: "a", period: 2802, measures: { orders: 7 } }];
 * [...panelFromRows({ schema, rows }).readChunk(0).measures[0]]
 * // => [5, 0, 7]
 */
export function panelFromRows(plain: PlainPanel): Panel {
  const schema = withValues(plain);
  const byEntity = new Map<string, PlainRow[]>();
  for (const row of plain.rows) {
    const list = byEntity.get(row.entity);
    if (list === undefined) byEntity.set(row.entity, [row]);
    else list.push(row);
  }
  for (const fact of [...(plain.events ?? []), ...(plain.outcomes ?? [])]) {
    invariant(byEntity.has(fact.entity), `entity '${fact.entity}' has an event or outcome but no row`);
  }
  const entities = [...byEntity.keys()].sort(byCodeUnits);
  const chunkEntities = plain.chunkEntities ?? Math.max(1, entities.length);
  const chunks: PanelChunk[] = [];
  for (let start = 0; start < entities.length; start += chunkEntities) {
    chunks.push(buildChunk(schema, plain, chunks.length, entities.slice(start, start + chunkEntities), byEntity));
  }
  let digest: string | undefined;
  return {
    get digest() {
      digest ??= digestOfValue([schema, plain.rows, plain.events ?? [], plain.outcomes ?? []]);
      return digest;
    },
    schema,
    chunkCount: chunks.length,
    entityCount: entities.length,
    rowCount: chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0),
    readChunk: (index) => present(chunks[index], `chunk ${index}`),
  };
}

function buildChunk(
  schema: PanelSchema,
  plain: PlainPanel,
  index: number,
  entities: readonly string[],
  byEntity: ReadonlyMap<string, PlainRow[]>,
): PanelChunk {
  const lists = entities.map((entity) => [...present(byEntity.get(entity), entity)].sort((a, b) => a.period - b.period));
  const draft = draftChunk(schema, {
    entities,
    firstPeriod: lists.map((list) => present(list[0], "first row").period),
    lastPeriod: lists.map((list) => present(list.at(-1), "last row").period),
  });
  const columnOfMeasure = new Map(schema.measures.map((measure, column) => [measure.name, column]));
  const columnOfAttribute = new Map(schema.attributes.map((attribute, column) => [attribute.name, column]));
  for (const [entityIndex, list] of lists.entries()) {
    for (const row of list) {
      const slot = present(draft.rowStart[entityIndex], "row start") + row.period - present(draft.firstPeriod[entityIndex], "first period");
      invariant(draft.reported[slot] === 0, `entity '${row.entity}' has two rows of period ${row.period}`);
      draft.reported[slot] = 1;
      for (const [name, value] of Object.entries(row.measures)) {
        const column = present(draft.measures[present(columnOfMeasure.get(name), `measure '${name}'`)], name);
        if (value !== undefined) column[slot] = value;
      }
      for (const [name, value] of Object.entries(row.attributes ?? {})) {
        const position = present(columnOfAttribute.get(name), `attribute '${name}'`);
        const attribute = present(schema.attributes[position], name);
        if (value !== undefined) {
          present(draft.attributes[position], name)[attribute.scope === "entity" ? entityIndex : slot] = codeOf(attribute, value);
        }
      }
      if (row.assignedTier !== undefined) {
        const tier = schema.assignedTiers.indexOf(row.assignedTier);
        invariant(tier >= 0, `the schema has no assigned tier '${row.assignedTier}'`);
        draft.assignedTier[slot] = tier;
      }
    }
  }
  settleChunk(schema, draft);
  return finishChunk(
    index,
    draft,
    eventColumns(schema, entities, plain.events ?? []),
    outcomeColumns(schema, entities, plain.outcomes ?? []),
  );
}

function codeOf(attribute: Attribute, value: string | number): number {
  if (attribute.type === "text") {
    const code = attribute.values?.indexOf(String(value)) ?? -1;
    invariant(code >= 0, `attribute '${attribute.name}' has no value '${value}'`);
    return code;
  }
  if (typeof value === "number") return value;
  return present(attribute.type === "day" ? parseDay(value) : Number(value), `'${value}' as ${attribute.type}`);
}

function withValues(plain: PlainPanel): PanelSchema {
  const attributes = plain.schema.attributes.map((attribute) => {
    if (attribute.type !== "text" || attribute.values !== undefined) return attribute;
    const values = new Set<string>();
    for (const row of plain.rows) {
      const value = row.attributes?.[attribute.name];
      if (value !== undefined) values.add(String(value));
    }
    return { ...attribute, values: [...values].sort(byCodeUnits) };
  });
  return { ...plain.schema, attributes };
}

/** The order of entities in every panel: by UTF-16 code units, as JavaScript's `<` has it. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
