/** One treated unit against a weighted average of others that moved as it did before. */
import { outOfRange } from "../effect.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Alternative, type Found, finding } from "../finding.ts";
import { sumOf } from "../sums.ts";
import type { Question } from "./centred-finding.ts";
import { keptSet, smallestKept } from "./permutation-bound.ts";
import { rescaled, unitMost } from "./rescale.ts";
import { simplexFit } from "./simplex-fit.ts";

/** A unit that is never treated. */
export interface Donor {
  readonly name: string;
  /** One outcome a period, as the treated unit's. */
  readonly outcomes: readonly number[];
}

export interface SyntheticControlOptions extends Question {
  /** The treated unit's outcomes, in the order of time. */
  readonly treated: readonly number[];
  readonly donors: readonly Donor[];
  /** How many of the first periods came before treatment. */
  readonly periodsBefore: number;
}

/**
 * The mean gap after treatment between the treated unit and the average of donors that fits it best before (weights at least 0, sum 1, on all outcomes before).
 * The test sets the gap, in units of the root mean squared gap before, beside those of the donors, each fitted by the other donors as if it were treated; the interval holds
 * the constant effects that this test does not reject, with 19 donors at least at a level of 95 %. Undetermined where nothing is left of the fit to measure errors by.
 * Source: Abadie, Diamond and Hainmueller (2010), J. Am. Stat. Assoc. 105, 493-505; Firpo and Possebom (2018), J. Causal Inference 6.
 */
export function syntheticControl(options: SyntheticControlOptions): Found {
  const { treated, donors, periodsBefore, level, alternative, nullValue } = options;
  const { values, unit } = rescaled([treated, ...donors.map(({ outcomes }) => outcomes)].flat());
  if (unit > unitMost) return outOfRange();
  if (unit === 0) return undetermined("all outcomes are the same", "outcomes that vary");
  const [target = [], ...series] = [treated, ...donors].map((_, i) => values.slice(i * treated.length, (i + 1) * treated.length));
  const own = gapOf(target, series, periodsBefore);
  if (own.before <= 1e-10) {
    return undetermined(
      "the donors reproduce the treated unit exactly before treatment: nothing is left to measure errors by",
      "more periods before treatment than donors",
    );
  }
  const placebos = series.map((outcomes, i) =>
    gapOf(
      outcomes,
      series.filter((_, other) => other !== i),
      periodsBefore,
    ),
  );
  const shifts = placebos.map((gap) => strengthOf(gap.mean, gap.before));
  const whole = donors.length + 1;
  const countAt = (effect: number): number => 1 + countExtreme(shifts, (own.mean - effect) / own.before, alternative);
  const value = own.mean * unit;
  // The bounds are in units of the gap before treatment, and the test uses the same comparison.
  const bounds = boundsOf(shifts, smallestKept({ whole, level }), alternative);
  const lower = (own.mean - bounds.above * own.before) * unit;
  const upper = (own.mean + bounds.below * own.before) * unit;
  if (shifts.every((shift) => shift === 0)) {
    return undetermined(
      "no donor has a gap after treatment: nothing shows how large a gap comes by chance",
      "donors that differ from one another, on the scale of the treated unit",
    );
  }
  const ratios = placebos.map((gap) => strengthOf(gap.after, gap.before) ** 2);
  const ratio = (own.after / own.before) ** 2;
  return finding({
    estimate: estimated({
      value,
      method: "synthetic control, placebo permutation",
      n: whole,
      ...keptSet(lower, upper, level, alternative),
    }),
    test: {
      name: "placebo permutation of mean gap over root MSPE before",
      statistic: (own.mean - nullValue / unit) / own.before,
      pValue: countAt(nullValue / unit) / whole,
      alternative,
      nullValue,
    },
    details: {
      mspeRatio: ratio,
      mspeRatioPValue: (1 + ratios.filter((other) => other >= ratio).length) / whole,
      rootMspeBefore: own.before * unit,
      rootMspeAfter: own.after * unit,
      fitBefore: own.fit,
      weights: donors.flatMap(({ name }, i) => ((own.weights[i] as number) > 0 ? [{ donor: name, weight: own.weights[i] as number }] : [])),
      gaps: own.gaps.map((gap) => gap * unit),
    },
    warnings: warningsOf(own, options, smallestKept({ whole, level })),
  });
}

interface Gap {
  readonly weights: readonly number[];
  readonly gaps: readonly number[];
  /** The mean gap after treatment. */
  readonly mean: number;
  /** Root mean squared gaps. */
  readonly before: number;
  readonly after: number;
  /** The share of the variance before treatment that the fit explains. */
  readonly fit: number;
}

function gapOf(outcomes: readonly number[], donors: readonly (readonly number[])[], periodsBefore: number): Gap {
  const past = outcomes.slice(0, periodsBefore);
  const weights = simplexFit(
    donors.map((donor) => donor.slice(0, periodsBefore)),
    past,
  );
  const gaps = outcomes.map((value, period) => value - sumOf(donors.map((donor, i) => (weights[i] as number) * (donor[period] as number))));
  const rest = gaps.slice(periodsBefore);
  const level = sumOf(past) / past.length;
  const spread = meanSquare(past.map((value) => value - level));
  const error = meanSquare(gaps.slice(0, periodsBefore));
  return {
    weights,
    gaps,
    mean: sumOf(rest) / rest.length,
    before: Math.sqrt(error),
    after: Math.sqrt(meanSquare(rest)),
    fit: spread === 0 ? 0 : 1 - error / spread,
  };
}

function meanSquare(values: readonly number[]): number {
  return sumOf(values.map((value) => value ** 2)) / values.length;
}

/** A gap over the error before; a donor that is fitted exactly is as extreme as can be unless its gap is 0 too. */
function strengthOf(gap: number, before: number): number {
  if (before > 1e-10) return gap / before;
  return Math.abs(gap) <= 1e-10 ? 0 : Math.sign(gap) * Number.POSITIVE_INFINITY;
}

function countExtreme(shifts: readonly number[], shift: number, alternative: Alternative): number {
  if (alternative === "greater") return shifts.filter((other) => other >= shift).length;
  if (alternative === "less") return shifts.filter((other) => other <= shift).length;
  return shifts.filter((other) => Math.abs(other) >= Math.abs(shift)).length;
}

/** How far, in units of the error before, the treated gap may lie above and below an effect that is kept. */
function boundsOf(shifts: readonly number[], kept: number, alternative: Alternative): { readonly above: number; readonly below: number } {
  const never = Number.POSITIVE_INFINITY;
  if (kept <= 1) return { above: never, below: never };
  const descending = (values: readonly number[]): number => [...values].sort((a, b) => b - a)[kept - 2] ?? 0;
  if (alternative === "greater") return { above: descending(shifts), below: never };
  if (alternative === "less") return { above: never, below: descending(shifts.map((shift) => -shift)) };
  const reach = descending(shifts.map(Math.abs));
  return { above: reach, below: reach };
}

function warningsOf(own: Gap, { donors, periodsBefore, level }: SyntheticControlOptions, kept: number): readonly string[] {
  const warnings: string[] = [];
  if (own.fit < 0.8) {
    warnings.push(
      `Before treatment the donors explain ${(100 * Math.max(0, own.fit)).toFixed(0)} % of the treated unit's variance: a gap after it may be the bad fit.`,
    );
  }
  if (kept <= 1) {
    warnings.push(
      `${donors.length} donors can never give p below ${(1 / (donors.length + 1)).toFixed(3)}: at level ${level} no effect can be ruled out.`,
    );
  }
  if (donors.length >= periodsBefore)
    warnings.push(
      "There are as many donors as periods before treatment, or more: the fit before may be chance, and the weights are not unique.",
    );
  return warnings;
}
