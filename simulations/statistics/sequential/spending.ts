/** How much of the error probability may be spent by each share of the information. */
import { invariant } from "../../../data/foundation/index.ts";
import { normalQuantile, normalSurvival } from "../distributions/index.ts";

/** A spending function by its name in the field. `power`: Kim and DeMets; `hwang-shih-decani`: gamma family, near -4 like O'Brien-Fleming, near 1 like Pocock. */
export type Spending =
  | { readonly kind: "obrien-fleming" }
  | { readonly kind: "pocock" }
  | { readonly kind: "power"; readonly rho: number }
  | { readonly kind: "hwang-shih-decani"; readonly gamma: number };

/**
 * The error spent, of `total` on one side, when this share of the information is there; 0 at 0, all of it from 1 on.
 * Source: Lan and DeMets (1983), Biometrika 70, 659-663; Kim and DeMets (1987), Biometrika 74, 149-154; Hwang, Shih and De Cani (1990), Stat. Med. 9, 1439-1445.
 *
 * @example
 * spentError({ kind: "power", rho: 2 }, 0.04, 0.5)
 * // => 0.01
 */
export function spentError(spending: Spending, total: number, share: number): number {
  invariant(total > 0 && total < 1 && share >= 0, `${total} to spend at a share of ${share}`);
  if (share === 0) return 0;
  if (share >= 1) return total;
  switch (spending.kind) {
    case "obrien-fleming":
      return 2 * normalSurvival(-normalQuantile(total / 2) / Math.sqrt(share));
    case "pocock":
      return total * Math.log1p((Math.E - 1) * share);
    case "power":
      return total * share ** spending.rho;
    case "hwang-shih-decani":
      // The limit, where a gamma is so near 0 that its product with a share would lose digits.
      return Math.abs(spending.gamma) < 1e-290
        ? total * share
        : (total * Math.expm1(-spending.gamma * share)) / Math.expm1(-spending.gamma);
  }
}
