/** Rates from partial labels by their definitions: sums written out, closed forms of stratified sampling, and what bounds an interval. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import {
  auditedLabelRate,
  fitLogistic,
  type LabelTable,
  normalQuantile,
  type PartialLabelEstimate,
  partialDifference,
  partialRate,
  stratifiedLabelRate,
  stratifiedRows,
  type UnitRow,
  unseenVariance,
  wilson,
} from "../../simulations/statistics/index.ts";
import { findingOf } from "./finding-parts.ts";
import { near, referenceCases } from "./reference-numbers.ts";

const z95 = -normalQuantile(0.025);
const asked = { level: 0.95, method: "m", assumptions: [] };

/** The estimate, or a failure that says why there is none. */
function estimateOf({ estimate }: PartialLabelEstimate) {
  if (estimate.kind === "undetermined") throw new Error(estimate.reason);
  return estimate;
}

function withoutModel(row: UnitRow): UnitRow {
  const { predicted: _, ...rest } = row;
  return rest;
}

describe("rates from partial labels, by their definitions", () => {
  const rows: readonly UnitRow[] = [
    { count: 4, group: 0, probability: 0.5, predicted: 0.3, label: 1 },
    { count: 6, group: 0, probability: 0.25, predicted: 0.3, label: 0 },
    { count: 9, group: 0, probability: 0.4, predicted: 0.6 },
    { count: 5, group: 1, probability: 0.8, predicted: 0.7, label: 1 },
    { count: 7, group: 1, probability: 0.8, label: 0 },
    { count: 8, group: 1, probability: 0.6 },
  ];
  const numerator: LabelTable = [
    [0.25, 1],
    [0.5, 0.75],
  ];
  const denominator: LabelTable = [
    [1, 2],
    [1, 1],
  ];

  it("totals are what the model expects, and what labels add to it; known counts are taken as known", () => {
    for (const knowsCounts of [false, true]) {
      const part = ({ group, label, probability, predicted }: UnitRow, table: LabelTable): number => {
        const [zero, one] = table[group] as readonly [number, number];
        const modelled = predicted === undefined ? (knowsCounts && zero === one ? zero : 0) : (1 - predicted) * zero + predicted * one;
        return modelled + (label === undefined ? 0 : ((label === 1 ? one : zero) - modelled) / probability);
      };
      const total = (of: (row: UnitRow) => number): number => rows.reduce((sum, row) => sum + row.count * of(row), 0);
      const whole = total((row) => part(row, denominator));
      const rate = total((row) => part(row, numerator)) / whole;
      const { estimate } = partialRate({ rows, rate: { numerator, denominator }, knowsCounts, level: 0.9, method: "m", assumptions: [] });
      if (estimate.kind === "undetermined") throw new Error(estimate.reason);
      near(estimate.value, rate, 1e-13);
      const influence = (row: UnitRow): number => (part(row, numerator) - rate * part(row, denominator)) / whole;
      near(
        (estimate.standardError ?? 0) ** 2,
        total((row) => influence(row) ** 2),
        1e-12,
      );
    }
  });

  it("labels that are all alike hide a variance, which a half more of the other label shows; all seen, none is hidden", () => {
    const share = (units: number) =>
      stratifiedLabelRate({
        strata: [{ isFlagged: true, units, fine: 10, harmful: 0 }],
        rate: "false-share",
        draws: "labels",
        level: 0.95,
      });
    const { estimate } = findingOf(share(100));
    near(estimate.standardError, Math.sqrt((0.9 * ((10.5 / 11) * (0.5 / 11))) / 10), 1e-12);
    expect(findingOf(share(10)).estimate.standardError).to.equal(undefined);
  });

  it("a logistic fit with a prior is where the slope of likelihood and prior is 0", () => {
    const seen = [-2, -1, 0, 1, 3].map((x, i) => ({ covariates: [1, x], trials: 4 + i, successes: [0, 1, 3, 3, 8][i] as number }));
    for (const variance of [0.5, 10]) {
      const { coefficients } = present(fitLogistic(seen, variance), "a fit");
      for (const place of [0, 1]) {
        const slope = seen.reduce((sum, { covariates, trials, successes }) => {
          const eta = (coefficients[0] as number) + (coefficients[1] as number) * (covariates[1] as number);
          return sum + (covariates[place] as number) * (successes - trials / (1 + Math.exp(-eta)));
        }, 0);
        near(slope, (coefficients[place] as number) / variance, 1e-9, 1);
      }
    }
  });

  it("by strata it is the textbook's ratio with its variance, and Wilson's interval of as many units as would give that", () => {
    const strata = [
      { isFlagged: true, units: 90, fine: 12, harmful: 8 },
      { isFlagged: true, units: 40, fine: 0, harmful: 0, none: true },
      { isFlagged: false, units: 300, fine: 60, harmful: 15 },
      { isFlagged: false, units: 500, fine: 50, harmful: 0 },
      { isFlagged: false, units: 70, fine: 60, harmful: 10 },
      { isFlagged: true, units: 60, fine: 1, harmful: 0 },
    ].map(({ none, ...own }) => (none === true ? { ...own, units: 0 } : own));
    for (const rate of ["false-positive-rate", "false-share", "miss-rate"] as const) {
      // A unit counts above with share `top`, below with share `base`; each as (constant, for each fine one).
      const parts = (isFlagged: boolean): readonly [top: readonly [number, number], base: readonly [number, number]] => {
        const flag = Number(isFlagged);
        if (rate === "false-positive-rate")
          return [
            [0, flag],
            [0, 1],
          ];
        if (rate === "false-share")
          return [
            [0, flag],
            [flag, 0],
          ];
        return [
          [1 - flag, flag - 1],
          [1, -1],
        ];
      };
      const seen = strata.filter(({ units }) => units > 0);
      const shareOf = ({ fine, harmful }: { fine: number; harmful: number }): number => fine / (fine + harmful);
      const total = (of: 0 | 1): number =>
        seen.reduce((sum, own) => sum + own.units * (parts(own.isFlagged)[of][0] + parts(own.isFlagged)[of][1] * shareOf(own)), 0);
      const value = total(0) / total(1);
      const most =
        seen.reduce((sum, { isFlagged, units, fine, harmful }) => {
          const [[constant, ifFine]] = parts(isFlagged);
          return sum + units * constant + fine * ifFine + (units - fine - harmful) * Math.max(0, ifFine);
        }, 0) / total(1);
      const variance = (draws: "units" | "labels"): number =>
        seen.reduce((sum, own) => {
          const [labels, share, [top, base]] = [own.fine + own.harmful, shareOf(own), parts(own.isFlagged)];
          const effect = (top[1] - value * base[1]) / total(1);
          const expected = (top[0] + top[1] * share - value * (base[0] + base[1] * share)) / total(1);
          const [spread, smoothed] = [share * (1 - share), (own.fine + 0.5) / (labels + 1)];
          const within = labels > 1 && labels < own.units ? (spread * labels) / (labels - 1) : spread;
          const unlabelled = 1 - labels / own.units;
          const hidden = unlabelled * Math.max(0, smoothed * (1 - smoothed) - spread);
          const drawn = draws === "labels" ? unlabelled * within : within;
          return sum + own.units ** 2 * effect ** 2 * ((drawn + hidden) / labels) + (draws === "units" ? own.units * expected ** 2 : 0);
        }, 0);
      for (const draws of ["units", "labels"] as const) {
        const { estimate } = findingOf(stratifiedLabelRate({ strata, rate, draws, level: 0.95 }));
        near(estimate.value, value, 1e-12);
        near(estimate.standardError, Math.sqrt(variance(draws)), 1e-12);
        const likeUnits = (value * (1 - value)) / variance(draws);
        const { lower, upper } = present(estimate.interval, "an interval");
        near((value - lower) ** 2, (z95 ** 2 * lower * (1 - lower)) / likeUnits, 1e-9);
        if (draws === "units" || upper < most) near((value - upper) ** 2, (z95 ** 2 * upper * (1 - upper)) / likeUnits, 1e-9);
        else near(upper, most, 1e-12);
        expect(lower < value && value < upper).to.equal(true);
      }
    }
  });

  it("a stratum without a label is named, and nobody flagged are none of the fine", () => {
    const strata = [
      { isFlagged: false, units: 9, fine: 3, harmful: 1 },
      { isFlagged: true, units: 5, fine: 0, harmful: 0 },
    ];
    const common = { rate: "false-positive-rate", draws: "units", level: 0.95 } as const;
    expect(stratifiedLabelRate({ strata, ...common })).to.include({ reason: "stratum 2 has units and no label" });
    const { estimate } = findingOf(stratifiedLabelRate({ strata: strata.slice(0, 1), ...common }));
    expect([estimate.value, estimate.interval, estimate.standardError]).to.deep.equal([0, { lower: 0, upper: 0, level: 0.95 }, undefined]);
  });

  it("its upper end is at most what the unlabelled of these very units could add, where a model counts them; not of another draw, nor with weights alone", () => {
    const strata = [
      { isFlagged: true, units: 10, fine: 3, harmful: 5 },
      { isFlagged: false, units: 100, fine: 90, harmful: 10 },
    ];
    const ends = (own: typeof strata, rate: "false-positive-rate" | "miss-rate", draws: "units" | "labels" = "labels") =>
      findingOf(stratifiedLabelRate({ strata: own, rate, draws, level: 0.95 })).estimate.interval?.upper;
    near(ends(strata, "false-positive-rate"), (3 + 2) / (10 * (3 / 8) + 90), 1e-12);
    expect(ends(strata, "false-positive-rate", "units")).to.be.above(5 / 93.75);
    const turned = strata.map(({ isFlagged, units, fine, harmful }) => ({ isFlagged: !isFlagged, units, fine: harmful, harmful: fine }));
    near(ends(turned, "miss-rate"), (3 + 2) / (10 * (3 / 8) + 90), 1e-12);
    const audits = strata.map(({ isFlagged, fine, harmful }) => ({ isFlagged, fine, harmful, probability: isFlagged ? 0.8 : 1 }));
    const weighted = findingOf(auditedLabelRate({ audits, rate: "false-positive-rate", draws: "units", level: 0.95 })).estimate;
    expect(weighted.interval?.upper).to.be.above(5 / 93.75);
  });

  it("with every label known the rate of these very units is known, and that of another draw is Wilson's of the fine", () => {
    const strata = [
      { isFlagged: true, units: 263, fine: 32, harmful: 231 },
      { isFlagged: false, units: 81, fine: 54, harmful: 27 },
    ];
    const of = (draws: "units" | "labels") =>
      findingOf(stratifiedLabelRate({ strata, rate: "false-positive-rate", draws, level: 0.95 })).estimate;
    const plain = wilson({ successes: 32, trials: 86, level: 0.95 });
    if (plain.kind === "undetermined") throw new Error(plain.reason);
    near(of("units").interval?.lower, plain.interval?.lower ?? Number.NaN, 1e-12);
    near(of("units").interval?.upper, plain.interval?.upper ?? Number.NaN, 1e-12);
    expect([of("labels").interval, of("labels").standardError]).to.deep.equal([{ lower: 32 / 86, upper: 32 / 86, level: 0.95 }, undefined]);
  });

  it("weights that push it out of 0 to 1 are cut there, and said to be; below 0 in the denominator there is no rate", () => {
    const denominator: LabelTable = [[1, 1]];
    const rows: readonly UnitRow[] = [
      { count: 3, group: 0, label: 1, probability: 0.1 },
      { count: 7, group: 0, probability: 0.1 },
    ];
    const above = estimateOf(partialRate({ rows, rate: { numerator: [[0, 1]], denominator }, knowsCounts: true, ...asked }));
    expect([above.value, above.interval?.upper]).to.deep.equal([1, 1]);
    near(above.interval?.lower, 3 / (3 + z95 ** 2), 1e-12);
    expect(above.assumptions).to.deep.equal(["cut to between 0 and 1: weights put it outside"]);
    const wrong: readonly UnitRow[] = [
      { count: 1, group: 0, label: 0, probability: 0.1, predicted: 1 },
      { count: 1, group: 0, label: 1, probability: 0.5, predicted: 1 },
    ];
    const fine: LabelTable = [[0, 1]];
    const reason = "weights put the estimated denominator at 0 or below";
    expect(partialRate({ rows: wrong, rate: { numerator: fine, denominator: fine }, ...asked }).estimate).to.include({ reason });
    expect(partialDifference({ rows: wrong, plus: fine, minus: fine, denominator: fine, ...asked }).estimate).to.include({ reason });
  });
});

describe("a rate that a model puts next to 1", () => {
  const unseen = [unseenVariance({ units: [60], ones: 24, labels: 24, unlabelledShare: 0.6 })];
  const at = (predicted: number) =>
    estimateOf(
      partialRate({
        ...asked,
        rate: { numerator: [[0, 1]], denominator: [[1, 1]] },
        unseen,
        rows: [
          { count: 24, group: 0, probability: 0.4, predicted, label: 1 },
          { count: 36, group: 0, probability: 0.4, predicted },
        ],
      }),
    );

  it("keeps the interval of its labels: it is no wider for being less than 1 by next to nothing", () => {
    const [exact, nearly] = [at(1).interval, at(0.9999).interval];
    expect(exact?.lower).to.be.within(0.85, 0.95);
    expect(nearly?.lower).to.be.within(0.85, 0.95);
  });
});

describe("differences of rates from partial labels, by their definitions", () => {
  it("with every label known they are Newcombe's for pairs, where the answers do not agree", () => {
    interface Paired {
      readonly both: number;
      readonly onlySecond: number;
      readonly onlyFirst: number;
      readonly neither: number;
      readonly level: number;
      readonly newcombe: readonly [number, number];
    }
    // Where answers agree more often than not, Newcombe's tenth method corrects the correlation for continuity, which is not done here.
    const cases = referenceCases<Paired>("paired-proportions").filter((own) => own.both * own.neither <= own.onlySecond * own.onlyFirst);
    expect(cases.length).to.be.at.least(6);
    for (const { both, onlySecond, onlyFirst, neither, level, newcombe } of cases) {
      const rows = [both, onlySecond, onlyFirst, neither].map((count, group) => ({ count, group, label: 1, probability: 1 }) as const);
      const tableOf = (...groups: readonly number[]): LabelTable => groups.map((one) => [0, one] as const);
      const parts = { plus: tableOf(1, 1, 0, 0), minus: tableOf(1, 0, 1, 0), denominator: tableOf(1, 1, 1, 1) };
      const found = estimateOf(partialDifference({ rows, ...parts, ...asked, level }));
      const n = both + onlySecond + onlyFirst + neither;
      near(found.value, (onlySecond - onlyFirst) / n, 1e-12);
      near(found.interval?.lower, newcombe[0], 1e-9);
      near(found.interval?.upper, newcombe[1], 1e-9);
      near(found.standardError, Math.sqrt((onlySecond + onlyFirst - (onlySecond - onlyFirst) ** 2 / n) / n ** 2), 1e-9);
      expect(found.n).to.equal(n);
    }
  });

  it("have the standard error of the one rate whose numerator is the difference, units or labels drawn, fitted or not", () => {
    const rows = stratifiedRows([
      { group: 0, units: 60, ones: 12, zeros: 8 },
      { group: 1, units: 40, ones: 9, zeros: 3 },
      { group: 2, units: 300, ones: 80, zeros: 10 },
    ]);
    const plus: LabelTable = [
      [0, 1],
      [0, 1],
      [0, 0.5],
    ];
    const minus: LabelTable = [
      [0, 1],
      [0, 0],
      [0, 0.25],
    ];
    const numerator = plus.map(([zero, one], group) => [zero - (minus[group]?.[0] ?? 0), one - (minus[group]?.[1] ?? 0)] as const);
    const denominator: LabelTable = plus.map(() => [0, 1]);
    const fitted = rows.map((row) => ({ ...row, covariates: [1, row.group] }));
    for (const own of [rows, fitted]) {
      for (const draws of ["units", "labels"] as const) {
        const found = estimateOf(partialDifference({ rows: own, plus, minus, denominator, draws, ...asked }));
        const whole = estimateOf(partialRate({ rows: own, rate: { numerator, denominator }, draws, ...asked }));
        near(found.value, whole.value, 1e-12);
        near(found.standardError, whole.standardError ?? 0, 1e-10);
      }
    }
  });

  it("are not made without a label in the denominator", () => {
    const rows = [{ count: 5, group: 0, probability: 1 }];
    const none: LabelTable = [[0, 1]];
    const { estimate, effectiveSize } = partialDifference({ rows, plus: none, minus: none, denominator: none, ...asked });
    expect(estimate).to.include({ kind: "undetermined", reason: "no labelled unit is in the denominator" });
    expect(effectiveSize).to.equal(0);
  });
});

describe("fitted probabilities of a label", () => {
  it("are 0 and 1 far out, and covariates that say the same twice explain nothing", () => {
    const trials = [0, 1].map((x) => ({ covariates: [1, x], trials: 10, successes: 3 + 4 * x }));
    const { probabilityAt } = present(fitLogistic(trials, 10), "a fit");
    expect([probabilityAt([1, 1e6]), probabilityAt([1, -1e6])]).to.deep.equal([1, 0]);
    const rows = stratifiedRows([{ group: 0, units: 50, ones: 6, zeros: 9 }]);
    const rate = { numerator: [[0, 1]], denominator: [[1, 1]] } as const;
    const twice = rows.map((row) => ({ ...row, covariates: [1, 1] }));
    expect(partialRate({ rows: twice, rate, ...asked })).to.deep.equal(partialRate({ rows, rate, ...asked }));
    // Without a model and by weights alone, counts are estimated too unless they are said to be known.
    const weighted = rows.map(withoutModel);
    expect(partialRate({ rows: weighted, rate, ...asked })).to.deep.equal(
      partialRate({ rows: weighted, rate, knowsCounts: false, ...asked }),
    );
  });

  it("explain as much in whichever units and from whichever origin the covariates are", () => {
    const modelled = stratifiedRows([0, 1, 2].map((group) => ({ group, units: 60 + 30 * group, ones: 12 - group, zeros: 8 + 5 * group })));
    const rows = modelled.map(withoutModel);
    const rate = {
      numerator: [
        [0, 1],
        [0, 1],
        [0, 0],
      ],
      denominator: [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
    } as const;
    const errors = [(g: number) => [1, g], (g: number) => [1, 3 * g - 5], (g: number) => [-2, 0.25 * g + 7]].map(
      (covariates) =>
        estimateOf(partialRate({ rows: rows.map((row) => ({ ...row, covariates: covariates(row.group) })), rate, ...asked })).standardError,
    );
    for (const error of errors) near(error, errors[0] ?? 0, 1e-10);
    expect(errors[0]).to.be.below(estimateOf(partialRate({ rows, rate, ...asked })).standardError ?? 0);
  });
});
