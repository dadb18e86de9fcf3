/** Stays in adverse tiers, each with its length and how it ended: a list that grows. */

/** How a stay ended within the range: it runs on where the range ends, its entity held no adverse tier, or left the frame. */
export const ends = { running: 0, recovered: 1, closed: 2 } as const;

/** A code of `ends`. */
export type StayEnd = (typeof ends)[keyof typeof ends];

/** Stays in the order of their entities. The arrays may be longer than `count`. Plain data. */
export interface Stays {
  count: number;
  /** Stays that ran already where the range begins: their length is not known. */
  running: number;
  entity: Int32Array;
  /** Periods * 4 + how it ended. */
  stay: Int32Array;
}

export function stayList(): Stays {
  return { count: 0, running: 0, entity: new Int32Array(0), stay: new Int32Array(0) };
}

export function addStay(stays: Stays, entity: number, periods: number, end: StayEnd): void {
  reserve(stays, stays.count + 1);
  stays.entity[stays.count] = entity;
  stays.stay[stays.count] = periods * 4 + end;
  stays.count++;
}

/** Appends those of the next chunk, whose first entity is `offset`. */
export function addStays(stays: Stays, more: Stays, offset: number): void {
  reserve(stays, stays.count + more.count);
  for (let index = 0; index < more.count; index++) stays.entity[stays.count + index] = offset + (more.entity[index] as number);
  stays.stay.set(more.stay.subarray(0, more.count), stays.count);
  stays.count += more.count;
  stays.running += more.running;
}

export function periodsOf(stay: number): number {
  return stay >> 2;
}

export function endOf(stay: number): StayEnd {
  return (stay & 3) as StayEnd;
}

function reserve(stays: Stays, count: number): void {
  if (count <= stays.entity.length) return;
  const size = Math.max(count, 2 * stays.entity.length, 64);
  const [entity, stay] = [new Int32Array(size), new Int32Array(size)];
  entity.set(stays.entity);
  stay.set(stays.stay);
  stays.entity = entity;
  stays.stay = stay;
}
