/** What differs between two policies, in parts that can be exchanged one by one, and the policies in between. */
import { isSameValue } from "../../../data/foundation/index.ts";
import { namesRead, type Policy, readsOf, type Tier } from "../../../policies/language/checked/index.ts";

/** A part of a policy that differs. */
export interface ChangedPart {
  readonly path: string;
  readonly title: string;
}

const sections = ["parameters", "windows", "metrics", "scores", "ledgers", "conditions"] as const;
type SectionName = (typeof sections)[number];
type Named = Policy[SectionName][number];

/**
 * The parts that differ, in the order of the candidate's file. A metric goes with the curve that scores it; a parameter with the one
 * part that reads it. Tiers are one part each, or all one part where the ladders have other names. Titles and consequences move nobody.
 */
export function changedParts(baseline: Policy, candidate: Policy): readonly ChangedPart[] {
  const partOf = partsOf(baseline, candidate);
  const found = new Map<string, ChangedPart>();
  const add = (path: string, title: string): void => {
    if (!found.has(path)) found.set(path, { path, title });
  };
  for (const section of sections) {
    for (const item of candidate[section]) {
      const before = itemOf(baseline, section, item.name);
      if (before === undefined || isSameValue(untitled(before), untitled(item))) continue;
      const path = partOf(section, item.name);
      add(path, titleOf(candidate, path, item.title));
    }
  }
  if (!hasSameLadder(baseline, candidate)) add("tiers", "The tiers");
  else {
    for (const [code, tier] of candidate.tiers.entries()) {
      if (!isSameValue(moving(baseline.tiers[code]), moving(tier))) add(`tiers.${tier.name}`, tierTitle(tier.title));
    }
    if (!isSameValue(baseline.caps, candidate.caps)) add("caps", "The caps");
  }
  for (const key of movementKeys(baseline, candidate)) {
    if (!isSameValue(movementAt(baseline, key), movementAt(candidate, key))) add(`movement.${key}`, movementTitles[key] ?? key);
  }
  return [...found.values()];
}

/**
 * The candidate with some of the changed parts as they stand in the baseline. All of them: a policy that treats everyone like the
 * baseline; none: like the candidate. What only one of the two has is kept, and counts once something reads it.
 */
export function mixedPolicy(baseline: Policy, candidate: Policy, asBaseline: ReadonlySet<string>): Policy {
  const partOf = partsOf(baseline, candidate);
  const mix = <Item extends Named>(section: SectionName, old: readonly Item[], young: readonly Item[]): readonly Item[] => [
    ...young.map((item) => {
      const before = old.find(({ name }) => name === item.name);
      return before !== undefined && asBaseline.has(partOf(section, item.name)) ? before : item;
    }),
    ...old.filter(({ name }) => !young.some((item) => item.name === name)),
  ];
  const ladder = ladderOf(baseline, candidate, asBaseline);
  const keys = movementKeys(baseline, candidate).map((key) => {
    const from = asBaseline.has(`movement.${key}`) ? baseline : candidate;
    return [key, movementAt(from, key)] as const;
  });
  return {
    ...candidate,
    parameters: mix("parameters", baseline.parameters, candidate.parameters),
    windows: mix("windows", baseline.windows, candidate.windows),
    metrics: mix("metrics", baseline.metrics, candidate.metrics),
    scores: mix("scores", baseline.scores, candidate.scores),
    ledgers: mix("ledgers", baseline.ledgers, candidate.ledgers),
    conditions: mix("conditions", baseline.conditions, candidate.conditions),
    ...ladder,
    movement: Object.fromEntries(keys.filter(([, value]) => value !== undefined)) as unknown as Policy["movement"],
  };
}

/** Whether the ladders have the same tiers in the same order: then a tier's code means the same under both. */
export function hasSameLadder(baseline: Policy, candidate: Policy): boolean {
  const names = (policy: Policy): readonly (string | undefined)[] => [...policy.tiers.map(({ name }) => name), policy.otherwise];
  return isSameValue(names(baseline), names(candidate));
}

function ladderOf(baseline: Policy, candidate: Policy, asBaseline: ReadonlySet<string>): Pick<Policy, "tiers" | "caps" | "otherwise"> {
  const pick = ({ tiers, caps, otherwise }: Policy): Pick<Policy, "tiers" | "caps" | "otherwise"> => ({
    tiers,
    caps,
    ...(otherwise === undefined ? {} : { otherwise }),
  });
  if (!hasSameLadder(baseline, candidate)) return pick(asBaseline.has("tiers") ? baseline : candidate);
  return {
    ...pick(candidate),
    tiers: candidate.tiers.map((tier, code) => (asBaseline.has(`tiers.${tier.name}`) ? (baseline.tiers[code] ?? tier) : tier)),
    caps: asBaseline.has("caps") ? baseline.caps : candidate.caps,
  };
}

/** By section and name, the path of the part that it belongs to. */
function partsOf(baseline: Policy, candidate: Policy): (section: SectionName, name: string) => string {
  const pathOf = (section: SectionName, name: string): string => {
    if (section !== "scores") return `${section}.${name}`;
    const metrics = [baseline, candidate].map((policy) => {
      const score = policy.scores.find((item) => item.name === name);
      return score?.kind === "curve" && score.from.to === "metric" ? score.from.name : undefined;
    });
    return metrics[0] !== undefined && metrics[0] === metrics[1] ? `metrics.${metrics[0]}` : `scores.${name}`;
  };
  return (section, name) => {
    if (section !== "parameters") return pathOf(section, name);
    const readers = new Set([baseline, candidate].flatMap((policy) => readersOf(policy, name, pathOf, hasSameLadder(baseline, candidate))));
    const [only] = readers;
    return readers.size === 1 && only !== undefined ? only : `parameters.${name}`;
  };
}

/** Paths of the parts that read a parameter directly. */
function readersOf(
  policy: Policy,
  parameter: string,
  pathOf: (section: SectionName, name: string) => string,
  tierByTier: boolean,
): readonly string[] {
  const reads = readsOf(policy);
  const named = sections.flatMap((section) =>
    policy[section].filter(({ name }) => reads.get(name)?.includes(parameter)).map(({ name }) => pathOf(section, name)),
  );
  const tiers = policy.tiers.filter(({ when }) => when !== undefined && namesRead(when, "parameter").includes(parameter));
  const caps = policy.caps.filter(({ when }) => namesRead(when, "parameter").includes(parameter));
  return [
    ...named,
    ...tiers.map(({ name }) => (tierByTier ? `tiers.${name}` : "tiers")),
    ...caps.map(() => (tierByTier ? "caps" : "tiers")),
  ];
}

function titleOf(policy: Policy, path: string, own: string): string {
  const [section, name] = path.split(".");
  if (section === "tiers") return tierTitle(policy.tiers.find((tier) => tier.name === name)?.title ?? own);
  if (section === "metrics") return policy.metrics.find((metric) => metric.name === name)?.title ?? own;
  if (section === "scores" && policy.scores.some((score) => score.name === name && score.kind === "weighted"))
    return `Weights of ${lowered(own)}`;
  return own;
}

function tierTitle(title: string): string {
  return `What ${lowered(title)} asks`;
}

function lowered(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

function itemOf(policy: Policy, section: SectionName, name: string): Named | undefined {
  const items: readonly Named[] = policy[section];
  return items.find((item) => item.name === name);
}

function untitled(item: Named): object {
  const { title: _, ...rest } = item;
  return "range" in rest ? { ...rest, range: undefined } : rest;
}

function moving(tier: Tier | undefined): object {
  const { title: _, consequences: __, ...rest } = tier ?? { title: "", consequences: {} };
  return rest;
}

function movementKeys(baseline: Policy, candidate: Policy): readonly string[] {
  return [...new Set([...Object.keys(candidate.movement), ...Object.keys(baseline.movement)])];
}

function movementAt(policy: Policy, key: string): unknown {
  return new Map<string, unknown>(Object.entries(policy.movement)).get(key);
}

const movementTitles: Readonly<Record<string, string>> = {
  evaluate: "When evaluations take place",
  start: "The tier at the start",
  promote: "Evaluations to move up",
  demote: "Evaluations to move down",
  shield: "The shield for newcomers",
  protect: "The protection",
};
