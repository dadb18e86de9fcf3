/** Opens a frozen dataset as a panel; pinned to a day, as it was known on that day. */
import { type Day, diagnose, formatDay, InputRefused, lastDayOf, periodOf, present } from "../foundation/index.ts";
import { openChunk } from "./arrow-chunk.ts";
import { ColumnMemory } from "./column-memory.ts";
import { type DatasetManifest, readManifest } from "./manifest.ts";
import type { Panel, PanelChunk } from "./panel.ts";
import { pinChunk } from "./pin-chunk.ts";
import type { PanelSchema } from "./schema.ts";

/** How a panel is opened. */
export interface PanelOptions {
  readonly knownAt?: Day;
  readonly recycle?: boolean;
  readonly elsewhere?: boolean;
}

/** @throws InputRefused `rows-elsewhere` when the dataset's rows lie in a connection's tables. */
export function requireRows({ id, liesIn }: Pick<DatasetManifest, "id" | "liesIn">): void {
  if (liesIn === undefined) return;
  throw new InputRefused([diagnose("rows-elsewhere", { message: `the rows of ${id} lie in connection '${liesIn}', not here`, found: id })]);
}

/**
 * Opens the dataset in a folder. Chunks are read on demand; nothing is kept between reads.
 *
 * With `knownAt`: periods that end later, and versions of rows, events and labels that were known later, are left out; a row that was
 * corrected later is as it was known then; entities of which nothing was known are absent (a chunk may be empty). A day at or
 * after the dataset's own known-at day changes nothing. Entity attributes have one clock: they are as the dataset holds them.
 *
 * `recycle`: a chunk is read into the memory of the one before, which must not be looked at any more; a pinned panel does not do so.
 *
 * `elsewhere`: also a dataset whose rows lie in a connection's tables; no chunk of it can be read.
 *
 * Throws InputRefused: `nothing-known-yet` when no period had ended on that day, `rows-elsewhere`.
 * Cost: the manifest; a chunk costs one read of the bytes of each of its files of which something is asked for. Pinned: `entityCount` and `rowCount` read every chunk once.
 */
export function openPanel(folder: string, options: PanelOptions = {}): Panel {
  const manifest = readManifest(folder);
  if (options.elsewhere !== true) requireRows(manifest);
  const { knownAt, recycle = false } = options;
  if (knownAt === undefined || knownAt >= manifest.schema.knownAt) return wholePanel(folder, manifest, recycle);
  return pinnedPanel(folder, manifest, knownAt);
}

function wholePanel(folder: string, manifest: DatasetManifest, recycle: boolean): Panel {
  const { schema } = manifest;
  const memory = recycle ? new ColumnMemory() : undefined;
  return {
    digest: manifest.digest,
    source: { folder, rows: manifest.rows },
    schema,
    chunkCount: manifest.chunks.length,
    entityCount: manifest.entities,
    rowCount: manifest.rows,
    entitiesByPeriod: manifest.quality.entitiesByPeriod,
    readChunk: (index) => {
      memory?.reset();
      return openChunk(folder, schema, index, present(manifest.chunks[index], `chunk ${index}`), memory);
    },
  };
}

function pinnedPanel(folder: string, manifest: DatasetManifest, knownAt: Day): Panel {
  const { grain, firstPeriod, lastPeriod } = manifest.schema;
  const lastEnded = periodOf(grain, knownAt + 1) - 1;
  if (lastEnded < firstPeriod) {
    throw new InputRefused([
      diagnose("nothing-known-yet", {
        message: `no period of ${manifest.id} had ended on ${formatDay(knownAt)}; the first ends on ${formatDay(lastDayOf(grain, firstPeriod))}`,
      }),
    ]);
  }
  const schema: PanelSchema = { ...manifest.schema, lastPeriod: Math.min(lastPeriod, lastEnded), knownAt };
  const readChunk = (index: number): PanelChunk =>
    pinChunk({ folder, schema, whole: manifest.schema, index, hasVersions: manifest.hasVersions });
  let counts: { entities: number; rows: number } | undefined;
  const count = () => {
    if (counts === undefined) {
      counts = { entities: 0, rows: 0 };
      for (let index = 0; index < manifest.chunks.length; index++) {
        const chunk = readChunk(index);
        counts.entities += chunk.entityCount;
        counts.rows += chunk.rowCount;
      }
    }
    return counts;
  };
  return {
    digest: manifest.digest,
    source: { folder, knownAt, rows: manifest.rows },
    schema,
    chunkCount: manifest.chunks.length,
    get entityCount() {
      return count().entities;
    },
    get rowCount() {
      return count().rows;
    },
    readChunk,
  };
}
