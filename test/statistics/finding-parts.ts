/** Reads the parts of a finding in tests. */
import { expect } from "chai";
import type { Estimated, Finding, Found, TestResult } from "../../simulations/statistics/index.ts";

/** The finding, or a failure that says why there is none. */
export function findingOf(found: Found): Finding {
  expect(found.kind, JSON.stringify(found)).to.equal("finding");
  return found as Finding;
}

/** The finding's test. */
export function testOf(found: Found): TestResult {
  const { test } = findingOf(found);
  expect(test).to.not.equal(undefined);
  return test as TestResult;
}

/** Lower and upper end of an interval or a one-sided set, also of one that stands without an estimate; null where it is open. */
export function endsOf(estimated: Estimated | undefined): readonly [number | null, number | null] {
  const { set } = estimated ?? {};
  if (estimated?.kind === "estimate" && estimated.interval !== undefined) return [estimated.interval.lower, estimated.interval.upper];
  if (set?.kind === "at-least") return [set.lower, null];
  if (set?.kind === "at-most") return [null, set.upper];
  if (set?.kind === "everything") return [null, null];
  throw new Error(`no ends: ${JSON.stringify(estimated)}`);
}

/** Whether an estimate's interval or set leaves a value out. */
export function excludes(estimated: Estimated | undefined, value: number): boolean {
  if (estimated?.kind !== "estimate") throw new Error(`no estimate: ${JSON.stringify(estimated)}`);
  if (estimated.set?.kind === "two-pieces") return value > estimated.set.below && value < estimated.set.above;
  const [lower, upper] = endsOf(estimated);
  return (lower !== null && value < lower) || (upper !== null && value > upper);
}
