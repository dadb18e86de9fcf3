/** Studies: each runs, says what it counts, and would notice a broken promise. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath, present } from "../../data/foundation/index.ts";
import { breaksPromise, drawFindings, type Study } from "../../simulations/statistics/studies/study.ts";
import { findStatistic, runStudy, statistics, studies } from "../../simulations/statistics/table.ts";

/** Entries that give figures of a design, not estimates from data. */
const designs = new Set(["group-sequential-design", "sequence-boundary"]);

/** Study and data of the lines in simulations/README.md that break their promise where the assumptions fail. */
function brokenWorlds(): ReadonlySet<string> {
  const lines = readFileSync(packagePath("simulations", "README.md"), "utf8").split("\n");
  const broken = lines.filter((line) => line.includes("| fail |") && line.includes("**"));
  return new Set(
    broken.map((line) =>
      line
        .split(" | ", 2)
        .join(" | ")
        .replace(/ \(\d+ seeds\)$/, ""),
    ),
  );
}

describe("studies by simulation", () => {
  it("are there for every statistic of the table that estimates or tests", () => {
    const studied = new Set(studies.map(({ statistic }) => statistic));
    const left = statistics.filter(({ name, family }) => !studied.has(name) && family !== "planning" && !designs.has(name));
    expect(left.map(({ name }) => name)).to.deep.equal([]);
  });

  it("have names of their own, for studies and for worlds in a study", () => {
    expect(new Set(studies.map(({ name }) => name)).size).to.equal(studies.length);
    for (const { name, worlds } of studies) expect(new Set(worlds.map((world) => world.name)).size, name).to.equal(worlds.length);
  });

  it("break their promise only where most drawn data are warned about, or the data cannot show it", () => {
    const broken = brokenWorlds();
    expect(broken.size).to.be.greaterThan(20);
    const silent = studies.flatMap((study) =>
      study.worlds
        .filter((world) => broken.has(`| \`${study.name}\` | ${world.name}`) && world.unseen === undefined)
        .filter((world) => {
          const statistic = present(findStatistic(study.statistic), study.statistic);
          const draws = Array.from({ length: 12 }, (_, draw) => drawFindings(study.name, world, statistic, { draw, seed: 1 }));
          return draws.filter((findings) => findings.some(({ warnings }) => warnings.length > 0)).length < 7;
        })
        .map(({ name }) => `${study.name}: ${name}`),
    );
    expect(silent).to.deep.equal([]);
  });

  for (const study of studies) {
    it(`${study.name}: every kind of data gives numbers`, () => {
      const results = runStudy(study, present(findStatistic(study.statistic), study.statistic), { seeds: 8, seed: 3 });
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

  it("judge a path over all of its looks", () => {
    const statistic = present(findStatistic("wilson-proportion"), "wilson-proportion");
    const look = (successes: number) => ({ sample: { successes, trials: 100 }, nullValue: 0.5 });
    const path = (name: string, counts: readonly number[]): Study => ({
      name,
      statistic: "wilson-proportion",
      worlds: [{ name, holds: true, truth: 0.5, isNull: true, isPath: true, draw: () => counts.map(look) }],
    });
    const achieved = (counts: readonly number[]) =>
      runStudy(path("a path", counts), statistic, { seeds: 1, seed: 1 }).map((row) => row.achieved);
    expect(achieved([50, 52, 49])).to.deep.equal([1, 0]);
    expect(achieved([50, 75, 49])).to.deep.equal([0, 1]);
  });

  it("judge a ratio beyond every number by its set and its test, and leave out what tells nothing", () => {
    const study = (name: string, successes: readonly [number, number], trials: number): Study => ({
      name,
      statistic: "fisher-exact",
      worlds: [
        {
          name,
          holds: true,
          truth: 2,
          isNull: false,
          draw: () => ({ control: { successes: successes[0], trials }, treatment: { successes: successes[1], trials } }),
        },
      ],
    });
    const rows = (of: Study) =>
      runStudy(of, present(findStatistic(of.statistic), of.statistic), { seeds: 1, seed: 1 }).map((row) => [row.measure, row.achieved]);
    const told = [
      ["coverage", 1],
      ["power", 0],
    ];
    expect(rows(study("few", [0, 2], 5))).to.deep.equal(told);
    expect(rows(study("many", [0, 40], 50))).to.deep.equal(told.map(([measure, achieved]) => [measure, 1 - Number(achieved)]));
    expect(rows(study("nothing", [0, 0], 5))).to.deep.equal([]);
  });

  it("count the mean share where a finding is judged by a share", () => {
    const statistic = present(findStatistic("wilson-proportion"), "wilson-proportion");
    const world = {
      name: "shares",
      holds: true,
      isNull: true,
      draw: () => ({ sample: { successes: 5, trials: 10 } }),
      judge: () => ({ rejected: 0.25 }),
    };
    const [result] = runStudy({ name: "shares", statistic: statistic.name, worlds: [world] }, statistic, { seeds: 8, seed: 1 });
    expect(result?.achieved).to.equal(0.25);
    expect(result?.nominal).to.equal(0.05);
  });
});
