/** What the deal itself says: clusters dealt anew, many times, as if no unit minded its arm. */
import { assignmentsOf, factorPositive } from "../../statistics/index.ts";
import type { MetricMoments } from "../observations/observations.ts";

/** So many deals are drawn where there are too many to go through. */
const dealsDrawn = 9_999;
/** Deals of more clusters tell nothing that their standard errors do not. */
const clustersMax = 100;

/** How often chance alone parts the arms as far as they are. */
export interface RedrawnDeal {
  readonly pValue: number;
  readonly deals: number;
  readonly isExact: boolean;
}

/**
 * The p-value of "no cluster would have been otherwise in the other arm": among deals with as many clusters in each arm, the share whose difference of ratios over its standard
 * error is at least that of the deal that was. Covariates are taken out beforehand, over both arms. Undefined where values are not kept, clusters are more than 100, or nothing varies.
 * Sources: Fisher (1935), The Design of Experiments; Rosenbaum (2002), Statistical Science 17, 286-327; Wu and Ding (2021), J. Am. Stat. Assoc. 116, 1898-1913.
 */
export function redrawnDeal(control: MetricMoments, treatment: MetricMoments, seed: number): RedrawnDeal | undefined {
  const [few, others] = [control.few, treatment.few];
  if (few === undefined || others === undefined || control.n < 2 || treatment.n < 2 || control.n + treatment.n > clustersMax)
    return undefined;
  const columns = few.map((column, i) => [...column, ...(others[i] ?? [])]);
  const [outcome = [], denominators = outcome.map(() => 1)] = columns;
  const numerators = withoutCovariates(columns) ?? outcome;
  const isTreated = denominators.map((_, g) => g >= control.n);
  const unlikely = (chosen: readonly boolean[]): number => {
    const total = [0, 0];
    const weight = [0, 0];
    for (let g = 0; g < chosen.length; g++) {
      const arm = chosen[g] === true ? 1 : 0;
      total[arm] = (total[arm] as number) + (numerators[g] as number);
      weight[arm] = (weight[arm] as number) + (denominators[g] as number);
    }
    const ratios = total.map((sum, arm) => sum / (weight[arm] as number));
    let variance = 0;
    for (let g = 0; g < chosen.length; g++) {
      const arm = chosen[g] === true ? 1 : 0;
      const share = (denominators[g] as number) / (weight[arm] as number);
      const residual = ((numerators[g] as number) - (ratios[arm] as number) * (denominators[g] as number)) / (weight[arm] as number);
      variance += share < 1 ? residual ** 2 / (1 - share) : 0;
    }
    return Math.abs((ratios[1] as number) - (ratios[0] as number)) / Math.sqrt(variance);
  };
  const seen = unlikely(isTreated);
  if (!Number.isFinite(seen)) return undefined;
  const dealt = { clusters: isTreated.map((own) => ({ isTreated: own })), treated: treatment.n };
  const { assignments, isExact } = assignmentsOf([dealt], dealsDrawn, seed);
  // A deal that gives an arm no denominator says nothing, and counts against the effect.
  const hits = assignments.filter(([chosen = []]) => !(unlikely(chosen) < seen * (1 - 1e-12))).length;
  return { pValue: hits / assignments.length, deals: isExact ? assignments.length : dealsDrawn, isExact };
}

/** Numerators less what covariates explain over all clusters; undefined where there are none, or they do not vary. */
function withoutCovariates(columns: readonly (readonly number[])[]): readonly number[] | undefined {
  const [outcome = [], denominators = outcome.map(() => 1), ...rest] = columns;
  if (rest.length === 0) return undefined;
  const parts = (above: readonly number[], below: readonly number[]): readonly number[] => {
    const [a, b] = [above, below].map((column) => column.reduce((sum, value) => sum + value, 0)) as [number, number];
    return above.map((value, g) => (value - (a / b) * (below[g] as number)) / b);
  };
  const own = parts(outcome, denominators);
  const known = rest.flatMap((above, i) => (i % 2 === 0 ? [parts(above, rest[i + 1] ?? [])] : []));
  const product = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, g) => sum + value * (b[g] as number), 0);
  const factored = factorPositive(
    known.map((a) => known.map((b) => product(a, b))),
    1e-10,
  );
  if (factored === undefined) return undefined;
  const theta = factored.solve(known.map((part) => product(part, own)));
  const total = denominators.reduce((sum, value) => sum + value, 0);
  return outcome.map((value, g) => value - total * theta.reduce((sum, weight, j) => sum + weight * (known[j]?.[g] as number), 0));
}
