/** NIST's Statistical Reference Datasets: how many of the certified digits come out. Linear regression is tried where regression is. */
import { expect } from "chai";
import { anovaOneWay, comomentsOf, momentsOf, powerSums, productSums, varianceTable } from "../../simulations/statistics/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { near, referenceCases } from "./reference-numbers.ts";

/** A data set that repeats two values after a first one. */
interface Pattern {
  readonly first: number;
  readonly repeated: readonly number[];
  readonly times: number;
}

interface Univariate extends Partial<Pattern> {
  readonly name: string;
  readonly data?: readonly number[];
  readonly mean: number;
  readonly standardDeviation: number;
  readonly lagOneCorrelation: number;
}

interface Anova {
  readonly name: string;
  readonly between: number;
  readonly within: number;
  readonly f: number;
  readonly rSquared: number;
  readonly residualDeviation: number;
  readonly ofDoubles: { readonly between: number; readonly within: number };
  readonly groups?: readonly (readonly number[])[];
  readonly patterns?: readonly Pattern[];
}

const valuesOf = ({ first, repeated, times }: Pattern): readonly number[] => [
  first,
  ...Array.from({ length: times }, () => repeated).flat(),
];

/** Digits that agree: the logarithm of the relative error, 15 being all that NIST certifies. */
function digitsMatched(actual: number | undefined, certified: number): number {
  if (actual === undefined) return 0;
  return Math.min(15, actual === certified ? 15 : -Math.log10(Math.abs(actual - certified) / Math.abs(certified)));
}

describe("NIST univariate sets", () => {
  // NumAcc3 and NumAcc4 have decimals that doubles can only come near: the sets in memory differ from NIST's beyond these digits.
  const deviationDigits: Readonly<Record<string, number>> = { NumAcc3: 9.4, NumAcc4: 8.2, Mavro: 13, Michelso: 13.8 };

  for (const row of referenceCases<Univariate>("nist/univariate")) {
    const data = row.data ?? valuesOf({ first: row.first ?? 0, repeated: row.repeated ?? [], times: row.times ?? 0 });
    const moments = momentsOf(powerSums(data));
    const deviation = Math.sqrt((moments?.m2 ?? Number.NaN) / (data.length - 1));
    const shifted = comomentsOf(productSums([data.slice(0, -1), data.slice(1)]));
    const [early = Number.NaN, late = Number.NaN] = shifted?.means ?? [];
    const mean = moments?.mean ?? Number.NaN;
    const lag =
      ((shifted?.deviations[0]?.[1] ?? Number.NaN) + (data.length - 1) * (early - mean) * (late - mean)) / (moments?.m2 ?? Number.NaN);
    const matched = [
      digitsMatched(mean, row.mean),
      digitsMatched(deviation, row.standardDeviation),
      digitsMatched(lag, row.lagOneCorrelation),
    ];
    it(`${row.name}: mean ${matched[0]?.toFixed(1)}, deviation ${matched[1]?.toFixed(1)}, lag-1 ${matched[2]?.toFixed(1)} digits`, () => {
      expect(matched[0]).to.be.at.least(14.5);
      expect(matched[1]).to.be.at.least(deviationDigits[row.name] ?? 14.5);
      expect(matched[2]).to.be.at.least(Math.min(13, (deviationDigits[row.name] ?? 14) - 0.1));
    });
  }
});

describe("NIST analysis of variance sets", () => {
  // From SmLs04 on, data of 6 and 12 leading digits are not exact in doubles, which bounds what any program of doubles can match.
  for (const row of referenceCases<Anova>("nist/anova")) {
    const groups = (row.groups ?? (row.patterns ?? []).map(valuesOf)).map((values) => powerSums(values));
    const table = varianceTable(groups);
    const found = anovaOneWay({ groups, level: 0.95 });
    const f = found.kind === "finding" ? found.test?.statistic : undefined;
    it(`${row.name}: F ${digitsMatched(f, row.f).toFixed(1)} digits, and every digit of what the doubles in memory have`, () => {
      near(table.between, row.ofDoubles.between, 1e-15);
      near(table.within, row.ofDoubles.within, 1e-15);
      const least = row.name.match(/SmLs0[1-3]/) ? 12.5 : row.name.match(/SmLs0[4-6]/) ? 9 : row.name.match(/SmLs0[7-9]/) ? 2 : 9;
      expect(digitsMatched(f, row.f)).to.be.at.least(least);
      expect(found.kind === "finding" ? digitsMatched(found.estimate.value, row.rSquared) : 0).to.be.at.least(least);
    });
  }

  it("gives a lower limit of the share above 0 exactly when p is below 1 - level", () => {
    const groups = [powerSums([1, 2, 3, 2.5]), powerSums([2, 3, 4, 3.1]), powerSums([1.5, 2.2, 3.6, 4])];
    const p = anovaOneWay({ groups, level: 0.95 });
    const pValue = p.kind === "finding" ? (p.test?.pValue ?? Number.NaN) : Number.NaN;
    for (const level of [0.5, 0.6, 1 - pValue - 1e-6, 1 - pValue + 1e-6, 0.9, 0.99]) {
      const found = anovaOneWay({ groups, level });
      const lower = found.kind === "finding" && found.estimate.set?.kind === "at-least" ? found.estimate.set.lower : Number.NaN;
      expect(lower > 0, `level ${level}`).to.equal(pValue < 1 - level);
    }
  });

  it("is Undetermined where nothing varies, nothing can vary, or there is one group", () => {
    for (const groups of [
      [
        [1, 1],
        [2, 2],
      ],
      [[1], [2]],
      [[1, 2], []],
    ]) {
      expect(anovaOneWay({ groups: groups.map((values) => powerSums(values)), level: 0.95 }).kind).to.equal("undetermined");
    }
  });
});

describe("analysis of variance of very large and very small values", () => {
  it("has the F of the same values in another unit", () => {
    const statistic = findStatistic("anova-one-way");
    const groups = [
      [1, 2, 3.5],
      [5, 6, 9],
    ];
    const testOf = (unit: number) => {
      const found = statistic?.compute(statistic.input.parse({ groups: groups.map((values) => values.map((value) => value * unit)) }));
      return found?.kind === "finding" ? found.test?.statistic : undefined;
    };
    for (const unit of [1e-200, 1e200, 1e300]) near(testOf(unit), testOf(1) ?? Number.NaN, 1e-13);
  });
});
