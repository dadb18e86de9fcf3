/** Post-stratification: the difference within strata, averaged with known weights. */
import { invariant } from "../../../data/foundation/index.ts";
import { type ArmEstimate, type Compared, effectOf, outOfRange } from "../effect.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import { type Sample, type SampleInput, sampleOf } from "../means/sample.ts";
import { sumOf } from "../sums.ts";
import { isSummable } from "./summable.ts";

/** One stratum of units that was known before the treatment. */
export interface Stratum {
  readonly name: string;
  /** Its share of the population, in any unit; left out in all: its share of both arms' units. */
  readonly weight?: number | undefined;
  readonly control: SampleInput;
  readonly treatment: SampleInput;
}

/**
 * The weighted mean over strata of treatment minus control, with degrees of freedom by Satterthwaite over all strata of both arms. Weights are made to sum to 1; where they are
 * the units' own shares they are taken as given (the statement is then about a population of this composition). A stratum of weight 0 is left out. Undetermined when
 * a stratum has fewer than two units in an arm. Sources: Cochran (1977), Sampling Techniques, section 5A.9; Miratrix, Sekhon and Yu (2013), J. R. Stat. Soc. B 75, 369-396.
 */
export function postStratified(strata: readonly Stratum[]): Compared {
  const rows = strata.map(({ name, weight, control, treatment }) => ({
    name,
    weight,
    control: sampleOf(control),
    treatment: sampleOf(treatment),
  }));
  const given = rows.filter(({ weight }) => weight !== undefined).length;
  invariant(given === 0 || given === rows.length, "weights for all strata, or for none");
  const weighted = rows
    .map((row) => ({ ...row, weight: row.weight ?? row.control.n + row.treatment.n }))
    .filter(({ weight }) => weight > 0);
  const total = sumOf(weighted.map(({ weight }) => weight));
  if (total === 0) return undetermined("no stratum has a weight or a unit", "units in at least one stratum");
  const thin = weighted.filter(({ control, treatment }) => Math.min(control.n, treatment.n) < 2);
  if (thin.length > 0) return tooThin(thin.map(({ name }) => name));
  const moments = weighted.flatMap(({ control, treatment }) => [
    control.mean,
    treatment.mean,
    control.standardDeviation,
    treatment.standardDeviation,
  ]);
  if (!isSummable(moments)) return outOfRange();
  const arm = (side: "control" | "treatment"): ArmEstimate =>
    armOf(weighted.map((row) => ({ share: row.weight / total, sample: row[side] })));
  return effectOf({
    control: arm("control"),
    treatment: arm("treatment"),
    method: "post-stratified t",
    assumptions: [
      "units are drawn independently within strata",
      "strata were known before the treatment",
      given === 0 ? "the population has the composition of these units" : "the weights are known",
    ],
    details: {
      strata: weighted.map(({ name, weight, control, treatment }) => ({
        name,
        weight: weight / total,
        control: control.mean,
        treatment: treatment.mean,
        difference: treatment.mean - control.mean,
      })),
    },
    warnings: weighted.some(({ control, treatment }) => Math.min(control.n, treatment.n) < 10)
      ? ["A stratum has fewer than 10 units in an arm: its variance is poorly known."]
      : [],
  });
}

function armOf(parts: readonly { readonly share: number; readonly sample: Sample }[]): ArmEstimate {
  const errors = parts.map(({ share, sample }) => (share * sample.standardDeviation) / Math.sqrt(sample.n));
  const standardError = Math.hypot(...errors);
  const n = parts.reduce((sum, { sample }) => sum + sample.n, 0);
  const weight =
    standardError === 0 ? 0 : sumOf(parts.map(({ sample }, i) => ((errors[i] as number) / standardError) ** 4 / (sample.n - 1)));
  return {
    value: sumOf(parts.map(({ share, sample }) => share * sample.mean)),
    standardError,
    degreesOfFreedom: weight === 0 ? n - parts.length : 1 / weight,
    n,
  };
}

function tooThin(names: readonly string[]): Undetermined {
  const [first, ...others] = names;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return undetermined(
    `the stratum '${first}'${more} has fewer than two units in an arm`,
    "at least two units of each stratum in both arms, or coarser strata fixed beforehand",
  );
}
