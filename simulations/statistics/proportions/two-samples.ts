/** Two independent samples of successes and failures. */
import { type Undetermined, undetermined } from "../estimate.ts";

export interface Sample {
  readonly successes: number;
  readonly trials: number;
}

export interface TwoSamples {
  readonly control: Sample;
  readonly treatment: Sample;
}

export const twoSampleAssumptions: readonly string[] = ["units are independent, also between the arms", "each arm has one probability"];

/** Why nothing can be said of two samples, if so. */
export function noUnits({ control, treatment }: TwoSamples): Undetermined | undefined {
  if (control.trials > 0 && treatment.trials > 0) return undefined;
  return undetermined("an arm without units", "at least one unit in each arm");
}

/** Treatment minus control; the numerator in whole numbers without bound, so that equal shares differ by exactly 0 at any count. */
export function differenceOfShares(control: Sample, treatment: Sample): number {
  const most = control.trials * treatment.trials;
  const numerator =
    most <= Number.MAX_SAFE_INTEGER
      ? treatment.successes * control.trials - control.successes * treatment.trials
      : Number(BigInt(treatment.successes) * BigInt(control.trials) - BigInt(control.successes) * BigInt(treatment.trials));
  return numerator / most;
}

/** A warning where a normal approximation has few units to lean on. */
export function fewExpected(control: Sample, treatment: Sample): readonly string[] {
  const n = control.trials + treatment.trials;
  const successes = control.successes + treatment.successes;
  const least = (Math.min(control.trials, treatment.trials) * Math.min(successes, n - successes)) / n;
  return least < 5
    ? ["Fewer than 5 successes or failures are expected in an arm: the level is approximate, and an exact test is safer."]
    : [];
}
