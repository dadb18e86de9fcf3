/** Replays against a baseline through the doors: a comparison's figures on every engine, and what is refused of both policies. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { InputRefused, present } from "../../data/foundation/index.ts";
import { openPanel } from "../../data/panel/index.ts";
import { type Policy, readLibraryPolicy } from "../../policies/language/index.ts";
import { openLog, startServer } from "../../server/http/index.ts";
import { findOperation, resolveDataset } from "../../server/operations/index.ts";
import { replayOnEngine } from "../../server/operations/replay-engines.ts";
import { compare, countLabels, pairedGroups } from "../../simulations/comparison/index.ts";
import { replay } from "../../simulations/replay/index.ts";
import { contextOf, perform, smallMarketplace, visitorOf } from "./small-marketplace.ts";

interface Labelled {
  readonly fine: number;
  readonly baseline: { readonly rates: readonly { readonly numerator: number }[] };
  readonly candidate: Labelled["baseline"];
}

interface Replayed {
  readonly run: { readonly id: string; readonly digest: string };
  readonly policy: { readonly version: string };
  readonly periods: readonly { readonly period: string; readonly tiers: object; readonly gmv: object }[];
  readonly against: {
    readonly policy: { readonly version: string };
    readonly periods: Replayed["periods"];
    readonly startMatters: object;
    readonly pairs: readonly { period: string; baseline: string; candidate: string; entities: number; gmv: number }[];
    readonly gmv: object;
    readonly errors: readonly Labelled[];
    readonly segments: readonly { readonly segment: string; readonly value: string }[];
    readonly movement: { at: string; movers: number; newlyAdverse: number; matrix: readonly (readonly number[])[] } & Record<
      string,
      unknown
    >;
  };
}

/** Every estimate by its value alone. */
function valuesOf(amounts: object): object {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]: [string, unknown]) => {
      const isEstimate = typeof amount === "object" && amount !== null && "value" in amount;
      return [name, isEstimate ? amount.value : amount];
    }),
  );
}

function policyNamed(reference: string): Policy {
  return present(readLibraryPolicy(reference).policy, reference);
}

describe("a replay against a baseline", () => {
  let market: Awaited<ReturnType<typeof smallMarketplace>>;
  before(async () => {
    market = await smallMarketplace();
  });
  after(() => market.remove());

  const pair = { policy: "seller-performance@2.0.0", against: "seller-performance@1.0.0" };
  const replayed = async (more: object): Promise<Replayed> =>
    await perform<Replayed>(market.store, "replay", { ...pair, dataset: market.dataset, ...more });

  it("gives the figures of a comparison, the same on kernels and in DuckDB, and each policy's own replay", async () => {
    const ours = await replayed({});
    const theirs = await replayed({ engine: "duckdb" });
    expect(theirs).to.deep.equal({ ...ours, run: { ...ours.run, id: theirs.run.id } });
    expect(readdirSync(join(market.home, "shards")), "what waited in the home").to.deep.equal([]);
    const [baseline, candidate] = [policyNamed(pair.against), policyNamed(pair.policy)];
    const panel = openPanel(resolveDataset(market.store, market.dataset).folder);
    // With what the command takes by default.
    const compared = compare({ baseline, candidates: [candidate], panel, seed: 1, studies: false });
    const { movement, newlyAdverse, released, course, gmv, segments, errors } = present(compared.candidates[0], "a candidate");
    expect(ours.against.movement).to.deep.equal({ ...movement, newlyAdverse, released, tests: course?.tests });
    expect(ours.against.movement.movers).to.be.greaterThan(0);
    expect(ours.against.segments).to.deep.equal(segments);
    expect(segments.some(({ newlyAdverse: turned, released: freed }) => turned + freed > 0)).to.equal(true);
    // What reads scores and sizes of everyone is a comparison's alone.
    expect(ours.against.errors).to.deep.equal(errors.map(({ estimates: _estimates, ...counted }) => counted));
    expect(errors.filter(({ fine, harmful }) => fine > 0 && harmful > 0)).to.have.lengthOf.greaterThan(1);
    const { largest: _largest, ...amounts } = present(gmv, "GMV");
    expect(valuesOf(ours.against.gmv)).to.deep.equal(valuesOf(amounts));
    expect(amounts.atStake).to.have.property("value").greaterThan(0);
    for (const [policy, own] of [
      [pair.policy, ours],
      [pair.against, ours.against],
    ] as const) {
      const { periods } = await perform<Replayed>(market.store, "replay", { policy, dataset: market.dataset });
      expect(own.periods, policy).to.deep.equal(periods);
    }
    const of = ours.against.pairs.filter(({ period, candidate }) => period === ours.against.movement.at && candidate === "watch");
    const last = present(ours.periods.at(-1), "a period");
    expect(of.reduce((sum, { gmv }) => sum + gmv, 0)).to.equal((last.gmv as Record<string, number>)["watch"]);
  });

  it("is told with the finding first, then the matrix", async () => {
    const operation = present(findOperation("replay"), "replay");
    const answer = await replayed({});
    const input = { ...pair, dataset: market.dataset };
    const [finding = "", , heads, ...rows] = operation.print(answer, operation.input.parse(input), contextOf(market.store)).split("\n");
    const { movers } = answer.against.movement;
    expect(finding).to.match(
      new RegExp(`^Version 2.0.0 moves ${movers} of \\d+ sellers \\(.* 95 % interval .*\\) to another tier than version 1.0.0 in the`),
    );
    expect(finding).to.match(/: .* (up|down).*; \d+ newly adverse, \d+ released\.$/);
    expect(heads).to.match(/^1\.0\.0 \\ 2\.0\.0 +gold +standard +watch +restricted +unrated$/);
    expect(rows[0]).to.match(/^gold( +\d+){5}$/);
    const [all] = answer.against.errors;
    const [before, after] = [all?.baseline, all?.candidate].map((side) => side?.rates[0]?.numerator);
    expect(rows.find((row) => row.includes("known to be fine"))).to.match(
      new RegExp(
        `Of ${all?.fine} sellers known to be fine at .* 1\\.0\\.0 holds ${before} adverse and 2\\.0\\.0 ${after}\\. Labels known by`,
      ),
    );
  });

  it("has a page with the finding and the matrix, which the list of runs and its job lead to", async () => {
    const { run, against } = await replayed({});
    const server = await startServer({ store: market.store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    try {
      const { page } = visitorOf(() => server.address);
      expect(await page("/runs")).to.include(`<a href="/runs/${run.id}">seller-performance 1.0.0 → 2.0.0</a>`);
      const shown = await page(`/runs/${run.id}`);
      expect(shown).to.match(new RegExp(`<p class="answer" data-headline>Version 2.0.0 moves ${against.movement.movers} of`));
      expect(shown).to.include("--against seller-performance@1.0.0").and.include(`href="/api/runs/${run.id}"`);
      const cell = new RegExp(`<td>standard<td>watch<td>${against.movement.matrix[1]?.[2]}\\b`);
      expect(shown).to.match(cell);
      const text = shown.replaceAll("&nbsp;", " ").replaceAll("\u00a0", " ");
      const { entities } = against.gmv as { entities: number };
      expect(text).to.match(
        new RegExp(`<h2>Sales at stake</h2><p class="block">.* are those of ${entities} sellers who come under a different`),
      );
      expect(text).to.match(/<h2>Who bears it<\/h2><p class="block">(\d+ (is|are) newly adverse|No one group|\w+ .* bear it)/);
      const [all] = against.errors;
      expect(text).to.match(new RegExp(`<h2>False positives</h2><p class="block">[^<]*Of ${all?.fine} sellers known to be fine`));
      expect(text).to.match(/<td[^>]*>All labels, by precedence<td>/);
      for (const { segment, value } of against.segments) expect(text).to.match(new RegExp(`<td[^>]*>${segment}<td[^>]*>${value}<td>`));
    } finally {
      await server.close();
    }
    expect(present(findOperation("replay"), "replay").linkOf(await replayed({}))).to.equal(`/runs/${run.id}`);
  });

  it("of a policy against itself moves nobody", async () => {
    const { against, run } = await replayed({ against: pair.policy });
    expect(run.id, "of another baseline").to.not.equal((await replayed({})).run.id);
    expect([against.movement.movers, against.movement.newlyAdverse, against.movement["released"]]).to.deep.equal([0, 0, 0]);
    expect(against.pairs.filter(({ baseline, candidate }) => baseline !== candidate)).to.deep.equal([]);
  });

  it("refuses what a comparison refuses, in its words", async () => {
    const saidBy = async (name: string, input: object) =>
      await perform(market.store, name, { dataset: market.dataset, ...input }).then(
        () => "nothing",
        (error: unknown) => (error instanceof InputRefused ? error.message : String(error)),
      );
    const mine = pair.policy;
    for (const other of [
      "creator-performance@1.0.0",
      "seller-performance@9.9.9",
      "seller-performance@in-force",
      "etsy-star-seller@2022.1.0",
    ]) {
      const expected = await saidBy("compare", { baseline: other, candidates: [mine] });
      expect(expected).to.match(/^\S*(policy-unfit|unknown-policy|unknown-measure|[a-z-]+):? /);
      expect(await saidBy("replay", { policy: mine, against: other }), `against ${other}`).to.equal(expected);
      expect(await saidBy("replay", { policy: other, against: mine }), other).to.equal(
        await saidBy("compare", { baseline: mine, candidates: [other] }),
      );
    }
  });

  it("names the line of each policy that SQL cannot express", async () => {
    const files = ["first", "second"].map((name, index) => {
      const file = join(market.home, `${name}.yaml`);
      const text = `programme: seller-performance\nversion: 9.0.${index}\ntitle: T\nentity: seller\nrationale: R.\nmetrics:\n${"  # a line\n".repeat(index)}  most: { share: late_dispatches of orders, over: 4 weeks, wilson: upper 95 % }\ntiers:\n  - good: {}\nmovement:\n  evaluate: every week\n`;
      writeFileSync(file, text);
      return file;
    });
    const refused = await replayed({ policy: files[0], against: files[1], engine: "duckdb" }).catch((error: unknown) => error);
    const places =
      refused instanceof InputRefused ? refused.diagnostics.map(({ code, place }) => [code, place?.file, place?.line]) : refused;
    expect(places).to.deep.equal([
      ["sql-unsupported", files[1], 8],
      ["sql-unsupported", files[0], 7],
    ]);
  });

  it("goes on at the shard where it stopped, to what the kernels give", async () => {
    const panel = openPanel(resolveDataset(market.store, market.dataset).folder);
    const [policy, against] = [policyNamed(pair.policy), policyNamed(pair.against)];
    const range = { from: panel.schema.firstPeriod, to: panel.schema.lastPeriod };
    const { groups } = pairedGroups([against, policy], panel.schema, range, countLabels(panel));
    const whole = { policy, against, groupsOf: () => groups, panel, ...range, home: market.home, inputs: "stopped pair" };
    const stop = (done: number) => {
      if (done === 1) throw new Error("stopped");
    };
    expect(String(await replayOnEngine("duckdb", { ...whole, onProgress: stop }).catch((error: unknown) => error))).to.match(/stopped/);
    const seen: number[] = [];
    const summary = await replayOnEngine("duckdb", { ...whole, onProgress: (done) => void seen.push(done) });
    expect(seen[0]).to.equal(1);
    expect(summary).to.deep.equal(replay({ policies: [against, policy], paired: true, groups, panel, ...range, visit: () => undefined }));
  });
});
