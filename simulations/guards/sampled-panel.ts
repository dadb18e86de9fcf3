/** A part of a panel's entities, chosen by a hash of their keys: the same ones on every machine, whatever the chunks. */
import { digestOf, present } from "../../data/foundation/index.ts";
import { type Panel, type PanelChunk, takeEntities } from "../../data/panel/index.ts";

/** A panel of one entity in `every`. */
export interface SampledPanel {
  readonly panel: Panel;
  readonly every: number;
}

/**
 * The smallest `every` by which at most `entitiesMax` entities are taken: those whose hash it divides. Outcomes are left out.
 * Cost: the keys are hashed once, which reads every chunk once more.
 */
export function samplePanel(panel: Panel, options: { readonly entitiesMax: number; readonly seed: number }): SampledPanel {
  const { entitiesMax, seed } = options;
  const schema = { ...panel.schema, outcomes: [] };
  if (panel.entityCount <= entitiesMax) {
    const readChunk = (index: number): PanelChunk => panel.readChunk(index);
    return { every: 1, panel: { ...counted(panel), schema, digest: panel.digest, readChunk } };
  }
  const hashes: Uint32Array[] = [];
  const lengths: Int32Array[] = [];
  for (let index = 0; index < panel.chunkCount; index++) {
    const { entities, rowStart } = panel.readChunk(index);
    hashes.push(Uint32Array.from(entities, (key) => hashOf(seed, key)));
    lengths.push(Int32Array.from(entities, (_, entity) => (rowStart[entity + 1] as number) - (rowStart[entity] as number)));
  }
  let every = Math.ceil(panel.entityCount / entitiesMax);
  while (positionsOf(hashes, every).reduce((sum, { length }) => sum + length, 0) > entitiesMax) every++;
  const positions = positionsOf(hashes, every);
  return {
    every,
    panel: {
      digest: panel.digest,
      schema,
      chunkCount: panel.chunkCount,
      entityCount: positions.reduce((sum, { length }) => sum + length, 0),
      rowCount: positions.reduce((sum, taken, index) => sum + taken.reduce((rows, entity) => rows + (lengths[index]?.[entity] ?? 0), 0), 0),
      readChunk: (index) => takeEntities(panel.schema, panel.readChunk(index), present(positions[index], `chunk ${index}`)),
    },
  };
}

function counted({ chunkCount, entityCount, rowCount }: Panel): Pick<Panel, "chunkCount" | "entityCount" | "rowCount"> {
  return { chunkCount, entityCount, rowCount };
}

/** The first 32 bits of the digest of seed and key. */
function hashOf(seed: number, key: string): number {
  return Number.parseInt(digestOf(`${seed} ${key}`).slice(0, 8), 16);
}

/** By chunk: the entities whose hash is divided. */
function positionsOf(hashes: readonly Uint32Array[], every: number): readonly Int32Array[] {
  return hashes.map((column) => Int32Array.from([...column.keys()].filter((entity) => (column[entity] as number) % every === 0)));
}
