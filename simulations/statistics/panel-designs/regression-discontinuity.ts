/** The jump of an outcome at a cut-off of a score: local linear, with robust bias-corrected inference. */
import { undetermined } from "../estimate.ts";
import type { Found } from "../finding.ts";
import { innerProduct } from "../sums.ts";
import { centredFinding, type Question } from "./centred-finding.ts";
import { type Bandwidths, deviation, errorOptimalBandwidths, type Side, sandwich, within } from "./discontinuity-bandwidth.ts";
import { coefficientWeights, triangularWeights } from "./local-fit.ts";
import { rescaled } from "./rescale.ts";

/** Units with a score, an outcome and, in a fuzzy design, the treatment that they received. */
export interface DiscontinuityOptions extends Question {
  readonly scores: readonly number[];
  readonly outcomes: readonly number[];
  readonly received?: readonly number[] | undefined;
  /** Units at or above it are assigned to treatment. */
  readonly cutoff: number;
  /** The step that scores were rounded to before they were recorded: the cut-off then lies half a step lower. */
  readonly roundingStep?: number | undefined;
  /** Chosen from the data where absent. */
  readonly bandwidths?: Bandwidths | undefined;
}

/** Distinct scores that each side must have within the bandwidth. */
const distinctMin = 20;

/**
 * The mean outcome just above the cut-off minus that just below, bias-corrected; with `received`, over the jump of the treatment (the effect on those whose treatment
 * the cut-off decides). Undetermined below 20 distinct scores a side within the bandwidth, without variation, or where the treatment does not jump.
 * Source: Calonico, Cattaneo and Titiunik (2014), Econometrica 82, 2295-2326.
 */
export function regressionDiscontinuity(options: DiscontinuityOptions): Found {
  const scaled = scaledSides(options);
  if ("kind" in scaled) return scaled;
  const { left, right, distanceUnit, outcomeUnit, cutoff } = scaled;
  const given = options.bandwidths;
  const bandwidths =
    given === undefined
      ? errorOptimalBandwidths(...forBandwidths(scaled))
      : { estimation: given.estimation / distanceUnit, bias: given.bias / distanceUnit };
  if (bandwidths === undefined) {
    return undetermined("no bandwidth can be chosen from these data", "more distinct scores on both sides, or stated bandwidths");
  }
  const few = tooFew([left, right].map((side) => new Set(within(side, bandwidths.estimation).distances).size));
  if (few !== undefined) return few;
  const [below, above] = [fitSide(left, bandwidths), fitSide(right, bandwidths)];
  if (below === undefined || above === undefined) {
    return undetermined("too few distinct scores within the bias bandwidth", "a larger bias bandwidth");
  }
  return jumpFinding(options, {
    below,
    above,
    bandwidths,
    distanceUnit,
    outcomeUnit,
    cutoff,
    treatmentVaries: left.received !== undefined,
  });
}

interface ScaledSides {
  readonly left: Side;
  readonly right: Side;
  readonly distanceUnit: number;
  readonly outcomeUnit: number;
  /** What was taken off every outcome, in its unit. */
  readonly level: number;
  readonly cutoff: number;
}

/** Both sides with distances and outcomes brought to the size of 1, so that no square overflows. */
function scaledSides({
  scores,
  outcomes,
  received,
  cutoff: stated,
  roundingStep,
}: DiscontinuityOptions): ScaledSides | ReturnType<typeof undetermined> {
  const cutoff = stated - (roundingStep ?? 0) / 2;
  const order = scores.map((_, i) => i).sort((a, b) => (scores[a] as number) - (scores[b] as number) || a - b);
  const largest = order.reduce((most, i) => Math.max(most, Math.abs((scores[i] as number) - cutoff)), 0);
  const few = tooFew([true, false].map((isBelow) => new Set(scores.filter((score) => score < cutoff === isBelow)).size));
  if (few !== undefined) return few;
  const distances = order.map((i) => ((scores[i] as number) - cutoff) / largest);
  const spread = deviation(distances);
  const { values, origin, unit } = rescaled(order.map((i) => outcomes[i] as number));
  if (unit === 0) return undetermined("the outcome is the same for every unit", "an outcome that varies");
  const taken = received === undefined ? undefined : order.map((i) => received[i] as number);
  const split = distances.filter((distance) => distance < 0).length;
  const side = (from: number, to: number): Side => ({
    distances: distances.slice(from, to).map((distance) => distance / spread),
    outcomes: values.slice(from, to),
    received: taken?.slice(from, to),
  });
  return {
    left: side(0, split),
    right: side(split, distances.length),
    distanceUnit: largest * spread,
    outcomeUnit: unit,
    level: origin / unit,
    cutoff,
  };
}

function tooFew(counts: readonly number[]): ReturnType<typeof undetermined> | undefined {
  const [below = 0, above = 0] = counts;
  if (Math.min(below, above) >= distinctMin) return undefined;
  return undetermined(
    `${below} distinct ${below === 1 ? "score" : "scores"} below the cut-off and ${above} at or above it, within the bandwidth`,
    `at least ${distinctMin} on each side: a finer score, more units, or a wider stated bandwidth`,
  );
}

/**
 * Where nobody on one side deviates, the treatment tells nothing about the bandwidth. Elsewhere the source's software linearises the ratio of the levels on each side,
 * which depends on where the outcome's 0 lies: so the outcomes get their level back.
 */
function forBandwidths({ left, right, level }: ScaledSides): readonly [Side, Side] {
  const constant = [left, right].some(({ received }) => received?.every((value) => value === received[0]) ?? true);
  if (constant)
    return [
      { ...left, received: undefined },
      { ...right, received: undefined },
    ];
  const raised = (side: Side): Side => ({ ...side, outcomes: side.outcomes.map((outcome) => outcome + level) });
  return [raised(left), raised(right)];
}

interface SideFit {
  readonly side: Side;
  /** Weights of the level at the cut-off: plain, and with the estimated bias taken off. */
  readonly plain: readonly number[];
  readonly corrected: readonly number[];
  readonly inside: number;
}

function fitSide(whole: Side, { estimation, bias }: Bandwidths): SideFit | undefined {
  const side = within(whole, Math.max(estimation, bias));
  const plain = coefficientWeights(side.distances, triangularWeights(side.distances, estimation), 1)?.[0];
  const curve = coefficientWeights(side.distances, triangularWeights(side.distances, bias), 2)?.[2];
  if (plain === undefined || curve === undefined) return undefined;
  const leak = innerProduct(
    plain,
    side.distances.map((distance) => distance ** 2),
  );
  const corrected = plain.map((weight, i) => weight - leak * (curve[i] as number));
  return { side, plain, corrected, inside: side.distances.filter((distance) => Math.abs(distance) / estimation < 1).length };
}

interface Jump extends Pick<ScaledSides, "distanceUnit" | "outcomeUnit" | "cutoff"> {
  readonly below: SideFit;
  readonly above: SideFit;
  readonly bandwidths: Bandwidths;
  readonly treatmentVaries: boolean;
}

function jumpFinding(question: Question, jump: Jump): Found {
  const { below, above, bandwidths, distanceUnit, outcomeUnit, cutoff, treatmentVaries } = jump;
  const jumpOf = (which: "plain" | "corrected", what: "outcomes" | "received"): number =>
    innerProduct(above[which], above.side[what] ?? []) - innerProduct(below[which], below.side[what] ?? []);
  const errorOf = (which: "plain" | "corrected", gradient: readonly [number, number]): number =>
    Math.sqrt([below, above].reduce((sum, fit) => sum + sandwich(fit.side, fit[which], gradient), 0));
  const outcome = { plain: jumpOf("plain", "outcomes"), corrected: jumpOf("corrected", "outcomes") };
  const shared = {
    cutoff,
    bandwidth: bandwidths.estimation * distanceUnit,
    biasBandwidth: bandwidths.bias * distanceUnit,
    unitsBelow: below.inside,
    unitsAbove: above.inside,
  };
  const [values, gradient, details, warnings] = treatmentVaries ? fuzzy() : sharp();
  if (gradient === undefined) {
    return undetermined("the treatment received does not jump at the cut-off", "a cut-off that decides for some who is treated");
  }
  const standardError = errorOf("corrected", gradient);
  if (standardError === 0)
    return undetermined("the outcome has no noise around its neighbours", "outcomes that are not exact functions of the score");
  return centredFinding(
    {
      value: values.corrected * outcomeUnit,
      standardError: standardError * outcomeUnit,
      degreesOfFreedom: Number.POSITIVE_INFINITY,
      method: `local linear${treatmentVaries ? ", fuzzy" : ""}, robust bias-corrected`,
      testName: "robust bias-corrected z",
      n: below.inside + above.inside,
      details: {
        conventional: values.plain * outcomeUnit,
        conventionalStandardError: errorOf("plain", gradient) * outcomeUnit,
        ...shared,
        ...details,
      },
      warnings,
    },
    question,
  );

  function sharp() {
    return [outcome, [1, 0] as const, {}, [] as string[]] as const;
  }

  function fuzzy() {
    const treatment = { plain: jumpOf("plain", "received"), corrected: jumpOf("corrected", "received") };
    if (Math.abs(treatment.plain) < 1e-12) return [outcome, undefined, {}, [] as string[]] as const;
    const slopes = [1 / treatment.plain, -outcome.plain / treatment.plain ** 2] as const;
    const plain = outcome.plain / treatment.plain;
    const corrected = plain - slopes[0] * (outcome.plain - outcome.corrected) - slopes[1] * (treatment.plain - treatment.corrected);
    const firstError = Math.sqrt(
      [below, above].reduce(
        (sum, fit) => sum + sandwich({ ...fit.side, outcomes: fit.side.received ?? [], received: undefined }, fit.corrected, [1, 0]),
        0,
      ),
    );
    const weak = Math.abs(treatment.corrected) < Math.sqrt(10) * firstError;
    const warnings = weak
      ? ["The treatment hardly jumps at the cut-off (z below 3.16): a ratio by so weak an instrument has no reliable interval."]
      : [];
    return [{ plain, corrected }, slopes, { firstStage: treatment.corrected, firstStageStandardError: firstError }, warnings] as const;
  }
}
