/** A Beta law of a proportion on the scale of log(p / (1 - p)), where it is smooth and falls off on both sides, whatever its parameters. */
import { invariant } from "../../../data/foundation/index.ts";
import { betaDistribution } from "../distributions/index.ts";
import { logOnePlusMinus, stirlingError } from "../numerics/gamma-function.ts";

/** A Beta law with what comparisons ask of it. */
export interface BetaPosterior {
  readonly a: number;
  readonly b: number;
  readonly mean: number;
  readonly variance: number;
  /** log(a / b): the mode on the log-odds scale. */
  readonly centre: number;
  /** About the standard deviation of the log-odds. */
  readonly spread: number;
  /** log density of the log-odds at `centre + offset`. */
  readonly logDensity: (offset: number) => number;
  /** Probability of at most, and of more than, a share that is given with its complement: the smaller of the two keeps the digits. */
  readonly atMost: (share: number, complement: number) => number;
  readonly above: (share: number, complement: number) => number;
}

/** The posterior of parameters a and b, both above 0. */
export function betaPosterior(a: number, b: number): BetaPosterior {
  invariant(a > 0 && b > 0 && Number.isFinite(a + b), `a posterior Beta(${a}, ${b})`);
  const total = a + b;
  const peak = Math.log((a * b) / total / (2 * Math.PI)) / 2 + stirlingError(total) - stirlingError(a) - stirlingError(b);
  const own = betaDistribution(a, b);
  const mirrored = betaDistribution(b, a);
  return {
    a,
    b,
    mean: a / total,
    variance: ((a / total) * (b / total)) / (total + 1),
    centre: Math.log(a / b),
    spread: Math.sqrt(1 / a + 1 / b),
    logDensity: (offset) => peak - (a <= b ? drop(a / total, total, offset) : drop(b / total, total, -offset)),
    atMost: (share, complement) => {
      if (share <= 0 || complement <= 0) return share <= 0 ? 0 : 1;
      return share <= complement ? own.cdf(share) : mirrored.survival(complement);
    },
    above: (share, complement) => {
      if (share <= 0 || complement <= 0) return share <= 0 ? 1 : 0;
      return share <= complement ? own.survival(share) : mirrored.cdf(complement);
    },
  };
}

/** How much lower the log density is u away from its mode: total (log(1 + p (e^u - 1)) - p u), p at most 1/2, without cancellation near 0. */
function drop(p: number, total: number, u: number): number {
  if (u > 30) return total * (u + Math.log(p + (1 - p) * Math.exp(-u)) - p * u);
  const rise = p * Math.expm1(u);
  return total * (logOnePlusMinus(rise) + p * expMinus(u));
}

/** e^u - 1 - u. */
function expMinus(u: number): number {
  if (Math.abs(u) > 0.1) return Math.expm1(u) - u;
  let [sum, term] = [0, u];
  for (let k = 2; k < 14; k++) {
    term *= u / k;
    sum += term;
  }
  return sum;
}

/** p and 1 - p of log-odds. */
export function sharesOf(logOdds: number): { readonly share: number; readonly complement: number } {
  return { share: 1 / (1 + Math.exp(-logOdds)), complement: 1 / (1 + Math.exp(logOdds)) };
}
