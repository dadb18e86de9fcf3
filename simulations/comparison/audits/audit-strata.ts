/** The frame at the end of the range in strata: who is adverse under which policy, by size. What audits are planned and drawn from. */
import { present } from "../../../data/foundation/index.ts";
import { labels } from "../../../data/panel/index.ts";
import type { EndCollected } from "../collect-end.ts";
import type { LabelColumns } from "../errors/collect-labels.ts";
import { groupNames } from "../errors/error-tally.ts";
import type { ComparisonPlan } from "../plan.ts";
import { bandName, sizeBandNames, sizeBandOf } from "../size-bands.ts";
import type { AuditStratum } from "./audits.ts";

/** Every stratum, those without entities too: by group, then by size. Without an orders measure there is one size. */
export interface Strata {
  readonly strata: readonly AuditStratum[];
  /** By entity: its stratum, -1 outside the frame. */
  readonly of: Int16Array;
}

/** What strata are told from: the ends of a range, and the labels of the table by precedence, which comes first. */
export interface StrataColumns extends EndCollected {
  readonly labels: readonly Pick<LabelColumns, "label">[];
}

/**
 * The strata of one candidate. Labels are those of the table by precedence, at its own date, of the entities that are in the stratum now.
 * Cost: one pass over the columns, 2 bytes an entity.
 */
export function stratify(plan: ComparisonPlan, collected: StrataColumns, candidate: number): Strata {
  const { adverse, columns } = present(plan.pairs[candidate], "tier pairs");
  const [before, after] = [present(collected.end.held[0], "held tiers"), present(collected.end.held[candidate + 1], "held tiers")];
  const sizes = plan.ordersColumn < 0 ? ["all"] : sizeBandNames.map(bandName);
  const counts = groupNames.flatMap((group) => sizes.map((size) => ({ group, size, entities: 0, labelled: 0, fine: 0 })));
  const of = new Int16Array(collected.entityCount).fill(-1);
  const label = collected.labels[0]?.label;
  for (let entity = 0; entity < collected.entityCount; entity++) {
    if ((before[entity] as number) < 0) continue;
    const pair = (before[entity] as number) * columns + (after[entity] as number);
    const size = plan.ordersColumn < 0 ? 0 : sizeBandOf(plan, collected.end.orders[entity] as number);
    const code = groupOfPair(adverse[pair] as number) * sizes.length + size;
    of[entity] = code;
    const stratum = present(counts[code], "a stratum");
    stratum.entities++;
    const said = label?.[entity];
    if (said !== labels.fine && said !== labels.harmful) continue;
    stratum.labelled++;
    if (said === labels.fine) stratum.fine++;
  }
  return { strata: counts, of };
}

/** From adverse under the candidate (1) and the baseline (2) to the place in `groupNames`. */
function groupOfPair(adverse: number): number {
  return [3, 1, 2, 0][adverse] as number;
}
