/** What a statistic of the table gives: its estimate, the test that agrees with the estimate's interval, and what else is worth knowing. */
import { invariant } from "../../data/foundation/index.ts";
import type { Estimate, Estimated, Undetermined } from "./estimate.ts";

/** Which departures from the null value count: both, only lower, only higher ones. */
export type Alternative = "two-sided" | "less" | "greater";

/** A test, with the p-value of its null hypothesis. */
export interface TestResult {
  /** The test's name in the field: `Welch's t`, `score`. */
  readonly name: string;
  /** The test statistic; absent in exact tests that have none. */
  readonly statistic?: number;
  readonly degreesOfFreedom?: number | readonly [number, number];
  /** In [0, 1]. A p-value that could not be computed is no test at all: the finding is then Undetermined. */
  readonly pValue: number;
  readonly alternative: Alternative;
  /** The value of the estimate under the null hypothesis. */
  readonly nullValue: number;
}

/** A named number, word or short table beside the estimate. Every number is finite. */
export type Detail =
  | number
  | string
  | boolean
  | readonly number[]
  | readonly string[]
  | readonly Readonly<Record<string, number | string | boolean>>[];

/** An estimate with what belongs to it. All parts agree: the interval excludes the null value exactly when p < 1 - level. */
export interface Finding {
  readonly kind: "finding";
  readonly estimate: Estimate;
  readonly test?: TestResult;
  /** The same effect as a share of the control's value: 0.02 is 2 % more. */
  readonly relative?: Estimated;
  /** The same effect as log(treatment / control). */
  readonly logRatio?: Estimated;
  readonly details?: Readonly<Record<string, Detail>>;
  /** What makes this number less trustworthy on these data, in sentences. */
  readonly warnings: readonly string[];
}

/**
 * A finding, or the reason that there is none. Where the value alone is beyond every number, the test that agrees with the set stands beside the reason,
 * with what makes both less trustworthy.
 */
export type Found = Finding | (Undetermined & Partial<Pick<Finding, "test" | "warnings">>);

/** The parts of a finding that its maker knows. */
export interface FindingParts {
  readonly estimate: Estimated;
  readonly test?: TestResult | undefined;
  readonly relative?: Estimated | undefined;
  readonly logRatio?: Estimated | undefined;
  readonly details?: Readonly<Record<string, Detail>> | undefined;
  readonly warnings?: readonly string[];
}

/**
 * Makes a finding; an estimate that is Undetermined is the whole answer, but for the test that agrees with its set and for what is warned of. A number that is not finite, or a p-value outside [0, 1], is our bug.
 *
 * @example
 * finding({ estimate: { kind: "undetermined", reason: "no unit", wouldDetermine: "at least one unit" } }).kind
 * // => "undetermined"
 */
export function finding({ estimate, test, relative, logRatio, details, warnings }: FindingParts): Found {
  if (estimate.kind === "undetermined" && estimate.set === undefined) return estimate;
  if (test !== undefined) {
    invariant(test.pValue >= 0 && test.pValue <= 1, `${test.name}: p = ${test.pValue}`);
    invariant(test.statistic === undefined || Number.isFinite(test.statistic), `${test.name}: the statistic is ${test.statistic}`);
  }
  if (estimate.kind === "undetermined")
    return { ...estimate, ...(test === undefined ? {} : { test }), ...(warnings?.length ? { warnings } : {}) };
  for (const [name, detail] of Object.entries(details ?? {})) checkDetail(name, detail);
  return {
    kind: "finding",
    estimate,
    ...(test === undefined ? {} : { test }),
    ...(relative === undefined ? {} : { relative }),
    ...(logRatio === undefined ? {} : { logRatio }),
    ...(details === undefined ? {} : { details }),
    warnings: warnings ?? [],
  };
}

function checkDetail(name: string, detail: Detail): void {
  const numbers = [detail].flat().flatMap((part) => (typeof part === "object" ? Object.values(part) : [part]));
  for (const value of numbers) invariant(typeof value !== "number" || Number.isFinite(value), `the detail '${name}' is ${value}`);
}
