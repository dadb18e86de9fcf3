/** Numerical tools that the families share. */
export { logGamma, logGammaRise, logOnePlusMinus } from "./gamma-function.ts";
export * from "./moments.ts";
export { type FactoredMatrix, factorPositive } from "./positive-definite.ts";
export { gaussLegendre, integrate } from "./quadrature.ts";
export { smallestInteger } from "./smallest-integer.ts";
