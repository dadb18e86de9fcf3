/** What only changed its name between two policies, and the older policy with the newer names. */
import { defaultTitle } from "./names.ts";
import type { Policy } from "./policy.ts";
import { type Thing, thingsOf } from "./policy-facts.ts";

/** A thing with the same content under another name. */
export interface Renaming {
  readonly section: Section;
  readonly from: string;
  readonly to: string;
}

/** What references call each section's entries. */
const kinds = {
  parameters: "parameter",
  windows: "named",
  metrics: "metric",
  scores: "score",
  ledgers: "ledger",
  conditions: "condition",
  tiers: "tier",
} as const;
type Section = keyof typeof kinds;

function isSection(text: string): text is Section {
  return Object.hasOwn(kinds, text);
}

/**
 * The renamings from one policy to the other, and the first policy with the other's names. A thing is renamed when its name is gone and
 * one of the same section and content is new; what reads it may then be found to be renamed too, and so on. Of equals, the first by order.
 */
export function withNewNames(a: Policy, b: Policy): { readonly policy: Policy; readonly renamings: readonly Renaming[] } {
  const renamings: Renaming[] = [];
  const after = thingsOf(b);
  let policy = a;
  for (let found = renamingsBetween(policy, after); found.length > 0; found = renamingsBetween(policy, after)) {
    renamings.push(...found);
    policy = renamed(policy, found);
  }
  return { policy, renamings };
}

function renamingsBetween(policy: Policy, after: ReadonlyMap<string, Thing>): readonly Renaming[] {
  const before = thingsOf(policy);
  const taken = new Set([...before.keys()].filter((path) => !path.startsWith("tiers.")).map(nameOf));
  const free = new Map<string, string[]>();
  for (const [path, thing] of after) {
    const isTier = path.startsWith("tiers.");
    if (before.has(path) || (!isTier && taken.has(nameOf(path)))) continue;
    free.set(contentOf(path, thing), [...(free.get(contentOf(path, thing)) ?? []), nameOf(path)]);
  }
  return [...before].flatMap(([path, thing]) => {
    const section = path.split(".")[0] ?? "";
    const to = after.has(path) || !isSection(section) ? undefined : free.get(contentOf(path, thing))?.shift();
    return to === undefined || !isSection(section) ? [] : [{ section, from: nameOf(path), to }];
  });
}

/** What a thing says, whatever its name: its own name inside it is a blank, and a tier's memory of older names is left out. */
function contentOf(path: string, thing: Thing): string {
  const own = new RegExp(`\\b${nameOf(path)}\\b`, "g");
  const text = path.startsWith("tiers.") ? thing.text.replace(/(?:, |\{ )replaces: \[[^\]]*\]/, "") : thing.text;
  return [path.split(".")[0], thing.kind, text.replace(own, " ")].join("\n");
}

function nameOf(path: string): string {
  return path.split(".")[1] ?? "";
}

/** The policy with other names for the given things, wherever they are named. */
function renamed(policy: Policy, renamings: readonly Renaming[]): Policy {
  const names = new Map(renamings.map(({ section, from, to }) => [`${kinds[section]} ${from}`, to]));
  const other = (kind: string, name: string): string => names.get(`${kind} ${name}`) ?? name;
  const entry =
    (kind: string) =>
    <Entry extends { readonly name: string; readonly title: string }>(one: Entry): Entry => {
      const name = other(kind, one.name);
      return { ...one, name, title: one.title === defaultTitle(one.name) ? defaultTitle(name) : one.title };
    };
  const { movement, headlineScore } = policy;
  const named: Policy = {
    ...policy,
    parameters: policy.parameters.map(entry("parameter")),
    windows: policy.windows.map(entry("named")),
    metrics: policy.metrics.map(entry("metric")),
    scores: policy.scores.map(entry("score")),
    ledgers: policy.ledgers.map(entry("ledger")),
    conditions: policy.conditions.map(entry("condition")),
    tiers: policy.tiers.map(entry("tier")),
    caps: policy.caps.map((cap) => ({ ...cap, tier: other("tier", cap.tier) })),
    movement: {
      ...movement,
      ...(movement.start === undefined ? {} : { start: other("tier", movement.start) }),
      ...(movement.protect === undefined ? {} : { protect: { ...movement.protect, tier: other("tier", movement.protect.tier) } }),
    },
    ...(headlineScore === undefined ? {} : { headlineScore: other("score", headlineScore) }),
  };
  return mapReferences(named, other);
}

/**
 * A copy of plain data in which every `{to, name}`, every named window, weighted part and unbroken condition has its other name. The shape
 * stays as it is, which the compiler cannot see through a walk over any plain data.
 */
function mapReferences<T>(value: T, other: (kind: string, name: string) => string): T {
  if (Array.isArray(value)) return value.map((item: unknown) => mapReferences(item, other)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, child]: readonly [string, unknown]): readonly [string, unknown] => {
    if (typeof child !== "string") return [key, mapReferences(child, other)];
    if (key === "name" && "to" in value && typeof value.to === "string") return [key, other(value.to, child)];
    if (key === "name" && "kind" in value && value.kind === "named") return [key, other("named", child)];
    if (key === "score" && "weight" in value) return [key, other("score", child)];
    if (key === "condition" && "kind" in value && value.kind === "unbroken") return [key, other("condition", child)];
    return [key, child];
  });
  return Object.fromEntries(entries) as T;
}
