/** The beta family: beta, Student's t and F. All go through the incomplete beta function, in either tail. */
import betainc from "@stdlib/math-base-special-betainc";
import betaincinv from "@stdlib/math-base-special-betaincinv";
import betaln from "@stdlib/math-base-special-betaln";
import { invariant } from "../../../data/foundation/index.ts";
import type { Distribution } from "./distribution.ts";
import { normalDistribution } from "./normal.ts";

/** The beta distribution on [0, 1]. Source: Johnson, Kotz and Balakrishnan (1995), chapter 25. */
export function betaDistribution(a: number, b: number): Distribution {
  invariant(a > 0 && b > 0, `a beta distribution of ${a} and ${b}`);
  return {
    density: (x) => (x < 0 || x > 1 ? 0 : Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - betaln(a, b))),
    cdf: (x) => (x <= 0 ? 0 : x >= 1 ? 1 : betainc(x, a, b, true, false)),
    survival: (x) => (x <= 0 ? 1 : x >= 1 ? 0 : betainc(x, a, b, true, true)),
    quantile: (p) => betaincinv(p, a, b, false),
    upperQuantile: (p) => betaincinv(p, a, b, true),
  };
}

/** Student's t; infinite degrees of freedom are the standard normal. */
export function student(degreesOfFreedom: number): Distribution {
  invariant(degreesOfFreedom > 0, `Student's t with ${degreesOfFreedom} degrees of freedom`);
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normalDistribution(0, 1);
  const half = degreesOfFreedom / 2;
  /** The probability of more than |t|. */
  const tail = (t: number): number => {
    const square = t * t;
    return square < degreesOfFreedom
      ? betainc(square / (degreesOfFreedom + square), 0.5, half, true, true) / 2
      : betainc(degreesOfFreedom / (degreesOfFreedom + square), half, 0.5, true, false) / 2;
  };
  const upperQuantile = (p: number): number => {
    if (p === 0.5) return 0;
    if (p > 0.5) return -upperQuantile(1 - p);
    const share = betaincinv(2 * p, half, 0.5, false);
    return Math.sqrt((degreesOfFreedom * (1 - share)) / share);
  };
  const survival = (t: number): number => (t >= 0 ? tail(t) : 1 - tail(t));
  return {
    density: (t) => Math.exp(-betaln(0.5, half) - Math.log(degreesOfFreedom) / 2 - (half + 0.5) * Math.log1p((t * t) / degreesOfFreedom)),
    cdf: (t) => survival(-t),
    survival,
    quantile: (p) => -upperQuantile(p),
    upperQuantile,
  };
}

/** The F distribution: a ratio of two independent mean squares. */
export function fRatio(numeratorDegrees: number, denominatorDegrees: number): Distribution {
  const [a, b] = [numeratorDegrees / 2, denominatorDegrees / 2];
  const shares = betaDistribution(a, b);
  const share = (f: number): number => (numeratorDegrees * f) / (numeratorDegrees * f + denominatorDegrees);
  const back = (x: number): number => (denominatorDegrees * x) / (numeratorDegrees * (1 - x));
  return {
    density: (f) =>
      f < 0 ? 0 : (shares.density(share(f)) * numeratorDegrees * denominatorDegrees) / (numeratorDegrees * f + denominatorDegrees) ** 2,
    cdf: (f) => (f <= 0 ? 0 : shares.cdf(share(f))),
    survival: (f) => (f <= 0 ? 1 : shares.survival(share(f))),
    quantile: (p) => back(shares.quantile(p)),
    upperQuantile: (p) => back(shares.upperQuantile(p)),
  };
}
