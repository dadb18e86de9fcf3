/** Bands of age, and where an entity's age comes from. */
import type { ComparisonPlan } from "../plan.ts";

/** Lower bounds of the age bands, in days since opening. */
export const ageBands = [0, 90, 365] as const;

/** The code of an entity that is in no band. */
export const noBand = 255;

/** The code of an age that is not known: the entity was there when the data begin, and nothing says when it opened. */
export const unknownAge = ageBands.length;

/** Names by code of age band, the unknown age last. */
export const ageNames = ["under 90 days", "90 to 364 days", "365 days and more", "there when the data begin"] as const;

/** The position of the age band. */
export function ageBandOf(days: number): number {
  return ageBands.findLastIndex((from, index) => index === 0 || days >= from);
}

/** The day attribute that says when an entity began: what a policy's shield counts from, else one that is named so; -1 without. */
export function openingAttribute({ policies, schema }: Pick<ComparisonPlan, "policies" | "schema">): number {
  const shields = policies.flatMap(({ movement }) => (movement.shield === undefined ? [] : [movement.shield.since]));
  const days = [...schema.attributes.keys()].filter((index) => schema.attributes[index]?.type === "day");
  const named = (fits: (name: string) => boolean): number | undefined => days.find((index) => fits(schema.attributes[index]?.name ?? ""));
  return named((name) => shields.includes(name)) ?? named((name) => /^(opened|joined|created|registered|started)/.test(name)) ?? -1;
}
