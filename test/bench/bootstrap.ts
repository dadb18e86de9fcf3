/**
 * 2,000 replicates of the headline figures over 100,000 entities, on one thread: milliseconds on the clock and of processor time (which a
 * busy machine does not stretch), median of five.
 * `node dist/test/bench/bootstrap.js [entities] [replicates]`. Two markets: one in 22 entities has money at stake, and every one.
 */
import { randomStream } from "../../data/foundation/index.ts";
import { bootstrapRatio, bootstrapTotals } from "../../simulations/statistics/index.ts";

const entities = Number(process.argv[2] ?? 100_000);
const options = { seed: 1, replicates: Number(process.argv[3] ?? 2000), level: 0.95 };
const stream = randomStream(1, "bench bootstrap");
const periods = column(() => 1 + stream.below(52));
const ones = new Float64Array(entities).fill(1);
const differing = periods.map((count) => (stream.uniform() < 0.5 ? stream.binomial(count, 0.1) : 0));
const everDiffered = differing.map((count) => Math.min(count, 1));
const afterFirst = differing.map((count, entity) => (count > 0 ? stream.below(periods[entity] as number) : 0));
const movers = column(() => Number(stream.uniform() < 0.05));
const entries = periods.map((count) => stream.binomial(count, 0.013));

const figures: Readonly<Record<string, () => unknown>> = {
  "movers share": () => bootstrapRatio({ numerator: movers, denominator: ones, ...options }),
  "ever differed": () => bootstrapRatio({ numerator: everDiffered, denominator: ones, ...options }),
  "differing entity-periods": () => bootstrapRatio({ numerator: differing, denominator: periods, ...options }),
  "differ at end": () => bootstrapRatio({ numerator: movers, denominator: ones, ...options }),
  "after first divergence": () => bootstrapRatio({ numerator: afterFirst, denominator: periods, ...options }),
  "entry rate, baseline": () => bootstrapRatio({ numerator: entries, denominator: periods, ...options }),
  "entry rate, candidate": () => bootstrapRatio({ numerator: entries, denominator: periods, ...options }),
};

/** On the clock, of the processor. */
type Times = readonly [number, number];

const counts = Object.entries(figures).map(([name, work]) => timed(name, work));
for (const [market, atStake] of [
  ["one in 22", Math.round(entities / 22)],
  ["everyone", entities],
] as const) {
  const columns = moneyOf(atStake);
  const money = timed(`GMV at stake and its three parts: ${market}`, () => bootstrapTotals({ columns, entities, ...options }));
  const sum = (which: 0 | 1): number => counts.reduce((milliseconds, times) => milliseconds + times[which], money[which]);
  print(`all, at stake: ${market}`, [sum(0), sum(1)]);
}

function timed(name: string, work: () => unknown): Times {
  const runs = Array.from({ length: 5 }, (): Times => {
    const [before, processor] = [performance.now(), process.cpuUsage()];
    work();
    const { user, system } = process.cpuUsage(processor);
    return [performance.now() - before, (user + system) / 1000];
  });
  const median = (which: 0 | 1): number => runs.map((times) => times[which]).sort((a, b) => a - b)[2] as number;
  const times = [median(0), median(1)] as const;
  print(name, times);
  return times;
}

function print(name: string, [clock, processor]: Times): void {
  console.log(`${name.padEnd(50)} ${clock.toFixed(0).padStart(6)} ms ${processor.toFixed(0).padStart(6)} ms`);
}

/** Log-normal cents of entities at stake, and their parts by direction. */
function moneyOf(atStake: number): readonly Float64Array[] {
  const all = new Float64Array(atStake).map(() => Math.round(100_000 * Math.exp(1.2 * stream.normal())));
  const direction = new Float64Array(atStake).map(() => stream.below(3));
  return [all, ...[0, 1, 2].map((way) => all.map((amount, entity) => (direction[entity] === way ? amount : 0)))];
}

function column(value: () => number): Float64Array {
  return new Float64Array(entities).map(value);
}
