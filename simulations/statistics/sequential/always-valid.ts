/** Findings that may be looked at after every unit: effects of two groups, and one estimate followed over its looks. */
import { outOfRange } from "../effect.ts";
import { estimated, type Undetermined, undetermined } from "../estimate.ts";
import { type Alternative, type Found, finding } from "../finding.ts";
import { type PairOfEstimates, relativeEffects, varianceOfPair } from "../relative-set.ts";
import { normalStatistic, studentWidth } from "../student-width.ts";
import { type Look, optimalPrecision, type SequenceOptions, sequencePValue, sequenceWidth } from "./asymptotic-sequence.ts";

/** Options of an always-valid effect. */
export interface AlwaysValidOptions extends SequenceOptions {
  readonly nullValue: number;
  /** Of the standard error, where it was estimated from few units: widths and p-values are Student's of the same tail probability. */
  readonly degreesOfFreedom?: number | undefined;
}

/** Below this many units the asymptotic sequence is not to be trusted. */
const unitsMin = 100;
const method = "asymptotic confidence sequence, normal mixture";
const assumptions = [
  "units enrol in an order that has nothing to do with their outcomes",
  "units are independent, with finite variance",
  "the outcome of a unit does not change after it is counted",
];

/**
 * The effect of a pair of estimates as an always-valid sequence over n units in all: absolute, relative and as a log ratio, with one p-value. The
 * relative set inverts mT - r mC over r at the same number of standard errors. No spread: Undetermined.
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), Ann. Stat. 52, 2613-2640.
 */
export function alwaysValidEffect(pair: PairOfEstimates | Undetermined, n: number, options: AlwaysValidOptions): Found {
  if ("kind" in pair) return pair;
  const variance = varianceOfPair(pair);
  if (![pair.treatment, pair.control, variance].every((part) => Math.abs(part) < 1e300)) {
    return undetermined("the estimates are beyond the numbers that can be compared", "outcomes in a larger unit");
  }
  if (!(variance > 0)) return undetermined("no unit differs from another in its group", "units that differ");
  const look: Look = { estimate: pair.treatment - pair.control, standardError: Math.sqrt(variance), n };
  const { level, alternative, nullValue } = options;
  const { degreesOfFreedom = Number.POSITIVE_INFINITY } = options;
  const width = studentWidth(sequenceWidth(n, options), degreesOfFreedom);
  const z = normalStatistic((look.estimate - nullValue) / look.standardError, degreesOfFreedom);
  const told = { width, level, alternative, n, method: `${method}; ratio by inversion (Fieller)` };
  const [lower, upper] = [look.estimate - width * look.standardError, look.estimate + width * look.standardError];
  if (alternative === "two-sided" && lower >= upper) return outOfRange();
  return finding({
    estimate: estimated({
      value: look.estimate,
      ...setOf({ lower, upper }, options),
      standardError: look.standardError,
      level,
      method,
      n,
      assumptions,
    }),
    test: {
      name: "normal mixture martingale",
      pValue: sequencePValue({ estimate: z, standardError: 1, n }, options, 0),
      alternative,
      nullValue,
    },
    ...relativeEffects(pair, told),
    details: tuningDetails(n, width, options),
    warnings: fewWarnings(n),
  });
}

function fewWarnings(n: number): readonly string[] {
  return n < unitsMin
    ? [`With ${n} units the sequence's level is only approximate: it is asymptotic, good from about ${unitsMin} units on.`]
    : [];
}

function tuningDetails(n: number, width: number, options: SequenceOptions): Record<string, number> {
  return { tunedFor: options.tunedFor, precision: optimalPrecision(options), widthInStandardErrors: width, units: n };
}

type Bounds = Pick<Parameters<typeof estimated>[0], "lower" | "upper" | "set">;

function setOf({ lower, upper }: { readonly lower: number; readonly upper: number }, { alternative, level }: SequenceOptions): Bounds {
  if (alternative === "greater") return { set: { kind: "at-least", lower, level } };
  if (alternative === "less") return { set: { kind: "at-most", upper, level } };
  return { lower, upper };
}

/** What the looks are about: one effect that stays the same, or one that may change, where each look speaks for itself. */
export interface FollowedOptions extends AlwaysValidOptions {
  readonly effect: "constant" | "may-change";
}

/**
 * An estimate followed over its looks. Only under an effect declared constant may the interval be the intersection over all looks, and p the smallest;
 * when no value is left, the effect changed. Looks rise in n.
 */
export function alwaysValidLooks(looks: readonly Look[], options: FollowedOptions): Found {
  const { level, alternative, nullValue, effect } = options;
  const usable = looks.filter((look) => look.n >= 2 && look.standardError > 0);
  if (looks.some((look) => Math.abs(look.estimate) > 1e290 || look.standardError > 1e290)) {
    return undetermined("the estimates are beyond the numbers that can be compared", "outcomes in a larger unit");
  }
  const last = usable.at(-1);
  if (last === undefined) return undetermined("no look has two units and a spread", "a look with at least two units that differ");
  const rows = usable.map((look) => {
    const spread = sequenceWidth(look.n, options) * look.standardError;
    return { n: look.n, lower: look.estimate - spread, upper: look.estimate + spread, pValue: sequencePValue(look, options, nullValue) };
  });
  const read = effect === "constant" ? rows : rows.slice(-1);
  const lower = Math.max(...read.map((row) => row.lower));
  const upper = Math.min(...read.map((row) => row.upper));
  if (lower > upper) {
    return undetermined(
      "the effect changed: no value lies in the intervals of all looks",
      "declaring that the effect may change, and reading each look by itself",
    );
  }
  if (lower === upper && alternative === "two-sided") return outOfRange();
  const name = effect === "constant" ? `${method}, running intersection` : method;
  const outside = last.estimate < lower || last.estimate > upper;
  return finding({
    estimate: estimated({
      value: last.estimate,
      ...setOf({ lower, upper }, options),
      standardError: last.standardError,
      level,
      method: name,
      n: last.n,
      assumptions: effect === "constant" ? [...assumptions, "the effect is the same at all looks"] : assumptions,
    }),
    test: { name: "normal mixture martingale", pValue: Math.min(...read.map((row) => row.pValue)), alternative, nullValue },
    details: { ...tuningDetails(last.n, sequenceWidth(last.n, options), options), looks: rows.map((row) => oneSided(row, alternative)) },
    warnings: [
      ...fewWarnings(last.n),
      ...(outside && alternative === "two-sided"
        ? ["The last estimate lies outside the intersection of the intervals: the effect may have changed."]
        : []),
    ],
  });
}

function oneSided(
  row: { readonly n: number; readonly lower: number; readonly upper: number; readonly pValue: number },
  alternative: Alternative,
): Record<string, number> {
  const { n, lower, upper, pValue } = row;
  if (alternative === "greater") return { n, lower, pValue };
  if (alternative === "less") return { n, upper, pValue };
  return { n, lower, upper, pValue };
}
