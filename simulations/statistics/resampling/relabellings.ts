/** Relabellings of units, each as the constant effect at which it first matches what was seen. */
import { randomStream } from "../../../data/foundation/index.ts";

/**
 * The relabellings of a permutation test. Under the belief that the treatment adds a constant, a relabelling's difference of means is at
 * least the observed one exactly when that constant is at least the relabelling's threshold: the mean of what it takes out of the treatment,
 * less the mean of what it puts there. So the thresholds give the p-value at every constant, and the interval.
 */
export interface Relabellings {
  /** Ascending; those that change the labels. */
  readonly thresholds: Float64Array;
  /** Those that leave every label as it was: they match at any constant. */
  readonly unchanged: number;
  readonly isExact: boolean;
}

/** n choose k, infinite beyond the doubles. */
export function labellingsOf(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - i + 1)) / i;
  return Math.round(ways);
}

/** Every division of the pooled units into groups of the given sizes. Cost: as many steps as there are divisions. */
export function allLabellings(control: Float64Array, treatment: Float64Array): Relabellings {
  const { own, pool, sign } = bySize(control, treatment);
  const size = own.length;
  const thresholds = new Float64Array(labellingsOf(pool.length, size) - 1);
  // What leaves when no unit of the smaller group from a place on stays.
  const rest = new Float64Array(size + 1);
  for (let place = size - 1; place >= 0; place--) rest[place] = (rest[place + 1] as number) + (own[place] as number);
  let at = 0;
  const visit = (
    from: number,
    chosen: number,
    sums: { readonly leaving: number; readonly entering: number; readonly moved: number },
  ): void => {
    let { leaving } = sums;
    const { entering, moved } = sums;
    if (chosen === size) {
      const left = leaving + (rest[Math.min(from, size)] as number);
      if (moved > 0) thresholds[at++] = (sign * (left - entering)) / moved;
      return;
    }
    for (let unit = from; unit <= pool.length - (size - chosen); unit++) {
      const value = pool[unit] as number;
      if (unit < size) {
        visit(unit + 1, chosen + 1, { leaving, entering, moved });
        leaving += value;
      } else visit(unit + 1, chosen + 1, { leaving, entering: entering + value, moved: moved + 1 });
    }
  };
  visit(0, 0, { leaving: 0, entering: 0, moved: 0 });
  return { thresholds: thresholds.sort(), unchanged: 1, isExact: true };
}

/** `draws` random divisions, and the one that was seen. */
export function drawnLabellings(
  control: Float64Array,
  treatment: Float64Array,
  { draws, seed }: { readonly draws: number; readonly seed: number },
): Relabellings {
  const stream = randomStream(seed, "permutation");
  const { own, pool, sign } = bySize(control, treatment);
  const order = Uint32Array.from(pool.keys());
  const stays = new Uint8Array(own.length);
  const thresholds: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    stays.fill(0);
    let entering = 0;
    let moved = 0;
    for (let place = 0; place < own.length; place++) {
      const other = place + stream.below(pool.length - place);
      const unit = order[other] as number;
      order[other] = order[place] as number;
      order[place] = unit;
      if (unit < own.length) stays[unit] = 1;
      else {
        entering += pool[unit] as number;
        moved++;
      }
    }
    let leaving = 0;
    for (let place = 0; place < own.length; place++) if (stays[place] === 0) leaving += own[place] as number;
    if (moved > 0) thresholds.push((sign * (leaving - entering)) / moved);
  }
  return { thresholds: Float64Array.from(thresholds).sort(), unchanged: 1 + draws - thresholds.length, isExact: false };
}

/** The smaller group, which is drawn, and the units of both with its own first; `sign` is -1 where it is the control. */
function bySize(control: Float64Array, treatment: Float64Array) {
  const [own, other, sign] = treatment.length <= control.length ? ([treatment, control, 1] as const) : ([control, treatment, -1] as const);
  const pool = new Float64Array(own.length + other.length);
  pool.set(own);
  pool.set(other, own.length);
  return { own, pool, sign };
}

/** Every way to swap the labels of some pairs; the threshold is the mean difference of the swapped pairs. Cost: 2^pairs. */
export function allFlips(differences: Float64Array): Relabellings {
  const thresholds = new Float64Array(2 ** differences.length - 1);
  let at = 0;
  const visit = (place: number, sum: number, swapped: number): void => {
    if (place === differences.length) {
      if (swapped > 0) thresholds[at++] = sum / swapped;
      return;
    }
    visit(place + 1, sum, swapped);
    visit(place + 1, sum + (differences[place] as number), swapped + 1);
  };
  visit(0, 0, 0);
  return { thresholds: thresholds.sort(), unchanged: 1, isExact: true };
}

/** `draws` random swaps, each pair by a fair coin, and the labels that were seen. */
export function drawnFlips(differences: Float64Array, { draws, seed }: { readonly draws: number; readonly seed: number }): Relabellings {
  const stream = randomStream(seed, "sign flips");
  const thresholds: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let swapped = 0;
    for (let place = 0; place < differences.length; ) {
      let coins = stream.below(4_294_967_296);
      for (let coin = 0; coin < 32 && place < differences.length; coin++, place++, coins >>>= 1) {
        if ((coins & 1) === 0) continue;
        sum += differences[place] as number;
        swapped++;
      }
    }
    if (swapped > 0) thresholds.push(sum / swapped);
  }
  return { thresholds: Float64Array.from(thresholds).sort(), unchanged: 1 + draws - thresholds.length, isExact: false };
}
