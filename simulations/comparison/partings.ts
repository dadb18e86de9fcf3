/** The ways in which a comparison parts entities, as of one period: what kernels and SQL group by, and what the groups are called. */
import type { PeriodIndex } from "../../data/foundation/index.ts";
import { findMeasure, type PanelSchema, type Parting } from "../../data/panel/index.ts";
import type { Policy } from "../../policies/language/checked/index.ts";
import { ageNames, ageParting } from "./fairness/bands.ts";
import { ordersSpanTo } from "./plan.ts";
import { bandName, sizeBandNames, sizeParting } from "./size-bands.ts";

/** A parting under the name of its segmentation. */
export interface NamedParting {
  readonly segment: string;
  /** By group. */
  readonly names: readonly string[];
  readonly parting: Parting;
}

/** By each text attribute, by size where a measure counts orders, and by age: the segmentations of `segmentationsOf`. */
export function partingsAt(policies: readonly Policy[], schema: PanelSchema, at: PeriodIndex): readonly NamedParting[] {
  const texts = schema.attributes.filter(({ type }) => type === "text");
  const byAttribute = texts.map(({ name, values = [] }): NamedParting => {
    return { segment: name, names: [...values, "missing"], parting: { kind: "attribute", name } };
  });
  const orders = schema.ordersMeasure === undefined ? undefined : findMeasure(schema, schema.ordersMeasure);
  const bySize: readonly NamedParting[] =
    orders === undefined
      ? []
      : [{ segment: "size", names: sizeBandNames.map(bandName), parting: sizeParting(orders.measure, ordersSpanTo(schema.grain, at)) }];
  return [...byAttribute, ...bySize, { segment: "age", names: ageNames, parting: ageParting(policies, schema) }];
}
