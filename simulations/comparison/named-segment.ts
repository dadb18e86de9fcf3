/** A segment by the word that a guard or a criterion calls it: a size band, or a value of a text attribute. */
import { type Diagnostic, diagnose, nearestName, type Place } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { type SizeBand, sizeBandNames } from "./size-bands.ts";

/** A segment as it is written, and where. */
export interface SegmentWord {
  readonly value: string;
  readonly place: Place;
}

/** A resolved segment. */
export type NamedSegment =
  | { readonly kind: "everyone" }
  | { readonly kind: "size"; readonly band: SizeBand }
  | { readonly kind: "attribute"; readonly name: string; readonly code: number; readonly value: string };

/** What the segment's word means on this panel, or the fault: no such value, one of several attributes, no measure of orders. */
export function resolveSegment(segment: SegmentWord | undefined, schema: PanelSchema): NamedSegment | Diagnostic {
  if (segment === undefined) return { kind: "everyone" };
  const { value, place } = segment;
  const attributes = schema.attributes.filter(({ type, values }) => type === "text" && (values ?? []).includes(value));
  const [attribute, second] = attributes;
  const band = sizeBandNames.find(({ word }) => word === value);
  if (attribute !== undefined && (second !== undefined || band !== undefined)) {
    const meanings = [...(band === undefined ? [] : ["size"]), ...attributes.map(({ name }) => name)].join(" and ");
    return diagnose("unknown-value", {
      severity: "error",
      message: `'${value}' is a value of ${meanings}, so it does not say who is meant`,
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
export function saySegment(segment: NamedSegment): string {
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
