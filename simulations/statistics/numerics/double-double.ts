/** Numbers of twice the precision of a double, for exponents whose last bits decide a far tail. Source: Dekker (1971), Numer. Math. 18, 224-242. */

/** The unevaluated sum of two doubles, the second below half a unit in the last place of the first: about 32 digits. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/** ln 2 to 32 digits. */
const ln2: DoubleDouble = { high: Math.LN2, low: 2.3190468138462996e-17 };

/** A double as a double-double. */
export function exact(value: number): DoubleDouble {
  return { high: value, low: 0 };
}

/** a + b without error. Source: Knuth (1969), The Art of Computer Programming 2, 4.2.2. */
export function exactSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const part = high - a;
  return { high, low: a - (high - part) + (b - part) };
}

/** a * b without error, for products within 1e-270 to 1e290. */
export function exactProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  const [aHigh, bHigh] = [upperHalf(a), upperHalf(b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return { high, low: aHigh * bHigh - high + aHigh * bLow + aLow * bHigh + aLow * bLow };
}

/** The 26 leading bits of a double. */
function upperHalf(value: number): number {
  const spread = 134_217_729 * value;
  return spread - (spread - value);
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const highs = exactSum(a.high, b.high);
  const lows = exactSum(a.low, b.low);
  const first = exactSum(highs.high, highs.low + lows.high);
  return exactSum(first.high, first.low + lows.low);
}

export function negate(a: DoubleDouble): DoubleDouble {
  return { high: -a.high, low: -a.low };
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = exactProduct(a.high, b.high);
  return exactSum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.high / b.high;
  const rest = add(a, negate(multiply(b, exact(first))));
  const second = rest.high / b.high;
  const last = add(rest, negate(multiply(b, exact(second))));
  return add(exactSum(first, second), exact(last.high / b.high));
}

/** log(a / (b c)) of positive numbers, with an error of about 1e-31 where it is near 0: ratios near 1 lose nothing. No overflow. */
export function logOfQuotient(a: DoubleDouble, b: DoubleDouble, c: DoubleDouble = exact(1)): DoubleDouble {
  const [top, left, right] = [scaled(a), scaled(b), scaled(c)];
  let ratio = divide(top.mantissa, multiply(left.mantissa, right.mantissa));
  let exponent = top.exponent - left.exponent - right.exponent;
  while (ratio.high < Math.SQRT1_2) {
    ratio = { high: 2 * ratio.high, low: 2 * ratio.low };
    exponent--;
  }
  while (ratio.high > Math.SQRT2) {
    ratio = { high: ratio.high / 2, low: ratio.low / 2 };
    exponent++;
  }
  return add(logNearOne(ratio), multiply(exact(exponent), ln2));
}

/** exp(-a), of a double-double: correct to a unit in the last place however large a is. */
export function expOfMinus(a: DoubleDouble): number {
  const whole = Math.exp(-a.high);
  // Beyond the doubles the rest may be large, and would give 0 a sign.
  return whole === 0 ? 0 : whole * (1 - a.low);
}

/** A positive number as mantissa in [1, 2) and power of two. */
function scaled(a: DoubleDouble): { mantissa: DoubleDouble; exponent: number } {
  const exponent = Math.max(-1074, Math.min(1023, Math.floor(Math.log2(a.high))));
  const half = Math.trunc(exponent / 2);
  const [first, second] = [2 ** -half, 2 ** (half - exponent)];
  return { mantissa: { high: a.high * first * second, low: a.low * first * second }, exponent };
}

/** log m = 2 atanh((m - 1) / (m + 1)) for m within a factor sqrt 2 of 1. */
function logNearOne(m: DoubleDouble): DoubleDouble {
  const s = divide(add(m, exact(-1)), add(m, exact(1)));
  if (s.high === 0) return exact(0);
  const square = multiply(s, s);
  let power = s;
  let sum = s;
  for (let odd = 3; odd < 61; odd += 2) {
    power = multiply(power, square);
    const term = divide(power, exact(odd));
    sum = add(sum, term);
    if (Math.abs(term.high) < 1e-33 * Math.abs(s.high)) break;
  }
  return { high: 2 * sum.high, low: 2 * sum.low };
}
