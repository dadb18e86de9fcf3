/** Writing a version and building a comparison in a real browser: by keyboard, with faults, drafts, sliders and figures. */
import { expect } from "chai";
import type { Page } from "playwright-core";
import { accessibilityFaults } from "./accessibility.ts";
import { type ServedPages, servePages, shot } from "./served-pages.ts";

const edit = "/policies/seller-performance/1.0.0/edit";

describe("writing policies and building comparisons in a browser", () => {
  let served: ServedPages;

  before(async function () {
    const pages = await servePages();
    if (pages === undefined) return this.skip();
    served = pages;
  });
  after(async () => await served?.close());

  const desk = { viewport: { width: 1440, height: 1000 } };
  const text = (page: Page): Promise<string> => page.locator("#text").inputValue();
  const settled = async (page: Page): Promise<void> => {
    await page.locator("[data-answer] [data-headline]").waitFor();
    await page.locator(".gutter span").first().waitFor();
  };
  /** The caret behind a word of the text. */
  const caretBehind = async (page: Page, word: string): Promise<void> =>
    await page.locator("#text").evaluate((area, found) => {
      const field = area as unknown as { value: string; focus(): void; setSelectionRange(from: number, to: number): void };
      const at = field.value.indexOf(found) + found.length;
      field.focus();
      field.setSelectionRange(at, at);
    }, word);

  it("marks faults while they are written, and goes to them by keyboard", async () => {
    const page = await served.open(desk);
    await page.goto(`${served.address}/policies/seller-performance/1.0.0`);
    await page.getByRole("link", { name: "Edit as a new version" }).click();
    await settled(page);
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await shot(page, "editor-1440");
    await caretBehind(page, "at_least: 10 orders");
    await page.keyboard.type("s");
    await page.getByText("1 error").first().waitFor();
    expect(await page.locator(".gutter .is-error").count()).to.equal(1);
    await page.locator("[data-said]").getByText("1 error").waitFor({ state: "attached" });
    await page.locator("#text").press("Control+Home");
    await page.keyboard.press("F8");
    const line = await page.locator("#text").evaluate((area) => {
      const field = area as unknown as { value: string; selectionStart: number };
      return field.value.slice(0, field.selectionStart).split("\n").length;
    });
    expect(String(line)).to.equal(await page.locator("[data-line]").first().getAttribute("data-line"));
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await shot(page, "editor-faults-1440");
    await caretBehind(page, "at_least: 10 orderss");
    await page.keyboard.press("Backspace");
    await page.getByText("No problems").waitFor();
    await page.context().close();
  });

  it("offers what can be written, and takes it by keyboard", async () => {
    const page = await served.open(desk);
    await page.goto(served.address + edit);
    await settled(page);
    await caretBehind(page, "recent_orders: { sum: orders, over: 84 days");
    await page.keyboard.type(", a");
    const offered = page.getByRole("listbox", { name: "What can stand here" });
    const options = offered.getByRole("option");
    await options.first().waitFor();
    expect(await options.allInnerTexts()).to.satisfy((labels: string[]) => labels.some((label) => label.startsWith("at_least")));
    await page.keyboard.press("ArrowDown");
    expect(await page.locator("#text").getAttribute("aria-activedescendant")).to.equal("completion-0");
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await shot(page, "editor-words-1440");
    await page.keyboard.press("Enter");
    expect(await text(page)).to.include("over: 84 days, at_least: ");
    await page.keyboard.press("Control+Space");
    await offered.getByRole("option", { name: /^due_dispatches measure/ }).waitFor();
    await page.keyboard.press("Escape");
    expect(await offered.isVisible()).to.equal(false);
    await page.keyboard.press("Control+z");
    expect(await text(page)).not.to.include("at_least:  }");
    await page.context().close();
  });

  it("moves a parameter in the text with a slider, keeps the draft, and warns before it is left", async () => {
    const page = await served.open(desk);
    await page.goto(served.address + edit);
    await settled(page);
    const before = await text(page);
    const slider = page.getByRole("slider", { name: "Overall score that gold asks for" });
    await slider.focus();
    for (let step = 0; step < 4; step++) await slider.press("ArrowRight");
    expect(await text(page)).to.equal(before.replace("value: 85", "value: 89"));
    await page.locator("[data-findings]").getByText("stricter").first().waitFor();
    await page
      .locator("[data-mover]")
      .getByText(/sellers? .* in another tier than under 1\.0\.0/)
      .waitFor();
    // What the number was when the page was opened is not said of the text that has another one now.
    expect(await page.locator("[data-lever='gold_line'] .about").innerText()).to.equal("75 to 95");
    await shot(page, "editor-moved-1440");
    const asked = new Promise<string>((resolve) => {
      page.once("dialog", (dialog) => {
        resolve(dialog.type());
        void dialog.accept();
      });
    });
    await page.reload();
    expect(await asked).to.equal("beforeunload");
    expect(await text(page)).to.include("value: 89");
    await page.getByText("What you wrote before is back").waitFor();
    await page.getByRole("button", { name: "Begin anew" }).click();
    expect(await text(page)).to.equal(before);
    await page.context().close();
  });

  it("puts a text in canonical form, refuses a number that is taken, then saves under one that is free", async () => {
    const page = await served.open(desk);
    await page.goto(`${served.address}${edit}?start=changes`);
    await settled(page);
    await page.getByRole("slider", { name: "Overall score that gold asks for" }).press("ArrowRight");
    expect(await text(page)).to.match(/set:\n {2}parameters\.gold_line\.value: 86\n$/);
    await caretBehind(page, "parameters.gold_line.value:");
    await page.keyboard.type("   ");
    await page.getByRole("button", { name: "Put in canonical form" }).click();
    await page.getByText("In canonical form.").waitFor();
    expect(await text(page)).to.include("parameters.gold_line.value: 86");
    await page.locator("#text").fill((await text(page)).replace("version: 2.1.0", "version: 2.0.0"));
    await page.getByRole("button", { name: "Save as a version" }).click();
    await page.getByText(/Not saved: .*2\.1\.0 is free/).waitFor();
    expect(await page.locator(".gutter .is-error").count()).to.equal(1);
    await page.locator("#text").fill((await text(page)).replace("version: 2.0.0", "version: 2.1.0"));
    await page.getByRole("button", { name: "Save as a version" }).click();
    await page.waitForURL(/\/policies\/seller-performance\/2\.1\.0$/);
    await page.goto(`${served.address}${edit}?start=changes`);
    expect(await text(page)).to.include("version: 2.2.0");
    await page.context().close();
  });

  it("takes moved parameters from the what-if page along", async () => {
    const page = await served.open(desk);
    await page.goto(`${served.address}/what-if?policy=seller-performance@1.0.0&set.gold_line=91`);
    await page.getByRole("button", { name: "Edit as text" }).click();
    await page.waitForURL(/\/edit\?/);
    expect(await text(page)).to.include("value: 91");
    await page.context().close();
  });

  it("says what a comparison will take while it is built, keeps it under a name, and makes it", async () => {
    const page = await served.open(desk);
    await page.goto(`${served.address}/compare`);
    const cost = page.locator("[data-estimate]");
    await page.getByRole("radio", { name: /Demo marketplace, sellers/ }).check();
    await page.locator("input[name=baseline][value='seller-performance@1.0.0']").check();
    for (const box of await page.locator("input[name=candidate]:checked").all()) await box.uncheck();
    await page.locator("input[name=candidate][value='seller-performance@2.0.0']").check();
    await cost.getByText("1,500 sellers × 52 weeks × 2 policies").waitFor();
    expect(await cost.innerText()).to.match(/About [\d.]+ seconds/);
    await page.locator("#from").selectOption({ index: 27 });
    await cost.getByText("1,500 sellers × 26 weeks × 2 policies").waitFor();
    await page.getByText("Policies of your own as candidates").click();
    const chooser = page.waitForEvent("filechooser");
    await page.getByLabel("Candidate text 1, as YAML: choose a file").click();
    await (await chooser).setFiles({
      name: "mine.yaml",
      mimeType: "text/plain",
      buffer: Buffer.from("extends: 1.0.0\nprogramme: seller-performance\nversion: 5.0.0\nset:\n  parameters.gold_line.value: 90\n"),
    });
    await cost.getByText("1,500 sellers × 26 weeks × 3 policies").waitFor();
    await page.getByLabel("Keep it under the name").fill("Half a year");
    await page.getByRole("button", { name: "Keep" }).click();
    await page.getByRole("link", { name: "Half a year" }).waitFor();
    expect(await page.locator("#candidateText1").inputValue()).to.include("version: 5.0.0");
    await cost.getByText("1,500 sellers × 26 weeks × 3 policies").waitFor();
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await shot(page, "builder-1440");
    await page.locator("#candidateText1").fill("extends: 1.0.0\nversion: 5.0.0\n");
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.locator(".problems a[href='#candidateText1']").first().waitFor();
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await page.goto(`${served.address}/compare?preset=Half+a+year`);
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.waitForURL(/\/report/);
    await page.goto(`${served.address}/runs`);
    await page.getByRole("link", { name: "seller-performance 1.0.0 → 2.0.0, 5.0.0" }).first().waitFor();
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await page.goto(`${served.address}/compare`);
    await page.getByRole("button", { name: "Delete Half a year" }).click();
    await page.getByRole("link", { name: "Half a year" }).waitFor({ state: "detached" });
    await page.context().close();
  });

  it("shows building and listing on a phone and in the dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await served.open({ viewport: { width: 390, height: 844 }, colorScheme });
      for (const [path, name] of [
        ["/compare", "builder"],
        ["/runs", "runs"],
      ] as const) {
        await page.goto(served.address + path);
        expect(await page.evaluate("document.documentElement.scrollWidth"), path).to.equal(390);
        expect(await accessibilityFaults(page), path).to.deep.equal([]);
        await shot(page, `${name}-390-${colorScheme}`);
      }
      await page.context().close();
    }
  });

  it("shows the editor on a phone and in the dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await served.open({ viewport: { width: 390, height: 844 }, colorScheme });
      await page.goto(served.address + edit);
      await settled(page);
      expect(await page.evaluate("document.documentElement.scrollWidth")).to.equal(390);
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      await shot(page, `editor-390-${colorScheme}`);
      await page.context().close();
    }
    const page = await served.open({ ...desk, colorScheme: "dark" });
    await page.goto(served.address + edit);
    await settled(page);
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await shot(page, "editor-1440-dark");
    await page.context().close();
  });
});
