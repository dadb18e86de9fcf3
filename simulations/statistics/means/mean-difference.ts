/** The difference of two means: Welch, pooled, large sample, known variances, paired. */
import { invariant } from "../../../data/foundation/index.ts";
import { type ArmEstimate, type Compared, effectOf, outOfRange } from "../effect.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import { sumOf } from "../sums.ts";
import { type Sample, type SampleInput, sampleOf } from "./sample.ts";
import { skewWarnings } from "./skew-warning.ts";

/** Two samples of separate units. */
export interface MeanArms {
  readonly control: SampleInput;
  readonly treatment: SampleInput;
}

const independentUnits = [
  "units are drawn independently, in both arms",
  "means are near normal: many units, or values without heavy tails",
];

/**
 * Two means with unequal variances, degrees of freedom by Welch-Satterthwaite. Undetermined below two units in an arm, or without any
 * variation. Source: Welch (1947), Biometrika 34, 28-35.
 *
 * @example
 * welch({ control: { n: 10, mean: 10, variance: 0.25 }, treatment: { n: 10, mean: 10.5, variance: 1 } }).degreesOfFreedom.toFixed(6)
 * // => "13.235294"
 */
export function welch(arms: MeanArms): Compared {
  return fromSamples(arms, (control, treatment) =>
    effectOf({
      control: armOf(control),
      treatment: armOf(treatment),
      method: "Welch's t",
      assumptions: independentUnits,
      warnings: smallSampleWarnings(control, treatment),
    }),
  );
}

/** Two means with one common variance (Student's t). Its level is wrong when variances and group sizes differ. Source: Student (1908), Biometrika 6, 1-25. */
export function pooled(arms: MeanArms): Compared {
  return fromSamples(arms, (control, treatment) => {
    const degreesOfFreedom = control.n + treatment.n - 2;
    const share = (sample: Sample): number => Math.sqrt((sample.n - 1) / degreesOfFreedom) * sample.standardDeviation;
    const deviation = Math.hypot(share(control), share(treatment));
    const arm = ({ n, mean, meanRest }: Sample): ArmEstimate => ({
      value: mean,
      valueRest: meanRest,
      standardError: deviation / Math.sqrt(n),
      degreesOfFreedom,
      n,
    });
    return effectOf({
      control: arm(control),
      treatment: arm(treatment),
      degreesOfFreedom,
      method: "pooled t",
      assumptions: [...independentUnits, "both arms have the same variance"],
      warnings: [...smallSampleWarnings(control, treatment), ...unequalVarianceWarnings(control, treatment)],
    });
  });
}

/** Two means with the normal distribution in place of t: for large samples. */
export function largeSampleZ(arms: MeanArms): Compared {
  return fromSamples(arms, (control, treatment) =>
    effectOf({
      control: { ...armOf(control), degreesOfFreedom: Number.POSITIVE_INFINITY },
      treatment: { ...armOf(treatment), degreesOfFreedom: Number.POSITIVE_INFINITY },
      method: "large-sample z",
      assumptions: [...independentUnits, "the samples are so large that their variances are as good as known"],
      warnings:
        Math.min(control.n, treatment.n) < 50
          ? ["Fewer than 50 units in an arm: the normal approximation is too narrow, use Welch's t."]
          : [],
    }),
  );
}

/** A mean whose units' variance is known, not estimated. */
export interface KnownVarianceArm {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** Two means with known variances (z). One unit an arm is enough. */
export function knownVarianceZ({
  control,
  treatment,
}: {
  readonly control: KnownVarianceArm;
  readonly treatment: KnownVarianceArm;
}): Compared {
  if (control.n < 1 || treatment.n < 1) return undetermined("an arm has no unit", "at least one unit in each arm");
  const arm = ({ n, mean, variance }: KnownVarianceArm): ArmEstimate => ({
    value: mean,
    standardError: Math.sqrt(variance / n),
    degreesOfFreedom: Number.POSITIVE_INFINITY,
    n,
  });
  return effectOf({
    control: arm(control),
    treatment: arm(treatment),
    method: "z, known variances",
    assumptions: ["units are drawn independently", "the variances are known, not estimated from these units"],
  });
}

/** Two values of the same units: raw, or the two arms' moments with the covariance of a unit's two values. */
export type Pairs =
  | { readonly control: ArrayLike<number>; readonly treatment: ArrayLike<number> }
  | {
      readonly n: number;
      readonly controlMean: number;
      readonly controlVariance: number;
      readonly treatmentMean: number;
      readonly treatmentVariance: number;
      readonly covariance: number;
    };

/**
 * Paired t: the mean of each unit's difference, with n - 1 degrees of freedom. The lift's set uses the covariance of difference and
 * control. Undetermined below two pairs, or when all differences are equal. Source: Student (1908), Biometrika 6, 1-25.
 */
export function paired(pairs: Pairs): Compared {
  const moments = "n" in pairs ? fromMoments(pairs) : fromRaw(pairs);
  if ("kind" in moments) return moments;
  const { n, control, treatment, difference, correlation } = moments;
  return effectOf({
    control: armOf(control),
    treatment: armOf(treatment),
    degreesOfFreedom: n - 1,
    paired: { difference: difference.mean, standardError: difference.standardDeviation / Math.sqrt(n), correlation },
    method: "paired t",
    assumptions: ["pairs are drawn independently", "the mean difference is near normal"],
    warnings: [...(n < 10 ? ["Fewer than 10 pairs: the level holds only if the differences are near normal."] : []), ...moments.warnings],
  });
}

interface PairMoments {
  readonly n: number;
  readonly control: Sample;
  readonly treatment: Sample;
  readonly difference: Sample;
  readonly correlation: number;
  readonly warnings: readonly string[];
}

function fromRaw({ control, treatment }: Extract<Pairs, { control: ArrayLike<number> }>): PairMoments | Undetermined {
  const n = control.length;
  invariant(n === treatment.length, `${n} and ${treatment.length} values of the same units`);
  if (n < 2) return tooFewPairs(n);
  const differences = Float64Array.from({ length: n }, (_, i) => (treatment[i] as number) - (control[i] as number));
  if (!differences.every(Number.isFinite)) return outOfRange();
  const [c, d] = [sampleOf({ values: control }), sampleOf({ values: differences })];
  const products = differences.map(
    (value, i) => ((value - d.mean) / (d.standardDeviation || 1)) * (((control[i] as number) - c.mean) / (c.standardDeviation || 1)),
  );
  if (!products.every(Number.isFinite)) return outOfRange();
  const warnings = skewWarnings({ difference: { values: differences } });
  return {
    n,
    control: c,
    treatment: sampleOf({ values: treatment }),
    difference: d,
    correlation: within(sumOf(products) / (n - 1)),
    warnings,
  };
}

function fromMoments(pairs: Extract<Pairs, { n: number }>): PairMoments | Undetermined {
  const { n, controlMean, controlVariance, treatmentMean, treatmentVariance, covariance } = pairs;
  if (n < 2) return tooFewPairs(n);
  const variance = Math.max(controlVariance + treatmentVariance - 2 * covariance, 0);
  const scale = Math.sqrt(variance * controlVariance);
  return {
    n,
    control: sampleOf({ n, mean: controlMean, variance: controlVariance }),
    treatment: sampleOf({ n, mean: treatmentMean, variance: treatmentVariance }),
    difference: sampleOf({ n, mean: treatmentMean - controlMean, variance }),
    correlation: scale === 0 ? 0 : within((covariance - controlVariance) / scale),
    warnings: [],
  };
}

function within(correlation: number): number {
  return Math.min(1, Math.max(-1, correlation));
}

function tooFewPairs(n: number): Undetermined {
  return undetermined(`${n === 1 ? "one pair" : "no pair"}: differences have no spread to be judged by`, "at least two pairs");
}

function fromSamples({ control, treatment }: MeanArms, compare: (control: Sample, treatment: Sample) => Compared): Compared {
  const [c, t] = [sampleOf(control), sampleOf(treatment)];
  if (c.n < 2 || t.n < 2)
    return undetermined(
      `${c.n} and ${t.n} units: an arm of fewer than two has no spread to be judged by`,
      "at least two units in each arm",
    );
  const compared = compare(c, t);
  return compared.kind === "undetermined"
    ? compared
    : { ...compared, warnings: [...(compared.warnings ?? []), ...skewWarnings({ control, treatment })] };
}

function armOf({ n, mean, meanRest, standardDeviation }: Sample): ArmEstimate {
  return { value: mean, valueRest: meanRest, standardError: standardDeviation / Math.sqrt(n), degreesOfFreedom: n - 1, n };
}

function smallSampleWarnings(control: Sample, treatment: Sample): readonly string[] {
  return Math.min(control.n, treatment.n) < 10
    ? ["Fewer than 10 units in an arm: the level holds only if the values are near normal."]
    : [];
}

function unequalVarianceWarnings(control: Sample, treatment: Sample): readonly string[] {
  const [small, large] = [control.standardDeviation, treatment.standardDeviation].sort((a, b) => a - b) as [number, number];
  return large > 1.5 * small && control.n !== treatment.n
    ? ["The arms' variances differ more than twofold and their sizes differ: the pooled test has the wrong level, use Welch's t."]
    : [];
}
