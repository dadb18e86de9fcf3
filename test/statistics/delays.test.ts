/** Delays of facts that become known late, against statsmodels (survival with late entry, turned round in time) and SciPy. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { delayDistribution, expectedInTheEnd } from "../../simulations/statistics/index.ts";

interface Case {
  readonly delays: readonly number[];
  readonly windows: readonly number[];
  readonly shares: readonly number[];
  /** Of the logarithm of each share; null where the share is 0. */
  readonly logVariances: readonly (number | null)[];
  /** Known, days since, expected, lower, upper. */
  readonly expected: readonly (readonly [number, number, number, number, number])[];
}

const cases = JSON.parse(readFileSync(packagePath("test", "statistics", "references", "delays", "delays.json"), "utf8")) as readonly Case[];

describe("delays of late facts, by statsmodels and SciPy", () => {
  for (const [index, { delays, windows, shares, logVariances, expected }] of cases.entries()) {
    const distribution = delayDistribution({ delays, windows });

    it(`gives the share known by each day, and its error (${index + 1})`, () => {
      for (const [day, share] of shares.entries()) {
        expect(distribution.share(day), `day ${day}`).to.be.closeTo(share, 1e-12);
        const variance = logVariances[day];
        if (variance === null) expect(distribution.logVariance(day)).to.equal(Number.POSITIVE_INFINITY);
        else expect(distribution.logVariance(day), `day ${day}`).to.be.closeTo(variance as number, 1e-10);
      }
    });

    it(`gives how many there will be in the end (${index + 1})`, () => {
      for (const [known, days, value, lower, upper] of expected) {
        const found = expectedInTheEnd({ known, days, distribution, level: 0.95 });
        if (found.kind === "undetermined") throw new Error(found.reason);
        expect(found.value).to.be.closeTo(value, 1e-9 * Math.max(1, value));
        expect([found.interval?.lower, found.interval?.upper], `${known} known after ${days} days`).to.deep.equal([lower, upper]);
      }
      expect(expected.length).to.be.greaterThan(2);
    });
  }
});
