/** `comparison audit-plan`: the plan of a stored comparison, the same list by every door, and plain faults. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { runCommandLine } from "../../server/cli/index.ts";
import type { Comparison } from "../../simulations/comparison/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

interface PlanAnswer {
  readonly plan: { readonly audits: number; readonly strata: readonly object[]; readonly change: { readonly halfWidth: number } };
  readonly holdout?: object;
  readonly entities: readonly { readonly entity: string; readonly probability: number }[];
}

describe("comparison audit-plan", () => {
  let market: Awaited<ReturnType<typeof smallMarketplace>>;
  let comparison: Comparison & { readonly run: { readonly id: string } };

  before(async () => {
    market = await smallMarketplace();
    comparison = await perform(market.store, "compare", {
      baseline: "seller-performance@1.0.0",
      candidates: ["seller-performance@2.0.0"],
      dataset: market.dataset,
      seed: 1,
      replicates: 100,
      format: "text",
    });
  });
  after(() => market.remove());

  async function run(...words: readonly string[]) {
    const [stdout, stderr] = [[] as string[], [] as string[]];
    const sink = (texts: string[]) => ({ write: (text: string) => void texts.push(text) });
    const settings = { home: market.home, host: "127.0.0.1", port: 0, logLevel: "silent" };
    const all = ["comparison", "audit-plan", "--run", comparison.run.id, ...words];
    const exitCode = await runCommandLine(all, { stdout: sink(stdout), stderr: sink(stderr), settings });
    return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
  }

  it("plans by default what the comparison's report shows, and draws as many", async () => {
    const { stdout, exitCode } = await run("--json");
    expect(exitCode).to.equal(0);
    const answer = JSON.parse(stdout) as PlanAnswer;
    const kept = comparison.candidates[0]?.audits;
    expect(answer.plan).to.deep.equal(kept?.plan);
    expect(answer.holdout).to.deep.equal(kept?.holdout);
    expect(answer.entities).to.have.length(answer.plan.audits);
  });

  it("writes the same list as CSV, to a file or to the terminal", async () => {
    const out = join(market.home, "audits.csv");
    const [written, printed, json] = [await run("--out", out), await run("--format", "csv"), await run("--json")];
    expect(written.stdout).to.match(/^Wrote .*audits\.csv: \d+ entities to audit/);
    const file = readFileSync(out, "utf8");
    expect(file.trimEnd()).to.equal(printed.stdout.trimEnd());
    const { entities } = JSON.parse(json.stdout) as PlanAnswer;
    expect(
      file
        .trimEnd()
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(",")[0]),
    ).to.deep.equal(entities.map(({ entity }) => entity));
  });

  it("needs more audits for a narrower interval, and says what it expects", async () => {
    const wide = JSON.parse(
      (await run("--half-width", "5pp", "--rate-half-width", "20pp", "--minimum", "2", "--json")).stdout,
    ) as PlanAnswer;
    const narrow = JSON.parse(
      (await run("--half-width", "0.5pp", "--rate-half-width", "20pp", "--minimum", "2", "--json")).stdout,
    ) as PlanAnswer;
    expect(narrow.plan.audits).to.be.at.least(wide.plan.audits);
    expect(wide.plan.change.halfWidth).to.be.at.most(0.05);
    expect((await run()).stdout).to.match(/audits of \d+ at \d{4}-\d\d-\d\d, for 2\.0\.0\nchange of the false-positive rate: \+-/);
  });

  for (const [what, words, message] of [
    ["a half-width that is none", ["--half-width", "wide"], /percentage points/],
    ["a half-width of nothing", ["--half-width", "0pp"], /percentage points/],
    ["a candidate that the run does not have", ["--candidate", "9.9.9"], /no candidate '9\.9\.9'/],
    ["a file in a folder that is not there", ["--out", "/nowhere/at/all.csv"], /does not exist/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { exitCode, stderr } = await run(...words);
      expect(exitCode).to.not.equal(0);
      expect(stderr).to.match(message);
    });
  }
});
