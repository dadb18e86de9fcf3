/** When a mean or total is known to be hard: values of one sign whose logarithms spread far. */
import { sampleStandardDeviation } from "simple-statistics";
import { coverageSentence } from "./heavy-tail-coverage.ts";

/** Logarithms that spread less (exponential values: 1.28) leave an interval near its level. */
const spreadHeavy = 1.5;

/** The achieved coverage as a warning, where values other than 0 have one sign and a heavy tail; `whose` opens the sentence. */
export function heavyTailWarnings(values: ArrayLike<number>, whose: string): readonly string[] {
  const contributions = Float64Array.from(values).filter((value) => value !== 0);
  const sign = Math.sign(contributions[0] ?? 0);
  if (contributions.length < 2 || contributions.some((value) => Math.sign(value) !== sign)) return [];
  const spread = sampleStandardDeviation(Array.from(contributions, (value) => Math.log(Math.abs(value))));
  if (spread <= spreadHeavy) return [];
  return [`Heavy tails: ${whose}${coverageSentence(contributions)}; that is of studentised ones, percentile and BCa cover still less.`];
}
