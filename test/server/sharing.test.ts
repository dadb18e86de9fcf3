/** What is shared of a report over the doors: comments, files, figures that other pages frame. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { InputRefused, limits } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { findBrowser } from "../../server/operations/browser.ts";
import type { CommentThread } from "../../server/operations/comment-threads.ts";
import { resolveRun } from "../../server/operations/index.ts";
import { hostile } from "../views/sample-contexts.ts";
import { perform, smallMarketplace, visitorOf } from "./small-marketplace.ts";

interface Said {
  readonly number: number;
  readonly thread: CommentThread;
}

describe("sharing a report", () => {
  let server: RunningServer;
  let store: Store;
  let remove: () => void;
  let run: string;
  const visitor = visitorOf(() => server.address);

  before(async () => {
    const made = await smallMarketplace();
    ({ store, remove } = made);
    const answer = await perform<{ run: { id: string } }>(store, "compare", {
      baseline: "seller-performance@1.0.0",
      candidates: ["seller-performance@1.1.0", "seller-performance@2.0.0"],
      dataset: made.dataset,
      replicates: 100,
    });
    run = answer.run.id;
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
  });
  after(async () => {
    await server.close();
    remove();
  });

  const add = async (fields: object): Promise<Said> =>
    await perform<Said>(store, "comment add", { run, text: "Why?", by: "Ana", ...fields });
  const settle = async (verb: string, comment: number): Promise<Said> =>
    await perform<Said>(store, `comment ${verb}`, { comment, by: "Bo" });
  const list = async (fields: object = {}): Promise<readonly CommentThread[]> =>
    (await perform<{ threads: readonly CommentThread[] }>(store, "comment list", { run, ...fields })).threads;

  /** The first diagnostic of what is refused. */
  async function refusal(work: Promise<unknown>) {
    try {
      await work;
    } catch (error) {
      if (error instanceof InputRefused) return error.diagnostics[0];
      throw error;
    }
    throw new Error("nothing was refused");
  }

  describe("comments", () => {
    it("stand with a part of the page, the candidate and the digest of the result, and replies with what they answer", async () => {
      const first = await add({ anchor: "figure-movement", candidate: "2.0.0" });
      const reply = await add({ replyTo: first.number, text: " Because.\r\nSo it is. ", by: "Bo" });
      const second = await add({ replyTo: reply.number, text: "I see.", by: "Ana" });
      expect(second.thread).to.include({ anchor: "figure-movement", candidate: "2.0.0", state: "open" });
      expect(second.thread.runDigest).to.equal(resolveRun(store, run).digest);
      expect(second.thread.replies.map(({ text }) => text)).to.deep.equal(["Because.\nSo it is.", "I see."]);
      expect(await list({ candidate: "1.1.0" })).to.deep.equal([]);
    });

    it("are resolved and opened again, and a withdrawn one says so in its place", async () => {
      const { number } = await add({ anchor: "movement" });
      expect((await settle("resolve", number)).thread.state).to.equal("resolved");
      expect((await list({ anchor: "movement", open: true })).length).to.equal(0);
      expect((await settle("reopen", number)).thread.state).to.equal("open");
      const reply = await add({ replyTo: number });
      const { thread } = await settle("withdraw", reply.number);
      expect(thread.replies[0]).not.to.have.property("text");
      expect(thread.replies[0]?.withdrawn).to.include({ step: "withdrawn", by: "Bo" });
      expect((await settle("withdraw", number)).thread)
        .to.include({ state: "withdrawn" })
        .and.not.to.have.property("text");
      expect((await list({ anchor: "movement" })).length, "it stays in its place").to.equal(1);
    });

    const faults: readonly { what: string; code: string; says: string; ask: () => Promise<unknown> }[] = [
      { what: "an unknown part", code: "unknown-anchor", says: "figure-movements", ask: () => add({ anchor: "figure-movements" }) },
      { what: "an unknown candidate", code: "bad-request", says: "9.0.0", ask: () => add({ candidate: "9.0.0" }) },
      { what: "blank text", code: "bad-request", says: "'text' is blank", ask: () => add({ text: " \n " }) },
      { what: "a character that is no text", code: "hidden-character", says: "U+0000", ask: () => add({ text: "x\u0000y" }) },
      { what: "half a character", code: "hidden-character", says: "U+D800", ask: () => add({ text: "x\ud800" }) },
      {
        what: "a text beyond the limit",
        code: "limit-exceeded",
        says: "commentCharacters",
        ask: () => add({ text: "x".repeat(limits.commentCharacters.value + 1) }),
      },
      { what: "a reply to nothing", code: "unknown-comment", says: "9999", ask: () => add({ replyTo: 9999 }) },
      { what: "an unknown comment", code: "unknown-comment", says: "9999", ask: () => settle("resolve", 9999) },
      {
        what: "resolving a reply",
        code: "comment-settled",
        says: "is a reply",
        ask: async () => settle("resolve", (await add({ replyTo: (await add({})).number })).number),
      },
      {
        what: "resolving twice",
        code: "comment-settled",
        says: "already",
        ask: async () => settle("resolve", (await settle("resolve", (await add({})).number)).number),
      },
      { what: "opening an open one", code: "comment-settled", says: "is open", ask: async () => settle("reopen", (await add({})).number) },
      {
        what: "an answer to a withdrawn one",
        code: "comment-settled",
        says: "was withdrawn",
        ask: async () => add({ replyTo: (await settle("withdraw", (await add({})).number)).number }),
      },
    ];
    for (const { what, code, says, ask } of faults)
      it(`refuse ${what}: ${code}`, async () => {
        const found = await refusal(ask());
        expect(found?.code).to.equal(code);
        expect(found?.message).to.include(says);
        expect(found?.cure).not.to.equal("");
      });

    it("suggest the near name of a part", async () => {
      expect((await refusal(add({ anchor: "figure-movment" })))?.near).to.equal("figure-movement");
    });

    it("change no byte of the report, and come into a file only where they are asked for", async () => {
      const page = `/runs/${run}/report?candidate=1.1.0`;
      const file = `/runs/${run}/report.html?candidate=1.1.0`;
      const before = [await visitor.page(page), await visitor.page(file)];
      await add({ candidate: "1.1.0", anchor: "movement", text: `Marked ${hostile}`, by: hostile });
      expect([await visitor.page(page), await visitor.page(file)]).to.deep.equal(before);
      const with_ = await visitor.page(`${file}&comments=true`);
      expect(with_).to.include("Marked &lt;script&gt;").and.not.to.include("<script>alert");
      expect(with_).to.include('id="comments"');
    });

    it("are written, answered and settled by forms without script", async () => {
      const sent = await visitor.submit(`/runs/${run}/comments`, { anchor: "fairness", candidate: "2.0.0", text: "مرحبا <b>", by: "ليلى" });
      expect(sent.status).to.equal(303);
      const [, number = ""] = /comments\?candidate=2\.0\.0#comment-(\d+)$/.exec(sent.headers.get("location") ?? "") ?? [];
      const page = await visitor.page(`/runs/${run}/comments?candidate=2.0.0&at=fairness`);
      expect(page).to.include(`id="comment-${number}"`).and.to.include("مرحبا &lt;b&gt;").and.to.include("<bdi>ليلى</bdi>");
      expect(page).to.include("1 comment, replies counted; 1 thread open");
      // What settles it leads back to the part that it stands at.
      const resolve = page.slice(page.indexOf(`/comments/${number}/resolve"`));
      const hidden = [...resolve.slice(0, resolve.indexOf("</form>")).matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)];
      const fields = Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, value]));
      const settled = await visitor.submit(`/runs/${run}/comments/${number}/resolve`, { ...fields, by: "Bo", reason: "Said so" });
      expect(settled.status).to.equal(303);
      expect(settled.headers.get("location")).to.match(/comments\?at=fairness&candidate=2\.0\.0#comment-\d+$/);
      expect(await visitor.page(`/runs/${run}/comments?candidate=2.0.0`)).to.include("Resolved by <bdi>Bo</bdi>");
      const counts = (await (await fetch(`${server.address}/runs/${run}/comments.json?candidate=2.0.0`)).json()) as object;
      expect(counts).to.deep.include({ fairness: { open: 0, all: 1 } });
    });

    it("that cannot be kept come back with what was typed and what is wrong", async () => {
      const sent = await visitor.submit(`/runs/${run}/comments`, { anchor: "answer", candidate: "2.0.0", text: "Kept <i>", by: " " });
      expect(sent.status).to.equal(400);
      const page = await sent.text();
      expect(page).to.include('role="alert"').and.to.include("is blank").and.to.include("Kept &lt;i&gt;</textarea>");
      const gone = await fetch(`${server.address}/runs/${run}/comments?at=nowhere`);
      expect(gone.status).to.equal(404);
      expect((await visitor.submit(`/runs/${run}/comments/1/burn`, { by: "Bo" })).status).to.equal(404);
      expect((await visitor.submit(`/runs/${run}/comments/9999/resolve`, { by: "Bo" })).status).to.equal(404);
    });

    it("of another site's page are refused", async () => {
      const response = await fetch(`${server.address}/runs/${run}/comments`, {
        method: "POST",
        headers: { origin: "http://elsewhere.example" },
        body: new URLSearchParams({ text: "x", by: "y" }),
      });
      expect(response.status).to.equal(403);
    });
  });

  describe("figures", () => {
    const get = async (path: string) => await fetch(server.address + path, { headers: { accept: "text/html" } });

    it("may be framed by other pages one by one, and nothing else may", async () => {
      const framed = await get(`/runs/${run}/figures/movement?candidate=2.0.0`);
      expect(framed.headers.get("content-security-policy")).to.include("frame-ancestors *").and.to.include("script-src 'self'");
      expect(framed.headers.get("x-frame-options")).to.equal(null);
      const page = await framed.text();
      expect(page)
        .to.include("<figure>")
        .and.to.include(`href="/runs/${run}/report?mode`)
        .and.not.to.match(/<form|<script|<nav/);
      expect([...page.matchAll(/<a [^>]*href="([^"?]*)/g)].map(([, to]) => to)).to.deep.equal([`/runs/${run}/report`]);
      for (const path of [`/runs/${run}/figures/movement/share`, `/runs/${run}/report`, `/runs/${run}/comments`, "/"]) {
        const other = await get(path);
        expect(other.headers.get("content-security-policy"), path).to.include("frame-ancestors 'none'");
        expect(other.headers.get("x-frame-options"), path).to.equal("SAMEORIGIN");
      }
    });

    it("say how to embed them, with the address that the reader used", async () => {
      const page = await (await get(`/runs/${run}/figures/movement/share?candidate=2.0.0`)).text();
      const address = `${server.address}/runs/${run}/figures/movement?candidate`;
      expect(page.replaceAll("&#x3D;", "=")).to.include(`&lt;iframe src=&quot;${address}=2.0.0&quot;`);
      expect((await get(`/runs/${run}/figures/nothing`)).status).to.equal(404);
      expect((await get(`/runs/${run}/figures/nothing/share`)).status).to.equal(404);
      expect((await get(`/runs/${run}/figures/nothing.png`)).status).to.equal(404);
    });

    it("have links beside the report that arrive, back to a mode that shows the figure", async () => {
      const at = `/runs/${run}/report?mode=method&candidate=2.0.0`;
      const html = await visitor.page(at);
      const relative = [...html.matchAll(/href="((?:figures|comments)[^"]*)"/g)].map(([, link = ""]) => link.replaceAll("&amp;", "&"));
      expect(relative.length).to.be.above(60);
      for (const link of relative.filter((one) => !one.includes(".svg") && !one.includes(".csv"))) {
        const page = await (await get(new URL(link, `${server.address}${at}`).href.slice(server.address.length))).text();
        const [, back = ""] = /<p class="kicker"><a href="([^"]*)"/.exec(page) ?? [];
        const [path = "", target = ""] = back.replaceAll("&#x3D;", "=").replaceAll("&amp;", "&").split("#");
        expect(await visitor.page(path), `${link} leads back to ${back}`).to.include(`id="${target}"`);
      }
    });
  });

  describe("files", () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "counterweight-sharing-"));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    /** With CHROMIUM naming a program of these lines. */
    async function withBrowser<Result>(lines: string | undefined, work: () => Promise<Result>): Promise<Result> {
      const path = join(folder, "browser");
      rmSync(path, { force: true });
      if (lines !== undefined) {
        writeFileSync(path, `#!/bin/sh\n${lines}\n`);
        chmodSync(path, 0o755);
      }
      const before = process.env["CHROMIUM"];
      process.env["CHROMIUM"] = path;
      try {
        return await work();
      } finally {
        if (before === undefined) delete process.env["CHROMIUM"];
        else process.env["CHROMIUM"] = before;
      }
    }

    it("a notebook and the rest are written by their ending", async () => {
      for (const [ending, holds] of [
        ["html", "<!doctype html>"],
        ["ipynb", '"nbformat": 4'],
        ["csv", "section,figure"],
        ["json", '"baseline"'],
      ] as const) {
        const out = join(folder, `report.${ending}`);
        const answer = await perform<{ form: string; bytes: number }>(store, "comparison report", { run, out });
        expect(answer.form).to.equal(ending);
        expect(readFileSync(out, "utf8")).to.include(holds);
        expect(readFileSync(out).length).to.equal(answer.bytes);
      }
      const notebook = await fetch(`${server.address}/runs/${run}/report.ipynb?candidate=2.0.0`);
      expect(notebook.headers.get("content-type")).to.include("ipynb");
      expect(await notebook.text()).to.include(String.raw`candidate = \"2.0.0\"`);
    });

    it("a PDF without a browser is refused with what helps, before any work", async () => {
      const out = join(folder, "report.pdf");
      await withBrowser(undefined, async () => {
        const found = await refusal(perform(store, "comparison report", { run, out }));
        expect(found).to.include({ code: "no-browser" });
        expect(found?.message).to.include("CHROMIUM is");
        const response = await fetch(`${server.address}/runs/${run}/report.pdf`);
        expect(response.status).to.equal(503);
        expect(await response.json()).to.include({ code: "no-browser" });
        expect((await fetch(`${server.address}/runs/${run}/figures/movement.png`)).status).to.equal(503);
      });
      expect(existsSync(out)).to.equal(false);
      expect((await refusal(perform(store, "comparison report", { run, format: "pdf" })))?.message).to.include("'out' is missing");
    });

    it("a browser that ends without a file, or cannot start, is said, and leaves nothing behind", async () => {
      const out = join(folder, "report.pdf");
      const temporary = join(folder, "temporary");
      mkdirSync(temporary);
      const before = process.env["TMPDIR"];
      process.env["TMPDIR"] = temporary;
      const said = await withBrowser("echo no display >&2; exit 1", () => refusal(perform(store, "comparison report", { run, out })));
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
      expect(said).to.include({ code: "browser-failed" });
      expect(said?.message).to.include("no display");
      expect(readdirSync(temporary)).to.deep.equal([]);
      expect(existsSync(out)).to.equal(false);
    });

    it("what a browser makes goes where it was asked for, without what tells one making from another", async () => {
      const out = join(folder, "report.pdf");
      const stub = `for word in "$@"; do case "$word" in --print-to-pdf=*) printf '%%PDF /CreationDate (D:20260101) /ModDate (D:2026) (node00000117) (node00000009) (node00000117)' > "\${word#--print-to-pdf=}";; esac; done`;
      await withBrowser(stub, () => perform(store, "comparison report", { run, out }));
      expect(readFileSync(out, "latin1")).to.match(/^%PDF {20,}\(node00000001\) \(node00000000\) \(node00000001\)$/);
    });

    it("look for the browser by its usual names on the path, in order", () => {
      writeFileSync(join(folder, "chromium"), "");
      expect(() => findBrowser({ folders: [folder] }), "a file that is no program").to.throw("no program on the path");
      chmodSync(join(folder, "chromium"), 0o755);
      expect(findBrowser({ folders: ["/nowhere", folder] })).to.equal(join(folder, "chromium"));
    });
  });
});
