/** Bands of age, and where an entity's age comes from. */
import type { PanelSchema, Parting } from "../../../data/panel/index.ts";
import type { Policy } from "../../../policies/language/checked/index.ts";

/** Lower bounds of the age bands, in days since opening. */
const ageBands = [0, 90, 365] as const;

/** The code of an entity that is in no band. */
export const noBand = 255;

/** Names by code of age band, the age that is not known last: the entity was there when the data begin, and nothing says when it opened. */
export const ageNames = ["under 90 days", "90 to 364 days", "365 days and more", "there when the data begin"] as const;

/** The parting by age. */
export function ageParting(policies: readonly Policy[], schema: PanelSchema): Parting {
  const opening = openingAttribute(policies, schema);
  return { kind: "age", ...(opening === undefined ? {} : { opening }), bounds: ageBands };
}

/** The day attribute that says when an entity began: what a policy's shield counts from, else one that is named so. */
function openingAttribute(policies: readonly Policy[], { attributes }: PanelSchema): string | undefined {
  const shields = policies.flatMap(({ movement }) => (movement.shield === undefined ? [] : [movement.shield.since]));
  const days = attributes.flatMap(({ type, name }) => (type === "day" ? [name] : []));
  return days.find((name) => shields.includes(name)) ?? days.find((name) => /^(opened|joined|created|registered|started)/.test(name));
}
