/** `comparison at-risk`: who is warned, as the stored comparison says, by every door, on the day itself and on an earlier one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { runCommandLine } from "../../server/cli/index.ts";
import { openLog, startServer } from "../../server/http/index.ts";
import type { Comparison } from "../../simulations/comparison/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

interface Listed {
  readonly at: string;
  readonly version: string;
  readonly eligible: number;
  readonly alarms: number;
  readonly record: { readonly hits: number; readonly alarms: number; readonly precision: object };
  readonly entities: readonly { readonly entity: string; readonly rank: number; readonly risk: number; readonly tier: string }[];
}

describe("comparison at-risk", () => {
  let market: Awaited<ReturnType<typeof smallMarketplace>>;
  let comparison: Comparison & { readonly run: { readonly id: string } };
  const asked = {
    baseline: "seller-performance@1.0.0",
    candidates: ["seller-performance@2.0.0"],
    seed: 7,
    replicates: 100,
    format: "text",
  };

  before(async () => {
    market = await smallMarketplace();
    comparison = await perform(market.store, "compare", { ...asked, dataset: market.dataset });
  });
  after(() => market.remove());

  async function run(...words: readonly string[]) {
    const [stdout, stderr] = [[] as string[], [] as string[]];
    const sink = (texts: string[]) => ({ write: (text: string) => void texts.push(text) });
    const settings = { home: market.home, host: "127.0.0.1", port: 0, logLevel: "silent" };
    const all = ["comparison", "at-risk", "--run", comparison.run.id, ...words];
    const exitCode = await runCommandLine(all, { stdout: sink(stdout), stderr: sink(stderr), settings });
    return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
  }
  const list = async (...words: readonly string[]) => JSON.parse((await run(...words, "--json")).stdout) as Listed;

  it("lists everybody with an alarm, and the first of them are those of the comparison", async () => {
    for (const [index, version] of ["1.0.0", "2.0.0"].entries()) {
      const kept = present(comparison.atRisk?.policies[index], "a policy");
      const answer = await list("--policy", version);
      expect(answer.alarms).to.equal(kept.now.alarms);
      expect(answer.entities).to.have.length(kept.now.alarms);
      expect(kept.now.alarms).to.be.above(0);
      const first = kept.now.listed.filter(({ hasAlarm }) => hasAlarm).map(({ entity, risk, tier }) => ({ entity, risk, tier }));
      expect(answer.entities.slice(0, first.length).map(({ entity, risk, tier }) => ({ entity, risk, tier }))).to.deep.equal(first);
      expect(answer.record).to.deep.include({ hits: kept.model.hits, alarms: kept.model.alarms, precision: kept.model.precision });
      const risks = answer.entities.map(({ risk }) => risk);
      expect(risks).to.deep.equal(risks.toSorted((a, b) => b - a));
    }
    expect((await list()).version).to.equal("2.0.0");
  });

  it("reads nothing after an earlier day: the list is that of a comparison which ends then", async () => {
    const cut = present(comparison.atRisk?.policies[1]?.dates.at(-6), "a date").date;
    const ended = await perform<Comparison>(market.store, "compare", { ...asked, dataset: market.dataset, to: cut });
    const then = await list("--at", cut);
    const kept = present(ended.atRisk?.policies[1], "a policy");
    expect(then.at).to.equal(kept.now.at);
    expect(then.alarms).to.equal(kept.now.alarms);
    const first = kept.now.listed.filter(({ hasAlarm }) => hasAlarm).map(({ entity, risk }) => [entity, risk]);
    expect(then.entities.slice(0, first.length).map(({ entity, risk }) => [entity, risk])).to.deep.equal(first);
    expect(then.record.alarms).to.be.below((await list()).record.alarms);
  });

  it("gives the same list as CSV: to a file, to the terminal, and by the report's link", async () => {
    const out = join(market.home, "alarms.csv");
    const [written, printed, answer] = [await run("--out", out), await run("--format", "csv"), await list()];
    expect(written.stdout).to.match(/^Wrote .*alarms\.csv: \d+ alarms/);
    const file = readFileSync(out, "utf8");
    expect(file.trimEnd()).to.equal(printed.stdout.trimEnd());
    const lines = file.trimEnd().split("\r\n");
    expect(lines[0]).to.match(/^entity,version,at,rank,risk,.*past_precision,past_lead_lower,past_lead_median,past_lead_upper$/);
    expect(lines.slice(1).map((line) => line.split(",")[0])).to.deep.equal(answer.entities.map(({ entity }) => entity));
    const server = await startServer({ store: market.store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    const response = await fetch(`${server.address}/runs/${comparison.run.id}/alarms.csv?candidate=2.0.0`);
    expect(response.headers.get("content-disposition")).to.include("alarms-");
    expect(await response.text()).to.equal(file);
    const page = await (await fetch(`${server.address}/runs/${comparison.run.id}/report`)).text();
    expect(page).to.include(`/runs/${comparison.run.id}/alarms.csv?candidate`);
    await server.close();
    expect((await run()).stdout).to.match(/alarms of \d+ at .* under 2\.0\.0; .*\nSuch alarms before: \d+ of \d+ came true/);
  });

  for (const [what, words, message] of [
    ["a version that the run does not have", ["--policy", "9.9.9"], /no version '9\.9\.9'/],
    ["a day outside the comparison", ["--at", "1999-01-01"], /1999-01-01, and the comparison runs from/],
    ["a file in a folder that is not there", ["--out", "/nowhere/at/all.csv"], /does not exist/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { exitCode, stderr } = await run(...words);
      expect(exitCode).to.not.equal(0);
      expect(stderr).to.match(message);
    });
  }
});
