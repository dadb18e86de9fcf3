/** A multiplier that experiments gave, as the lines of a file of assumptions: for a person to take over. */
import type { Assumptions, Spread } from "./assumptions.ts";
import { termMost } from "./assumptions.ts";

/** What experiments say that the forecasts' behaviour is to be multiplied by. */
export interface MeasuredMultiplier {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  /** Names of the experiments. */
  readonly experiments: readonly string[];
}

const lineLengthMax = 110;

/**
 * The lines of `traffic_elasticity`, to stand in place of those of the file: the central spread times the multiplier, and times either end of its
 * interval as low and high. An elasticity times m changes small effects m times; displacement and improvement are left as they are. Multipliers below 0
 * count as 0, and draws beyond the term's bounds are put on them.
 */
export function measuredElasticityLines({ name, terms }: Assumptions, measured: MeasuredMultiplier): readonly string[] {
  const { central, about } = terms.traffic_elasticity;
  const { value, lower, upper, level, experiments } = measured;
  const count = experiments.length;
  return [
    "traffic_elasticity:",
    `  about: ${JSON.stringify(about)}`,
    "  source: >-",
    ...wrapped(
      `Measured by ${count} experiments (${experiments.join(", ")}): the behaviour that ${name} forecast, times ${short(value)} (${short(lower)} to ${short(upper)}, ${short(100 * level)} %). The central spread of ${name} times that, low and high times its ends.`,
    ),
    `  low: ${spreadText(times(central, lower))}`,
    `  central: ${spreadText(times(central, value))}`,
    `  high: ${spreadText(times(central, upper))}`,
  ];
}

/** Lines of a folded text. */
function wrapped(words: string): readonly string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < lineLengthMax) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`    ${word}`);
  }
  return lines;
}

function times(spread: Spread, given: number): Spread {
  const by = Math.max(0, given);
  const within = (value: number): number => Math.min(termMost.traffic_elasticity, value * by);
  if (by === 0) return { kind: "fixed", value: 0 };
  switch (spread.kind) {
    case "fixed":
      return { kind: "fixed", value: within(spread.value) };
    case "triangular":
      return { kind: "triangular", lowest: within(spread.lowest), likeliest: within(spread.likeliest), highest: within(spread.highest) };
    case "normal":
      return { kind: "normal", mean: within(spread.mean), standardDeviation: spread.standardDeviation * by };
    case "lognormal":
      return { kind: "lognormal", median: within(spread.median), logDeviation: spread.logDeviation };
    case "beta": {
      const whole = spread.a + spread.b;
      const deviation = Math.sqrt((spread.a * spread.b) / (whole ** 2 * (whole + 1)));
      return { kind: "normal", mean: within(spread.a / whole), standardDeviation: deviation * by };
    }
  }
}

function spreadText(spread: Spread): string {
  switch (spread.kind) {
    case "fixed":
      return short(spread.value);
    case "triangular":
      return `{ triangular: [${[spread.lowest, spread.likeliest, spread.highest].map(short).join(", ")}] }`;
    case "normal":
      return `{ normal: [${short(spread.mean)}, ${short(spread.standardDeviation)}] }`;
    case "lognormal":
      return `{ lognormal: [${short(spread.median)}, ${short(spread.logDeviation)}] }`;
    case "beta":
      return `{ beta: [${short(spread.a)}, ${short(spread.b)}] }`;
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
