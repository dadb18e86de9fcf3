/** Lifts and log ratios: both makers agree with one another, and with the definition of what the test does not reject. */
import { expect } from "chai";
import { type ConfidenceSet, wordsOfSet } from "../../simulations/statistics/confidence-set.ts";
import {
  type ArmEstimate,
  absoluteDifference,
  type Effect,
  effectOf,
  logRatio,
  relativeLift,
  testDifference,
  testLift,
} from "../../simulations/statistics/effect.ts";
import { fiellerSet } from "../../simulations/statistics/fieller.ts";
import type { Alternative } from "../../simulations/statistics/index.ts";
import { powerOfTwoBelow } from "../../simulations/statistics/power-of-two.ts";
import { relativeEffects, varianceOfPair } from "../../simulations/statistics/relative-set.ts";
import { normalStatistic, studentWidth } from "../../simulations/statistics/student-width.ts";
import { endsOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

const level = 0.95;
const sides: readonly Alternative[] = ["two-sided", "less", "greater"];
const width = (alternative: Alternative) => (alternative === "two-sided" ? 1.959963984540054 : 1.6448536269514722);

const known = (value: number, standardError: number): ArmEstimate => ({
  value,
  standardError,
  degreesOfFreedom: Number.POSITIVE_INFINITY,
  n: 50,
});

/** Both makers, of the same two independent arms. */
function bothWays(control: ArmEstimate, treatment: ArmEstimate, alternative: Alternative) {
  const effect = effectOf({ control, treatment, method: "z", assumptions: [] }) as Effect;
  const pair = {
    control: control.value,
    treatment: treatment.value,
    controlVariance: control.standardError ** 2,
    treatmentVariance: treatment.standardError ** 2,
  };
  const told = relativeEffects(pair, { width: width(alternative), level, alternative, n: 100, method: "z" });
  return [
    [relativeLift(effect, { level, alternative }), told.relative],
    [logRatio(effect, { level, alternative }), told.logRatio],
  ] as const;
}

describe("relative effects", () => {
  it("are told alike by both of their makers, one-sided too", () => {
    for (const alternative of sides) {
      for (const [control, treatment] of [
        [known(10, 1), known(12, 2)],
        [known(10, 1), known(3, 2)],
        [known(10, 7), known(12, 2)],
        [known(10, 1), known(-12, 2)],
        [known(10, 0), known(12, 2)],
      ] as const) {
        for (const [one, other] of bothWays(control, treatment, alternative)) {
          expect(other.kind, `${alternative}, ${control.value}, ${treatment.value}`).to.equal(one.kind);
          if (one.kind !== "estimate" || other.kind !== "estimate") continue;
          near(other.value, one.value, 1e-12);
          expect(other.set?.kind).to.equal(one.set?.kind);
          if (one.set?.kind === "two-pieces") continue;
          for (const end of [0, 1] as const) {
            const [first, second] = [endsOf(one)[end], endsOf(other)[end]];
            if (first === null) expect(second).to.equal(null);
            else near(second ?? Number.NaN, first, 1e-9, 1e-3);
          }
        }
      }
    }
  });

  it("have log ratios that are the logarithms of the ratios, value and ends", () => {
    for (const alternative of sides) {
      const [[, lift], [, log]] = bothWays(known(10, 1), known(12, 2), alternative);
      if (lift.kind !== "estimate" || log.kind !== "estimate") throw new Error("no estimate");
      near(log.value, Math.log1p(lift.value), 1e-12);
      for (const end of [0, 1] as const) {
        const of = endsOf(lift)[end];
        expect(endsOf(log)[end]).to.equal(of === null ? null : Math.log1p(of));
      }
    }
  });

  it("say why there is none", () => {
    const options = { width: 2, level, alternative: "two-sided", n: 1, method: "z" } as const;
    const pair = { treatment: 1, control: 1, treatmentVariance: 1, controlVariance: 0 };
    for (const control of [0, -1])
      expect(relativeEffects({ ...pair, control }, options).relative).to.deep.equal({
        kind: "undetermined",
        reason: "a lift needs a control above 0",
        wouldDetermine: "an outcome whose control value is positive",
      });
    expect(relativeEffects({ ...pair, treatment: 1e-7, treatmentVariance: 1e-20 }, options).logRatio).to.deep.equal({
      kind: "undetermined",
      reason: "the ratio is so near 0 that its digits are rounded away beside 1",
      wouldDetermine: "the same values in a more suitable unit",
    });
    // Below a level of one half a width is below 0, and what it does not rule out may lie below the value itself.
    expect(relativeEffects(pair, { ...options, width: -2, alternative: "less" }).logRatio.kind).to.equal("undetermined");
    const tiny = { treatment: 1, control: 1e-305, treatmentVariance: 1e10, controlVariance: 0 };
    const tooNear = {
      kind: "undetermined",
      reason: "the control is too near 0 for a ratio that a number can hold",
      wouldDetermine: "an outcome whose control value is farther from 0",
    };
    expect(relativeEffects(tiny, options)).to.deep.equal({ relative: tooNear, logRatio: tooNear });
    for (const treatment of [-1, 0, 1])
      expect(relativeEffects({ ...pair, treatment }, options).logRatio).to.deep.equal({
        kind: "undetermined",
        reason: "the set of ratios reaches 0 or below, which has no logarithm",
        wouldDetermine: "more units, so that the ratio is shown to be above 0",
      });
  });
});

describe("effects at their edges", () => {
  const twoSided = { level, alternative: "two-sided" } as const;
  const effect = (control: ArmEstimate, treatment: ArmEstimate, paired?: Parameters<typeof effectOf>[0]["paired"]) =>
    effectOf({ control, treatment, method: "z", assumptions: [], ...(paired === undefined ? {} : { paired }) }) as Effect;
  const beyondDoubles = "the numbers are too large or too far apart for double precision";

  it("refuse what leaves the doubles: values, differences, quotients, either end of an interval, a lift without width", () => {
    for (const [control, treatment] of [
      [known(-1e308, 1), known(1e308, 1)],
      [known(1e300, 1e-300), known(2e300, 1e-300)],
      [known(0, Number.POSITIVE_INFINITY), known(1, 1)],
    ] as const)
      expect(effect(control, treatment)).to.include({ kind: "undetermined", reason: beyondDoubles });
    for (const value of [1.7e308, -1.7e308])
      expect(absoluteDifference(effect(known(0, 1), known(value, 1e307)), twoSided)).to.include({ reason: beyondDoubles });
    const exact = effect(known(1, 1e-20), known(3, 1e-20));
    for (const told of [relativeLift, absoluteDifference]) expect(told(exact, twoSided)).to.include({ reason: beyondDoubles });
    expect(relativeLift(exact, { level, alternative: "greater" })).to.deep.include({ set: { kind: "at-least", lower: 2, level } });
  });

  it("one-sided below a level of one half want a control that far above 0", () => {
    const claim = { level: 0.3, alternative: "greater" } as const;
    const near0 = relativeLift(effect(known(0.5, 1), known(2, 1)), claim);
    expect(near0).to.deep.equal({
      kind: "undetermined",
      reason: "the control's value is not far enough above 0 for a one-sided statement at a level below one half",
      wouldDetermine: "a level above one half",
    });
    expect(relativeLift(effect(known(0.6, 1), known(2, 1)), claim).kind).to.equal("estimate");
  });

  it("test a lift by the variance of D - m C, for independent arms and for the same units", () => {
    for (const lift of [-1, -0.75, -0.3, 0, 0.4, 3]) {
      const apart = testLift(effect(known(10, 2), known(3, 1.5)), "two-sided", lift);
      near(apart.statistic, (3 - (1 + lift) * 10) / Math.sqrt(1.5 ** 2 + ((1 + lift) * 2) ** 2), 1e-12);
      expect(apart.nullValue).to.equal(lift);
      for (const correlation of [-0.6, 0, 0.35]) {
        const paired = effect(known(10, 2), known(3, 1.5), { difference: -7, standardError: 0.8, correlation });
        const variance = 0.8 ** 2 + (lift * 2) ** 2 - 2 * correlation * lift * 0.8 * 2;
        near(testLift(paired, "two-sided", lift).statistic, (-7 - lift * 10) / Math.sqrt(variance), 1e-12);
      }
    }
    // Near a ratio of 0, and where arms do not vary, nothing is lost.
    near(testLift(effect(known(10, 2), known(1e-20, 1e-20)), "two-sided", -1).statistic, 1, 1e-15);
    expect(testLift(effect(known(10, 1), known(0, 0)), "two-sided", -1)).to.include({ statistic: 0, pValue: 1 });
  });

  it("keep the digits of small log ratios, and are normal where degrees of freedom cannot be told from infinitely many", () => {
    const log = logRatio(effect(known(1e8, 0.1), known(1e8 + 1, 0.1)), twoSided);
    near(log.kind === "estimate" ? log.value : Number.NaN, Math.log1p(1e-8), 1e-14);
    for (const degreesOfFreedom of [1e15, 1e20, Number.MAX_VALUE]) {
      const finite = effect({ ...known(0, 1), degreesOfFreedom }, { ...known(3, 1), degreesOfFreedom });
      near(testDifference(finite, "greater").pValue, testDifference(effect(known(0, 1), known(3, 1)), "greater").pValue, 1e-12);
    }
  });
});

describe("what relative sets are told and measured with", () => {
  it("words for each kind of set", () => {
    const write = (value: number) => `${100 * value} %`;
    expect(
      [
        { kind: "at-least", lower: 0.5, level },
        { kind: "at-most", upper: 2, level },
        { kind: "two-pieces", below: -1, above: 3, level },
        { kind: "everything", level },
      ].map((set) => wordsOfSet(set as ConfidenceSet, write)),
    ).to.deep.equal([
      "at least 50 %",
      "at most 200 %",
      "at most -100 %, or at least 300 %: the values between are ruled out, and neither direction is",
      "any value: the data rule out none",
    ]);
  });

  it("a unit is the power of two at or below a size, also just below a power", () => {
    for (let exponent = -1021; exponent <= 1023; exponent++) {
      expect(powerOfTwoBelow(2 ** exponent)).to.equal(2 ** exponent);
      expect(powerOfTwoBelow(2 ** exponent * (1 - 2 ** -53))).to.equal(2 ** (exponent - 1));
      if (exponent < 1023) expect(powerOfTwoBelow(2 ** exponent * 1.5)).to.equal(2 ** exponent);
    }
  });

  it("a difference varies less where its parts move together, and widths of few and of many units turn into one another", () => {
    const pair = { treatment: 1, control: 1, treatmentVariance: 5, controlVariance: 4 };
    expect([varianceOfPair(pair), varianceOfPair({ ...pair, covariance: 1.5 })]).to.deep.equal([9, 6]);
    for (const degreesOfFreedom of [1, 4, 30.5, 1e6])
      for (const width of [-3, -0.5, 0, 1, 2.5])
        near(normalStatistic(studentWidth(width, degreesOfFreedom), degreesOfFreedom), width, 1e-9);
    near(studentWidth(1.959963984540054, 4), 2.7764451051977987, 1e-9);
    for (const many of [1e15, 1e300, Number.POSITIVE_INFINITY])
      expect([studentWidth(3, many), normalStatistic(3, many)]).to.deep.equal([3, 3]);
    expect([1e200, -1e200].map((far) => normalStatistic(far, 50))).to.deep.equal([38, -38]);
    expect(studentWidth(Number.POSITIVE_INFINITY, 4)).to.equal(Number.POSITIVE_INFINITY);
  });
});

describe("Fieller's set", () => {
  const arms = (control: number, controlError: number, treatment: number, treatmentError: number) => ({
    control,
    controlError,
    treatment,
    treatmentError,
    difference: treatment - control,
    differenceError: Math.hypot(controlError, treatmentError),
    correlation: -controlError / Math.hypot(controlError, treatmentError),
    independent: true,
  });
  /** The squared distance of treatment - (1 + lift) control from 0, in standard errors. */
  const squared = ({ control, controlError, treatment, treatmentError }: ReturnType<typeof arms>, lift: number) =>
    (treatment - (1 + lift) * control) ** 2 / (treatmentError ** 2 + ((1 + lift) * controlError) ** 2);

  it("ends where the test is just not rejected, in one piece or two, whichever form the errors come in", () => {
    for (const [parts, kind] of [
      [arms(10, 1, 12, 2), "interval"],
      [arms(10, 6, 12, 0.5), "two-pieces"],
      [arms(10, 6, -30, 0.5), "two-pieces"],
      [arms(10, 6, 1, 9), "everything"],
    ] as const) {
      for (const independent of [true, false]) {
        const set = fiellerSet({ ...parts, independent }, 2, "two-sided", level);
        expect(set.kind).to.equal(kind);
        const ends = set.kind === "interval" ? [set.lower, set.upper] : set.kind === "two-pieces" ? [set.below, set.above] : [];
        for (const end of ends) near(squared(parts, end), 4, 1e-9);
        if (set.kind === "two-pieces") expect(squared(parts, (set.below + set.above) / 2)).to.be.greaterThan(4);
        if (set.kind === "interval") expect(squared(parts, (set.lower + set.upper) / 2)).to.be.lessThan(4);
      }
    }
  });

  it("is a half line where the control is shown to be above 0 by exactly nothing", () => {
    // Control 2 with error 1 at 2 standard errors: the quadratic has lost its leading term.
    const above = arms(2, 1, 9, 1);
    const set = fiellerSet(above, 2, "two-sided", level);
    if (set.kind !== "at-least") throw new Error(set.kind);
    near(squared(above, set.lower), 4, 1e-9);
    expect(fiellerSet(above, 2, "less", level).kind).to.equal("everything");
    expect(fiellerSet(above, 2, "greater", level)).to.deep.equal(set);
    const below = arms(2, 1, -9, 1);
    const turned = fiellerSet(below, 2, "two-sided", level);
    if (turned.kind !== "at-most") throw new Error(turned.kind);
    near(squared(below, turned.upper), 4, 1e-9);
    expect(fiellerSet(below, 2, "greater", level).kind).to.equal("everything");
    expect(fiellerSet(below, 2, "less", level)).to.deep.equal(turned);
  });

  it("one-sided: leaves out the gap only where the test looks", () => {
    const high = arms(10, 6, 60, 0.5);
    const low = arms(10, 6, -60, 0.5);
    expect(fiellerSet(high, 2, "greater", level).kind).to.equal("two-pieces");
    expect(fiellerSet(high, 2, "less", level)).to.deep.equal({ kind: "everything", level });
    expect(fiellerSet(low, 2, "less", level).kind).to.equal("two-pieces");
    expect(fiellerSet(low, 2, "greater", level)).to.deep.equal({ kind: "everything", level });
  });

  it("below a level of one half its one-sided ends change places", () => {
    const parts = arms(10, 1, 12, 2);
    const both = fiellerSet(parts, 1, "two-sided", level);
    if (both.kind !== "interval") throw new Error(both.kind);
    expect(fiellerSet(parts, 1, "greater", level)).to.deep.equal({ kind: "at-least", lower: both.lower, level });
    expect(fiellerSet(parts, -1, "greater", level)).to.deep.equal({ kind: "at-least", lower: both.upper, level });
    expect(fiellerSet(parts, 1, "less", level)).to.deep.equal({ kind: "at-most", upper: both.upper, level });
    expect(fiellerSet(parts, -1, "less", level)).to.deep.equal({ kind: "at-most", upper: both.lower, level });
  });

  it("has no unit, however large or small the numbers, and wants a control above 0", () => {
    const plain = fiellerSet(arms(10, 1, 12, 2), 2, "two-sided", level);
    for (const unit of [2 ** -600, 2 ** 600])
      expect(fiellerSet(arms(10 * unit, unit, 12 * unit, 2 * unit), 2, "two-sided", level)).to.deep.equal(plain);
    expect(() => fiellerSet(arms(0, 1, 12, 2), 2, "two-sided", level)).to.throw("a lift over a control of 0");
  });
});
