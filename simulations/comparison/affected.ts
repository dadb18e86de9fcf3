/** Whom the change touches most: the largest among the newly adverse and the released, then among the other movers. */
import { formatDay, limits, present } from "../../data/foundation/index.ts";
import { labels, type Panel, type PanelChunk } from "../../data/panel/index.ts";
import { entityHistory, nearestRestore, sayRestore } from "../../policies/explain/index.ts";
import type { Collected } from "./collect.ts";
import type { AffectedEntity } from "./comparison.ts";
import { moves, tierViews } from "./movement/tier-pairs.ts";
import type { ComparisonPlan } from "./plan.ts";

/** How many entities are listed. */
export const affectedMax = 50;

/**
 * The list, at the end of the range; ties by entity order. Labels are those of the error table by precedence, at its own date.
 * Reads the chunks of the listed entities once more, one at a time, for their keys and attributes.
 */
export function describeAffected(plan: ComparisonPlan, collected: Collected, candidate: number, panel: Panel): readonly AffectedEntity[] {
  const { adverse, move, columns } = present(plan.pairs[candidate], "tier pairs");
  const [before, after] = [present(collected.end.held[0], "held tiers"), present(collected.end.held[candidate + 1], "held tiers")];
  const flipped: number[] = [];
  const others: number[] = [];
  for (let entity = 0; entity < collected.entityCount; entity++) {
    if ((before[entity] as number) < 0) continue;
    const pair = (before[entity] as number) * columns + (after[entity] as number);
    if (adverse[pair] === 1 || adverse[pair] === 2) flipped.push(entity);
    else if (move[pair] !== moves.same) others.push(entity);
  }
  const gmv = collected.end.gmv;
  const bySize = (a: number, b: number): number => (gmv[b] as number) - (gmv[a] as number) || a - b;
  const listed = [...flipped.sort(bySize), ...others.sort(bySize)].slice(0, affectedMax);
  const described = new Map<number, AffectedEntity>();
  const shown = new Set(listed.slice(0, limits.restoredEntities.value));
  for (const [index, entities] of byChunk(collected, listed)) {
    const chunk = panel.readChunk(index);
    for (const entity of entities) {
      const inChunk = entity - (collected.chunkStart[index] as number);
      described.set(entity, describeEntity({ plan, collected, candidate, entity, chunk, inChunk, isShown: shown.has(entity) }));
    }
  }
  return listed.map((entity) => present(described.get(entity), "listed entity"));
}

/** The listed entities by the chunk that holds them, so that each chunk is read once and one at a time is in memory. */
export function byChunk(collected: Pick<Collected, "chunkStart">, listed: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const chunks = new Map<number, number[]>();
  for (const entity of listed) {
    const index = collected.chunkStart.findLastIndex((start) => start <= entity);
    chunks.set(index, [...(chunks.get(index) ?? []), entity]);
  }
  return chunks;
}

interface Listed {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly candidate: number;
  readonly entity: number;
  readonly chunk: PanelChunk;
  readonly inChunk: number;
  /** Among the first, for whom it is looked up what would restore the tier. */
  readonly isShown: boolean;
}

function describeEntity(listed: Listed): AffectedEntity {
  const { plan, collected, candidate, entity, chunk, inChunk, isShown } = listed;
  const restore = isShown ? restoreWords(listed) : undefined;
  const merits = isReleased(listed) ? plan.adverse[candidate + 1]?.[meritedBy(listed)] === 1 : false;
  const tierOf = (policy: number): string =>
    tierViews(present(plan.policies[policy], "policy"))[collected.end.held[policy]?.[entity] as number]?.name ?? "";
  const scores = [0, candidate + 1].map((policy) => collected.end.score[policy]?.[entity] as number) as [number, number];
  const label = collected.labels[0]?.label[entity];
  return {
    entity: present(chunk.entities[inChunk], "entity"),
    gmv: collected.end.gmv[entity] as number,
    baselineTier: tierOf(0),
    candidateTier: tierOf(candidate + 1),
    ...(Number.isNaN(scores[0]) ? {} : { baselineScore: scores[0] }),
    ...(Number.isNaN(scores[1]) ? {} : { candidateScore: scores[1] }),
    label: label === labels.fine ? "fine" : label === labels.harmful ? "harmful" : "unlabelled",
    ...(merits ? { merits: tierViews(present(plan.policies[candidate + 1], "candidate"))[meritedBy(listed)]?.name ?? "" } : {}),
    ...(restore === undefined ? {} : { restore }),
    attributes: attributesOf(plan, chunk, inChunk),
  };
}

/** Adverse under the baseline, and not under the candidate. */
function isReleased({ plan, collected, candidate, entity }: Listed): boolean {
  const { adverse, columns } = present(plan.pairs[candidate], "tier pairs");
  const [before, after] = [collected.end.held[0]?.[entity] as number, collected.end.held[candidate + 1]?.[entity] as number];
  return adverse[before * columns + after] === 2;
}

function meritedBy({ collected, candidate, entity }: Listed): number {
  return collected.end.merited[candidate + 1]?.[entity] as number;
}

/** Of one that moves down, where the policy holds the baseline's tier; nothing is said of others. */
function restoreWords({ plan, collected, candidate, entity, chunk, inChunk }: Listed): string | undefined {
  const { move, columns } = present(plan.pairs[candidate], "tier pairs");
  const [baseline, policy] = [present(plan.policies[0], "baseline"), present(plan.policies[candidate + 1], "candidate")];
  const [before, after] = [collected.end.held[0]?.[entity] as number, collected.end.held[candidate + 1]?.[entity] as number];
  if (move[before * columns + after] !== moves.down) return undefined;
  const tier = tierViews(baseline)[before]?.name ?? "";
  const restore = nearestRestore(policy, plan.schema, entityHistory(plan.schema, chunk, inChunk), plan.to, tier);
  return restore === undefined ? undefined : sayRestore(restore, tier);
}

/** Attributes as text at the end of the range; missing ones are left out. */
function attributesOf(plan: ComparisonPlan, chunk: PanelChunk, inChunk: number): Readonly<Record<string, string>> {
  const row = (chunk.rowStart[inChunk] as number) + plan.to - (chunk.firstPeriod[inChunk] as number);
  const attributes: Record<string, string> = {};
  for (const [index, attribute] of plan.schema.attributes.entries()) {
    const value = chunk.attributes[index]?.[attribute.scope === "entity" ? inChunk : row] as number;
    if (Number.isNaN(value) || (attribute.type === "text" && value < 0)) continue;
    if (attribute.type === "text") attributes[attribute.name] = attribute.values?.[value] ?? "";
    else attributes[attribute.name] = attribute.type === "day" ? formatDay(value) : String(value);
  }
  return attributes;
}
