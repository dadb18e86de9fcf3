/** The assignments that a switchback design could have drawn. */
import type { RandomStream } from "../../../data/foundation/index.ts";

/** A fixed number of treated blocks (`complete`), one of every two in a row (`pairs`), or a fair coin a block (`independent`, not all alike). */
export type AssignmentDesign = "complete" | "pairs" | "independent";

export interface ArrangementOptions {
  readonly real: readonly boolean[];
  readonly design: AssignmentDesign;
  readonly draws: number;
  readonly random: RandomStream;
}

/**
 * All equally likely assignments where there are at most `draws`; else the real one and `draws` drawn ones.
 */
export function arrangementsOf(options: ArrangementOptions): {
  readonly arrangements: Iterable<readonly boolean[]>;
  readonly all: boolean;
} {
  const { real, design, draws, random } = options;
  if (countOf(design, real) <= draws) return { arrangements: everyOf(design, real), all: true };
  return { arrangements: drawn({ real, design, draws, random }), all: false };
}

function* drawn({ real, design, draws, random }: ArrangementOptions): Generator<readonly boolean[]> {
  yield real;
  for (let draw = 0; draw < draws; draw++) yield drawOf(design, real, random);
}

/**
 * How many assignments there are.
 *
 * @example
 * countOf("complete", [true, false, true, false])
 * // => 6
 */
export function countOf(design: AssignmentDesign, real: readonly boolean[]): number {
  if (design === "pairs") return 2 ** (real.length / 2);
  if (design === "independent") return 2 ** real.length - 2;
  const treated = real.filter(Boolean).length;
  let count = 1;
  for (let i = 1; i <= treated; i++) count = Math.round((count * (real.length - treated + i)) / i);
  return count;
}

function everyOf(design: AssignmentDesign, real: readonly boolean[]): readonly (readonly boolean[])[] {
  if (design === "pairs") return everyCoin(real.length / 2).map(inPairs);
  if (design === "independent") return everyCoin(real.length).filter((coins) => coins.includes(true) && coins.includes(false));
  const choose = (blocks: number, treated: number): readonly (readonly boolean[])[] => {
    if (treated < 0 || treated > blocks) return [];
    if (blocks === 0) return [[]];
    return [
      ...choose(blocks - 1, treated - 1).map((rest) => [true, ...rest]),
      ...choose(blocks - 1, treated).map((rest) => [false, ...rest]),
    ];
  };
  return choose(real.length, real.filter(Boolean).length);
}

function everyCoin(tosses: number): readonly (readonly boolean[])[] {
  return Array.from({ length: 2 ** tosses }, (_, code) =>
    Array.from({ length: tosses }, (_, toss) => Math.floor(code / 2 ** toss) % 2 === 1),
  );
}

function inPairs(coins: readonly boolean[]): readonly boolean[] {
  return coins.flatMap((first) => [first, !first]);
}

function drawOf(design: AssignmentDesign, real: readonly boolean[], random: RandomStream): readonly boolean[] {
  if (design === "pairs") return inPairs(real.filter((_, i) => i % 2 === 0).map(() => random.below(2) === 1));
  if (design === "complete") {
    const order = [...real];
    for (let i = order.length - 1; i > 0; i--) {
      const other = random.below(i + 1);
      [order[i], order[other]] = [order[other] as boolean, order[i] as boolean];
    }
    return order;
  }
  for (;;) {
    const coins = real.map(() => random.below(2) === 1);
    if (coins.includes(true) && coins.includes(false)) return coins;
  }
}
