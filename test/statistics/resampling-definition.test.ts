/** Resampled sums against their definition, written out slowly: streams in big integers, one weight at a time. */
import { expect } from "chai";
import fc from "fast-check";
import { randomStream } from "../../data/foundation/index.ts";
import {
  bootstrapTotals,
  joinReplicates,
  poissonTable,
  poolRows,
  replicateStreams,
  resampleSums,
} from "../../simulations/statistics/index.ts";

const mask = 0xffff_ffffn;
const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (32n - by))) & mask;

/** The words of one replicate: MurmurHash3's finaliser makes the start, xoshiro128** goes on. */
function wordsOf(seed: number, replicate: number): () => bigint {
  const scramble = (word: bigint): bigint => {
    let x = (((word ^ (word >> 16n)) & mask) * 0x85eb_ca6bn) & mask;
    x = ((x ^ (x >> 13n)) * 0xc2b2_ae35n) & mask;
    return x ^ (x >> 16n);
  };
  const stream = randomStream(seed, "entity bootstrap");
  const keys = Array.from({ length: 8 }, () => BigInt(stream.below(2 ** 32)));
  const key = (index: number): bigint => keys[index] as bigint;
  let [a, b, c, d] = [0, 1, 2, 3].map((word) => scramble(key(word) ^ scramble((key(4 + word) + BigInt(replicate)) & mask))) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  d |= 1n;
  return () => {
    const result = (rotate((b * 5n) & mask, 7n) * 9n) & mask;
    const t = (b << 9n) & mask;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11n);
    return result;
  };
}

/** 2^32 times the probability of at most `count`, rounded: e^-mean by its series with 400 bits. */
function thresholdOf(mean: number, count: number): bigint {
  const one = 1n << 400n;
  let exponential = 0n;
  for (let term = one, index = 1n; term > 0n; term = (term * BigInt(mean)) / index, index++) exponential += term;
  let sum = 0n;
  for (let term = one, index = 1n; index <= BigInt(count) + 1n; term = (term * BigInt(mean)) / index, index++) sum += term;
  return ((sum << 33n) / exponential + 1n) >> 1n;
}

const cached = new Map<string, bigint>();
function poisson(mean: number, draw: bigint): number {
  for (let count = 0; ; count++) {
    const name = `${mean} ${count}`;
    const threshold = cached.get(name) ?? thresholdOf(mean, count);
    cached.set(name, threshold);
    if (draw < threshold) return count;
  }
}

/** The weights of the pooled rows of one replicate, row by row; `patterns` tells which rows are drawn together. */
function weightsOf(counts: readonly number[], patterns: readonly string[], next: () => bigint): number[] {
  const weights: number[] = [];
  const kind = (row: number): string => `${counts[row] === 1} ${patterns[row]}`;
  for (let from = 0, to = 0; from < counts.length; from = to) {
    while (to < counts.length && to < from + 2048 && kind(to) === kind(from)) to++;
    if (counts[from] !== 1) {
      for (let row = from; row < to; row++) weights.push(poisson(counts[row] as number, next()));
      continue;
    }
    const words = Array.from({ length: Math.ceil((to - from) / 4) }, next);
    for (let row = from; row < to; row++) {
      const byte = ((words[(row - from) >> 2] as bigint) >> BigInt(8 * ((row - from) & 3))) & 255n;
      const [least, most] = [poisson(1, byte << 24n), poisson(1, (byte << 24n) | 0xff_ffffn)];
      weights.push(least === most ? least : poisson(1, (byte << 24n) | (next() >> 8n)));
    }
  }
  return weights;
}

/** The distinct rows of zeros and others, in the stated order, and how many entities have each. */
function pooled(columns: readonly (readonly number[])[], entities: number) {
  const pattern = (row: readonly number[]): string => row.map((value) => (value === 0 ? 0 : 1 + row.indexOf(value))).join();
  const counts = new Map<string, number>();
  for (let entity = 0; entity < entities; entity++) {
    const key = JSON.stringify(columns.map((column) => column[entity] ?? 0));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rows = [...counts].map(([key, count]) => ({ row: JSON.parse(key) as number[], count }));
  rows.sort((a, b) => {
    const shared = Number(a.count === 1) - Number(b.count === 1);
    if (shared !== 0) return shared;
    if (pattern(a.row) !== pattern(b.row)) return pattern(a.row) < pattern(b.row) ? -1 : 1;
    const at = a.row.findIndex((value, index) => value !== b.row[index]);
    return (a.row[at] as number) - (b.row[at] as number);
  });
  return { rows: rows.map(({ row }) => row), counts: rows.map(({ count }) => count), patterns: rows.map(({ row }) => pattern(row)) };
}

describe("resampled sums", () => {
  it("are those of the definition, to the last bit", () => {
    const stream = randomStream(11, "definition");
    const amounts = Array.from({ length: 9000 }, (_, entity) => (entity % 3 === 0 ? stream.below(40) : stream.below(1_000_000)) - 20);
    const parts = [0, 1].map((part) => amounts.map((amount, entity) => (entity % 2 === part ? amount : 0)));
    const columns = [amounts, ...parts];
    const { rows, counts, patterns } = pooled(columns, 9100);
    const fast = poolRows(
      columns.map((column) => Float64Array.from(column)),
      9100,
    );
    expect(Array.from(fast.counts)).to.deep.equal(counts);
    expect(fast.columns.map((column) => Array.from(column))).to.deep.equal([0, 1, 2].map((at) => rows.map((row) => row[at])));
    const { weight, sums, squares } = resampleSums(fast, { seed: 4, from: 2, to: 6 });
    for (const replicate of [2, 3, 4, 5]) {
      const weights = weightsOf(counts, patterns, wordsOf(4, replicate));
      const sumOf = (value: (row: number[]) => number): number =>
        rows.reduce((sum, row, index) => sum + (weights[index] as number) * value(row), 0);
      expect(weight[replicate - 2]).to.equal(sumOf(() => 1));
      for (const at of columns.keys()) {
        expect(sums[at]?.[replicate - 2]).to.equal(sumOf((row) => row[at] as number));
        expect(squares[at]?.[replicate - 2]).to.equal(sumOf((row) => (row[at] as number) ** 2));
      }
    }
  });

  it("do not depend on how replicates are shared out, nor on the order of entities", () => {
    const values = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e9, max: 1e9, noNaN: true })), { maxLength: 40 });
    fc.assert(
      fc.property(values, fc.nat({ max: 20 }), fc.nat({ max: 30 }), fc.nat(), (entities, others, cut, seed) => {
        const rowsOf = (list: typeof entities) =>
          poolRows(
            [0, 1].map((at) => Float64Array.from(list, (row) => row[at] as number)),
            list.length + others,
          );
        const whole = resampleSums(rowsOf(entities), { seed, from: 0, to: 30 });
        const rows = rowsOf(entities.toReversed());
        const parts = [resampleSums(rows, { seed, from: 0, to: cut }), resampleSums(rows, { seed, from: cut, to: 30 })];
        expect(joinReplicates(parts)).to.deep.equal(whole);
      }),
    );
  });

  it("are the same numbers in every version that claims so", () => {
    const rows = poolRows([Float64Array.from({ length: 500 }, (_, entity) => (entity * entity) % 371)], 2000);
    expect(Array.from(resampleSums(rows, { seed: 1, from: 0, to: 3 }).sums[0] ?? [])).to.deep.equal([85_714, 89_632, 87_205]);
  });
});

describe("the weights", () => {
  it("have the thresholds of Poisson counts, as big integers give them", () => {
    for (const mean of [1, 2, 3, 17, 200]) {
      const { first, thresholds } = poissonTable(mean);
      const expected = Array.from(thresholds, (_, index) => Number(thresholdOf(mean, first + index)));
      expect(Array.from(thresholds)).to.deep.equal(expected);
      expect(first === 0 ? 0n : thresholdOf(mean, first - 1)).to.equal(0n);
    }
  });

  it("of many entities have mean and variance of a Poisson count", () => {
    for (const mean of [5, 90_000, 3_000_000]) {
      const { first, thresholds } = poissonTable(mean);
      let [before, sum, square] = [0, 0, 0];
      for (const [index, threshold] of thresholds.entries()) {
        const probability = (threshold - before) / 2 ** 32;
        before = threshold;
        sum += probability * (first + index - mean);
        square += probability * (first + index - mean) ** 2;
      }
      expect(sum / Math.sqrt(mean)).to.be.closeTo(0, 1e-6);
      expect(square / mean).to.be.closeTo(1, 1e-5);
    }
  });

  it("are Poisson(1), independent between entities, bytes of a word, and neighbouring replicates", () => {
    // Eight entities whose weights can be read off one sum: digits to the base 32.
    const digits = 8;
    const replicates = 50_000;
    const rows = poolRows([Float64Array.from({ length: digits }, (_, entity) => 32 ** entity)], digits);
    const sums = resampleSums(rows, { seed: 9, from: 0, to: replicates }).sums[0] ?? new Float64Array();
    const weights = Array.from({ length: digits }, (_, entity) => Array.from(sums, (sum) => Math.floor(sum / 32 ** entity) % 32));
    const correlation = (x: readonly number[], y: readonly number[]): number =>
      x.reduce((sum, value, index) => sum + (value - 1) * ((y[index] ?? 1) - 1), 0) / replicates;
    // Five standard errors: 5 / sqrt(50,000).
    const bound = 0.0224;
    for (const [entity, x] of weights.entries()) {
      expect(x.reduce((sum, value) => sum + value, 0) / replicates).to.be.closeTo(1, bound);
      expect(Math.abs(correlation(x, x.slice(1)))).to.be.below(bound);
      for (const y of weights.slice(0, entity)) expect(Math.abs(correlation(x, y))).to.be.below(bound);
    }
    const all = weights.flat();
    let chiSquare = 0;
    let probability = Math.exp(-1);
    let rest = 1;
    for (let count = 0; count < 6; count++) {
      const expected = all.length * probability;
      chiSquare += (all.filter((value) => value === count).length - expected) ** 2 / expected;
      rest -= probability;
      probability /= count + 1;
    }
    chiSquare += (all.filter((value) => value >= 6).length - all.length * rest) ** 2 / (all.length * rest);
    // Six degrees of freedom: above 27.9 once in ten thousand.
    expect(chiSquare).to.be.below(27.9);
  });

  it("give a total the variance n s^2 that theory says", () => {
    const entities = 400;
    const stream = randomStream(6, "variance");
    const column = Float64Array.from({ length: 300 }, () => stream.below(1000));
    const rows = poolRows([column], entities);
    const { weight, sums } = resampleSums(rows, { seed: 3, from: 0, to: 20_000 });
    const totals = Array.from(sums[0] ?? [], (sum, replicate) => (entities * sum) / (weight[replicate] as number));
    const mean = totals.reduce((sum, total) => sum + total, 0) / totals.length;
    const variance = totals.reduce((sum, total) => sum + (total - mean) ** 2, 0) / (totals.length - 1);
    const [estimate] = bootstrapTotals({ columns: [column], entities, seed: 3, replicates: 200, level: 0.95 });
    const standardError = (estimate?.kind === "estimate" ? estimate.standardError : undefined) ?? Number.NaN;
    // Four Monte Carlo errors, 4 sqrt(2 / 20,000), and 1 / n for dividing by the total weight.
    expect(variance / standardError ** 2).to.be.closeTo(1, 0.045);
  });

  it("come from streams that differ from seed to seed and replicate to replicate", () => {
    const starts = [1, 2].flatMap((seed) => {
      const words = replicateStreams({ seed, from: 0, to: 10_000 });
      return Array.from({ length: 10_000 }, (_, replicate) => words.subarray(4 * replicate, 4 * replicate + 4).join());
    });
    expect(new Set(starts).size).to.equal(20_000);
    expect(replicateStreams({ seed: 1, from: 7, to: 8 }).join()).to.equal(starts[7]);
  });
});
