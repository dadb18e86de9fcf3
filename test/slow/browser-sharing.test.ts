/** Sharing a report, in a real browser: comments in place and on their page, figures elsewhere, PNG, PDF, notebook. Screenshots go to test/output. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import { present } from "../../data/foundation/index.ts";
import { accessibilityFaults } from "./accessibility.ts";
import { type ServedPages, servePages, shot } from "./served-pages.ts";

describe("sharing a report in a browser", () => {
  let served: ServedPages | undefined;
  let address: string;
  let report: string;

  before(async function () {
    served = await servePages();
    if (served === undefined) return this.skip();
    address = served.address;
    const { runs } = (await (await fetch(`${address}/api/runs`)).json()) as { runs: { id: string; kind: string; title: string }[] };
    const run = present(
      runs.find(({ kind, title }) => kind === "comparison" && title.startsWith("seller-performance")),
      "a comparison",
    );
    report = `/runs/${run.id}/report`;
  });

  after(async () => await served?.close());

  const open = async (options: BrowserContextOptions): Promise<Page> => await present(served, "a browser").open(options);
  const wide = { viewport: { width: 1440, height: 1000 } };

  it("comments on a figure in place, answers, resolves, and finds the number at the figure", async () => {
    const page = await open(wide);
    await page.goto(`${address}${report}?mode=full`);
    const link = page.locator("#figure-movement .links a[href^='comments']");
    await link.click();
    const place = page.locator("#figure-movement .in-place");
    await place.getByLabel("Comment", { exact: true }).fill("Why so many? <b>مرحبا</b>");
    await place.getByLabel("Your name").last().fill("Ana");
    await place.getByRole("button", { name: "Comment" }).click();
    await place.getByText("Why so many? <b>مرحبا</b>").waitFor();
    await page.getByRole("button", { name: "1 comment" }).waitFor();
    await place.locator("summary", { hasText: "Reply" }).click();
    await place.getByLabel("Reply").fill("Because the window is longer.");
    expect(await place.locator("[name=by]").first().inputValue(), "the name is remembered").to.equal("Ana");
    await place.getByRole("button", { name: "Reply" }).click();
    await place.getByText("Because the window is longer.").waitFor();
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await page.locator("#figure-movement").screenshot({ path: "test/output/comments-in-place-1440.png" });
    await place.locator("summary", { hasText: "Resolve" }).click();
    await place.getByRole("button", { name: "Resolve it" }).click();
    await place.getByText("Resolved by Ana").waitFor();
    await page.keyboard.press("Escape");
    expect(await place.count()).to.equal(0);
    await page.reload();
    await page.locator("#figure-movement .links a[href^='comments']", { hasText: "1 comment" }).waitFor();
    await page.context().close();
  });

  it("comments without script on a page of its own, which is sound in light, dark and on a phone", async () => {
    const plain = await open({ ...wide, javaScriptEnabled: false });
    await plain.goto(`${address}${report}`);
    await plain.locator("#fairness > a.talk").click();
    await plain.getByLabel("Comment", { exact: true }).fill(`${"Long ".repeat(40)}\n${"w".repeat(200)}`);
    await plain.getByLabel("Your name").last().fill("Bo");
    await plain.getByRole("button", { name: "Comment", exact: true }).click();
    expect(await plain.getByRole("article").count()).to.equal(1);
    const path = new URL(plain.url()).pathname;
    await plain.context().close();
    for (const [width, colorScheme] of [
      [1440, "light"],
      [1440, "dark"],
      [390, "light"],
      [390, "dark"],
    ] as const) {
      const page = await open({ viewport: { width, height: 900 }, colorScheme });
      await page.goto(`${address}${path}`);
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      expect(await sideways(page)).to.equal(0);
      await shot(page, `comments-${width}-${colorScheme}`);
      await page.context().close();
    }
  });

  it("shows a figure in another site's page, where nothing else of the server shows", async () => {
    const page = await open(wide);
    await page.goto(`${address}${report}`);
    await page.locator("#figure-movement .links a", { hasText: "Embed" }).click();
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await shot(page, "figure-share-1440");
    const snippet = await page.getByLabel("HTML to paste").inputValue();
    const other = await anotherSite(`<!doctype html><body>${snippet}<iframe name="home" src="${address}/"></iframe></body>`);
    other.server.unref();
    await page.goto(other.address);
    const frame = page.frameLocator("iframe").first();
    await frame.getByRole("heading", { level: 1 }).waitFor();
    const box = await frame.locator("main").evaluate((main) => main.getBoundingClientRect().height);
    const height = Number(/height="(\d+)"/.exec(snippet)?.[1]);
    expect(box, "it fits its frame").to.be.at.most(height);
    expect(await page.frame("home")?.locator("main").count(), "the home page does not show").to.equal(0);
    await shot(page, "figure-framed");
    other.server.closeAllConnections();
    other.server.close();
    for (const [width, colorScheme] of [
      [390, "light"],
      [1440, "dark"],
    ] as const) {
      const alone = await open({ viewport: { width, height: 900 }, colorScheme });
      await alone.goto(present(/src="([^"]*)"/.exec(snippet)?.[1], "an address").replaceAll("&amp;", "&"));
      expect(await accessibilityFaults(alone)).to.deep.equal([]);
      expect(await sideways(alone)).to.equal(0);
      await shot(alone, `figure-alone-${width}-${colorScheme}`);
      await alone.context().close();
    }
    await page.context().close();
  });

  it("gives each chart as PNG at twice its size, made by the page, or by the server for programs", async () => {
    const page = await open({ ...wide, acceptDownloads: true });
    await page.goto(`${address}${report}`);
    const saved = page.waitForEvent("download");
    await page.locator("#figure-flow .links a", { hasText: "PNG" }).click();
    const download = await saved;
    expect(download.suggestedFilename()).to.equal("flow.png");
    const made = sizeOfPng(readFileSync(await download.path()));
    const svg = await (await fetch(`${address}${report.replace("report", "figures/flow.svg")}`)).text();
    const [, width = "", height = ""] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
    expect(made).to.deep.equal({ width: 2 * Number(width), height: 2 * Number(height) });
    const served = await fetch(`${address}${report.replace("report", "figures/flow.png")}`);
    expect(sizeOfPng(Buffer.from(await served.arrayBuffer()))).to.deep.equal(made);
    await page.context().close();
  });

  it("prints each mode as a PDF, the same bytes each time", async () => {
    const pdf = async (mode: string): Promise<Buffer> => {
      const response = await fetch(`${address}${report}.pdf?mode=${mode}`);
      expect(response.status).to.equal(200);
      return Buffer.from(await response.arrayBuffer());
    };
    const [brief, again, full] = [await pdf("brief"), await pdf("brief"), await pdf("full")];
    expect(brief.subarray(0, 5).toString()).to.equal("%PDF-");
    expect(brief.equals(again)).to.equal(true);
    expect(brief.toString("latin1")).not.to.match(/\/(?:CreationDate|ModDate)/);
    expect(pagesOf(brief)).to.be.within(2, 9);
    expect(pagesOf(full)).to.be.within(pagesOf(brief) + 1, 30);
    const empty = emptySharesOf(full);
    if (empty === undefined) return;
    expect(empty).to.have.length(pagesOf(full));
    const inner = empty.slice(0, -1);
    expect(Math.max(...inner), "the emptiest page but the last").to.be.below(0.3);
    expect(inner.reduce((sum, share) => sum + share, 0) / inner.length, "empty on average").to.be.below(0.085);
  });

  it("is as wide as the paper in print, so that the browser shrinks no page, and cuts no table", async () => {
    const page = await open({ viewport: { width: 665, height: 1000 } });
    for (const mode of ["brief", "full", "method"]) {
      await page.goto(`${address}${report}?mode=${mode}`);
      await page.emulateMedia({ media: "print" });
      expect(await sideways(page), mode).to.equal(0);
      const cut = await page
        .locator(".scroll")
        .evaluateAll((boxes) => boxes.filter((box) => box.scrollHeight > box.clientHeight + 1 && box.clientHeight > 0).length);
      expect(cut, `${mode}: tables that are cut`).to.equal(0);
    }
    await page.context().close();
  });

  it("keeps the mode from candidate to candidate and back from a table, and leads a phone to the brief", async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
    await page.goto(`${address}${report}?mode=method`);
    await page.locator(".switch a").first().click();
    expect(page.url()).to.include("mode=method");
    const figure = page.locator("#figure-movement");
    await figure.locator("summary").click();
    await figure.locator("[data-table]").click();
    await page.locator(".kicker a").click();
    expect(page.url()).to.include("mode=method").and.to.include("#figure-movement");
    await page.getByRole("link", { name: "The brief says the same" }).click();
    expect(page.url()).to.include("mode=brief");
    expect(await page.locator(".for-phones").count()).to.equal(0);
    expect(await sideways(page)).to.equal(0);
    await page.context().close();
  });
});

async function sideways(page: Page): Promise<number> {
  return await page.evaluate<number>("Math.max(0, document.documentElement.scrollWidth - innerWidth)");
}

/** A page of another origin. */
async function anotherSite(html: string): Promise<{ readonly address: string; readonly server: Server }> {
  const server = createServer((_request, response) => response.setHeader("content-type", "text/html").end(html));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://localhost:${(server.address() as AddressInfo).port}/`, server };
}

function sizeOfPng(png: Buffer): { readonly width: number; readonly height: number } {
  expect(png.subarray(1, 4).toString()).to.equal("PNG");
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

function pagesOf(pdf: Buffer): number {
  return (pdf.toString("latin1").match(/\/Type \/Page\b(?!s)/g) ?? []).length;
}

/** How much of each page is empty below its last mark, its margins apart. Undefined, with a line that says so, where no program draws pages. */
function emptySharesOf(pdf: Buffer): readonly number[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), "counterweight-pages-"));
  try {
    writeFileSync(join(folder, "report.pdf"), pdf);
    const { error } = spawnSync("pdftoppm", ["-r", "30", "-gray", "report.pdf", "page"], { cwd: folder });
    if (error !== undefined) {
      console.log("      not measured how full the pages are: there is no pdftoppm");
      return undefined;
    }
    const pages = readdirSync(folder).filter((file) => file.endsWith(".pgm"));
    return pages.toSorted().map((file) => emptyShareOf(readFileSync(join(folder, file))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of a page of A4 as a grey map, between the margins that the style sheet sets: 15 mm above, 16 mm and the foot below. */
function emptyShareOf(page: Buffer): number {
  const [head = "", width = "", height = ""] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(page.toString("latin1", 0, 40)) ?? [];
  const [top, bottom] = [(15 / 297) * Number(height), (280 / 297) * Number(height)];
  let last = Math.floor(bottom);
  const isBlank = (row: number) =>
    page.subarray(head.length + row * Number(width), head.length + (row + 1) * Number(width)).every((grey) => grey > 235);
  while (last > top && isBlank(last)) last--;
  return (bottom - last) / (bottom - top);
}
