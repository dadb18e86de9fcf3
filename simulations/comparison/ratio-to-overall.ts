/** The rate of a part over the rate of the whole that holds it: how a group is set against everyone, in criteria and in fairness alike. */
import { type Estimated, estimated, ratioOfScores, undetermined } from "../statistics/index.ts";

/** How many of so many. */
interface Counted {
  readonly successes: number;
  readonly trials: number;
}

/**
 * The rate of a part over the rate of the whole that holds it. With w the part's share of the entities and R the ratio of the part's
 * rate to that of the rest it is R / (w R + 1 - w), which rises with R: its interval is the score interval of R (Miettinen and
 * Nurminen 1985), taken through it. Nobody in the whole: Undetermined.
 *
 * @example
 * ratioToOverall({ successes: 30, trials: 100 }, { successes: 50, trials: 1000 }, 0.95).value
 * // => 6
 */
export function ratioToOverall(part: Counted, whole: Counted, level: number): Estimated {
  if (whole.successes === 0)
    return undetermined("nobody counts in the whole, so there is no rate to compare with", "a change that counts for somebody");
  const rest = { successes: whole.successes - part.successes, trials: whole.trials - part.trials };
  if (rest.trials === 0) return estimated({ value: 1, method: "count", n: whole.trials });
  const weight = part.trials / whole.trials;
  const through = (ratio: number): number => ratio / (weight * ratio + 1 - weight);
  const value = (part.successes * whole.trials) / (part.trials * whole.successes);
  const isRestEmpty = rest.successes === 0;
  const { ratio } = ratioOfScores({
    control: isRestEmpty ? part : rest,
    treatment: isRestEmpty ? rest : part,
    variant: "miettinen-nurminen",
    alternative: "two-sided",
    level,
  });
  if (ratio.kind === "undetermined") return ratio;
  const { lower, upper } = ratio.interval ?? { lower: ratio.value, upper: ratio.value };
  const ends = isRestEmpty ? { lower: through(1 / upper), upper: 1 / weight } : { lower: through(lower), upper: through(upper) };
  return estimated({
    value,
    lower: Math.min(ends.lower, value),
    upper: Math.max(ends.upper, value),
    level,
    method: "Miettinen-Nurminen score, part over whole",
    n: whole.trials,
    assumptions: ["entities are drawn independently", "the sizes of the part and of the whole are as they were"],
  });
}
