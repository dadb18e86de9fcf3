/** Two independent Beta laws compared: chance that one is larger, expected excess, and the laws of their difference and ratio, all by quadrature. */
import { integrateTanhSinh } from "../numerics/tanh-sinh.ts";
import { integrateTrapezium } from "../numerics/trapezium.ts";
import { sumOf } from "../sums.ts";
import { type BetaPosterior, sharesOf } from "./beta-posterior.ts";

/** What lies this far (as a logarithm) below the peak of an integrand is left out: e^-46 = 1e-20. */
const depth = 46;

/**
 * P(first > second), with its digits also when it is 1e-250. Integrates the narrower law against a tail of the wider one, on the log-odds scale.
 *
 * @example
 * chanceAbove(betaPosterior(2, 1), betaPosterior(1, 2)).toFixed(12)
 * // => "0.833333333333"
 */
export function chanceAbove(first: BetaPosterior, second: BetaPosterior): number {
  const narrow = first.spread <= second.spread ? first : second;
  const value = peakIntegral(
    (offset) => {
      const { share, complement } = sharesOf(narrow.centre + offset);
      const tail = narrow === first ? second.atMost(share, complement) : first.above(share, complement);
      return narrow.logDensity(offset) + Math.log(tail);
    },
    [first.centre - narrow.centre, second.centre - narrow.centre],
    narrow.spread,
  );
  return Math.min(value, 1);
}

/**
 * E[max(first - second, 0)]: what is lost on average by choosing the second where the first is larger. The integral of P(first > x) P(second <= x).
 *
 * @example
 * expectedExcess(betaPosterior(1, 1), betaPosterior(1, 1)).toFixed(12)
 * // => "0.166666666667"
 */
export function expectedExcess(first: BetaPosterior, second: BetaPosterior): number {
  const [narrow, wide] = first.spread <= second.spread ? [first, second] : [second, first];
  return peakIntegral(
    (logOdds) => {
      const { share, complement } = sharesOf(logOdds);
      return Math.log(first.above(share, complement)) + Math.log(second.atMost(share, complement)) + Math.log(share) + Math.log(complement);
    },
    [first.centre, second.centre],
    narrow.spread,
    wide.spread > sharpFrom * narrow.spread ? narrow.centre : undefined,
  );
}

/** A law that is so many times narrower than the other is an edge in the integrand, which one step for all of it would have to resolve. */
const sharpFrom = 50;

/** The integral of exp(f), f concave with its peak between or near the two points; `sharp`: where f bends within a few widths. */
function peakIntegral(f: (x: number) => number, near: readonly [number, number], width: number, sharp?: number): number {
  const [low, high] = [Math.min(...near) - 4 * width, Math.max(...near) + 4 * width];
  const evenly = Array.from({ length: 13 }, (_, k) => low + ((high - low) * k) / 12);
  const close = near.flatMap((centre) => [-8, -3, -1, 0, 1, 3, 8].map((steps) => centre + steps * width));
  const places = [...evenly, ...close].sort((a, b) => a - b);
  const heights = places.map(f);
  const best = heights.indexOf(Math.max(...heights));
  const { peak, top } = goldenMaximum(f, {
    from: places[Math.max(best - 1, 0)] as number,
    to: places[Math.min(best + 1, places.length - 1)] as number,
    width,
  });
  // Below the smallest double.
  if (top < -745) return 0;
  const edge = (direction: 1 | -1): number => {
    let reach = width;
    while (f(peak + direction * reach) > top - depth && reach < 1e4) reach *= 1.3;
    return peak + direction * reach;
  };
  const [from, to] = [edge(-1), edge(1)];
  const scaled = (x: number): number => Math.exp(f(x) - top);
  if (sharp === undefined) return integrateTrapezium(scaled, { from, to }) * Math.exp(top);
  const cuts = [sharp, peak].flatMap((place) => [place - 9 * width, place + 9 * width]);
  return inPieces(scaled, [from, ...cuts.filter((cut) => cut > from && cut < to), to]) * Math.exp(top);
}

/** An integral piece by piece between the points. */
function inPieces(f: (x: number) => number, points: readonly number[]): number {
  const places = [...points].sort((a, b) => a - b);
  return sumOf(places.slice(1).map((to, k) => integrateTanhSinh(f, { from: places[k] as number, to })));
}

/** About the highest point, near enough to scale by. */
function goldenMaximum(
  f: (x: number) => number,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
): { readonly peak: number; readonly top: number } {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [f(left), f(right)];
  while (high - low > width) {
    if (atLeft >= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = f(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = f(right);
    }
  }
  return atLeft >= atRight ? { peak: left, top: atLeft } : { peak: right, top: atRight };
}

/** P(first - second <= difference). */
export function differenceCdf(first: BetaPosterior, second: BetaPosterior, difference: number): number {
  if (second.spread <= first.spread) {
    // Given the second's share c, the first is at most c + difference; that is sure from c = 1 - difference on, impossible below -difference.
    const given = (c: number, rest: number): number => first.atMost(c + difference, rest - difference);
    return overNarrow(second, given, [-difference, 1 - difference]);
  }
  const given = (t: number, rest: number): number => second.above(t - difference, rest + difference);
  return overNarrow(first, given, [difference, 1 + difference]);
}

/** P(first <= ratio second); ratio above 0. */
export function ratioCdf(first: BetaPosterior, second: BetaPosterior, ratio: number): number {
  if (second.spread <= first.spread) {
    return overNarrow(second, (c, rest) => first.atMost(ratio * c, ratio <= 1 ? 1 - ratio * c : 1 - ratio + ratio * rest), [1 / ratio]);
  }
  return overNarrow(first, (t, rest) => second.above(t / ratio, ratio >= 1 ? 1 - t / ratio : (ratio - 1 + rest) / ratio), [ratio]);
}

/** The mean of a conditional probability over a Beta law, in pieces where the probability has a kink. */
function overNarrow(law: BetaPosterior, given: (share: number, complement: number) => number, kinks: readonly number[]): number {
  const edge = (direction: 1 | -1): number => {
    let reach = law.spread;
    while (law.logDensity(direction * reach) > law.logDensity(0) - depth) reach *= 1.25;
    return direction * reach;
  };
  const [from, to] = [edge(-1), edge(1)];
  const integrand = (offset: number): number => {
    const { share, complement } = sharesOf(law.centre + offset);
    return Math.exp(law.logDensity(offset)) * given(share, complement);
  };
  // A share outside 0 to 1 has no log-odds: NaN, which is not between the ends.
  const cuts = kinks.map((share) => Math.log(share / (1 - share)) - law.centre).filter((offset) => offset > from && offset < to);
  if (cuts.length === 0) return Math.min(integrateTrapezium(integrand, { from, to }), 1);
  return Math.min(inPieces(integrand, [from, ...cuts, to]), 1);
}
