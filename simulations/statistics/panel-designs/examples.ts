/** Inputs that show the designs: small made-up marketplaces whose truth is in the comment beside. */
import { randomStream } from "../../../data/foundation/index.ts";

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** 300 sellers; at a score of 70 and above sales rise by about 5. */
export function discontinuityExample() {
  const random = randomStream(1, "discontinuity-example");
  const scores = Array.from({ length: 300 }, () => rounded(40 + 60 * random.uniform()));
  const outcomes = scores.map((score) => rounded(20 + 0.2 * (score - 70) + (score >= 70 ? 5 : 0) + 2 * random.normal()));
  return { scores, outcomes, cutoff: 70 };
}

/** 40 sellers over 6 months; a third start in month 3, a third in month 5, with an effect of 2; the rest never. */
export function panelExample() {
  const random = randomStream(1, "panel-example");
  const periods = [1, 2, 3, 4, 5, 6];
  const units = Array.from({ length: 40 }, (_, i) => {
    const firstTreated = [undefined, 3, 5][i % 3];
    const level = 10 + 2 * random.normal();
    const outcomes = periods.map((period) =>
      rounded(level + 0.5 * period + (firstTreated !== undefined && period >= firstTreated ? 2 : 0) + random.normal()),
    );
    return firstTreated === undefined ? { outcomes } : { outcomes, firstTreated };
  });
  return { periods, units };
}

/** The same, with one start: half of the sellers in month 4. */
export function oneStartExample() {
  const random = randomStream(1, "one-start-example");
  const periods = [1, 2, 3, 4, 5, 6];
  const units = Array.from({ length: 30 }, (_, i) => {
    const level = 10 + 2 * random.normal();
    const outcomes = periods.map((period) => rounded(level + 0.5 * period + (i % 2 === 0 && period >= 4 ? 2 : 0) + random.normal()));
    return i % 2 === 0 ? { outcomes, firstTreated: 4 } : { outcomes };
  });
  return { periods, units };
}

/** A country of 24 gets a new rule after 30 weeks that adds 3. */
export function syntheticControlExample() {
  const random = randomStream(1, "synthetic-control-example");
  const weeks = Array.from({ length: 40 }, (_, week) => week);
  const season = weeks.map((week) => 5 * Math.sin(week / 4));
  const walk = weeks.reduce<number[]>((path) => [...path, (path.at(-1) ?? 0) + random.normal()], []);
  const series = (a: number, b: number, effect: number): number[] =>
    weeks.map((week) =>
      rounded(50 + a * (season[week] as number) + b * (walk[week] as number) + 0.5 * random.normal() + (week >= 30 ? effect : 0)),
    );
  const donors = Array.from({ length: 23 }, (_, i) => ({
    name: `country ${i + 1}`,
    outcomes: series(2 * random.uniform(), 2 * random.uniform(), 0),
  }));
  return { treated: series(1, 1, 3), donors, periodsBefore: 30 };
}

/** 16 blocks of 6 hours in a market; treatment adds 4 orders an hour. */
export function switchbackExample() {
  const random = randomStream(1, "switchback-example");
  const blocksTreated = Array.from({ length: 8 }, () => random.below(2) === 1).flatMap((first) => [first, !first]);
  const outcomes = blocksTreated.flatMap((treated) =>
    Array.from({ length: 6 }, (_, hour) => Math.round(100 + 5 * Math.sin(hour) + (treated ? 4 : 0) + 3 * random.normal())),
  );
  return { outcomes, blocksTreated, blockPeriods: 6, washoutPeriods: 1, design: "pairs" as const };
}
