/** How long adverse stays last: Aalen and Johansen's shares recovered and closed by length of stay, with variances by entity. */
import type { Grain } from "../../../data/foundation/index.ts";
import { type Estimated, estimated, undetermined } from "../../statistics/index.ts";
import { clusteredShare, clusteredValue } from "./clustered.ts";
import type { Recovery, RecoverySide } from "./course.ts";
import { endOf, ends, periodsOf, type Stays } from "./stays.ts";

/** Lengths of stay at which shares are told with intervals: about one, two and three months. */
const told: Readonly<Record<Grain, readonly number[]>> = { day: [28, 56, 84], week: [4, 8, 12], month: [1, 2, 3] };

interface Law {
  /** By length: stays that last at least so long, ends by recovery, ends of both kinds. Index 0 is not used. */
  readonly atRisk: Float64Array;
  readonly recoveries: Float64Array;
  readonly endings: Float64Array;
  readonly recovered: Float64Array;
  readonly closed: Float64Array;
}

interface Counted {
  readonly stays: Stays;
  readonly law: Law;
  readonly ended: readonly [running: number, recovered: number, closed: number];
  readonly entities: number;
}

/** Time to recover under both policies. Stays of one entity come and go together; both policies' stays of an entity too. */
export function describeRecovery(baseline: Stays, candidate: Stays, { grain, level }: { grain: Grain; level: number }): Recovery {
  const [before, after] = [counted(baseline), counted(candidate)];
  const lengths = told[grain].filter((periods) => periods < before.law.atRisk.length || periods < after.law.atRisk.length);
  return {
    baseline: sideOf(before, lengths, level),
    candidate: sideOf(after, lengths, level),
    change: lengths.map((periods) => ({ periods, recovered: changeAt(before, after, periods, level) })),
  };
}

function counted(stays: Stays): Counted {
  let longest = 0;
  let entities = 0;
  const ended: [number, number, number] = [0, 0, 0];
  for (let index = 0; index < stays.count; index++) {
    const stay = stays.stay[index] as number;
    longest = Math.max(longest, periodsOf(stay));
    ended[endOf(stay)]++;
    if (index === 0 || stays.entity[index] !== stays.entity[index - 1]) entities++;
  }
  return { stays, law: lawOf(stays, longest), ended, entities };
}

/** Source: Aalen and Johansen (1978), Scand. J. Statist. 5, 141-150; in whole periods. */
function lawOf(stays: Stays, longest: number): Law {
  const column = () => new Float64Array(longest + 1);
  const law = { atRisk: column(), recoveries: column(), endings: column(), recovered: column(), closed: column() };
  for (let index = 0; index < stays.count; index++) {
    const stay = stays.stay[index] as number;
    const [periods, end] = [periodsOf(stay), endOf(stay)];
    law.atRisk[periods] = (law.atRisk[periods] as number) + 1;
    if (end === ends.recovered) law.recoveries[periods] = (law.recoveries[periods] as number) + 1;
    if (end !== ends.running) law.endings[periods] = (law.endings[periods] as number) + 1;
  }
  for (let periods = longest - 1; periods > 0; periods--)
    law.atRisk[periods] = (law.atRisk[periods] as number) + (law.atRisk[periods + 1] as number);
  let staying = 1;
  for (let periods = 1; periods <= longest; periods++) {
    const [atRisk, recoveries, endings] = [
      law.atRisk[periods] as number,
      law.recoveries[periods] as number,
      law.endings[periods] as number,
    ];
    law.recovered[periods] = (law.recovered[periods - 1] as number) + (staying * recoveries) / atRisk;
    law.closed[periods] = (law.closed[periods - 1] as number) + (staying * (endings - recoveries)) / atRisk;
    staying *= 1 - endings / atRisk;
  }
  return law;
}

function sideOf(side: Counted, lengths: readonly number[], level: number): RecoverySide {
  const { stays, law, ended, entities } = side;
  const longest = law.atRisk.length - 1;
  const influence = influenceOf(law, longest);
  const intervals = Array.from({ length: longest }, (_, index) => recoveredAt(side, index + 1, influence(index + 1), level));
  const first = (holds: (estimate: Estimated) => boolean): number | undefined => {
    const index = intervals.findIndex(holds);
    return index < 0 ? undefined : index + 1;
  };
  const value = first((one) => one.kind === "estimate" && one.value >= 0.5);
  const lower = first((one) => one.kind === "estimate" && (one.interval?.upper ?? 0) >= 0.5);
  const upper = first((one) => one.kind === "estimate" && (one.interval?.lower ?? 0) >= 0.5);
  return {
    stays: stays.count,
    entities,
    runningAtStart: stays.running,
    recovered: ended[ends.recovered],
    closed: ended[ends.closed],
    runningAtEnd: ended[ends.running],
    curve: Array.from({ length: longest }, (_, index) => ({
      periods: index + 1,
      atRisk: law.atRisk[index + 1] as number,
      recovered: law.recovered[index + 1] as number,
      closed: law.closed[index + 1] as number,
    })),
    within: lengths.map((periods) => ({
      periods,
      recovered: intervals[periods - 1] ?? undetermined(`no stay lasts ${periods} periods`, "a longer range"),
    })),
    median: {
      ...(value === undefined ? {} : { value }),
      ...(lower === undefined ? {} : { lower }),
      ...(upper === undefined ? {} : { upper }),
    },
  };
}

/** The influence of a stay on the share recovered by some length: what R's survfit squares and sums for its standard error. */
type Influence = (periods: number, end: number) => number;

/**
 * Derivatives of the share recovered by `horizon` with respect to the weight of one stay, by its length and end, by recursion over lengths.
 * Source: the infinitesimal jackknife; Therneau, Crowson and Atkinson (2024), "Multi-state models and competing risks", R package survival.
 */
function influenceOf({ atRisk, recoveries, endings }: Law, longest: number): (horizon: number) => Influence {
  // By end, then length of the stay: the running derivatives at every length, so that each horizon is looked up.
  const tables = [ends.running, ends.recovered, ends.closed].map((end) =>
    Array.from({ length: longest + 1 }, (_, length) => {
      const share = new Float64Array(longest + 1);
      let [staying, change] = [1, 0];
      for (let at = 1; at <= longest; at++) {
        const count = atRisk[at] as number;
        const [recoveryRate, endRate] = [(recoveries[at] as number) / count, (endings[at] as number) / count];
        const isThere = length >= at ? 1 : 0;
        const isEnd = length === at && end !== ends.running ? 1 : 0;
        const isRecovery = isEnd === 1 && end === ends.recovered ? 1 : 0;
        share[at] = (share[at - 1] as number) + change * recoveryRate + (staying * (isRecovery - isThere * recoveryRate)) / count;
        change = change * (1 - endRate) - (staying * (isEnd - isThere * endRate)) / count;
        staying *= 1 - endRate;
      }
      return share;
    }),
  );
  return (horizon) => (periods, end) => tables[end]?.[periods]?.[Math.min(horizon, longest)] ?? 0;
}

function recoveredAt(side: Counted, periods: number, influence: Influence, level: number): Estimated {
  const { law, stays, entities } = side;
  const [first] = [stays.count];
  if (first === 0) return undetermined("no stay in an adverse tier begins in the range", "entries into an adverse tier");
  const value = law.recovered[periods] as number;
  const method = "Aalen-Johansen, Wilson score";
  const told = clusteredShare({ part: value * first, whole: first, variance: squares([[side, influence, 1]]), entities, level, method });
  // The product and the quotient must not move the share itself.
  return told.kind === "estimate" ? { ...told, value } : estimatedWithout(value, told.reason, entities);
}

function estimatedWithout(value: number, reason: string, n: number): Estimated {
  return estimated({ value, method: "Aalen-Johansen", n, assumptions: [`no interval: ${reason}`] });
}

function changeAt(before: Counted, after: Counted, periods: number, level: number): Estimated {
  const follows = ({ law }: Counted) => periods < law.atRisk.length;
  if (!follows(before) || !follows(after))
    return undetermined(`no stay under ${follows(before) ? "the candidate" : "the baseline"} lasts ${periods} periods`, "a longer range");
  const influences = [before, after].map(({ law }) => influenceOf(law, law.atRisk.length - 1)(periods)) as [Influence, Influence];
  const variance = squares([
    [before, influences[0], -1],
    [after, influences[1], 1],
  ]);
  return clusteredValue({
    value: (after.law.recovered[periods] as number) - (before.law.recovered[periods] as number),
    variance,
    entities: Math.min(before.entities, after.entities),
    level,
    lowest: -1,
    method: "difference of Aalen-Johansen shares, infinitesimal jackknife by entity",
  });
}

/** Sum over entities of the squared sum of influences of all their stays. Stays are in the order of entities. */
function squares(parts: readonly (readonly [side: Counted, influence: Influence, sign: 1 | -1])[]): number {
  const places = parts.map(() => 0);
  let sum = 0;
  for (;;) {
    let entity = Number.POSITIVE_INFINITY;
    for (const [part, [{ stays }]] of parts.entries())
      if ((places[part] as number) < stays.count) entity = Math.min(entity, stays.entity[places[part] as number] as number);
    if (entity === Number.POSITIVE_INFINITY) return sum;
    let own = 0;
    for (const [part, [{ stays }, influence, sign]] of parts.entries()) {
      let place = places[part] as number;
      for (; place < stays.count && stays.entity[place] === entity; place++) {
        const stay = stays.stay[place] as number;
        own += sign * influence(periodsOf(stay), endOf(stay));
      }
      places[part] = place;
    }
    sum += own * own;
  }
}
