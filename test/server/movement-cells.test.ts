/** The entities behind the cells of a movement matrix: as many as the cell counts, in the whole and at other dates. */
import { expect } from "chai";
import { InputRefused, present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import type { ComparisonEntities } from "../../server/operations/index.ts";
import type { Comparison, MovementAt } from "../../simulations/comparison/index.ts";
import { entityNames, namedMarketplace } from "./named-marketplace.ts";
import { perform, smallMarketplace, visitorOf } from "./small-marketplace.ts";

describe("the entities in a cell of the movement matrix", () => {
  let store: Store;
  let remove: () => void;
  let compared: Comparison & { readonly run: { readonly id: string } };
  const cell = (baselineTier: string, candidateTier: string, more: object = {}) =>
    perform<ComparisonEntities>(store, "comparison entities", {
      run: compared.run.id,
      baselineTier,
      candidateTier,
      offset: 0,
      limit: 100_000,
      reasons: false,
      ...more,
    });

  before(async () => {
    let dataset: string;
    ({ store, dataset, remove } = await smallMarketplace());
    compared = await perform(store, "compare", {
      baseline: "seller-performance@1.0.0",
      candidates: ["seller-performance@1.1.0", "seller-performance@2.0.0"],
      dataset,
      replicates: 100,
    });
  });
  after(() => remove());

  it("are as many as each cell counts, nobody twice, for every candidate and at another date", async () => {
    for (const { version, movement } of compared.candidates) {
      const seen = new Set<string>();
      for (const [i, from] of movement.rows.entries()) {
        for (const [j, to] of movement.columns.entries()) {
          const { entities, listed } = await cell(from, to, { candidate: version });
          expect(entities, `${from} to ${to}`).to.equal(movement.matrix[i]?.[j]);
          for (const { entity } of listed) seen.add(entity);
        }
      }
      expect(seen.size).to.equal(movement.inFrame);
    }
    const at = present(compared.baseline.distribution[15], "a period").period;
    const { candidates } = await perform<{ candidates: MovementAt[] }>(store, "comparison movement", { run: compared.run.id, at });
    const movement = present(candidates[1], "the second candidate");
    for (const [i, from] of movement.rows.entries()) {
      for (const [j, to] of movement.columns.entries()) {
        expect((await cell(from, to, { candidate: "2.0.0", at })).entities).to.equal(movement.matrix[i]?.[j]);
      }
    }
  });

  it("come largest first, page by page, with the scores and the reason that an account gives", async () => {
    const all = await cell("standard", "standard", { limit: 100 });
    const sizes = all.listed.map(({ gmv = 0 }) => gmv);
    expect(sizes).to.deep.equal(sizes.toSorted((a, b) => b - a));
    const page = await cell("standard", "standard", { offset: 3, limit: 2, reasons: true });
    expect(page.listed.map(({ entity }) => entity)).to.deep.equal(all.listed.slice(3, 5).map(({ entity }) => entity));
    for (const { reason } of page.listed) expect(reason).to.match(/^standard is held under both\./);
  });

  it("refuse a tier, a version and a day that are not there, and reasons for too many", async () => {
    const refused = async (...asked: Parameters<typeof cell>) => {
      const fault = await cell(...asked).catch((error: unknown) => error);
      return fault instanceof InputRefused ? fault.diagnostics[0]?.code : fault;
    };
    expect(await refused("golden", "gold")).to.equal("not-found");
    expect(await refused("gold", "gold", { candidate: "9.9.9" })).to.equal("bad-request");
    expect(await refused("gold", "gold", { at: "1999-01-01" })).to.equal("period-outside");
    expect(await refused("gold", "gold", { reasons: true, limit: 101 })).to.equal("bad-request");
  });
});

describe("the page of a cell", () => {
  let server: RunningServer;
  let run: string;
  let close: () => Promise<void>;
  const { page } = visitorOf(() => server.address);

  before(async () => {
    const made = await namedMarketplace();
    server = await startServer({ store: made.store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    run = made.run;
    close = async () => {
      await server.close();
      made.remove();
    };
  });
  after(async () => await close());

  it("is reached from the matrix and from its table, and leads to the entities", async () => {
    const report = await page(`/runs/${run}/report?candidate=2.0.0`);
    expect(report).to.include('<a href="movement/good/poor" aria-label="2 from good to poor">');
    expect(await page(`/runs/${run}/tables/movement`)).to.include(`<a href="/runs/${run}/movement/good/poor">2</a>`);
    const cell = await page(`/runs/${run}/movement/good/poor`);
    expect(cell)
      .to.include(`/runs/${run}/entities/${encodeURIComponent(entityNames[2])}`)
      .and.to.include("&lt;script&gt;");
    expect(cell).not.to.include("<script>alert");
    expect(cell, "what the page is about is not said again in each row").not.to.include("Under 1.0.0 good is held");
    const why = [...cell.matchAll(/<td class="why">([^<]+)</g)].map(([, words = ""]) => words);
    expect(why).to.have.length.above(0);
    for (const words of why)
      expect(words)
        .to.match(/^[A-Z]/)
        .and.not.to.match(/, from \d+\s\w+\s\d{4} to /);
    expect(await page(`/runs/${run}/movement/poor/good`)).to.include("Nobody is in this cell");
  });

  it("has no links in a file that stands alone", async () => {
    expect(await page(`/runs/${run}/report.html`)).not.to.include("movement/good/");
    expect(await page(`/runs/${run}/figures/movement.svg`)).not.to.include("<a ");
  });

  it("gives all as CSV, and the page's own with why", async () => {
    const text = async (query: string) =>
      await (await fetch(`${server.address}/runs/${run}/movement/good/poor/entities.csv${query}`)).text();
    expect((await text("")).split("\r\n")[0]).to.match(/^entity,at,.*currency$/);
    expect((await text("?offset=0")).split("\r\n")[0]).to.match(/,why$/);
    expect((await fetch(`${server.address}/runs/${run}/movement/good/none`)).status).to.equal(404);
    expect((await fetch(`${server.address}/runs/${run}/movement/good/poor?offset=x`)).status).to.equal(400);
  });
});
