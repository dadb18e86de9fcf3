/** Fisher's exact test of a 2 x 2 table, given both margins. */
import { checkLimit, InputRefused } from "../../../data/foundation/index.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { fallingRoot } from "../numerics/root.ts";
import { type DiscreteFamily, hypergeometricFamily } from "./discrete-family.ts";
import { type ExactMethod, exactTest } from "./exact-test.ts";
import { noOddsRatio } from "./odds-ratio.ts";
import { gapParts } from "./one-proportion.ts";
import { boundsOf, type Claim } from "./statement.ts";
import { type TwoSamples, twoSampleAssumptions } from "./two-samples.ts";

export interface FisherOptions extends TwoSamples, Claim {
  readonly nullRatio: number;
  readonly method: ExactMethod;
}

const names = {
  "minimum-likelihood": "Fisher's exact, minimum likelihood",
  blaker: "Fisher's exact, Blaker",
  central: "Fisher's exact, central",
  "mid-p": "Fisher's mid-p",
} as const;

/**
 * Fisher's exact test, with the odds ratio (treatment over control) of largest conditional likelihood, and the interval of all odds ratios that the same test does
 * not reject. (R's `fisher.test` shows the p-value of `minimum-likelihood` beside the interval of `central`, which may disagree.) An infinite odds ratio: Undetermined,
 * with the odds ratios that are not ruled out, and with the test. Margins that allow one table only: Undetermined. More than `exactTableMargin` units in the
 * smallest margin are refused. Sources: Fisher (1935); Cornfield (1956); Fay (2010), Biostatistics 11, 373-374.
 *
 * @example
 * const tea = { control: { successes: 1, trials: 4 }, treatment: { successes: 3, trials: 4 } };
 * fisherExact({ ...tea, nullRatio: 1, method: "minimum-likelihood", alternative: "greater", level: 0.95 }).test.pValue.toFixed(6)
 * // => "0.242857"
 */
export function fisherExact(options: FisherOptions): Found {
  const { control, treatment, nullRatio, method, alternative, level } = options;
  const n = control.trials + treatment.trials;
  const successes = control.successes + treatment.successes;
  refuseBeyond(Math.min(control.trials, treatment.trials, successes, n - successes));
  const family = hypergeometricFamily(treatment.trials, control.trials, successes);
  if (family.least === family.most)
    return undetermined(
      "the margins allow this table only: it says nothing of an odds ratio",
      "successes and failures, and units in both arms",
    );
  const answer = exactTest(family, treatment.successes, { method, alternative, level, nullNatural: Math.log(nullRatio) });
  const bounds = boundsOf({ alternative, level }, { lower: () => Math.exp(answer.lower), upper: () => Math.exp(answer.upper) });
  const test = { name: names[method], pValue: answer.pValue, alternative, nullValue: nullRatio };
  const missing = noOddsRatio(control, treatment);
  if (missing !== undefined) return finding({ estimate: undetermined(missing.reason, missing.wouldDetermine, bounds.set), test });
  return finding({
    estimate: estimated({
      value: conditionalOddsRatio(family, treatment.successes),
      ...bounds,
      method: names[method],
      n,
      assumptions: twoSampleAssumptions,
    }),
    test,
    ...gapParts(answer.gapPValue),
  });
}

/** The odds ratio at which as many successes are expected as were seen. */
function conditionalOddsRatio(family: DiscreteFamily & { readonly excess: (x: number, natural: number) => number }, x: number): number {
  return x === family.least ? 0 : Math.exp(fallingRoot((natural) => -family.excess(x, natural), -700, 700));
}

function refuseBeyond(margin: number): void {
  const limit = checkLimit("exactTableMargin", margin);
  if (limit !== undefined) throw new InputRefused([limit]);
}
