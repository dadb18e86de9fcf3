/** Gaps and inversions as they were walked into: which of them are told, and in what words. */
import { present } from "../../data/foundation/index.ts";
import type { PolicyBody } from "./analyse-possible.ts";
import type { Variable } from "./analyse-thresholds.ts";
import { currencyOfExpression, sayValue, unitOfName } from "./analyse-words.ts";
import { placeOfPart } from "./places.ts";
import type { Problems } from "./problems.ts";

/** One point of a walk: the value of the name, and where the entity lands. */
export interface Step {
  readonly value: number;
  /** Undefined: no tier of the ladder. */
  readonly tier: number | undefined;
}

/** A point between two others on which something is wrong. */
export interface Finding {
  readonly variable: Variable;
  readonly below: Step;
  readonly at: Step;
  readonly above: Step;
  readonly setting: string;
}

/** A step that is worse than one on either side; when `bothWays`, also one that is better. */
export function inversionOf(steps: readonly Step[], bothWays: boolean): Pick<Finding, "below" | "at" | "above"> | undefined {
  for (const sign of bothWays ? [1, -1] : [1]) {
    for (const [index, at] of steps.entries()) {
      const own = sign * (at.tier ?? 0);
      const isBeyond = (step: Step): boolean => sign * (step.tier ?? 0) < own && step.value !== at.value;
      const below = steps.slice(0, index).findLast(isBeyond);
      const above = steps.slice(index + 1).find(isBeyond);
      if (below !== undefined && above !== undefined) return { below, at, above };
    }
  }
  return undefined;
}

/** One inversion for each name and for each tier that is landed in: rather one that lands too low, and between the closest tiers. */
export function onePerTier(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ below, at, above }: Finding): number => {
    const [low, own, high] = [below.tier ?? 0, at.tier ?? 0, above.tier ?? 0];
    return Math.abs(high - own) + Math.abs(low - own) + (own > low ? 0 : 1000);
  };
  const tiers = new Set<number | undefined>();
  // Worse in the middle and better beside it is one fault of a name, seen from two sides.
  const names = new Set<string>();
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  return sorted.filter(({ variable, at }) => {
    if (tiers.has(at.tier) || names.has(variable.key)) return false;
    tiers.add(at.tier);
    names.add(variable.key);
    return true;
  });
}

/** The closest findings, one for each stretch of the ladder. */
export function apart(findings: readonly Finding[]): readonly Finding[] {
  const stretch = ({ below, above }: Finding): readonly [number, number] => {
    const [a, b] = [below.tier ?? 0, above.tier ?? 0];
    return [Math.min(a, b), Math.max(a, b, Math.min(a, b) + 0.5)];
  };
  const length = (finding: Finding): number => stretch(finding)[1] - stretch(finding)[0];
  const kept: Finding[] = [];
  for (const finding of [...findings].sort((a, b) => length(a) - length(b))) {
    const [from, to] = stretch(finding);
    const overlaps = kept.map(stretch).some(([otherFrom, otherTo]) => from < otherTo && otherFrom < to);
    if (!overlaps) kept.push(finding);
  }
  return kept;
}

/** `ladder-gap`, at the worse of the two tiers. */
export function reportGap({ variable, below, at, above, setting }: Finding, policy: PolicyBody, problems: Problems): void {
  const worse = present(policy.tiers[Math.max(below.tier ?? 0, above.tier ?? 0)], "tier");
  const tierAt = (step: Step): string => `'${policy.tiers[step.tier ?? 0]?.name}'`;
  const [low, middle, high] = [below, at, above].map((step) => sayOf(policy, variable, step.value));
  problems.add("ladder-gap", placeOfPart(worse), {
    message: `${variable.name} = ${middle}${setting} falls to '${policy.otherwise ?? ""}', off the ladder, though ${low} is in ${tierAt(below)} and ${high} in ${tierAt(above)}`,
    found: `${variable.name} = ${middle}`,
    expected: `${tierAt(below)} or ${tierAt(above)}`,
  });
}

/** `ladder-inversion`, at the tier that is landed in. */
export function reportInversion({ variable, below, at, above, setting }: Finding, policy: PolicyBody, problems: Problems): void {
  const tier = present(policy.tiers[at.tier ?? 0], "tier");
  const tierAt = (step: Step): string => `'${policy.tiers[step.tier ?? 0]?.name}'`;
  const [low, middle, high] = [below, at, above].map((step) => sayOf(policy, variable, step.value));
  const word = (at.tier ?? 0) > (below.tier ?? 0) ? "better" : "worse";
  const sides =
    below.tier === above.tier
      ? `${low} and ${high} land in ${tierAt(below)}`
      : `${low} lands in ${tierAt(below)} and ${high} in ${tierAt(above)}`;
  problems.add("ladder-inversion", placeOfPart(tier), {
    message: `${variable.name} = ${middle}${setting} lands in ${tierAt(at)}, though ${sides}, which ${below.tier === above.tier ? "is" : "are"} ${word}`,
    found: `${variable.name} = ${middle}`,
  });
}

/** A value of a name, as the language writes it. */
export function sayOf(policy: PolicyBody, { to, name }: Variable, value: number): string {
  return sayValue(value, unitOfName(policy, to, name), currencyOfExpression(policy, { kind: "reference", to, name }));
}
