/** Whether versions that followed one another in force fit together: everything that is carried over has a place to go. */
import { checkLimit, type Diagnostic, diagnose, type Place } from "../../data/foundation/index.ts";
import { isPeerMetric } from "./peer-metric.ts";
import { placeOfPart } from "./places.ts";
import { type Policy, type Tier, tierNames } from "./policy.ts";
import { programmeTiers, tierAfter, type VersionInForce } from "./programme.ts";
import { closureOf, readsOf } from "./reads.ts";

/**
 * What keeps these versions from following one another; empty when nothing does. Each fault is located at a tier of the version that
 * must mend it, else at its entry in `in-force.yaml`.
 *
 * Errors: `tier-lost`, `duplicate-tier` (a tier replaces one that is still there, or that another replaces), `entity-mismatch`,
 * `currency-mismatch` (a ledger goes on in another currency), `peers-of-peers` (what a version compares among peers carries what an earlier version's comparison made), `limit-exceeded`.
 */
export function checkProgramme(versions: readonly VersionInForce[]): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [position, version] of versions.entries()) {
    found.push(...faultyReplacements(version));
    const before = versions[position - 1];
    if (before === undefined) continue;
    found.push(...entityFaults(before.policy, version), ...lostTiers(before.policy, version), ...otherCurrencies(before.policy, version));
    found.push(...carriedComparisons(versions.slice(0, position + 1)));
  }
  const last = versions.at(-1);
  if (last === undefined || found.length > 0) return found;
  const ladder = programmeTiers(versions).names.length - (last.policy.otherwise === undefined ? 0 : 1);
  const breach = checkLimit("policyTiers", ladder, placeOf(last));
  return breach === undefined ? [] : [breach];
}

function lostTiers(old: Policy, young: VersionInForce): readonly Diagnostic[] {
  return tierNames(old)
    .filter((name) => tierAfter(old, young.policy, name) === undefined)
    .map((name) =>
      diagnose("tier-lost", {
        message: `'${name}' of version ${old.version} is neither in version ${young.policy.version} nor replaced by one of its tiers`,
        found: name,
        expected: tierNames(young.policy).join(", "),
        cure: `Write 'replaces: [${name}]' under the tier of version ${young.policy.version} that takes its place.`,
        ...located(placeOf(young)),
      }),
    );
}

function faultyReplacements(version: VersionInForce): readonly Diagnostic[] {
  const { tiers } = version.policy;
  const names = tierNames(version.policy);
  const claims = tiers.flatMap((tier) => (tier.replaces ?? []).map((name) => ({ tier, name })));
  const at = (tier: Tier) => located(placeOfPart(tier) ?? placeOf(version));
  return claims.flatMap(({ tier, name }, index) => {
    if (names.includes(name)) {
      const message = `'${tier.name}' replaces '${name}', which version ${version.policy.version} still has`;
      return [
        diagnose("duplicate-tier", { message, found: name, cure: `Remove '${name}' from 'replaces', or from the ladder.`, ...at(tier) }),
      ];
    }
    const first = claims.findIndex((claim) => claim.name === name);
    if (first === index) return [];
    const message = `'${tier.name}' replaces '${name}', and so does '${claims[first]?.tier.name ?? ""}'`;
    return [diagnose("duplicate-tier", { message, found: name, cure: "Let one of them replace it.", ...at(tier) })];
  });
}

function entityFaults(old: Policy, young: VersionInForce): readonly Diagnostic[] {
  if (old.entity === young.policy.entity) return [];
  const message = `version ${young.policy.version} scores ${young.policy.entity}s, and version ${old.version} before it ${old.entity}s`;
  return [diagnose("entity-mismatch", { message, found: young.policy.entity, expected: old.entity, ...located(placeOfVersion(young)) })];
}

/** Entries of a ledger are carried over as the amounts that they are. */
function otherCurrencies(old: Policy, young: VersionInForce): readonly Diagnostic[] {
  return young.policy.ledgers.flatMap((ledger) => {
    const before = old.ledgers.find(({ name }) => name === ledger.name)?.currency;
    if (before === undefined || ledger.currency === undefined || before === ledger.currency) return [];
    const message = `ledger '${ledger.name}' is in ${before} in version ${old.version}, but in ${ledger.currency} in version ${young.policy.version}`;
    const cure = "Give it another name in one of the two, or keep its currency.";
    const place = placeOfPart(ledger) ?? placeOfVersion(young);
    return [diagnose("currency-mismatch", { message, found: ledger.currency, expected: before, cure, ...located(place) })];
  });
}

/** What the last of these versions compares must not read state that a comparison of an earlier one had a part in. */
function carriedComparisons(versions: readonly VersionInForce[]): readonly Diagnostic[] {
  const young = versions.at(-1);
  if (young === undefined) return [];
  const { metrics } = young.policy;
  const compared = metrics.flatMap((metric) =>
    isPeerMetric(metric) ? [metric.of.name, ...(metric.among === undefined ? [] : [metric.among.name])] : [],
  );
  const carried = stateIn(young.policy).filter((name) => closureOf(compared, readsOf(young.policy)).has(name));
  return carried.flatMap((name) => {
    const gap = versions.findLastIndex(({ policy }) => !stateIn(policy).includes(name));
    const tainted = versions.slice(gap + 1, -1).find(({ policy }) => {
      const reads = closureOf([name], readsOf(policy));
      return policy.metrics.some((metric) => isPeerMetric(metric) && reads.has(metric.name));
    });
    if (tainted === undefined) return [];
    const message = `version ${young.policy.version} compares among peers what reads '${name}', and version ${tainted.policy.version} filled '${name}' by a comparison among peers`;
    return [
      diagnose("peers-of-peers", {
        message,
        found: name,
        cure: `Give '${name}' another name in one of the two.`,
        ...located(placeOfVersion(young)),
      }),
    ];
  });
}

/** Names of what keeps a state between evaluations. */
function stateIn({ ledgers, metrics }: Policy): readonly string[] {
  return [...ledgers, ...metrics.filter(({ kind }) => kind === "unbroken")].map(({ name }) => name);
}

/** Where the ladder of a version begins; of one that was made by hand, its entry. */
function placeOf(version: VersionInForce): Place | undefined {
  const [best] = version.policy.tiers;
  return (best === undefined ? undefined : placeOfPart(best)) ?? placeOfPart(version);
}

/** The entry in `in-force.yaml`, else where the ladder begins. */
function placeOfVersion(version: VersionInForce): Place | undefined {
  return placeOfPart(version) ?? placeOf(version);
}

function located(place: Place | undefined): { readonly place?: Place } {
  return place === undefined ? {} : { place };
}
