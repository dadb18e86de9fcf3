/** Reads imports from source text and judges them against the floors. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { packagePath } from "../../data/foundation/index.ts";
import { forbiddenModules, type Room, rooms } from "./floors.ts";

/** One source file: path from the repository root, with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript source of the product and its tests. */
export function sourceFiles(): readonly SourceFile[] {
  const root = packagePath();
  const tops = ["data", "policies", "simulations", "views", "server", "test"];
  return tops.flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => {
        const full = join(entry.parentPath, entry.name);
        return { path: relative(root, full).replaceAll("\\", "/"), text: readFileSync(full, "utf8") };
      })
      .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  );
}

/** What a file imports: static, re-exported and dynamic specifiers. */
export function importsOf(file: SourceFile): readonly string[] {
  const code = file.text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^"'`;]*?from\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;
  return [...code.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** The sentences that say which imports break the house. Empty when all is well. */
export function floorViolations(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => importsOf(file).flatMap((specifier) => judgeImport(file, specifier)));
}

/** Cycles among files, each as the list of its members in order of import. */
export function importCycles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const targets = new Map(
    files.map((file) => [
      file.path,
      importsOf(file)
        .filter(isRelative)
        .map((specifier) => resolveImport(file, specifier)),
    ]),
  );
  const state = new Map<string, "open" | "done">();
  const cycles: string[][] = [];
  function visit(path: string, trail: readonly string[]): void {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      cycles.push([...trail.slice(trail.indexOf(path)), path]);
      return;
    }
    state.set(path, "open");
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, "done");
  }
  for (const file of files) visit(file.path, []);
  return cycles;
}

function judgeImport(file: SourceFile, specifier: string): readonly string[] {
  const sentences: string[] = [];
  for (const rule of forbiddenModules) {
    if (inside(file.path, rule.path) && rule.modules.test(specifier)) sentences.push(`${file.path} imports ${specifier}: ${rule.reason}`);
  }
  if (!isRelative(specifier)) return sentences;
  const target = resolveImport(file, specifier);
  const [from, to] = [roomOf(file.path), roomOf(target)];
  if (from === undefined || to === undefined) return [...sentences, `${file.path} or ${target} lies in no room`];
  if (from.path === to.path) return sentences;
  if (to.floor >= from.floor)
    sentences.push(`${file.path} (floor ${from.floor}) imports ${target} (floor ${to.floor}): never up or sideways`);
  if (from.path !== "test" && !target.endsWith("/index.ts"))
    sentences.push(`${file.path} enters ${to.path} by ${target}: a room is entered by its index.ts`);
  return sentences;
}

function roomOf(path: string): Room | undefined {
  return rooms.filter((room) => inside(path, room.path)).toSorted((a, b) => b.path.length - a.path.length)[0];
}

function inside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith(".");
}

function resolveImport(file: SourceFile, specifier: string): string {
  return posix.join(dirname(file.path), specifier);
}
