/** Distributions, each with both tails from both sides. */
export { betaDistribution, fRatio, student } from "./beta.ts";
export type { Distribution } from "./distribution.ts";
export { chiSquared, gammaDistribution } from "./gamma.ts";
export { criticalValue, normalCdf, normalDistribution, normalQuantile, normalSurvival } from "./normal.ts";
