/** Events and outcomes from plain facts to columns: sorted as panels promise, named things turned into codes. */
import { byCodePoints, invariant } from "../foundation/index.ts";
import type { EventColumns, OutcomeColumns } from "./panel.ts";
import { eventFieldNames, type PanelSchema } from "./schema.ts";

/** A dated fact about an entity. Days are day numbers. */
export interface EventFact {
  readonly entity: string;
  readonly kind: string;
  readonly day: number;
  readonly knownDay: number;
  readonly points?: number;
  readonly id: string;
  /** By name of a text field that its kind lists. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** What turned out to be true of an entity: 1 harmful, 0 fine, -1 pending. Days are day numbers. */
export interface OutcomeFact {
  readonly entity: string;
  readonly source: string;
  readonly day: number;
  readonly knownDay: number;
  readonly harmful: 1 | 0 | -1;
  readonly probability?: number;
}

/**
 * The events of these entities as columns, ordered by entity, then known day, then id (code points, as engines order texts). Events of other entities are left out.
 *
 * Throws InvariantBroken when an event is of a kind that the schema lacks, or carries what its kind does not list.
 */
export function eventColumns(schema: PanelSchema, entities: readonly string[], facts: readonly EventFact[]): EventColumns {
  const position = new Map(entities.map((entity, index) => [entity, index]));
  const mine = facts.filter((fact) => position.has(fact.entity));
  mine.sort((a, b) => indexOf(position, a.entity) - indexOf(position, b.entity) || a.knownDay - b.knownDay || byCodePoints(a.id, b.id));
  const codes = new Map(schema.events.map((kind, code) => [kind.name, code]));
  for (const fact of mine) checkCarried(schema, fact);
  return {
    count: mine.length,
    start: startsOf(
      entities.length,
      mine.map((fact) => indexOf(position, fact.entity)),
    ),
    kind: Int32Array.from(mine, (fact) => indexOf(codes, fact.kind)),
    day: Int32Array.from(mine, (fact) => fact.day),
    knownDay: Int32Array.from(mine, (fact) => fact.knownDay),
    points: Float64Array.from(mine, (fact) => fact.points ?? Number.NaN),
    id: mine.map((fact) => fact.id),
    fields: new Map(eventFieldNames(schema).map((name) => [name, mine.map((fact) => fact.fields?.[name] ?? "")])),
  };
}

function checkCarried(schema: PanelSchema, fact: EventFact): void {
  const kind = schema.events.find(({ name }) => name === fact.kind);
  for (const name of Object.keys(fact.fields ?? {}))
    invariant(kind?.fields?.includes(name) === true, `events of kind '${fact.kind}' carry no field '${name}'`);
  if (fact.points !== undefined) invariant(kind?.points === true, `events of kind '${fact.kind}' carry no points`);
}

/** The labels of these entities as columns, ordered by entity, then day, source, known day. Labels of other entities are left out. */
export function outcomeColumns(schema: PanelSchema, entities: readonly string[], facts: readonly OutcomeFact[]): OutcomeColumns {
  const position = new Map(entities.map((entity, index) => [entity, index]));
  const codes = new Map(schema.outcomes.map((source, code) => [source.name, code]));
  const mine = facts.filter((fact) => position.has(fact.entity));
  mine.sort(
    (a, b) =>
      indexOf(position, a.entity) - indexOf(position, b.entity) ||
      a.day - b.day ||
      indexOf(codes, a.source) - indexOf(codes, b.source) ||
      a.knownDay - b.knownDay,
  );
  return {
    count: mine.length,
    start: startsOf(
      entities.length,
      mine.map((fact) => indexOf(position, fact.entity)),
    ),
    source: Int32Array.from(mine, (fact) => indexOf(codes, fact.source)),
    day: Int32Array.from(mine, (fact) => fact.day),
    knownDay: Int32Array.from(mine, (fact) => fact.knownDay),
    harmful: Int8Array.from(mine, (fact) => fact.harmful),
    probability: Float64Array.from(mine, (fact) => fact.probability ?? Number.NaN),
  };
}

/** For owners in ascending order: where each owner's run starts. Length count + 1. */
export function startsOf(count: number, owners: ArrayLike<number>): Int32Array {
  const start = new Int32Array(count + 1);
  for (let i = 0; i < owners.length; i++) start[(owners[i] as number) + 1] = (start[(owners[i] as number) + 1] as number) + 1;
  for (let i = 0; i < count; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number);
  return start;
}

function indexOf(codes: ReadonlyMap<string, number>, name: string): number {
  const code = codes.get(name);
  invariant(code !== undefined, `the panel has no '${name}'`);
  return code;
}
