/** Group-sequential designs against rpact, SciPy, mpmath and published tables, and their laws. */
import { expect } from "chai";
import fc from "fast-check";
import {
  driftForPower,
  type GroupSequentialDesign,
  groupSequentialBoundaries,
  groupSequentialLook,
  groupSequentialPower,
  groupSequentialResult,
  inflationFactor,
  type Spending,
  spentError,
  type WangTsiatis,
} from "../../simulations/statistics/index.ts";
import { excludes, found } from "./findings.ts";
import { near, referenceCases } from "./reference-numbers.ts";

type Form = Spending | WangTsiatis;
describe("group-sequential boundaries", () => {
  const table = referenceCases<{ information: number[]; maximum: number; alpha: number; sides: 1 | 2; form: Form; upper: number[] }>(
    "sequential/boundaries",
  );

  it("agree with another recursion, in double precision and with 25 digits, to 1e-11", () => {
    for (const { upper, maximum, ...row } of table) {
      const design = { ...row, maximumInformation: maximum };
      const bounds = groupSequentialBoundaries(design).upper;
      for (const [k, bound] of bounds.entries()) near(bound, upper[k] as number, 1e-11, 1);
    }
  });

  it("agree with the tables of Jennison and Turnbull (2000)", () => {
    const constant = (shape: number, looks: number, alpha: number): number => {
      const information = Array.from({ length: looks }, (_, k) => k + 1);
      return groupSequentialBoundaries({ information, alpha, sides: 2, form: { kind: "wang-tsiatis", shape } }).upper.at(-1) ?? 0;
    };
    // Tables 2.1 (Pocock) and 2.3 (O'Brien-Fleming).
    for (const [looks, pocock, obrien] of [
      [2, 2.178, 1.977],
      [3, 2.289, 2.004],
      [4, 2.361, 2.024],
      [5, 2.413, 2.04],
      [10, 2.555, 2.087],
    ] as const) {
      expect(constant(0.5, looks, 0.05)).to.be.closeTo(pocock, 5e-4);
      expect(constant(0, looks, 0.05)).to.be.closeTo(obrien, 5e-4);
    }
    expect(constant(0.5, 5, 0.01)).to.be.closeTo(2.986, 5e-4);
  });

  it("keep what was spent when later looks come at other times than planned", () => {
    const design = { maximumInformation: 100, alpha: 0.05, sides: 2, form: { kind: "pocock" } } as const;
    const planned = groupSequentialBoundaries({ ...design, information: [25, 50, 75, 100] });
    const early = groupSequentialBoundaries({ ...design, information: [25, 61.5] });
    expect(early.upper[0]).to.equal(planned.upper[0]);
    near(early.spent[1], 2 * spentError(design.form, 0.025, 0.615), 1e-14);
    const over = groupSequentialBoundaries({ ...design, information: [25, 50, 120] });
    expect(over.spent.at(-1)).to.equal(0.05);
    const short = groupSequentialBoundaries({ ...design, information: [25, 50, 80], final: true });
    expect(short.spent.at(-1)).to.equal(0.05);
    near(2 * groupSequentialPower(short, 0).power, 0.05, 1e-12);
  });

  it("have no boundary where there is nothing to spend, and none for looks that fall", () => {
    const bounds = groupSequentialBoundaries({ information: [0.001, 1], alpha: 0.05, sides: 2, form: { kind: "obrien-fleming" } });
    expect(bounds.upper[0]).to.equal(Number.POSITIVE_INFINITY);
    near(bounds.upper[1], 1.959963984540054, 1e-13);
    expect(() => groupSequentialBoundaries({ information: [2, 1], alpha: 0.05, sides: 2, form: { kind: "pocock" } })).to.throw();
  });

  it("spend exactly alpha, whatever the looks and the function", () => {
    const form = fc.oneof(
      fc.constantFrom<Spending>({ kind: "obrien-fleming" }, { kind: "pocock" }),
      fc.record({ kind: fc.constant("power" as const), rho: fc.double({ min: 0.3, max: 6, noNaN: true }) }),
      fc.record({ kind: fc.constant("hwang-shih-decani" as const), gamma: fc.double({ min: -6, max: 4, noNaN: true }) }),
    );
    const gains = fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(form, gains, fc.constantFrom<1 | 2>(1, 2), fc.constantFrom(0.01, 0.05, 0.3, 0.8), (spending, steps, sides, alpha) => {
        let sum = 0;
        const information = steps.map((step) => {
          sum += step;
          return sum;
        });
        const boundaries = groupSequentialBoundaries({ information, alpha, sides, form: spending });
        near(groupSequentialPower(boundaries, 0).power, alpha / sides, 1e-11);
      }),
      { numRuns: 40 },
    );
  });
});

describe("group-sequential power", () => {
  interface Row extends Omit<GroupSequentialDesign, "futility"> {
    power: number;
    inflation: number;
    shift: number;
    rejection: number[];
    asn0: number;
    asn1: number;
    asn01: number;
    upper: number[];
    beta?: number;
    futilityGamma?: number;
    futility?: number | number[];
  }
  const table = referenceCases<Row>("sequential/power");

  it("agrees with rpact: boundaries, futility, inflation, stopping and average sample number, to rpact's own 1e-6", () => {
    for (const { information, alpha, sides, form, power, beta, futilityGamma, ...row } of table) {
      const futility =
        beta === undefined ? {} : { futility: { beta, spending: { kind: "hwang-shih-decani" as const, gamma: futilityGamma ?? 0 } } };
      const design = { information, alpha, sides, form, ...futility };
      const boundaries = groupSequentialBoundaries(design);
      for (const [k, bound] of boundaries.upper.entries()) near(bound, row.upper[k] as number, 1e-6);
      for (const [k, bound] of [row.futility ?? []].flat().entries()) near(boundaries.futility?.z[k], bound, 1e-6, 1);
      const drift = driftForPower(boundaries, power);
      near(drift ** 2, row.shift, 1e-6);
      near(inflationFactor(design, power), row.inflation, 1e-6);
      const planned = groupSequentialPower(boundaries, drift);
      for (const [k, stop] of planned.upperByLook.entries()) near(stop, row.rejection[k] as number, 2e-6, 1);
      near(planned.expectedShare * row.inflation, row.asn1, 1e-5);
      near(groupSequentialPower(boundaries, drift / 2).expectedShare * row.inflation, row.asn01, 1e-5);
      near(groupSequentialPower(boundaries, 0).expectedShare * row.inflation, row.asn0, 1e-5);
    }
  });
});

describe("group-sequential analysis", () => {
  it("the stage-wise ordering agrees with another recursion to 1e-9", () => {
    const table = referenceCases<{
      information: number[];
      alpha: number;
      sides: 1 | 2;
      form: Spending;
      z: number;
      estimate: number;
      lower: number;
      upper: number | null;
      pValue: number;
    }>("sequential/results");
    for (const { information, alpha, sides, form, z, ...row } of table) {
      const looks = information.map((amount, k) => ({
        estimate: k === information.length - 1 ? z / Math.sqrt(amount) : 0,
        standardError: amount ** -0.5,
        n: k + 2,
      }));
      const alternative = sides === 2 ? "two-sided" : "greater";
      const result = found(
        groupSequentialResult({ looks, maximumInformation: 1, final: true, spending: form, level: 1 - alpha, alternative, nullValue: 0 }),
      );
      near(result.estimate.value, row.estimate, 1e-9, 1);
      near(result.test?.pValue, row.pValue, 1e-9);
      const { interval, set } = result.estimate;
      near(interval?.lower ?? (set?.kind === "at-least" ? set.lower : Number.NaN), row.lower, 1e-9, 1);
      if (row.upper !== null) near(interval?.upper, row.upper, 1e-9, 1);
    }
  });

  it("repeated p-values agree with rpact to its tolerance", () => {
    for (const { form, rates, z, repeatedPValue } of referenceCases<{
      form: Spending;
      rates: number | number[];
      z: number;
      repeatedPValue: number;
    }>("sequential/looks")) {
      const shares = [rates].flat();
      const looks = shares.map((amount, k) => ({
        estimate: k === shares.length - 1 ? z / Math.sqrt(amount) : 0,
        standardError: amount ** -0.5,
        n: 10,
      }));
      const result = found(
        groupSequentialLook({
          looks,
          maximumInformation: 1,
          final: false,
          spending: form,
          level: 0.975,
          alternative: "greater",
          nullValue: 0,
        }),
      );
      // rpact searches up to 0.5 only.
      if (repeatedPValue < 0.499) near(result.test?.pValue, repeatedPValue, 1e-4, 1e-3);
    }
  });

  it("repeated p-values go down to 1e-300 and keep their digits", () => {
    // mpmath, 30 digits: 2 (1 - Phi(z)) / log(1 + (e - 1) / 4).
    for (const [z, expected] of [
      [20, 1.541032066287959e-88],
      [35, 6.295425213e-268],
      [37, 3.204245922e-299],
    ] as const) {
      const asked = { maximumInformation: 4, final: false, level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
      const look = groupSequentialLook({ looks: [{ estimate: z, standardError: 1, n: 9 }], spending: { kind: "pocock" }, ...asked });
      near(found(look).test?.pValue, expected, 1e-9);
    }
  });

  const looks = fc
    .array(fc.record({ gain: fc.double({ min: 0.1, max: 0.6, noNaN: true }), z: fc.double({ min: -5, max: 5, noNaN: true }) }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((steps) => {
      let sum = 0;
      return steps.map(({ gain, z }, k) => {
        sum += gain;
        return { standardError: sum ** -0.5, estimate: z / Math.sqrt(sum), n: 10 * (k + 1) };
      });
    });
  const spending = fc.constantFrom<Spending>({ kind: "obrien-fleming" }, { kind: "pocock" }, { kind: "power", rho: 2 });
  const course = fc.record({
    looks,
    spending,
    alternative: fc.constantFrom("two-sided" as const, "greater" as const, "less" as const),
    level: fc.constantFrom(0.8, 0.95, 0.99),
    nullValue: fc.constantFrom(0, 0.7),
    maximumInformation: fc.constant(1.3),
    final: fc.constant(true),
  });

  it("the interval excludes the null value exactly when p < 1 - level, at a look and at the end", () => {
    fc.assert(
      fc.property(course, (options) => {
        for (const result of [groupSequentialLook(options), groupSequentialResult(options)].map(found)) {
          const pValue = result.test?.pValue ?? Number.NaN;
          if (Math.abs(pValue - (1 - options.level)) > 1e-9)
            expect(excludes(result, options.nullValue)).to.equal(pValue < 1 - options.level);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("looks after it stopped change nothing of the result, nor does the word that one of them was the last", () => {
    const after = [0.5, 0.4].map((standardError, k) => ({ estimate: -0.2, standardError, n: 40 + k }));
    fc.assert(
      fc.property(course, ({ looks: all, ...options }) => {
        // Beyond every bound: the first of 99 % may be as far as 10 standard errors.
        const far = options.nullValue + (options.alternative === "less" ? -15 : 15) * (all.at(-1)?.standardError ?? 1);
        const until = all.map((look, k) => (k === all.length - 1 ? { ...look, estimate: far } : look));
        const results = [
          groupSequentialResult({ ...options, looks: until, final: false }),
          groupSequentialResult({ ...options, looks: [...until, ...after] }),
        ].map(found);
        expect(results[1]?.details?.["stoppedAtLook"]).to.equal(results[0]?.details?.["stoppedAtLook"]);
        expect([results[1]?.estimate, results[1]?.test]).to.deep.equal([results[0]?.estimate, results[0]?.test]);
      }),
      { numRuns: 25 },
    );
  });

  it("mirrors to the last bit when the groups are swapped, and scales", () => {
    fc.assert(
      fc.property(course, (options) => {
        const flipped = { less: "greater", greater: "less", "two-sided": "two-sided" } as const;
        const mirrored = {
          ...options,
          alternative: flipped[options.alternative],
          nullValue: -options.nullValue,
          looks: options.looks.map((look) => ({ ...look, estimate: -look.estimate })),
        };
        const [a, b] = [found(groupSequentialResult(options)), found(groupSequentialResult(mirrored))];
        expect(a.test?.pValue).to.equal(b.test?.pValue);
        expect(a.estimate.value).to.equal(0 - b.estimate.value);
        if (a.estimate.interval !== undefined) expect(a.estimate.interval.lower).to.equal(0 - (b.estimate.interval?.upper ?? Number.NaN));
        const larger = {
          ...options,
          nullValue: options.nullValue * 1024,
          maximumInformation: options.maximumInformation / 1024 ** 2,
          looks: options.looks.map((look) => ({ ...look, estimate: look.estimate * 1024, standardError: look.standardError * 1024 })),
        };
        near(found(groupSequentialResult(larger)).estimate.value, a.estimate.value * 1024, 1e-9, 1);
      }),
      { numRuns: 25 },
    );
  });

  it("says so when the experiment has not stopped, when information falls and when nothing varies", () => {
    const plan = {
      maximumInformation: 4,
      final: false,
      spending: { kind: "pocock" },
      level: 0.95,
      alternative: "two-sided",
      nullValue: 0,
    } as const;
    const look = { estimate: 0.1, standardError: 1, n: 5 };
    expect(groupSequentialResult({ ...plan, looks: [look] })).to.have.property("kind", "undetermined");
    expect(groupSequentialLook({ ...plan, looks: [look, look] })).to.have.property("kind", "undetermined");
    expect(groupSequentialLook({ ...plan, looks: [{ ...look, standardError: 0 }] })).to.have.property("kind", "undetermined");
    expect(groupSequentialLook({ ...plan, looks: [] })).to.have.property("kind", "undetermined");
    const nothing = found(groupSequentialLook({ ...plan, spending: { kind: "obrien-fleming" }, maximumInformation: 1e6, looks: [look] }));
    expect(nothing.estimate.set).to.deep.equal({ kind: "everything", level: 0.95 });
    const stopped = found(
      groupSequentialResult({
        ...plan,
        looks: [
          { ...look, estimate: 9 },
          { estimate: 1, standardError: 0.6, n: 9 },
        ],
      }),
    );
    expect(stopped.details?.["stoppedAtLook"]).to.equal(1);
    expect(stopped.warnings).to.have.length(1);
  });
});
