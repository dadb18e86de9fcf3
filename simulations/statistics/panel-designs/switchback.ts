/** Time is randomised: blocks of periods switch between control and treatment. */
import { randomStream } from "../../../data/foundation/index.ts";
import { outOfRange } from "../effect.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Alternative, type Found, finding } from "../finding.ts";
import { sumOf } from "../sums.ts";
import type { Question } from "./centred-finding.ts";
import { keptSet, smallestKept } from "./permutation-bound.ts";
import { rescaled, unitMost } from "./rescale.ts";
import { type AssignmentDesign, arrangementsOf } from "./switchback-arrangements.ts";

/** Periods in a row, in blocks that were assigned whole. */
export interface SwitchbackOptions extends Question {
  /** One outcome a period, in the order of time. */
  readonly outcomes: readonly number[];
  /** Whether each block was treated. */
  readonly blocksTreated: readonly boolean[];
  /** Periods of a block; the last block may be shorter. */
  readonly blockPeriods: number;
  /** Periods dropped at the start of every block, while the block before still acts. */
  readonly washoutPeriods: number;
  /** How blocks were assigned. */
  readonly design: AssignmentDesign;
  readonly draws: number;
  readonly seed: number;
}

/**
 * The mean of treated periods minus that of control periods, wash-out dropped. The test asks how many of the assignments that the design could have drawn
 * give a difference as large (all of them where there are at most `draws`, else seeded draws with the real one added); the interval holds the constant effects that it does not
 * reject, exactly. Undetermined without both arms. Source: Bojinov, Simchi-Levi and Zhao (2023), Management Science 69, 3759-3777; Rosenbaum (2002), Statistical Science 17, 286-327.
 */
export function switchback(options: SwitchbackOptions): Found {
  const { outcomes, blocksTreated, design, draws, seed, level, alternative, nullValue } = options;
  const { values, unit } = rescaled(outcomes);
  if (unit > unitMost) return outOfRange();
  if (unit === 0) return undetermined("the outcome is the same in every period", "an outcome that varies");
  const blocks = blocksOf(options, values);
  const real = differenceOf(blocks, blocksTreated);
  if (real === undefined) {
    return undetermined(
      "after the wash-out only one arm has periods",
      "at least one block of treatment and one of control, longer than the wash-out",
    );
  }
  const { arrangements, all } = arrangementsOf({ real: blocksTreated, design, draws, random: randomStream(seed, "switchback") });
  const reaches: Reach[] = [];
  for (const arrangement of arrangements) {
    const reach = reachOf(blocks, { arrangement, blocksTreated, real: real.outcome, alternative });
    if (reach !== undefined) reaches.push(reach);
  }
  const whole = reaches.length;
  const kept = smallestKept({ whole, level });
  const [up, down] = (["up", "down"] as const).map(
    (side) => Float64Array.from(reaches, (reach) => -reach[side]).sort()[kept - 1] as number,
  );
  const off = real.outcome - nullValue / unit;
  const count = reaches.filter((reach) => off <= reach.up && -off <= reach.down).length;
  const value = real.outcome * unit;
  return finding({
    estimate: estimated({
      value,
      method: `switchback, randomisation test, ${all ? "all assignments" : `${draws} drawn assignments`}`,
      n: blocksTreated.length,
      ...keptSet((real.outcome + (up as number)) * unit, (real.outcome - (down as number)) * unit, level, alternative),
    }),
    test: { name: "randomisation test of the difference of means", statistic: value, pValue: count / whole, alternative, nullValue },
    details: {
      blocks: blocksTreated.length,
      blocksTreated: blocksTreated.filter(Boolean).length,
      periodsKept: blocks.reduce((sum, { periods }) => sum + periods, 0),
      assignments: whole,
      everyAssignment: all,
    },
    warnings: warningsOf(options, { whole, kept, all }),
  });
}

interface Block {
  readonly periods: number;
  readonly sum: number;
}

/** What is left of each block after the wash-out. */
function blocksOf({ blocksTreated, blockPeriods, washoutPeriods }: SwitchbackOptions, values: readonly number[]): readonly Block[] {
  return blocksTreated.map((_, block) => {
    const own = values.slice(block * blockPeriods + washoutPeriods, (block + 1) * blockPeriods);
    return { periods: own.length, sum: sumOf(own) };
  });
}

/** Difference of means under an assignment: of the outcome, and of the share that was really treated. Allocates nothing a block: it runs once an assignment. */
function differenceOf(blocks: readonly Block[], arrangement: readonly boolean[], blocksTreated = arrangement) {
  const treatment = { sum: 0, periods: 0, reallyTreated: 0 };
  const control = { sum: 0, periods: 0, reallyTreated: 0 };
  for (let i = 0; i < blocks.length; i++) {
    const { sum, periods } = blocks[i] as Block;
    const arm = arrangement[i] === true ? treatment : control;
    arm.sum += sum;
    arm.periods += periods;
    if (blocksTreated[i] === true) arm.reallyTreated += periods;
  }
  if (treatment.periods === 0 || control.periods === 0) return undefined;
  return {
    outcome: treatment.sum / treatment.periods - control.sum / control.periods,
    share: treatment.reallyTreated / treatment.periods - control.reallyTreated / control.periods,
  };
}

/** How far above and below a constant effect the difference may lie so that this arrangement still calls it as extreme. */
interface Reach {
  readonly up: number;
  readonly down: number;
}

/** Equal up to rounding, where outcomes are of the size of 1, counts as equal. */
const slack = 1e-12;

interface ReachOptions {
  readonly arrangement: readonly boolean[];
  readonly blocksTreated: readonly boolean[];
  readonly real: number;
  readonly alternative: Alternative;
}

/**
 * With effect e taken off the treated periods the arrangement gives a - b e, the real one d - e. In s = d - e the arrangement is as extreme where |k + b s| >= |s| with k = a - b d:
 * between k / (1 - b) and -k / (1 + b), which hold 0 between them. None where an arm has no periods.
 */
function reachOf(blocks: readonly Block[], { arrangement, blocksTreated, real, alternative }: ReachOptions): Reach | undefined {
  const drawn = differenceOf(blocks, arrangement, blocksTreated);
  if (drawn === undefined) return undefined;
  const never = Number.POSITIVE_INFINITY;
  const rest = drawn.outcome - drawn.share * real;
  const one = drawn.share === 1 ? never : rest / (1 - drawn.share);
  if (alternative === "greater") return { up: one + slack, down: never };
  if (alternative === "less") return { up: never, down: drawn.share === 1 ? never : slack - one };
  if (Math.abs(drawn.share) === 1) return { up: never, down: never };
  const other = -rest / (1 + drawn.share);
  return { up: Math.max(one, other) + slack, down: slack - Math.min(one, other) };
}

function warningsOf(
  { blocksTreated, washoutPeriods, level }: SwitchbackOptions,
  { whole, kept, all }: { readonly whole: number; readonly kept: number; readonly all: boolean },
): readonly string[] {
  const treated = blocksTreated.filter(Boolean).length;
  const warnings: string[] = [];
  if (kept <= 1)
    warnings.push(
      `With ${whole} assignments${all ? ", all that the design allows," : " (drawn ones and the real one)"} p is never below ${(1 / whole).toPrecision(3)}, so at level ${level} no effect can be ruled out.`,
    );
  if (Math.min(treated, blocksTreated.length - treated) < 4)
    warnings.push("An arm has fewer than four blocks: the test can hardly reject.");
  if (washoutPeriods === 0) warnings.push("There is no wash-out: what lasts into the next block is counted against the effect.");
  return warnings;
}
