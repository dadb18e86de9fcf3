/** A part of a chunk: some of its entities, whole. */
import { outcomeColumns, startsOf } from "./facts.ts";
import type { EventColumns, PanelChunk } from "./panel.ts";
import type { PanelSchema } from "./schema.ts";

/**
 * The chunk with these entities only, by position and ascending; their rows, attributes and events are copied. Outcomes are left out.
 * Cost: the bytes of what is taken.
 */
export function takeEntities(schema: PanelSchema, chunk: PanelChunk, positions: Int32Array): PanelChunk {
  const rowStart = new Int32Array(positions.length + 1);
  for (const [index, entity] of positions.entries()) rowStart[index + 1] = (rowStart[index] as number) + lengthAt(chunk.rowStart, entity);
  const rowCount = rowStart[positions.length] as number;
  const ofRows = <Column extends Float64Array | Uint8Array | Int32Array>(source: Column, target: Column): Column => {
    for (const [index, entity] of positions.entries()) {
      target.set(source.subarray(chunk.rowStart[entity], chunk.rowStart[entity + 1]), rowStart[index]);
    }
    return target;
  };
  const entities = Array.from(positions, (entity) => chunk.entities[entity] as string);
  return {
    index: chunk.index,
    entityCount: positions.length,
    rowCount,
    entities,
    firstPeriod: positions.map((entity) => chunk.firstPeriod[entity] as number),
    rowStart,
    measures: chunk.measures.map((column) => ofRows(column, new Float64Array(rowCount))),
    attributes: chunk.attributes.map((column, position) =>
      schema.attributes[position]?.scope === "entity"
        ? Float64Array.from(positions, (entity) => column[entity] as number)
        : ofRows(column, new Float64Array(rowCount)),
    ),
    reported: ofRows(chunk.reported, new Uint8Array(rowCount)),
    assignedTier: chunk.assignedTier.length === 0 ? chunk.assignedTier : ofRows(chunk.assignedTier, new Int32Array(rowCount)),
    events: eventsOf(chunk.events, positions),
    outcomes: outcomeColumns({ ...schema, outcomes: [] }, entities, []),
  };
}

function eventsOf(events: EventColumns, positions: Int32Array): EventColumns {
  const owners: number[] = [];
  const taken: number[] = [];
  for (const [index, entity] of positions.entries()) {
    for (let event = events.start[entity] as number; event < (events.start[entity + 1] as number); event++) {
      owners.push(index);
      taken.push(event);
    }
  }
  const integers = (column: Int32Array): Int32Array => Int32Array.from(taken, (event) => column[event] as number);
  const texts = (column: readonly string[]): readonly string[] => taken.map((event) => column[event] as string);
  return {
    count: taken.length,
    start: startsOf(positions.length, owners),
    kind: integers(events.kind),
    day: integers(events.day),
    knownDay: integers(events.knownDay),
    points: Float64Array.from(taken, (event) => events.points[event] as number),
    id: texts(events.id),
    fields: new Map([...events.fields].map(([name, column]) => [name, texts(column)])),
  };
}

function lengthAt(starts: Int32Array, index: number): number {
  return (starts[index + 1] as number) - (starts[index] as number);
}
