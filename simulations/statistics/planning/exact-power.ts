/** The power of Fisher's exact test, by all tables that may come. */
import { binomial, hypergeometric } from "../distributions/index.ts";
import type { Alternative } from "../finding.ts";

/** Group sizes, true rates, and the test. */
export interface FisherPlan {
  readonly control: number;
  readonly treatment: number;
  readonly controlRate: number;
  readonly treatmentRate: number;
  readonly alpha: number;
  readonly alternative: Alternative;
}

/** The most units of a group for which all tables are gone through. */
export const exactUnitsMax = 500;

/**
 * The probability that Fisher's test rejects at alpha: the sum over tables. Two-sided p-values sum the tables that are at most as likely, as R does.
 * Cost: the product of the group sizes. Source: Fisher (1935); Bennett and Hsu (1960), Biometrika 47, 393-398.
 *
 * @example
 * fisherPower({ control: 20, treatment: 20, controlRate: 0.2, treatmentRate: 0.8, alpha: 0.05, alternative: "two-sided" }).toFixed(4)
 * // => "0.9610"
 */
export function fisherPower({ control, treatment, controlRate, treatmentRate, alpha, alternative }: FisherPlan): number {
  const masses = (n: number, rate: number): Float64Array => Float64Array.from({ length: n + 1 }, (_, x) => binomial(n, rate).mass(x));
  const [ofControl, ofTreatment] = [masses(control, controlRate), masses(treatment, treatmentRate)];
  let power = 0;
  for (let successes = 0; successes <= control + treatment; successes++) {
    for (const treated of rejected({ control, treatment, successes, alpha, alternative })) {
      power += (ofTreatment[treated] as number) * (ofControl[successes - treated] as number);
    }
  }
  return Math.min(1, power);
}

interface Margins extends Pick<FisherPlan, "control" | "treatment" | "alpha" | "alternative"> {
  readonly successes: number;
}

/** Numbers of treated successes at which the test rejects, given all successes. */
function rejected({ control, treatment, successes, alpha, alternative }: Margins): readonly number[] {
  const least = Math.max(0, successes - control);
  const most = Math.min(successes, treatment);
  const values = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  // From the tables that speak most against the null on, as long as their sum is at most alpha; ties to a few units in the last place go together.
  const masses = massesGiven({ control, treatment, successes, least, most });
  const weight = (x: number): number => (alternative === "greater" ? -x : alternative === "less" ? x : (masses[x - least] as number));
  const order = values.sort((a, b) => weight(a) - weight(b));
  const taken: number[] = [];
  let sum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    const first = weight(order[from] as number);
    if (alternative === "two-sided") while (to < order.length && weight(order[to] as number) <= first * (1 + 1e-7)) to++;
    const together = order.slice(from, to);
    for (const x of together) sum += masses[x - least] as number;
    if (sum > alpha * (1 + 1e-12)) break;
    taken.push(...together);
    from = to;
  }
  return taken;
}

/** The hypergeometric probabilities of all tables with these margins: one directly, at the mode, the others by their ratios. */
function massesGiven(margins: { control: number; treatment: number; successes: number; least: number; most: number }): Float64Array {
  const { control, treatment, successes, least, most } = margins;
  const masses = new Float64Array(most - least + 1);
  const mode = Math.min(most, Math.max(least, Math.floor(((successes + 1) * (treatment + 1)) / (control + treatment + 2))));
  const ratio = (k: number): number => ((treatment - k) / (k + 1)) * ((successes - k) / (control - successes + k + 1));
  masses[mode - least] = hypergeometric({ population: control + treatment, marked: treatment, draws: successes }).mass(mode);
  for (let k = mode; k < most; k++) masses[k + 1 - least] = (masses[k - least] as number) * ratio(k);
  for (let k = mode; k > least; k--) masses[k - 1 - least] = (masses[k - least] as number) / ratio(k - 1);
  return masses;
}
