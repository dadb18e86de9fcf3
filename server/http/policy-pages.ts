/** The pages of a policy version and of the difference between two. */
import { diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import { describePolicy, diffPolicies } from "../../policies/language/index.ts";
import type { PageContexts } from "../../views/index.ts";
import { findOperation, type PolicyDifference } from "../operations/index.ts";
import { type Aside, performAside } from "./aside.ts";
import { inForceVersion, type LibraryVersion, listedVersions, parentOf } from "./page-lists.ts";

/** What the page of a version shows. @throws InputRefused `unknown-policy`. */
export function policyVersionContext(home: string, programme: string, version: string): PageContexts["policy-version"] {
  const own = versionsOf(home, programme, version);
  const position = own.findIndex(({ policy }) => policy.version === version);
  const shown = own[position];
  if (shown === undefined) throw unknownPolicy(`${programme} ${version}`);
  const { policy, text } = shown;
  const parent = own.find((other) => other.policy.version === parentOf(text)) ?? own[position - 1];
  const diff = parent === undefined ? undefined : diffPolicies(parent.policy, policy);
  return {
    notices: [],
    programme,
    version,
    title: policy.title,
    entity: policy.entity,
    inForce: version === inForceVersion(home, programme),
    digest: policy.digest,
    policy,
    rationale: policy.rationale,
    text,
    description: describePolicy(policy),
    ...(parent === undefined || diff === undefined ? {} : { changed: { against: parent.policy.version, changes: diff.changes } }),
    versions: own.map((other) => ({ version: other.policy.version, current: other === shown })).toReversed(),
  };
}

/**
 * What the page of a difference shows. Without `to` the newest version is meant, without `from` the one that `to` extends, else the one
 * before it. @throws InputRefused `unknown-policy`, `bad-request`.
 */
export async function policyDiffContext(
  programme: string,
  query: { readonly from?: unknown; readonly to?: unknown },
  aside: Aside,
): Promise<PageContexts["policy-diff"]> {
  const own = versionsOf(aside.context.store.home, programme, "");
  const to = asked(query.to, "to") ?? own.at(-1)?.policy.version ?? "";
  const from = asked(query.from, "from") ?? versionBefore(own, to);
  const named = (version: string) => {
    if (!own.some(({ policy }) => policy.version === version)) throw unknownPolicy(`${programme} ${version}`);
    return `${programme}@${version}`;
  };
  const sides = { a: named(from), b: named(to) };
  const difference = await performAside(present(findOperation("policy diff"), "policy diff"), sides, aside);
  const { summary, changes, ancestor, threeWay } = difference as PolicyDifference;
  return {
    notices: [],
    programme,
    from,
    to,
    summary,
    versions: own.map(({ policy: { version } }) => ({ version, isFrom: version === from, isTo: version === to })).toReversed(),
    changes,
    ...(ancestor === undefined || threeWay === undefined
      ? {}
      : { threeWay: { beside: ancestor, rows: threeWay.filter(({ path }) => path !== "rationale") } }),
  };
}

/** One text, when it was given. */
function asked(value: unknown, name: string): string | undefined {
  if (value === undefined || value === "") return undefined;
  if (typeof value === "string") return value;
  throw new InputRefused([diagnose("bad-request", { message: `'${name}' is given more than once`, found: name })]);
}

function versionBefore(own: readonly LibraryVersion[], version: string): string {
  const at = own.findIndex(({ policy }) => policy.version === version);
  const parent = own[at] === undefined ? undefined : parentOf(own[at].text);
  return parent ?? own[at - 1]?.policy.version ?? version;
}

function versionsOf(home: string, programme: string, version: string): readonly LibraryVersion[] {
  const own = listedVersions(home).filter(({ policy }) => policy.programme === programme);
  if (own.length === 0) throw unknownPolicy(`${programme} ${version}`.trim());
  return own;
}

function unknownPolicy(name: string): InputRefused {
  return new InputRefused([diagnose("unknown-policy", { message: `there is no version ${name}`, found: name })]);
}
