/** The house stands as drawn: floors, cycles, file length, and what the tree may not hold. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { floorViolations, importCycles, importsOf, sourceFiles } from "./imports.ts";

describe("the house", () => {
  const files = sourceFiles();

  it("imports only from the own room or a lower floor, by the room's index", () => {
    expect(files.length).to.be.greaterThan(20);
    expect(floorViolations(files)).to.deep.equal([]);
  });

  it("catches a planted import that goes up, one that goes sideways, one past an index and one that does input", () => {
    const planted = [
      { path: "policies/language/planted.ts", text: 'import { compare } from "../../simulations/comparison/index.ts";\n' },
      { path: "policies/compile/planted.ts", text: 'export * from "../explain/index.ts";\n' },
      { path: "views/planted.ts", text: 'import { compare } from "../simulations/comparison/compare.ts";\n' },
      { path: "simulations/replay/planted.ts", text: 'import { readFileSync } from "node:fs";\n' },
    ];
    expect(floorViolations(planted)).to.have.length(4);
  });

  it("has no import cycle, and would see one", () => {
    expect(importCycles(files)).to.deep.equal([]);
    const cycle = [
      { path: "views/a.ts", text: 'import { b } from "./b.ts";' },
      { path: "views/b.ts", text: 'const a = await import("./a.ts");' },
    ];
    expect(importCycles(cycle)).to.have.length(1);
  });

  it("reads every form of import", () => {
    const text =
      'import a from "./a.ts";\nimport "./b.ts";\nexport { c } from "./c.ts";\nimport {\n  d,\n} from "./d.ts";\nawait import("./e.ts");\n/* import f from "./f.ts" */';
    expect(importsOf({ path: "views/x.ts", text })).to.deep.equal(["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts"]);
  });

  it("keeps every file within 400 lines", () => {
    const markup = ["assets", "templates"].flatMap((folder) =>
      readdirSync(packagePath("views", folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => ({ path: entry.name, text: readFileSync(join(entry.parentPath, entry.name), "utf8") })),
    );
    expect(markup.length).to.be.greaterThan(10);
    const long = [...files, ...markup].filter((file) => file.text.split("\n").length > 401).map((file) => file.path);
    expect(long).to.deep.equal([]);
  });

  it("reads the environment in server only", () => {
    const readers = files.filter((file) => /process\.env/.test(file.text) && !/^(server|test)\//.test(file.path)).map((file) => file.path);
    expect(readers).to.deep.equal([]);
  });

  it("does calendar arithmetic in the calendar only", () => {
    const users = files
      .filter((file) => /\bnew Date\(|\bDate\.(now|parse|UTC)\b/.test(file.text) && !/^(server|test)\//.test(file.path))
      .map((file) => file.path);
    expect(users).to.deep.equal([]);
  });

  it("opens every file with what it is for", () => {
    const silent = files.filter((file) => !/^(#!.*\n)?\/\*\*/.test(file.text)).map((file) => file.path);
    expect(silent).to.deep.equal([]);
  });

  it("has the fixed top level and nothing else", () => {
    const allowed = new Set(["server", "simulations", "policies", "views", "data", "test", "node_modules", "dist", "coverage"]);
    const folders = readdirSync(packagePath(), { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !/^(\.|dist-)/.test(entry.name),
    );
    expect(folders.map((entry) => entry.name).filter((name) => !allowed.has(name))).to.deep.equal([]);
  });

  it("has a README in every top-level folder", () => {
    for (const room of [".", "server", "simulations", "policies", "views", "data", "test"]) {
      expect(readFileSync(join(packagePath(room), "README.md"), "utf8").length, room).to.be.greaterThan(200);
    }
  });
});
