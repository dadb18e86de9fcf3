/** Bootstrap and permutation against R's boot and coin, and SciPy: the same resamples, the same numbers. */
import { expect } from "chai";
import {
  accelerationOf,
  type BootstrapMethod,
  type Found,
  type Jackknife,
  permutationTest,
  poissonBootstrapRatio,
  type Replicated,
  type ResampledStatistic,
  type ResampledValues,
  replicateStatement,
  resampledStatistic,
} from "../../simulations/statistics/index.ts";
import { endsOf, findingOf, testOf } from "./finding-parts.ts";
import { near, referenceCases } from "./reference-numbers.ts";

type Pair = readonly [number, number];
type Intervals = Readonly<Record<BootstrapMethod, Pair | Readonly<Record<string, never>>>>;

/** The generator of the scripts: Park and Miller's, modulo the number of units. */
function generator(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state * 16_807) % 2_147_483_647;
    return state % n;
  };
}

function replicatesOf(statistic: ResampledStatistic, replicates: number, seed: number) {
  const next = generator(seed);
  const made = Array.from({ length: replicates }, () => {
    const copies = new Uint32Array(statistic.units);
    for (let draw = 0; draw < statistic.units; draw++) {
      const unit = next(statistic.units);
      copies[unit] = (copies[unit] as number) + 1;
    }
    return statistic.of(copies);
  });
  return {
    deviations: Float64Array.from(made, ({ deviation }) => deviation),
    standardErrors: Float64Array.from(made, ({ standardError }) => standardError),
  };
}

const plain = { drawn: "bootstrap", unit: 1, warnings: [] };
const jackknife = (statistic: ResampledStatistic, sign: 1 | -1): Jackknife => ({
  values: statistic.leaveOneOut(),
  counts: new Float64Array(statistic.units).fill(1),
  sign,
});

function oneSample(
  sample: ResampledValues,
  statistic: ResampledStatistic,
  row: { readonly replicates: number; readonly seed: number },
): Replicated {
  const { observed, standardError } = statistic;
  return {
    ...plain,
    observed,
    standardError,
    n: sample.values.length,
    ...replicatesOf(statistic, row.replicates, row.seed),
    acceleration: accelerationOf([jackknife(statistic, 1)]),
  };
}

/** Each end within a tolerance of the larger of the ends and their distance. */
function sameEnds(found: Found, expected: Pair, tolerance: number): void {
  const [lower, upper] = endsOf(findingOf(found).estimate);
  const width = expected[1] - expected[0];
  near(lower ?? Number.NaN, expected[0], tolerance, width);
  near(upper ?? Number.NaN, expected[1], tolerance, width);
}

interface BootRow extends Intervals {
  readonly statistic: "mean" | "total" | "quantile";
  readonly values: number[];
  readonly clusters?: number[];
  readonly share: number;
  readonly seed: number;
  readonly replicates: number;
  readonly level: number;
  readonly observed: number;
}

const kindOf = ({ statistic, share }: { readonly statistic: "mean" | "total" | "quantile"; readonly share: number }) =>
  statistic === "quantile" ? { name: statistic, share } : { name: statistic };
const methods: readonly BootstrapMethod[] = ["percentile", "bca", "studentised"];

describe("bootstrap intervals", () => {
  it("agree with R's boot, single values and entities, to 1e-9", () => {
    for (const row of referenceCases<BootRow>("resampling/boot-r")) {
      const statistic = resampledStatistic(row, kindOf(row));
      near(statistic.observed, row.observed, 1e-13);
      const replicated = oneSample(row, statistic, row);
      for (const method of methods) {
        const expected = row[method];
        if (!Array.isArray(expected)) continue;
        const found = replicateStatement(replicated, { method, level: row.level, alternative: "two-sided", interpolation: "normal" });
        sameEnds(found, expected as unknown as Pair, 1e-9);
      }
    }
  });

  it("agree with SciPy, one sample and two, to 1e-9", () => {
    const rows = referenceCases<BootRow & { readonly treatment: number[]; readonly control?: number[] }>("resampling/bootstrap-scipy");
    for (const row of rows) {
      const first = resampledStatistic({ values: row.treatment }, kindOf(row));
      let replicated = oneSample({ values: row.treatment }, first, row);
      if (row.control !== undefined) {
        const second = resampledStatistic({ values: row.control }, kindOf(row));
        const other = replicatesOf(second, row.replicates, row.seed + 500);
        replicated = {
          ...plain,
          n: 2,
          observed: first.observed - second.observed,
          deviations: replicated.deviations.map((value, at) => value - (other.deviations[at] as number)),
          acceleration: accelerationOf([jackknife(second, -1), jackknife(first, 1)]),
        };
      }
      for (const method of ["percentile", "bca"] as const) {
        const found = replicateStatement(replicated, { method, level: row.level, alternative: "two-sided", interpolation: "linear" });
        const expected = row[method] as Pair | null;
        if (expected === null || expected[0] === expected[1]) expect(found.kind).to.equal("undetermined");
        else sameEnds(found, expected, 1e-9);
      }
    }
  });

  type RatioRow = BootRow & { readonly numerators: number[]; readonly denominators: number[] };

  it("of ratios with Poisson weights agree with R's boot, fed with the same sums, to 1e-9", () => {
    for (const row of referenceCases<RatioRow>("resampling/boot-poisson-r")) {
      for (const method of methods) {
        const expected = row[method];
        if (!Array.isArray(expected)) continue;
        const found = poissonBootstrapRatio(row, { ...row, method, alternative: "two-sided", interpolation: "normal" });
        near(findingOf(found).estimate.value, row.observed, 1e-13);
        sameEnds(found, expected as unknown as Pair, 1e-9);
      }
    }
  });

  it("of ratios with Poisson weights agree with SciPy, fed with the same sums, to 1e-9", () => {
    for (const row of referenceCases<RatioRow>("resampling/poisson-scipy")) {
      for (const method of ["percentile", "bca"] as const) {
        sameEnds(
          poissonBootstrapRatio(row, { ...row, method, alternative: "two-sided", interpolation: "linear" }),
          row[method] as Pair,
          1e-9,
        );
      }
    }
  });
});

describe("permutation tests", () => {
  const options = { method: "exact", draws: 99, seed: 1, level: 0.95 } as const;

  it("agree with SciPy's exact distribution, independent and paired, at any null value, to 1e-12", () => {
    type Row = { paired: boolean; control: number[]; treatment: number[]; nullValue: number } & Record<
      "greater" | "less" | "two-sided",
      number
    >;
    for (const row of referenceCases<Row>("resampling/permutation-scipy")) {
      for (const alternative of ["greater", "less", "two-sided"] as const) {
        const { pValue } = testOf(permutationTest(row, { ...options, alternative, nullValue: row.nullValue }));
        near(pValue, row[alternative], 1e-12);
      }
    }
  });

  it("agree with coin's split-up algorithm to 1e-12", () => {
    type Row = { control: number[]; treatment: number[]; greater: number; less: number };
    for (const row of referenceCases<Row>("resampling/permutation-coin")) {
      for (const alternative of ["greater", "less"] as const) {
        const { pValue } = testOf(permutationTest({ ...row, paired: false }, { ...options, alternative, nullValue: 0 }));
        near(pValue, row[alternative], 1e-12);
      }
    }
  });
});
