/** Two policies set against each other, with the version that both came from; and a version against the one that it extends. */
import {
  ancestorOf,
  diffPolicies,
  type Policy,
  type PolicyDiff,
  readPolicy,
  type ThreeWayRow,
  threeWayDiff,
} from "../../policies/language/index.ts";
import type { ResolvedPolicy } from "./resolve.ts";

/** What changed between two policies. */
export interface PolicyDifference extends PolicyDiff {
  /** The version that both extend, or that one of them does, other than the other one. */
  readonly ancestor?: string;
  /** Every line that is not the same in all three; there with `ancestor`. */
  readonly threeWay?: readonly ThreeWayRow[];
}

/** Compares two policies; those of one programme also with a third that they come from, when there is one. */
export function differenceOf(a: ResolvedPolicy, b: ResolvedPolicy): PolicyDifference {
  const diff = diffPolicies(a.policy, b.policy);
  const version = a.policy.programme === b.policy.programme ? ancestorOf(descentOf(a), descentOf(b)) : undefined;
  const ancestor = version === undefined ? undefined : extendedPolicy(b.extended.includes(version) ? b : a, version);
  return ancestor === undefined ? diff : { ...diff, ancestor: ancestor.version, threeWay: threeWayDiff(ancestor, a.policy, b.policy) };
}

/** What a version changes of the one that it extends; undefined when it stands alone. */
export function ownChangesOf(resolved: ResolvedPolicy): (PolicyDiff & { readonly against: string }) | undefined {
  const [version] = resolved.extended;
  const parent = version === undefined ? undefined : extendedPolicy(resolved, version);
  return parent === undefined ? undefined : { against: parent.version, ...diffPolicies(parent, resolved.policy) };
}

function descentOf({ policy, extended }: ResolvedPolicy): { readonly version: string; readonly extended: readonly string[] } {
  return { version: policy.version, extended };
}

/** A version that another extends, read again: it was readable a moment ago. */
function extendedPolicy({ policy, load }: ResolvedPolicy, version: string): Policy | undefined {
  const loaded = load({ programme: policy.programme, version });
  return loaded === undefined ? undefined : readPolicy({ ...loaded, load }).policy;
}
