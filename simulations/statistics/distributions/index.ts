/** Distributions, each with both tails from both sides. */
export { betaDistribution, fRatio, student } from "./beta.ts";
export { binomial, hypergeometric, poisson } from "./counts.ts";
export type { CountDistribution, Distribution } from "./distribution.ts";
export { chiSquared, gammaDistribution } from "./gamma.ts";
export { maximumOfT } from "./maximum-of-t.ts";
export { noncentralChiSquared, noncentralF } from "./noncentral.ts";
export { noncentralT } from "./noncentral-t.ts";
export { criticalValue, normalCdf, normalDistribution, normalQuantile, normalSurvival } from "./normal.ts";
export { studentisedRange } from "./studentised-range.ts";
