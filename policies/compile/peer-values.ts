/** What the entities of a chunk have to compare with: read off a frame that holds it. */
import { invariant, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import type { Policy } from "../language/checked/index.ts";
import type { PeerCollector, PeerNeed } from "./peer-collector.ts";
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
  for (const [index, need] of needs.entries()) {
    const values = present(frame.columns.get(need.of), need.of);
    const groupAt = groupReader(policy, schema, chunk, frame, need);
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const begin = chunk.rowStart[entity] as number;
      const zero = (chunk.firstPeriod[entity] as number) - begin;
      for (let row = begin; row < (chunk.rowStart[entity + 1] as number); row++) {
        const value = values[row] as number;
        if (frame.evaluated[row] !== 1 || Number.isNaN(value)) continue;
        const group = groupAt(entity, row);
        if (group !== undefined) into.add(first + index, zero + row, group, value);
      }
    }
  }
}

/** Gives the group of an entity on a row; undefined while it is missing. */
function groupReader(policy: Policy, schema: PanelSchema, chunk: PanelChunk, frame: OutcomeFrame, { among }: PeerNeed) {
  if (among === undefined) return () => "";
  if (among.to === "metric") {
    const metric = policy.metrics.find(({ name }) => name === among.name);
    invariant(metric?.kind === "largest", `metric ${among.name} is not a text`);
    const { values = [] } = attributeRead(schema, metric.by).attribute;
    const codes = present(frame.columns.get(among.name), among.name);
    return (_: number, row: number) => values[codes[row] as number];
  }
  const { scope, values = [] } = attributeRead(schema, among.name).attribute;
  const position = schema.attributes.findIndex(({ name }) => name === among.name);
  const codes = present(chunk.attributes[position], among.name);
  return (entity: number, row: number) => values[codes[scope === "entity" ? entity : row] as number];
}
