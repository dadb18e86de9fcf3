/** Studies: each runs, says what it counts, and would notice a broken promise. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { breaksPromise, type Study } from "../../simulations/statistics/studies/study.ts";
import { findStatistic, runStudy, statistics, studies } from "../../simulations/statistics/table.ts";

describe("studies by simulation", () => {
  for (const study of studies) {
    it(`${study.name}: every kind of data gives numbers`, () => {
      const results = runStudy(study, present(findStatistic(study.statistic), study.statistic), { seeds: 12, seed: 3 });
      expect(new Set(results.map(({ world }) => world)).size).to.equal(study.worlds.length);
    });
  }

  it("are drawn the same way from the same seed, and otherwise from another", () => {
    const [study] = studies;
    const run = (seed: number) =>
      runStudy(
        present(study, "a study"),
        present(
          statistics.find(({ name }) => name === study?.statistic),
          "it",
        ),
        { seeds: 40, seed },
      );
    expect(run(3)).to.deep.equal(run(3));
    expect(run(3)).not.to.deep.equal(run(4));
  });

  it("notice an interval that claims more than it holds", () => {
    const statistic = present(findStatistic("wilson-proportion"), "wilson-proportion");
    const study: Study = {
      name: "wrong",
      statistic: "wilson-proportion",
      worlds: [
        {
          name: "another truth",
          holds: false,
          truth: 0.4,
          draw: (random) => ({ sample: { successes: random.binomial(100, 0.3), trials: 100 } }),
        },
      ],
    };
    const [result] = runStudy(study, statistic, { seeds: 200, seed: 1 });
    expect(breaksPromise(present(result, "a result"))).to.equal(true);
    expect(result?.achieved).to.be.lessThan(0.7);
  });
});
