/** The datasets that a home holds. */
import { isAbsolute, join, relative } from "node:path";
import type Database from "better-sqlite3";
import type { DatasetManifest } from "../panel/index.ts";
import type { Clock } from "./clock.ts";

/** A frozen dataset that is registered. */
export interface DatasetRecord {
  readonly id: string;
  readonly name: string;
  readonly digest: string;
  /** Absolute path of the frozen files. */
  readonly folder: string;
  readonly manifest: DatasetManifest;
  readonly registeredAt: string;
}

/** What can be asked of the datasets. */
export interface DatasetRecords {
  /** Registers a frozen dataset; the same content twice is one dataset, which counts as imported when it last was. */
  register(manifest: DatasetManifest, folder: string): void;
  /** All of them, by name, then the latest first. */
  list(): readonly DatasetRecord[];
  /**
   * Those that an id, a name or the beginning of a digest (4 digits or more) names. An id wins over a name, a name over a digest.
   * A name that several datasets bear gives all of them, the latest first.
   */
  find(name: string): readonly DatasetRecord[];
  /** Remembers which request made a dataset, so that the same request need not be computed again. */
  rememberOrigin(origin: string, id: string): void;
  findByOrigin(origin: string): DatasetRecord | undefined;
}

interface DatasetRow {
  readonly id: string;
  readonly name: string;
  readonly digest: string;
  readonly folder: string;
  readonly manifest: string;
  readonly registered_at: string;
}

export function datasetRecords(database: Database.Database, home: string, clock: Clock): DatasetRecords {
  const insert = database.prepare(
    "INSERT INTO datasets (id, name, digest, folder, manifest, registered_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET name = excluded.name, registered_at = excluded.registered_at, manifest = excluded.manifest",
  );
  const all = database.prepare<[], DatasetRow>("SELECT * FROM datasets ORDER BY name, registered_at DESC, rowid DESC");
  const byId = database.prepare<[string], DatasetRow>("SELECT * FROM datasets WHERE id = ?");
  const byName = database.prepare<[string], DatasetRow>("SELECT * FROM datasets WHERE name = ? ORDER BY registered_at DESC, rowid DESC");
  const byDigest = database.prepare<[number, string], DatasetRow>("SELECT * FROM datasets WHERE substr(digest, 1, ?) = ? ORDER BY digest");
  const insertOrigin = database.prepare(
    "INSERT INTO dataset_origins (origin, dataset_id) VALUES (?, ?) ON CONFLICT (origin) DO UPDATE SET dataset_id = excluded.dataset_id",
  );
  const byOrigin = database.prepare<[string], DatasetRow>(
    "SELECT datasets.* FROM datasets JOIN dataset_origins ON dataset_id = id WHERE origin = ?",
  );

  function recordOf(row: DatasetRow): DatasetRecord {
    return {
      id: row.id,
      name: row.name,
      digest: row.digest,
      folder: isAbsolute(row.folder) ? row.folder : join(home, row.folder),
      manifest: JSON.parse(row.manifest) as DatasetManifest,
      registeredAt: row.registered_at,
    };
  }

  return {
    register(manifest, folder) {
      const inside = relative(home, folder);
      const stored = inside.startsWith("..") || isAbsolute(inside) ? folder : inside;
      insert.run(manifest.id, manifest.name, manifest.digest, stored, JSON.stringify(manifest), clock());
    },
    list: () => all.all().map(recordOf),
    find(name) {
      const exact = byId.all(name);
      if (exact.length > 0) return exact.map(recordOf);
      const named = byName.all(name);
      if (named.length > 0) return named.map(recordOf);
      return /^[0-9a-f]{4,64}$/.test(name) ? byDigest.all(name.length, name).map(recordOf) : [];
    },
    rememberOrigin: (origin, id) => void insertOrigin.run(origin, id),
    findByOrigin(origin) {
      const row = byOrigin.get(origin);
      return row === undefined ? undefined : recordOf(row);
    },
  };
}
