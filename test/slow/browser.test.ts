/** A product manager's path in a real browser: home, form, progress, report, entity. Screenshots go to test/output. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import { packagePath, present } from "../../data/foundation/index.ts";
import { answerShapes } from "../views/answer-shapes.ts";
import { accessibilityFaults } from "./accessibility.ts";
import { outputFolder, type ServedPages, servePages, shot } from "./served-pages.ts";

/** The tables in sight that go on beyond the edge of the window. */
const tablesBeyondEdge = `[...document.querySelectorAll(".scroll")]
  .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth)
  .map((each) => each.querySelector("caption")?.textContent ?? each.getAttribute("aria-label"))`;

/** Set to make the picture of the root README anew. */
const updatePicture = process.env["UPDATE_GOLDENS"] === "1";

describe("the pages in a browser", () => {
  let served: ServedPages | undefined;
  let address: string;
  /** What the tests that make them by hand leave to the others, which make them where they run alone. */
  let madeReport: string | undefined;
  let madeExperiment: string | undefined;

  before(async function () {
    served = await servePages();
    if (served === undefined) return this.skip();
    address = served.address;
  });

  after(async () => await served?.close());

  it("leads from home over form and progress to a report, and from there to a seller", async () => {
    const page = await open({ viewport: { width: 1440, height: 1000 } });
    await page.goto(address);
    await shot(page, "home-1440");
    await page.getByRole("link", { name: "Compare two versions" }).click();
    await page.locator("input[name=baseline][value='seller-performance@1.1.0']").check();
    for (const box of await page.locator("input[name=candidate]:checked").all()) await box.uncheck();
    await page.locator("input[name=candidate][value='seller-performance@2.0.0']").check();
    await page.getByRole("radio", { name: /Demo marketplace, sellers/ }).check();
    // The groups of sellers come with the dataset; those of creators were offered before.
    await page.getByRole("checkbox", { name: "category" }).uncheck();
    await page.locator("input[name=seed]").fill("11");
    await shot(page, "form-1440");
    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL(/\/(jobs|runs)\//);
    await shot(page, "progress-1440");
    await page.waitForURL(/\/report/);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).to.match(/What version 2\.0\.0 would\s+have done to [\d,]+ sellers/);
    madeReport = new URL(page.url()).pathname;
    expect(await page.locator("#provenance").innerText()).to.include("region, size and age, as asked for");
    await shot(page, "report-1440");
    const shapes = answerShapes();
    const lines = await answerLines(page, [...shapes.values()]);
    expect([...shapes.keys()].filter((_, index) => (lines[index] ?? 9) > 5)).to.deep.equal([]);
    await page.reload();
    const seller = page.locator("a[href*='/entities/']").first();
    const name = (await seller.innerText()).trim();
    await seller.click();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).to.contain(name);
    await shot(page, "entity-1440");
    await page.context().close();
  });

  it("moves a parameter, sees the figures follow, saves it, and finds the same movers in the comparison", async () => {
    const page = await open({ viewport: { width: 1440, height: 1000 } });
    await page.goto(`${address}/what-if?policy=seller-performance@2.0.0&baseline=seller-performance@1.0.0`);
    const headline = page.locator("[data-headline]");
    const before = await headline.innerText();
    const slider = page.getByRole("slider", { name: "Overall score that gold asks for" });
    const answered = () => page.locator("[data-answer]:not([aria-busy])").waitFor();
    await slider.focus();
    for (let step = 0; step < 2; step++) await slider.press("ArrowLeft");
    await answered();
    expect(await slider.getAttribute("aria-valuetext")).to.equal("86");
    expect(await page.getByLabel("Overall score that gold asks for").first().inputValue()).to.equal("86");
    const after = await headline.innerText();
    expect(after).not.to.equal(before);
    await page.waitForURL(/set\.gold_line=86/);
    await shot(page, "what-if-moved-1440");
    const field = page.locator("[name='set.gold_line']");
    await field.fill("120");
    await page.getByText("Stay within 78 to 96.").first().waitFor();
    expect(await page.locator("[data-answer].is-stale").count()).to.equal(1);
    await field.fill("86");
    await page.getByText("Stay within 78 to 96.").first().waitFor({ state: "detached" });
    await answered();
    expect(await headline.innerText()).to.equal(after);
    await page.getByRole("button", { name: "Back to 88" }).click();
    await answered();
    expect(await headline.innerText()).to.equal(before);
    await field.fill("86");
    await answered();
    await page.getByLabel(/^Why/).fill("Gold for a few more.");
    await page.getByRole("button", { name: "Save as a candidate version" }).click();
    await page.waitForURL(/\/policies\/seller-performance\/2\.1\.0$/);
    await page.goto(`${address}/compare?baseline=seller-performance@1.0.0&candidate=seller-performance@2.1.0`);
    await page.getByRole("radio", { name: /Demo marketplace, sellers/ }).check();
    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL(/\/report/);
    const movers = /^([\d,]+) sellers/.exec(after)?.[1] ?? "none";
    expect(await page.locator("#movement").innerText()).to.include(`${movers} sellers end in another tier`);
    await page.context().close();
  });

  it("says of a design that cannot be sized what is wrong, and nothing of sizes that never were", async () => {
    const page = await open({ viewport: { width: 1440, height: 1000 } });
    await page.goto(`${address}/experiments/new`, { waitUntil: "load" });
    await page.locator("#history").fill("nothing");
    await page.locator("[data-problems] a").first().waitFor();
    await page.locator("[data-sizes].is-stale:not([aria-busy])").waitFor({ state: "attached" });
    expect(await page.locator("[data-sizes]").textContent()).to.equal("");
    await page.context().close();
  });

  it("leads from a comparison's forecast to a recorded decision about an experiment", async () => {
    const page = await open({ viewport: { width: 1440, height: 1000 } });
    await page.goto(`${address}${await reportThere(page)}`);
    await page.getByRole("link", { name: "Test this as an experiment" }).click();
    const design = page.locator("#text");
    expect(await design.inputValue()).to.include("policy: seller-performance@2.0.0");
    await page.getByRole("link", { name: "Newcomers who stayed" }).click();
    await page.getByText("Newcomers who stayed").and(page.locator("[aria-current]")).waitFor();
    expect(await design.inputValue()).to.match(/newcomer_stayed: .*role: primary/);
    await page.goBack();
    const sizes = page.locator("[data-sizes]");
    const dataset = await page.locator("#dataset option", { hasText: "sellers" }).first().getAttribute("value");
    // What follows the writing is asked for by the script: until it listens, nothing that is typed is heard.
    await page.waitForLoadState("load");
    await page.locator("#dataset").selectOption(dataset);
    await sizes.locator("figure").first().waitFor();
    await page.locator("[data-sizes]:not([aria-busy])").waitFor();
    const table = sizes.locator("table").first();
    const before = (await table.textContent()) ?? "";
    await design.fill(
      (await design.inputValue()).replace(/effect: [\d.]+ %/, "effect: 9.5 %").replace("weeks: 4", "start: 2025-06-02, weeks: 4"),
    );
    await table.filter({ hasNotText: before }).waitFor();
    expect(await table.textContent()).not.to.equal(before);
    await shot(page, "experiment-form-sizes-1440");
    await page.getByRole("button", { name: "Write it down" }).click();
    await page.waitForURL(/\/experiments\/[a-z0-9-]+$/);
    madeExperiment = new URL(page.url()).pathname;
    await page.getByRole("button", { name: "Lock this design" }).click();
    await page.locator("#observations").waitFor();
    const name = madeExperiment.split("/").at(-1) ?? "";
    const arms = await (await fetch(`${address}/api/experiments/${name}`)).json();
    const rows = observationsOf(arms as Parameters<typeof observationsOf>[0]);
    const send = async (name: string, buffer: Buffer): Promise<void> => {
      await page.locator("#upload").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
      await page.getByRole("button", { name: "Read the file" }).click();
    };
    await send("torn.csv", Buffer.from(rows.replace("\n", '\n"')));
    expect(await page.locator(".problems").innerText()).to.include("Line 2, column 1: the quote that opens this cell");
    await send("rows.csv.gz", gzipSync(rows));
    await page.locator("#scorecard").waitFor();
    expect(await page.locator("#observe").innerText()).to.include("The analysis is of rows.csv.gz");
    expect(await page.locator("#forecast").innerText()).to.match(/forecast/i);
    await page.locator("#by").fill("A. Owner");
    await page.locator("#reason").fill("The effect is not shown.");
    await page.getByRole("button", { name: "Record the decision" }).click();
    // The section was there before; what was decided is not, until the answer comes.
    await page.locator("#decide").getByText("Decided by A. Owner").waitFor();
    await page.getByRole("button", { name: "Analyse" }).click();
    await page.locator("#divergence table").first().waitFor();
    await shot(page, "experiment-decided-1440");
    await page.context().close();
  });

  it("works without scripts: the form, the progress and the report", async () => {
    const page = await open({ javaScriptEnabled: false, viewport: { width: 1024, height: 900 } });
    await page.goto(`${address}/compare`);
    await page.locator("input[name=baseline][value='creator-performance@1.1.0']").check();
    for (const box of await page.locator("input[name=candidate]:checked").all()) await box.uncheck();
    await page.locator("input[name=candidate][value='creator-performance@1.0.0']").check();
    await page.getByRole("radio", { name: /Demo marketplace, creators/ }).check();
    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL(/\/(jobs|runs)\//);
    // A page without scripts asks again by itself.
    await page.waitForURL(/\/report/);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).to.match(/creators/);
    await page.context().close();
  });

  it("tells a faulty form what is wrong with it, and keeps what was filled in", async () => {
    const page = await open({ javaScriptEnabled: false, viewport: { width: 1024, height: 900 } });
    await page.goto(`${address}/compare`);
    await page.getByRole("radio", { name: /Demo marketplace, sellers/ }).check();
    for (const box of await page.locator("input[name=candidate]:checked").all()) await box.uncheck();
    await page.locator("input[name=seed]").fill("23");
    await page.getByRole("button", { name: "Compare" }).click();
    expect(await page.locator("main").innerText()).to.match(/candidate/i);
    expect(await page.locator("input[name=seed]").inputValue()).to.equal("23");
    await shot(page, "form-faulty-1024");
    await page.context().close();
  });

  for (const width of [1440, 1024, 390]) {
    it(`fits ${width} pixels, light and dark: no page scrolls sideways, none asks for anything from elsewhere`, async () => {
      const page = await open({ viewport: { width, height: 900 } });
      const outside: string[] = [];
      const complaints: string[] = [];
      page.on(
        "request",
        (request) => void (request.url().startsWith(address) || request.url().startsWith("data:") || outside.push(request.url())),
      );
      page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
      page.on("pageerror", (error) => void complaints.push(error.message));
      for (const [name, path] of await pages(page)) {
        const response = await page.goto(`${address}${path}`);
        expect(response?.status(), path).to.equal(200);
        // What crosses the wire, and what the browser must read.
        expect((await response?.request().sizes())?.responseBodySize, `${path}: bytes sent`).to.be.below(300_000);
        expect((await response?.body())?.length, `${path}: bytes`).to.be.below(300_000);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          const overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
          expect(overflow, `${path} scrolls sideways, ${colorScheme}`).to.equal(0);
          if (width < 760) expect(await page.evaluate(tablesBeyondEdge), path).to.deep.equal([]);
          expect(await accessibilityFaults(page), `${path}, ${colorScheme}`).to.deep.equal([]);
          await shot(page, `${name}-${width}-${colorScheme}`);
        }
      }
      expect(outside).to.deep.equal([]);
      expect(complaints).to.deep.equal([]);
      await page.context().close();
    });
  }

  it("fetches a folded table where it is opened, and without scripts leads to the page that holds it", async () => {
    const page = await open({ viewport: { width: 1440, height: 1000 } });
    const reportPath = await reportThere(page);
    await page.goto(`${address}${reportPath}`);
    const figure = page.locator("#figure-movement");
    await figure.locator("summary").click();
    await figure.locator("td").first().waitFor();
    const rows = await figure.locator("tr").allInnerTexts();
    expect(await figure.locator("[data-table]").count()).to.equal(0);
    await page.context().close();
    const plain = await open({ javaScriptEnabled: false, viewport: { width: 1024, height: 900 } });
    await plain.goto(`${address}${reportPath}`);
    await plain.locator("#figure-movement summary").click();
    await plain.locator("#figure-movement [data-table]").click();
    expect(await plain.locator("tr").allInnerTexts()).to.deep.equal(rows);
    await plain.locator(".kicker a").click();
    expect(plain.url()).to.include(`${reportPath}?mode=full&candidate=2.0.0#figure-movement`);
    await plain.context().close();
  });

  it("has a picture for the README", async () => {
    const page = await open({ viewport: { width: 1200, height: 900 } });
    await page.goto(`${address}${await reportThere(page)}`);
    await page.screenshot({ path: updatePicture ? packagePath("test", "slow", "report.png") : join(outputFolder, "readme.png") });
    expect(existsSync(packagePath("test", "slow", "report.png"))).to.equal(true);
    await page.context().close();
  });

  async function open(options: BrowserContextOptions): Promise<Page> {
    return await present(served, "a browser").open(options);
  }

  /** The report of a comparison. */
  async function reportThere(page: Page): Promise<string> {
    if (madeReport !== undefined) return madeReport;
    const asked = { baseline: "seller-performance@1.1.0", candidates: ["seller-performance@2.0.0"], dataset: "demo-sellers" };
    const answer = await page.request.post(`${address}/api/comparisons`, { data: asked, headers: { prefer: "wait=120" } });
    const { run } = (await answer.json()) as { readonly run: { readonly id: string } };
    madeReport = `/runs/${run.id}/report`;
    return madeReport;
  }

  /** The page of an experiment with observations, of the design that the report proposes. */
  async function experimentThere(page: Page): Promise<string> {
    if (madeExperiment !== undefined) return madeExperiment;
    await page.goto(`${address}${await reportThere(page)}`);
    await page.getByRole("link", { name: "Test this as an experiment" }).click();
    const send = async (path: string, data: object) =>
      (await page.request.post(`${address}/api/experiments${path}`, { data })).json() as Promise<unknown>;
    const { experiment } = (await send("", { file: { text: await page.locator("#text").inputValue() } })) as {
      readonly experiment: { readonly name: string };
    };
    const { name } = experiment;
    await send(`/${name}/lock`, {});
    const design = await (await fetch(`${address}/api/experiments/${name}`)).json();
    await send(`/${name}/observations`, { file: { text: observationsOf(design as Parameters<typeof observationsOf>[0]) } });
    madeExperiment = `/experiments/${name}`;
    return madeExperiment;
  }

  /** Made where it is not there yet. */
  async function pairedReplay(page: Page): Promise<string> {
    const asked = { policy: "seller-performance@2.0.0", against: "seller-performance@1.0.0", dataset: "demo-sellers" };
    const answer = await page.request.post(`${address}/api/replays`, { data: asked, headers: { prefer: "wait=120" } });
    const { run } = (await answer.json()) as { readonly run: { readonly id: string } };
    return `/runs/${run.id}`;
  }

  /** One address of each kind of page, found by following links. */
  async function pages(page: Page): Promise<readonly (readonly [string, string])[]> {
    const firstLink = async (path: string, selector: string): Promise<string> => {
      await page.goto(`${address}${path}`);
      const href = await page.locator(selector).first().getAttribute("href");
      if (href === null) throw new Error(`${path} has no ${selector}`);
      const { pathname, search, hash } = new URL(href, page.url());
      return pathname + search + hash;
    };
    const reportPath = await reportThere(page);
    return [
      ["home", "/"],
      ["policies", "/policies"],
      ["policy", "/policies/seller-performance/2.0.0"],
      ["datasets", "/datasets"],
      ["dataset", await firstLink("/datasets", "main a[href^='/datasets/demo-sellers']")],
      ["form", "/compare"],
      ["what-if", "/what-if?policy=seller-performance@2.0.0&baseline=seller-performance@1.0.0&set.gold_line=84"],
      ["experiments", "/experiments"],
      ["experiment-form", "/experiments/new"],
      ["experiment", await experimentThere(page)],
      ["calibration", "/experiments/calibration"],
      ["reference", "/reference"],
      ["statistics", "/statistics"],
      ["statistic", "/statistics/welch-means"],
      ["sample-size", "/statistics/group-sequential-design"],
      ["runs", "/runs"],
      ["paired-replay", await pairedReplay(page)],
      ["report", reportPath],
      ["brief", `${reportPath}?mode=brief`],
      ["method", `${reportPath}?mode=method`],
      ["table", await firstLink(reportPath, "#figure-movement [data-table]")],
      ["entity", await firstLink(reportPath, "a[href*='/entities/']")],
    ];
  }
});

/** How many lines each answer takes in the place of the page's own. */
async function answerLines(page: Page, answers: readonly (readonly { readonly text: string; readonly strong: boolean }[])[]) {
  const lines = `${JSON.stringify(answers)}.map((spans) => {
    const answer = document.querySelector("p.answer");
    answer.replaceChildren(...spans.map(({ text, strong }) => Object.assign(document.createElement(strong ? "b" : "span"), { textContent: text })));
    return Math.round(answer.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(answer).lineHeight));
  })`;
  return await page.evaluate<readonly number[]>(lines);
}

/** A row a unit for the columns of numbers that a design reads; arms are dealt by its rule. */
function observationsOf({
  design,
}: {
  readonly design: { readonly columns: { readonly unit: string }; readonly metrics: readonly DesignMetric[] };
}): string {
  const columns = [
    ...new Set(
      design.metrics.flatMap(({ form, covariates }) => [
        form.of,
        form.over ?? form.of,
        ...covariates.flatMap((each) => each.split(" of ")),
      ]),
    ),
  ];
  const rows = Array.from({ length: 1_200 }, (_, index) =>
    [`s${index}`, ...columns.map((_, place) => 50 + ((index * 7 + place * 3) % 23))].join(","),
  );
  return [[design.columns.unit, ...columns].join(","), ...rows].join("\n");
}

interface DesignMetric {
  readonly form: { readonly of: string; readonly over?: string };
  readonly covariates: readonly string[];
}
