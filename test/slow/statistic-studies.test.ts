/** The table of studies in simulations/README.md, simulated again: the same seeds give the same figures on every machine. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { findStatistic, runStudy, studies, studiesInMarkdown, studySeedsDefault } from "../../simulations/statistics/table.ts";
import { readmePart } from "../statistics/readme-tables.ts";

describe("studies of statistics", function () {
  this.timeout(900_000);

  it("show what simulations/README.md prints", () => {
    const results = studies.map((study) => ({
      name: study.name,
      results: runStudy(study, present(findStatistic(study.statistic), study.statistic), { seeds: studySeedsDefault, seed: 1 }),
    }));
    const written = studiesInMarkdown(results);
    expect(readmePart("studies", written)).to.equal(written);
  });
});
