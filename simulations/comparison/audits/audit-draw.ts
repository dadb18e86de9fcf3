/** Which entities to audit: drawn at random within each stratum, so that anybody can draw them again. */
import { present, randomStream } from "../../../data/foundation/index.ts";
import type { Panel } from "../../../data/panel/index.ts";
import type { EndCollected } from "../collect-end.ts";
import type { Strata } from "./audit-strata.ts";
import type { AuditPlan, DrawnAudit } from "./audits.ts";

/**
 * The list of a plan, by stratum, in the order drawn. Every entity of the panel has one number of the seed's stream, in the panel's order;
 * of each stratum those with the smallest numbers are drawn. So a larger plan with the same seed holds the smaller one's entities, and
 * stopping early leaves a random sample of those before. Cost: 8 bytes an entity, and one more read of the chunks that hold drawn ones.
 */
export function drawAudits(options: {
  readonly plan: AuditPlan;
  readonly strata: Strata;
  readonly collected: EndCollected;
  readonly panel: Panel;
  readonly seed: number;
}): readonly DrawnAudit[] {
  const { plan, strata, collected, panel } = options;
  const drawn = smallestNumbers(options);
  const names = namesOf(collected, panel, drawn.flat());
  return strata.strata.flatMap(({ group, size }, code) => {
    const planned = plan.strata.find((stratum) => stratum.group === group && stratum.size === size);
    return present(drawn[code], "a stratum's draw").map((entity, index) => ({
      entity: present(names.get(entity), "a drawn entity's key"),
      group,
      size,
      place: index + 1,
      probability: planned?.probability ?? 0,
    }));
  });
}

/** By stratum: the drawn entities, smallest number first, ties by entity order. */
function smallestNumbers(options: {
  readonly plan: AuditPlan;
  readonly strata: Strata;
  readonly collected: EndCollected;
  readonly seed: number;
}): readonly (readonly number[])[] {
  const { plan, strata, collected, seed } = options;
  const stream = randomStream(seed, "audits");
  const numbers = Float64Array.from({ length: collected.entityCount }, () => stream.uniform());
  const members: number[][] = strata.strata.map(() => []);
  for (let entity = 0; entity < collected.entityCount; entity++) members[strata.of[entity] as number]?.push(entity);
  return members.map((entities, code) => {
    const stratum = strata.strata[code];
    const planned = plan.strata.find(({ group, size }) => group === stratum?.group && size === stratum.size);
    return entities.sort((a, b) => (numbers[a] as number) - (numbers[b] as number) || a - b).slice(0, planned?.audits ?? 0);
  });
}

/** Keys by position; each chunk is read once and one at a time is in memory. */
function namesOf(collected: EndCollected, panel: Panel, entities: readonly number[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const sorted = entities.toSorted((a, b) => a - b);
  for (let next = 0; next < sorted.length; ) {
    const index = collected.chunkStart.findLastIndex((start) => start <= (sorted[next] as number));
    const start = collected.chunkStart[index] as number;
    const chunk = panel.readChunk(index);
    for (; next < sorted.length && (sorted[next] as number) - start < chunk.entityCount; next++) {
      const entity = sorted[next] as number;
      names.set(entity, present(chunk.entities[entity - start], "an entity of the chunk"));
    }
  }
  return names;
}
