/** A part set against the whole that holds it: laws of the ratio and its interval. */
import { expect } from "chai";
import fc from "fast-check";
import { ratioToOverall } from "../../simulations/comparison/ratio-to-overall.ts";

describe("the rate of a part over the rate of the whole", () => {
  it("is 1 when both are alike, lies in its interval, and never passes whole over part", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (a, b, more, rest) => {
        const part = { successes: a, trials: a + more };
        const whole = { successes: a + b, trials: a + b + more + rest };
        const found = ratioToOverall(part, whole, 0.95);
        if (found.kind === "undetermined") {
          expect(a + b).to.equal(0);
          return;
        }
        const { lower = Number.NaN, upper = Number.NaN } = found.interval ?? {};
        expect(lower).to.be.at.most(found.value);
        expect(upper).to.be.at.least(found.value);
        expect(upper).to.be.at.most(whole.trials / part.trials + 1e-9);
      }),
      { numRuns: 40 },
    );
    expect(ratioToOverall({ successes: 5, trials: 50 }, { successes: 50, trials: 500 }, 0.95)).to.include({ value: 1 });
  });

  it("has an upper end at whole over part when nobody of the rest counts", () => {
    const found = ratioToOverall({ successes: 8, trials: 100 }, { successes: 8, trials: 400 }, 0.95);
    expect(found.kind === "estimate" && found.interval?.upper).to.equal(4);
    expect(found.kind === "estimate" && found.value).to.equal(4);
  });
});
