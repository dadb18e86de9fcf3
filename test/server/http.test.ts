/** The server as programs and browsers meet it. */
import { request as httpRequest } from "node:http";
import { expect } from "chai";
import { limits } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { smallMarketplace } from "./small-marketplace.ts";

const question = {
  baseline: "seller-performance@1.0.0",
  candidates: ["seller-performance@2.0.0"],
  dataset: "demo-sellers",
  replicates: 100,
};

describe("the server", () => {
  let server: RunningServer;
  let store: Store;
  let remove: () => void;

  before(async () => {
    const made = await smallMarketplace();
    ({ store, remove } = made);
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: ["job-1 was interrupted."] });
  });
  after(async () => {
    await server.close();
    remove();
  });

  const get = async (path: string, headers: Record<string, string> = {}) =>
    await fetch(server.address + path, { headers, redirect: "manual" });
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    await fetch(server.address + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
      redirect: "manual",
    });
  const form = async (path: string, fields: string, headers: Record<string, string> = {}) =>
    await post(path, fields, { "content-type": "application/x-www-form-urlencoded", accept: "text/html", ...headers });

  it("says that it answers", async () => {
    const response = await get("/health");
    expect(response.status).to.equal(200);
    expect(await response.json()).to.deep.include({ status: "ok" });
  });

  describe("errors", () => {
    const problems: readonly { what: string; ask: () => Promise<Response>; status: number; code: string }[] = [
      { what: "an unknown route", ask: () => get("/api/nothing"), status: 404, code: "not-found" },
      { what: "an unknown page", ask: () => get("/nothing"), status: 404, code: "not-found" },
      { what: "a wrong method", ask: () => post("/api/datasets/x", {}), status: 405, code: "method-not-allowed" },
      { what: "a body that is no JSON", ask: () => post("/api/comparisons", "{"), status: 400, code: "bad-json" },
      { what: "a body that is no object", ask: () => post("/api/comparisons", "[1]"), status: 400, code: "bad-json" },
      {
        what: "a body that is too large",
        ask: () => post("/api/policies/check", " ".repeat(limits.requestBodyBytes.value + 1)),
        status: 413,
        code: "limit-exceeded",
      },
      { what: "a missing field", ask: () => post("/api/comparisons", {}), status: 400, code: "bad-request" },
      { what: "an unknown field", ask: () => post("/api/comparisons", { ...question, sead: 1 }), status: 400, code: "bad-request" },
      { what: "an unknown query field", ask: () => get("/api/runs?limits=3"), status: 400, code: "bad-request" },
      { what: "a number that is none", ask: () => get("/api/runs?limit=three"), status: 400, code: "bad-request" },
      { what: "an unknown dataset", ask: () => get("/api/datasets/nowhere"), status: 404, code: "unknown-dataset" },
      { what: "an unknown run", ask: () => get("/api/runs/abcdef"), status: 404, code: "unknown-run" },
      { what: "an unknown job", ask: () => get("/api/jobs/job-99"), status: 404, code: "unknown-run" },
      { what: "events of an unknown job", ask: () => get("/api/jobs/job-99/events"), status: 404, code: "unknown-run" },
      {
        what: "an unknown policy",
        ask: () => post("/api/comparisons", { ...question, baseline: "seller-performance@9.0.0" }),
        status: 404,
        code: "unknown-policy",
      },
      { what: "a policy by path", ask: () => post("/api/policies/explain", { file: "/etc/passwd" }), status: 403, code: "path-refused" },
      {
        what: "a file that is no descriptor",
        ask: () => post("/api/datasets", { descriptor: "/etc/passwd" }),
        status: 403,
        code: "path-refused",
      },
      {
        what: "a date outside the history",
        ask: () => post("/api/comparisons", { ...question, from: "1999-01-01" }),
        status: 422,
        code: "period-outside",
      },
      {
        what: "too many candidates",
        ask: () => post("/api/comparisons", { ...question, candidates: Array(6).fill(question.baseline) }),
        status: 422,
        code: "limit-exceeded",
      },
      {
        what: "a policy for others",
        ask: () => post("/api/comparisons", { ...question, baseline: "creator-performance@1.0.0" }),
        status: 422,
        code: "policy-unfit",
      },
      {
        what: "a body that is no JSON by its type",
        ask: () => post("/api/comparisons", "{}", { "content-type": "text/plain" }),
        status: 415,
        code: "unsupported-media-type",
      },
      {
        what: "a body in an unknown alphabet",
        ask: () => post("/api/comparisons", "{}", { "content-type": "application/json; charset=latin-99" }),
        status: 415,
        code: "unsupported-media-type",
      },
      { what: "a name that is far too long", ask: () => get(`/api/datasets/${"x".repeat(5000)}`), status: 400, code: "bad-request" },
      { what: "a field called __proto__", ask: () => get("/api/runs?__proto__=1"), status: 400, code: "bad-request" },
      {
        what: "a body field called __proto__",
        ask: () => post("/api/policies/check", '{"__proto__":{}}'),
        status: 400,
        code: "bad-request",
      },
      {
        what: "100,000 brackets",
        ask: () => post("/api/replays", `{"policy":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
        status: 422,
        code: "limit-exceeded",
      },
      { what: "an unknown statistic", ask: () => get("/api/statistics/nope"), status: 404, code: "unknown-statistic" },
      { what: "an unknown experiment", ask: () => get("/api/experiments/nope"), status: 404, code: "unknown-experiment" },
      {
        what: "two candidates of one version",
        ask: () => post("/api/comparisons", { ...question, candidates: [question.baseline, question.baseline] }),
        status: 422,
        code: "duplicate-candidate",
      },
      {
        what: "another site's form",
        ask: () => form("/compare", "", { accept: "application/json", "sec-fetch-site": "cross-site" }),
        status: 403,
        code: "cross-site",
      },
      {
        what: "another origin",
        ask: () => post("/api/policies/check", { files: [] }, { origin: "http://evil.example" }),
        status: 403,
        code: "cross-site",
      },
    ];
    for (const { what, ask, status, code } of problems) {
      it(`answer ${what} with ${status} ${code}`, async () => {
        const response = await ask();
        expect(response.status).to.equal(status);
        expect(response.headers.get("content-type")).to.match(/^application\/problem\+json/);
        const problem = (await response.json()) as {
          code: string;
          status: number;
          detail: string;
          diagnostics: { code: string; cure: string }[];
        };
        expect(problem).to.include({ code, status });
        expect(problem.detail).not.to.equal("");
        expect(problem.diagnostics[0]).to.include({ code });
        expect(problem.diagnostics[0]?.cure).not.to.equal("");
      });
    }

    const methods: readonly (readonly [string, string])[] = [
      ["/health", "GET, HEAD, OPTIONS"],
      ["/api/openapi.json", "GET, HEAD, OPTIONS"],
      ["/api/datasets", "GET, POST, HEAD, OPTIONS"],
      ["/api/jobs/job-1/events", "GET, HEAD, OPTIONS"],
      ["/api/jobs/job-1/cancel", "POST, OPTIONS"],
      ["/", "GET, HEAD, OPTIONS"],
      ["/compare", "GET, POST, HEAD, OPTIONS"],
      ["/runs/abc/report", "GET, HEAD, OPTIONS"],
      ["/comparisons/abc", "GET, HEAD, OPTIONS"],
    ];
    for (const [path, allowed] of methods) {
      it(`say which methods ${path} takes`, async () => {
        const refused = await fetch(server.address + path, { method: "DELETE" });
        expect([refused.status, refused.headers.get("allow")]).to.deep.equal([405, allowed]);
        const asked = await fetch(server.address + path, { method: "OPTIONS" });
        expect([asked.status, asked.headers.get("allow")]).to.deep.equal([204, allowed]);
      });
    }

    it("do not show again what was sent at length", async () => {
      const response = await post("/api/comparisons", { ...question, dataset: "x".repeat(200_000) });
      expect(response.status).to.equal(400);
      expect((await response.text()).length).to.be.below(2000);
    });

    it("refuse a body that is announced as too large before it is sent", async () => {
      const status = await new Promise((resolve, reject) => {
        const headers = { "content-type": "application/json", "content-length": limits.requestBodyBytes.value + 1 };
        const asking = httpRequest(`${server.address}/api/policies/check`, { method: "POST", headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
          asking.destroy();
        }).on("error", reject);
        asking.write("{");
      });
      expect(status).to.equal(413);
    });

    const hosts: readonly (readonly [string, number])[] = [
      ["127.0.0.1", 200],
      ["LOCALHOST:1", 200],
      ["[::1]:80", 200],
      ["evil.example", 403],
      ["127.evil.example", 403],
      ["127.0.0.1.evil.example", 403],
    ];
    for (const [host, expected] of hosts) {
      it(`answers the name ${host} with ${expected}`, async () => {
        const status = await new Promise((resolve, reject) => {
          httpRequest(`${server.address}/health`, { headers: { host } }, (response) => {
            response.resume();
            resolve(response.statusCode);
          })
            .on("error", reject)
            .end();
        });
        expect(status).to.equal(expected);
      });
    }

    it("answers a name that points here from elsewhere with cross-site", async () => {
      const status = await new Promise<number | undefined>((resolve, reject) => {
        httpRequest(`${server.address}/health`, { headers: { host: "evil.example" } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
      expect(status).to.equal(403);
    });

    it("show people a page", async () => {
      const response = await get("/runs/abcdef", { accept: "text/html" });
      expect(response.status).to.equal(404);
      expect(await response.text()).to.match(/no run is called &#x27;abcdef&#x27;/i);
    });
  });

  it("allows no script but its own files, and no frame", async () => {
    const policy = (await get("/")).headers.get("content-security-policy") ?? "";
    expect(policy).to.contain("script-src 'self';").and.to.contain("frame-ancestors 'none'").and.to.contain("default-src 'none'");
  });

  it("checks a policy that is sent as text, with the place of each fault", async () => {
    const response = await post("/api/policies/check", { files: [{ file: "mine.yaml", text: "programme: [\n" }] });
    const { diagnostics } = (await response.json()) as { diagnostics: { file: string; line: number }[] };
    expect(response.status).to.equal(200);
    expect(diagnostics[0]).to.include({ file: "mine.yaml" }).and.to.have.property("line");
  });

  describe("a comparison", () => {
    it("answers with the job at once when asked to, follows it by events, answers health meanwhile, and gives the result", async () => {
      const accepted = await post("/api/comparisons", question, { prefer: "respond-async" });
      expect(accepted.status).to.equal(202);
      const location = accepted.headers.get("location") ?? "";
      const events = get(`${location}/events`).then(async (response) => await response.text());
      expect((await get("/health")).status).to.equal(200);
      const told = (await events)
        .split("\n\n")
        .filter((text) => text.startsWith("data: "))
        .map((text) => JSON.parse(text.slice(6)) as { state: string; percent: number; stage: string; link?: string });
      expect(told[0]?.state).to.be.oneOf(["queued", "running"]);
      expect(told.at(-1)).to.include({ state: "done", percent: 100 });
      const { job, result } = (await (await get(location)).json()) as {
        job: { state: string; link: string };
        result: { run: { id: string } };
      };
      expect(job.state).to.equal("done");
      expect(job.link).to.equal(`/runs/${result.run.id}/report`);
    });

    it("reuses the stored run for the same question, by route and by form", async () => {
      const jobs = store.jobs.list(1000).length;
      const response = await post("/api/comparisons", question);
      const comparison = (await response.json()) as {
        run: { id: string; digest: string };
        candidates: { version: string; movement: { tiers: string[]; matrix: number[][]; movers: number } }[];
      };
      expect(response.status).to.equal(200);
      expect(store.jobs.list(1000)).to.have.length(jobs);
      const [candidate] = comparison.candidates;
      const { tiers = [], matrix = [], movers = 0 } = candidate?.movement ?? {};
      expect(candidate?.version).to.equal("2.0.0");
      expect(matrix.map((row) => row.length)).to.deep.equal(tiers.map(() => tiers.length));
      const offDiagonal = matrix.flatMap((row, index) => row.filter((_, column) => column !== index));
      expect(offDiagonal.reduce((sum, count) => sum + count, 0)).to.equal(movers);
      expect(await (await get(`/api/comparisons/${comparison.run.id}`)).json()).to.deep.equal(comparison);
    });

    it("goes from the form to the progress page to the report, without scripts", async () => {
      const fields = `baseline=${question.baseline}&candidate=${question.candidates[0]}&dataset=demo-sellers&from=&to=&seed=5`;
      const asked = await form("/compare", fields, { "sec-fetch-site": "same-origin", origin: server.address });
      expect(asked.status).to.equal(303);
      const progress = asked.headers.get("location") ?? "";
      expect(progress).to.match(/^\/runs\/job-\d+$/);
      expect(await (await get(progress)).text()).to.contain(`data-events="/api/jobs/`);
      await (await get(`/api${progress.replace("runs", "jobs")}/events`)).text();
      const report = (await get(progress)).headers.get("location") ?? "";
      expect(report).to.match(/^\/runs\/[0-9a-f]{12}\/report$/);
      const page = await get(report);
      expect(page.status).to.equal(200);
      expect(await page.text()).to.contain("seller-performance");
      expect((await form("/compare", fields)).headers.get("location"), "asked again").to.equal(report);
    });

    it("gives the form back with what is wrong and what was typed", async () => {
      const response = await form("/compare", `baseline=${question.baseline}&dataset=demo-sellers&seed=minus`);
      const text = await response.text();
      expect(response.status).to.equal(422);
      expect(text).to.contain('href="#candidates"').and.to.contain('href="#seed"').and.to.contain('value="minus"');
    });

    it("can be cancelled while it runs", async () => {
      const { job } = (await (
        await post("/api/comparisons", { ...question, replicates: 10_000, seed: 77 }, { prefer: "respond-async" })
      ).json()) as { job: { id: string } };
      const cancelled = await post(`/api/jobs/${job.id}/cancel`, {});
      expect(((await cancelled.json()) as { job: { state: string } }).job.state).to.equal("cancelled");
      expect((await post(`/api/jobs/${job.id}/cancel`, {})).status).to.equal(409);
      expect(await (await get(`/runs/${job.id}`)).text()).to.contain("Cancelled");
    });
  });

  describe("pages", () => {
    const runId = () => store.runs.list(10).find(({ kind }) => kind === "comparison")?.id ?? "";
    const pages: readonly (readonly [string, () => string, string])[] = [
      ["home, with what the start put right", () => "/", "job-1 was interrupted."],
      ["policies", () => "/policies", "creator-performance"],
      ["a version with its text", () => "/policies/seller-performance/1.0.0", "rationale"],
      ["a version with what changed", () => "/policies/seller-performance/2.0.0", "182 days instead of 84 days"],
      ["datasets", () => "/datasets", "demo-sellers"],
      ["a dataset with its quality", () => "/datasets/demo-sellers", "late_dispatches"],
      ["the form", () => "/compare", 'name="baseline"'],
      ["runs", () => "/runs", "2.0.0"],
      ["the brief report", () => `/runs/${runId()}/report?mode=brief`, "2.0.0"],
      ["the report of a candidate", () => `/runs/${runId()}/report?candidate=2.0.0`, "2.0.0"],
      ["a table of the report", () => `/runs/${runId()}/tables/movement?candidate=2.0.0`, '<table class="figures'],
      ["an entity under both versions", () => `/runs/${runId()}/entities/S0000001`, "S0000001"],
      ["the report as a file", () => `/runs/${runId()}/report.html`, "<style"],
      ["the report as tables", () => `/runs/${runId()}/report.csv`, ","],
      ["the report as JSON", () => `/runs/${runId()}/report.json`, '"baseline"'],
      ["the style sheet", () => "/assets/counterweight.css", "{"],
    ];
    for (const [what, path, holds] of pages) {
      it(`show ${what}`, async () => {
        const response = await get(path(), { accept: "text/html" });
        expect(response.status).to.equal(200);
        expect(await response.text()).to.contain(holds);
      });
    }

    it("lead from addresses by noun", async () => {
      expect((await get("/comparisons/new")).headers.get("location")).to.equal("/compare");
      expect((await get("/comparisons/abc?mode=brief")).headers.get("location")).to.equal("/runs/abc/report?mode=brief");
      expect((await get("/entities/demo-sellers/S1?run=abc")).headers.get("location")).to.equal("/runs/abc/entities/S1");
    });

    it("refuse a mode and a candidate that are not there", async () => {
      expect((await get(`/runs/${runId()}/report?mode=long`)).status).to.equal(400);
      expect((await get(`/runs/${runId()}/report?candidate=9.9.9`)).status).to.equal(400);
      expect((await get(`/runs/${runId()}/entities/nobody`)).status).to.equal(404);
    });

    it("serve every link of their own that they show", async () => {
      const seen = new Set<string>();
      const queue = ["/"];
      for (let path = queue.shift(); path !== undefined && seen.size < 80; path = queue.shift()) {
        if (seen.has(path)) continue;
        seen.add(path);
        const response = await get(path, { accept: "text/html" });
        expect(response.status, path).to.be.oneOf([200, 303, 308]);
        if (!(response.headers.get("content-type") ?? "").startsWith("text/html")) continue;
        for (const [, link = ""] of (await response.text()).matchAll(/(?:href|src)="(\/[^"]*)"/g)) {
          queue.push(link.replaceAll("&#x3D;", "=").replaceAll("&amp;", "&").split("#")[0] ?? "");
        }
      }
      expect(seen.size).to.be.greaterThan(15);
    });
  });
});
