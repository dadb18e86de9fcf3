/** The studentised range: the largest difference among means, over their estimated deviation. Tukey's honest significant differences. */
import { invariant } from "../../../data/foundation/index.ts";
import { lineIntegral } from "../numerics/line-integral.ts";
import { rootNear } from "../numerics/root.ts";
import type { MaximumDistribution } from "./maximum-of-t.ts";
import { normalCdf, normalDensity, normalHazard, normalSurvival } from "./normal.ts";
import { meanOverDeviation } from "./scaled-mean-square.ts";

/**
 * The range of `groups` independent standard normals over an independent estimate of their deviation: two integrals over smooth functions. The upper
 * tail to about 1e-12 of itself, the lower one to 1e-14. Degrees of freedom may be Infinity. Source: Hartley (1942), Biometrika 32, 334-348.
 *
 * @example
 * studentisedRange(3, 10).survival(3.876776749).toFixed(6)
 * // => "0.050000"
 */
export function studentisedRange(groups: number, degreesOfFreedom: number): MaximumDistribution {
  invariant(Number.isInteger(groups) && groups >= 2, `a range of ${groups} groups`);
  invariant(degreesOfFreedom > 0, `${degreesOfFreedom} degrees of freedom`);
  const survival = (q: number): number =>
    q <= 0
      ? 1
      : averaged(
          degreesOfFreedom,
          q,
          (range) => rangeIntegral(groups, range, true),
          (x) => (-x / 2) * normalHazard(x / Math.SQRT2) * Math.SQRT2,
        );
  const cdf = (q: number): number =>
    q <= 0
      ? 0
      : averaged(
          degreesOfFreedom,
          q,
          (range) => rangeIntegral(groups, range, false),
          (x) => ((groups - 1) * x * normalDensity(x / 2)) / (0.5 - normalSurvival(x / 2)) / 2,
        );
  const upperQuantile = (p: number): number => {
    invariant(p > 0 && p < 1, `a quantile of probability ${p}`);
    const [tail, target] = p <= 0.5 ? [survival, p] : [cdf, 1 - p];
    const excess = (l: number): number => Math.max(-1e4, Math.log(tail(Math.exp(l)))) - Math.log(target);
    return Math.exp(rootNear(excess, Math.log(3), tail === cdf, 0.25));
  };
  return { cdf, survival, upperQuantile };
}

function averaged(degreesOfFreedom: number, q: number, value: (range: number) => number, slope: (range: number) => number): number {
  if (q === Number.POSITIVE_INFINITY) return value(q);
  return Math.min(
    1,
    meanOverDeviation(degreesOfFreedom, { value: (s) => value(q * s), slope: (s) => slope(q * s), width: (s) => 0.8 / Math.max(1, q * s) }),
  );
}

/** P(range of `groups` standard normals > or <= w): over the largest of them, z, the others lie between z - w and z. */
function rangeIntegral(groups: number, w: number, upper: boolean): number {
  if (w === Number.POSITIVE_INFINITY) return upper ? 0 : 1;
  const others = groups - 1;
  const integrand = (z: number): number => {
    const density = normalDensity(z);
    if (density === 0) return 0;
    const low = z - w;
    if (upper) {
      // Phi(z)^others less (Phi(z) - Phi(z - w))^others, without the cancellation.
      const below = normalCdf(z);
      const share = Math.min(1, normalCdf(low) / below);
      return density * below ** others * -Math.expm1(others * Math.log1p(-share));
    }
    const within = low > 0 ? normalSurvival(low) - normalSurvival(z) : normalCdf(z) - normalCdf(low);
    return density * within ** others;
  };
  return groups * lineIntegral(integrand, { at: upper ? w / 2 : Math.min(w / 2, 2), width: groups < 10 ? 0.8 : 0.5 });
}
