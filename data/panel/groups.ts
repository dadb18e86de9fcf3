/** How entities that are there in one period are parted into groups, as plain data that kernels and SQL both follow. */
import { type Day, firstDayOf, lastDayOf, type PeriodIndex, unreachable } from "../foundation/index.ts";
import { decideLabel, labelCellCount, labelNumber, sourcesNamed } from "./labels.ts";
import type { PanelChunk } from "./panel.ts";
import { findMeasure, type PanelSchema } from "./schema.ts";
import { type Span, sumOverSpan } from "./sum-over-span.ts";

/** Groups of a parting are numbered from 0. */
export type Parting =
  /** All in one. */
  | { readonly kind: "everyone" }
  /** By a text attribute as it stands in the period: the code of its value, one more where it has none. */
  | { readonly kind: "attribute"; readonly name: string }
  /** By a flow over a span: the last of the bounds (stored integers, ascending) that it reaches; whatever it is it reaches the first. */
  | { readonly kind: "flow"; readonly measure: string; readonly over: Span; readonly bounds: readonly number[] }
  /**
   * By the days from opening (a day attribute; the first day of the first period where it says nothing) to the period's last day: the last of the
   * bounds that they reach. One more: nothing says it, and the entity was there when the data begin.
   */
  | { readonly kind: "age"; readonly opening?: string; readonly bounds: readonly number[] }
  | LabelParting;

/** At a period of its own, by what error rates count: the number of a `LabelCell`. */
export interface LabelParting {
  readonly kind: "labels";
  readonly at: PeriodIndex;
  /** Whether labels about its last day are mature; nobody has one where they are not. */
  readonly isMature: boolean;
  /** Names of outcome sources, in order of precedence. */
  readonly sources: readonly string[];
  /** Tiers really assigned that restrict. */
  readonly restricting: readonly string[];
}

/** Which period, which partings, and whose sum over which span is added up by group: a flow, where there is one. */
export interface GroupsAt {
  readonly at: PeriodIndex;
  readonly sales?: { readonly measure: string; readonly over: Span };
  readonly partings: readonly Parting[];
}

/** The period whose rows a parting parts. */
export function periodOfParting(parting: Parting, { at }: Pick<GroupsAt, "at">): PeriodIndex {
  return parting.kind === "labels" ? parting.at : at;
}

/** How many groups a parting has. */
export function groupCount(parting: Parting, { attributes }: Pick<PanelSchema, "attributes">): number {
  switch (parting.kind) {
    case "everyone":
      return 1;
    case "attribute":
      return (attributes.find(({ name }) => name === parting.name)?.values?.length ?? 0) + 1;
    case "flow":
      return parting.bounds.length;
    case "age":
      return parting.bounds.length + 1;
    case "labels":
      return labelCellCount;
    default:
      return unreachable(parting);
  }
}

/** The number of a group where it was told as a text: the value of an attribute (absent: it has none), or the number itself. Undefined of a value that the schema does not list. */
export function groupNumber(parting: Parting, told: string | undefined, schema: Pick<PanelSchema, "attributes">): number | undefined {
  if (parting.kind === "everyone") return 0;
  if (parting.kind !== "attribute") return Number(told);
  if (told === undefined) return groupCount(parting, schema) - 1;
  const code = schema.attributes.find(({ name }) => name === parting.name)?.values?.indexOf(told) ?? -1;
  return code < 0 ? undefined : code;
}

type GroupReader = (chunk: PanelChunk, entity: number) => number;

/** What gives the group of an entity of a chunk that has a row in the parting's period; of labels their number, without the shields. */
export function groupReader(parting: Parting, at: PeriodIndex, schema: PanelSchema): GroupReader {
  switch (parting.kind) {
    case "everyone":
      return () => 0;
    case "attribute": {
      const missing = groupCount(parting, schema) - 1;
      const code = attributeReader(parting.name, at, schema);
      return (chunk, entity) => {
        const value = code(chunk, entity);
        return value >= 0 ? value : missing;
      };
    }
    case "flow": {
      const { over, bounds } = parting;
      const column = findMeasure(schema, parting.measure)?.index ?? -1;
      return (chunk, entity) => lastReached(bounds, sumOverSpan(chunk, column, over, entity));
    }
    case "age": {
      const { opening, bounds } = parting;
      const stated = opening === undefined ? () => Number.NaN : attributeReader(opening, at, schema);
      const day = lastDayOf(schema.grain, at);
      return (chunk, entity) => {
        const opened: Day = stated(chunk, entity);
        const first = chunk.firstPeriod[entity] as number;
        if (Number.isNaN(opened) && first === schema.firstPeriod) return bounds.length;
        return lastReached(bounds, day - (Number.isNaN(opened) ? firstDayOf(schema.grain, first) : opened));
      };
    }
    case "labels":
      return labelReader(parting, schema);
    default:
      return unreachable(parting);
  }
}

function labelReader({ at, isMature, sources, restricting }: LabelParting, schema: PanelSchema): GroupReader {
  const panel = { schema, assignedAdverse: Uint8Array.from(schema.assignedTiers, (name) => (restricting.includes(name) ? 1 : 0)) };
  const rule = { sources: sourcesNamed(schema, sources), ...(isMature ? { period: at } : {}) };
  return (chunk, entity) => {
    const row = (chunk.rowStart[entity] as number) + at - (chunk.firstPeriod[entity] as number);
    return labelNumber(decideLabel(panel, rule, chunk, { entity, row, lastRow: (chunk.rowStart[entity + 1] as number) - 1 }));
  };
}

function lastReached(bounds: readonly number[], value: number): number {
  return bounds.findLastIndex((from, index) => index === 0 || value >= from);
}

function attributeReader(name: string, at: PeriodIndex, { attributes }: PanelSchema): (chunk: PanelChunk, entity: number) => number {
  const index = attributes.findIndex((attribute) => attribute.name === name);
  const isFixed = attributes[index]?.scope === "entity";
  return (chunk, entity) => {
    const row = isFixed ? entity : (chunk.rowStart[entity] as number) + at - (chunk.firstPeriod[entity] as number);
    return chunk.attributes[index]?.[row] ?? Number.NaN;
  };
}
