/** The policies that ship with the product, and policies read from files. */
import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Diagnostic, decodeText, diagnose, limits, packagePath } from "../../data/foundation/index.ts";
import type { LoadVersion } from "./extend.ts";
import { type ReadPolicy, readPolicy } from "./read-policy.ts";

/** One version of the library. */
export interface LibraryEntry {
  readonly programme: string;
  readonly version: string;
  /** Absolute path. */
  readonly file: string;
}

let library: readonly LibraryEntry[] | undefined;

/**
 * All versions that ship, by programme, then by version number. Cases, guards and `in-force.yaml` beside them are no versions. Listed once a
 * process: they ship with the program.
 */
export function policyLibrary(): readonly LibraryEntry[] {
  library ??= versionsUnder(packagePath("policies", "library"));
  return library;
}

/** As the library lists them, of any folder that holds a folder a programme. */
export function versionsUnder(root: string): readonly LibraryEntry[] {
  return readdirSync(root)
    .filter((name) => statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory() === true)
    .toSorted()
    .flatMap((programme) =>
      versionsIn(join(root, programme)).map((version) => ({ programme, version, file: join(root, programme, `${version}.yaml`) })),
    );
}

/**
 * Reads a policy named by `<programme>@<version>` or by file path. What it extends is looked for beside the file, then in the
 * library. A policy that cannot be found gives `file-not-found` with the versions that there are.
 */
export function readLibraryPolicy(reference: string): ReadPolicy & { readonly text: string; readonly file: string } {
  const named = /^([a-z][a-z0-9-]*)@(\d+\.\d+\.\d+)$/.exec(reference);
  const file = named === null ? reference : libraryFile({ programme: named[1] ?? "", version: named[2] ?? "" });
  const text = file === undefined ? undefined : readTextFile(file);
  if (file === undefined || text === undefined) return { text: "", file: reference, extended: [], diagnostics: [notFound(reference)] };
  return { text, file, ...readPolicy({ text, file, load: loadBeside(dirname(file)) }) };
}

/** Finds extended versions in a folder first, then in the library. */
export function loadBeside(folder: string): LoadVersion {
  return ({ programme, version }) => {
    const beside = join(folder, `${version}.yaml`);
    const file =
      basename(folder) === programme || !existsSync(join(packagePath("policies", "library"), programme, `${version}.yaml`))
        ? beside
        : libraryFile({ programme, version });
    const text = file === undefined ? undefined : readTextFile(file);
    return text === undefined || file === undefined ? undefined : { text, file };
  };
}

/** Finds extended versions in the library only: for text that comes without a folder. */
export const loadFromLibrary: LoadVersion = (reference) => {
  const file = libraryFile(reference);
  const text = file === undefined ? undefined : readTextFile(file);
  return text === undefined || file === undefined ? undefined : { text, file };
};

function libraryFile({ programme, version }: { readonly programme: string; readonly version: string }): string | undefined {
  return policyLibrary().find((entry) => entry.programme === programme && entry.version === version)?.file;
}

/** The file of cases beside a policy: `1.0.0.cases.yaml` beside `1.0.0.yaml`. */
export function casesFileOf(policyFile: string): string {
  return policyFile.replace(/(?:\.ya?ml)?$/, ".cases.yaml");
}

/** The file of budget guards beside the versions of a programme. */
export function guardsFileOf(policyFile: string): string {
  return join(dirname(policyFile), "guards.yaml");
}

/**
 * The text of a file, in UTF-8, or in UTF-16 where its first two bytes say so. At most one byte more than the limit of policy files is read, so
 * that a huge file costs nothing; undefined when it cannot be read.
 */
export function readTextFile(file: string): string | undefined {
  try {
    const status = statSync(file);
    if (!status.isFile()) return undefined;
    return decodeText(readStart(file, limits.policyFileBytes.value + 1));
  } catch {
    return undefined;
  }
}

/** The first bytes of a file, all of them where it has no more. */
function readStart(file: string, bytesMax: number): Uint8Array {
  const handle = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(bytesMax);
    let count = 0;
    for (let read = 1; read > 0 && count < bytesMax; count += read) read = readSync(handle, bytes, count, bytesMax - count, null);
    return bytes.subarray(0, count);
  } finally {
    closeSync(handle);
  }
}

/**
 * The text of a file that may stand beside a policy: undefined when there is none; `unreadable-file` when there is something of that name
 * that cannot be read (a folder, a link that leads nowhere, a file without permission), so that its checks are never skipped unsaid.
 */
export function readTextBeside(file: string): string | Diagnostic | undefined {
  const text = readTextFile(file);
  if (text !== undefined || lstatSync(file, { throwIfNoEntry: false }) === undefined) return text;
  return diagnose("unreadable-file", { message: `${basename(file)} is there, and cannot be read`, place: { file, line: 1, column: 1 } });
}

function versionsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .flatMap((name) => /^(\d+\.\d+\.\d+)\.yaml$/.exec(name)?.[1] ?? [])
    .toSorted(compareVersions);
}

/**
 * Orders versions by their numbers.
 *
 * @example
 * ["1.10.0", "1.9.0", "2.0.0"].sort(compareVersions)
 * // => ["1.9.0", "1.10.0", "2.0.0"]
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (const [index, number] of left.entries()) {
    const difference = number - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function notFound(reference: string): Diagnostic {
  const known = policyLibrary().map(({ programme, version }) => `${programme}@${version}`);
  return diagnose("file-not-found", {
    message: `there is no policy '${reference}'`,
    found: reference,
    expected: known.join(", "),
    cure: `Give the path of a policy file, or one of ${known.join(", ")}.`,
  });
}
