/** Rates from partial labels: against R's survey package, and the laws that every estimator of the family keeps. */
import { expect } from "chai";
import fc from "fast-check";
import {
  auditedLabelRate,
  effectiveSize,
  fitLogistic,
  type LabelTable,
  type PartialLabelEstimate,
  partialDifference,
  partialRate,
  stratifiedLabelRate,
  stratifiedRows,
  type UnitRow,
  wilson,
} from "../../simulations/statistics/index.ts";
import { near, referenceCases } from "./reference-numbers.ts";

interface Case {
  /** Six numbers a unit: group, size, fine, probability, predicted, labelled. */
  readonly units: readonly number[];
  readonly hajek: readonly [number, number];
  readonly poissonSe: number;
  readonly stratified: readonly [number, number];
  readonly augmented: readonly [number, number];
  readonly kish: number;
  readonly logistic: readonly number[];
}

/** Groups 0 and 1 are adverse. */
const fineAndAdverse: LabelTable = [
  [0, 1],
  [0, 1],
  [0, 0],
  [0, 0],
];
const fine: LabelTable = fineAndAdverse.map(() => [0, 1] as const);
const rate = { numerator: fineAndAdverse, denominator: fine };
const common = { level: 0.95, method: "m", assumptions: [] };

function unitsOf({ units }: Case) {
  return Array.from({ length: units.length / 6 }, (_, index) => {
    const [group, size, isFine, probability, predicted, labelled] = units.slice(index * 6, index * 6 + 6) as [
      number,
      number,
      0 | 1,
      number,
      number,
      0 | 1,
    ];
    return { group, size, isFine, probability, predicted, labelled };
  });
}

function rowsOf(one: Case, isModelled: boolean): readonly UnitRow[] {
  return unitsOf(one).map(({ group, isFine, probability, predicted, labelled }) => ({
    count: 1,
    group,
    probability,
    ...(labelled === 1 ? { label: isFine } : {}),
    ...(isModelled ? { predicted } : {}),
  }));
}

function numbersOf({ estimate }: PartialLabelEstimate): readonly [number, number] {
  return estimate.kind === "estimate" ? [estimate.value, estimate.standardError ?? Number.NaN] : [Number.NaN, Number.NaN];
}

function same(actual: readonly number[], expected: readonly number[], tolerance = 1e-10): void {
  expect(actual.length).to.equal(expected.length);
  for (const [index, value] of actual.entries()) near(value, expected[index] as number, tolerance);
}

describe("rates from partial labels", () => {
  const cases = referenceCases<Case>("partial-labels/partial-labels");

  it("Hájek's ratio and its standard error agree with R's survey, units or labels drawn again", () => {
    for (const one of cases) {
      same(numbersOf(partialRate({ rows: rowsOf(one, false), rate, ...common })), one.hajek);
      const labels = partialRate({ rows: rowsOf(one, false), rate, draws: "labels", ...common });
      same(numbersOf(labels), [one.hajek[0], one.poissonSe]);
    }
  });

  it("the stratified ratio agrees with R's stratified design with finite population correction", () => {
    for (const one of cases) {
      const strata = Array.from({ length: 12 }, (_, code) => {
        const inside = unitsOf(one).filter(({ group, size }) => group * 3 + size === code);
        const labelled = inside.filter((unit) => unit.labelled === 1);
        const ones = labelled.filter(({ isFine }) => isFine === 1).length;
        return { group: Math.floor(code / 3), units: inside.length, ones, zeros: labelled.length - ones };
      });
      same(numbersOf(partialRate({ rows: stratifiedRows(strata), rate, draws: "labels", ...common })), one.stratified);
    }
  });

  it("the statistics of the table are these numbers", () => {
    for (const one of cases) {
      const audits = unitsOf(one)
        .filter(({ labelled }) => labelled === 1)
        .map(({ group, isFine, probability }) => ({ isFlagged: group < 2, fine: isFine, harmful: 1 - isFine, probability }));
      const found = auditedLabelRate({ audits, rate: "false-positive-rate", draws: "labels", level: 0.95 });
      if (found.kind === "undetermined") throw new Error(found.reason);
      same([found.estimate.value, found.estimate.standardError ?? 0], [one.hajek[0], one.poissonSe]);
      near(found.details?.["effectiveLabels"] as number, one.kish, 1e-12);
    }
    const strata = [
      { isFlagged: true, units: 100, fine: 10, harmful: 10 },
      { isFlagged: false, units: 200, fine: 40, harmful: 10 },
    ];
    const values = (["false-positive-rate", "false-share", "miss-rate"] as const).map((name) => {
      const found = stratifiedLabelRate({ strata, rate: name, draws: "units", level: 0.95 });
      return found.kind === "finding" ? found.estimate.value : Number.NaN;
    });
    same(values, [50 / 210, 0.5, 40 / 90], 1e-12);
  });

  it("the augmented ratio agrees with the totals of R", () => {
    for (const one of cases) same(numbersOf(partialRate({ rows: rowsOf(one, true), rate, ...common })), one.augmented);
  });

  it("Kish's effective number agrees", () => {
    for (const one of cases) near(effectiveSize(rowsOf(one, false), fine), one.kish, 1e-12);
  });

  it("logistic regression without a prior agrees with R's glm; with separation a prior keeps it finite", () => {
    for (const one of cases) {
      const rows = unitsOf(one).map(({ group, size, labelled }) => ({
        covariates: [1, group === 0 ? 1 : 0, group === 1 ? 1 : 0, group === 2 ? 1 : 0, size],
        trials: 1,
        successes: labelled,
      }));
      same(fitLogistic(rows, Number.POSITIVE_INFINITY)?.coefficients ?? [], one.logistic, 1e-8);
    }
    const separated = [0, 1].map((x) => ({ covariates: [1, x], trials: 5, successes: 5 * x }));
    expect(fitLogistic(separated, Number.POSITIVE_INFINITY)).to.equal(undefined);
    expect(fitLogistic(separated, 10)?.probabilityAt([1, 1])).to.be.within(0.8, 1);
  });
});

describe("laws of rates from partial labels", () => {
  const cell = fc.record({
    group: fc.integer({ min: 0, max: 3 }),
    ones: fc.integer({ min: 0, max: 40 }),
    zeros: fc.integer({ min: 0, max: 40 }),
    rest: fc.integer({ min: 0, max: 80 }),
  });
  const strataOf = (cells: readonly { group: number; ones: number; zeros: number; rest: number }[]) =>
    cells.map(({ group, ones, zeros, rest }) => ({ group, ones, zeros, units: ones + zeros + (ones + zeros === 0 ? 0 : rest) }));
  const only = (group: number): LabelTable => fine.map((_, index) => [0, index === group ? 1 : 0] as const);

  it("with every label known all estimators are Wilson's interval of the counts", () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
        const strata = strataOf(cells.map((one) => ({ ...one, rest: 0 })));
        const trials = strata.reduce((sum, { ones }) => sum + ones, 0);
        const successes = strata.reduce((sum, { group, ones }) => sum + (group < 2 ? ones : 0), 0);
        const { estimate } = partialRate({ rows: stratifiedRows(strata), rate, ...common });
        const plain = wilson({ successes, trials, level: 0.95 });
        expect(estimate.kind).to.equal(plain.kind);
        if (estimate.kind === "undetermined" || plain.kind === "undetermined") return;
        near(estimate.value, plain.value, 1e-12, 1e-9);
        near(estimate.interval?.lower, plain.interval?.lower ?? Number.NaN, 1e-9, 1e-6);
        // Where nobody is in a group that the numerator counts, the rate is 0 whatever the labels.
        if (strata.some(({ group, units }) => group < 2 && units > 0))
          near(estimate.interval?.upper, plain.interval?.upper ?? Number.NaN, 1e-9, 1e-6);
      }),
    );
  });

  it("the difference flips when its parts are swapped, and is exactly 0 where nobody carries it", () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), (cells) => {
        const rows = stratifiedRows(strataOf(cells));
        const difference = (plus: LabelTable, minus: LabelTable) =>
          partialDifference({ rows, plus, minus, denominator: fine, ...common }).estimate;
        const [there, back] = [difference(only(0), only(1)), difference(only(1), only(0))];
        expect(there.kind).to.equal(back.kind);
        if (there.kind === "undetermined" || back.kind === "undetermined") return;
        near(there.value + back.value, 0, 1e-12, 1);
        near((there.interval?.lower ?? 0) + (back.interval?.upper ?? 0), 0, 1e-12, 1);
        const none = difference(
          fine.map(() => [0, 0]),
          fine.map(() => [0, 0]),
        );
        expect(none).to.deep.include({ value: 0, interval: { lower: 0, upper: 0, level: 0.95 } });
      }),
    );
  });

  it("splitting a row into equal rows changes nothing", () => {
    const rows = stratifiedRows([
      { group: 0, units: 30, ones: 8, zeros: 6 },
      { group: 3, units: 200, ones: 40, zeros: 4 },
    ]);
    const halves = rows.flatMap((row) => [row, row].map((half) => ({ ...half, count: half.count / 2 })));
    same(numbersOf(partialRate({ rows: halves, rate, ...common })), numbersOf(partialRate({ rows, rate, ...common })), 1e-12);
  });

  it("a fitted probability makes the standard error no larger than a known one", () => {
    const rows: readonly UnitRow[] = [0, 3].flatMap((group) =>
      ([1, 0, undefined] as const).map((label) => ({
        count: label === undefined ? 60 : 20,
        group,
        ...(label === undefined ? {} : { label }),
        probability: 0.4,
      })),
    );
    const fitted = rows.map((row) => ({ ...row, covariates: [1, row.group === 0 ? 1 : 0] }));
    const [, known] = numbersOf(partialRate({ rows, rate, ...common }));
    const [, estimated] = numbersOf(partialRate({ rows: fitted, rate, ...common }));
    expect(estimated).to.be.below(known);
    // A saturated model of the probability is the stratified estimator.
    const strata = [0, 3].map((group) => ({ group, units: 100, ones: 20, zeros: 20 }));
    const [, stratified] = numbersOf(
      partialRate({ rows: stratifiedRows(strata).map((row) => ({ ...row, inflation: 1 })), rate, ...common }),
    );
    near(estimated, stratified, 1e-10);
  });

  it("a difference states no standard error where labels are all alike, and an interval all the same", () => {
    // Whoever is harmful is adverse under neither: nobody labelled is in either part.
    const harmful = [0, 1, 2, 3].map(() => [1, 0] as const);
    const only = (group: number) => harmful.map((value, index) => (index === group ? value : ([0, 0] as const)));
    const rows: readonly UnitRow[] = [0, 1, 2, 3].flatMap((group) => [
      { count: 5, group, label: group === 3 ? 0 : 1, probability: 0.5 },
      { count: 5, group, probability: 0.5 },
    ]);
    const { estimate } = partialDifference({ rows, plus: only(2), minus: only(1), denominator: harmful, ...common });
    if (estimate.kind === "undetermined") throw new Error(estimate.reason);
    expect(estimate.value).to.equal(0);
    expect(estimate.standardError).to.equal(undefined);
    expect([estimate.interval?.lower ?? 0, estimate.interval?.upper ?? 0].map(Math.sign)).to.deep.equal([-1, 1]);
  });

  it("without a label in the denominator gives the reason", () => {
    const { estimate } = partialRate({ rows: [{ count: 5, group: 0, probability: 1 }], rate, ...common });
    expect(estimate).to.have.property("kind", "undetermined");
  });
});
