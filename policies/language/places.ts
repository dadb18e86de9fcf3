/**
 * Where the parts of a checked policy stood in their files. Kept beside the policy, not in it, so that the policy stays plain
 * data that is equal when it means the same; a copy (sent to a worker, read from a store) has no places.
 */
import type { Place } from "../../data/foundation/index.ts";

const places = new WeakMap<object, Place>();

/** Remembers where a part was written, and returns the part. */
export function located<T extends object>(part: T, place: Place): T {
  places.set(part, place);
  return part;
}

/** Where a part was written; undefined for a policy that was not read from a file in this process. */
export function placeOfPart(part: object): Place | undefined {
  return places.get(part);
}

/** A changed copy of a part that keeps its place. */
export function relocated<T extends object>(part: T, original: object): T {
  const place = places.get(original);
  if (place !== undefined) places.set(part, place);
  return part;
}
