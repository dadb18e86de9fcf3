/** Entities in a real browser: from a cell of the matrix to a seller and its letter, the search, two reports, a dataset. */
import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import { accessibilityFaults } from "./accessibility.ts";
import { type ServedPages, servePages, shot } from "./served-pages.ts";

describe("entities in a browser", function () {
  this.timeout(400_000);
  let served: ServedPages | undefined;
  let address: string;
  let run: string;
  let seller: string;

  before(async function () {
    served = await servePages();
    if (served === undefined) return this.skip();
    address = served.address;
    const runs = (await (await fetch(`${address}/api/runs`)).json()) as { runs: { id: string; kind: string; title: string }[] };
    run = runs.runs.find(({ kind, title }) => kind === "comparison" && title.startsWith("seller-performance"))?.id ?? "";
  });
  after(async () => await served?.close());

  const open = async (options: BrowserContextOptions): Promise<Page> => {
    if (served === undefined) throw new Error("nothing is served");
    return await served.open(options);
  };

  it("leads from a cell of the matrix, by keyboard and without script, to a seller, its metrics and its letter", async () => {
    const page = await open({ viewport: { width: 1440, height: 1000 }, javaScriptEnabled: false });
    await page.goto(`${address}/runs/${run}/report?candidate=2.0.0`);
    const cell = page.getByRole("link", { name: /^\d+ from standard to watch$/ }).first();
    const count = /^[\d,]+/.exec((await cell.getAttribute("aria-label")) ?? "")?.[0] ?? "none";
    await cell.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/movement\/standard\/watch/);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).to.contain(`${count} sellers`);
    await shot(page, "cell-1440");
    const link = page.locator("td a[href*='/entities/']").first();
    seller = (await link.innerText()).trim();
    await link.click();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).to.equal(seller);
    await page.getByText("Every metric over time").waitFor();
    await shot(page, "entity-metrics-1440");
    await page
      .getByRole("link", { name: /^Letter to the seller/ })
      .last()
      .click();
    await page.waitForURL(/\/letter\?version=2\.0\.0/);
    expect(await page.locator("article").innerText())
      .to.contain("Your tier:")
      .and.to.contain("What would bring");
    await shot(page, "letter-1440");
    await page.context().close();
  });

  it("prints the letter without what is about it", async () => {
    const page = await open({ viewport: { width: 794, height: 1123 } });
    await page.goto(`${address}/runs/${run}/entities/${seller}/letter?version=2.0.0`);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".letter-tools").isVisible()).to.equal(false);
    expect(await page.locator(".letter-remarks").first().isVisible()).to.equal(false);
    expect(await page.locator("article").isVisible()).to.equal(true);
    await shot(page, "letter-print");
    await page.context().close();
  });

  it("finds a seller from the frame of any page, and shows where it stands", async () => {
    const page = await open({ viewport: { width: 1440, height: 1000 }, javaScriptEnabled: false });
    await page.goto(`${address}/policies`);
    const field = page.getByRole("searchbox", { name: "Search entities" });
    await field.fill(seller.toLowerCase());
    await field.press("Enter");
    await page.waitForURL(/\/search\?q=/);
    expect(await page.locator("tbody tr").first().innerText())
      .to.contain(seller)
      .and.to.contain("2.0.0: watch");
    await page.locator("tbody tr .standing a").first().click();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).to.equal(seller);
    await page.goto(`${address}/search?q=zzzz`);
    await page.getByText("Nothing found").waitFor();
    await page.context().close();
  });

  it("sets a report beside another from the list of runs", async () => {
    const page = await open({ viewport: { width: 1440, height: 1000 }, javaScriptEnabled: false });
    await page.goto(`${address}/runs`);
    await page.locator(`a[href='/runs/${run}/against']`).click();
    await page.getByRole("link", { name: /With itself/ }).click();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).to.match(/The two are the same:\s+no figure differs/);
    await page.goto(`${address}/runs/${run}/against`);
    await page.locator("tbody a").first().click();
    await page.getByText("What they were made with").waitFor();
    await shot(page, "against-1440");
    await page.context().close();
  });

  it("bears what axe asks for and does not scroll sideways, in any light", async () => {
    const pages = [
      `/runs/${run}/movement/standard/watch?candidate=2.0.0`,
      `/runs/${run}/entities/${seller}`,
      `/runs/${run}/entities/${seller}/letter?version=2.0.0`,
      "/search",
      "/search?q=s00000",
      `/runs/${run}/against`,
      `/runs/${run}/against/${run}?candidate=1.1.0&otherCandidate=2.0.0`,
      `/runs/${run}/report?candidate=2.0.0`,
      "/datasets/demo-sellers",
    ];
    for (const [width, colorScheme, hasAxe] of [
      [1440, "light", true],
      [1440, "dark", false],
      [1024, "light", false],
      [390, "light", false],
      [390, "dark", true],
    ] as const) {
      const page = await open({ viewport: { width, height: 900 }, colorScheme });
      for (const path of pages) {
        await page.goto(address + path);
        // Once in each light and layout.
        if (hasAxe) expect(await accessibilityFaults(page), `${path} at ${width}, ${colorScheme}`).to.deep.equal([]);
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), `${path} at ${width}`).to.be.at.most(0);
        await shot(page, `entity-flow-${pages.indexOf(path)}-${width}-${colorScheme}`);
      }
      await page.context().close();
    }
  }).timeout(600_000);
});
