/** Several distances between two distributions over the same entities, against one set of label swaps. */
import {
  type LabelNullOptions,
  labelNull,
  type PairedCounts,
  type PointCounts,
  type Shuffle,
  swapLabels,
  undetermined,
} from "../../statistics/index.ts";
import type { Distance } from "./drift.ts";

export const noneDiffers = "no entity differs between the two: there is nothing to swap";

/**
 * Each distance with its null. The swaps are drawn once, because drawing is what costs: draws times the pairs of values that differ. Memory: draws times two
 * counts a point. `exact`: the same values with all their digits, where `counts` have fewer: the distance is theirs, its place among the shuffles that of `counts`.
 * `alike`: why there is nothing to swap, where no pair of `counts` differs.
 */
export function pairedDistances<Name extends string>(
  counts: PairedCounts,
  distances: Readonly<Record<Name, (counts: PointCounts) => number>>,
  options: LabelNullOptions,
  { exact = counts, alike = noneDiffers }: { readonly exact?: PointCounts; readonly alike?: string } = {},
): Readonly<Record<Name, Distance>> {
  const each = (distance: (of: (counts: PointCounts) => number) => Distance) =>
    Object.fromEntries(Object.entries(distances).map(([name, of]) => [name, distance(of as (counts: PointCounts) => number)])) as Record<
      Name,
      Distance
    >;
  if (counts.pairs.length === 0) return each(() => undetermined("no entity has a value on both sides", "entities with both values"));
  if (counts.pairs.every(({ control, treatment }) => control === treatment))
    return each(() => undetermined(alike, "entities that differ by more"));
  const shuffle = swapLabels(counts);
  const drawn: PointCounts[] = [];
  const again = (): Shuffle => {
    let next = 0;
    return (stream) => {
      const known = drawn[next++];
      if (known !== undefined) return known;
      const { points, control, treatment } = shuffle(stream);
      const kept = { points, control: control.slice(), treatment: treatment.slice() };
      drawn.push(kept);
      return kept;
    };
  };
  return each((of) => {
    const { pValue, quantile, mean } = labelNull(of(counts), again(), of, options);
    return { kind: "distance", value: of(exact), ...(quantile === undefined ? {} : { nullQuantile: quantile }), nullMean: mean, pValue };
  });
}
