/** What changed between two policies, in the words of the policy, and which way it pulls. */
import type { Compared, FactPair } from "./compared.ts";
import { type Direction, directionOf } from "./diff-direction.ts";
import { type Renaming, withNewNames } from "./diff-renames.ts";
import { summarise } from "./diff-summary.ts";
import { renamedWords, thingWords, wordsOf } from "./diff-words.ts";
import { Influence } from "./polarity.ts";
import type { Policy } from "./policy.ts";
import type { PolicyChange } from "./policy-change.ts";
import { type Fact, type Thing, thingsOf } from "./policy-facts.ts";

/** The difference between two versions. */
export interface PolicyDiff {
  /** One sentence, about 200 characters at most. */
  readonly summary: string;
  /** In the order of the language's sections. */
  readonly changes: readonly PolicyChange[];
}

/**
 * Compares the meaning of two checked policies, parents folded in; spelling, comments and file order do not count, and the version itself
 * is no change. A policy compared with itself has no changes; turned around, every change has `from` and `to` swapped and the opposite
 * direction.
 */
export function diffPolicies(a: Policy, b: Policy): PolicyDiff {
  const { policy: older, renamings } = withNewNames(a, b);
  const compared: Compared = { a: older, b, influenceA: new Influence(older), influenceB: new Influence(b) };
  const [before, after] = [thingsOf(older), thingsOf(b)];
  const renamed = new Map(renamings.map((renaming) => [`${renaming.section}.${renaming.to}`, renaming]));
  const paths = inSectionOrder(merged([...before.keys()], [...after.keys()]));
  const changes = paths.flatMap((path) => [
    ...renamingChange(path, renamed.get(path)),
    ...changesOfThing(before.get(path), after.get(path), compared),
  ]);
  return { summary: summarise({ a, b }, changes, compared), changes };
}

/** All keys, those of the second list in its order, with what is gone after what it stood after. */
export function merged(before: readonly string[], after: readonly string[]): readonly string[] {
  const kept = new Set(after);
  const gone = new Map<string, string[]>();
  let previous = "";
  for (const key of before) {
    if (kept.has(key)) previous = key;
    else gone.set(previous, [...(gone.get(previous) ?? []), key]);
  }
  const first = kept.has("") ? [] : (gone.get("") ?? []);
  return [...first, ...after.flatMap((key) => [key, ...(gone.get(key) ?? [])])];
}

const sections = ["", "parameters", "windows", "metrics", "scores", "ledgers", "conditions", "tiers", "caps", "movement"];

/** Paths with those of one section together, in the order of the language. */
export function inSectionOrder(paths: readonly string[]): readonly string[] {
  return paths.toSorted((x, y) => sectionOf(x) - sectionOf(y));
}

function sectionOf(path: string): number {
  return sections.indexOf(path.split(".")[0] ?? "");
}

function renamingChange(path: string, renaming: Renaming | undefined): readonly PolicyChange[] {
  if (renaming === undefined) return [];
  const { section, from, to } = renaming;
  return [{ path, kind: "changed", from, to, words: renamedWords(section.replace(/s$/, ""), from, to), direction: "neutral" }];
}

function changesOfThing(old: Thing | undefined, young: Thing | undefined, compared: Compared): readonly PolicyChange[] {
  if (old === undefined || young === undefined || old.kind !== young.kind) return [wholeChange(old, young)];
  const changes: PolicyChange[] = pairedFacts(old.facts, young.facts).flatMap(({ path, pair }) => {
    if (path === "tiers" && isSameOrder(compared)) return [];
    const direction = directionOf(pair, compared);
    return [change(path, { from: pair.old?.text, to: pair.young?.text, words: wordsOf(pair, compared), direction })];
  });
  return [...changes, ...reordered(old, young)];
}

interface Told {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly words: string;
  readonly direction: Direction | undefined;
}

function change(path: string, { from, to, words, direction }: Told): PolicyChange {
  return {
    path,
    kind: from === undefined ? "added" : to === undefined ? "removed" : "changed",
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    words,
    ...(direction === undefined ? {} : { direction }),
  };
}

/** What nothing reads yet, or any more, moves nobody; what reads it is a change of its own. A tier is read by everyone. */
function wholeChange(old: Thing | undefined, young: Thing | undefined): PolicyChange {
  const path = (young ?? old)?.path ?? "";
  const isIdle = (old === undefined || young === undefined) && !path.startsWith("tiers.");
  return change(path, {
    from: old?.text,
    to: young?.text,
    words: thingWords(old, young),
    direction: isIdle ? "neutral" : undefined,
  });
}

/** Lines that differ, with their partners: by path, then in order within a group. */
function pairedFacts(
  before: ReadonlyMap<string, Fact>,
  after: ReadonlyMap<string, Fact>,
): readonly { readonly path: string; readonly pair: FactPair }[] {
  const partners = new Map<string, { readonly path: string; readonly old: Fact }>();
  const taken = new Set([...before.keys(), ...after.keys()]);
  const leftBehind = new Map<string, Fact[]>();
  const paired = new Set<Fact>();
  for (const [path, fact] of before)
    if (fact.group !== undefined && !after.has(path)) leftBehind.set(fact.group, [...(leftBehind.get(fact.group) ?? []), fact]);
  for (const [path, { group }] of after) {
    const old = group === undefined || before.has(path) ? undefined : leftBehind.get(group)?.shift();
    if (old === undefined || group === undefined) continue;
    let name = group;
    for (let count = 2; taken.has(name); count++) name = `${group} (${count})`;
    taken.add(name);
    paired.add(old);
    partners.set(path, { path: name, old });
  }
  return merged([...before.keys()], [...after.keys()]).flatMap((path) => {
    const [old, young] = [before.get(path), after.get(path)];
    const partner = partners.get(path);
    if (partner !== undefined && young !== undefined) return [{ path: partner.path, pair: { old: partner.old, young } }];
    if (old?.text === young?.text || (old !== undefined && paired.has(old))) return [];
    return [{ path, pair: { ...(old === undefined ? {} : { old }), ...(young === undefined ? {} : { young }) } }];
  });
}

/** Whether the tiers that both ladders have stand in the same order; the new and the gone are changes of their own. */
function isSameOrder({ a, b }: Compared): boolean {
  const [old, young] = [a, b].map((policy) => policy.tiers.map(({ name }) => name));
  const inBoth = (names: readonly string[] | undefined): string =>
    (names ?? []).filter((name) => old?.includes(name) === true && young?.includes(name) === true).join(", ");
  return inBoth(old) === inBoth(young);
}

/** A ledger's lines are read in order, each reading the balance before it. */
function reordered(old: Thing, young: Thing): readonly PolicyChange[] {
  const lines = (thing: Thing, other: Thing): readonly Fact[] =>
    [...thing.facts].filter(([path, { at }]) => at !== undefined && other.facts.has(path)).map(([, fact]) => fact);
  const [before, after] = [lines(old, young), lines(young, old)].map((facts) => facts.map(({ segments }) => segments.at(-1)).join(", "));
  if (before === after || !old.path.startsWith("ledgers.")) return [];
  const words = `The lines of ${young.noun.replace(/^the ledger /, "")} are read in another order: ${after}.`;
  return [change(`${young.path}.lines`, { from: before, to: after, words, direction: undefined })];
}
