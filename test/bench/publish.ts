/** Tables of a bench between the marks in `simulations/README.md`. */
import { readFileSync, writeFileSync } from "node:fs";
import { packagePath } from "../../data/foundation/index.ts";

/** Puts them where `<!-- mark: written by npm run script -- --publish -->` and `<!-- end of mark -->` stand. */
export function publish(tables: string, { mark, script }: { readonly mark: string; readonly script: string }): void {
  const file = packagePath("simulations", "README.md");
  const [begin, end] = [`<!-- ${mark}: written by npm run ${script} -- --publish -->\n`, `<!-- end of ${mark} -->`];
  const text = readFileSync(file, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`simulations/README.md has no marks for ${mark}`);
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n${tables}\n\n${text.slice(to)}`);
}
