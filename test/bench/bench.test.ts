/** The bench itself: contenders agree on a small history, a wrong one is caught, and the report has its fields. No time is asserted. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { measuresRead } from "../../policies/language/index.ts";
import { requireSameResult } from "./compare-results.ts";
import { measureContender } from "./contenders/measure-contender.ts";
import { policyOf } from "./contenders/policy-of.ts";
import { benchPolicy, workloadNamed } from "./manifest.ts";
import { type Ask, runWorkload } from "./paired-runs.ts";
import { ratiosOf } from "./ratios.ts";
import { markdownOf, reportOf } from "./report.ts";
import { spreadOf } from "./spread.ts";

describe("the bench", () => {
  const small = present(workloadNamed("small"), "the small workload");
  const python = { missing: "not in this suite" };

  it("finds that replay, kernels, SQL and floor agree on a small history, and reports every ratio or its reason", async () => {
    const only = ["replay", "kernel", "floor", "threads-1", "threads-2", "duckdb-stepped", "numpy", "import", "duckdb-import"];
    const ask: Ask = ({ by }, task) => (typeof by === "function" ? measureContender(task) : python);
    const runs = [{ workload: small, policies: await runWorkload(small, { python, only, ask }) }];
    const report = reportOf(runs, { duckdbVersion: "1", loadBefore: 0 });
    expect(Object.keys(report.ratios)).to.include.members(["duckdb", "pandas", "floor", "threads", "import"]);
    for (const { policies } of report.workloads) {
      for (const { contenders, ratios, reasons } of policies) {
        for (const name of ["replay", "kernel", "floor", "duckdb-stepped"]) {
          const one = contenders.find((contender) => contender.name === name);
          expect(one?.missing, name).to.equal(undefined);
          expect(one?.entityPeriodsPerSecond.warm, name).to.be.greaterThan(0);
          expect(one?.peakMegabytes, name).to.be.greaterThan(0);
        }
        for (const name of ["threads-1", "threads-2"])
          expect(contenders.find((one) => one.name === name)?.missing, name).to.equal(undefined);
        expect(contenders.find(({ name }) => name === "numpy")?.missing).to.equal("not in this suite");
        for (const [name, ratio] of Object.entries(ratios)) {
          if (ratio === null) expect(reasons[name as keyof typeof reasons], name).to.match(/\w/);
          else expect(ratio, name).to.be.greaterThan(0);
        }
      }
    }
    expect(report.ratios.duckdb).to.be.a("number");
    expect(report.ratios.import).to.be.a("number");
    expect(report.reasons.numpy).to.equal("not in this suite");
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
    expect(markdownOf(report)).to.include("| `replay` | Counterweight, whole replay |");
  });

  it("asks a contender in a process of its own", async () => {
    const tiny = { ...small, sellers: 20, policies: ["curves"] as const };
    const [measured] = await runWorkload(tiny, { python, only: ["floor", "numpy"] });
    expect(measured?.contenders.map(({ name, missing }) => [name, missing])).to.deep.equal([
      ["floor", undefined],
      ["numpy", "not in this suite"],
    ]);
  });

  it("lets no time count when a result differs", () => {
    const ours = { by: "ours", result: { "0 gold": 3, "1 gold": 2 } };
    requireSameResult(ours, { by: "same", result: { "1 gold": 2, "0 gold": 3 } });
    expect(() => requireSameResult(ours, { by: "theirs", result: { "0 gold": 3, "1 gold": 1 } })).to.throw(
      "no time counts: of '1 gold' ours has 2 and theirs has 1",
    );
    expect(() => requireSameResult(ours, { by: "more", result: { ...ours.result, "1 watch": 1 } })).to.throw("'1 watch'");
    expect(() => requireSameResult({ by: "one", result: {} }, { by: "two", result: {} })).to.throw("computed nothing");
  });

  it("takes the fastest form of a peer, and says which", () => {
    const timed = (name: string, median: number) => ({
      name,
      title: name,
      warm: { median, deviation: 0, count: 1 },
      entityPeriodsPerSecond: {},
    });
    const { ratios, fastest, reasons } = ratiosOf([
      timed("replay", 10),
      timed("duckdb-a", 300),
      timed("duckdb-b", 200),
      timed("kernel", 8),
    ]);
    expect(ratios.duckdb).to.equal(20);
    expect(fastest.duckdb).to.equal("duckdb-b");
    expect(ratios.floor).to.equal(null);
    expect(reasons.floor).to.equal("it was not run");
  });

  it("gives median and median absolute deviation", () => {
    expect(spreadOf([5, 1, 2, 100])).to.deep.equal({ median: 3.5, deviation: 2, count: 4 });
  });

  for (const name of ["curves", "ledger"] as const) {
    it(`names every measure that the ${name} policy reads`, () => {
      expect([...measuresRead(policyOf(name))].toSorted()).to.deep.equal([...benchPolicy(name).measures].toSorted());
    });
  }
});
