/** Two comparisons side by side: the same one differs in nothing, and what differs between two is said before the figures. */
import { expect } from "chai";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { type ComparisonAgainst, findOperation } from "../../server/operations/index.ts";
import { contextOf, perform, smallMarketplace, visitorOf } from "./small-marketplace.ts";

describe("two comparisons side by side", () => {
  let server: RunningServer;
  let store: Store;
  let close: () => Promise<void>;
  const runs: Record<string, string> = {};
  const against = (run: string, other: string, more: object = {}) =>
    perform<ComparisonAgainst>(store, "comparison against", {
      run: runs[run],
      other: runs[other],
      figures: "all",
      limit: 100_000,
      entities: 100_000,
      ...more,
    });

  before(async () => {
    const made = await smallMarketplace();
    store = made.store;
    const other = await perform<{ dataset: { id: string } }>(store, "dataset demo", { sellers: 60, weeks: 40, seed: 7 });
    const asked = {
      baseline: "seller-performance@1.0.0",
      candidates: ["seller-performance@1.1.0"],
      dataset: made.dataset,
      replicates: 100,
    };
    const end = "2025-06-29";
    for (const [name, more] of Object.entries({
      first: {},
      second: { candidates: ["seller-performance@2.0.0"] },
      seeded: { seed: 5 },
      shorter: { to: end },
      later: { from: "2025-07-06" },
      elsewhere: { dataset: other.dataset.id },
    })) {
      runs[name] = (await perform<{ run: { id: string } }>(store, "compare", { ...asked, ...more })).run.id;
    }
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    close = async () => {
      await server.close();
      made.remove();
    };
  });
  after(async () => await close());

  it("of one run with itself differ in nothing at all", async () => {
    const { differences, figures, entities, isComparable } = await against("first", "first");
    expect([differences, isComparable]).to.deep.equal([[], true]);
    expect(figures).to.include({ differ: 0, onlyFirst: 0, onlySecond: 0 });
    expect(figures.compared).to.be.above(100);
    for (const { difference, doOverlap } of figures.listed) {
      expect(difference ?? 0).to.equal(0);
      expect(doOverlap ?? true).to.equal(true);
    }
    expect(entities?.differ).to.equal(0);
    expect(await visitorOf(() => server.address).page(`/runs/${runs["first"]}/against/${runs["first"]}`)).to.include("no figure differs");
  });

  it("turn every difference around when they are swapped", async () => {
    const [there, back] = [await against("first", "second"), await against("second", "first")];
    const signed = ({ figures }: ComparisonAgainst, sign: number) =>
      figures.listed
        .filter(({ section, difference }) => difference !== undefined && section !== "affected")
        .map(({ section, figure, where, difference = 0 }) => `${section} ${figure} ${where}: ${difference * sign || 0}`);
    expect(signed(there, 1)).to.have.members(signed(back, -1));
    expect(back.entities?.listed.map(({ entity, first, second }) => [entity, second, first])).to.deep.equal(
      there.entities?.listed.map(({ entity, first, second }) => [entity, first, second]),
    );
  });

  it("say the policies' change by meaning, and count who holds another tier as a comparison of the two does", async () => {
    const { differences, entities, isComparable } = await against("first", "second");
    expect(isComparable).to.equal(true);
    expect(differences.map(({ name }) => name)).to.deep.equal(["Candidate"]);
    expect(differences[0]?.changes.some(({ path }) => path.startsWith("parameters.gold_line"))).to.equal(true);
    const direct = await perform<{ candidates: { movement: { movers: number } }[] }>(store, "compare", {
      baseline: "seller-performance@1.1.0",
      candidates: ["seller-performance@2.0.0"],
      dataset: store.runs.find(runs["first"] ?? "")[0]?.datasetId,
      replicates: 100,
    });
    expect(entities?.differ).to.equal(direct.candidates[0]?.movement.movers);
  });

  it("differ in no count where only the seed does", async () => {
    const { differences, figures, entities } = await against("first", "seeded");
    expect(differences.map(({ name }) => name)).to.deep.equal(["Seed"]);
    const counts = figures.listed.filter(({ first }) => first.method === "count");
    expect(counts.length).to.be.above(50);
    for (const { difference } of counts) expect(difference).to.equal(0);
    expect(entities?.differ).to.equal(0);
  });

  it("say first that they are about another time or another history", async () => {
    const shorter = await against("first", "shorter");
    expect([shorter.isComparable, shorter.differences[0]?.name, shorter.entities?.at]).to.deep.equal([false, "Range", "2025-06-29"]);
    const apart = await against("shorter", "later");
    expect([apart.isComparable, apart.differences[0]?.name, apart.entities]).to.deep.equal([false, "Range", undefined]);
    expect(await visitorOf(() => server.address).page(`/runs/${runs["shorter"]}/against/${runs["later"]}`)).to.include(
      "times that have no period in common, so nobody can be looked up in both",
    );
    const elsewhere = await against("first", "elsewhere");
    expect([elsewhere.isComparable, elsewhere.differences[0]?.name, elsewhere.entities]).to.deep.equal([false, "Dataset", undefined]);
    const html = await visitorOf(() => server.address).page(`/runs/${runs["first"]}/against/${runs["elsewhere"]}`);
    expect(html.indexOf("Not the same thing")).to.be.below(html.indexOf("Headline figures")).and.to.be.above(0);
    expect(html).not.to.match(/significan/i);
    expect(Buffer.byteLength(html)).to.be.below(300_000);
  });

  it("are chosen from a list, and given as a file and in words", async () => {
    const { page } = visitorOf(() => server.address);
    const choice = await page(`/runs/${runs["first"]}/against`);
    expect(choice.indexOf(runs["second"] ?? "none")).to.be.below(choice.indexOf(runs["elsewhere"] ?? "none"));
    expect(await page("/runs")).to.include(`/runs/${runs["first"]}/against`);
    expect(await page(`/runs/${runs["first"]}/report`)).to.include("Compare with another report");
    const csv = await (await fetch(`${server.address}/runs/${runs["first"]}/against/${runs["second"]}/figures.csv`)).text();
    const { figures } = await against("first", "second");
    expect(csv.trimEnd().split("\r\n")).to.have.length(figures.compared + 1);
    const operation = findOperation("comparison against");
    const input = { run: runs["first"], other: runs["first"] };
    expect(operation?.print(await against("first", "first"), input, contextOf(store))).to.include("Both were made with the same.");
    for (const path of [`/runs/${runs["first"]}/against/ffff`, `/runs/ffff/against/${runs["first"]}`])
      expect((await fetch(server.address + path)).status).to.equal(404);
    expect((await fetch(`${server.address}/runs/${runs["first"]}/against/${runs["second"]}?candidate=9`)).status).to.equal(400);
  });
});
