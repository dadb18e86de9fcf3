/** The what-if page and its route as browsers without script and programs meet them. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath, present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { stepOf } from "../../server/http/what-if-page.ts";
import type { ComparisonJson } from "../../server/operations/comparison-shape.ts";
import { openHome } from "../../server/operations/index.ts";
import type { WhatIfJson } from "../../server/operations/what-if.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const moved = "policy=seller-performance@2.0.0&baseline=seller-performance@1.0.0&set.gold_line=84";

describe("the what-if page", () => {
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

  it("says what is set against what while no parameter is moved", async () => {
    const both = await page("/what-if?policy=seller-performance@2.0.0&baseline=seller-performance@1.0.0");
    expect(both).to.include("No parameter is moved: 2.0.0 as it stands, against 1.0.0");
    expect(both).not.to.include("decide alike");
    expect(await page("/what-if?policy=seller-performance@2.0.0")).to.include("No parameter is moved: 2.0.0 as it stands, against itself");
  });

  it("has a slider for each value of a parameter by a text", async () => {
    const { schema } = present(store.datasets.list()[0], "a dataset").manifest;
    const regions = schema.attributes.find(({ name }) => name === "region")?.values ?? [];
    const text = readFileSync(packagePath("policies", "library", "seller-performance", "1.0.0.yaml"), "utf8")
      .replace("version: 1.0.0", "version: 4.0.0")
      .replace(
        "gold_line: { value: 85, range: 75 to 95, title: Overall score that gold asks for }",
        `gold_line: { by: region, in: { ${regions.map((region) => `${region}: 85`).join(", ")}, Far East: 60, St. Elsewhere: 60 } }`,
      );
    await perform(store, "policy save", { file: { file: "4.0.0.yaml", text } });
    const html = await page("/what-if?policy=seller-performance@4.0.0&set.gold_line.North=60");
    expect(html).to.include('data-lever="gold_line.North" data-own="85" data-lower="0" data-upper="170" data-step="1"');
    expect(html).to.include('<label for="set.gold_line.Far_20East">Gold line: Far East</label>');
    expect(html).to.include("North");
    expect(html).to.include("Gold line: some of its values are changed in the file.");
    const part = (await (
      await get("/what-if/answer?policy=seller-performance@4.0.0&set.gold_line.North=60&moving=gold_line.North")
    ).json()) as {
      html: string;
    };
    expect(part.html).to.include("parameters.gold_line.in.North: 60");
    const spaced = await page("/what-if?policy=seller-performance@4.0.0&set.gold_line.Far+East=lots");
    expect(spaced).to.include('aria-invalid="true" aria-describedby="about.set.gold_line.Far_20East"');
    rmSync(join(store.home, "policies"), { recursive: true });
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
    for (const [number, words] of [
      ["1e999", /^'values.gold_line' is beyond the largest number that can be computed with, about 1\.8e\+308/],
      ["-1e999", /^'values.gold_line' is beyond/],
      ["null", /^'values.gold_line' must be a number or a text, not null/],
    ] as const) {
      const refused = await fetch(`${server.address}/api/what-if`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: `{ "policy": "seller-performance@2.0.0", "dataset": "${dataset}", "values": { "gold_line": ${number} } }`,
      });
      expect(refused.status).to.equal(400);
      const { diagnostics } = (await refused.json()) as { diagnostics: { message: string }[] };
      expect(diagnostics[0]?.message).to.match(words);
    }
    const unnamed = await post("/api/what-if", { policy: "seller-performance@2.0.0", dataset, values: { "a b": 1 } });
    expect(unnamed.status).to.equal(400);
  });

  it("gives the candidate as a file, and none while nothing is moved", async () => {
    const response = await get(`/what-if/file?${moved}`);
    expect(response.headers.get("content-disposition")).to.include("seller-performance-2.1.0.yaml");
    expect(await response.text()).to.match(/^extends: 2\.0\.0\n/);
    expect(await page("/what-if/file?policy=seller-performance@2.0.0", 422))
      .to.include("Nothing is moved")
      .and.include("data-headline");
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

  it("appears at once while the history is being opened, and says how far that is", async () => {
    const made = await perform<{ dataset: { id: string } }>(store, "dataset demo", { sellers: 700, weeks: 40, seed: 3 });
    const path = `policy=seller-performance@2.0.0&baseline=seller-performance@1.0.0&dataset=${made.dataset.id}`;
    // How long the machine takes decides whether anybody is told.
    const html = await page(`/what-if?${path}`);
    if (!html.includes("data-headline")) {
      expect(html)
        .to.include("Opening the history")
        .and.to.match(/<progress max="100" value="\d+"/);
      expect(html).to.include('<noscript><meta http-equiv="refresh" content="2"></noscript>');
    }
    let status = 202;
    while (status === 202) {
      const response = await get(`/what-if/answer?${path}`);
      ({ status } = response);
      const answer = (await response.json()) as { opening?: { words: string; percent: number } };
      if (status === 202)
        expect(answer.opening?.words).to.match(/^(Reading the history into memory|Running the baseline): [\d,]+ of [\d,]+ rows$/);
    }
    expect(status).to.equal(200);
    expect(await page(`/what-if?${path}`))
      .to.include("data-headline")
      .and.not.to.include("Opening the history");
  });

  it("says what to do first while there is no history, and so does the form of a comparison", async () => {
    const empty = temporaryHome();
    const none = openHome(empty.home);
    const bare = await startServer({ store: none, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    for (const path of ["/what-if", "/what-if?policy=seller-performance.0.0", "/compare"]) {
      const response = await fetch(bare.address + path, { headers: { accept: "text/html" } });
      expect(response.status, path).to.equal(200);
      expect(await response.text(), path)
        .to.include("First, a history")
        .and.include("npx counterweight dataset demo")
        .and.not.include("<fieldset");
    }
    await bare.close();
    none.close();
    empty.remove();
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
