/** The difference of two versions at every door: as JSON, as text, and as a page. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Store } from "../../data/store/index.ts";
import { runCommandLine } from "../../server/cli/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { openHome } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";

interface Difference {
  readonly summary: string;
  readonly changes: readonly { readonly path: string; readonly words: string; readonly from?: string; readonly to?: string }[];
  readonly ancestor?: string;
  readonly threeWay?: readonly { readonly path: string; readonly changedBy: string }[];
}

describe("the difference of two versions", () => {
  let home: string;
  let remove: () => void;
  let store: Store;
  let server: RunningServer;

  before(async () => {
    ({ home, remove } = temporaryHome());
    store = openHome(join(home, "home"));
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
  });
  after(async () => {
    await server.close();
    remove();
  });

  async function run(...words: readonly string[]): Promise<{ readonly exitCode: number; readonly stdout: string }> {
    const stdout: string[] = [];
    const settings = { home: join(home, "home"), host: "127.0.0.1", port: 0, logLevel: "silent" };
    const exitCode = await runCommandLine(words, {
      stdout: { write: (text) => void stdout.push(text) },
      stderr: { write: () => undefined },
      settings,
    });
    return { exitCode, stdout: stdout.join("") };
  }

  async function diff(a: string, b: string): Promise<Difference> {
    return JSON.parse((await run("policy", "diff", a, b, "--json")).stdout) as Difference;
  }

  it("is told in one sentence and then change by change", async () => {
    const { stdout, exitCode } = await run("policy", "diff", "seller-performance@1.1.0", "seller-performance@2.0.0");
    expect(exitCode).to.equal(0);
    const [summary, ...lines] = stdout.split("\n");
    expect(summary).to.equal(
      "seller-performance 1.1.0 -> 2.0.0: 7 changes, 2 of them stricter and 1 gentler: gold asks for 88 instead of 85, standard asks for 68 instead of 65, four windows are longer, demotion waits longer.",
    );
    expect(summary?.length).to.be.at.most(200);
    expect(lines).to.include("  Overall score that gold asks for is 88 instead of 85. (stricter)");
    expect(lines).to.include("  scores.overall.weighted.reviews: 40 -> 50 (both alike)");
  });

  it("is held against the version that both come from", async () => {
    const { ancestor, threeWay } = await diff("seller-performance@1.1.0", "seller-performance@2.0.0");
    expect(ancestor).to.equal("1.0.0");
    const who = new Map(threeWay?.map(({ path, changedBy }) => [path, changedBy]));
    expect(who.get("scores.overall.weighted.reviews")).to.equal("both alike");
    expect(who.get("parameters.gold_line.value")).to.equal("b");
    expect(await diff("seller-performance@1.0.0", "seller-performance@1.1.0")).not.to.have.any.keys("ancestor", "threeWay");
  });

  it("finds the ancestor of files beside them", async () => {
    const folder = join(home, "shop");
    mkdirSync(folder);
    const own = (version: string, set: string) =>
      writeFileSync(
        join(folder, `${version}.yaml`),
        `extends: 1.0.0\nprogramme: shop\nversion: ${version}\nrationale: r\nset:\n  ${set}\n`,
      );
    writeFileSync(
      join(folder, "1.0.0.yaml"),
      [
        "programme: shop\nversion: 1.0.0\ntitle: Shop\nentity: seller\nrationale: r",
        "metrics: { recent: { sum: orders, over: 84 days } }",
        "tiers: [{ high: { when: recent >= 10, hold: 7 days } }, { low: {} }]",
        "movement: { evaluate: every week }\n",
      ].join("\n"),
    );
    own("1.1.0", "metrics.recent.over: 28 days");
    own("1.2.0", "tiers.high.when: recent >= 20");
    const { ancestor, threeWay, changes } = await diff(join(folder, "1.1.0.yaml"), join(folder, "1.2.0.yaml"));
    expect(ancestor).to.equal("1.0.0");
    expect(threeWay).to.deep.equal([
      { path: "metrics.recent.over", ancestor: "84 days", a: "28 days", b: "84 days", changedBy: "a" },
      { path: "tiers.high.when", ancestor: "recent >= 10", a: "recent >= 10", b: "recent >= 20", changedBy: "b" },
    ]);
    expect(changes.map(({ words }) => words)).to.include("high asks for recent >= 20 instead of >= 10.");
  });

  it("of a version and the one that it extends stands in its explanation", async () => {
    const { own, extended } = JSON.parse((await run("policy", "explain", "seller-performance@1.1.0", "--json")).stdout) as {
      readonly own?: { readonly against: string; readonly changes: readonly object[] };
      readonly extended: readonly string[];
    };
    expect(extended).to.deep.equal(["1.0.0"]);
    expect(own?.against).to.equal("1.0.0");
    expect(own?.changes).to.deep.include({
      path: "scores.overall.weighted.reviews",
      parent: "40",
      own: "50",
      words: "'reviews' weighs 50 % of 'Overall' instead of 40 %.",
    });
    const alone = JSON.parse((await run("policy", "explain", "seller-performance@1.0.0", "--json")).stdout) as object;
    expect(alone).not.to.have.property("own");
  });

  const page = async (path: string): Promise<{ readonly status: number; readonly html: string }> => {
    const response = await fetch(server.address + path, { headers: { accept: "text/html" } });
    return { status: response.status, html: await response.text() };
  };

  it("has a page that is linked from the pages of the versions", async () => {
    const { status, html } = await page("/policies/seller-performance/diff?from=1.1.0&to=2.0.0");
    expect(status).to.equal(200);
    expect(html).to.include("<h1>From 1.1.0 to 2.0.0</h1>").and.to.include("</span> stricter</span>").and.to.include("both alike");
    expect(html).to.include('<option value="1.1.0" selected>');
    expect((await page("/policies/seller-performance/2.0.0")).html).to.include('action="/policies/seller-performance/diff"');
    expect((await page("/policies")).html).to.include("/policies/seller-performance/diff?from=1.0.0&amp;to=1.1.0");
  });

  it("takes the newest version against the one that it extends where none is asked for", async () => {
    expect((await page("/policies/seller-performance/diff")).html).to.include("<h1>From 1.1.0 to 2.0.0</h1>");
    expect((await page("/policies/seller-performance/diff?to=1.0.0")).html).to.include("Both versions say the same.");
  });

  for (const [path, status] of [
    ["/policies/nobody/diff", 404],
    ["/policies/seller-performance/diff?from=9.0.0", 404],
    ["/policies/seller-performance/diff?from=../../../../etc/passwd", 404],
    ["/policies/seller-performance/diff?from=1.0.0&from=1.1.0", 400],
  ] as const) {
    it(`answers ${path} with ${status}`, async () => expect((await page(path)).status).to.equal(status));
  }
});
