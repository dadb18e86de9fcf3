/** What a kernel reads of a chunk's events beyond kind and known day, and how it is laid out for it: texts and ids as integers. */
import { type Day, firstDayOf, type PeriodIndex, periodOf, present } from "../../data/foundation/index.ts";
import type { EventColumns, PanelChunk, PanelSchema } from "../../data/panel/index.ts";

/** An event of kind `event` takes back the event of kind `of` that its field `about` names. */
export interface TakeBack {
  readonly event: string;
  readonly of: string;
}

/** Stands for a day that never comes. */
export const NOT_EVER = 2_147_483_647;

/** Collects what is read of events while a kernel is written. */
export class EventReads {
  readonly #schema: PanelSchema;
  readonly #fields: string[] = [];
  readonly #texts: string[] = [];
  readonly #takeBacks: TakeBack[] = [];

  constructor(schema: PanelSchema) {
    this.#schema = schema;
  }

  /** Text fields that the kernel reads, by position. */
  get fields(): readonly string[] {
    return this.#fields;
  }

  /** Pairs of kinds of which one takes the other back, by position. */
  get takeBacks(): readonly TakeBack[] {
    return this.#takeBacks;
  }

  /** The code of a kind of event. */
  kind(event: string): number {
    const kind = this.#schema.events.findIndex((candidate) => candidate.name === event);
    present(this.#schema.events[kind], `event ${event} of the panel`);
    return kind;
  }

  /** The position of a text field among those that are read. */
  field(name: string): number {
    return positionIn(this.#fields, name);
  }

  /** The position of a pair of kinds. */
  takeBack(pair: TakeBack): number {
    return this.#takeBacks.push(pair) - 1;
  }

  /** The code of a text in every field. Codes after these go to texts that the policy does not name. */
  text(text: string): number {
    return positionIn(this.#texts, text);
  }

  /** The fields of a chunk's events as codes, -1 where an event carries none. Equal texts have equal codes, whatever the field. */
  fieldCodes({ count, fields }: EventColumns): readonly Int32Array[] {
    const codes = new Map(this.#texts.map((text, code) => [text, code]));
    let next = codes.size;
    return this.#fields.map((name) => {
      const column = new Int32Array(count).fill(-1);
      for (const [index, text] of (fields.get(name) ?? []).entries()) {
        if (text === "") continue;
        let code = codes.get(text);
        if (code === undefined) {
          code = next++;
          codes.set(text, code);
        }
        column[index] = code;
      }
      return column;
    });
  }
}

/**
 * For each entity, its first event that was known after a day: what evaluations that saw that day's end have not seen. An entity that
 * begins later was not evaluated then, and has seen nothing.
 */
export function firstUnseen(schema: PanelSchema, { entityCount, firstPeriod, events }: PanelChunk, seenTo: Day): Int32Array {
  return Int32Array.from({ length: entityCount }, (_, entity) => {
    const end = events.start[entity + 1] as number;
    let at = events.start[entity] as number;
    if (firstDayOf(schema.grain, firstPeriod[entity] as PeriodIndex) > seenTo) return at;
    while (at < end && (events.knownDay[at] as number) <= seenTo) at++;
    return at;
  });
}

/** The how manieth event of its kind each one is for its entity, from 1. */
export function eventNumbers(schema: PanelSchema, { entityCount, events }: PanelChunk): Int32Array {
  const numbers = new Int32Array(events.count);
  const counts = new Int32Array(schema.events.length);
  for (let entity = 0; entity < entityCount; entity++) {
    counts.fill(0);
    for (let event = events.start[entity] as number; event < (events.start[entity + 1] as number); event++) {
      const kind = events.kind[event] as number;
      const number = (counts[kind] as number) + 1;
      counts[kind] = number;
      numbers[event] = number;
    }
  }
  return numbers;
}

/** The period in which each event was known, counted from the panel's first. */
export function eventPeriods(schema: PanelSchema, { knownDay }: EventColumns): Int32Array {
  return knownDay.map((day) => periodOf(schema.grain, day) - schema.firstPeriod);
}

/** The day on which it is known that each event is taken back; NOT_EVER for those that never are. */
export function takenBackDays(schema: PanelSchema, chunk: PanelChunk, { event, of }: TakeBack): Int32Array {
  const { events, entityCount } = chunk;
  const days = new Int32Array(events.count).fill(NOT_EVER);
  const about = events.fields.get("about");
  if (about === undefined) return days;
  const taking = schema.events.findIndex(({ name }) => name === event);
  const taken = schema.events.findIndex(({ name }) => name === of);
  const dayById = new Map<string, number>();
  for (let entity = 0; entity < entityCount; entity++) {
    const [begin, end] = [events.start[entity] as number, events.start[entity + 1] as number];
    dayById.clear();
    for (let index = begin; index < end; index++) {
      const id = about[index] as string;
      if (events.kind[index] === taking && id !== "" && !dayById.has(id)) dayById.set(id, events.knownDay[index] as number);
    }
    if (dayById.size === 0) continue;
    for (let index = begin; index < end; index++) {
      if (events.kind[index] === taken) days[index] = dayById.get(events.id[index] as string) ?? NOT_EVER;
    }
  }
  return days;
}

function positionIn(list: string[], text: string): number {
  const known = list.indexOf(text);
  return known >= 0 ? known : list.push(text) - 1;
}
