/** Runs every `@example` of a docstring: its last expression must equal the value behind `// =>`. */
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { type SourceFile, sourceFiles } from "../architecture/imports.ts";

interface Example {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly expected: string;
}

describe("documented examples", () => {
  const examples = sourceFiles()
    .filter((file) => !file.path.startsWith("test/"))
    .flatMap(examplesOf);

  it("are many", () => {
    expect(examples.length).to.be.greaterThan(8);
  });

  for (const example of examples) {
    it(`${example.file}:${example.line}`, async () => {
      const scope = await exportsOf(example.file);
      expect(await evaluate(example.code, scope)).to.deep.equal(await evaluate(example.expected, scope));
    });
  }
});

function examplesOf(file: SourceFile): readonly Example[] {
  const examples: Example[] = [];
  for (const match of file.text.matchAll(/@example\n([\s\S]*?)\*\//g)) {
    const lines = (match[1] ?? "").split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
    const mark = lines.findIndex((line) => line.startsWith("// =>"));
    if (mark === -1) continue;
    examples.push({
      file: file.path,
      line: file.text.slice(0, match.index).split("\n").length,
      code: lines.slice(0, mark).join("\n"),
      expected: lines
        .slice(mark)
        .map((line) => line.replace(/^\/\/ (=> )?/, ""))
        .join("\n")
        .trim(),
    });
  }
  return examples;
}

/** What an example may use: the exports of its own file and of its room. */
async function exportsOf(path: string): Promise<Record<string, unknown>> {
  const compiled = new URL(import.meta.url).pathname.split("/test/docs/")[0] ?? packagePath("dist");
  const room = path.split("/").slice(0, 2).join("/");
  const own = (await import(`${compiled}/${path.replace(/\.ts$/, ".js")}`)) as Record<string, unknown>;
  const shared = path.startsWith("views/") ? {} : ((await import(`${compiled}/${room}/index.js`)) as Record<string, unknown>);
  return { ...shared, ...own };
}

/** Statements, then one expression that may span lines: the longest tail that parses as an expression is the result. */
async function evaluate(code: string, scope: Record<string, unknown>): Promise<unknown> {
  const lines = code.split("\n").filter((line) => line.trim() !== "");
  const names = Object.keys(scope);
  for (let start = 0; start < lines.length; start++) {
    const tail = lines.slice(start).join("\n").replace(/;\s*$/, "");
    const body = `"use strict"; return (async () => { ${lines.slice(0, start).join("\n")}\nreturn (${tail}\n); })()`;
    let run: (...values: unknown[]) => unknown;
    try {
      // oxlint-disable-next-line typescript/no-implied-eval -- documented examples are our own code
      run = new Function(...names, body) as typeof run;
    } catch {
      continue;
    }
    return await run(...names.map((name) => scope[name]));
  }
  throw new Error(`the example is not an expression:\n${code}`);
}
