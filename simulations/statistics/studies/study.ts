/** Studies by simulation: does a statistic keep its level, its power and its coverage, on ordinary and on hostile data? */
import { type RandomStream, randomStream } from "../../../data/foundation/index.ts";
import type { Found } from "../finding.ts";
import { wilsonBounds } from "../proportions/index.ts";
import type { Statistic } from "../statistic.ts";

/** One kind of data whose truth is known. */
export interface World {
  /** A few words: `log-normal, spread 2, 200 a group`. */
  readonly name: string;
  /** Whether the statistic's assumptions hold here. Where they do not, the achieved figures say how much that costs. */
  readonly holds: boolean;
  /** Draws one input of the statistic, as its `input` shape reads it. */
  readonly draw: (random: RandomStream) => unknown;
  /** The true value of what is estimated; absent where only the test is studied. */
  readonly truth?: number;
  /** Whether the null hypothesis of the test is true: rejections are then errors, and measure the level; otherwise power. */
  readonly isNull?: boolean;
  /** Seeds, where one draw costs so much that fewer must do. */
  readonly seeds?: number;
}

/** A statistic with the worlds in which it is studied. */
export interface Study {
  /** The statistic's name, or that with a variant: `two-proportions, Wald`. */
  readonly name: string;
  readonly statistic: string;
  readonly worlds: readonly World[];
}

/** What a world showed. Shares are of the seeds that gave a number. */
export interface WorldResult {
  readonly world: string;
  readonly holds: boolean;
  readonly measure: "coverage" | "level" | "power";
  /** What is promised: the confidence level, or 1 minus it; power has none. */
  readonly nominal?: number;
  readonly achieved: number;
  /** 99 % interval of the achieved share: what so many seeds can tell. */
  readonly lower: number;
  readonly upper: number;
  readonly seeds: number;
  /** Seeds that gave Undetermined. */
  readonly undetermined: number;
}

/** How a study is run. */
export interface StudyOptions {
  readonly seeds: number;
  readonly seed: number;
  readonly onWorld?: (done: number, total: number) => void;
}

/** Enough seeds to tell 95 % from 93.5 %. */
export const studySeedsDefault = 2_000;

const confidence99 = 2.5758293035489004;

/**
 * Draws, computes and counts, world by world: coverage where the truth is known, level or power where there is a test. Draw i of a world
 * reads a random stream of its own, so that the results do not depend on what else is run. Throws when the statistic refuses a drawn input.
 */
export function runStudy(study: Study, statistic: Statistic, { seeds, seed, onWorld }: StudyOptions): readonly WorldResult[] {
  return study.worlds.flatMap((world, index) => {
    const results = runWorld(study.name, world, statistic, { seeds: Math.min(seeds, world.seeds ?? seeds), seed });
    onWorld?.(index + 1, study.worlds.length);
    return results;
  });
}

function runWorld(study: string, world: World, statistic: Statistic, { seeds, seed }: StudyOptions): readonly WorldResult[] {
  const covered = { hits: 0, of: 0 };
  const rejected = { hits: 0, of: 0 };
  let undetermined = 0;
  let level = 0.95;
  for (let draw = 0; draw < seeds; draw++) {
    const random = randomStream(seed, "study", study, world.name, draw);
    const found = statistic.compute(statistic.input.parse(world.draw(random)));
    if (found.kind === "undetermined") {
      undetermined++;
      continue;
    }
    level = levelOf(found) ?? level;
    const holds = world.truth === undefined ? undefined : containsValue(found, world.truth);
    if (holds !== undefined) count(covered, holds);
    if (found.test !== undefined && world.isNull !== undefined) count(rejected, found.test.pValue < 1 - level);
  }
  const row = { world: world.name, holds: world.holds, seeds, undetermined };
  return [
    ...(covered.of === 0 ? [] : [{ ...row, measure: "coverage" as const, nominal: level, ...shareOf(covered) }]),
    ...(rejected.of === 0
      ? []
      : [
          world.isNull === true
            ? { ...row, measure: "level" as const, nominal: Number((1 - level).toPrecision(12)), ...shareOf(rejected) }
            : { ...row, measure: "power" as const, ...shareOf(rejected) },
        ]),
  ];
}

function count(tally: { hits: number; of: number }, isHit: boolean): void {
  tally.of++;
  if (isHit) tally.hits++;
}

function shareOf({ hits, of }: { readonly hits: number; readonly of: number }): Pick<WorldResult, "achieved" | "lower" | "upper"> {
  return { achieved: hits / of, ...wilsonBounds(hits, of, confidence99) };
}

function levelOf(found: Extract<Found, { kind: "finding" }>): number | undefined {
  return found.estimate.interval?.level ?? found.estimate.set?.level;
}

/** Whether the interval or set of the estimate holds the value; undefined when the estimate has neither. */
export function containsValue({ estimate: { interval, set } }: Extract<Found, { kind: "finding" }>, value: number): boolean | undefined {
  if (interval !== undefined) return interval.lower <= value && value <= interval.upper;
  switch (set?.kind) {
    case "at-least":
      return set.lower <= value;
    case "at-most":
      return value <= set.upper;
    case "two-pieces":
      return value <= set.below || set.above <= value;
    case "everything":
      return true;
    case undefined:
      return undefined;
  }
}

/** Whether a result breaks its promise by more than the seeds can explain: coverage too low, or level too high. */
export function breaksPromise({ measure, nominal, lower, upper }: WorldResult): boolean {
  if (nominal === undefined) return false;
  return measure === "coverage" ? upper < nominal : lower > nominal;
}
