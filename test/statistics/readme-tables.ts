/** The generated parts of simulations/README.md: read, and written anew with UPDATE_REFERENCE=1. */
import { readFileSync, writeFileSync } from "node:fs";
import { packagePath } from "../../data/foundation/index.ts";

const path = packagePath("simulations", "README.md");

/** What stands between the marks of that name; written first when the environment says so. */
export function readmePart(name: string, written: string): string {
  const [begin, end] = [new RegExp(`<!-- ${name}: [^>]*-->\\n`), `<!-- end of ${name} -->`];
  const readme = readFileSync(path, "utf8");
  const from = (begin.exec(readme)?.index ?? -1) + (begin.exec(readme)?.[0].length ?? 0);
  const to = readme.indexOf(end);
  if (process.env["UPDATE_REFERENCE"] === "1") writeFileSync(path, `${readme.slice(0, from)}${written}${readme.slice(to)}`);
  const now = readFileSync(path, "utf8");
  return now.slice(from, now.indexOf(end));
}
