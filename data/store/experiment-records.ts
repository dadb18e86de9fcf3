/** Experiments: every design that was written down, when one was locked, what was observed, what was decided. Nothing is ever overwritten. */
import { gunzipSync, gzipSync } from "node:zlib";
import type Database from "better-sqlite3";
import { canonicalJson, digestOf } from "../foundation/index.ts";
import type { Clock } from "./clock.ts";

/** One experiment. */
export interface ExperimentRecord {
  readonly name: string;
  readonly createdAt: string;
  readonly lockedAt?: string;
  /** The digest of the design that was locked. */
  readonly lockedDigest?: string;
}

/** A design as it was written; those after the lock are amendments, each with its reason. */
export interface DesignRecord {
  readonly digest: string;
  readonly design: unknown;
  /** The file's text. */
  readonly source: string;
  readonly reason: string;
  readonly createdAt: string;
}

/** What one reading of observations gave. */
export interface ObservationRecord {
  readonly number: number;
  readonly digest: string;
  readonly designDigest: string;
  readonly file: string;
  readonly fileDigest: string;
  /** Units that are analysed, over the arms. */
  readonly units: number;
  readonly createdAt: string;
}

/** A decision of people, beside what the design's rule said. */
export interface DecisionRecord {
  readonly arm: string;
  readonly decision: "ship" | "hold" | "stop";
  readonly recommended: "ship" | "hold" | "stop";
  readonly reason: string;
  readonly decidedBy: string;
  /** Digest of the analysis that was seen, and of the observations behind it. */
  readonly analysisDigest: string;
  readonly observationDigest: string;
  readonly createdAt: string;
}

/** A unit's first meeting with the change, and the arm that it was given. */
export interface ExposureRecord {
  readonly unit: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly arm: string;
}

/** What can be asked of the experiments. */
export interface ExperimentRecords {
  find(name: string): ExperimentRecord | undefined;
  /** The latest first. */
  list(): readonly ExperimentRecord[];
  /** Adds a design, making the experiment where there is none; the same design again adds nothing. */
  addDesign(design: {
    readonly name: string;
    readonly digest: string;
    readonly design: unknown;
    readonly source: string;
    readonly reason: string;
  }): void;
  /** In the order in which they were written. */
  designs(name: string): readonly DesignRecord[];
  /** Locks the design of that digest; the first lock stands. */
  lock(name: string, digest: string): void;
  addObservations(observed: {
    readonly name: string;
    readonly designDigest: string;
    readonly file: string;
    readonly fileDigest: string;
    readonly units: number;
    readonly observations: unknown;
  }): ObservationRecord;
  /** In the order in which they were read. */
  observations(name: string): readonly ObservationRecord[];
  /** The observations of a record. */
  observed(number: number): unknown;
  /** Keeps the arms of units; who has one keeps it. All or none. */
  addToList(name: string, dealt: readonly { readonly unit: string; readonly arm: string }[]): void;
  /** In the order of units. */
  listed(name: string): readonly { readonly unit: string; readonly arm: string }[];
  /** Keeps first exposures, of today (UTC) where no day is stated: a unit's earliest day stands. All or none. */
  addExposures(name: string, exposures: readonly (Omit<ExposureRecord, "day"> & { readonly day?: string })[]): void;
  /** In the order of units. */
  exposures(name: string): readonly ExposureRecord[];
  addDecision(name: string, decision: Omit<DecisionRecord, "createdAt">): void;
  decisions(name: string): readonly DecisionRecord[];
}

export function experimentRecords(database: Database.Database, clock: Clock): ExperimentRecords {
  const one = database.prepare<[string], ExperimentRow>(
    "SELECT name, created_at, locked_at, locked_digest FROM experiments WHERE name = ?",
  );
  const all = database.prepare<[], ExperimentRow>(
    "SELECT name, created_at, locked_at, locked_digest FROM experiments ORDER BY created_at DESC, rowid DESC",
  );
  const make = database.prepare("INSERT INTO experiments (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING");
  const insertDesign = database.prepare(
    "INSERT INTO experiment_designs (experiment, digest, design, source, reason, created_at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const designsOf = database.prepare<[string], { digest: string; design: string; source: string; reason: string; createdAt: string }>(
    "SELECT digest, design, source, reason, created_at AS createdAt FROM experiment_designs WHERE experiment = ? ORDER BY number",
  );
  const lock = database.prepare("UPDATE experiments SET locked_at = ?, locked_digest = ? WHERE name = ? AND locked_at IS NULL");
  const insertObservations = database.prepare(
    "INSERT INTO experiment_observations (experiment, digest, design_digest, file, file_digest, units, observations, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const observationColumns =
    "number, digest, design_digest AS designDigest, file, file_digest AS fileDigest, units, created_at AS createdAt";
  const observationsOf = database.prepare<[string], ObservationRecord>(
    `SELECT ${observationColumns} FROM experiment_observations WHERE experiment = ? ORDER BY number`,
  );
  const observed = database.prepare<[number], { observations: Buffer }>(
    "SELECT observations FROM experiment_observations WHERE number = ?",
  );
  const insertListed = database.prepare(
    "INSERT INTO experiment_lists (experiment, unit, arm, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const listedOf = database.prepare<[string], { unit: string; arm: string }>(
    "SELECT unit, arm FROM experiment_lists WHERE experiment = ? ORDER BY unit",
  );
  const insertExposure = database.prepare(
    `INSERT INTO experiment_exposures (experiment, unit, day, arm, created_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET day = excluded.day, created_at = excluded.created_at WHERE excluded.day < day`,
  );
  const exposuresOf = database.prepare<[string], ExposureRecord>(
    "SELECT unit, day, arm FROM experiment_exposures WHERE experiment = ? ORDER BY unit",
  );
  const insertDecision = database.prepare(
    "INSERT INTO experiment_decisions (experiment, arm, decision, recommended, reason, decided_by, analysis_digest, observation_digest, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const decisionsOf = database.prepare<[string], DecisionRecord>(
    "SELECT arm, decision, recommended, reason, decided_by AS decidedBy, analysis_digest AS analysisDigest, observation_digest AS observationDigest, created_at AS createdAt FROM experiment_decisions WHERE experiment = ? ORDER BY number",
  );
  const designs = (name: string): readonly DesignRecord[] =>
    designsOf.all(name).map((row) => ({ ...row, design: JSON.parse(row.design) as unknown }));
  return {
    find: (name) => {
      const row = one.get(name);
      return row === undefined ? undefined : recordOf(row);
    },
    list: () => all.all().map(recordOf),
    addDesign: ({ name, digest, design, source, reason }) => {
      make.run(name, clock());
      if (designs(name).at(-1)?.digest === digest) return;
      insertDesign.run(name, digest, canonicalJson(design), source, reason, clock());
    },
    designs,
    lock: (name, digest) => void lock.run(clock(), digest, name),
    addObservations: ({ name, designDigest, file, fileDigest, units, observations }) => {
      const text = canonicalJson(observations);
      const digest = digestOf(text);
      const createdAt = clock();
      const { lastInsertRowid } = insertObservations.run(
        name,
        digest,
        designDigest,
        file,
        fileDigest,
        units,
        gzipSync(text, { level: 6 }),
        createdAt,
      );
      return { number: Number(lastInsertRowid), digest, designDigest, file, fileDigest, units, createdAt };
    },
    observations: (name) => observationsOf.all(name),
    observed: (number) => {
      const row = observed.get(number);
      return row === undefined ? undefined : (JSON.parse(gunzipSync(row.observations).toString("utf8")) as unknown);
    },
    addToList: database.transaction((name: string, dealt: readonly { readonly unit: string; readonly arm: string }[]) => {
      const now = clock();
      for (const { unit, arm } of dealt) insertListed.run(name, unit, arm, now);
    }),
    listed: (name) => listedOf.all(name),
    addExposures: database.transaction((name: string, exposures: readonly (Omit<ExposureRecord, "day"> & { readonly day?: string })[]) => {
      const now = clock();
      for (const { unit, day, arm } of exposures) insertExposure.run(name, unit, day ?? now.slice(0, 10), arm, now);
    }),
    exposures: (name) => exposuresOf.all(name),
    addDecision: (name, { arm, decision, recommended, reason, decidedBy, analysisDigest, observationDigest }) =>
      void insertDecision.run(name, arm, decision, recommended, reason, decidedBy, analysisDigest, observationDigest, clock()),
    decisions: (name) => decisionsOf.all(name),
  };
}

interface ExperimentRow {
  readonly name: string;
  readonly created_at: string;
  readonly locked_at: string | null;
  readonly locked_digest: string | null;
}

function recordOf({ name, created_at: createdAt, locked_at: lockedAt, locked_digest: lockedDigest }: ExperimentRow): ExperimentRecord {
  return { name, createdAt, ...(lockedAt === null ? {} : { lockedAt }), ...(lockedDigest === null ? {} : { lockedDigest }) };
}
