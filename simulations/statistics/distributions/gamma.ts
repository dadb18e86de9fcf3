/** The gamma family: gamma by shape and rate, and chi-squared. */
import gammainc from "@stdlib/math-base-special-gammainc";
import gammaincinv from "@stdlib/math-base-special-gammaincinv";
import gammaln from "@stdlib/math-base-special-gammaln";
import { invariant } from "../../../data/foundation/index.ts";
import type { Distribution } from "./distribution.ts";

/** The gamma distribution; mean shape / rate. Source: Johnson, Kotz and Balakrishnan (1994), chapter 17. */
export function gammaDistribution(shape: number, rate: number): Distribution {
  invariant(shape > 0 && rate > 0, `a gamma distribution of shape ${shape} and rate ${rate}`);
  return {
    density: (x) => (x < 0 ? 0 : Math.exp(shape * Math.log(rate) + (shape - 1) * Math.log(x) - rate * x - gammaln(shape))),
    cdf: (x) => (x <= 0 ? 0 : gammainc(rate * x, shape, true, false)),
    survival: (x) => (x <= 0 ? 1 : gammainc(rate * x, shape, true, true)),
    quantile: (p) => gammaincinv(p, shape, false) / rate,
    upperQuantile: (p) => gammaincinv(p, shape, true) / rate,
  };
}

/** The chi-squared distribution: a sum of `degreesOfFreedom` squared standard normals. */
export function chiSquared(degreesOfFreedom: number): Distribution {
  return gammaDistribution(degreesOfFreedom / 2, 0.5);
}
