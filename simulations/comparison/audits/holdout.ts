/** A randomised holdout from enforcement: how many of those held adverse would have to be left alone, and how many may be. */
import { criticalValue } from "../../statistics/index.ts";
import type { AuditStratum, HoldoutPlan, PlannedStratum } from "./audits.ts";

/** What a report plans for: the false share to five points, and at most one in ten of the adverse tier left alone. */
export const usualHoldout = { halfWidth: 0.05, shareMax: 0.1 } as const;

/**
 * The size that makes the false share of the candidate's adverse tier without restriction known to the half-width, by simple random drawing
 * without replacement, and the size under the cap. Where the cap binds, the same share of later entrants is held out until the wanted number
 * is reached: `rounds`. Nobody adverse: undefined. Source: Cochran (1977), Sampling Techniques, section 4.4.
 */
export function planHoldout(
  strata: readonly PlannedStratum[],
  { version, level, halfWidth, shareMax }: { version: string; level: number; halfWidth: number; shareMax: number },
): HoldoutPlan | undefined {
  const adverse = strata.filter(isAdverse);
  const entities = adverse.reduce((sum, stratum) => sum + stratum.entities, 0);
  if (entities === 0) return undefined;
  const falseShare = adverse.reduce((sum, { entities: size, prior }) => sum + size * prior, 0) / entities;
  const z = criticalValue(level);
  const spread = falseShare * (1 - falseShare);
  const unlimited = (z * z * spread) / halfWidth ** 2;
  const wanted = Math.min(entities, Math.max(1, Math.ceil(unlimited / (1 + (unlimited - 1) / entities))));
  const allowed = Math.floor(shareMax * entities);
  const size = Math.min(wanted, allowed);
  const parts = {
    version,
    adverse: entities,
    falseShare,
    wantedHalfWidth: halfWidth,
    wanted,
    shareMax,
    allowed,
    size,
    harmfulLeftAlone: size * (1 - falseShare),
  };
  if (size === 0) return parts;
  const within = entities === 1 ? 0 : (entities - size) / (entities - 1);
  return {
    ...parts,
    rounds: Math.ceil(wanted / size),
    halfWidth: z * Math.sqrt((spread / size) * within),
    ...(size === entities ? {} : { effectHalfWidth: z * Math.sqrt(spread * (1 / size + 1 / (entities - size))) }),
  };
}

function isAdverse({ group }: AuditStratum): boolean {
  return group === "both" || group === "newly";
}
