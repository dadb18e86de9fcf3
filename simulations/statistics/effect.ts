/**
 * One comparison, asked for once: the absolute difference, the relative lift and the log ratio of two arms with the sets that belong to
 * them, and one p-value. All use the same standard errors and the same degrees of freedom, so that they never disagree about 0.
 */
import { invariant } from "../../data/foundation/index.ts";
import { type Distribution, student } from "./distributions/index.ts";
import { type Estimated, estimated, type Undetermined, undetermined } from "./estimate.ts";
import { fiellerSet, type LiftSet } from "./fieller.ts";
import { type Alternative, type Detail, type Found, finding, type TestResult } from "./finding.ts";
import { powerOfTwoBelow } from "./power-of-two.ts";

/** One arm's estimate. */
export interface ArmEstimate {
  readonly value: number;
  /** What rounding took from the value, where that is known: the estimate is `value + valueRest`. */
  readonly valueRest?: number;
  /** 0 only where the arm really does not vary. */
  readonly standardError: number;
  /** Of the standard error; infinite where that is known, or taken as known because the sample is large. */
  readonly degreesOfFreedom: number;
  /** Independent units behind it. */
  readonly n: number;
}

/** How an effect was made, in the field's words. */
export interface EffectWords {
  /** `Welch's t`. */
  readonly method: string;
  readonly assumptions: readonly string[];
  readonly warnings?: readonly string[];
  /** Named numbers beside it. */
  readonly details?: Readonly<Record<string, Detail>>;
}

/** Treatment against control, ready for any statement about their difference or ratio. */
export interface Effect extends EffectWords {
  readonly kind: "effect";
  readonly control: ArmEstimate;
  readonly treatment: ArmEstimate;
  /** Treatment minus control. */
  readonly difference: number;
  /** Of the difference; above 0. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Correlation of the estimated difference with the estimated control value. */
  readonly correlation: number;
  /** Whether the two arms' estimates are independent. */
  readonly independent: boolean;
}

/** An effect, or the reason that there is none. */
export type Compared = Effect | Undetermined;

/** Parts of an effect whose arms are not independent, or whose degrees of freedom are not Welch's. */
export interface EffectParts extends EffectWords {
  readonly control: ArmEstimate;
  readonly treatment: ArmEstimate;
  /** Welch-Satterthwaite when left out. */
  readonly degreesOfFreedom?: number;
  /** For arms that were measured on the same units; left out: independent arms. */
  readonly paired?: { readonly difference: number; readonly standardError: number; readonly correlation: number };
}

/** What is asked of an effect. */
export interface EffectOptions {
  readonly level: number;
  readonly alternative: Alternative;
  /** The difference under the null hypothesis. */
  readonly nullValue?: number;
}

/**
 * Joins two arms to an effect. Degrees of freedom by Welch-Satterthwaite: (a + b)² / (a²/dfC + b²/dfT), with a and b the squared
 * standard errors. Undetermined when neither arm varies, or when the numbers leave the range of doubles.
 * Sources: Welch (1947), Biometrika 34, 28-35; Satterthwaite (1946), Biometrics Bulletin 2, 110-114.
 *
 * @example
 * const arm = (value) => ({ value, standardError: 1, degreesOfFreedom: 9, n: 10 });
 * const effect = effectOf({ control: arm(10), treatment: arm(13), method: "Welch's t", assumptions: [] });
 * [effect.difference, effect.degreesOfFreedom]
 * // => [3, 18]
 */
export function effectOf(parts: EffectParts): Compared {
  const { control, treatment, paired, warnings, ...words } = parts;
  for (const { standardError, degreesOfFreedom } of [control, treatment]) {
    invariant(
      standardError >= 0 && degreesOfFreedom > 0,
      `an arm with standard error ${standardError} and ${degreesOfFreedom} degrees of freedom`,
    );
  }
  const difference = paired?.difference ?? treatment.value - control.value + ((treatment.valueRest ?? 0) - (control.valueRest ?? 0));
  const standardError = paired?.standardError ?? rootOfSquares(control.standardError, treatment.standardError);
  if (standardError === 0) return noVariation();
  if (![control.value, treatment.value, difference, standardError, difference / standardError].every(Number.isFinite)) return outOfRange();
  if (standardError < standardErrorMin) return outOfRange();
  return {
    ...words,
    kind: "effect",
    control,
    treatment,
    difference,
    standardError,
    degreesOfFreedom: parts.degreesOfFreedom ?? welchDegrees(control, treatment),
    correlation: paired?.correlation ?? -control.standardError / standardError,
    independent: paired === undefined,
    warnings: [
      ...(warnings ?? []),
      ...(paired === undefined && (control.standardError === 0 || treatment.standardError === 0)
        ? ["One arm does not vary at all: its uncertainty is taken as 0, which is rarely true."]
        : []),
    ],
  };
}

/** The test of "difference = nullValue". */
export function testDifference(effect: Effect, alternative: Alternative, nullValue = 0): TestResult {
  return testOf(effect, effect.difference - nullValue, effect.standardError, alternative, nullValue);
}

/**
 * The test of "treatment = (1 + lift) x control": the difference minus lift times control, over its own standard error, at the same
 * degrees of freedom. Its p-value is below 1 - level exactly when the lift lies outside the relative set.
 */
export function testLift(effect: Effect, alternative: Alternative, lift: number): TestResult {
  const { difference, standardError, control, treatment, correlation, independent } = effect;
  // In units of the lift, which may be large.
  const unit = Math.max(1, Math.abs(1 + lift));
  const error = independent
    ? rootOfSquares(treatment.standardError / unit, ((1 + lift) / unit) * control.standardError)
    : errorOfCombination(standardError / unit, (lift / unit) * control.standardError, correlation);
  // Near a ratio of 0 the difference has lost the treatment's digits.
  const distance =
    Math.abs(1 + lift) < 0.5 ? treatment.value - (1 + lift) * control.value : difference / unit - (lift / unit) * control.value;
  return testOf(effect, distance, error, alternative, lift);
}

/** Treatment minus control, with the interval that excludes the null value exactly when `testDifference` rejects. */
export function absoluteDifference(effect: Effect, { level, alternative }: EffectOptions): Estimated {
  const { difference, standardError } = effect;
  const reach = criticalOf(effect, alternative, level) * standardError;
  const common = { value: difference, standardError, level, ...wordsOf(effect) };
  if (!Number.isFinite(difference - reach) || !Number.isFinite(difference + reach)) return outOfRange();
  if (alternative === "greater") return estimated({ ...common, set: { kind: "at-least", lower: difference - reach, level } });
  if (alternative === "less") return estimated({ ...common, set: { kind: "at-most", upper: difference + reach, level } });
  return difference - reach < difference + reach
    ? estimated({ ...common, lower: difference - reach, upper: difference + reach })
    : outOfRange();
}

/**
 * The difference as a share of the control's value, with Fieller's set at the same degrees of freedom. Undetermined when the control's
 * value is not above 0.
 */
export function relativeLift(effect: Effect, options: EffectOptions): Estimated {
  const set = liftSet(effect, options);
  if (set.kind === "undetermined") return set;
  const common = { value: effect.difference / effect.control.value, ...wordsOf(effect, "Fieller") };
  if (set.kind === "interval" && set.lower >= set.upper) return outOfRange();
  return set.kind === "interval" ? estimated({ ...common, ...set }) : estimated({ ...common, set });
}

/** Ratios below this are lifts so near -1 that the digits of the ratio are rounded away. */
const smallestRatio = 1e-6;

/** log(treatment / control), with the logarithm of Fieller's set. Undetermined where that set reaches a ratio of 0. */
export function logRatio(effect: Effect, options: EffectOptions): Estimated {
  const set = liftSet(effect, options);
  if (set.kind === "undetermined") return set;
  if (effect.treatment.value <= 0)
    return undetermined("the treatment's value is not above 0, so the ratio has no logarithm", "values above 0 in both arms");
  const common = { value: logOfRatio(effect), ...wordsOf(effect, "log of the Fieller set") };
  const reachesZero = undetermined(
    "the set of ratios that the data do not rule out reaches 0 or below, which has no logarithm",
    "more units, so that the ratio is shown to be above 0",
  );
  switch (set.kind) {
    case "interval":
      if (1 + set.upper < smallestRatio) return outOfRange();
      return set.lower > -1
        ? estimated({ ...common, lower: Math.log1p(set.lower), upper: Math.log1p(set.upper), level: set.level })
        : reachesZero;
    case "at-least":
      if (common.value < Math.log(smallestRatio)) return outOfRange();
      return set.lower > -1 ? estimated({ ...common, set: { ...set, lower: Math.log1p(set.lower) } }) : reachesZero;
    case "at-most":
      if (1 + set.upper < smallestRatio) return outOfRange();
      return set.upper > -1 ? estimated({ ...common, set: { ...set, upper: Math.log1p(set.upper) } }) : reachesZero;
    case "two-pieces":
    case "everything":
      return reachesZero;
  }
}

/** Everything about the difference: estimate, test, relative lift, log ratio. An effect that is Undetermined is the whole answer. */
export function differenceFinding(effect: Compared, options: EffectOptions): Found {
  if (effect.kind === "undetermined") return effect;
  return finding({
    estimate: absoluteDifference(effect, options),
    test: testDifference(effect, options.alternative, options.nullValue ?? 0),
    relative: relativeLift(effect, options),
    logRatio: logRatio(effect, options),
    details: detailsOf(effect),
    warnings: warningsOf(effect, options),
  });
}

/** The same comparison with the lift as its estimate, and the test of `nullLift` that agrees with the lift's set. */
export function liftFinding(effect: Compared, options: EffectOptions & { readonly nullLift: number }): Found {
  if (effect.kind === "undetermined") return effect;
  return finding({
    estimate: relativeLift(effect, options),
    test: testLift(effect, options.alternative, options.nullLift),
    logRatio: logRatio(effect, options),
    details: { ...detailsOf(effect), difference: effect.difference, standardErrorOfDifference: effect.standardError },
    warnings: warningsOf(effect, options),
  });
}

/** The sentences about an effect: its own, and one when the lift is not bounded. */
export function warningsOf(effect: Effect, options: EffectOptions): readonly string[] {
  const set = liftSet(effect, options);
  const unbounded = set.kind === "two-pieces" || set.kind === "everything";
  return [
    ...(effect.warnings ?? []),
    ...(unbounded ? ["The control's value is not shown to be above 0 at this level, so the data do not bound the relative lift."] : []),
  ];
}

function liftSet(effect: Effect, { level, alternative }: EffectOptions): LiftSet | Undetermined {
  const { control, treatment, difference, standardError, correlation, independent } = effect;
  if (control.value <= 0)
    return undetermined(
      `the control's value is ${Number(control.value.toPrecision(6))}: a lift needs one above 0`,
      "a control with a value above 0, or the absolute difference instead",
    );
  const largest = Math.max(Math.abs(difference), standardError, control.standardError);
  if (largest / control.value > 1e140) return outOfRange();
  const critical = criticalOf(effect, alternative, level);
  if (critical < 0 && control.value <= -critical * control.standardError) {
    return undetermined(
      "the control's value is not far enough above 0 for a one-sided statement at a level below one half",
      "a level above one half",
    );
  }
  if (treatment.value === 0 && treatment.standardError === 0) {
    return undetermined(
      "the treatment's value is 0 for every unit: a lift of -100 % without any spread",
      "the absolute difference, or units whose values vary",
    );
  }
  const parts = {
    difference,
    differenceError: standardError,
    control: control.value,
    controlError: control.standardError,
    treatment: treatment.value,
    treatmentError: treatment.standardError,
    correlation,
    independent,
  };
  const set = fiellerSet(parts, critical, alternative, level);
  return Object.values(set).every((end) => typeof end === "string" || Number.isFinite(end)) ? set : outOfRange();
}

/** Student's t; beyond 1e15 degrees of freedom the normal, which differs by less than 1e-9 even at probabilities of 1e-300. */
function lawOf({ degreesOfFreedom }: Effect): Distribution {
  return student(degreesOfFreedom < 1e15 ? degreesOfFreedom : Number.POSITIVE_INFINITY);
}

function criticalOf(effect: Effect, alternative: Alternative, level: number): number {
  return lawOf(effect).upperQuantile(alternative === "two-sided" ? (1 - level) / 2 : 1 - level);
}

/** A distance of more standard errors than doubles can say has no statistic, and a p-value of 0 or 1. */
function testOf(effect: Effect, distance: number, error: number, alternative: Alternative, nullValue: number): TestResult {
  const { survival } = lawOf(effect);
  const statistic = distance === 0 ? 0 : distance / error;
  const pValue =
    alternative === "greater"
      ? survival(statistic)
      : alternative === "less"
        ? survival(-statistic)
        : Math.min(1, 2 * survival(Math.abs(statistic)));
  return {
    name: effect.method,
    ...(Number.isFinite(statistic) ? { statistic } : {}),
    ...(Number.isFinite(effect.degreesOfFreedom) ? { degreesOfFreedom: effect.degreesOfFreedom } : {}),
    pValue,
    alternative,
    nullValue,
  };
}

function wordsOf(effect: Effect, set?: string): { readonly method: string; readonly n: number; readonly assumptions: readonly string[] } {
  const { method, control, treatment, independent, assumptions } = effect;
  return { method: set === undefined ? method : `${method}, ${set}`, n: independent ? control.n + treatment.n : control.n, assumptions };
}

function detailsOf({ control, treatment, details }: Effect): Readonly<Record<string, Detail>> {
  return { control: control.value, treatment: treatment.value, controlUnits: control.n, treatmentUnits: treatment.n, ...details };
}

function logOfRatio({ difference, control, treatment }: Effect): number {
  const lift = difference / control.value;
  return Math.abs(lift) < 0.5 ? Math.log1p(lift) : Math.log(treatment.value) - Math.log(control.value);
}

/** Welch-Satterthwaite, in units of the larger standard error. */
function welchDegrees(control: ArmEstimate, treatment: ArmEstimate): number {
  const unit = Math.max(control.standardError, treatment.standardError);
  const [a, b] = [(control.standardError / unit) ** 2, (treatment.standardError / unit) ** 2];
  return (a + b) ** 2 / (a ** 2 / control.degreesOfFreedom + b ** 2 / treatment.degreesOfFreedom);
}

/** sqrt(a² + b²), the same to the last bit when a and b change places, without overflow. */
function rootOfSquares(a: number, b: number): number {
  const largest = Math.max(Math.abs(a), Math.abs(b));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  const unit = powerOfTwoBelow(largest);
  return unit * Math.sqrt((a / unit) ** 2 + (b / unit) ** 2);
}

/** Standard error of x - y, from both standard errors and the correlation. */
function errorOfCombination(x: number, y: number, correlation: number): number {
  const shared = 1 - correlation * correlation;
  return rootOfSquares(x - correlation * y, Math.sqrt(Math.max(shared, 0)) * y);
}

function noVariation(): Undetermined {
  return undetermined(
    "no unit differs from another, so the difference has no scale to be judged by",
    "units whose values vary, or an exact statement about these units only",
  );
}

/** A smaller standard error has lost digits: it is below the doubles of full precision. */
const standardErrorMin = 2 ** -1022;

/** For numbers whose sums, squares or quotients leave the range of doubles. */
export function outOfRange(): Undetermined {
  return undetermined("the numbers are too large or too far apart for double precision", "the same values in a more suitable unit");
}
