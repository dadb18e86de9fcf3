/** An experiment from its design to its decision, as the pages' forms, programs and commands do it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { perform, smallMarketplace, visitorOf } from "./small-marketplace.ts";

const design = `experiment: gold-line
title: A gentler line for <b>gold</b>
hypothesis: Sellers near the line stay longer.
unit: seller
arms:
  control: { share: 50 %, policy: seller-performance@1.0.0 }
  gentle: { share: 50 %, policy: seller-performance@2.0.0 }
assignment: { salt: gold-line }
columns: { unit: seller }
metrics:
  kept: { share: kept, role: primary, better: up, effect: 5 points, title: Still selling }
  gmv: { mean: gmv, role: guardrail, better: up, margin: 20 % of control, title: Sales }
plan: { level: 95 %, power: 80 %, looks: once, units: 2000, start: 2025-03-03, weeks: 8 }
`;

/** Sellers who stay more often under the arm that the design deals them; `arm` says which. */
function sellers(count: number, arm: (seller: string) => string): string {
  const random = randomStream(4, "sellers");
  const rows = Array.from({ length: count }, (_, index) => {
    const seller = `s${String(index).padStart(5, "0")}`;
    return `${seller},${random.uniform() < (arm(seller) === "gentle" ? 0.75 : 0.6) ? 1 : 0},${(50 + 10 * random.normal()).toFixed(2)}`;
  });
  return ["seller,kept,gmv", ...rows].join("\n");
}

describe("an experiment over the doors", () => {
  let server: RunningServer;
  let store: Store;
  let dataset: string;
  let home: string;
  let remove: () => void;

  before(async () => {
    ({ store, dataset, home, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
  });
  after(async () => {
    await server.close();
    remove();
  });

  const { page, submit } = visitorOf(() => server.address);

  it("is refused with the place of what is wrong, and what was typed stays", async () => {
    const response = await submit("/experiments", {
      text: design.replace("better: up, effect", "beter: up, effect"),
      history: "",
      do: "keep",
    });
    expect(response.status).to.equal(422);
    const html = await response.text();
    expect(html).to.include("Line 11, column");
    expect(html).to.include("beter: up");
    expect(store.experiments.list()).to.deep.equal([]);
  });

  it("is sized by units of the past without being kept", async () => {
    const html = await (await submit("/experiments", { text: design, history: sellers(800, () => "control"), do: "size" })).text();
    expect(html).to.include("How many units it needs");
    expect(html).to.match(/<svg[^>]*>[\s\S]*Units in all arms/);
    expect(store.experiments.list()).to.deep.equal([]);
  });

  it("says which units of the past were not used, on the page and to programs", async () => {
    const [head = "", first = "", ...rest] = sellers(800, () => "control").split("\n");
    const history = [head, first.replace(/,[01],/, ",many,"), ...rest].join("\n");
    const html = await (await submit("/experiments", { text: design, history, do: "size" })).text();
    expect(html).to.include("1 row not used, bad-number: line 2");
    const { notes } = await perform<{ notes: readonly string[] }>(store, "experiment design", {
      file: { file: "design.yaml", text: design },
      history: { file: "history.csv", text: history },
      only: true,
    });
    expect(notes.join()).to.match(/^1 row not used, bad-number: line 2/);
  });

  it("goes from its design to its decision through the pages alone", async () => {
    const made = await submit("/experiments", { text: design, history: "", do: "keep" });
    expect([made.status, made.headers.get("location")]).to.deep.equal([303, "/experiments/gold-line"]);
    expect(await page("/experiments/gold-line")).to.include("A gentler line for &lt;b&gt;gold&lt;/b&gt;");

    const early = await submit("/experiments/gold-line/observations", { observations: "seller,kept,gmv\na,1,2\n" });
    expect(early.status).to.equal(422);
    expect(await early.text()).to.include("is not locked");

    expect((await submit("/experiments/gold-line/lock", {})).status).to.equal(303);
    const dealt = await perform<{ experiment: { lockedAt?: string } }>(store, "experiment show", { name: "gold-line" });
    expect(dealt.experiment.lockedAt).not.to.equal(undefined);

    const { dealing } = await import("../../simulations/experiments/index.ts");
    const { openExperiment } = await import("../../server/operations/index.ts");
    const opened = openExperiment(store, "gold-line").design;
    const deal = dealing(opened);
    const csv = sellers(2_000, (seller) => opened.arms[deal(seller).arm]?.name ?? "");
    expect((await submit("/experiments/gold-line/observations", { observations: csv })).status).to.equal(303);
    const shown = await page("/experiments/gold-line");
    expect(shown).to.include("All checks of the 2,000 units pass.");
    expect(shown).to.include("<h3>Still selling is better</h3>");
    expect(shown).to.match(/says of <bdi>gentle<\/bdi>: <b>ship<\/b>/);
    expect(shown).to.include("Shown safe");

    const unsigned = await submit("/experiments/gold-line/decisions", { arm: "gentle", decision: "ship", by: "", reason: "" });
    expect(unsigned.status).to.equal(400);
    expect(
      (await submit("/experiments/gold-line/decisions", { arm: "gentle", decision: "ship", by: "A. Owner", reason: "It holds." })).status,
    ).to.equal(303);
    const decided = await page("/experiments/gold-line");
    expect(decided).to.include("Decided by <bdi>A. Owner</bdi>");
    expect(await page("/experiments")).to.include("gentle: ship");
    const csvFile = await page("/experiments/gold-line/analysis.csv");
    expect(csvFile).to.match(/\r\nscorecard,kept,primary,gentle,,,absolute,0\.\d+,/);
  });

  it("keeps what was observed when the next file cannot be read, and shows the file, the place and the fault", async () => {
    const before = store.experiments.observations("gold-line").length;
    const sent = sellers(200, () => "control").replace("\ns00010,", '\n"s00010,');
    const refused = await submit("/experiments/gold-line/observations", { observations: sent });
    expect(refused.status).to.equal(422);
    const html = await refused.text();
    expect(html).to.include("Line 12, column 1: the quote that opens this cell of &#x27;seller&#x27; is not closed");
    expect(html).to.include("&quot;s00010,");
    expect(html).to.include("All checks of the 2,000 units pass.");
    const none = await submit("/experiments/gold-line/observations", { observations: "seller,kept,gmv\n" });
    expect(await none.text()).to.include("the file has a header and no rows");
    expect(store.experiments.observations("gold-line").length).to.equal(before);
    const unsigned = await submit("/experiments/gold-line/decisions", { arm: "gentle", decision: "hold", by: "", reason: "As it was." });
    expect(await unsigned.text()).to.match(/<textarea id="reason"[^>]*>As it was\.<\/textarea>/);
  });

  it("refuses a form that is sent as another kind of body", async () => {
    const body = new FormData();
    body.set("observations", "seller,kept,gmv\na,1,2");
    for (const path of ["/experiments/gold-line/observations", "/compare"])
      expect((await fetch(server.address + path, { method: "POST", body, redirect: "manual" })).status).to.equal(415);
  });

  it("says where a body stops being JSON, in its own words", async () => {
    const response = await fetch(`${server.address}/api/experiments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"file":\n',
    });
    const { diagnostics } = (await response.json()) as { diagnostics: readonly object[] };
    expect(diagnostics[0]).to.include({ code: "bad-json", message: "the body ends before its JSON does", line: 2, column: 1 });
  });

  it("does not simulate on summaries, or on one unit", async () => {
    for (const text of ["arm,metric,n,mean,variance\ncontrol,kept,9,0.5,\ncontrol,gmv,9,1,1", "seller,kept,gmv\na,1,2"]) {
      let message = "";
      await perform(store, "experiment simulate", { name: "gold-line", history: { file: "history.csv", text } }).catch((error: Error) => {
        message = error.message;
      });
      expect(message).to.match(/bad-observations: a simulation draws from single units/);
    }
  });

  it("names a folder, and reads a design in UTF-16", async () => {
    let message = "";
    await perform(store, "experiment design", { file: home }).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.include(":1:1 unreadable-file:").and.to.include("is a folder");
    const file = join(home, "utf-16.yaml");
    writeFileSync(file, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(design, "utf16le")]));
    const { experiment } = await perform<{ experiment: { digest: string } }>(store, "experiment design", { file, only: true });
    const plain = await perform<{ experiment: { digest: string } }>(store, "experiment design", {
      file: { file: "design.yaml", text: design },
      only: true,
    });
    expect(experiment.digest).to.equal(plain.experiment.digest);
  });

  it("gives programs the same analysis, with the same digest as the decision's", async () => {
    const response = await fetch(`${server.address}/api/experiments/gold-line/analysis`);
    const found = (await response.json()) as { digest: string; analysis: { health: { state: string } } };
    expect(found.analysis.health.state).to.equal("sound");
    expect(store.experiments.decisions("gold-line")[0]?.analysisDigest).to.equal(found.digest);
  });

  it("shows what was amended after the lock, and refuses a change without a reason", async () => {
    const file = join(home, "design.yaml");
    writeFileSync(file, design.replace("margin: 20 % of control", "margin: 30 % of control"));
    let message = "";
    await perform(store, "experiment design", { file }).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.include("was locked at");
    await perform(store, "experiment design", { file, amend: "The margin was mistyped." });
    const { amendments } = await perform<{ amendments: readonly { reason: string; changes: readonly object[] }[] }>(
      store,
      "experiment analyse",
      {
        name: "gold-line",
      },
    );
    expect(amendments[0]?.changes).to.deep.equal([{ path: "metrics.gmv.margin.value", from: "0.2", to: "0.3" }]);
    expect(await page("/experiments/gold-line")).to.include("The margin was mistyped.");
  });

  it("does not read old statistics by a design that measures something else, and says what to do", async () => {
    const file = join(home, "design.yaml");
    const swapped = design.replace("{ mean: gmv, role: guardrail", "{ mean: kept, role: guardrail");
    writeFileSync(file, swapped);
    await perform(store, "experiment design", { file, amend: "Another guardrail." });
    const response = await fetch(`${server.address}/api/experiments/gold-line/analysis`);
    expect(response.status).to.equal(422);
    expect(await response.text()).to.include("observed-otherwise");
    const html = await page("/experiments/gold-line");
    expect(html).to.include("was read before &#x27;gold-line&#x27; was amended in what is measured");
    expect(html).to.include("Another guardrail.");
    expect(html).not.to.include("All checks of the");
    writeFileSync(file, design);
    await perform(store, "experiment design", { file, amend: "Sales after all." });
    expect(await page("/experiments/gold-line")).to.include("All checks of the 2,000 units pass.");
  });

  it("analyses policies from their first divergence on, over a dataset that holds the weeks", async () => {
    const found = await perform<{ triggered?: readonly { arm: string; analysis: { isBalanced: boolean; units: { control: number } } }[] }>(
      store,
      "experiment analyse",
      { name: "gold-line", dataset },
    );
    expect(found.triggered?.[0]?.arm).to.equal("gentle");
    expect(found.triggered?.[0]?.analysis.isBalanced).to.equal(true);
    const html = await page(`/experiments/gold-line?dataset=${dataset}`);
    expect(html).to.match(/gentle: \d+ units? of \d+ would be treated otherwise at all/);
    expect(html).to.include("By how they part for the first time");
    // A decision on this page is signed with the digest of what stands on it.
    const shown = /its own digest is <code>([0-9a-f]+)<\/code>/.exec(html.replaceAll(/\s+/g, " "))?.[1] ?? "none";
    expect(html).to.match(new RegExp(`<input type=.?hidden.? name=.?dataset.? value="${dataset}">`));
    const made = await submit("/experiments/gold-line/decisions", { arm: "gentle", decision: "hold", by: "B", reason: "Seen.", dataset });
    expect(made.status).to.equal(303);
    expect(store.experiments.decisions("gold-line").at(-1)?.analysisDigest.slice(0, shown.length)).to.equal(shown);
    const unknown = await fetch(`${server.address}/experiments/gold-line?dataset=nowhere`, { headers: { accept: "text/html" } });
    expect([unknown.status, (await unknown.text()).includes("no dataset is called &#x27;nowhere&#x27;")]).to.deep.equal([404, true]);
  });

  it("proves the plan on the past", async () => {
    const { metrics } = await perform<{ metrics: readonly { metric: string; level: { value: number } }[] }>(store, "experiment simulate", {
      name: "gold-line",
      history: { file: "history.csv", text: sellers(1_500, () => "control") },
      experiments: 60,
      seed: 1,
    });
    expect(metrics.map(({ metric }) => metric)).to.deep.equal(["kept", "gmv"]);
    // Four standard errors above 5 % in 60 experiments.
    for (const { level } of metrics) expect(level.value).to.be.below(0.17);
  });
});
