/** The policy versions that a home knows: those that ship, and those that were saved in it, as `policies/<programme>/<version>.yaml`. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { hasErrors } from "../../data/foundation/index.ts";
import {
  compareVersions,
  type LibraryEntry,
  type LoadVersion,
  loadFromLibrary,
  policyLibrary,
  type ReadPolicy,
  readLibraryPolicy,
  readPolicy,
  readTextFile,
  versionsUnder,
} from "../../policies/language/index.ts";

/** A version that can be named `<programme>@<version>`. */
export interface KnownVersion extends LibraryEntry {
  readonly reference: string;
  /** It came with the program; else it was saved in the home. */
  readonly isShipped: boolean;
}

/** A policy as it was read, with its text. */
export type ReadVersion = ReadPolicy & { readonly text: string; readonly file: string };

/** Where a version is saved in a home. */
export function savedFileOf(home: string, { programme, version }: { readonly programme: string; readonly version: string }): string {
  return join(home, "policies", programme, `${version}.yaml`);
}

/** All versions, by programme, then by version number; programmes that ship come first. A saved version never hides one that ships. */
export function knownVersions(home: string): readonly KnownVersion[] {
  const shipped = policyLibrary().map((entry) => known(entry, true));
  const references = new Set(shipped.map(({ reference }) => reference));
  const saved = savedVersions(home).filter(({ reference }) => !references.has(reference));
  const all = [...shipped, ...saved];
  return [...new Set(all.map(({ programme }) => programme))].flatMap((programme) =>
    all.filter((entry) => entry.programme === programme).toSorted((a, b) => compareVersions(a.version, b.version)),
  );
}

/** Reads a version; undefined when nobody knows it. What ships is read once a process, what was saved again after its files changed. */
export function readKnownVersion(home: string, reference: string): ReadVersion | undefined {
  const entry = knownVersions(home).find((version) => version.reference === reference);
  if (entry === undefined) return undefined;
  return entry.isShipped ? readShippedPolicy(reference) : readSavedPolicy(home, entry);
}

/** Finds extended versions among those that ship, then among those that were saved. */
export function loadKnown(home: string): LoadVersion {
  return (reference) => {
    const shipped = loadFromLibrary(reference);
    if (shipped !== undefined) return shipped;
    const saved = savedVersions(home).find(({ programme, version }) => programme === reference.programme && version === reference.version);
    const text = saved === undefined ? undefined : readTextFile(saved.file);
    return saved === undefined || text === undefined ? undefined : { text, file: saved.file };
  };
}

/** The saved versions that read without a fault. */
export function soundSavedVersions(home: string): readonly (KnownVersion & ReadVersion)[] {
  const stamp = stampOf(home);
  return knownVersions(home).flatMap((entry) => {
    if (entry.isShipped) return [];
    const read = readSavedPolicy(home, entry, stamp);
    return read.policy === undefined || hasErrors(read.diagnostics) ? [] : [{ ...entry, ...read }];
  });
}

/**
 * The number that the next candidate of a programme gets: one minor version after the highest.
 *
 * @example
 * nextMinorOf(["1.0.0", "2.0.0", "1.10.0"])
 * // => "2.1.0"
 */
export function nextMinorOf(versions: readonly string[]): string {
  const [major = 0, minor = 0] = (versions.toSorted(compareVersions).at(-1) ?? "0.0.0").split(".").map(Number);
  return `${major}.${minor + 1}.0`;
}

const shipped = new Map<string, ReadVersion>();

/** A version of the library is read once a process: it ships with the program, and a server reads it for every question. */
export function readShippedPolicy(reference: string): ReadVersion {
  const read = shipped.get(reference) ?? readLibraryPolicy(reference);
  shipped.set(reference, read);
  return read;
}

const saved = new Map<string, { readonly stamp: string; readonly read: ReadVersion }>();

/** A saved version may extend another, so that it is read again when any file changed. */
function readSavedPolicy(home: string, { file }: KnownVersion, stamp = stampOf(home)): ReadVersion {
  const remembered = saved.get(file);
  if (remembered?.stamp === stamp) return remembered.read;
  const text = readTextFile(file) ?? "";
  const read = { text, file, ...readPolicy({ text, file, load: loadKnown(home) }) };
  saved.set(file, { stamp, read });
  return read;
}

function savedVersions(home: string): readonly KnownVersion[] {
  const root = join(home, "policies");
  return existsSync(root) && statSync(root).isDirectory() ? versionsUnder(root).map((entry) => known(entry, false)) : [];
}

function known(entry: LibraryEntry, isShipped: boolean): KnownVersion {
  return { ...entry, reference: `${entry.programme}@${entry.version}`, isShipped };
}

/** Another one after any saved file changed. Cost: a look at each of them. */
function stampOf(home: string): string {
  return savedVersions(home)
    .map(({ file }) => {
      const status = statSync(file, { throwIfNoEntry: false });
      return `${file} ${status?.mtimeMs} ${status?.size}`;
    })
    .join("\n");
}
