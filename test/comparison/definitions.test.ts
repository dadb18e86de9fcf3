/** The definitions in the README are those that the report prints. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { definitionOf, definitionsInMarkdown, type FigureName, figureDefinitions } from "../../simulations/comparison/index.ts";
import { coverageContributors, coverageTable } from "../../simulations/statistics/index.ts";

describe("definitions of figures", () => {
  const readme = readFileSync(packagePath("simulations/README.md"), "utf8");

  it("stand in simulations/README.md word for word", () => {
    expect(readme).to.include(`-->\n${definitionsInMarkdown()}<!-- end of figures -->`);
  });

  it("have a sentence, a formula, a period and a source each", () => {
    for (const figure of Object.keys(figureDefinitions)) {
      const definition = definitionOf(figure as FigureName);
      expect(definition.sentence, figure).to.match(/\.$/);
      expect([definition.formula, definition.period, definition.source].every((text) => text.length > 3)).to.equal(true);
    }
  });

  it("print the coverage table that intervals of totals quote", () => {
    const singleSpaced = readme.replaceAll(/ +/g, " ");
    for (const [index, row] of coverageTable.entries()) {
      expect(singleSpaced).to.include(`| ${coverageContributors[index]} | ${row.join(" | ")} |`);
    }
  });
});
