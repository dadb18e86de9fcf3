/** Statistics through the doors: list, show, compute, and what is said of bad input. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runCommandLine } from "../../server/cli/index.ts";
import { statistics } from "../../simulations/statistics/table.ts";

describe("statistics on the command line", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "counterweight-test-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ["", ""];
    const code = await runCommandLine(words, {
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      settings: { home: join(folder, "home"), port: 0, host: "127.0.0.1", logLevel: "silent" },
    });
    return { code, out, err };
  }

  function file(text: string): string {
    const path = join(folder, "input.json");
    writeFileSync(path, text);
    return path;
  }

  it("lists every statistic of the table, and shows one whole", async () => {
    const listed = JSON.parse((await run("statistic", "list", "--json")).out) as { statistics: { name: string }[] };
    expect(listed.statistics.map(({ name }) => name)).to.deep.equal(statistics.map(({ name }) => name));
    const shown = await run("statistic", "show", "wilson-proportion");
    expect(shown.out).to.include("Wilson (1927)").and.to.include('"successes": 41').and.to.include("estimate: 0.041");
  });

  it("computes by name alone, in words and as JSON", async () => {
    const input = file('{"sample": {"successes": 4, "trials": 40}}');
    const { code, out } = await run("statistic", "wilson-proportion", "--input", input, "--json");
    expect(code).to.equal(0);
    const { estimate } = JSON.parse(out) as {
      estimate: { value: number; interval: { lower: number; level: number }; assumptions: string[] };
    };
    expect(estimate.value).to.equal(0.1);
    expect(estimate.interval.level).to.equal(0.95);
    expect(estimate.interval.lower).to.be.closeTo(0.03957952868260635, 1e-12);
    expect(estimate.assumptions).to.include("units are drawn independently");
    expect((await run("statistic", "wilson-proportion", "--input", input)).out).to.match(
      /^estimate: 0\.1 \(95 % interval 0\.0395\d+ to 0\.2305\d+\)\n/,
    );
  });

  it("says why there is no number, and exits with 0: that is an answer", async () => {
    const { code, out } = await run(
      "statistic",
      "wilson-proportion",
      "--input",
      file('{"sample": {"successes": 0, "trials": 0}}'),
      "--json",
    );
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.deep.equal({
      undetermined: { reason: "0 of 0: no trial in the denominator", wouldDetermine: "at least one trial" },
    });
  });

  it("places every fault of the input in the file", async () => {
    const path = file('{"sample": {"successes": 41,\n  "trials": 40},\n "level": 2, "levle": 1}');
    const { code, err } = await run("statistic", "wilson-proportion", "--input", path);
    expect(code).to.equal(1);
    const lines = err.trim().split("\n").sort();
    expect(lines.map((line) => line.slice(path.length))).to.have.length(3);
    expect(err).to.include(`${path}:1:12 bad-statistic-input: 'sample': more successes than trials`);
    expect(err).to.include(`${path}:3:11 bad-statistic-input: 'level' must be below 1`);
    expect(err).to.include("no field is called 'levle'. Did you mean 'level'?");
  });

  it("of several forms of an input names what the nearest one lacks", async () => {
    const of = async (control: unknown) =>
      (await run("statistic", "welch-means", "--input", file(JSON.stringify({ control, treatment: { values: [2, 3, 4] } })))).err;
    const near = await of({ n: 10, mean: 1, sd: 2 });
    expect(near).to.include("'control.variance' is missing").and.to.include("'control' has no field 'sd'");
    expect(near).to.not.include("values");
    expect(await of([1, 2, 3])).to.include("'control' must be an object, not a list");
  });

  it("places a fault within lists at the entry, also where the input has several forms", async () => {
    const path = file('{"control": {"values": [2,\n  "x", 3]},\n "treatment": {"n": 3, "mean": 1,\n  "variance": -1, "sd": 2}}');
    const { err } = await run("statistic", "welch-means", "--input", path);
    expect(err).to.include(`${path}:2:3 bad-statistic-input: 'control.values.1' must be a number, not a text`);
    expect(err).to.include(`${path}:4:15 bad-statistic-input: 'treatment.variance' must be 0 or more`);
    expect(err).to.include(`${path}:4:25 bad-statistic-input: 'treatment' has no field 'sd'`);
    const groups = file('{"groups": [[1, 2],\n [3, null], {"n": 2, "mean": 1, "variance": "x"}]}');
    const said = (await run("statistic", "anova-one-way", "--input", groups)).err;
    expect(said).to.include(`${groups}:2:6 bad-statistic-input: 'groups.1.1' must be a number, not null`);
    expect(said).to.match(/:2:\d+ bad-statistic-input: 'groups\.2\.variance' must be a number, not a text/);
  });

  it("names the kinds that there are, where the one that is named is none", async () => {
    const of = async (boundary: string) =>
      (await run("statistic", "sequence-boundary", "--input", file(`{"boundary": ${boundary}, "at": 1, "alpha": 0.1}`))).err;
    expect(await of('{"kind": "mixtur"}')).to.include(
      "bad-statistic-input: 'boundary.kind' must be one of mixture, poly-stitching, quantile-stitching, empirical-process. Did you mean 'mixture'?",
    );
    expect(await of("{}")).to.include("'boundary.kind' is missing");
    expect(await of('{"kind": 7}')).to.include("'boundary.kind' must be one of mixture, ");
  });

  it("runs every study of a statistic by its name, or one of them by its own, with the same numbers", async () => {
    type Study = { readonly results: readonly { readonly study: string; readonly achieved: number }[] };
    const study = async (name: string) =>
      (JSON.parse((await run("statistic", "study", name, "--seeds", "10", "--json")).out) as Study).results;
    const all = await study("population-stability");
    expect(new Set(all.map((result) => result.study))).to.have.length(2);
    expect(all.filter((result) => result.study === "population-stability, asymptotic")).to.deep.equal(
      await study("population-stability, asymptotic"),
    );
    const { code, err } = await run("statistic", "study", "population-stabilit");
    expect([code, /unknown-statistic: no study is called 'population-stabilit'/.test(err)]).to.deep.equal([1, true]);
  });

  it("tells a ratio beyond every number in words, with its end and its test", async () => {
    const input = file('{"control": {"successes": 0, "trials": 29}, "treatment": {"successes": 5, "trials": 56}}');
    const { out } = await run("statistic", "score-risk-ratio", "--input", input, "--json");
    const { undetermined, test } = JSON.parse(out) as { undetermined: { set: { kind: string; lower: number } }; test: { pValue: number } };
    expect(undetermined.set.kind).to.equal("at-least");
    expect(undetermined.set.lower).to.be.within(0.5, 1);
    expect(test.pValue).to.be.within(0.09, 0.11);
    expect((await run("statistic", "score-risk-ratio", "--input", input)).out).to.match(
      /^undetermined: no success in the control: the ratio is beyond every number \(95 %: at least 0\.\d+\)\. What would determine it: /,
    );
  });

  it("refuses JSON that nests too deep", async () => {
    const path = file(`{"sample":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
    expect((await run("statistic", "wilson-proportion", "--input", path)).err).to.match(/input\.json:1:1 limit-exceeded: 33 levels/);
  });

  it("refuses an input that is no UTF-8 where it is none", async () => {
    const path = join(folder, "latin.json");
    writeFileSync(path, Buffer.from('{"sample": {"successes": 1, "trials": 2},\n "note": "caf\u00e9"}', "latin1"));
    const { code, err } = await run("statistic", "wilson-proportion", "--input", path);
    expect([code, err.includes("latin.json:2:14 bad-json:")]).to.deep.equal([1, true]);
  });

  it("says where a text stops being JSON, which statistic was meant, and that an input is needed", async () => {
    expect((await run("statistic", "wilson-proportion", "--input", file('{"sample":\n {,}'))).err).to.match(/input\.json:2:3 bad-json:/);
    expect((await run("statistic", "wilson-proportions", "--input", file("{}"))).err).to.include("Did you mean 'wilson-proportion'?");
    expect((await run("statistic", "wilson-proportion")).code).to.equal(2);
    expect((await run("statistic", "wilson-proportion", "--input", join(folder, "none.json"))).err).to.match(
      /none\.json:1:1 file-not-found:/,
    );
  });
});
