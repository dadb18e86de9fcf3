/** Decisions against a margin: what they say, that worse mirrors better, that a p-value of exactly alpha shows nothing. */
import { expect } from "chai";
import { equivalence, guardrail, nonInferiority, superiority } from "../../simulations/statistics/decisions/index.ts";
import { type Effect, effectOf, type Found, type TestResult, undetermined } from "../../simulations/statistics/index.ts";
import { findingOf } from "./finding-parts.ts";

const effect = (difference: number, control = 100): Effect => {
  const arm = (value: number) => ({ value, standardError: 1, degreesOfFreedom: 99, n: 100 });
  return effectOf({ control: arm(control), treatment: arm(control + difference), method: "Welch's t", assumptions: ["a"] }) as Effect;
};

const higher = { scale: "absolute", direction: "higher-is-better", level: 0.95 } as const;
const lower = { ...higher, direction: "lower-is-better" } as const;
const both = { scale: "absolute", level: 0.95, lowerMargin: -5, upperMargin: 5 } as const;

const said = (found: Found): readonly unknown[] => {
  const { details } = findingOf(found);
  return [details?.["decision"], details?.["conclusion"]];
};

describe("decisions against a margin", () => {
  it("say in one sentence what is shown, and never that nothing changed", () => {
    expect(said(superiority(effect(9), { ...higher, margin: 0 }))).to.deep.equal([
      "shown",
      "Shown: the treatment is better than the control.",
    ]);
    expect(said(superiority(effect(9), { ...higher, margin: 2 }))).to.deep.equal([
      "shown",
      "Shown: the treatment is better than the control by more than the margin.",
    ]);
    expect(said(superiority(effect(0), { ...higher, margin: 0 }))).to.deep.equal([
      "not shown",
      "Not shown: the data do not rule out that the treatment is not better than the control. That is no evidence that nothing changed.",
    ]);
    expect(said(nonInferiority(effect(0), { ...higher, margin: 9 }))).to.deep.equal([
      "shown",
      "Shown: the treatment is not worse than the control by the margin or more.",
    ]);
    expect(said(nonInferiority(effect(0), { ...higher, margin: 1 }))).to.deep.equal([
      "not shown",
      "Not shown: the data do not rule out that the treatment is worse by the margin or more. That is no evidence that it is.",
    ]);
    expect(said(equivalence(effect(0), both))).to.deep.equal(["shown", "Shown: the effect lies within both margins."]);
    expect(said(equivalence(effect(4), both))).to.deep.equal([
      "not shown",
      "Not shown: the data do not rule out an effect beyond a margin. That is no evidence of such an effect.",
    ]);
    expect(said(guardrail(effect(0), { ...higher, margin: 9 }))).to.deep.equal([
      "shown safe",
      "Shown safe: a harm of the margin or more is ruled out.",
    ]);
    expect(said(guardrail(effect(-9), { ...higher, margin: 1 }))).to.deep.equal([
      "shown harmed",
      "Shown harmed: the treatment is worse by more than the margin.",
    ]);
    expect(said(guardrail(effect(0), { ...higher, margin: 1 }))).to.deep.equal([
      "undetermined",
      "Undetermined: the data rule out neither safety nor harm. More units would tell.",
    ]);
  });

  it("of a metric that is better low are those of the mirrored effect where it is better high", () => {
    for (const difference of [-9, -2.5, -1, 0, 1, 2.5, 9]) {
      for (const decide of [superiority, nonInferiority, guardrail]) {
        const [high, low] = [
          decide(effect(difference), { ...higher, margin: 2 }),
          decide(effect(-difference), { ...lower, margin: 2 }),
        ].map(findingOf);
        expect(low?.test?.pValue).to.be.closeTo(high?.test?.pValue ?? Number.NaN, 1e-14);
        expect(low?.test?.nullValue).to.equal(-(high?.test?.nullValue ?? Number.NaN));
        for (const name of ["decision", "conclusion", "margin", "alpha"]) expect(low?.details?.[name]).to.equal(high?.details?.[name]);
        for (const name of ["pSafe", "pHarmed", "pWorse"])
          expect((low?.details?.[name] as number | undefined) ?? 0).to.be.closeTo(
            (high?.details?.[name] as number | undefined) ?? 0,
            1e-14,
          );
      }
    }
  });

  it("safe and harmed are the two sides of one margin, and worse at all is the side of no change", () => {
    const { details } = findingOf(guardrail(effect(-1), { ...higher, margin: 2 }));
    expect((details?.["pSafe"] as number) + (details?.["pHarmed"] as number)).to.be.closeTo(1, 1e-12);
    const worse = findingOf(superiority(effect(-1), { ...lower, margin: 0 }));
    expect(details?.["pWorse"]).to.equal(worse.test?.pValue);
    expect(details?.["pSafe"]).to.equal(findingOf(nonInferiority(effect(-1), { ...higher, margin: 2 })).test?.pValue);
  });

  it("equivalence takes the larger of its two p-values, and names the margin that it belongs to", () => {
    for (const [difference, margin] of [
      [-3, -5],
      [3, 5],
    ] as const) {
      const { test, details } = findingOf(equivalence(effect(difference), both));
      expect(test?.nullValue).to.equal(margin);
      expect(test?.name).to.equal("TOST, Welch's t");
      expect(test?.pValue).to.equal(Math.max(details?.["pAboveLower"] as number, details?.["pBelowUpper"] as number));
    }
  });

  const answering = (pValues: Readonly<Record<string, number>>) => ({
    test: (_: unknown, nullValue: number, alternative: TestResult["alternative"]): TestResult => ({
      name: "test",
      pValue: pValues[alternative] ?? 1,
      alternative,
      nullValue,
    }),
    estimate: () => ({ kind: "estimate", value: 0, method: "given", n: 1, assumptions: [] }) as const,
    details: { own: 7 },
    warnings: () => ["careful"],
  });

  it("show nothing at a p-value of exactly alpha, and something just below", () => {
    const quarter = { level: 0.75, scale: "absolute", margin: 1, direction: "higher-is-better" } as const;
    const decisions = (pValue: number): readonly unknown[] => [
      said(superiority(answering({ greater: pValue }), quarter))[0],
      said(nonInferiority(answering({ greater: pValue }), quarter))[0],
      said(equivalence(answering({ greater: pValue, less: pValue }), { ...both, level: 0.75 }))[0],
      said(guardrail(answering({ greater: pValue, less: 1 }), quarter))[0],
      said(guardrail(answering({ greater: 1, less: pValue }), quarter))[0],
    ];
    expect(decisions(0.25)).to.deep.equal(["not shown", "not shown", "not shown", "undetermined", "undetermined"]);
    expect(decisions(0.2499)).to.deep.equal(["shown", "shown", "shown", "shown safe", "shown harmed"]);
  });

  it("keep what the comparison says of itself", () => {
    const { details, warnings } = findingOf(superiority(answering({ greater: 0.5 }), { ...higher, margin: 1 }));
    expect(details).to.deep.equal({
      decision: "not shown",
      conclusion:
        "Not shown: the data do not rule out that the treatment is not better than the control by more than the margin. That is no evidence that nothing changed.",
      margin: 1,
      scale: "absolute",
      direction: "higher-is-better",
      alpha: 1 - 0.95,
      own: 7,
    });
    expect(warnings).to.deep.equal(["careful"]);
  });

  it("say why there is none: no comparison, no control above 0 for a relative margin, one side without a test", () => {
    const none = undetermined("no unit", "one unit");
    const relative = { ...higher, margin: 0.1, scale: "relative" } as const;
    for (const decide of [superiority, nonInferiority, guardrail]) {
      expect(decide(none, { ...higher, margin: 1 })).to.equal(none);
      for (const control of [0, -3])
        expect(decide(effect(1, control), relative)).to.deep.equal({
          kind: "undetermined",
          reason: `the control's value is ${control}: a relative margin needs one above 0`,
          wouldDetermine: "an absolute margin",
        });
    }
    expect(equivalence(none, both)).to.equal(none);
    const sideless = (side: string) => ({
      ...answering({}),
      test: (_: unknown, nullValue: number, alternative: TestResult["alternative"]) =>
        alternative === side ? none : answering({}).test(_, nullValue, alternative),
    });
    for (const side of ["greater", "less"]) expect(equivalence(sideless(side), both)).to.equal(none);
    for (const side of ["greater", "less", "two-sided"]) expect(guardrail(sideless(side), { ...higher, margin: 1 })).to.equal(none);
  });

  it("want margins of their sign and a level above one half", () => {
    expect(() => superiority(effect(1), { ...higher, margin: -1 })).to.throw("a margin of -1");
    expect(() => guardrail(effect(1), { ...higher, margin: -1 })).to.throw("a guardrail margin of -1 at level 0.95");
    expect(() => guardrail(effect(1), { ...higher, margin: 1, level: 0.5 })).to.throw("at level 0.5");
    expect(() => equivalence(effect(1), { ...both, lowerMargin: 5 })).to.throw("margins 5 to 5 at level 0.95");
    expect(() => equivalence(effect(1), { ...both, level: 0.5 })).to.throw("margins -5 to 5 at level 0.5");
    expect(findingOf(guardrail(effect(1), { ...higher, margin: 0 })).test?.nullValue).to.be.closeTo(0, 0);
  });
});
