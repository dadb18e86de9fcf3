/** Building a comparison: what it will take, texts of one's own, what is kept under a name, and the list of all. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import type { ComparisonEstimate } from "../../server/operations/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const hostile = "<script>alert(1)</script>";
const text = readFileSync(packagePath("policies", "library", "seller-performance", "1.0.0.yaml"), "utf8").replace(
  "version: 1.0.0",
  "version: 3.1.0",
);

describe("the comparison builder", () => {
  let server: RunningServer;
  let store: Store;
  let dataset: string;
  let remove: () => void;
  let question: { baseline: string; candidates: unknown[]; dataset: string };

  before(async () => {
    ({ store, dataset, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    question = { baseline: "seller-performance@1.0.0", candidates: ["seller-performance@2.0.0"], dataset };
  });
  after(async () => {
    await server.close();
    remove();
  });

  const page = async (path: string, status = 200): Promise<string> => {
    const response = await fetch(server.address + path, { headers: { accept: "text/html" }, redirect: "manual" });
    expect(response.status, path).to.equal(status);
    return await response.text();
  };
  const submit = async (fields: Record<string, string | readonly string[]>): Promise<Response> => {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
    return await fetch(`${server.address}/compare`, { method: "POST", headers: { accept: "text/html" }, body, redirect: "manual" });
  };
  const post = async (path: string, body: unknown): Promise<Response> =>
    await fetch(server.address + path, {
      method: "POST",
      headers: { "content-type": "application/json", prefer: "wait=60" },
      body: JSON.stringify(body),
    });
  const form = () => ({ baseline: "seller-performance@1.0.0", candidate: "seller-performance@2.0.0", dataset, seed: "1" });

  it("offers the periods of the history that is chosen", async () => {
    const html = await page(`/compare?dataset=${dataset}`);
    const { from, to } = store.datasets.list()[0]?.manifest.periods ?? { from: "", to: "" };
    expect(html)
      .to.include(`<optgroup label="${from.slice(0, 4)}"><option value="${from}">`)
      .and.to.include(`<option value="${to}">`);
    expect(await page(`/compare?dataset=${dataset}&from=${from}`)).to.include(`<option value="${from}" selected>`);
    const strange = await submit({ ...form(), from: "1999-01-01" });
    expect(strange.status).to.equal(422);
    const refused = await strange.text();
    expect(refused).to.include('<a href="#from">').and.to.include('value="1999-01-01"');
  });

  it("says how large it is before it starts, and how long by what earlier ones took", async () => {
    const before = await perform<ComparisonEstimate>(store, "comparison estimate", question);
    expect(before).to.include({ entities: 60, periods: 40, policies: 2, size: 4800 });
    expect(before.expected).to.equal(undefined);
    expect(await (await submit({ ...form(), do: "estimate" })).text())
      .to.include("4,800")
      .and.to.include("60 sellers × 40 weeks × 2 policies")
      .and.to.include("No comparison was made in this home yet");
    const made = await post("/api/comparisons", { ...question, seed: 7, replicates: 100 });
    expect(made.status).to.equal(200);
    const { expected } = (await (await post("/api/comparisons/estimate", question)).json()) as ComparisonEstimate;
    expect(expected).to.include({ comparisons: 1, times: 1 });
    const [timing] = store.comparisons.timings(10);
    const took = (Date.parse(timing?.finishedAt ?? "") - Date.parse(timing?.startedAt ?? "")) / 1000;
    expect(expected?.seconds).to.be.closeTo(took, 1e-9);
    const twice = await perform<ComparisonEstimate>(store, "comparison estimate", {
      ...question,
      candidates: [...question.candidates, "seller-performance@1.1.0", { file: "c.yaml", text }],
    });
    expect(twice.expected?.seconds).to.be.closeTo(2 * took, 1e-9);
    expect(await (await submit({ ...form(), do: "estimate" })).text()).to.include(
      "if each seller, week and policy takes as long as in the one earlier comparison",
    );
    const again = await perform<ComparisonEstimate>(store, "comparison estimate", { ...question, seed: 7, replicates: 100 });
    expect(again.stored).to.equal(timing?.runId);
    expect((await post("/api/comparisons/estimate", { ...question, dataset: "nowhere" })).status).to.equal(404);
  });

  it("offers what its sellers can be parted by; the choice is part of the question, and changes nothing but the groups", async () => {
    const html = await page(`/compare?dataset=${dataset}&segment=region`);
    expect(html)
      .to.include('name="segment" value="region" checked')
      .and.to.match(/name="segment" value="size">/);
    const every = ["category", "region", "size", "age"];
    const asked = { ...form(), seed: "7", replicates: "100", segmentsOf: dataset, do: "estimate" };
    expect(await (await submit({ ...asked, segment: every })).text(), "all of them: the stored one").to.include("It was made already");
    const some = await (await submit({ ...asked, segment: ["size", "region"] })).text();
    expect(some).to.include("Parted by <bdi>region</bdi>, <bdi>size</bdi>.").and.not.to.include("It was made already");
    const strange = await submit({ ...asked, segment: "colour", do: "" });
    expect(strange.status).to.equal(422);
    expect(await strange.text())
      .to.include('<a href="#segments">')
      .and.to.include("cannot be parted by &#x27;colour&#x27;");
    const moved = await submit({ ...asked, segment: "colour", segmentsOf: "another-history" });
    expect(moved.status, "what was offered for another history is not meant").to.equal(200);
    const refused = await post("/api/comparisons/estimate", { ...question, segments: ["regoin"] });
    expect(refused.status).to.equal(422);
    expect(((await refused.json()) as { diagnostics: object[] }).diagnostics[0]).to.deep.include({
      code: "unknown-segment",
      near: "region",
    });
    const made = await post("/api/comparisons", { ...question, seed: 7, replicates: 100, segments: ["size", "region", "size"] });
    const { run } = (await made.json()) as { run: { id: string } };
    const report = await page(`/runs/${run.id}/report`);
    expect(report).to.include("region and size, as asked for; everyone was replayed and counted");
    expect(report).to.include("--segment region").and.to.include("--segment size");
    const kept = await submit({ ...asked, segment: "region", presetName: "By region", do: "keep" });
    const filled = await page(kept.headers.get("location") ?? "");
    expect(filled)
      .to.include('value="region" checked')
      .and.to.match(/value="size">/)
      .and.to.include(", by region</span>");
    await submit({ preset: "By region", do: "forget" });
  });

  it("takes policies, criteria and assumptions as texts, and says at which line of which field a fault is", async () => {
    const asked = await submit({
      ...form(),
      candidateText: text,
      criteria: "programme: seller-performance\ncriteria:\n  - movers at most 90 %\n",
      replicates: "100",
      seed: "3",
    });
    expect(asked.status).to.equal(303);
    const faulty = await submit({
      ...form(),
      candidateText: ["", text, text.replace("entity: seller", "entitee: seller")],
      criteria: "movers at mast 3 %",
    });
    expect(faulty.status).to.equal(422);
    const html = await faulty.text();
    expect(html).to.match(/<a href="#candidateText2">Line \d+: /);
    expect(html).to.include('id="candidateText2"').and.to.include("entitee");
    expect(await (await submit({ ...form(), assumptions: "nothing: 1" })).text()).to.match(/<a href="#assumptions">Line 1: /);
    expect(await (await submit({ ...form(), baselineText: "a: [" })).text()).to.match(/<a href="#baselineText">Line \d: /);
    expect(await (await submit({ ...form(), criteria: "movers at mast 3 %" })).text()).to.match(/<a href="#criteria">Line 1: /);
    expect(await (await submit({ ...form(), do: "text", candidateText: "a: 1" })).text()).to.include('id="candidateText2"');
  });

  it("keeps a comparison under a name, fills the form from it, and forgets it", async () => {
    const name = `Every Monday ${hostile}`;
    const kept = await submit({ ...form(), candidateText: text, criteria: "movers at most 3 %", presetName: name, do: "keep" });
    expect(kept.status).to.equal(303);
    const html = await page(kept.headers.get("location") ?? "");
    expect(html).to.include("Every Monday &lt;script&gt;").and.not.to.include("<script>alert");
    expect(html).to.include("version: 3.1.0").and.to.include("movers at most 3 %");
    expect(html).to.match(/value="seller-performance@2\.0\.0" checked/);
    const { preset } = await perform<{ preset: { input: Record<string, unknown> } }>(store, "preset show", { name });
    expect(preset.input).to.deep.include({ baseline: "seller-performance@1.0.0", dataset, seed: 1, criteria: ["movers at most 3 %"] });
    expect((await post("/api/comparisons/estimate", preset.input)).status).to.equal(200);
    const again = await post(`/api/presets/${encodeURIComponent(name)}`, question);
    expect(((await again.json()) as { isReplaced: boolean }).isReplaced).to.equal(true);
    const gone = await submit({ preset: name, do: "forget" });
    expect([gone.status, gone.headers.get("location")]).to.deep.equal([303, "/compare"]);
    expect(store.presets.list()).to.deep.equal([]);
    await page("/compare?preset=nothing", 404);
  });

  it("keeps nothing that could not be compared, or that has no name", async () => {
    const nameless = await submit({ ...form(), do: "keep" });
    expect(nameless.status).to.equal(422);
    expect(await nameless.text()).to.include('<a href="#presetName">');
    expect((await submit({ ...form(), candidate: "seller-performance@9.0.0", presetName: "x", do: "keep" })).status).to.equal(422);
    expect((await post("/api/presets/a%0Ab", question)).status).to.equal(400);
    await post("/api/presets/weekly", question);
    const missed = await post("/api/presets/weakly/delete", {});
    expect(missed.status).to.equal(404);
    expect(await missed.json()).to.deep.include({ code: "unknown-preset" });
    expect(((await (await fetch(`${server.address}/api/presets`)).json()) as { presets: unknown[] }).presets).to.have.length(1);
    expect((await post("/api/presets/weekly/delete", {})).status).to.equal(200);
  });

  it("lists comparisons in every state, one state at a time, and a page at a time", async () => {
    const isOpen = () => store.comparisons.counts().queued + store.comparisons.counts().running > 0;
    while (isOpen()) await new Promise((done) => setTimeout(done, 50));
    const before = store.comparisons.counts().done;
    const add = (state: "failed" | "cancelled" | "interrupted") => {
      const job = store.jobs.add({
        operation: "compare",
        title: "x",
        input: { ...question, dataset: hostile },
        inputDigest: state,
        owner: "command",
      });
      store.jobs.finish(job.id, {
        state,
        sentence: "It was ended.",
        diagnostics:
          state === "failed"
            ? [{ code: "policy-unfit", severity: "error", message: `no measure ${hostile}`, cure: "Choose another dataset." }]
            : [],
      });
    };
    add("failed");
    add("interrupted");
    for (let index = 0; index < 60; index++) add("cancelled");
    const html = await page("/runs");
    expect(html).to.include(`Done <span class="quiet">${before}</span>`).and.to.include('Failed <span class="quiet">2</span>');
    expect(html)
      .to.include(`1 to 50 of ${62 + before}`)
      .and.to.include('href="/runs?page&#x3D;2"');
    expect(await page("/runs?page=2"))
      .to.include(`51 to ${62 + before} of`)
      .and.to.include('rel="prev"');
    const failed = await page("/runs?state=failed");
    expect(failed).to.include("No measure".toLowerCase()).and.to.include("Choose another dataset.").and.not.to.include("<script>alert");
    expect(failed).to.include("It was interrupted when its command was killed. Start it again;");
    expect(failed).to.include("1 to 2 of 2").and.not.to.include('class="state">cancelled');
    expect(await page("/runs?state=running")).to.include("None of these");
    expect(await page("/runs?state=odd&page=-3")).to.include("1 to 50 of");
  });
});
