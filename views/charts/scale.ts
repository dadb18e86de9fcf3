/** Linear scales and round ticks. */

/** Maps values to coordinates. */
export type Scale = (value: number) => number;

/** A scale from a domain to a stretch of px. A domain of one point maps to the start. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const [start, end] = range;
  const factor = to === from ? 0 : (end - start) / (to - from);
  return (value) => start + (value - from) * factor;
}

/**
 * The round step (1, 2, 2.5 or 5 times a power of ten) that gives at most `most` steps over a span.
 *
 * @example
 * roundStep(12, 6)
 * // => 2
 */
export function roundStep(span: number, most: number): number {
  if (!(span > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(span / most));
  for (const factor of [1, 2, 2.5, 5, 10]) {
    if (span / (factor * power) <= most * (1 + 1e-9)) return factor * power;
  }
  return 10 * power;
}

/**
 * Multiples of a step inside a closed range.
 *
 * @example
 * ticksWithin(-1.5, 2, 1)
 * // => [-1, 0, 1, 2]
 */
export function ticksWithin(from: number, to: number, step: number): readonly number[] {
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++)
    ticks.push(i === 0 ? 0 : Number((i * step).toPrecision(12)));
  return ticks;
}

/** The closed range that holds all values and zero, widened to whole steps. */
export function roundDomain(
  values: readonly number[],
  most: number,
): { readonly from: number; readonly to: number; readonly step: number } {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const step = roundStep(high - low || 1, most);
  return {
    from: Math.floor(low / step + 1e-9) * step,
    to: Math.max(Math.ceil(high / step - 1e-9) * step, low === 0 && high === 0 ? step : 0),
    step,
  };
}

/** Decimals needed to tell multiples of a step apart. */
export function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 6; decimals++)
    if (Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) < 1e-6) return decimals;
  return 6;
}
