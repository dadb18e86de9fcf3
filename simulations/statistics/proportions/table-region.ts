/** Sets of 2 x 2 tables with given arm sizes, and the largest probability that any two proportions of a given difference give them. */

/** For each count of treatment successes, runs [from, to] of control successes. */
export type Region = readonly (readonly (readonly [number, number])[])[];

/** Whether a table belongs, by its successes of control and treatment. */
export type Belongs = (control: number, treatment: number) => boolean;

/** The tables that belong, each looked at. */
export function regionOf(controls: number, treatments: number, belongs: Belongs): Region {
  return Array.from({ length: treatments + 1 }, (_, t) => {
    const runs: [number, number][] = [];
    for (let c = 0; c <= controls; c++) {
      if (!belongs(c, t)) continue;
      const last = runs.at(-1);
      if (last !== undefined && last[1] === c - 1) last[1] = c;
      else runs.push([c, c]);
    }
    return runs;
  });
}

/** The same where in each row the first tables up to some belong by `first`, and the last from some on by `last`: both edges by halving. */
export function orderedRegion(controls: number, treatments: number, first: Belongs, last: Belongs): Region {
  return Array.from({ length: treatments + 1 }, (_, t) => {
    const upTo = lastThat(controls, (c) => first(c, t));
    const from = Math.max(upTo + 1, controls - lastThat(controls, (c) => last(controls - c, t)));
    const runs: [number, number][] = [];
    if (upTo >= 0) runs.push([0, upTo]);
    if (from <= controls) runs.push([from, controls]);
    return runs;
  });
}

/** The last of 0, 1, .. `most` with a property that, once lost, stays lost; -1 when none has it. */
function lastThat(most: number, has: (c: number) => boolean): number {
  let [low, high] = [-1, most];
  while (low < high) {
    const middle = high - Math.floor((high - low) / 2);
    if (has(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How close the largest probability is found, relative to itself: its maxima are flat, so that this needs half as many digits of the proportion. */
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * The largest probability of a region over all pairs of proportions with that difference. The probability is a polynomial whose bends are as wide as a binomial's
 * spread, which is even in the arc sine of the proportion: points eight to a spread, then golden sections around every peak that could win.
 */
export function largestProbability(controls: number, treatments: number, difference: number, region: Region): number {
  const [from, to] = [Math.max(0, -difference), Math.min(1, 1 - difference)];
  const [massControl, massTreatment] = [massesOf(controls), massesOf(treatments)];
  const at = (angle: number): number => {
    const share = from + (to - from) * Math.sin(angle) ** 2;
    return probabilityOf(region, massControl(share), massTreatment(Math.min(1, Math.max(0, share + difference))));
  };
  const points = 48 + 8 * Math.ceil(Math.sqrt(controls + treatments));
  const angle = (index: number): number => (index / points) * (Math.PI / 2);
  const seen = Float64Array.from({ length: points + 1 }, (_, index) => at(angle(index)));
  let largest = seen.reduce((a, b) => Math.max(a, b), 0);
  const bar = 0.9 * largest;
  for (let index = 0; index <= points; index++) {
    const value = seen[index] ?? 0;
    if (value < bar || value < (seen[index - 1] ?? 0) || value < (seen[index + 1] ?? 0)) continue;
    largest = Math.max(largest, peak(at, angle(Math.max(0, index - 1)), angle(Math.min(points, index + 1))));
  }
  return largest;
}

/** The largest value of a function with one peak in an interval. */
function peak(of: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [of(left), of(right)];
  while (high - low > 1e-9) {
    if (atLeft > atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = of(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = of(right);
    }
  }
  return Math.max(atLeft, atRight);
}

/** Binomial probabilities of 0 .. n at a share, into one array used again. */
function massesOf(n: number): (share: number) => Float64Array {
  const logWays = new Float64Array(n + 1);
  for (let k = 1; k <= n; k++) logWays[k] = (logWays[k - 1] ?? 0) + Math.log((n - k + 1) / k);
  const masses = new Float64Array(n + 1);
  return (share) => {
    const [success, failure] = [Math.log(share), Math.log1p(-share)];
    for (let k = 0; k <= n; k++)
      masses[k] = Math.exp((logWays[k] as number) + (k === 0 ? 0 : k * success) + (k === n ? 0 : (n - k) * failure));
    return masses;
  };
}

function probabilityOf(region: Region, control: Float64Array, treatment: Float64Array): number {
  const below = new Float64Array(control.length + 1);
  for (let c = 0; c < control.length; c++) below[c + 1] = (below[c] as number) + (control[c] as number);
  const above = new Float64Array(control.length + 1);
  for (let c = control.length - 1; c >= 0; c--) above[c] = (above[c + 1] as number) + (control[c] as number);
  let sum = 0;
  for (let t = 0; t < region.length; t++) {
    let row = 0;
    // A run at the end is summed from the end, so that small tails keep their digits.
    for (const [from, to] of region[t] ?? [])
      row += to === control.length - 1 ? (above[from] as number) : (below[to + 1] as number) - (below[from] as number);
    sum += row * (treatment[t] as number);
  }
  return sum;
}
