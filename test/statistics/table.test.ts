/** The table of statistics keeps its promises, entry by entry. */
import { existsSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { families, findStatistic, statistics, statisticsInMarkdown, studiesInMarkdown } from "../../simulations/statistics/table.ts";
import { readmePart } from "./readme-tables.ts";

describe("the table of statistics", () => {
  it("names each statistic once, in kebab-case, family by family", () => {
    const names = statistics.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name).to.match(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const order = statistics.map(({ family }) => Object.keys(families).indexOf(family));
    expect(order).to.deep.equal([...order].sort((a, b) => a - b));
    for (const name of names) expect(findStatistic(name)?.name).to.equal(name);
    expect(findStatistic("no-such")).to.equal(undefined);
  });

  for (const { name, formula, assumptions, source, references, input, example, compute } of statistics) {
    it(`${name}: the example gives a finding, a sentence a field, a source, and references that exist`, () => {
      const found = compute(input.parse(example));
      expect(found.kind, JSON.stringify(found)).to.equal("finding");
      expect(formula).to.match(/\S/);
      expect(assumptions).to.not.deep.equal([]);
      expect(source).to.match(/\d{4}/);
      expect(references).to.not.deep.equal([]);
      for (const reference of references) {
        const file = reference.split(" ")[0] ?? "";
        expect(existsSync(packagePath("test/statistics/references", file)), reference).to.equal(true);
      }
      expect(input.safeParse({ ...(example as object), surprise: 1 }).success, "an unknown field").to.equal(false);
    });
  }
});

describe("the reference of statistics", () => {
  it("stands in simulations/README.md as the table says it", () => {
    const written = statisticsInMarkdown(statistics);
    expect(readmePart("statistics", written)).to.equal(written);
  });

  it("writes studies a line a measure: bold where a promise is broken, seeds where there were fewer, a share of what had no answer", () => {
    const result = {
      world: "few units",
      holds: true,
      measure: "coverage",
      nominal: 0.95,
      achieved: 0.9481,
      lower: 0.93,
      upper: 0.96,
      seeds: 2000,
      undetermined: 0,
    } as const;
    const { nominal: _, ...power } = { ...result, measure: "power", achieved: 0.4 } as const;
    const results = [
      result,
      { ...result, holds: false, upper: 0.9499, undetermined: 50 },
      { ...result, measure: "level", nominal: 0.05, achieved: 0.06, lower: 0.0499, seeds: 500 } as const,
      power,
    ];
    expect(studiesInMarkdown([{ name: "welch", results }]).split("\n")).to.deep.equal([
      "",
      "| study | data | assumptions | measure | nominal | achieved | undetermined |",
      "| --- | --- | --- | --- | ---: | ---: | ---: |",
      "| `welch` | few units | hold | coverage | 95.0 | 94.8 |  |",
      "| `welch` | few units | fail | coverage | 95.0 | **94.8** | 2.5 |",
      "| `welch` | few units (500 seeds) | hold | level | 5.0 | 6.0 |  |",
      "| `welch` | few units | hold | power |  | 40.0 |  |",
      "",
      "",
    ]);
  });
});
