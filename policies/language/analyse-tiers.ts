/** Tiers that nobody can merit, and ladders that are listed in the wrong order. */
import type { Prover } from "./analyse-proof.ts";
import { sayList } from "./analyse-words.ts";
import { placeOfPart } from "./places.ts";
import type { Tier } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import type { Problems } from "./problems.ts";

/**
 * Reports `never-merited` for tiers whose condition can never be true, or is only true when a better tier's is, which it names; and
 * `adverse-above` for an adverse tier that stands better than one that is not. `seen`: positions of tiers that somebody was seen to merit.
 * Gives the positions of the tiers that can be merited, as far as no proof says otherwise, by their condition or by a cap.
 */
export function analyseTiers(prover: Prover, seen: ReadonlySet<number>, problems: Problems): ReadonlySet<number> {
  const { policy } = prover.possibilities;
  const capped = new Set(policy.caps.filter((cap) => !prover.neverTrue(cap.when)).map((cap) => cap.tier));
  const merited = new Set<number>();
  for (const [index, tier] of policy.tiers.entries()) {
    const reason = seen.has(index) ? undefined : whyNever(prover, index);
    if (reason === undefined || capped.has(tier.name)) merited.add(index);
    else problems.add("never-merited", placeOfPart(tier), { message: `nobody can merit '${tier.name}': ${reason}`, found: tier.name });
  }
  reportAdverseAbove(policy.tiers, problems);
  return merited;
}

function whyNever(prover: Prover, index: number): string | undefined {
  const { possibilities } = prover;
  const { tiers } = possibilities.policy;
  const own = tiers[index]?.when;
  const better = tiers.slice(0, index);
  const open = better.find((tier) => tier.when === undefined);
  if (open !== undefined) return `'${open.name}' before it takes everyone`;
  if (own !== undefined && prover.neverTrue(own)) return `'${printExpression(own)}' can never be true`;
  const shadow = (by: readonly Tier[]): boolean => {
    const expressions = [...(own === undefined ? [] : [own]), ...by.flatMap(({ when }) => (when === undefined ? [] : [when]))];
    return prover.neverHolds(expressions, (given) => {
      if (own !== undefined && !possibilities.condition(own, given).yes) return false;
      return by.every(({ when }) => {
        if (when === undefined) return false;
        const answer = possibilities.condition(when, given);
        return answer.no || answer.unknown;
      });
    });
  };
  if (better.length === 0 || !shadow(better)) return undefined;
  const single = better.find((tier) => shadow([tier]));
  const names = single === undefined ? better.map((tier) => `'${tier.name}'`) : [`'${single.name}'`];
  const takes = names.length === 1 ? "takes" : "together take";
  return own === undefined
    ? `${sayList(names)} before it ${takes} everyone`
    : `whenever its condition is true, ${sayList(names)} before it ${takes} the entity`;
}

function reportAdverseAbove(tiers: readonly Tier[], problems: Problems): void {
  const fair = tiers.findLastIndex((tier) => !tier.adverse);
  for (const tier of tiers.slice(0, Math.max(fair, 0))) {
    if (!tier.adverse) continue;
    problems.add("adverse-above", placeOfPart(tier), {
      message: `'${tier.name}' is adverse, yet stands before '${tiers[fair]?.name}', which is not: the ladder is listed best first`,
      found: tier.name,
    });
  }
}
