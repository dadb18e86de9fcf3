/** What a program loads when it starts: engines and evaluators that take long to load come when they are needed. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const compiled = fileURLToPath(new URL("../../", import.meta.url));

/** The packages that a compiled file reaches by static imports. */
function packagesOf(entry: string): ReadonlySet<string> {
  const [packages, seen, open] = [new Set<string>(), new Set<string>(), [join(compiled, entry)]];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^;]*?["']([^"']+)["'];/gm)) {
      if (name.startsWith(".")) open.push(join(dirname(file), name));
      else packages.add(name);
    }
  }
  return packages;
}

describe("the start of the program", () => {
  const starts: readonly (readonly [string, readonly string[]])[] = [
    ["server/cli/command-line.js", ["mathjs", "@duckdb/node-api", "express"]],
    ["server/start.js", ["mathjs", "@duckdb/node-api"]],
    ["server/jobs/child.js", ["mathjs", "@duckdb/node-api", "apache-arrow", "better-sqlite3", "express"]],
  ];
  for (const [entry, heavy] of starts) {
    it(`loads without what is heavy: ${entry}`, () => {
      const packages = packagesOf(entry);
      for (const name of heavy) expect([...packages], name).not.to.include(name);
    });
  }

  it("is judged by imports that are really found", () => {
    expect([...packagesOf("server/cli/command-line.js")])
      .to.include("commander")
      .and.to.include("better-sqlite3");
    expect([...packagesOf("policies/explain/index.js")]).to.include("mathjs");
  });
});
