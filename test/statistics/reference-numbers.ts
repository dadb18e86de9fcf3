/** Reads the recorded numbers of independent programs, and compares with them. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";

/** The cases of a file of `test/statistics/references`, named without `.json`: `means/welch`. */
export function referenceCases<T>(name: string): readonly T[] {
  const text = readFileSync(packagePath("test/statistics/references", `${name}.json`), "utf8");
  return (JSON.parse(text) as { cases: T[] }).cases;
}

/** Fails unless the number is the expected one, relative to the larger of the expected value and `floor`. */
export function near(actual: number | undefined, expected: number, tolerance: number, floor = 0): void {
  const error = Math.abs((actual ?? Number.NaN) - expected);
  expect(
    actual === expected || error <= tolerance * Math.max(Math.abs(expected), floor),
    `${actual} where ${expected} was expected`,
  ).to.equal(true);
}
