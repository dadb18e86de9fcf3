/** Pages that are older than their data say so; what is kept stays as it is. */
import { expect } from "chai";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { reportHtml, resolveRun } from "../../server/operations/index.ts";
import { perform, smallMarketplace, visitorOf } from "./small-marketplace.ts";

const said = "There is a newer dataset of this name.";

describe("a dataset of the same name that comes later", () => {
  let store: Store;
  let server: RunningServer;
  let remove: () => void;
  let run: string;
  let old: string;
  let latest: string;
  let earlier: string;
  const { page } = visitorOf(() => server.address);

  before(async () => {
    const made = await smallMarketplace();
    ({ store, remove, dataset: old } = made);
    const answer = await perform<{ run: { id: string } }>(store, "compare", {
      baseline: "seller-performance@1.0.0",
      candidates: ["seller-performance@2.0.0"],
      dataset: old,
      replicates: 100,
    });
    run = answer.run.id;
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    earlier = await page(`/runs/${run}/report`);
    latest = (await perform<{ dataset: { id: string } }>(store, "dataset demo", { sellers: 61, weeks: 40 })).dataset.id;
  });
  after(async () => {
    await server.close();
    remove();
  });

  it("is named under the answer of a report, with the way to ask the same of it; the kept page keeps its bytes", async () => {
    expect(earlier).not.to.include(said);
    expect(reportHtml(store, resolveRun(store, run), { mode: "full", standalone: false })).to.equal(earlier);
    const now = await page(`/runs/${run}/report`);
    const added = /<div class="banner is-care is-stale"[\s\S]*?<\/div>\n/.exec(now)?.[0] ?? "";
    expect(now.replace(added, "")).to.equal(earlier);
    expect(added).to.include(said).and.to.include(`/datasets/${latest}`).and.to.include("61 sellers");
    const way = /<a href="(\/compare[^"]*)">/.exec(added)?.[1]?.replaceAll("&amp;", "&").replaceAll("&#x3D;", "=") ?? "";
    const form = await page(way);
    for (const value of ["seller-performance@1.0.0", "seller-performance@2.0.0", latest])
      expect(form).to.match(new RegExp(`value="${value}"[^>]* checked`));
    expect(await page(`/runs/${run}/report.html`)).not.to.include(said);
  });

  it("is named in the list of comparisons, on the page of the older one, and where parameters are moved over that", async () => {
    for (const path of ["/", "/runs"]) expect(await page(path), path).to.include(`older than <a href="/datasets/${latest}">the latest</a>`);
    expect(await page(`/datasets/${old}`)).to.include(said);
    expect(await page(`/datasets/${latest}`)).not.to.include(said);
    const moved = await page(`/what-if?policy=seller-performance@2.0.0&dataset=${old}&set.gold_line=84`);
    expect(moved).to.include(said);
    expect(moved.replaceAll("&#x3D;", "=").replaceAll("&amp;", "&")).to.include(`dataset=${latest}&set.gold_line=84`);
    expect(await page(`/what-if?policy=seller-performance@2.0.0&dataset=${latest}`)).not.to.include(said);
  });

  it("is told from what an earlier version of the program computed: lists say so and lead to the same question computed again, a search says it once", async () => {
    const now = resolveRun(store, run);
    const inputs = { ...now.inputs, code: "0123456789abcdef" };
    const before = store.runs.keep({ ...now, inputs, result: store.runs.result(run) });
    const note = (id: string) => new RegExp(`/runs/${id}/report">seller-performance[^<]*</a>(<small class="quiet">.*?</small>)?</td>`);
    for (const path of ["/", "/runs"]) {
      const list = await page(path);
      expect(note(before.id).exec(list)?.[1], path).to.include(`by an earlier version of this program, <a href="/runs/${run}/report">`);
      expect(note(run).exec(list)?.[1], path).to.equal(undefined);
    }
    expect(await page(`/runs/${run}/against`)).to.include("by an earlier version of this program");
    const { hits } = await perform<{ hits: { standings: object[] }[] }>(store, "entity find", { text: "S0000001", dataset: old });
    expect(hits.map(({ standings }) => standings.length)).to.deep.equal([1]);
  });
});
