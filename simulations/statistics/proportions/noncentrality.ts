/** The noncentral chi-squared distribution, as far as bounds of effect sizes need it. */
import { chiSquared, noncentralChiSquared, normalSurvival } from "../distributions/index.ts";
import { normalDensity } from "../distributions/normal.ts";
import { logOnePlusMinus } from "../numerics/gamma-function.ts";
import { fallingRoot } from "../numerics/root.ts";

/** Above this the saddlepoint's relative error is below 1e-9. */
const summedMax = 2_000_000;

/**
 * The probability that a noncentral chi-squared exceeds x: summed, or by Lugannani and Rice's saddlepoint where that would be long.
 *
 * @example
 * noncentralChiSquaredSurvival(3.841458820694124, 1, 7.848861).toFixed(4)
 * // => "0.8000"
 */
export function noncentralChiSquaredSurvival(x: number, degreesOfFreedom: number, noncentrality: number): number {
  if (x <= 0) return 1;
  if (degreesOfFreedom === 1) {
    const [root, shift] = [Math.sqrt(x), Math.sqrt(noncentrality)];
    return normalSurvival(root - shift) + normalSurvival(root + shift);
  }
  if (noncentrality === 0) return chiSquared(degreesOfFreedom).survival(x);
  return x + noncentrality > summedMax
    ? saddlepoint(x, degreesOfFreedom, noncentrality)
    : noncentralChiSquared(degreesOfFreedom, noncentrality).survival(x);
}

/** The largest noncentrality below which the statistic would exceed what was seen with less than the given probability: 0 exactly when the p-value is at least that. */
export function noncentralityBound(statistic: number, degreesOfFreedom: number, probability: number): number {
  if (!(chiSquared(degreesOfFreedom).survival(statistic) < probability)) return 0;
  const excess = (noncentrality: number): number =>
    Math.log(probability / noncentralChiSquaredSurvival(statistic, degreesOfFreedom, noncentrality));
  return fallingRoot(excess, 0, 4 * statistic + 100);
}

/** The noncentrality at which a test of the given level has the given power. */
export function noncentralityForPower({
  degreesOfFreedom,
  level,
  power,
}: Readonly<Record<"degreesOfFreedom" | "level" | "power", number>>): number {
  const critical = chiSquared(degreesOfFreedom).upperQuantile(1 - level);
  const lacking = (noncentrality: number): number => power - noncentralChiSquaredSurvival(critical, degreesOfFreedom, noncentrality);
  // Far out the sum is long: the end is looked for from the near side.
  const most = 40 * critical + 1000;
  let to = critical + 10;
  while (to < most && lacking(to) > 0) to = Math.min(2 * to, most);
  return fallingRoot(lacking, 0, to);
}

/** With u = 1 + y, where k u + noncentrality u² = x, the saddlepoint is y / 2u; written in y nothing cancels at the middle, where y is 0. */
function saddlepoint(x: number, degreesOfFreedom: number, noncentrality: number): number {
  const steepness = Math.sqrt(degreesOfFreedom * degreesOfFreedom + 4 * noncentrality * x);
  const y = (2 * (x - noncentrality - degreesOfFreedom)) / (2 * noncentrality + degreesOfFreedom + steepness);
  const w = Math.sign(y) * Math.sqrt(noncentrality * y * y - degreesOfFreedom * logOnePlusMinus(y));
  const v = y * Math.sqrt(noncentrality * (1 + y) + degreesOfFreedom / 2);
  // At the middle 1/v - 1/w tends to a sixth of the skewness.
  const middle = ((-Math.SQRT2 / 3) * (degreesOfFreedom + 3 * noncentrality)) / (degreesOfFreedom + 2 * noncentrality) ** 1.5;
  return normalSurvival(w) + normalDensity(w) * (Math.abs(w) < 1e-6 ? middle : 1 / v - 1 / w);
}
