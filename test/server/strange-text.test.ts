/** What users write stays text: on every page, in drawings and in tables for spreadsheets. */
import { expect } from "chai";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { visitorOf } from "./small-marketplace.ts";
import { strange, strangeMarketplace } from "./strange-marketplace.ts";

const design = `experiment: strange
title: ${JSON.stringify(`${strange.script} ${strange.arabic}`)}
hypothesis: ${JSON.stringify(strange.script)}
unit: seller
arms:
  control: { share: 50 % }
  gentle: { share: 50 % }
assignment: { salt: strange }
columns: { unit: seller }
metrics:
  kept: { share: kept, role: primary, better: up, effect: 5 points, title: ${JSON.stringify(`${strange.german} ${strange.script}`)} }
plan: { level: 95 %, power: 80 %, looks: once, units: 2000, start: 2025-03-03, weeks: 8 }
`;

describe("strange words", () => {
  let server: RunningServer;
  let store: Store;
  let remove: () => void;
  let run: string;
  let dataset: string;
  const { page, submit } = visitorOf(() => server.address);

  before(async () => {
    ({ store, remove, run, dataset } = await strangeMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [strange.script] });
    expect((await submit("/experiments", { text: design, history: "", do: "keep" })).headers.get("location")).to.equal(
      "/experiments/strange",
    );
  });
  after(async () => {
    await server.close();
    remove();
  });

  it("become no markup on any page", async () => {
    const asked = `policy=seller-performance@9.1.0&baseline=seller-performance@9.0.0&dataset=${dataset}`;
    const paths = [
      "/",
      "/policies",
      "/policies/seller-performance/9.1.0",
      "/policies/seller-performance/diff?from=9.0.0&to=9.1.0",
      "/datasets",
      `/datasets/${dataset}`,
      "/compare",
      "/runs",
      `/what-if?${asked}&set.line=9+%25`,
      `/what-if?${asked}&set.line=${encodeURIComponent(strange.script)}`,
      "/experiments",
      "/experiments/strange",
      `/experiments/new?run=${run}`,
      "/experiments/calibration",
      `/runs/${run}/report?mode=method`,
      `/runs/${run}/report?mode=brief`,
      `/runs/${run}/report.html?mode=method`,
      `/runs/${run}/tables/movement`,
      `/runs/${run}/entities/${encodeURIComponent(strange.script)}`,
      `/nothing/${encodeURIComponent(strange.script)}`,
      `/runs/${encodeURIComponent(strange.script)}`,
      `/statistics/wilson-proportion?sample.successes=${encodeURIComponent(strange.script)}`,
    ];
    for (const path of paths) {
      const html = await page(path);
      expect(html, path).not.to.match(/<script>alert|<img|onerror=alert\(2\)>/);
      expect(html, path).to.match(/^<!doctype html>/);
    }
    expect(await page(`/runs/${run}/report`))
      .to.include("&lt;script&gt;")
      .and.to.include(strange.arabic);
  });

  it("become no markup in drawings, and no formula in a table for spreadsheets", async () => {
    const report = await page(`/runs/${run}/report?mode=method`);
    const files = [...report.matchAll(/href="(figures\/[^"]+\.(?:svg|csv)[^"]*)"/g)].map(
      ([, href = ""]) => `/runs/${run}/${href.replaceAll("&#x3D;", "=").replaceAll("&amp;", "&")}`,
    );
    expect(files.length).to.be.above(20);
    for (const file of files) {
      const text = await page(file);
      if (file.includes(".svg")) expect(text, file).not.to.match(/<script|<img|<foreignObject|<[a-z][^>"]*\son\w+=/);
      else expect(text, file).not.to.match(/\r\n[=+@]/);
    }
  });
});
