/** The identity of the code that computes and draws: a result is reused only by the very code that would compute it again. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf, packagePath } from "../../data/foundation/index.ts";

const compiledRoot = fileURLToPath(new URL("../../", import.meta.url));
const known = new Map<string, string>();

/** Digest of the compiled code that a run's result depends on. Read once a process; a few milliseconds. */
export function simulationDigest(): string {
  return digestOfFolders("simulation", [
    join(compiledRoot, "data/foundation"),
    join(compiledRoot, "data/panel"),
    join(compiledRoot, "policies/compile"),
    join(compiledRoot, "policies/language"),
    join(compiledRoot, "simulations"),
  ]);
}

/** The same for a run that another engine than the kernels computes. */
export function enginesDigest(): string {
  const own = digestOfFolders("engines", [join(compiledRoot, "policies/sql"), join(compiledRoot, "data/engines")]);
  return `${simulationDigest()}-${own}`;
}

/** Digest of the compiled code that makes and imports datasets. */
export function datasetsDigest(): string {
  return digestOfFolders("datasets", [
    join(compiledRoot, "data/foundation"),
    join(compiledRoot, "data/panel"),
    join(compiledRoot, "data/datasets"),
  ]);
}

/** Digest of the code, templates and assets that pages are drawn by. */
export function viewsDigest(): string {
  return digestOfFolders("views", [
    join(compiledRoot, "data/foundation"),
    join(compiledRoot, "views"),
    join(compiledRoot, "server/operations"),
    packagePath("views", "templates"),
    packagePath("views", "assets"),
  ]);
}

function digestOfFolders(name: string, folders: readonly string[]): string {
  const made = known.get(name);
  if (made !== undefined) return made;
  const files = folders.filter((folder) => existsSync(folder)).flatMap(filesIn);
  const digest = digestOf(files.map((file) => digestOf(readFileSync(file))).join("\n")).slice(0, 16);
  known.set(name, digest);
  return digest;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => !file.endsWith(".map") && statSync(file).isFile())
    .sort();
}
