/** Runs that were computed: what went in, what came out, and how. Identical inputs are one run. */
import { gunzipSync, gzipSync } from "node:zlib";
import type Database from "better-sqlite3";
import { canonicalJson, digestOf, invariant } from "../foundation/index.ts";
import type { Clock } from "./clock.ts";

export type RunKind = "replay" | "comparison";

/** A run without its result. */
export interface RunRecord {
  /** The first 12 digits of the digest of the inputs: the same question has the same id everywhere. */
  readonly id: string;
  readonly kind: RunKind;
  readonly title: string;
  /** Digest of kind and inputs. */
  readonly inputDigest: string;
  /** Digest of the result. */
  readonly digest: string;
  readonly datasetId: string;
  /** Everything that determines the result, as canonical JSON values. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What else is worth knowing: program version, the command that reproduces it, policy texts. */
  readonly provenance: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
}

/** What can be asked of the runs. */
export interface RunRecords {
  /** Keeps a run; when one with the same inputs is there, that one stands and is given back. */
  keep(run: {
    readonly kind: RunKind;
    readonly title: string;
    readonly digest: string;
    readonly datasetId: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly provenance: Readonly<Record<string, unknown>>;
    readonly result: unknown;
  }): RunRecord;
  findByInputs(kind: RunKind, inputs: Readonly<Record<string, unknown>>): RunRecord | undefined;
  /** Those whose id begins so (all 12 digits: at most one). */
  find(id: string): readonly RunRecord[];
  /** The comparisons on the same data that were kept up to a run, the first first and the run itself last. `dataset` is the dataset's digest. */
  comparisonsUpTo(id: string, dataset: string): readonly EarlierRun[];
  /** The latest first. */
  list(limit: number): readonly RunRecord[];
  /** The replays against a baseline, the latest first, and how many there are. */
  paired(limit: number): { readonly latest: readonly RunRecord[]; readonly all: number };
  /** The result as it was kept. Cost: unpacking and reading its JSON. */
  result(id: string): unknown;
}

/** A run by what was asked of it. */
export type EarlierRun = Pick<RunRecord, "id" | "inputs" | "createdAt">;

interface RunRow {
  readonly id: string;
  readonly kind: RunKind;
  readonly title: string;
  readonly input_digest: string;
  readonly digest: string;
  readonly dataset_id: string;
  readonly inputs: string;
  readonly provenance: string;
  readonly created_at: string;
}

/**
 * The identity of a question: the digest of its kind and inputs.
 *
 * @example
 * inputDigestOf("replay", { b: 1, a: 2 }) === inputDigestOf("replay", { a: 2, b: 1 })
 * // => true
 */
export function inputDigestOf(kind: string, inputs: Readonly<Record<string, unknown>>): string {
  return digestOf(`${kind}\n${canonicalJson(inputs)}`);
}

/** The id of a run by what it asks. */
export function runIdOf(kind: RunKind, inputs: Readonly<Record<string, unknown>>): string {
  return inputDigestOf(kind, inputs).slice(0, 12);
}

const columns = "id, kind, title, input_digest, digest, dataset_id, inputs, provenance, created_at";

export function runRecords(database: Database.Database, clock: Clock): RunRecords {
  const insert = database.prepare(`INSERT INTO runs (${columns}, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const byInput = database.prepare<[string], RunRow>(`SELECT ${columns} FROM runs WHERE input_digest = ?`);
  const byPrefix = database.prepare<[number, string], RunRow>(
    `SELECT ${columns} FROM runs WHERE substr(id, 1, ?) = ? ORDER BY id LIMIT 20`,
  );
  const latest = database.prepare<[number], RunRow>(`SELECT ${columns} FROM runs ORDER BY created_at DESC, rowid DESC LIMIT ?`);
  const upTo = database.prepare<[string, string], Pick<RunRow, "id" | "inputs" | "created_at">>(
    `SELECT id, inputs, created_at FROM runs WHERE kind = 'comparison' AND json_extract(inputs, '$.dataset') = ?
       AND rowid <= (SELECT rowid FROM runs WHERE id = ?) ORDER BY rowid`,
  );
  const isPaired = "kind = 'replay' AND json_extract(inputs, '$.against') IS NOT NULL";
  const paired = database.prepare<[number], RunRow>(
    `SELECT ${columns} FROM runs INDEXED BY runs_by_time WHERE ${isPaired} ORDER BY created_at DESC, rowid DESC LIMIT ?`,
  );
  const pairedCount = database.prepare<[], { all: number }>(`SELECT count(*) AS "all" FROM runs WHERE ${isPaired}`);
  const resultOf = database.prepare<[string], { result: Buffer }>("SELECT result FROM runs WHERE id = ?");

  return {
    keep(run) {
      const inputDigest = inputDigestOf(run.kind, run.inputs);
      const packed = gzipSync(JSON.stringify(run.result), { level: 6 });
      insert.run(
        runIdOf(run.kind, run.inputs),
        run.kind,
        run.title,
        inputDigest,
        run.digest,
        run.datasetId,
        canonicalJson(run.inputs),
        canonicalJson(run.provenance),
        clock(),
        packed,
      );
      const row = byInput.get(inputDigest);
      invariant(row !== undefined, `run ${inputDigest} was not kept`);
      return recordOf(row);
    },
    findByInputs(kind, inputs) {
      const row = byInput.get(inputDigestOf(kind, inputs));
      return row === undefined ? undefined : recordOf(row);
    },
    find: (id) => (/^[0-9a-f]{4,64}$/.test(id) ? byPrefix.all(Math.min(id.length, 12), id.slice(0, 12)).map(recordOf) : []),
    comparisonsUpTo: (id, dataset) =>
      upTo.all(dataset, id).map((row) => ({
        id: row.id,
        inputs: JSON.parse(row.inputs) as Record<string, unknown>,
        createdAt: row.created_at,
      })),
    list: (limit) => latest.all(limit).map(recordOf),
    paired: (limit) => ({ latest: paired.all(limit).map(recordOf), all: pairedCount.get()?.all ?? 0 }),
    result(id) {
      const row = resultOf.get(id);
      invariant(row !== undefined, `run ${id} has no result`);
      return JSON.parse(gunzipSync(row.result).toString("utf8"));
    },
  };
}

function recordOf(row: RunRow): RunRecord {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    inputDigest: row.input_digest,
    digest: row.digest,
    datasetId: row.dataset_id,
    inputs: JSON.parse(row.inputs) as Record<string, unknown>,
    provenance: JSON.parse(row.provenance) as Record<string, unknown>,
    createdAt: row.created_at,
  };
}
