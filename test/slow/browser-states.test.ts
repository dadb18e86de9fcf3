/** Pages in the states that a working home seldom shows, and with words of any kind: nothing there yet, waiting, failed, refused; held against axe and the width of the window. */
import { expect } from "chai";
import type { Page } from "playwright-core";
import { present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { processIdentity } from "../../server/jobs/index.ts";
import { openHome } from "../../server/operations/index.ts";
import { strange, strangeMarketplace } from "../server/strange-marketplace.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { accessibilityFaults } from "./accessibility.ts";
import { type OpenBrowser, openBrowser, shot } from "./served-pages.ts";

const widths = [1440, 1024, 390] as const;

/** What reaches beyond the window, where anything does. */
const beyond = `(() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const found = [...document.querySelectorAll("main *")].filter((each) => each.getBoundingClientRect().right > width + 1 && each.closest(".scroll") === null)
    .slice(0, 5).map((each) => each.tagName + "." + each.className + ": " + (each.textContent ?? "").trim().slice(0, 40));
  return found.length > 0 ? found : ["something in a table, " + document.documentElement.scrollWidth + " pixels wide"];
})()`;

describe("pages in rare states", () => {
  let browser: OpenBrowser | undefined;

  before(async function () {
    browser = await openBrowser();
    if (browser === undefined) this.skip();
  });
  after(async () => await browser?.close());

  async function look(
    server: RunningServer,
    pages: readonly (readonly [string, string])[],
    colours: readonly ("light" | "dark")[],
  ): Promise<void> {
    const faults: string[] = [];
    for (const width of widths) {
      const page: Page = await present(browser, "a browser").open({ viewport: { width, height: 900 } });
      for (const [name, path] of pages) {
        await page.goto(server.address + path);
        for (const colorScheme of colours) {
          const place = `${name}, ${width}, ${colorScheme}`;
          await page.emulateMedia({ colorScheme });
          faults.push(...(await page.evaluate<string[]>(beyond)).map((what) => `${place}: beyond the window: ${what}`));
          if (colorScheme === "dark" || width !== 1024)
            faults.push(...(await accessibilityFaults(page)).map((fault) => `${place}: ${fault}`));
          if (width !== 1024) await shot(page, `${name}-${width}-${colorScheme}`);
        }
      }
      await page.context().close();
    }
    expect(faults).to.deep.equal([]);
  }

  it("with nothing there yet, and comparisons that wait, run, failed and were cancelled", async () => {
    const { home, remove } = temporaryHome();
    const store: Store = openHome(home);
    const server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    const nothing = [
      "/",
      "/datasets",
      "/connections",
      "/runs",
      "/compare",
      "/what-if",
      "/experiments",
      "/experiments/calibration",
      "/nothing/here",
    ];
    await look(
      server,
      nothing.map((path) => [`empty${path.replaceAll("/", "-")}`, path]),
      ["light", "dark"],
    );
    const jobs = ["running", "queued", "failed", "cancelled"].map((state) => {
      const input = { baseline: "seller-performance@1.0.0", candidates: ["seller-performance@2.0.0"], dataset: "gone", seed: state };
      const { id } = store.jobs.add({ operation: "compare", title: "Compare", input, inputDigest: state, owner: "command" });
      if (state !== "queued") store.jobs.start(id, processIdentity());
      if (state === "failed" || state === "cancelled") store.jobs.finish(id, { state, sentence: "The dataset is no longer there: gone." });
      return [`run-${state}`, `/runs/${id}`] as const;
    });
    await look(server, [...jobs, ["runs-unfinished", "/runs"]], ["light", "dark"]);
    await server.close();
    store.close();
    remove();
  });

  it("with names of two hundred characters, from right to left, without spaces, and with markup in them", async () => {
    const { store, dataset, run, remove } = await strangeMarketplace();
    const server = await startServer({
      store,
      host: "127.0.0.1",
      port: 0,
      log: openLog("silent"),
      notices: [strange.long, strange.arabic],
    });
    const asked = `policy=seller-performance@9.1.0&baseline=seller-performance@9.0.0&dataset=${dataset}`;
    const entity = (name: string): string => `/runs/${run}/entities/${encodeURIComponent(name)}`;
    await look(
      server,
      [
        ["strange-home", "/"],
        ["strange-policies", "/policies"],
        ["strange-policy", "/policies/seller-performance/9.1.0"],
        ["strange-diff", "/policies/seller-performance/diff?from=9.0.0&to=9.1.0"],
        ["strange-datasets", "/datasets"],
        ["strange-dataset", `/datasets/${dataset}`],
        ["strange-form", "/compare"],
        ["strange-what-if", `/what-if?${asked}&set.line=9+%25`],
        ["strange-what-if-refused", `/what-if?${asked}&set.line=${strange.long}`],
        ["strange-runs", "/runs"],
        ["strange-report", `/runs/${run}/report?mode=method`],
        ["strange-table", `/runs/${run}/tables/movement`],
        ["strange-entity-long", entity(strange.long)],
        ["strange-entity-arabic", entity(strange.arabic)],
        ["strange-refused", `/nothing/${strange.long}`],
      ],
      ["light"],
    );
    await server.close();
    remove();
  });
});
