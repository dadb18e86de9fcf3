/** Two groups of units of a triggered analysis: units by themselves or by the groups that they were dealt in, adjusted where something is known of them. */
import { type Compared, clusterSumDifference, clusterSums, cuped, differenceFinding, type Found, welch } from "../../statistics/index.ts";

/** What is compared: values, and what was known of the units before, by the units' positions. */
export interface UnitValues {
  readonly values: (indices: readonly number[]) => Float64Array;
  readonly known?: ((indices: readonly number[]) => Float64Array) | undefined;
}

/** The candidate's units less the control's: Welch, CUPED where something is known, and CR2 on the groups' sums where groups were dealt. */
export function compareUnits(
  { values, known }: UnitValues,
  {
    control,
    treatment,
    cluster,
    level,
  }: {
    readonly control: readonly number[];
    readonly treatment: readonly number[];
    readonly cluster?: Int32Array | undefined;
    readonly level: number;
  },
): Found {
  const told = (effect: Compared): Found => differenceFinding(effect, { level, alternative: "two-sided" });
  if (cluster !== undefined) {
    const sums = (indices: readonly number[], isKnown: boolean) => {
      const keys = indices.map((index) => cluster[index] as number);
      const columns = [
        values(indices),
        new Float64Array(indices.length).fill(1),
        ...(isKnown && known !== undefined ? [known(indices)] : []),
      ];
      const [numerators = [], denominators = [], before] = clusterSums(keys, columns);
      return {
        outcome: { numerators, denominators },
        ...(before === undefined ? {} : { covariates: [{ numerators: before, denominators }] }),
      };
    };
    const adjusted = clusterSumDifference({ control: sums(control, true), treatment: sums(treatment, true) });
    return told(
      adjusted.kind === "effect" || known === undefined
        ? adjusted
        : clusterSumDifference({ control: sums(control, false), treatment: sums(treatment, false) }),
    );
  }
  if (known !== undefined) {
    const rows = (indices: readonly number[]) => ({
      outcome: { numerators: values(indices) },
      covariates: [{ numerators: known(indices) }],
    });
    const adjusted = cuped({ control: rows(control), treatment: rows(treatment) }, { coefficients: "within-arms", missing: "refuse" });
    if (adjusted.kind === "effect") return told(adjusted);
  }
  return told(welch({ control: { values: values(control) }, treatment: { values: values(treatment) } }));
}
