/** The rule of a design as a function: a unit's key in, its arm out, or why it has none. */
import { type DealingRule, dealtThing, type ExperimentDesign } from "../design/experiment-design.ts";
import { armRanges, bucketCount, bucketOf } from "./assignment.ts";
import { growthbookPlace, growthbookRanges, rangeOfPlace } from "./growthbook.ts";

/** Why a unit is in no arm that is analysed. */
export const setAsideReasons = ["holdout", "other layer part", "not ramped yet", "override", "not listed", "not exposed"] as const;
export type SetAside = (typeof setAsideReasons)[number];

/** What a rule says of a unit. `arm`: the position of the arm that it is to be given, -1 for none. */
export interface Dealt {
  readonly arm: number;
  /** Absent for units that are in the experiment. */
  readonly setAside?: SetAside;
}

/** What a span of a switchback is called beside its unit. */
export const spanSeparator = " @";

/** The rule that a design states; refuses designs whose arms are recorded. */
export function ruleOf({ assignment }: Pick<ExperimentDesign, "assignment">): DealingRule {
  if (assignment.kind === "recorded") throw new RangeError("arms are recorded, not dealt");
  return assignment;
}

/**
 * Deals by a rule. The key is what is dealt: a unit, a cluster's value, or of a switchback `<unit> @<span>` with spans counted from 0; `listed` gives the
 * arms of a list that was dealt at once. An override stands before everything else, then the holdout, then the layer, then the ramp. Holdouts and layers
 * are hashed by their own names, so that they are the same for all experiments and independent of the arms. Cost: one to three hashes a key.
 */
export function dealing(
  design: Pick<ExperimentDesign, "arms" | "assignment">,
  listed?: ReadonlyMap<string, number>,
): (key: string) => Dealt {
  const rule = ruleOf(design);
  const overrides = new Map(
    Object.entries(rule.overrides ?? {}).map(([unit, name]) => [unit, design.arms.findIndex((arm) => arm.name === name)]),
  );
  const deals = dealtThing(design);
  const armAt = deals.kind === "list" ? (key: string) => listed?.get(key) ?? -1 : byHash(design, rule);
  const outside: SetAside = deals.kind === "list" ? "not listed" : "not ramped yet";
  return (key) => {
    const unit = deals.kind === "switchback" ? key.slice(0, key.lastIndexOf(spanSeparator)) : key;
    const forced = overrides.get(unit);
    if (forced !== undefined) return { arm: forced, setAside: "override" };
    if (isHeldOut(rule, unit)) return { arm: -1, setAside: "holdout" };
    if (!isInLayer(rule, unit)) return { arm: -1, setAside: "other layer part" };
    const arm = armAt(key);
    return arm < 0 ? { arm: -1, setAside: outside } : { arm };
  };
}

/** What a holdout's units are hashed under: its own name, so that they are the same for all experiments. */
export function holdoutSalt(name: string): string {
  return `holdout ${name}`;
}

/** Whether the holdout of a rule keeps a unit out. */
export function isHeldOut({ holdout }: Pick<DealingRule, "holdout">, unit: string): boolean {
  return holdout !== undefined && bucketOf(holdoutSalt(holdout.name), unit) < Math.round(holdout.share * bucketCount);
}

function isInLayer({ layer }: DealingRule, unit: string): boolean {
  if (layer === undefined) return true;
  const bucket = bucketOf(`layer ${layer.name}`, unit);
  return bucket >= Math.round(layer.from * bucketCount) && bucket < Math.round(layer.to * bucketCount);
}

/** -1 for keys that the ramp has not reached. */
function byHash({ arms }: Pick<ExperimentDesign, "arms">, { algorithm, salt, ramp = 1 }: DealingRule): (key: string) => number {
  const shares = arms.map(({ share }) => share);
  if (algorithm === "growthbook-2") {
    const ranges = growthbookRanges(ramp, shares);
    return (key) => rangeOfPlace(growthbookPlace(salt, key, 2), ranges);
  }
  const ranges = armRanges(shares, ramp);
  return (key) => rangeOfPlace(bucketOf(salt, key), ranges);
}
