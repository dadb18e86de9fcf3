/** Who a guard speaks of: everyone, a size band, or the entities with a value of a text attribute. */
import { type Diagnostic, diagnose, nearestName } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { GuardColumns } from "./collect.ts";
import type { Guard } from "./guard.ts";
import { type SizeBand, sizeBandNames } from "./size-bands.ts";

/** A resolved segment. */
export type Segment =
  | { readonly kind: "everyone" }
  | { readonly kind: "size"; readonly band: SizeBand }
  | { readonly kind: "attribute"; readonly name: string; readonly code: number; readonly value: string };

/** What the segment's word means on this panel, or the fault: no such value, one of several attributes, no measure of orders. */
export function resolveSegment({ segment }: Guard, schema: PanelSchema): Segment | Diagnostic {
  if (segment === undefined) return { kind: "everyone" };
  const { value, place } = segment;
  const attributes = schema.attributes.filter(({ type, values }) => type === "text" && (values ?? []).includes(value));
  const [attribute, second] = attributes;
  const band = sizeBandNames.find(({ word }) => word === value);
  if (attribute !== undefined && (second !== undefined || band !== undefined)) {
    const meanings = [...(band === undefined ? [] : ["size"]), ...attributes.map(({ name }) => name)].join(" and ");
    return diagnose("unknown-value", {
      severity: "error",
      message: `'${value}' is a value of ${meanings}, so it does not say whom the guard means`,
      place,
      found: value,
      expected: "a value of one attribute only",
      cure: "Use a segment whose value is unique.",
    });
  }
  if (attribute !== undefined) return { kind: "attribute", name: attribute.name, code: attribute.values?.indexOf(value) ?? -1, value };
  if (band !== undefined && schema.ordersMeasure !== undefined) return { kind: "size", band };
  const known = [...sizeBandNames.map(({ word }) => word), ...schema.attributes.flatMap(({ values }) => values ?? [])];
  const message =
    band === undefined
      ? `no attribute of the dataset has the value '${value}', and no size band is called so`
      : `the dataset says of no measure that it counts orders, so nobody is '${value}'`;
  return diagnose("unknown-value", {
    severity: "error",
    message,
    place,
    found: value,
    expected: known.slice(0, 20).join(", "),
    near: nearestName(value, known),
  });
}

/** The segment in words; empty for everyone. */
export function saySegment(segment: Segment): string {
  switch (segment.kind) {
    case "everyone":
      return "";
    case "attribute":
      return `with ${segment.name} ${segment.value}`;
    case "size":
      return segment.band.below === undefined
        ? `with ${segment.band.from} orders or more in 84 days`
        : `with ${segment.band.from} to ${segment.band.below - 1} orders in 84 days`;
  }
}

/** Whether an entity in the frame at the end of the range is in the segment. */
export function isInSegment({ plan, collected }: GuardColumns, segment: Segment, entity: number): boolean {
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
