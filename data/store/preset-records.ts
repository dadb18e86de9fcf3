/** Comparisons that are asked again and again, under a name. */
import type Database from "better-sqlite3";
import type { Clock } from "./clock.ts";

/** What is kept under a name. */
export interface PresetRecord {
  readonly name: string;
  /** The input of `compare`. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
}

/** What can be asked of the presets. */
export interface PresetRecords {
  /** Keeps an input, in place of one of the same name. True when there was one. */
  keep(name: string, input: Readonly<Record<string, unknown>>): boolean;
  find(name: string): PresetRecord | undefined;
  /** By name. */
  list(): readonly PresetRecord[];
  /** False when there is none of that name. */
  remove(name: string): boolean;
}

interface PresetRow {
  readonly name: string;
  readonly input: string;
  readonly created_at: string;
}

export function presetRecords(database: Database.Database, clock: Clock): PresetRecords {
  const one = database.prepare<[string], PresetRow>("SELECT name, input, created_at FROM presets WHERE name = ?");
  const all = database.prepare<[], PresetRow>("SELECT name, input, created_at FROM presets ORDER BY name");
  const upsert = database.prepare("INSERT OR REPLACE INTO presets (name, input, created_at) VALUES (?, ?, ?)");
  const remove = database.prepare("DELETE FROM presets WHERE name = ?");
  const replace = database.transaction((name: string, input: string): boolean => {
    const isKnown = one.get(name) !== undefined;
    upsert.run(name, input, clock());
    return isKnown;
  });
  const recordOf = ({ name, input, created_at }: PresetRow): PresetRecord => ({
    name,
    input: JSON.parse(input) as Record<string, unknown>,
    createdAt: created_at,
  });
  return {
    keep: (name, input) => replace.immediate(name, JSON.stringify(input)),
    find(name) {
      const row = one.get(name);
      return row === undefined ? undefined : recordOf(row);
    },
    list: () => all.all().map(recordOf),
    remove: (name) => remove.run(name).changes > 0,
  };
}
