/** Who a guard speaks of: everyone, a size band, or the entities with a value of a text attribute. */
import type { NamedSegment } from "../comparison/index.ts";
import type { GuardColumns } from "./collect.ts";

/** Whether an entity in the frame at the end of the range is in the segment. */
export function isInSegment({ plan, collected }: GuardColumns, segment: NamedSegment, entity: number): boolean {
  switch (segment.kind) {
    case "everyone":
      return true;
    case "attribute": {
      const index = plan.textAttributes.findIndex((position) => plan.schema.attributes[position]?.name === segment.name);
      return collected.end.attributes[index]?.[entity] === segment.code;
    }
    case "size": {
      const scale = 10 ** (plan.schema.measures[plan.ordersColumn]?.decimals ?? 0);
      const orders = (collected.end.orders[entity] as number) / scale;
      const { from, below = Number.POSITIVE_INFINITY } = segment.band;
      return (orders >= from || from === 0) && orders < below;
    }
  }
}
