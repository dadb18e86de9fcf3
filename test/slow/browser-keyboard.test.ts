/** The longest pages by Tab alone: the skip link first, then everything in the order in which it is read, each in sight when it has the focus, and out again. */
import { expect } from "chai";
import type { Page } from "playwright-core";
import { present } from "../../data/foundation/index.ts";
import { accessibilityFaults } from "./accessibility.ts";
import { type ServedPages, servePages } from "./served-pages.ts";

const stopsMost = 400;

/** What has the focus: where it stands after what had it before, and what is wrong with it. */
const stop = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))).then(() => {
  const here = document.activeElement;
  if (here === null || here === document.body) return undefined;
  const before = window.stopBefore;
  window.stopBefore = here;
  const style = getComputedStyle(here);
  const { width, height, top, bottom } = here.getBoundingClientRect();
  const faults = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1) faults.push("no outline");
  if (width < 1 || height < 1 || style.visibility === "hidden") faults.push("not to be seen");
  if (bottom < 0 || top > innerHeight) faults.push("out of the window");
  if (before !== undefined && before !== here && (before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING) === 0) faults.push("against the order of reading");
  if (before === here && here.type !== "date") faults.push("held back");
  const name = here.getAttribute("aria-label") ?? (here.labels?.[0]?.textContent || here.textContent || here.name || "");
  return { name: here.tagName.toLowerCase() + " " + name.trim().slice(0, 40), faults };
})`;

describe("pages by keyboard", () => {
  let served: ServedPages | undefined;
  let page: Page;

  before(async function () {
    served = await servePages();
    if (served === undefined) return this.skip();
    page = await served.open({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  });
  after(async () => await served?.close());

  async function walk(path: string): Promise<readonly string[]> {
    await page.goto(`${present(served, "a server").address}${path}`);
    if (path.startsWith("/what-if")) await page.locator("[data-headline]").waitFor();
    await page.waitForTimeout(500);
    const names: string[] = [];
    const faults: string[] = [];
    for (let at = 0; at < stopsMost; at++) {
      await page.keyboard.press("Tab");
      const found = (await page.evaluate(stop)) as { readonly name: string; readonly faults: readonly string[] } | undefined;
      // Past the last one a window without a frame begins again.
      if (found === undefined || (names.length > 1 && found.name === names[0])) break;
      names.push(found.name);
      faults.push(...found.faults.map((fault) => `${found.name}: ${fault}`));
    }
    expect(names.length, "never out again").to.be.below(stopsMost);
    expect(faults, path).to.deep.equal([]);
    expect(await accessibilityFaults(page), path).to.deep.equal([]);
    expect(names[0]).to.match(/^a Skip to the/);
    return names;
  }

  it("a report, and the skip link leads past its head", async () => {
    const { address } = present(served, "a server");
    await page.goto(`${address}/runs`);
    const path = (await page.locator("main a[href*='/report']").first().getAttribute("href")) ?? "";
    const names = await walk(path);
    for (const name of ["a The answer", "a Provenance", "a Every figure as CSV"]) expect(names).to.include(name);
    await page.goto(address + path);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.closest('#answer') !== null")).to.equal(true);
  });

  for (const [what, path, last] of [
    ["the form of a comparison", "/compare", "button Keep"],
    ["moved parameters", "/what-if?policy=seller-performance@2.0.0&baseline=seller-performance@1.0.0", "button Show"],
    ["the design of an experiment", "/experiments/new", "button Write it down"],
    ["the editor of a policy", "/policies/seller-performance/2.0.0/edit", ""],
    ["a statistic", "/statistics/welch-means", ""],
  ] as const) {
    it(what, async () => {
      const names = await walk(path);
      expect(names.length).to.be.above(10);
      // The foot of a page comes after all that it is for.
      expect(names.at(-1)).to.equal("a commands and routes");
      if (last !== "") expect(names.at(-2)).to.equal(last);
      if (path.endsWith("/edit")) expect(names).to.include.members(["textarea The policy, as YAML", "button Save as a version"]);
      if (path === "/compare") expect(names).to.include("button Compare");
    });
  }

  it("a design that is refused: from the button to what is wrong, and from there to the text", async () => {
    await page.goto(`${present(served, "a server").address}/experiments/new`);
    await tabTo("text");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("experiment: x\ntitle: y\nplan: { looks: once, correction: hommel }");
    await tabTo("size");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.evaluate("document.activeElement.getAttribute('role')")).to.equal("alert");
    expect(await page.getByRole("alert").innerText()).to.include("'hommel' is not one of: 'none', 'holm', 'benjamini-hochberg'");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).to.equal("text");
  });

  it("from the list over a report and a cell of its matrix to who is in it, and to a letter; by a search; and to two reports side by side", async () => {
    const heading = async () => await page.getByRole("heading", { level: 1 }).innerText();
    await page.goto(`${present(served, "a server").address}/runs`);
    for (const part of ["report", "movement/", "entities/"]) await follow(part);
    const seller = await heading();
    await follow("letter");
    expect(await page.locator("main").innerText()).to.include(`To ${seller}`);
    await tabTo("q");
    await page.keyboard.type(seller);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search/);
    await follow("entities/");
    expect(await heading()).to.equal(seller);
    await page.goto(`${present(served, "a server").address}/runs`);
    for (const part of ["against", "against/"]) await follow(part);
    expect(await page.locator("main").innerText()).to.include("Figure by figure");
  });

  /** Presses Tab until a link that leads there has the focus, and Enter. */
  async function follow(part: string): Promise<void> {
    await tabUntil(`document.activeElement.getAttribute("href")?.includes(${JSON.stringify(part)}) === true`, part);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname.includes(part));
  }

  /** Presses Tab until what has this id or name, or sends this value, has the focus. */
  async function tabTo(name: string): Promise<void> {
    await tabUntil(
      `[document.activeElement.id, document.activeElement.name, document.activeElement.value].includes(${JSON.stringify(name)})`,
      name,
    );
  }

  async function tabUntil(isThere: string, name: string): Promise<void> {
    for (let at = 0; at < stopsMost; at++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(isThere)) return;
    }
    expect.fail(`Tab never comes to ${name}`);
  }
});
