/** Several treatments against one control: Dunnett's test and simultaneous intervals. */
import { undetermined } from "../estimate.ts";
import type { Alternative, Found } from "../finding.ts";
import { sumOf } from "../sums.ts";
import { dunnettQuantile, dunnettSurvival } from "./dunnett-distribution.ts";
import { familyFinding } from "./family.ts";

export interface GroupSummary {
  readonly n: number;
  readonly mean: number;
  /** Sample variance (n - 1). */
  readonly variance: number;
}

export interface DunnettOptions {
  readonly control: GroupSummary;
  readonly treatments: readonly (GroupSummary & { readonly name?: string | undefined })[];
  readonly level: number;
  readonly alternative: Alternative;
}

/**
 * Dunnett's single-step test of each treatment mean against the control's, with one pooled variance: adjusted p-values and simultaneous intervals from the largest of
 * correlated t statistics, for any group sizes. An interval excludes 0 exactly when its adjusted p-value is below 1 - level. No spread at all within groups,
 * or no degree of freedom: Undetermined. Source: Dunnett (1955), J. Am. Stat. Assoc. 50, 1096-1121; (1964), Biometrics 20, 482-491.
 *
 * @example
 * const group = (mean) => ({ n: 10, mean, variance: 4 });
 * dunnett({ control: group(10), treatments: [group(12), group(13)], level: 0.95, alternative: "two-sided" }).details.critical.toFixed(6)
 * // => "2.333412"
 */
export function dunnett({ control, treatments, level, alternative }: DunnettOptions): Found {
  const groups = [control, ...treatments];
  if (treatments.length === 0) return undetermined("no treatment to compare", "at least one treatment beside the control");
  if (groups.some(({ n }) => n === 0)) return undetermined("a group without units", "at least one unit in every group");
  const degreesOfFreedom = sumOf(groups.map(({ n }) => n - 1));
  if (degreesOfFreedom === 0) return undetermined("one unit a group: no spread within groups can be measured", "two units in some group");
  const variance = sumOf(groups.map(({ n, variance: own }) => (n > 1 ? ((n - 1) / degreesOfFreedom) * own : 0)));
  if (variance === 0) return undetermined("no spread within any group", "groups whose values differ");
  const loadings = treatments.map(({ n }) => Math.sqrt(n / (n + control.n)));
  const family = { loadings, degreesOfFreedom, sides: alternative === "two-sided" ? 2 : 1 } as const;
  const critical = dunnettQuantile(1 - level, family);
  const rows = treatments.map(({ n, mean, name }, index) => {
    const standardError = Math.sqrt(variance * (1 / n + 1 / control.n));
    const estimate = mean - control.mean;
    const t = estimate / standardError;
    const far = alternative === "two-sided" ? Math.abs(t) : alternative === "greater" ? t : -t;
    const adjustedPValue = dunnettSurvival(far, family);
    return {
      name: name ?? `treatment ${index + 1}`,
      estimate,
      standardError,
      ...(Number.isFinite(t) ? { t } : {}),
      adjustedPValue,
      rejected: adjustedPValue < 1 - level,
      ...(alternative === "less" ? {} : { lower: estimate - critical * standardError }),
      ...(alternative === "greater" ? {} : { upper: estimate + critical * standardError }),
    };
  });
  return familyFinding(rows, {
    method: "rejected by Dunnett's test, single step",
    assumptions: ["units are independent", "one variance in all groups", "means are near normal"],
    note: "simultaneous; exclude 0 exactly when rejected",
    details: { critical, degreesOfFreedom, pooledVariance: variance },
  });
}
