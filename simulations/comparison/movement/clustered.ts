/** Intervals of shares and of differences whose variance comes from entities, each with all of its rows. */
import { criticalValue, type Estimated, entityDraw, estimated, undetermined, wilsonBounds } from "../../statistics/index.ts";

/** Fewer entities than this give no interval that holds its level. */
const entitiesMin = 10;

/** A share of rows of several entities. */
export interface ClusteredShare {
  readonly part: number;
  readonly whole: number;
  /** Of the share, by entity (sum of squared influences). */
  readonly variance: number;
  /** Entities with at least one row in the denominator. */
  readonly entities: number;
  readonly level: number;
  readonly method?: string;
}

/**
 * Wilson's interval at the number of independent rows that would have this variance; where none or all of the rows count there is no variance, and the
 * entities stand for it. Undetermined below 10 entities.
 * Sources: Wilson (1927); Dean and Pagano (2015), Journal of Survey Statistics and Methodology 3, 484-503.
 */
export function clusteredShare({ part, whole, variance, entities, level, method = "Wilson score" }: ClusteredShare): Estimated {
  if (whole === 0) return undetermined("0 of 0: no row in the denominator", "at least one row");
  const value = part / whole;
  if (entities < entitiesMin)
    return undetermined(
      entities === 1 ? "one entity alone: too few for an interval" : `${entities} entities: too few for an interval`,
      `at least ${entitiesMin} entities`,
    );
  const corrected = (variance * entities) / (entities - 1);
  const spread = value * (1 - value);
  const effective = spread > 0 && corrected > 0 ? Math.min(spread / corrected, whole) : entities;
  const bounds = wilsonBounds(value * effective, effective, criticalValue(level));
  return estimated({
    value,
    lower: Math.max(0, Math.min(bounds.lower, value)),
    upper: Math.min(1, Math.max(bounds.upper, value)),
    level,
    standardError: Math.sqrt(corrected),
    method: `${method} at the effective number of rows, clustered by entity`,
    n: entities,
    assumptions: [entityDraw],
  });
}

/** A smooth function of sums over entities: its value with the normal interval of the delta method. Undetermined below 10 entities, and where nothing varies. */
export function clusteredValue(options: {
  readonly value: number;
  readonly variance: number;
  readonly entities: number;
  readonly level: number;
  readonly lowest?: number;
  readonly method: string;
}): Estimated {
  const { value, variance, entities, level, lowest = Number.NEGATIVE_INFINITY, method } = options;
  if (entities < entitiesMin)
    return undetermined(
      entities === 1 ? "one entity alone: too few for an interval" : `${entities} entities: too few for an interval`,
      `at least ${entitiesMin} entities`,
    );
  if (!(variance > 0)) return undetermined("every entity says the same: nothing varies", "entities that differ");
  const standardError = Math.sqrt((variance * entities) / (entities - 1));
  const spread = criticalValue(level) * standardError;
  return estimated({
    value,
    lower: Math.max(value - spread, lowest),
    upper: value + spread,
    level,
    standardError,
    method,
    n: entities,
    assumptions: [entityDraw],
  });
}
