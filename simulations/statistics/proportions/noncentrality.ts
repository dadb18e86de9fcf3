/** The noncentral chi-squared distribution, as far as bounds of effect sizes need it. */
import { chiSquared, noncentralChiSquared, normalSurvival } from "../distributions/index.ts";
import { fallingRoot } from "../numerics/root.ts";

/** Above this the saddlepoint's relative error is below 1e-9. */
const summedMax = 20_000;

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

function saddlepoint(x: number, degreesOfFreedom: number, noncentrality: number): number {
  const u = (2 * x) / (degreesOfFreedom + Math.sqrt(degreesOfFreedom * degreesOfFreedom + 4 * noncentrality * x));
  const s = (1 - 1 / u) / 2;
  const cumulant = noncentrality * s * u + (degreesOfFreedom / 2) * Math.log(u);
  const w = Math.sign(s) * Math.sqrt(Math.max(0, 2 * (s * x - cumulant)));
  const v = s * Math.sqrt(4 * noncentrality * u ** 3 + 2 * degreesOfFreedom * u * u);
  if (Math.abs(w) < 1e-4) return normalSurvival(w);
  return normalSurvival(w) + (Math.exp((-w * w) / 2) / Math.sqrt(2 * Math.PI)) * (1 / v - 1 / w);
}
