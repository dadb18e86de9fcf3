/** The policies that ship with the product, and policies read from files. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Diagnostic, diagnose, limits, packagePath } from "../../data/foundation/index.ts";
import type { LoadVersion } from "./extend.ts";
import { type ReadPolicy, readPolicy } from "./read-policy.ts";

/** One version of the library. */
export interface LibraryEntry {
  readonly programme: string;
  readonly version: string;
  /** Absolute path. */
  readonly file: string;
}

/** All versions that ship, by programme, then by version number. */
export function policyLibrary(): readonly LibraryEntry[] {
  const root = packagePath("policies", "library");
  return readdirSync(root)
    .filter((name) => statSync(join(root, name)).isDirectory())
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
  const text = file === undefined ? undefined : readText(file);
  if (file === undefined || text === undefined) return { text: "", file: reference, diagnostics: [notFound(reference)] };
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
    const text = file === undefined ? undefined : readText(file);
    return text === undefined || file === undefined ? undefined : { text, file };
  };
}

/** Finds extended versions in the library only: for text that comes without a folder. */
export const loadFromLibrary: LoadVersion = (reference) => {
  const file = libraryFile(reference);
  const text = file === undefined ? undefined : readText(file);
  return text === undefined || file === undefined ? undefined : { text, file };
};

function libraryFile({ programme, version }: { readonly programme: string; readonly version: string }): string | undefined {
  return policyLibrary().find((entry) => entry.programme === programme && entry.version === version)?.file;
}

/** At most one byte more than the limit is read, so that a huge file costs nothing; undefined when it cannot be read. */
function readText(file: string): string | undefined {
  try {
    const status = statSync(file);
    if (!status.isFile()) return undefined;
    return readFileSync(file)
      .subarray(0, limits.policyFileBytes.value + 1)
      .toString("utf8");
  } catch {
    return undefined;
  }
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
