/** The what-if page and its route as browsers without script and programs meet them. */
import { expect } from "chai";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { stepOf } from "../../server/http/what-if-page.ts";
import type { ComparisonJson } from "../../server/operations/comparison-shape.ts";
import type { WhatIfJson } from "../../server/operations/what-if.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const moved = "policy=seller-performance@2.0.0&baseline=seller-performance@1.0.0&set.gold_line=84";

describe("the what-if page", function () {
  this.timeout(60_000);
  let server: RunningServer;
  let store: Store;
  let dataset: string;
  let remove: () => void;

  before(async () => {
    ({ store, dataset, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
  });
  after(async () => {
    await server.close();
    remove();
  });

  const get = async (path: string) => await fetch(server.address + path, { headers: { accept: "text/html" }, redirect: "manual" });
  const page = async (path: string, status = 200): Promise<string> => {
    const response = await get(path);
    expect(response.status, path).to.equal(status);
    return await response.text();
  };
  const submit = async (fields: string) =>
    await fetch(`${server.address}/what-if/save`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "text/html" },
      body: fields,
      redirect: "manual",
    });
  const post = async (path: string, body: unknown) =>
    await fetch(server.address + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  it("opens with a version that fits, its parameters, and nobody moved", async () => {
    const html = await page("/what-if");
    expect(html).to.include("What if Seller performance 1.0.0 had other numbers?");
    expect(html).to.match(/<input id="set\.gold_line" name="set\.gold_line" type="text" value="85"/);
    expect(html).to.include('data-lower="25" data-upper="60" data-step="1" data-unit=" %"');
    expect(html).to.include("Nobody ends in another tier than under 1.0.0");
    expect(html).to.include('src="/assets/what-if.js');
  });

  it("answers without script what the route answers, with the figures of a comparison", async () => {
    const html = await page(`/what-if?${moved}`);
    const response = await post("/api/what-if", {
      policy: "seller-performance@2.0.0",
      baseline: "seller-performance@1.0.0",
      dataset,
      values: { gold_line: 84 },
    });
    expect(response.status).to.equal(200);
    const { candidate, file } = (await response.json()) as WhatIfJson;
    const { movers } = candidate.movement;
    expect(movers).to.be.greaterThan(0);
    expect(html).to.match(new RegExp(`data-headline>${movers} sellers? \\(`));
    const compared = await perform<ComparisonJson>(store, "compare", {
      baseline: "seller-performance@1.0.0",
      candidates: [{ file: "x.yaml", text: file?.text }],
      dataset,
      replicates: 100,
    });
    expect(compared.candidates[0]?.movement.movers).to.equal(movers);
    const part = (await (await get(`/what-if/answer?${moved}&moving=gold_line`)).json()) as { html: string };
    const figures = (text: string) => text.slice(text.indexOf("data-headline"), text.indexOf("of the server")).replace(/[\d.]+ ms $/, "");
    expect(figures(html)).to.equal(figures(part.html));
  });

  it("keeps a value that cannot be used, and says beside it why", async () => {
    const html = await page(`/what-if?${moved.replace("84", "184")}`);
    expect(html).to.match(/value="184"[^>]* aria-invalid="true"/);
    expect(html).to.include("Stay within 78 to 96.");
    expect(html).not.to.include("data-headline");
    const response = await get(`/what-if/answer?${moved.replace("84", "184")}`);
    expect(response.status).to.equal(422);
    const { code, problems } = (await response.json()) as { code: string; problems: { field: string }[] };
    expect([code, problems.map(({ field }) => field)]).to.deep.equal(["bad-range", ["set.gold_line"]]);
  });

  it("says above the form what is wrong with none of its fields", async () => {
    const html = await page("/what-if?policy=seller-performance@2.0.0&set.gold_lin=84&dataset=nowhere");
    expect(html).to.include("no dataset is called &#x27;nowhere&#x27;".replace("no", "No"));
    const unknown = await page("/what-if?policy=seller-performance@2.0.0&set.gold_lin=84");
    expect(unknown).to.include("Did you mean &#x27;gold_line&#x27;?");
    await page("/what-if?policy=seller-performance@7.0.0", 404);
  });

  it("gives problems as every route does", async () => {
    const response = await post("/api/what-if", { policy: "seller-performance@2.0.0", dataset, values: { gold_line: 184 } });
    expect(response.status).to.equal(422);
    expect(response.headers.get("content-type")).to.match(/^application\/problem\+json/);
    expect(await response.json()).to.deep.include({ code: "bad-range" });
    const unnamed = await post("/api/what-if", { policy: "seller-performance@2.0.0", dataset, values: { "a b": 1 } });
    expect(unnamed.status).to.equal(400);
  });

  it("gives the candidate as a file, and none while nothing is moved", async () => {
    const response = await get(`/what-if/file?${moved}`);
    expect(response.headers.get("content-disposition")).to.include("seller-performance-2.1.0.yaml");
    expect(await response.text()).to.match(/^extends: 2\.0\.0\n/);
    expect(await page("/what-if/file?policy=seller-performance@2.0.0", 422)).to.include("Nothing is moved");
  });

  it("saves a candidate that every page then offers, and refuses the number a second time", async () => {
    const refused = await submit(`${moved}&version=2.1.0`);
    expect(refused.status).to.equal(422);
    expect(await refused.text()).to.include('<a href="#rationale">');
    const saved = await submit(`${moved}&version=2.1.0&title=Seller+performance&rationale=Gold+for+more`);
    expect(saved.status).to.equal(303);
    expect(saved.headers.get("location")).to.equal("/policies/seller-performance/2.1.0");
    expect(await page("/policies/seller-performance/2.1.0")).to.include("Gold for more");
    expect(await page("/policies/seller-performance/diff?from=2.0.0&to=2.1.0")).to.include("84");
    for (const path of ["/policies", "/", "/compare", "/what-if"]) expect(await page(path), path).to.include("2.1.0");
    const again = await submit(`${moved}&version=2.1.0&rationale=Again`);
    expect(again.status).to.equal(422);
    const html = await again.text();
    expect(html).to.include('<a href="#version">').and.to.include("2.2.0 is free");
    expect((await post("/api/policies", { file: { file: "x.yaml", text: "version: 1" } })).status).to.equal(422);
  });

  it("is reached from a run, with its versions, history and range", async () => {
    const { run } = await perform<ComparisonJson>(store, "compare", {
      baseline: "seller-performance@1.0.0",
      candidates: ["seller-performance@2.0.0"],
      dataset,
      replicates: 100,
    });
    const location = (await get(`/runs/${run.id}/what-if?candidate=2.0.0`)).headers.get("location") ?? "";
    expect(location).to.match(/^\/what-if\?policy=seller-performance%402\.0\.0&baseline=seller-performance%401\.0\.0&dataset=/);
    expect(await page(location)).to.include("data-headline");
    expect(await page(`/runs/${run.id}/report`)).to.include(`/runs/${run.id}/what-if?candidate=2.0.0`);
  });

  it("steps by round numbers on which the version's own value stands", () => {
    for (const [lower, upper, own, step] of [
      [75, 95, 85, 1],
      [25, 60, 40, 1],
      [0, 1000, 300, 20],
      [0.5, 2.5, 1.25, 0.05],
      [14, 45, 30, 1],
    ] as const)
      expect(stepOf(lower, upper, own), `${lower} to ${upper}`).to.equal(step);
  });
});
