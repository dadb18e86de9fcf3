/** Findings of group-sequential experiments: while they run, and after they stopped. */
import { estimated, type Undetermined, undetermined } from "../estimate.ts";
import { type Alternative, type Found, finding } from "../finding.ts";
import { type GroupSequentialBoundaries, type GroupSequentialDesign, groupSequentialBoundaries, smallestGain } from "./boundaries.ts";
import { repeatedPValue } from "./repeated.ts";
import type { Spending } from "./spending.ts";
import { driftWhereAbove, stageWiseTail } from "./stage-wise.ts";

/** The estimate at one look of an experiment. */
export interface GroupLook {
  readonly estimate: number;
  readonly standardError: number;
  readonly n: number;
}

/** The looks so far and the plan. */
export interface GroupSequentialOptions {
  readonly looks: readonly GroupLook[];
  /** The information (1 / squared standard error) that the plan ends with. */
  readonly maximumInformation: number;
  /** Whether the last look is the final one, whatever information it has. */
  readonly final: boolean;
  readonly spending: Spending;
  readonly level: number;
  readonly alternative: Alternative;
  readonly nullValue: number;
}

interface Course {
  readonly looks: readonly GroupLook[];
  /** Upwards is the direction of the alternative. */
  readonly z: readonly number[];
  readonly design: GroupSequentialDesign;
  readonly boundaries: GroupSequentialBoundaries;
}

const assumptions = [
  "the estimate is approximately normal at every look, with independent increments of information",
  "the times of the looks do not depend on the estimates",
];

/** z beyond this is a mistake of units, not evidence. */
const farthest = 1e6;
/** Beyond this, after the first look, no density of the recursion is left. */
const farthestLater = 37;

/** The looks against the boundaries, or why that cannot be. */
function courseOf(options: GroupSequentialOptions): Course | Undetermined {
  const { looks, maximumInformation, final, spending, level, alternative, nullValue } = options;
  if (looks.length === 0) return undetermined("no look yet", "at least one look");
  const still = looks.findIndex((look) => !(look.standardError > 0));
  if (still >= 0) return undetermined(`the standard error of look ${still + 1} is 0`, "units that differ");
  const information = looks.map((look) => look.standardError ** -2);
  if (!information.every((amount) => amount / maximumInformation > 1e-9 && amount / maximumInformation < 1e9)) {
    return undetermined(
      "a look's information is beyond any comparison with the maximum",
      "standard errors and maximum information in one unit",
    );
  }
  const small = information.findIndex((amount, k) => k > 0 && amount - (information[k - 1] as number) < smallestGain * amount);
  if (small >= 0)
    return undetermined(
      `look ${small + 1} has hardly more information than the look before`,
      "looks that add at least 0.5 % of information",
    );
  const sign = alternative === "less" ? -1 : 1;
  const z = looks.map((look) => (sign * (look.estimate - nullValue)) / look.standardError);
  if (!z.every((value) => Math.abs(value) <= farthest)) {
    return undetermined("a look lies a million standard errors from the null value", "estimates and standard errors in one unit");
  }
  const design: GroupSequentialDesign = {
    information,
    maximumInformation,
    final,
    alpha: 1 - level,
    sides: alternative === "two-sided" ? 2 : 1,
    form: spending,
  };
  return { looks, z, design, boundaries: groupSequentialBoundaries(design) };
}

function looksTable({ looks, z, boundaries }: Course): readonly Record<string, number | string | boolean>[] {
  return looks.map((look, k) => {
    const bound = boundaries.upper[k] as number;
    const beyond = (z[k] as number) >= bound || (z[k] as number) <= (boundaries.lower[k] as number);
    return {
      n: look.n,
      informationShare: boundaries.shares[k] as number,
      z: z[k] as number,
      boundary: bound < 1e300 ? bound : "no stop",
      spent: boundaries.spent[k] as number,
      crossed: beyond,
    };
  });
}

/**
 * What may be said at the last look whether or not the experiment stops there: the repeated confidence interval and its p-value. They hold at
 * all looks together, and cost width. Looks without information or spread: Undetermined.
 * Source: Jennison and Turnbull (2000), chapter 9.
 */
export function groupSequentialLook(options: GroupSequentialOptions): Found {
  const course = courseOf(options);
  if ("kind" in course) return course;
  const { level, alternative, nullValue } = options;
  const { looks, z, design, boundaries } = course;
  const last = looks.at(-1) as GroupLook;
  const bound = boundaries.upper.at(-1) as number;
  const spread = bound * last.standardError;
  const value = last.estimate;
  const set = bound === Number.POSITIVE_INFINITY ? ({ kind: "everything", level } as const) : undefined;
  const estimate = estimated({
    value,
    ...(set === undefined ? sided({ lower: value - spread, upper: value + spread }, alternative, level) : { set }),
    standardError: last.standardError,
    level,
    method: "repeated confidence interval",
    n: last.n,
    assumptions,
  });
  return finding({
    estimate,
    test: {
      name: "group-sequential z, repeated p-value",
      statistic: rawZ(last, nullValue),
      pValue: repeatedPValue(design, z.at(-1) as number),
      alternative,
      nullValue,
    },
    details: { looks: looksTable(course) },
  });
}

function rawZ(look: GroupLook, nullValue: number): number {
  return (look.estimate - nullValue) / look.standardError;
}

function sided({ lower, upper }: { readonly lower: number; readonly upper: number }, alternative: Alternative, level: number) {
  if (alternative === "greater") return { set: { kind: "at-least", lower, level } } as const;
  if (alternative === "less") return { set: { kind: "at-most", upper, level } } as const;
  return { lower, upper };
}

/**
 * What a stopped experiment says: median-unbiased estimate, interval and p-value in the stage-wise ordering. It stopped at the first look beyond its
 * boundary, or at the last look when that is final; later looks are not used. Not stopped: Undetermined.
 * Source: Jennison and Turnbull (2000), sections 8.2 to 8.5.
 */
export function groupSequentialResult(options: GroupSequentialOptions): Found {
  const whole = courseOf(options);
  if ("kind" in whole) return whole;
  const rows = looksTable(whole);
  const first = rows.findIndex((row) => row["crossed"] === true);
  const stage = first >= 0 ? first : rows.length - 1;
  if (first < 0 && !options.final && (whole.boundaries.shares.at(-1) as number) < 1) {
    return undetermined(
      "the experiment has not stopped: no boundary is crossed",
      "more looks, or the word that the last look is final; the repeated interval holds meanwhile",
    );
  }
  const looks = options.looks.slice(0, stage + 1);
  const course = stage === rows.length - 1 ? whole : courseOf({ ...options, looks, final: false });
  if ("kind" in course) return course;
  const { level, alternative, nullValue, maximumInformation } = options;
  const alpha = 1 - level;
  const oneSided = alternative !== "two-sided";
  // A two-sided result is told as if upwards and mirrored back, so that swapping the groups mirrors it to the last bit.
  const directed = course.z[stage] as number;
  const z = oneSided ? directed : Math.abs(directed);
  const sign = alternative === "less" || (!oneSided && directed < 0) ? -1 : 1;
  const look = looks[stage] as GroupLook;
  if (stage > 0 && Math.abs(z) > farthestLater) {
    return undetermined(
      `look ${stage + 1} lies ${Math.abs(z).toFixed(0)} standard errors from the null value, beyond any ordering`,
      "the plain estimate: no correction matters there",
    );
  }
  const tail = stageWiseTail(course.boundaries, z);
  const [above, below] = [tail.above(0), tail.below(0)];
  const start = z / Math.sqrt(course.boundaries.shares[stage] as number);
  const effect = (probability: number): number =>
    nullValue + (sign * driftWhereAbove(tail, probability, start)) / Math.sqrt(maximumInformation);
  const ends = [effect(oneSided ? alpha : alpha / 2), oneSided ? 0 : effect(1 - alpha / 2)] as const;
  const bounds = oneSided ? { lower: ends[0], upper: ends[0] } : { lower: Math.min(...ends), upper: Math.max(...ends) };
  return finding({
    estimate: estimated({
      value: effect(0.5),
      ...sided(bounds, alternative, level),
      level,
      method: "median-unbiased, stage-wise ordering",
      n: look.n,
      assumptions,
    }),
    test: {
      name: "group-sequential z, stage-wise ordering",
      statistic: rawZ(look, nullValue),
      pValue: alternative === "two-sided" ? Math.min(1, 2 * Math.min(above, below)) : above,
      alternative,
      nullValue,
    },
    details: { stoppedAtLook: stage + 1, plainEstimate: look.estimate, plainStandardError: look.standardError, looks: rows },
    warnings: first >= 0 && stage < rows.length - 1 ? ["The looks after the boundary was crossed are not used."] : [],
  });
}
