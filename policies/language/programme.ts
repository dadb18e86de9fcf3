/** A programme in force: which policy held from when, and what its versions have in common. */
import { type Day, invariant, present } from "../../data/foundation/index.ts";
import type { PeerValues } from "./peer-values.ts";
import { type Policy, tierNames } from "./policy.ts";

/** A policy and the first day on which it was in force. */
export interface VersionInForce {
  readonly policy: Policy;
  readonly from: Day;
}

/**
 * The versions of a programme that were in force, ascending; each until the next begins. Its evaluations are, version by version, the
 * dates of the version's calendar while it is in force; what an evaluation leaves behind the next version takes over by name.
 */
export interface Programme {
  readonly versions: readonly VersionInForce[];
}

/** Whether it is versions by dates rather than one policy. */
export function isProgramme(item: Policy | Programme): item is Programme {
  return "versions" in item;
}

/** The versions in order of time: a policy by itself was always in force. */
export function versionsOf(item: Policy | Programme): readonly VersionInForce[] {
  return isProgramme(item) ? item.versions : [{ policy: item, from: Number.NEGATIVE_INFINITY }];
}

/** The version that is in force in the end: what a programme is called after. */
export function latestVersion(versions: readonly VersionInForce[]): Policy {
  return present(versions.at(-1), "a version in force").policy;
}

/** The position of the version that is in force on a day; before all of them, the first. */
export function versionOn(versions: readonly VersionInForce[], day: Day): number {
  return Math.max(
    0,
    versions.findLastIndex(({ from }) => from <= day),
  );
}

/**
 * What becomes of a tier in the next version: the tier of the same name; else the one that replaces it; else, for the tier off the
 * ladder, the one that is off the ladder there. Undefined when it is lost, which `checkProgramme` refuses.
 */
export function tierAfter(old: Policy, young: Policy, name: string): string | undefined {
  if (tierNames(young).includes(name)) return name;
  const heir = young.tiers.find((tier) => tier.replaces?.includes(name) === true);
  return heir?.name ?? (name === old.otherwise ? young.otherwise : undefined);
}

/** Tiers of all versions as one list, and where the tiers of each version stand in it. */
export interface ProgrammeTiers {
  readonly names: readonly string[];
  /** By position of the version, then by the version's own tier code: the position in `names`. */
  readonly codes: readonly (readonly number[])[];
}

/**
 * The ladder of the last version; among it, each tier that only earlier versions had, just below the one that took its place; last the
 * tier off the ladder. Tiers off the ladder that follow one another are one, by the last name.
 *
 * Versions that `checkProgramme` refuses are a broken invariant.
 */
export function programmeTiers(versions: readonly VersionInForce[]): ProgrammeTiers {
  const last = latestVersion(versions);
  const names = last.tiers.map(({ name }) => name);
  let young = last;
  /** The names of the younger version as they stand in the list. */
  let shown: ReadonlyMap<string, string> = new Map(tierNames(last).map((name) => [name, name]));
  const shownByVersion = [shown];
  for (const { policy: old } of versions.slice(0, -1).toReversed()) {
    const own = new Map<string, string>();
    /** Below each heir, the last that was put there. */
    const below = new Map<string, string>();
    for (const name of tierNames(old)) {
      const heir = tierAfter(old, young, name);
      invariant(heir !== undefined, `tier ${name} of ${old.version} is lost in ${young.version}`);
      const heirName = present(shown.get(heir), "a tier of the next version");
      const isRenamed = name === old.otherwise && heir === young.otherwise && heirName === last.otherwise;
      own.set(name, isRenamed ? heirName : name);
      if (isRenamed || names.includes(name) || name === last.otherwise) continue;
      const above = names.indexOf(below.get(heirName) ?? heirName);
      names.splice(above < 0 ? names.length : above + 1, 0, name);
      below.set(heirName, name);
    }
    shown = own;
    young = old;
    shownByVersion.unshift(own);
  }
  if (last.otherwise !== undefined) names.push(last.otherwise);
  const codes = versions.map(({ policy }, position) =>
    tierNames(policy).map((name) => names.indexOf(present(shownByVersion[position]?.get(name), `tier ${name}`))),
  );
  return { names, codes };
}

/** The name under which what peers have for a metric is kept in the `PeerValues` of a programme: that of a policy alone is the metric's own. */
export function peerKey(position: number, metric: string): string {
  return position === 0 ? metric : `${position} ${metric}`;
}

/** What the peers of one version's metrics have. */
export function peersOfVersion({ policy }: VersionInForce, position: number, peers: PeerValues): PeerValues {
  return new Map(
    policy.metrics.flatMap(({ name }) => {
      const values = peers.get(peerKey(position, name));
      return values === undefined ? [] : [[name, values] as const];
    }),
  );
}
