/** A family of comparisons with adjusted p-values, decisions, and the intervals that agree with these where such exist. */
import { normalDistribution, student } from "../distributions/index.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Alternative, type Detail, type Found, finding } from "../finding.ts";
import { normalPValue } from "../proportions/statement.ts";
import { type Adjustment, adjustPValues, dependencePrice } from "./adjust-p-values.ts";

/** One comparison: its p-value, or an estimate from which p-value and intervals are made. */
export type FamilyComparison =
  | { readonly name?: string | undefined; readonly pValue: number }
  | {
      readonly name?: string | undefined;
      readonly estimate: number;
      readonly standardError: number;
      /** Of Student's t; absent: normal. */
      readonly degreesOfFreedom?: number | undefined;
    };

export interface FamilyOptions {
  readonly comparisons: readonly FamilyComparison[];
  readonly level: number;
  /** Of comparisons given by estimates; the null value of each is 0. */
  readonly alternative: Alternative;
}

/** Bounds of one comparison; an absent one is infinite. `includesZero`: of a false-coverage interval, whether it does. */
export interface Ends {
  readonly lower?: number;
  readonly upper?: number;
  readonly includesZero?: boolean;
}

/**
 * Adjusts a family and says which hypotheses are rejected at 1 - level. The estimate is how many. Comparisons given by estimates get intervals where there are any that agree with
 * the decisions: Bonferroni and Sidak (each at its own level), Holm and fixed sequence (a rejected one ends at 0, because the power went into rejecting), and for
 * Benjamini-Hochberg the false-coverage intervals of those rejected, which may include 0. For the others none exist.
 * Sources: Strassburger and Bretz (2008), Stat. Med. 27, 4914-4927; Guilbaud (2008), Biom. J. 50, 678-692; Benjamini and Yekutieli (2005), J. Am. Stat. Assoc. 100, 71-81.
 *
 * @example
 * adjustFamily({ comparisons: [{ pValue: 0.01 }, { pValue: 0.04 }], level: 0.95, alternative: "two-sided" }, "bonferroni").estimate.value
 * // => 1
 */
export function adjustFamily({ comparisons, level, alternative }: FamilyOptions, adjustment: Adjustment): Found {
  if (comparisons.length === 0) return undetermined("a family without comparisons", "at least one comparison");
  const pValues = comparisons.map((comparison) => pValueOf(comparison, alternative));
  const adjusted = adjustPValues(pValues, adjustment);
  const alpha = 1 - level;
  const rejected = adjusted.map((p) => p < alpha);
  const endsOf = compatibleEnds({ adjustment, rejected, level, alternative });
  const rows = comparisons.map((comparison, index) => {
    const ends =
      "pValue" in comparison
        ? undefined
        : endsOf({ estimate: comparison.estimate, at: (share) => endsAt(comparison, share, alternative) }, index);
    return {
      name: comparison.name ?? `comparison ${index + 1}`,
      pValue: pValues[index] ?? 1,
      adjustedPValue: adjusted[index] ?? 1,
      rejected: rejected[index] ?? false,
      ...("pValue" in comparison ? {} : { estimate: comparison.estimate }),
      ...ends,
    };
  });
  return familyFinding(rows, {
    method: `rejected after ${names[adjustment]}`,
    assumptions: assumptions[adjustment],
    note: notes[adjustment],
  });
}

/** The finding of a family whose rows are made. */
export function familyFinding(
  rows: readonly Readonly<Record<string, number | string | boolean>>[],
  parts: {
    readonly method: string;
    readonly assumptions: readonly string[];
    readonly note?: string | undefined;
    readonly details?: Readonly<Record<string, Detail>>;
    readonly warnings?: readonly string[];
  },
): Found {
  return finding({
    estimate: estimated({
      value: rows.filter(({ rejected }) => rejected).length,
      method: parts.method,
      n: rows.length,
      assumptions: parts.assumptions,
    }),
    details: { comparisons: rows, ...(parts.note === undefined ? {} : { intervals: parts.note }), ...parts.details },
    ...(parts.warnings === undefined ? {} : { warnings: parts.warnings }),
  });
}

function pValueOf(comparison: FamilyComparison, alternative: Alternative): number {
  if ("pValue" in comparison) return comparison.pValue;
  const t = comparison.estimate / comparison.standardError;
  if (comparison.degreesOfFreedom === undefined) return normalPValue(t, alternative);
  const distribution = student(comparison.degreesOfFreedom);
  if (alternative === "two-sided") return Math.min(1, 2 * distribution.survival(Math.abs(t)));
  return alternative === "greater" ? distribution.survival(t) : distribution.cdf(t);
}

type Estimate = Extract<FamilyComparison, { readonly estimate: number }>;

/** A comparison by what its intervals need: its estimate, and the ends of its own interval at an error probability. */
interface Bounded {
  readonly estimate: number;
  readonly at: (alpha: number) => Ends;
}

/** The ends of the interval of each comparison of a family, by adjustment, that agree with who is rejected; undefined where nothing is claimed. */
export function compatibleEnds(family: {
  readonly adjustment: Adjustment;
  readonly rejected: readonly boolean[];
  readonly level: number;
  readonly alternative: Alternative;
}): (comparison: Bounded, index: number) => Ends | undefined {
  const { adjustment, rejected, level, alternative } = family;
  const m = rejected.length;
  const alpha = 1 - level;
  const count = rejected.filter(Boolean).length;
  const own = ({ at }: Bounded, share: number): Ends => at(share);
  switch (adjustment) {
    case "bonferroni":
      return (comparison) => own(comparison, alpha / m);
    case "sidak":
      return (comparison) => own(comparison, -Math.expm1(Math.log(level) / m));
    case "holm":
      // Those left share the whole level; with none left, Bonferroni's ends hold too, where these do better than 0.
      return (comparison, index) =>
        rejected[index] === true
          ? count === m
            ? tighter(own(comparison, alpha / m), comparison, alternative)
            : towardsZero(comparison, alternative)
          : own(comparison, alpha / (m - count));
    case "fixed-sequence":
      // Nothing is said of those behind the first that fails. One-sided, that first one, or the last of all, is stated at the full level. Two-sided, each
      // could be the first to fail by lying far from what is true on its other side, so that it is stated at its share of the error.
      return (comparison, index) => {
        const ends = own(comparison, alternative === "two-sided" ? alpha / m : alpha);
        if (rejected[index] === true)
          return index === m - 1 ? tighter(ends, comparison, alternative) : towardsZero(comparison, alternative);
        return index === count ? ends : undefined;
      };
    case "benjamini-hochberg":
    case "benjamini-yekutieli": {
      const price = adjustment === "benjamini-hochberg" ? 1 : dependencePrice(m);
      return (comparison, index) => {
        if (rejected[index] !== true) return undefined;
        const ends = own(comparison, (alpha * count) / m / price);
        return { ...ends, includesZero: (ends.lower ?? Number.NEGATIVE_INFINITY) <= 0 && (ends.upper ?? Number.POSITIVE_INFINITY) >= 0 };
      };
    }
    case "holm-sidak":
    case "hochberg":
    case "hochberg-sidak":
      return () => undefined;
  }
}

/** The interval at its own error probability. */
function endsAt({ estimate, standardError, degreesOfFreedom }: Estimate, alpha: number, alternative: Alternative): Ends {
  const distribution = degreesOfFreedom === undefined ? normalDistribution(0, 1) : student(degreesOfFreedom);
  const spread = standardError * distribution.upperQuantile(alternative === "two-sided" ? alpha / 2 : alpha);
  // A bound beyond the doubles is none.
  return {
    ...(alternative === "less" || !Number.isFinite(estimate - spread) ? {} : { lower: estimate - spread }),
    ...(alternative === "greater" || !Number.isFinite(estimate + spread) ? {} : { upper: estimate + spread }),
  };
}

/** What a rejection alone says: the effect lies on its side of 0. */
function towardsZero({ estimate }: Pick<Bounded, "estimate">, alternative: Alternative): Ends {
  const isAbove = alternative === "greater" || (alternative === "two-sided" && estimate > 0);
  return isAbove ? { lower: 0 } : { upper: 0 };
}

/** The own ends, where they are better than 0. */
function tighter(ends: Ends, comparison: Bounded, alternative: Alternative): Ends {
  const { lower, upper } = towardsZero(comparison, alternative);
  return {
    ...ends,
    ...(lower === undefined ? {} : { lower: Math.max(lower, ends.lower ?? 0) }),
    ...(upper === undefined ? {} : { upper: Math.min(upper, ends.upper ?? 0) }),
  };
}

const names: Record<Adjustment, string> = {
  bonferroni: "Bonferroni",
  sidak: "Sidak",
  holm: "Holm",
  "holm-sidak": "Holm-Sidak",
  hochberg: "Hochberg",
  "hochberg-sidak": "Hochberg-Sidak",
  "benjamini-hochberg": "Benjamini-Hochberg",
  "benjamini-yekutieli": "Benjamini-Yekutieli",
  "fixed-sequence": "fixed sequence",
};

const positive = "comparisons are independent or positively dependent";
const valid = "each p-value is valid by itself";
const directions = "two-sided: the direction of a rejected one is claimed too, which is proved for independent estimates";

/** What must hold for each adjustment's level to be the level. */
export const assumptions: Record<Adjustment, readonly string[]> = {
  bonferroni: [valid],
  sidak: [valid, positive],
  holm: [valid, directions],
  "holm-sidak": [valid, positive],
  hochberg: [valid, positive],
  "hochberg-sidak": [valid, positive],
  "benjamini-hochberg": [valid, positive],
  "benjamini-yekutieli": [valid],
  "fixed-sequence": [valid, "the order was fixed before the data were seen"],
};

const none = "none: no simple intervals agree with this procedure's decisions";

const falseCoverage = "false-coverage intervals of the rejected ones; may include 0";

const notes: Record<Adjustment, string> = {
  bonferroni: "simultaneous; exclude 0 exactly when rejected",
  sidak: "simultaneous; exclude 0 exactly when rejected",
  holm: "simultaneous; those of rejected ones may end at 0",
  "holm-sidak": none,
  hochberg: none,
  "hochberg-sidak": none,
  "benjamini-hochberg": falseCoverage,
  "benjamini-yekutieli": falseCoverage,
  "fixed-sequence": "simultaneous; those of rejected ones may end at 0, and nothing is said behind the first that fails",
};
