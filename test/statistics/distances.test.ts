/** Distances between distributions against SciPy and R, their nulls against complete enumeration, and their laws. */
import { expect } from "chai";
import fc from "fast-check";
import { randomStream } from "../../data/foundation/index.ts";
import {
  countPairs,
  countPoints,
  exactSurvival,
  jensenShannon,
  jensenShannonDistance,
  kolmogorovSmirnov,
  kolmogorovSurvival,
  populationStability,
  type SamplesCompared,
  shuffleGroups,
  stabilityIndex,
  swapLabels,
  tablePairs,
  wasserstein,
  wassersteinDistance,
} from "../../simulations/statistics/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { found } from "./findings.ts";
import { near, referenceCases } from "./reference-numbers.ts";

type Alternative = "two-sided" | "less" | "greater";
const shuffles = { draws: 999, seed: 3, level: 0.95 };

function independent(control: readonly number[], treatment: readonly number[]): SamplesCompared {
  return { design: "independent", ...countPoints(control, treatment) };
}

function counted(control: readonly number[], treatment: readonly number[]): SamplesCompared {
  const points = Float64Array.from(control, (_, i) => i);
  return { design: "independent", points, control: Float64Array.from(control), treatment: Float64Array.from(treatment) };
}

describe("Kolmogorov-Smirnov", () => {
  interface Row {
    control?: number[];
    treatment?: number[];
    ties?: boolean;
    results?: { alternative: Alternative; statistic: number; exact: number; scipy: number | null }[];
    limit?: [number, number][];
  }

  it("is exact: integer path counts and SciPy agree to 1e-10, with and without ties; the limit agrees to 1e-12", () => {
    for (const { control = [], treatment = [], results = [], limit = [] } of referenceCases<Row>("distances/kolmogorov-smirnov")) {
      for (const { alternative, statistic, exact } of results) {
        const result = found(kolmogorovSmirnov(independent(control, treatment), { ...shuffles, method: "exact", alternative }));
        near(result.estimate.value, statistic, 1e-14);
        near(result.test?.pValue, exact, 1e-11);
      }
      for (const [x, survival] of limit) near(kolmogorovSurvival(x, "both"), survival, 1e-12);
    }
  });

  it("agrees with R: exact with ties, and both limits", () => {
    let agreeing = 0;
    for (const row of referenceCases<{
      control: number[];
      treatment: number[];
      alternative: Alternative;
      statistic: number;
      exact: number;
      limit: number;
      counted: number;
    }>("distances/kolmogorov-smirnov-r")) {
      const compared = independent(row.control, row.treatment);
      const exact = found(kolmogorovSmirnov(compared, { ...shuffles, method: "exact", alternative: row.alternative }));
      near(exact.estimate.value, row.statistic, 1e-12, 1e-3);
      near(exact.test?.pValue, row.counted, 1e-10, 1e-3);
      // R's own test may take a tie for none where i/n - j/m is rounded.
      if (Math.abs(row.exact - row.counted) < 1e-9) agreeing++;
      near(
        found(kolmogorovSmirnov(compared, { ...shuffles, method: "asymptotic", alternative: row.alternative })).test?.pValue,
        row.limit,
        1e-6,
      );
    }
    expect(agreeing).to.be.at.least(20);
  });

  it("exceeds its null quantile exactly when p <= 1 - level, by every method, and mirrors", () => {
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 15 });
    const alternative = fc.constantFrom<Alternative>("two-sided", "less", "greater");
    fc.assert(
      fc.property(
        values,
        values,
        alternative,
        fc.constantFrom("exact" as const, "permutation" as const),
        (control, treatment, side, method) => {
          const options = { draws: 99, seed: 1, level: 0.8, method, alternative: side };
          const result = found(kolmogorovSmirnov(independent(control, treatment), options));
          expect(result.estimate.value > (result.details?.["nullQuantile"] as number) + 1e-12).to.equal(
            (result.test?.pValue as number) <= 0.2 + 1e-12,
          );
          const flipped = { less: "greater", greater: "less", "two-sided": "two-sided" } as const;
          const mirrored = found(kolmogorovSmirnov(independent(treatment, control), { ...options, alternative: flipped[side] }));
          near(mirrored.estimate.value, result.estimate.value, 1e-14);
          if (method === "exact") near(mirrored.test?.pValue, result.test?.pValue as number, 1e-12);
        },
      ),
      { numRuns: 80 },
    );
  });

  it("keeps the digits of tiny probabilities, and knows what it cannot do", () => {
    const apart = countPoints(
      Array.from({ length: 150 }, (_, i) => i),
      Array.from({ length: 150 }, (_, i) => 1000 + i),
    );
    // 2 / C(300, 150).
    near(exactSurvival(apart, 150 * 150, "both"), 2.1331125641959916e-89, 1e-12);
    expect(kolmogorovSmirnov(independent([], [1]), { ...shuffles, method: "auto", alternative: "two-sided" }).kind).to.equal(
      "undetermined",
    );
    const paired: SamplesCompared = { design: "paired", ...countPairs([1, 2], [2, 2]) };
    expect(kolmogorovSmirnov(paired, { ...shuffles, method: "exact", alternative: "two-sided" }).kind).to.equal("undetermined");
    expect(kolmogorovSmirnov(counted([4000, 0], [1000, 3000]), { ...shuffles, method: "exact", alternative: "two-sided" }).kind).to.equal(
      "undetermined",
    );
    expect(kolmogorovSmirnov(counted([4e8, 0], [1, 3e8]), { ...shuffles, method: "auto", alternative: "two-sided" }).kind).to.equal(
      "undetermined",
    );
    expect(
      found(kolmogorovSmirnov(counted([40, 60], [40, 60]), { ...shuffles, method: "exact", alternative: "less" })).test?.pValue,
    ).to.equal(1);
  });
});

describe("Wasserstein", () => {
  interface Row {
    control: number[];
    treatment: number[];
    bins?: number[];
    wasserstein: number;
    nullMean?: number;
    nullP?: number;
    design?: "independent" | "paired";
  }
  const table = referenceCases<Row>("distances/values");

  it("agrees with SciPy to 1e-12, values and histograms", () => {
    for (const { control, treatment, bins, wasserstein: expected } of table) {
      const input =
        bins === undefined ? independent(control, treatment) : { ...counted(control, treatment), points: Float64Array.from(bins) };
      near(wasserstein(input), expected, 1e-12);
    }
  });

  it("its shuffles agree with all labellings, and with all swaps of the same entities, within Monte Carlo error", () => {
    for (const { control, treatment, nullMean = 0, nullP = 0, design } of table.filter((row) => row.nullMean !== undefined)) {
      const compared: SamplesCompared =
        design === "paired" ? { design, ...countPairs(control, treatment) } : independent(control, treatment);
      const result = found(wassersteinDistance(compared, { draws: 19_999, seed: 8, level: 0.95 }));
      // Four Monte Carlo errors.
      expect(result.test?.pValue).to.be.closeTo(nullP, 4 * Math.sqrt((nullP * (1 - nullP)) / 2e4));
      expect(result.details?.["nullMean"]).to.be.closeTo(nullMean, (4 * nullMean) / Math.sqrt(2e4));
    }
  });

  it("scales and shifts with the values, and is the same bytes for the same seed", () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(values, values, (control, treatment) => {
        const options = { draws: 99, seed: 7, level: 0.9 };
        const plain = found(wassersteinDistance(independent(control, treatment), options));
        const to = (x: number): number => 4 * x + 64;
        const moved = found(wassersteinDistance(independent(control.map(to), treatment.map(to)), options));
        near(moved.estimate.value, 4 * plain.estimate.value, 1e-12);
        expect(moved.test?.pValue).to.equal(plain.test?.pValue);
        expect(wassersteinDistance(independent(control, treatment), options)).to.deep.equal(plain);
      }),
      { numRuns: 40 },
    );
    expect(wassersteinDistance(independent([-1.7e308], [1.7e308]), shuffles).kind).to.equal("undetermined");
    expect(wassersteinDistance({ design: "paired", ...countPairs([1, 2], [1, 2]) }, shuffles).kind).to.equal("undetermined");
    expect(wassersteinDistance(counted([1, 2], [3, 4]), { ...shuffles, draws: 1e9 }).kind).to.equal("undetermined");
  });

  it("label swaps give a far smaller null than independent groups where the same entities are compared", () => {
    const stream = randomStream(2, "entities");
    const control = Array.from({ length: 400 }, () => Math.round(1000 * stream.normal()) / 10);
    const treatment = control.map((value) => value + Math.round(10 * stream.normal()) / 10);
    const swapped = found(wassersteinDistance({ design: "paired", ...countPairs(control, treatment) }, shuffles));
    const divided = found(wassersteinDistance(independent(control, treatment), shuffles));
    expect((divided.details?.["nullQuantile"] as number) / (swapped.details?.["nullQuantile"] as number)).to.be.above(10);
  });
});

describe("Jensen-Shannon and PSI", () => {
  interface Row {
    control: number[];
    treatment: number[];
    js2: number;
    jse: number;
    psi?: number;
    psiHalf: number;
    psiFloor: number;
    psiP?: number;
    psiQuantile?: number;
    jsQuantile?: number;
  }

  it("agree with SciPy: both bases, every rule for empty bins, the asymptotic null", () => {
    for (const row of referenceCases<Row>("distances/shares")) {
      const compared = counted(row.control, row.treatment);
      // SciPy cancels where the shares are nearly equal.
      near(Math.sqrt(jensenShannon(compared, 2)), row.js2, 1e-9, 1e-3);
      near(Math.sqrt(jensenShannon(compared, Math.E)), row.jse, 1e-9, 1e-3);
      const psi = populationStability(compared, { kind: "refuse" });
      if (row.psi === undefined) expect(psi).to.equal(undefined);
      else near(psi, row.psi, 1e-9, 1e-6);
      near(populationStability(compared, { kind: "add-half" }), row.psiHalf, 1e-9, 1e-6);
      near(populationStability(compared, { kind: "floor", share: 1e-3 }), row.psiFloor, 1e-9, 1e-6);
      if (row.psiP === undefined) continue;
      const result = found(stabilityIndex(compared, { ...shuffles, null: "asymptotic", zero: { kind: "refuse" } }));
      near(result.test?.pValue, row.psiP, 1e-6, 1e-12);
      near(result.details?.["nullQuantile"] as number, row.psiQuantile as number, 1e-10);
      const js = found(jensenShannonDistance(compared, { ...shuffles, null: "asymptotic", base: "2", form: "divergence" }));
      near(js.details?.["nullQuantile"] as number, row.jsQuantile as number, 1e-10);
    }
  });

  it("the asymptotic and the shuffled null agree for many units, up to billions", () => {
    for (const size of [100, 40_000, 3e9]) {
      const compared = counted([3 * size, 5 * size, 2 * size], [3 * size, 5 * size + 40, 2 * size]);
      const plan = { draws: 1999, seed: 5, level: 0.9, zero: { kind: "refuse" } as const };
      const [drawn, limit] = (["permutation", "asymptotic"] as const).map((kind) =>
        found(stabilityIndex(compared, { ...plan, null: kind })),
      );
      expect((drawn?.details?.["nullQuantile"] as number) / (limit?.details?.["nullQuantile"] as number)).to.be.closeTo(1, 0.12);
    }
  });

  it("are symmetric, 0 for equal shares, and at most one bit", () => {
    const counts = fc
      .array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 3 })
      .filter((list) => list.some((count) => count > 0));
    fc.assert(
      fc.property(counts, counts, (control, treatment) => {
        const [forth, back] = [jensenShannon(counted(control, treatment), 2), jensenShannon(counted(treatment, control), 2)];
        near(forth, back, 1e-13, 1e-3);
        expect(forth).to.be.within(0, 1 + 1e-12);
        expect(
          jensenShannon(
            counted(
              control,
              control.map((count) => 3 * count),
            ),
            2,
          ),
        ).to.be.below(1e-30);
        near(
          populationStability(counted(control, treatment), { kind: "add-half" }),
          populationStability(counted(treatment, control), { kind: "add-half" }) as number,
          1e-12,
          1e-3,
        );
      }),
    );
  });

  it("say what they cannot do", () => {
    const share = { ...shuffles, null: "asymptotic" as const };
    expect(stabilityIndex(counted([1, 0], [0, 1]), { ...share, zero: { kind: "refuse" } }).kind).to.equal("undetermined");
    expect(stabilityIndex(counted([5, 0], [5, 0]), { ...share, zero: { kind: "refuse" } }).kind).to.equal("undetermined");
    expect(
      stabilityIndex(
        {
          design: "paired",
          ...tablePairs([
            [5, 1],
            [2, 5],
          ]),
        },
        { ...share, zero: { kind: "refuse" } },
      ).kind,
    ).to.equal("undetermined");
    expect(found(stabilityIndex(counted([9, 1], [8, 2]), { ...share, zero: { kind: "refuse" } })).warnings).to.have.length(1);
    expect(stabilityIndex(counted([0, 0], [5, 1]), { ...share, zero: { kind: "refuse" } }).kind).to.equal("undetermined");
    expect(
      found(jensenShannonDistance(counted([9, 1], [8, 2]), { ...shuffles, draws: 9, null: "permutation", base: "e", form: "distance" }))
        .warnings,
    ).to.have.length(1);
  });
});

describe("shuffled counts", () => {
  it("have the mean and variance of their law, drawn one by one, from the mode, and by the normal law", () => {
    for (const [own, other] of [
      [
        [6, 9],
        [5, 4],
      ],
      [
        [300, 500],
        [200, 900],
      ],
      [
        [4e7, 3e7],
        [5e7, 9e7],
      ],
    ] as const) {
      const shuffle = shuffleGroups(counted(own, other));
      const stream = randomStream(11, "check");
      const drawn = Array.from({ length: 4000 }, () => shuffle(stream).control[0] as number);
      const [n, all, here] = [own[0] + own[1], own[0] + own[1] + other[0] + other[1], own[0] + other[0]];
      const [mean, variance] = [(n * here) / all, (n * (here / all) * (1 - here / all) * (all - n)) / (all - 1)];
      const average = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
      expect(Math.abs(average - mean) / Math.sqrt(variance / drawn.length)).to.be.below(4);
      expect(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length / variance).to.be.closeTo(1, 0.1);
    }
    for (const count of [7, 900, 4e7]) {
      const shuffle = swapLabels(
        tablePairs([
          [3, count],
          [0, 2],
        ]),
      );
      const stream = randomStream(12, "check");
      const drawn = Array.from({ length: 4000 }, () => (shuffle(stream).control[0] as number) - 3);
      const average = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
      expect(Math.abs(average - count / 2) / Math.sqrt(count / 4 / drawn.length)).to.be.below(4);
      expect(drawn.reduce((sum, value) => sum + (value - count / 2) ** 2, 0) / drawn.length / (count / 4)).to.be.closeTo(1, 0.1);
    }
  });

  it("keep every unit", () => {
    const drawn = shuffleGroups(counted([3, 100, 7], [50, 2, 40]))(randomStream(1, "units"));
    expect(Array.from(drawn.control, (count, i) => count + (drawn.treatment[i] as number))).to.deep.equal([53, 102, 47]);
    expect(drawn.control.reduce((sum, count) => sum + count, 0)).to.equal(110);
  });

  it("values in stated bins are the counts of those bins, empty ones included, for independent groups and the same entities", () => {
    const psi = findStatistic("population-stability");
    const options = { zero: { kind: "add-half" }, draws: 99 };
    const run = (compared: unknown) =>
      found((psi as NonNullable<typeof psi>).compute((psi as NonNullable<typeof psi>).input.parse({ compared, ...options })));
    const values = { control: [1, 2, 11, 35], treatment: [1, 12, 12, 36], edges: [10, 20, 30] };
    const byCount = run({ control: [2, 1, 0, 1], treatment: [1, 2, 0, 1] });
    expect(run(values).estimate.value).to.equal(byCount.estimate.value);
    const table = run({
      table: [
        [1, 1, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 1],
      ],
    });
    expect(run({ ...values, design: "paired" })).to.deep.equal(table);
  });
});
