/** What a program loads when it starts: engines and evaluators that take long to load come when they are needed. */
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const compiled = fileURLToPath(new URL("../../", import.meta.url));

/** The packages, and the compiled files, that a compiled file reaches by static imports. */
function reachedBy(entry: string): { readonly packages: ReadonlySet<string>; readonly files: ReadonlySet<string> } {
  const [packages, seen, open] = [new Set<string>(), new Set<string>(), [join(compiled, entry)]];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/^(?:import|export)\b(?:[^;"']*?\bfrom)?\s*["']([^"']+)["'];/gm)) {
      if (name.startsWith(".")) open.push(join(dirname(file), name));
      else packages.add(packageOf(name));
    }
  }
  return { packages, files: new Set([...seen].map((file) => relative(compiled, file))) };
}

/** Of a package, or of a file in it: `mathjs/lib/x.js` is of mathjs. */
function packageOf(name: string): string {
  return name.split("/", name.startsWith("@") ? 2 : 1).join("/");
}

describe("the start of the program", () => {
  const starts: readonly (readonly [string, readonly string[]])[] = [
    ["server/cli/command-line.js", ["mathjs", "@duckdb/node-api", "apache-arrow", "express"]],
    ["server/start.js", ["mathjs", "@duckdb/node-api", "apache-arrow"]],
    ["server/jobs/child.js", ["mathjs", "@duckdb/node-api", "apache-arrow", "better-sqlite3", "express"]],
  ];
  for (const [entry, heavy] of starts) {
    it(`loads without what is heavy: ${entry}`, () => {
      const { packages } = reachedBy(entry);
      for (const name of heavy) expect([...packages], name).not.to.include(name);
    });
  }

  const threads = ["replay/replay-thread", "comparison/collect-thread", "comparison/live/what-if-thread"];
  for (const thread of threads) {
    it(`loads for a thread what it replays with, and no package, reader or statistic: ${thread}`, () => {
      const { packages, files } = reachedBy(`simulations/${thread}.js`);
      expect([...packages].filter((name) => !name.startsWith("node:"))).to.deep.equal([]);
      expect([...files]).to.include("policies/compile/index.js");
      for (const room of ["policies/language/index.js", "simulations/statistics/index.js"]) expect([...files]).not.to.include(room);
    });
  }

  it("loads for an import neither a library for column files nor a policy", () => {
    const { packages, files } = reachedBy("data/datasets/index.js");
    expect([...packages]).not.to.include("apache-arrow");
    expect([...files].filter((file) => file.startsWith("policies/"))).to.deep.equal([]);
  });

  it("is judged by imports that are really found", () => {
    expect([...reachedBy("server/cli/command-line.js").packages])
      .to.include("commander")
      .and.to.include("better-sqlite3");
    expect([...reachedBy("policies/explain/index.js").packages]).to.include("mathjs");
  });
});
