/** The gamma function's logarithm in the parts that lose no digit: Stirling's error, and the rise from one argument to a near one. */

/** Coefficients of Stirling's series, B(2k) / (2k (2k - 1)). */
const stirlingSeries = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360_360,
  1 / 156,
  -3617 / 122_400,
  43_867 / 244_188,
  -174_611 / 125_400,
] as const;

/** From here Stirling's series gives every digit. */
const seriesFrom = 10;

/**
 * What Stirling's formula lacks: log gamma(z) - ((z - 1/2) log z - z + log(2 pi) / 2), for z > 0. Absolute error about 1e-16 from 1e-2 on.
 * Source: Loader (2000), Fast and Accurate Computation of Binomial Probabilities.
 *
 * @example
 * stirlingError(1).toFixed(15)
 * // => "0.081061466795327"
 */
export function stirlingError(z: number): number {
  let shifted = 0;
  let argument = z;
  for (; argument < seriesFrom; argument++) shifted += stirlingStep(argument);
  const square = 1 / (argument * argument);
  let sum = 0;
  for (let k = stirlingSeries.length - 1; k >= 0; k--) sum = sum * square + (stirlingSeries[k] as number);
  return sum / argument + shifted;
}

/** stirlingError(z) - stirlingError(z + 1) = (z + 1/2) log(1 + 1/z) - 1, without cancellation. */
function stirlingStep(z: number): number {
  if (z < 1) return (z + 0.5) * (Math.log1p(z) - Math.log(z)) - 1;
  const square = 1 / (2 * z + 1) ** 2;
  let power = square;
  let sum = 0;
  for (let odd = 3; odd < 80; odd += 2) {
    const term = power / odd;
    sum += term;
    if (term < 1e-18 * sum) break;
    power *= square;
  }
  return sum;
}

/** log gamma(z) for z > 0; absolute error of a few units in the last place of its largest part. */
export function logGamma(z: number): number {
  if (z < 0.5) return logGammaRise(1, z) - Math.log(z);
  if (z < 3) return logGammaRise(1, z - 1);
  return (z - 0.5) * Math.log(z) - z + 0.918_938_533_204_672_8 + stirlingError(z);
}

/**
 * log gamma(base + rise) - log gamma(base), with relative precision however small the rise is. `base` and `base + rise` above 0.
 *
 * @example
 * logGammaRise(4, 1).toFixed(12) === Math.log(4).toFixed(12)
 * // => true
 */
export function logGammaRise(base: number, rise: number): number {
  let steps = 0;
  let from = base;
  for (; from < seriesFrom || from + rise < seriesFrom; from++) steps += Math.log1p(rise / from);
  const ratio = Math.log1p(rise / from);
  let series = 0;
  for (const [k, coefficient] of stirlingSeries.entries()) {
    const power = 2 * k + 1;
    series += (coefficient * Math.expm1(-power * ratio)) / from ** power;
  }
  return (from - 0.5) * ratio + rise * (Math.log(from + rise) - 1) + series - steps;
}

/**
 * log(1 + v) - v without cancellation, for v > -1.
 *
 * @example
 * logOnePlusMinus(1e-9).toPrecision(10)
 * // => "-4.999999997e-19"
 */
export function logOnePlusMinus(v: number): number {
  if (v > 0.5 || v < -0.4) return Math.log1p(v) - v;
  const s = v / (2 + v);
  const square = s * s;
  let power = 2 * s * square;
  let sum = 0;
  for (let odd = 3; odd < 60; odd += 2) {
    const term = power / odd;
    sum += term;
    if (Math.abs(term) <= 1e-17 * Math.abs(sum)) break;
    power *= square;
  }
  return sum - v * s;
}
