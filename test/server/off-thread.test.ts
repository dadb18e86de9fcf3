/** What takes a while does not keep others waiting, and ends when nobody waits for it. */
import { expect } from "chai";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { operations } from "../../server/operations/index.ts";
import { smallMarketplace } from "./small-marketplace.ts";

/** A policy whose check takes about half a second. */
const heavy = "walmart-performance-standards@2025.7.0";

describe("work off the server's thread", () => {
  let server: RunningServer;
  let store: Store;
  let remove: () => void;

  before(async () => {
    ({ store, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
  });
  after(async () => {
    await server.close();
    remove();
  });

  const post = async (path: string, body: unknown, signal?: AbortSignal) =>
    await fetch(server.address + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });

  it("is all that reads policies, goes through a panel or computes a statistic", () => {
    const heavyOnes = operations.filter(({ route, isLong, isHeavy }) => route !== undefined && !isLong && isHeavy).map(({ name }) => name);
    expect(heavyOnes).to.have.members([
      "policy check",
      "policy diff",
      "policy explain",
      "policy format",
      "policy list",
      "policy save",
      "explain",
      "comparison audit-plan",
      "comparison at-risk",
      "comment add",
      "comparison against",
      "comparison entities",
      "comparison estimate",
      "preset save",
      "entity find",
      "experiment design",
      "experiment assign",
      "experiment expose",
      "experiment observe",
      "experiment analyse",
      "experiment decide",
      "experiment simulate",
      "experiment calibration",
      "statistic show",
      "statistic run",
      "statistic study",
    ]);
  });

  it("leaves the server free to say that it answers", async () => {
    const gone = new AbortController();
    const check = post("/api/policies/check", { files: [heavy] }).finally(() => gone.abort());
    let answersMeanwhile = 0;
    for (; !gone.signal.aborted; answersMeanwhile += 1) await (await fetch(`${server.address}/health`)).json();
    expect((await check).status).to.equal(200);
    expect(answersMeanwhile).to.be.greaterThan(50);
  });

  it("gives explanations, and refuses what cannot be explained, as ever", async () => {
    const asked = { policy: "seller-performance@1.0.0", dataset: "demo-sellers", entity: "S0000001", date: "2025-09-28" };
    const explained = await post("/api/explanations", asked);
    expect(explained.status).to.equal(200);
    expect(await explained.json())
      .to.have.property("account")
      .that.is.a("string");
    const unknown = await post("/api/explanations", { ...asked, entity: "nobody" });
    expect([unknown.status, ((await unknown.json()) as { code: string }).code]).to.deep.equal([404, "unknown-entity"]);
    const byPath = await post("/api/policies/diff", { a: "/etc/passwd", b: heavy });
    expect([byPath.status, ((await byPath.json()) as { code: string }).code]).to.deep.equal([403, "path-refused"]);
  });

  it("is dropped when its callers have gone, so that the next one is answered", async () => {
    const gone = new AbortController();
    const abandoned = [1, 2, 3].map(
      async () =>
        await post("/api/policies/check", { files: Array<string>(100).fill(heavy) }, gone.signal).then(
          () => "answered",
          () => "gone",
        ),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    gone.abort();
    expect(await Promise.all(abandoned)).to.deep.equal(["gone", "gone", "gone"]);
    expect((await post("/api/policies/diff", { a: "seller-performance@1.0.0", b: "seller-performance@2.0.0" })).status).to.equal(200);
  });
});
