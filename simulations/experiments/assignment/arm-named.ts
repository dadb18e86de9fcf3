/** The rule of a design as a function: a unit's key in, the position of its arm out. */
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { armOf } from "./assignment.ts";
import { growthbookPlace, growthbookRanges, rangeOfPlace } from "./growthbook.ts";

/** Only for designs that deal units by a rule. Cost: one hash a unit. */
export function armNamed({ assignment, arms }: ExperimentDesign): (unit: string) => number {
  if (assignment.kind === "recorded") throw new RangeError("arms are recorded, not dealt");
  const { algorithm, salt } = assignment;
  switch (algorithm) {
    case "growthbook-2": {
      const ranges = growthbookRanges(
        1,
        arms.map(({ share }) => share),
      );
      return (unit) => rangeOfPlace(growthbookPlace(salt, unit, 2), ranges);
    }
    case "sha256-1": {
      const rule = { algorithm, salt, arms: arms.map(({ name, share }) => ({ name, weight: share })) };
      return (unit) => armOf(rule, unit);
    }
  }
}
