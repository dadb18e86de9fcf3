/** The schemas of files of cases and guards: they accept every file that ships, and refuse what the reader would. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { z } from "zod";
import { packagePath } from "../../data/foundation/index.ts";
import { casesJsonSchema } from "../../policies/cases/index.ts";
import { guardsJsonSchema } from "../../simulations/guards/index.ts";

const library = packagePath("policies", "library");
const shipped = readdirSync(library, { recursive: true, encoding: "utf8" }).map((name) => join(library, name));
const kinds = [
  {
    what: "cases",
    schema: casesJsonSchema,
    published: join(library, "cases.schema.json"),
    files: shipped.filter((file) => file.endsWith(".cases.yaml")),
  },
  {
    what: "guards",
    schema: guardsJsonSchema,
    published: join(library, "guards.schema.json"),
    files: shipped.filter((file) => file.endsWith("guards.yaml")),
  },
];
const textOf = (file: string): string => readFileSync(file, "utf8");
const accepts = (schema: unknown, text: string): boolean =>
  z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(parse(text)).success;

for (const { what, schema, published, files } of kinds) {
  describe(`the schema of ${what}`, () => {
    it("is published as the code has it", () => {
      expect(JSON.parse(textOf(published))).to.deep.equal(schema);
    });

    for (const file of files) {
      it(`is named by ${file.slice(library.length + 1)}, and accepts it`, () => {
        const reference = /^# yaml-language-server: \$schema=(\S+)$/m.exec(textOf(file))?.[1] ?? "";
        expect(join(dirname(file), reference)).to.equal(published);
        expect(accepts(schema, textOf(file))).to.equal(true);
      });
    }

    it("describes every key", () => {
      const undescribed: string[] = [];
      const look = (node: unknown, path: string): void => {
        if (typeof node !== "object" || node === null) return;
        const { properties } = node as { properties?: Record<string, { description?: string }> };
        for (const [key, value] of Object.entries(properties ?? {}))
          if ((value.description ?? "") === "") undescribed.push(`${path}.${key}`);
        for (const [key, value] of Object.entries(node)) look(value, `${path}.${key}`);
      };
      look(schema, "");
      expect(undescribed).to.deep.equal([]);
    });
  });
}

describe("the schema of cases", () => {
  const base = textOf(packagePath("test", "cases", "base.cases.yaml"));
  const broken: readonly (readonly [string, string, string])[] = [
    ["a key that no file of cases has", "levels: [response]", "rows_by: attribute"],
    ["no grain", "grain: week\n", ""],
    ["periods of no length", "grain: week", "grain: year"],
    ["a version that is none", "version: 1.0.0", "version: first"],
    ["a unit that is none", "gmv: money", "gmv: monie"],
    ["a stretch without a period", "week: 2024-01-07, ", ""],
    ["a period that is no day", "week: 2024-01-07", "week: 2024-1-7"],
    ["a run without its end", "2024-01-14 to 2024-01-28", "2024-01-14"],
    ["an expectation without a date", "on: 2024-01-08, ", ""],
    ["nothing that is expected", "{ on: 2024-01-08, late_rate: 5 %, tier: gold }", "{ on: 2024-01-08 }"],
    ["a reason that is none", "reason: counting down", "reason: countingdown"],
    ["a case without a name", "- name: First\n    because", "- because"],
  ];

  it("accepts the cases that the others are made from", () => {
    expect(accepts(casesJsonSchema, base)).to.equal(true);
    expect(accepts(casesJsonSchema, textOf(packagePath("test", "cases", "whole.cases.yaml")))).to.equal(true);
  });

  for (const [why, from, to] of broken) {
    it(`refuses ${why}`, () => {
      expect(base).to.include(from);
      expect(accepts(casesJsonSchema, base.replace(from, to))).to.equal(false);
    });
  }
});

describe("the schema of guards", () => {
  const lines = (line: string): string => `programme: seller-performance\nguards: [${line}]\n`;

  for (const line of ["movers at most 3 %", "demotions of small sellers at most 1.2 x baseline", "gmv at stake at least 0.5 %"]) {
    it(`accepts '${line}'`, () => {
      expect(accepts(guardsJsonSchema, lines(line))).to.equal(true);
    });
  }

  for (const line of [
    "mover at most 3 %",
    "movers at most 3",
    "movers below 3 %",
    "movers at most -3 %",
    "movers at most 3 x candidate",
    "3",
  ]) {
    it(`refuses '${line}'`, () => {
      expect(accepts(guardsJsonSchema, lines(line))).to.equal(false);
    });
  }

  it("refuses another key, and no programme", () => {
    expect(accepts(guardsJsonSchema, `${lines("movers at most 3 %")}sample: 3\n`)).to.equal(false);
    expect(accepts(guardsJsonSchema, "guards: []\n")).to.equal(false);
  });
});
