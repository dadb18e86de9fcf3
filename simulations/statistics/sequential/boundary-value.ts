/** The value of a named confidence-sequence boundary, as an entry of the table gives it. */
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { type Mixture, mixtureBound, type Tuning } from "./mixtures.ts";
import { doubleStitchingBound, empiricalProcessBound, polyStitchingBound } from "./stitching.ts";

/** Which boundary, with its own numbers. */
export type NamedBoundary =
  | { readonly kind: "mixture"; readonly mixture: Mixture; readonly tuning: Tuning }
  | { readonly kind: "poly-stitching"; readonly scale: number; readonly varianceMin: number }
  | { readonly kind: "quantile-stitching"; readonly quantile: number; readonly tunedFor: number }
  | { readonly kind: "empirical-process"; readonly nMin: number; readonly A: number };

/**
 * The boundary's value, an exact design figure, at a variance (mixtures, poly-stitching) or a number of units (the others). An empirical process
 * before its first n: Undetermined.
 *
 * @example
 * boundaryValue({ kind: "empirical-process", nMin: 100, A: 0.85 }, { at: 50, alpha: 0.05 }).kind
 * // => "undetermined"
 */
export function boundaryValue(boundary: NamedBoundary, { at, alpha }: { readonly at: number; readonly alpha: number }): Found {
  if (boundary.kind === "mixture" && "scale" in boundary.mixture && (at + boundary.tuning.variance) / boundary.mixture.scale ** 2 > 1e9) {
    return undetermined(
      "the scale is so small beside the variance that its law is lost to rounding",
      "the one-sided normal mixture, which it then is",
    );
  }
  const value = valueAt(boundary, at, alpha);
  if (!Number.isFinite(value)) return undetermined(`the boundary begins later than at ${at}`, "a smaller first n");
  const name = boundary.kind === "mixture" ? `${boundary.mixture.kind} mixture` : boundary.kind;
  return finding({ estimate: estimated({ value, method: `${name} boundary`, n: at }), details: { alpha } });
}

function valueAt(boundary: NamedBoundary, at: number, alpha: number): number {
  switch (boundary.kind) {
    case "mixture":
      return mixtureBound(boundary.mixture, { variance: at, alpha }, boundary.tuning);
    case "poly-stitching":
      return polyStitchingBound({ ...boundary, variance: at, alpha });
    case "quantile-stitching":
      return doubleStitchingBound({ ...boundary, n: at, alpha });
    case "empirical-process":
      return empiricalProcessBound({ ...boundary, n: at, alpha });
  }
}
