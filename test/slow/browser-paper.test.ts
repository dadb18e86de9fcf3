/** Calculators in a real browser, and pages on paper as a browser prints them: without the colours of backgrounds, and from a dark screen. */
import { join } from "node:path";
import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import { present } from "../../data/foundation/index.ts";
import { accessibilityFaults } from "./accessibility.ts";
import { outputFolder, type ServedPages, servePages, shot } from "./served-pages.ts";

describe("calculators and paper", () => {
  let served: ServedPages | undefined;
  let address: string;

  before(async function () {
    served = await servePages();
    if (served === undefined) return this.skip();
    address = served.address;
  });
  after(async () => await served?.close());

  const open = async (options: BrowserContextOptions): Promise<Page> => await present(served, "a browser").open(options);

  it("computes a statistic while its numbers change, says what is wrong with one, and does both without scripts", async () => {
    const page = await open({ viewport: { width: 1440, height: 1000 } });
    await page.goto(`${address}/statistics`);
    await page.getByRole("link", { name: "One proportion (Wilson)" }).click();
    const result = page.locator(".finding");
    expect(await result.innerText()).to.match(/^0\.041 \(95 % interval 0\.03\d+ to 0\.055\d*\)$/);
    await page.getByLabel("Successes").fill("500");
    await page.locator(".finding", { hasText: /^0\.5 / }).waitFor();
    expect(page.url()).to.include("sample.successes=500");
    await page.getByLabel("Successes").fill("5000");
    await page.locator(".wrong").waitFor();
    expect(await page.locator(".wrong").innerText()).to.include("more successes than trials");
    await page.context().close();
    const plain = await open({ javaScriptEnabled: false, viewport: { width: 1024, height: 900 } });
    await plain.goto(`${address}/statistics/wilson-proportion`);
    await plain.getByLabel("Successes").fill("100");
    await plain.getByRole("button", { name: "Compute" }).click();
    expect(await plain.locator(".finding").innerText()).to.match(/^0\.1 /);
    await plain.getByLabel("Level").fill("2");
    await plain.getByRole("button", { name: "Compute" }).click();
    expect(await plain.locator("[role=alert]").innerText()).to.include("'level' must be below 1");
    expect(await plain.getByLabel("Successes").inputValue()).to.equal("100");
    await plain.context().close();
  });

  it("shows the fields of the kind of metric that is chosen, keeps what was typed for the others, and does so without scripts", async () => {
    const page = await open({ viewport: { width: 1440, height: 1000 } });
    await page.goto(`${address}/statistics/sample-size`);
    const field = (path: string) => page.locator(`[id='metric.${path}']`);
    await field("kind").selectOption("mean");
    await field("standardDeviation").waitFor();
    expect(await field("rate").count()).to.equal(0);
    expect(await page.evaluate("document.activeElement.id"), "the focus stays").to.equal("metric.kind");
    expect(await page.locator("[data-answer].is-stale").count(), "no answer to another question").to.equal(1);
    await field("standardDeviation").fill("20");
    await page.locator(".wrong", { hasText: "a relative effect needs a control value above 0: 'metric.mean'" }).waitFor();
    // The fold that holds the field was opened by what is wrong in it.
    await field("mean").fill("100");
    await page.locator(".finding", { hasText: "506 units" }).waitFor();
    await field("kind").selectOption("proportion");
    await page.locator(".finding", { hasText: "115,526 units" }).waitFor();
    await field("kind").selectOption("mean");
    await page.locator(".finding", { hasText: "506 units" }).waitFor();
    expect(await field("standardDeviation").inputValue()).to.equal("20");
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await shot(page, "sample-size-mean-1440");
    await page.context().close();
    const plain = await open({ javaScriptEnabled: false, viewport: { width: 390, height: 900 } });
    await plain.goto(`${address}/statistics/sample-size`);
    await plain.locator("[id='metric.kind']").selectOption("paired-proportion");
    await plain.getByRole("button", { name: "Compute" }).click();
    expect(await plain.getByRole("status").innerText()).to.include("The fields are now those of what you chose.");
    expect(await plain.getByRole("alert").count()).to.equal(0);
    await plain.getByLabel("Discordant").fill("0.2");
    await plain.getByRole("button", { name: "Compute" }).click();
    expect(await plain.getByRole("alert").innerText()).to.include("'metric.rateBefore'");
    await plain.getByLabel("Rate before").fill("0.4");
    await plain.getByRole("button", { name: "Compute" }).click();
    expect(await plain.locator(".finding").innerText()).to.match(/^[\d,]+ units$/);
    await plain.context().close();
  });

  it("prints the same on A4 whatever the browser's own print leaves out, and from a dark screen", async () => {
    const [light, dark] = [await open({ viewport: { width: 1440, height: 1000 } }), await open({ colorScheme: "dark" })];
    await light.goto(`${address}/runs`);
    const report = (await light.locator("main a[href*='/report']").first().getAttribute("href")) ?? "";
    for (const path of [report, "/policies/seller-performance/2.0.0", "/"]) {
      await light.goto(address + path);
      await dark.goto(address + path);
      const [full, bare] = [
        await light.pdf({ path: join(outputFolder, "printed.pdf"), format: "A4", printBackground: true }),
        await dark.pdf({ format: "A4", printBackground: false }),
      ];
      expect(full.length).to.be.above(20_000);
      expect(drawn(bare) === drawn(full), path).to.equal(true);
    }
    await light.context().close();
    await dark.context().close();
  });

  it("has no command and no table that runs beyond its box, on a phone or wide", async () => {
    const page = await open({ viewport: { width: 390, height: 900 } });
    const asked = { policy: "seller-performance@2.0.0", against: "seller-performance@1.0.0", dataset: "demo-sellers" };
    const answer = await page.request.post(`${address}/api/replays`, { data: asked, headers: { prefer: "wait=120" } });
    const { run } = (await answer.json()) as { readonly run: { readonly id: string } };
    await page.goto(`${address}/runs/${run.id}`);
    expect(await beyond(page, "pre.command")).to.deep.equal([0]);
    const tables = await beyond(page, ".scroll:has(table.figures)");
    expect(tables).to.have.length.above(1);
    expect(Math.max(...tables)).to.equal(0);
    await page.context().close();
    const wide = await open({ viewport: { width: 1440, height: 900 } });
    await wide.goto(`${address}/runs/${run.id}`);
    const wider = await beyond(wide, ".scroll, pre.command");
    expect(wider).to.have.length.above(2);
    expect(Math.max(...wider)).to.equal(0);
    await wide.context().close();
  });
});

/** By how many pixels the contents of each that is to be seen are wider than it is. */
async function beyond(page: Page, selector: string): Promise<readonly number[]> {
  return await page.evaluate<readonly number[]>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].flatMap((each) => (each.checkVisibility() ? [each.scrollWidth - each.clientWidth] : []))`,
  );
}

/** A PDF without when it was made. */
function drawn(pdf: Buffer): string {
  return pdf.toString("latin1").replaceAll(/\/(CreationDate|ModDate) \([^)]*\)/g, "");
}
