/** Finds the files that ship beside the code: policies, templates, assets. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { present } from "./invariant.ts";

/** The absolute path of a file that is part of the package, from the package's own root. */
export function packagePath(...parts: readonly string[]): string {
  return join(packageRoot(), ...parts);
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    folder = present(parent === folder ? undefined : parent, "package.json above the compiled code");
  }
  return folder;
}
