/** Integrals whose integrand may be singular at the ends of its range. */

const reachMax = 3.4;

/**
 * The integral of f over an interval by the double exponential (tanh-sinh) rule, halving its step until two results agree to the tolerance (relative; the finer of them is then far closer)
 * or the step is 1/128. f is never asked at the ends. Source: Takahasi and Mori (1974), Publ. RIMS 9, 721-741.
 *
 * @example
 * integrateTanhSinh((x) => x ** -0.5, { from: 0, to: 1 }).toFixed(7)
 * // => "2.0000000"
 */
export function integrateTanhSinh(
  f: (x: number) => number,
  { from, to }: { readonly from: number; readonly to: number },
  tolerance = 1e-10,
): number {
  if (!(from < to)) return 0;
  const half = (to - from) / 2;
  const term = (t: number): number => {
    const inner = (Math.PI / 2) * Math.sinh(t);
    // The distance from the nearer end, without cancellation.
    const nearEnd = (2 * half) / (1 + Math.exp(2 * Math.abs(inner)));
    const x = inner < 0 ? from + nearEnd : to - nearEnd;
    if (x <= from || x >= to) return 0;
    const weight = (half * (Math.PI / 2) * Math.cosh(t)) / Math.cosh(inner) ** 2;
    return weight * f(x);
  };
  let step = 1 / 8;
  let sum = term(0);
  for (let k = 1; k * step <= reachMax; k++) sum += term(k * step) + term(-k * step);
  let result = sum * step;
  while (step > 1 / 128) {
    step /= 2;
    for (let k = 1; k * step <= reachMax; k += 2) sum += term(k * step) + term(-k * step);
    const next = sum * step;
    const close = Math.abs(next - result) <= tolerance * Math.abs(next);
    result = next;
    if (close) break;
  }
  return result;
}
