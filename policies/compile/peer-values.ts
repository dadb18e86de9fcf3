/** What the entities of a chunk have to compare with: read off a frame that holds it. */
import { invariant, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import type { Policy } from "../language/checked/index.ts";
import { byGroup, eachBlock } from "./group-blocks.ts";
import type { PeerCollector, PeerGroup, PeerNeed } from "./peer-collector.ts";
import { attributeRead } from "./write-text.ts";

/** The columns that a frame must have for it: what is compared, and metrics that give the group. */
export function peerColumns(needs: readonly PeerNeed[]): readonly string[] {
  const byMetric = needs.flatMap(({ among }) => (among?.to === "metric" ? [among.name] : []));
  return [...new Set([...needs.map(({ of }) => of), ...byMetric])];
}

/** Whose values, and under which number the collector knows the first need. */
export interface PeerReading {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly needs: readonly PeerNeed[];
  readonly first: number;
}

/** Adds the known values on evaluated rows. */
export function addPeerValues(
  { policy, schema, needs, first }: PeerReading,
  chunk: PanelChunk,
  frame: OutcomeFrame,
  into: PeerCollector,
): void {
  const { entityCount, rowStart, firstPeriod } = chunk;
  for (const [index, need] of needs.entries()) {
    const values = present(frame.columns.get(need.of), need.of);
    const { texts, codes, scope } = groupsRead(policy, schema, chunk, frame, need);
    if (codes === undefined || scope === "entity") {
      const [from, to] = [schema.firstPeriod, schema.lastPeriod];
      const read = { chunk, evaluated: frame.evaluated, column: values, first: from, to };
      eachBlock(read, byGroup(chunk, codes, texts.length), ({ code, entities: { length }, values: block }) => {
        const group = into.groupOf(first + index, present(texts[code], "a group"));
        for (let period = from; period <= to; period++) {
          group.addKnown(period, block.subarray((period - from) * length, (period - from + 1) * length));
        }
      });
      continue;
    }
    const groups: (PeerGroup | undefined)[] = [];
    for (let entity = 0; entity < entityCount; entity++) {
      const begin = rowStart[entity] as number;
      const end = rowStart[entity + 1] as number;
      const zero = (firstPeriod[entity] as number) - begin;
      for (let row = begin; row < end; row++) {
        const value = values[row] as number;
        if (frame.evaluated[row] !== 1 || Number.isNaN(value)) continue;
        const code = codes[row] as number;
        if (!(code >= 0)) continue;
        const group = groups[code] ?? into.groupOf(first + index, present(texts[code], "a group"));
        groups[code] = group;
        group.add(zero + row, value);
      }
    }
  }
}

/** The texts of the groups and whose code says which; without codes all are of one. A code below 0, or NaN, is missing. */
function groupsRead(policy: Policy, schema: PanelSchema, chunk: PanelChunk, frame: OutcomeFrame, { among }: PeerNeed) {
  if (among === undefined) return { texts: [""], scope: "row" as const };
  if (among.to === "metric") {
    const metric = policy.metrics.find(({ name }) => name === among.name);
    invariant(metric?.kind === "largest", `metric ${among.name} is not a text`);
    const { values = [] } = attributeRead(schema, metric.by).attribute;
    return { texts: values, codes: present(frame.columns.get(among.name), among.name), scope: "row" as const };
  }
  const { scope, values = [] } = attributeRead(schema, among.name).attribute;
  const position = schema.attributes.findIndex(({ name }) => name === among.name);
  return { texts: values, codes: present(chunk.attributes[position], among.name), scope };
}
