/** Laws that every comparison obeys: interval and p agree, levels nest, swapping flips, scale and shift do nothing else. */
import { expect } from "chai";
import fc from "fast-check";
import {
  type Alternative,
  absoluteDifference,
  brunnerMunzel,
  cuped,
  differenceFinding,
  drawnSum,
  type Effect,
  equivalence,
  type Found,
  guardrail,
  liftFinding,
  logRatio,
  mannWhitney,
  nonInferiority,
  paired,
  pairwiseDifferences,
  pooled,
  postStratified,
  quantileDifference,
  quantileInterval,
  quantileOf,
  ratioDifference,
  relativeLift,
  signedRank,
  superiority,
  testDifference,
  testLift,
  walshAverages,
  welch,
  winsorised,
  yuen,
} from "../../simulations/statistics/index.ts";
import { excludes, findingOf } from "./finding-parts.ts";

const alternatives = fc.constantFrom<Alternative>("two-sided", "less", "greater");
const levels = fc.constantFrom(0.6, 0.8, 0.9, 0.95, 0.99);
const value = fc.oneof(fc.integer({ min: -5, max: 9 }), fc.double({ min: -50, max: 100, noNaN: true, noDefaultInfinity: true }));
const list = fc.array(value, { minLength: 2, maxLength: 25 });
const moments = fc.record({
  n: fc.integer({ min: 2, max: 400 }),
  mean: fc.integer({ min: -3000, max: 30_000 }).map((x) => x / 1000),
  variance: fc.double({ min: 1e-3, max: 400, noNaN: true }),
});
const rank = { method: "auto", continuityCorrection: true } as const;

/** p < 1 - level exactly when the null value is left out; results within rounding of the boundary say nothing. */
function consistent(found: Found, level: number): void {
  if (found.kind === "undetermined") return;
  const { estimate, test } = found;
  if (test === undefined || (estimate.interval === undefined && estimate.set === undefined)) return;
  if (Math.abs(test.pValue - (1 - level)) < 1e-9) return;
  expect(excludes(estimate, test.nullValue), JSON.stringify(found)).to.equal(test.pValue < 1 - level);
}

describe("one comparison never disagrees with itself", () => {
  it("absolute difference, lift and log ratio exclude 0 exactly when p is small, one- and two-sided", () => {
    fc.assert(
      fc.property(moments, moments, alternatives, levels, (control, treatment, alternative, level) => {
        const effect = welch({ control, treatment }) as Effect;
        const { pValue } = testDifference(effect, alternative);
        if (Math.abs(pValue - (1 - level)) < 1e-9) return;
        for (const made of [absoluteDifference, relativeLift, logRatio]) {
          const estimated = made(effect, { level, alternative });
          if (estimated.kind === "estimate")
            expect(excludes(estimated, 0), JSON.stringify([made.name, estimated, pValue])).to.equal(pValue < 1 - level);
        }
        if (control.mean > 0) expect(relativeLift(effect, { level, alternative }).kind).to.equal("estimate");
        else expect(relativeLift(effect, { level, alternative }).kind).to.equal("undetermined");
      }),
      { numRuns: 80 },
    );
  });

  it("the lift's set leaves out exactly the lifts whose own test rejects, also when it has two pieces", () => {
    fc.assert(
      fc.property(
        moments,
        moments,
        alternatives,
        levels,
        fc.double({ min: -5, max: 5, noNaN: true }),
        (control, treatment, alternative, level, nullLift) => {
          const effect = welch({ control, treatment }) as Effect;
          consistent(liftFinding(effect, { level, alternative, nullLift }), level);
          if (nullLift === 0) expect(testLift(effect, alternative, 0).pValue).to.equal(testDifference(effect, alternative).pValue);
        },
      ),
      { numRuns: 80 },
    );
  });

  it("every statistic of values agrees with its own interval at any null value", () => {
    fc.assert(
      fc.property(
        list,
        list,
        alternatives,
        levels,
        fc.oneof(fc.constant(0), value),
        (control, treatment, alternative, level, nullValue) => {
          const options = { level, alternative, nullValue };
          const samples = { control: { values: control }, treatment: { values: treatment } };
          const shorter = Math.min(control.length, treatment.length);
          const pairs = { control: control.slice(0, shorter), treatment: treatment.slice(0, shorter) };
          const arms = { control, treatment };
          for (const effect of [
            welch(samples),
            pooled(samples),
            paired(pairs),
            yuen(arms, 0.1),
            quantileDifference(samples, 0.5),
            winsorised(arms, { kind: "quantiles", upper: 0.9 }),
          ]) {
            consistent(differenceFinding(effect, options), level);
          }
          consistent(quantileInterval({ values: control, share: 0.4, ...options }), level);
          consistent(mannWhitney(arms, { ...options, ...rank }), level);
          consistent(mannWhitney(arms, { ...options, ...rank, method: "exact" }), level);
          consistent(signedRank(pairs, { ...options, ...rank }), level);
          consistent(signedRank(pairs, { ...options, ...rank, continuityCorrection: false, method: "normal" }), level);
          consistent(brunnerMunzel(arms, { level, alternative, nullValue: 0.4 }), level);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("a higher level's interval contains a lower one's", () => {
    fc.assert(
      fc.property(list, list, (control, treatment) => {
        const nests = (made: (level: number) => Found): void => {
          const [wide, narrow] = [made(0.99), made(0.8)];
          if (wide.kind === "undetermined" || narrow.kind === "undetermined") return;
          if (
            wide.estimate.method !== narrow.estimate.method ||
            wide.estimate.interval === undefined ||
            narrow.estimate.interval === undefined
          )
            return;
          expect(wide.estimate.interval.lower).to.be.at.most(narrow.estimate.interval.lower + 1e-12);
          expect(wide.estimate.interval.upper).to.be.at.least(narrow.estimate.interval.upper - 1e-12);
        };
        const two = { alternative: "two-sided", nullValue: 0 } as const;
        nests((level) => differenceFinding(welch({ control: { values: control }, treatment: { values: treatment } }), { ...two, level }));
        nests((level) =>
          liftFinding(welch({ control: { values: control }, treatment: { values: treatment } }), { ...two, level, nullLift: 0 }),
        );
        nests((level) => mannWhitney({ control, treatment }, { ...two, ...rank, level }));
        nests((level) => quantileInterval({ values: control, share: 0.5, ...two, level }));
      }),
      { numRuns: 80 },
    );
  });
});

describe("symmetry of comparisons", () => {
  it("swapping the arms flips estimates and ends to the last bit and keeps p", () => {
    fc.assert(
      fc.property(list, list, levels, (control, treatment, level) => {
        const flips = (made: (arms: { control: number[]; treatment: number[] }) => Found): void => {
          const [one, two] = [made({ control, treatment }), made({ control: treatment, treatment: control })];
          expect(one.kind).to.equal(two.kind);
          if (one.kind === "undetermined" || two.kind === "undetermined") return;
          expect(one.test?.pValue).to.equal(two.test?.pValue);
          if (one.estimate.interval === undefined || two.estimate.interval === undefined) return;
          expect([0 - two.estimate.value, 0 - two.estimate.interval.upper, 0 - two.estimate.interval.lower]).to.deep.equal([
            one.estimate.value + 0,
            one.estimate.interval.lower + 0,
            one.estimate.interval.upper + 0,
          ]);
        };
        const two = { alternative: "two-sided", nullValue: 0, level } as const;
        flips((arms) => differenceFinding(welch({ control: { values: arms.control }, treatment: { values: arms.treatment } }), two));
        flips((arms) => differenceFinding(pooled({ control: { values: arms.control }, treatment: { values: arms.treatment } }), two));
        flips((arms) => differenceFinding(yuen(arms, 0.2), two));
        flips((arms) =>
          differenceFinding(ratioDifference({ control: { numerators: arms.control }, treatment: { numerators: arms.treatment } }), two),
        );
        flips((arms) => differenceFinding(winsorised(arms, { kind: "quantiles", upper: 0.9 }), two));
        flips((arms) => mannWhitney(arms, { ...two, ...rank }));
      }),
      { numRuns: 80 },
    );
  });

  it("a change of unit by a power of two changes nothing but the unit, from 1e-280 to 1e280", () => {
    fc.assert(
      fc.property(list, list, fc.integer({ min: -930, max: 930 }), (control, treatment, power) => {
        const unit = 2 ** power;
        // Values far below the others would leave the doubles.
        const [c, t] = [control, treatment].map((values) => values.map((x) => Math.round(x * 64) / 64)) as [number[], number[]];
        const effect = welch({ control: { values: c }, treatment: { values: t } });
        const scaled = welch({ control: { values: c.map((x) => x * unit) }, treatment: { values: t.map((x) => x * unit) } });
        expect(scaled.kind).to.equal(effect.kind);
        if (effect.kind === "undetermined" || scaled.kind === "undetermined") return;
        expect(scaled.difference / unit).to.be.closeTo(effect.difference, 1e-11 * (effect.standardError + Math.abs(effect.difference)));
        const options = { level: 0.95, alternative: "two-sided" } as const;
        const p = testDifference(effect, "two-sided").pValue;
        expect(testDifference(scaled, "two-sided").pValue).to.be.closeTo(p, 1e-9 * p + 1e-12);
        expect(relativeLift(scaled, options).kind).to.equal(relativeLift(effect, options).kind);
      }),
      { numRuns: 200 },
    );
  });

  it("a constant added to a CUPED outcome or covariate, and to one arm's outcome, leaves the coefficient alone", () => {
    const unit = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(
        fc.array(unit, { minLength: 4, maxLength: 20 }),
        fc.array(unit, { minLength: 4, maxLength: 20 }),
        fc.integer({ min: -100, max: 100 }),
        (control, treatment, shift) => {
          const rows = (units: [number, number][], outcome: number, covariate: number) => ({
            outcome: { numerators: units.map(([y]) => y + outcome) },
            covariates: [{ numerators: units.map(([, x]) => x + covariate) }],
          });
          const options = { coefficients: "within-arms", missing: "refuse" } as const;
          const effect = cuped({ control: rows(control, 0, 0), treatment: rows(treatment, 0, 0) }, options);
          const moved = cuped({ control: rows(control, 0, shift), treatment: rows(treatment, shift, shift) }, options);
          expect(moved.kind).to.equal(effect.kind);
          if (effect.kind === "undetermined" || moved.kind === "undetermined") return;
          const [before, after] = [effect, moved].map(({ details }) => (details?.["theta"] as number[] | undefined)?.[0] ?? Number.NaN) as [
            number,
            number,
          ];
          expect(after).to.be.closeTo(before, 1e-9 * (1 + Math.abs(before)));
          expect(moved.difference - effect.difference).to.be.closeTo(shift, 1e-8 * (1 + Math.abs(shift)));
        },
      ),
      { numRuns: 80 },
    );
  });

  it("one stratum is Welch's comparison, and clusters of one row are plain units", () => {
    fc.assert(
      fc.property(list, list, (control, treatment) => {
        const samples = { control: { values: control }, treatment: { values: treatment } };
        const [whole, stratum] = [welch(samples), postStratified([{ name: "all", ...samples }])];
        // The strata's squares are summed as they are: beyond 1e-140 they say so, where Welch still answers.
        const largest = Math.max(...[...control, ...treatment].map(Math.abs));
        expect(stratum.kind).to.equal(largest > 0 && largest < 1e-140 ? "undetermined" : whole.kind);
        const one = (values: number[]) => ({ numerators: values, clusters: values.map((_, i) => i) });
        const [plain, clustered] = [
          ratioDifference({ control: { numerators: control }, treatment: { numerators: treatment } }),
          ratioDifference({ control: one(control), treatment: one(treatment) }),
        ];
        if (
          whole.kind === "undetermined" ||
          stratum.kind === "undetermined" ||
          plain.kind === "undetermined" ||
          clustered.kind === "undetermined"
        )
          return;
        expect(stratum.degreesOfFreedom).to.be.closeTo(whole.degreesOfFreedom, 1e-9 * whole.degreesOfFreedom);
        expect(clustered.standardError).to.equal(plain.standardError);
        expect(plain.standardError).to.be.closeTo(whole.standardError, 1e-9 * whole.standardError);
      }),
      { numRuns: 100 },
    );
  });
});

describe("counting without listing", () => {
  it("k-th differences and averages are those of the sorted list", () => {
    fc.assert(
      fc.property(list, list, (control, treatment) => {
        const [c, t] = [Float64Array.from(control).sort(), Float64Array.from(treatment).sort()];
        const differences = Float64Array.from([...t].flatMap((x) => [...c].map((y) => x - y))).sort();
        const made = pairwiseDifferences(c, t);
        for (const k of [1, Math.ceil(differences.length / 3), differences.length])
          expect(made.smallest(k) + 0).to.equal((differences[k - 1] as number) + 0);
        const averages = Float64Array.from([...c].flatMap((x, i) => Array.from(c.slice(i), (y) => (x + y) / 2))).sort();
        const walsh = walshAverages(c);
        for (const k of [1, Math.ceil(averages.length / 2), averages.length])
          expect(walsh.smallest(k) + 0).to.equal((averages[k - 1] as number) + 0);
        expect(walsh.median).to.be.closeTo(quantileOf(averages, 0.5), 1e-12 * 100);
      }),
      { numRuns: 80 },
    );
  });

  it("a drawn sum has the probabilities of all draws listed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 0, max: 9 }),
        (scores, wanted) => {
          const size = Math.min(wanted, scores.length);
          const sums: number[] = [];
          for (let mask = 0; mask < 2 ** scores.length; mask++) {
            const drawn = scores.filter((_, i) => (mask >> i) % 2 === 1);
            if (drawn.length === size) sums.push(drawn.reduce((sum, score) => sum + score, 0));
          }
          const made = drawnSum(scores, size);
          for (const x of [-1, 0, 3, 10, 60]) {
            expect(made.atMost(x)).to.be.closeTo(sums.filter((sum) => sum <= x).length / sums.length, 1e-12);
            expect(made.atLeast(x)).to.be.closeTo(sums.filter((sum) => sum >= x).length / sums.length, 1e-12);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("decisions", () => {
  it("agree with their intervals, and no two guardrail states at once", () => {
    const margins = fc.constantFrom(0.01, 0.2, 2);
    fc.assert(
      fc.property(
        moments,
        moments,
        margins,
        fc.constantFrom("absolute" as const, "relative" as const),
        fc.boolean(),
        levels,
        (control, treatment, margin, scale, higher, level) => {
          const effect = welch({ control, treatment });
          const options = { margin, scale, direction: higher ? "higher-is-better" : "lower-is-better", level } as const;
          for (const found of [superiority(effect, options), nonInferiority(effect, options)]) {
            consistent(found, level);
            if (found.kind === "finding") expect(found.details?.["decision"] === "shown").to.equal((found.test?.pValue ?? 1) < 1 - level);
          }
          const guard = guardrail(effect, options);
          if (guard.kind === "finding") {
            consistent(guard, 2 * level - 1);
            const state = guard.details?.["decision"];
            if (Math.abs((guard.test?.pValue ?? 1) - 2 * (1 - level)) > 1e-9) {
              expect(state === "undetermined", JSON.stringify(guard)).to.equal((guard.test?.pValue ?? 1) >= 2 * (1 - level));
            }
            expect((guard.details?.["pSafe"] as number) < 0.4 && (guard.details?.["pHarmed"] as number) < 0.4).to.equal(false);
          }
          const tost = equivalence(effect, { lowerMargin: -margin, upperMargin: margin, scale, level });
          if (tost.kind === "finding" && Math.abs((tost.test?.pValue ?? 1) - (1 - level)) > 1e-9) {
            const set = tost.estimate;
            const inside = set.interval !== undefined && set.interval.lower > -margin && set.interval.upper < margin;
            expect(tost.details?.["decision"] === "shown", JSON.stringify(tost)).to.equal(inside);
          }
        },
      ),
      { numRuns: 80 },
    );
  });

  it("what is not shown is never called no effect", () => {
    const effect = welch({ control: { n: 20, mean: 10, variance: 9 }, treatment: { n: 20, mean: 10.1, variance: 9 } });
    const options = { margin: 0.5, scale: "absolute", direction: "higher-is-better", level: 0.95 } as const;
    const words = [
      superiority(effect, options),
      nonInferiority(effect, options),
      guardrail(effect, options),
      equivalence(effect, { ...options, lowerMargin: -0.5, upperMargin: 0.5 }),
    ].map((found) => JSON.stringify(findingOf(found).details?.["conclusion"]).slice(1));
    expect(words.map((text) => text.split(/[:.]/)[0])).to.deep.equal(["Not shown", "Not shown", "Undetermined", "Not shown"]);
    for (const text of words) expect(text).to.not.match(/no effect|no difference|equal|the same/i);
  });
});
