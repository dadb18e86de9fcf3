/** The four groups that two policies make of the entities in the frame. */
export const groupNames = ["both", "newly", "released", "neither"] as const;

/** The name of a group: adverse under both, newly adverse, released, adverse under neither. */
export type GroupName = (typeof groupNames)[number];

/** Which of the four groups. */
export function groupOf(before: boolean, after: boolean): GroupName {
  return before ? (after ? "both" : "released") : after ? "newly" : "neither";
}
