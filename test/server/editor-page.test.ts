/** The policy editor as browsers without script meet it, and what its script asks. */
import { expect } from "chai";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { smallMarketplace } from "./small-marketplace.ts";

const path = "/policies/seller-performance/1.0.0/edit";
const hostile = '</textarea><script>alert(1)</script><img src=x onerror="1">';

interface CheckAnswer {
  readonly findings: string;
  readonly levers: string;
  readonly isSound: boolean;
  readonly count: string;
  readonly marks: readonly { readonly line: number; readonly severity: string }[];
  readonly places: Readonly<Record<string, { readonly from: number; readonly to: number }>>;
  readonly values: Readonly<Record<string, string>>;
}

describe("the policy editor", () => {
  let server: RunningServer;
  let store: Store;
  let dataset: string;
  let remove: () => void;
  let text: string;

  before(async () => {
    ({ store, dataset, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    text = textOf(await page(path));
  });
  after(async () => {
    await server.close();
    remove();
  });

  const page = async (address: string, status = 200): Promise<string> => {
    const response = await fetch(server.address + address, { headers: { accept: "text/html" }, redirect: "manual" });
    expect(response.status, address).to.equal(status);
    return await response.text();
  };
  const submit = async (fields: Record<string, string>, address = path): Promise<Response> =>
    await fetch(server.address + address, {
      method: "POST",
      headers: { accept: "text/html" },
      body: new URLSearchParams({ text, ...fields }),
      redirect: "manual",
    });
  const ask = async <Answer>(question: string, fields: Record<string, string>): Promise<Answer> =>
    (await (await submit(fields, `${path}/${question}`)).json()) as Answer;
  /** What stands in the field, as a browser reads it. */
  const textOf = (html: string): string =>
    (/<textarea[^>]*>\n([\s\S]*?)<\/textarea>/.exec(html)?.[1] ?? "")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#x27;", "'")
      .replaceAll("&#x60;", "`")
      .replaceAll("&#x3D;", "=")
      .replaceAll("&amp;", "&");

  it("is reached from a version, from the list of policies and from moved parameters", async () => {
    for (const from of ["/policies/seller-performance/1.0.0", "/policies", "/what-if?policy=seller-performance@1.0.0"])
      expect(await page(from), from).to.include(path);
    await page("/policies/seller-performance/9.9.9/edit", 404);
  });

  it("begins with the version's own text under the next free number, with only the changes, or with everything", async () => {
    expect(text).to.include("version: 2.1.0\n").and.to.include("# 0 to 100 each");
    const html = await page(path);
    expect(html).to.include("No problems").and.to.include('What changes from 1.0.0</h3><p class="small">Nothing yet.');
    expect(textOf(await page(`${path}?start=changes`))).to.match(/^extends: 1\.0\.0\nprogramme: seller-performance\nversion: 2\.1\.0\n/);
    const full = textOf(await page("/policies/seller-performance/2.0.0/edit?start=full"));
    expect(full).to.include("metrics:").and.not.to.include("extends");
    expect(textOf(await page(`${path}?set.gold_line=90`))).to.equal(text.replace("value: 85", "value: 90"));
  });

  it("lists every fault with its line, its column and its cure, and links it to its line", async () => {
    const html = await (await submit({ text: text.replace("at_least: 10 orders", "at_leest: 10 orders") })).text();
    const line = text.split("\n").findIndex((one) => one.includes("at_least: 10 orders")) + 1;
    expect(html).to.match(new RegExp(`<a href="#line-${line}" data-line="${line}" data-column="\\d+">`));
    expect(html).to.include(`id="line-${line}" class="is-marked"`).and.to.include("Did you mean &#x27;at_least&#x27;?");
    expect(textOf(html)).to.include("at_leest");
  });

  it("keeps text as text, whatever it holds, and lines as they are", async () => {
    const sent = `title: ${hostile}\n\nrationale: "&lt;b&gt; ${hostile}"\r\n`;
    const html = await (await submit({ text: sent, do: "check" })).text();
    expect(html).not.to.include("<script>alert").and.not.to.include("<img");
    expect(textOf(html)).to.equal(sent.replaceAll("\r\n", "\n"));
    const { findings } = await ask<CheckAnswer>("check", { text: sent });
    expect(findings).not.to.include("<script>").and.not.to.include("<img");
  });

  it("checks as `policy check` does, and says what changes and where numbers stand", async () => {
    const answer = await ask<CheckAnswer>("check", { text: text.replace("value: 85", "value: 86"), dataset });
    expect(answer).to.include({ isSound: true, count: "No problems" });
    expect(answer.findings).to.include("stricter");
    expect(answer.values["gold_line"]).to.equal("86");
    const at = answer.places["gold_line"];
    expect(text.slice(at?.from, at?.to)).to.equal("85");
    const faulty = await ask<CheckAnswer>("check", {
      text: text.replace("entity: seller", "entity: saller"),
      dataset,
      levers: "gold_line\nother",
    });
    expect(faulty.isSound).to.equal(false);
    expect(Object.keys(faulty.places)).to.deep.equal(["gold_line"]);
    const response = await fetch(`${server.address}/api/policies/check`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ files: [{ file: "x.yaml", text: text.replace("entity: seller", "entity: saller") }], dataset }),
    });
    const { diagnostics } = (await response.json()) as { diagnostics: { line: number; severity: string }[] };
    expect(faulty.marks.map(({ line }) => line)).to.deep.equal(diagnostics.map(({ line }) => line));
  });

  it("offers keys, and columns of the history that is chosen", async () => {
    const written = `${text}\nmetrics:\n`;
    const at = text.indexOf("share: late_dispatches") + "share: late_d".length;
    const words = await ask<{ options: { label: string; about: string }[] }>("complete", {
      text: text.slice(0, at),
      offset: String(at),
      dataset,
    });
    expect(words.options.map(({ label }) => label)).to.include("late_dispatches");
    const none = await ask<{ options: { label: string }[] }>("complete", {
      text: text.slice(0, at),
      offset: String(at),
      dataset: "nowhere",
    });
    expect(none.options.map(({ label }) => label)).not.to.include("late_dispatches");
    const keys = await ask<{ options: { label: string }[] }>("complete", { text: written, offset: String(written.length) });
    expect(keys.options.length).to.be.greaterThan(0);
    const odd = await ask<{ options: unknown[] }>("complete", { text: "", offset: "-7e99" });
    expect(odd.options.length).to.be.greaterThan(0);
  });

  it("puts numbers into the text without touching the rest, and only those that were changed", async () => {
    const fields = { "set.gold_line": "86", "set.standard_line": "65" };
    expect(textOf(await (await submit({ ...fields, do: "move" })).text())).to.equal(text.replace("value: 85", "value: 86"));
    const changes = textOf(await page(`${path}?start=changes`));
    const moved = textOf(await (await submit({ ...fields, text: changes, do: "move" })).text());
    expect(moved).to.equal(`${changes}set:\n  parameters.gold_line.value: 86\n`);
    const lost = await submit({ text: "a: [", "set.gold_line": "86", do: "move" });
    expect(lost.status).to.equal(422);
    expect(await lost.text()).to.include("This cannot be put into the text");
  });

  it("shows who moves under the text, as a comparison over the same history would", async () => {
    const fields = { text: text.replace("value: 85", "value: 94"), dataset, baseline: "seller-performance@1.0.0" };
    let html = "";
    for (let tries = 0; tries < 100 && !html.includes("data-headline"); tries++)
      html = await (await submit({ ...fields, do: "figures" })).text();
    expect(html).to.match(/data-headline>\d+ sellers? /);
    const part = await ask<{ html: string }>("figures", fields);
    expect(/data-headline>[^<]*/.exec(part.html)?.[0]).to.equal(/data-headline>[^<]*/.exec(html)?.[0]);
    expect(part.html).to.include("One setting changes: it is stricter");
    const response = await submit({ ...fields, text: "a: [" }, `${path}/figures`);
    expect(response.status).to.equal(422);
    const refused = await fetch(`${server.address}/api/what-if`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ policy: { text }, values: { gold_line: 3 }, dataset }),
    });
    expect([refused.status, ((await refused.json()) as { detail: string }).detail]).to.deep.equal([
      400,
      "'values' move the parameters of a version, and a text was sent",
    ]);
  });

  it("puts a text in canonical form as `policy format` does, and leaves one that is no YAML alone", async () => {
    const loose = text.replace("gold_line: { value: 85,", "gold_line: {value: 85  ,");
    expect(textOf(await (await submit({ text: loose, do: "format" })).text())).to.include("gold_line: { value: 85, range");
    expect((await ask<{ text: string }>("format", { text: loose })).text).to.include("gold_line: { value: 85, range");
    const refused = await submit({ text: "a: [", do: "format" });
    expect(refused.status).to.equal(422);
    expect(textOf(await refused.text())).to.equal("a: [");
  });

  it("refuses to save what has faults or a number that is taken, at its place, and loses nothing", async () => {
    const taken = text.replace("version: 2.1.0", "version: 2.0.0");
    const refused = await submit({ text: taken, do: "save" });
    expect(refused.status).to.equal(409);
    const html = await refused.text();
    expect(html).to.include("This cannot be saved yet").and.to.include("2.1.0 is free");
    expect(html).to.include('data-line="3" data-column="10"');
    expect(textOf(html)).to.equal(taken);
    const answer = await ask<CheckAnswer & { problems: string[] }>("save", { text: taken });
    expect(answer.marks).to.deep.equal([{ line: 3, severity: "error" }]);
    expect(answer.problems[0]).to.include("seller-performance@2.0.0 is there already");
    const stray = await ask<CheckAnswer>("save", { text: text.replace("programme: seller-performance", "programme: another-one") });
    expect(stray.marks[0]).to.deep.equal({ line: 2, severity: "error" });
  });

  it("saves a version that every page then offers, and gives the file", async () => {
    const file = await submit({ do: "file" });
    expect(file.headers.get("content-disposition")).to.include("seller-performance-2.1.0.yaml");
    expect(await file.text()).to.equal(text);
    const saved = await submit({ text: text.replace("value: 85", "value: 86"), do: "save" });
    expect([saved.status, saved.headers.get("location")]).to.deep.equal([303, "/policies/seller-performance/2.1.0"]);
    expect(await page("/policies/seller-performance/2.1.0")).to.include("86");
    expect(textOf(await page("/policies/seller-performance/2.1.0/edit"))).to.include("version: 2.2.0");
  });

  it("answers no other method, and no body that is no form", async () => {
    const response = await fetch(server.address + path, { method: "DELETE" });
    expect(response.status).to.equal(405);
    const json = await fetch(`${server.address}${path}/check`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(json.status).to.equal(415);
  });
});
