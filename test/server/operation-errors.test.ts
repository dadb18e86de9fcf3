/** What the reference says an operation can answer with: no code that is not there, none left out, and none seen that is not told. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ZodError } from "zod";
import { type DiagnosticCode, errorCatalogue, InputRefused, packagePath, present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import {
  errorFamilies,
  errorsOf,
  errorsOfAny,
  exampleInput,
  findOperation,
  type Operation,
  operations,
} from "../../server/operations/index.ts";
import { contextOf, perform, smallMarketplace } from "./small-marketplace.ts";

/** They listen, make what takes long, ask the queue of a server, or write into the folder that they are given. */
const notTried = new Set(["serve", "dataset demo", "dataset tables", "job cancel"]);

const toldOf = (name: string): ReadonlySet<DiagnosticCode> => {
  const { codes, families } = errorsOf(name);
  return new Set([...errorsOfAny, ...codes, ...families.flatMap((family) => errorFamilies[family])]);
};

describe("the errors of operations", () => {
  let store: Store;
  let real: Readonly<Record<string, unknown>>;
  let remove: () => void;

  before(async () => {
    let dataset: string;
    ({ store, dataset, remove } = await smallMarketplace());
    const { run } = await perform<{ run: { id: string } }>(store, "compare", {
      baseline: "seller-performance@1.0.0",
      candidates: ["seller-performance@2.0.0"],
      dataset,
      replicates: 100,
    });
    real = { dataset, run: run.id, other: run.id };
  });
  after(() => remove());

  it("hold every code that anything but an address refuses", () => {
    const told = new Set<string>([...errorsOfAny, ...operations.flatMap(({ name }) => [...toldOf(name)])]);
    const rest = Object.entries(errorCatalogue).flatMap(([code, { severity }]) => (severity === "error" && !told.has(code) ? [code] : []));
    expect(rest).to.deep.equal(["not-found", "method-not-allowed"].filter((code) => !told.has(code)));
    for (const { name } of operations) for (const code of errorsOf(name).codes) expect(errorCatalogue, name).to.have.property(code);
  });

  it("hold each code that an operation's own file refuses with", () => {
    const folder = packagePath("server", "operations");
    const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
    let found = 0;
    for (const { name } of operations) {
      const own = files.find((text) => text.includes(`name: "${name}"`)) ?? "";
      for (const [, code = ""] of own.matchAll(/diagnose\(\s*"([a-z-]+)"/g)) {
        found++;
        expect([...toldOf(name)], name).to.include(code);
      }
    }
    expect(found).to.be.above(20);
  });

  it("hold what each answers when one of its fields names what is not there", async () => {
    const seen = new Set<string>();
    const untold: string[] = [];
    for (const operation of operations.filter(({ name }) => !notTried.has(name))) {
      const given = { ...exampleInput(operation, "command"), ...exampleInput(operation, "route") };
      const whole = Object.fromEntries(Object.entries(given).map(([field, value]) => [field, real[field] ?? value]));
      for (const field of ["", ...Object.keys(whole)]) {
        const code = await refusedCode(operation, field === "" ? whole : { ...whole, [field]: wrong(whole[field]) });
        if (code === undefined) continue;
        seen.add(code);
        if (!toldOf(operation.name).has(code as DiagnosticCode)) untold.push(`${operation.name}, wrong ${field}: ${code}`);
      }
    }
    expect(untold).to.deep.equal([]);
    expect([...seen]).to.include.members(["unknown-dataset", "unknown-run", "unknown-policy", "unknown-experiment", "unknown-statistic"]);
  });

  async function refusedCode({ name }: Operation, input: object): Promise<string | undefined> {
    try {
      const operation = present(findOperation(name), name);
      operation.admit(input, contextOf(store));
      await operation.perform(input, contextOf(store));
      return undefined;
    } catch (error) {
      // Doors refuse the form of an input by its shape.
      if (error instanceof ZodError) return "bad-request";
      if (!(error instanceof InputRefused)) throw error;
      return error.diagnostics.find(({ severity }) => severity === "error")?.code;
    }
  }
});

function wrong(value: unknown): unknown {
  return Array.isArray(value) ? [wrong(value[0])] : typeof value === "number" ? value : "nothing-there";
}
