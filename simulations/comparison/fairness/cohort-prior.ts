/** The beta law from which a cohort's true shares are taken to come. */
import { invariant } from "../../../data/foundation/index.ts";

/** Mean of the true shares, and how many trials knowing the cohort is worth: a beta law with a = mean x strength. */
export interface CohortPrior {
  readonly mean: number;
  readonly strength: number;
}

const rounds = 50;
/** A cohort without any spread beyond chance is worth this many trials, and never more. */
const strengthMost = 10_000;
const strengthLeast = 0.5;

/**
 * Fits mean and strength to parts of wholes by Kleinman's moments, each entity weighed by n / (1 + (n - 1) rho) until rho stands still, so
 * that a few large ones do not decide. Undefined with fewer than two entities that have trials, or when the parts are none or all.
 * Source: Kleinman (1973), J. Am. Stat. Assoc. 68, 46-54.
 *
 * @example
 * cohortPrior([0, 0], [10, 10])
 * // => undefined
 */
export function cohortPrior(parts: ArrayLike<number>, wholes: ArrayLike<number>): CohortPrior | undefined {
  const rows: (readonly [x: number, n: number])[] = [];
  for (let i = 0; i < wholes.length; i++)
    if ((wholes[i] as number) > 0) rows.push([Math.min(parts[i] as number, wholes[i] as number), wholes[i] as number]);
  let correlation = 0;
  let mean = 0;
  for (let round = 0; round < rounds; round++) {
    const weights = rows.map(([, n]) => n / (1 + (n - 1) * correlation));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    mean = rows.reduce((sum, [x, n], i) => sum + (weights[i] as number) * (x / n), 0) / total;
    if (rows.length < 2 || !(mean > 0 && mean < 1)) return undefined;
    const spread = rows.reduce((sum, [x, n], i) => sum + (weights[i] as number) * (x / n - mean) ** 2, 0);
    // E[spread] = mean (1 - mean) (sum of w (1 - w / W) / n, times 1 - rho, plus rho times sum of w (1 - w / W)).
    let [byTrial, whole] = [0, 0];
    for (const [i, [, n]] of rows.entries()) {
      const weight = weights[i] as number;
      byTrial += (weight * (1 - weight / total)) / n;
      whole += weight * (1 - weight / total);
    }
    const next = Math.min(1, Math.max(0, (spread / (mean * (1 - mean)) - byTrial) / (whole - byTrial || 1)));
    const isStill = Math.abs(next - correlation) < 1e-12;
    correlation = next;
    if (isStill) break;
  }
  invariant(Number.isFinite(correlation), "the correlation within entities");
  const strength = correlation > 0 ? 1 / correlation - 1 : strengthMost;
  return { mean, strength: Math.min(strengthMost, Math.max(strengthLeast, strength)) };
}
