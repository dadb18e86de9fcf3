/** The exact distribution of a statistic of moves between classes when each mover might as well have moved the other way. */
import { checkLimit, InputRefused } from "../../../data/foundation/index.ts";

/** Entities that moved from the first class to the second, and back. */
export interface Discordance {
  readonly first: number;
  readonly second: number;
  readonly there: number;
  readonly back: number;
}

/** Values with their probabilities. */
export type Distribution = readonly (readonly [number, number])[];

/** Values that differ by less than this, relative to the larger, count as equal: they are sums in another order. */
const tie = 1e-9;

/** The probability that a sum of independent parts is at least as large as the one seen. */
export function tailOfSum(parts: readonly Distribution[], seen: number): number {
  let whole: Distribution = [[0, 1]];
  for (const part of parts) whole = merged(whole.flatMap(([value, p]) => part.map(([other, q]) => [value + other, p * q] as const)));
  let sum = 0;
  for (const [value, probability] of whole) if (value >= seen - tie * Math.max(1, seen)) sum += probability;
  return Math.min(1, sum);
}

/** The distribution of (there - back)² / (there + back) of two classes. */
export function flipsOfPair({ there, back }: Discordance): Distribution {
  const movers = there + back;
  return merged(binomialHalf(movers).map((probability, one) => [(2 * one - movers) ** 2 / movers, probability] as const));
}

/**
 * The distribution of a form of the net changes of some classes. Outcomes with the same net changes are held together as one whole number in mixed radix: a class
 * with m movers has m + 1 possible net changes. More than `multinomialOutcomes` different ones are refused.
 */
export function flipsOfClasses(
  classes: readonly number[],
  moves: readonly Discordance[],
  formOf: (net: readonly number[]) => number,
): Distribution {
  const movers = classes.map((name) =>
    moves.reduce((sum, { first, second, there, back }) => sum + (first === name || second === name ? there + back : 0), 0),
  );
  const strides: number[] = [];
  for (const [index] of classes.entries()) strides.push(index === 0 ? 1 : (strides[index - 1] ?? 1) * ((movers[index - 1] ?? 0) + 1));
  const strideOf = (name: number): number => strides[classes.indexOf(name)] ?? 0;
  let states = new Map<number, number>([[0, 1]]);
  for (const { first, second, there, back } of moves) {
    const next = new Map<number, number>();
    const ways = binomialHalf(there + back);
    for (const [key, probability] of states) {
      for (const [one, share] of ways.entries()) {
        // Whoever moves from the first to the second class enters the second.
        const moved = key + one * strideOf(second) + (there + back - one) * strideOf(first);
        next.set(moved, (next.get(moved) ?? 0) + probability * share);
      }
      refuseBeyond(next.size);
    }
    states = next;
  }
  return merged(
    Array.from(states, ([key, probability]) => {
      const net = classes.map((_, index) => {
        const entered = Math.floor(key / (strides[index] ?? 1)) % ((movers[index] ?? 0) + 1);
        return 2 * entered - (movers[index] ?? 0);
      });
      return [formOf(net), probability] as const;
    }),
  );
}

/** Probabilities of 0 .. n heads of n fair coins. */
function binomialHalf(n: number): readonly number[] {
  const ways = [0.5 ** n];
  for (let k = 1; k <= n; k++) ways.push(((ways[k - 1] ?? 0) * (n - k + 1)) / k);
  return ways;
}

function merged(pairs: Distribution): Distribution {
  const result: [number, number][] = [];
  for (const [value, probability] of [...pairs].sort((x, y) => x[0] - y[0])) {
    const last = result.at(-1);
    if (last !== undefined && value - last[0] <= tie * Math.max(1, value)) last[1] += probability;
    else result.push([value, probability]);
  }
  return result;
}

function refuseBeyond(outcomes: number): void {
  const limit = checkLimit("multinomialOutcomes", outcomes);
  if (limit !== undefined) throw new InputRefused([limit]);
}
