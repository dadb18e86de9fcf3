/** Studies by simulation: does a statistic keep its level, its power and its coverage, on ordinary and on hostile data? */
import { type RandomStream, randomStream } from "../../../data/foundation/index.ts";
import type { Estimate } from "../estimate.ts";
import type { Finding } from "../finding.ts";
import { wilsonBounds } from "../proportions/index.ts";
import type { Statistic } from "../statistic.ts";

/** One kind of data whose truth is known. */
export interface World {
  /** A few words: `log-normal, spread 2, 200 a group`. */
  readonly name: string;
  /** Whether the statistic's assumptions hold here. Where they do not, the achieved figures say how much that costs. */
  readonly holds: boolean;
  /** Draws one input of the statistic, as its `input` shape reads it; with `isPath` the inputs at all looks, oldest first. */
  readonly draw: (random: RandomStream) => unknown;
  /** Whether a draw is a path of looks: covered is then what is covered at every look, rejected what is rejected at any. */
  readonly isPath?: boolean;
  /** The true value of what is estimated; absent where only the test is studied. */
  readonly truth?: number;
  /** Whether the null hypothesis of the test is true: rejections are then errors, and measure the level; otherwise power. */
  readonly isNull?: boolean;
  /** How a finding is judged, where interval and p-value do not tell: simultaneous intervals, decisions. */
  readonly judge?: (found: Judged) => Judgement;
  /** The level of the test, where it is not 1 minus that of the interval. */
  readonly alpha?: number;
  /** Why these data cannot show that the assumptions fail, so that no warning can be asked for. */
  readonly unseen?: string;
  /** Seeds, where one draw costs so much that fewer must do. */
  readonly seeds?: number;
}

/** What is judged of one draw: an estimate, or what the data do not rule out without one, and the test beside it. */
export type Judged = Pick<Finding, "test" | "details" | "warnings"> & { readonly estimate: Pick<Estimate, "interval" | "set"> };

/** What one finding showed; an absent part is not studied. */
export interface Judgement {
  readonly covered?: boolean | undefined;
  /** A number in [0, 1] is the share of false (or of found) ones among several. */
  readonly rejected?: boolean | number | undefined;
}

/** A statistic with the worlds in which it is studied. */
export interface Study {
  /** The statistic's name, or that with a variant: `two-proportions, Wald`. */
  readonly name: string;
  readonly statistic: string;
  readonly worlds: readonly World[];
}

/** What a world showed. Shares are of the seeds that gave a number, or told what is not ruled out without one. */
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
  /** Seeds that gave neither. */
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
    const findings = drawFindings(study, world, statistic, { draw, seed });
    if (findings.length === 0) {
      undetermined++;
      continue;
    }
    level = Number((findings.map(levelOf).find((own) => own !== undefined) ?? level).toPrecision(12));
    const judge = world.judge ?? ((found: Judged) => judgeByInterval(found, world, level));
    const judgements = findings.map(judge);
    const claims = judgements.flatMap(({ covered: own }) => own ?? []);
    const decisions = judgements.flatMap(({ rejected: own }) => (own === undefined ? [] : [Number(own)]));
    if (claims.length > 0) count(covered, claims.every(Boolean) ? 1 : 0);
    if (decisions.length > 0) count(rejected, Math.max(...decisions));
  }
  const alpha = world.alpha ?? Number((1 - level).toPrecision(12));
  const row = { world: world.name, holds: world.holds, seeds, undetermined };
  return [
    ...(covered.of === 0 ? [] : [{ ...row, measure: "coverage" as const, nominal: level, ...shareOf(covered) }]),
    ...(rejected.of === 0
      ? []
      : [
          world.isNull === true
            ? { ...row, measure: "level" as const, nominal: alpha, ...shareOf(rejected) }
            : { ...row, measure: "power" as const, ...shareOf(rejected) },
        ]),
  ];
}

/** What is judged of one draw: one finding, or with a path one a look; none where all are Undetermined and rule nothing out. */
export function drawFindings(
  study: string,
  world: World,
  statistic: Statistic,
  { draw, seed }: { readonly draw: number; readonly seed: number },
): readonly Judged[] {
  const drawn = world.draw(randomStream(seed, "study", study, world.name, draw));
  const inputs = world.isPath === true ? (drawn as readonly unknown[]) : [drawn];
  return inputs.flatMap((input): readonly Judged[] => {
    const found = statistic.compute(statistic.input.parse(input));
    if (found.kind === "finding") return [found];
    return found.set === undefined ? [] : [{ ...found, estimate: found, warnings: [found.reason] }];
  });
}

function judgeByInterval(found: Judged, { truth, isNull }: World, level: number): Judgement {
  return {
    covered: truth === undefined ? undefined : containsValue(found, truth),
    rejected: isNull === undefined || found.test === undefined ? undefined : found.test.pValue < 1 - level,
  };
}

/** Adds a hit, or the share of one. */
function count(tally: { hits: number; of: number }, hit: number): void {
  tally.of++;
  tally.hits += hit;
}

function shareOf({ hits, of }: { readonly hits: number; readonly of: number }): Pick<WorldResult, "achieved" | "lower" | "upper"> {
  return { achieved: hits / of, ...wilsonBounds(hits, of, confidence99) };
}

function levelOf(found: Judged): number | undefined {
  return found.estimate.interval?.level ?? found.estimate.set?.level;
}

/** Whether the interval or set of the estimate holds the value; undefined when the estimate has neither. */
export function containsValue({ estimate: { interval, set } }: Judged, value: number): boolean | undefined {
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
