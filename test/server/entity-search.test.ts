/** The search over entities: what it finds, in which order, how it is bounded, and what hostile text does. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { openHome } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { entityNames, namedMarketplace } from "./named-marketplace.ts";
import { perform, visitorOf } from "./small-marketplace.ts";

interface Found {
  readonly total: number;
  readonly hits: readonly {
    readonly entity: string;
    readonly match: string;
    readonly standings: readonly {
      readonly run: string;
      readonly tiers: readonly { readonly version: string; readonly tier?: string }[];
    }[];
  }[];
}

describe("the search over entities", () => {
  let server: RunningServer;
  let store: Store;
  let run: string;
  let close: () => Promise<void>;
  const { page } = visitorOf(() => server.address);
  const find = (text: string, more: object = {}) => perform<Found>(store, "entity find", { text, offset: 0, limit: 20, ...more });

  before(async () => {
    const made = await namedMarketplace();
    ({ store, run } = made);
    await perform(store, "dataset demo", { sellers: 60, weeks: 20 });
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    close = async () => {
      await server.close();
      made.remove();
    };
  });
  after(async () => await close());

  it("finds by id, whole, from its beginning and inside, in any case and composed or not", async () => {
    expect((await find("plain-1")).hits.map(({ entity, match }) => [entity, match])).to.deep.equal([["plain-1", "its id"]]);
    expect((await find("PLAIN")).hits.map(({ match }) => match)).to.deep.equal(["its id begins so"]);
    expect((await find("a\u030angstro\u0308m".normalize("NFD"))).hits.map(({ entity }) => entity)).to.deep.equal(["Zürich-Ångström"]);
    expect((await find("الأمل")).hits.map(({ entity }) => entity)).to.deep.equal([entityNames[2]]);
    expect((await find("</script>")).hits.map(({ entity }) => entity)).to.deep.equal([entityNames[3]]);
  });

  it("finds by what an entity is described by", async () => {
    const { total, hits } = await find("süd");
    expect(total).to.equal(3);
    expect(hits[0]?.match).to.equal("Region: Süd");
  });

  it("puts whole ids before those that begin so, and counts all while a page holds few", async () => {
    const first = await find("s00000", { limit: 7 });
    const second = await find("s00000", { limit: 7, offset: 7 });
    const all = await find("s00000", { limit: 100 });
    expect(first.total).to.equal(60);
    expect([...first.hits, ...second.hits].map(({ entity }) => entity)).to.deep.equal(all.hits.slice(0, 14).map(({ entity }) => entity));
    const whole = await find("s0000007", { limit: 5 });
    expect(whole.hits[0]?.match).to.equal("its id");
  });

  it("says where each stands in the latest comparison, as the comparison itself does", async () => {
    const { hits } = await find("Zürich");
    expect(hits[0]?.standings).to.have.length(1);
    expect(hits[0]?.standings[0]).to.deep.include({
      run,
      tiers: [
        { version: "1.0.0", role: "baseline", tier: "poor" },
        { version: "2.0.0", role: "candidate", tier: "poor" },
      ],
    });
    expect((await find("plain-1")).hits[0]?.standings[0]?.tiers.map(({ tier }) => tier)).to.deep.equal(["good", "good"]);
    expect((await find("S0000001")).hits[0]?.standings).to.deep.equal([]);
  });

  it("is a page that works without script: empty, found, nothing found, too long, hostile", async () => {
    expect(await page("/search"))
      .to.include('name="q"')
      .and.not.to.include("Nothing found");
    expect(await page("/search?q=%20")).not.to.include("Nothing found");
    const found = await page(`/search?q=${encodeURIComponent("plain")}`);
    expect(found).to.include(`/runs/${run}/entities/plain-1`);
    expect(await page("/search?q=nosuchthing")).to.include("Nothing found");
    expect(await page(`/search?q=${"x".repeat(201)}`)).to.include('aria-invalid="true"');
    expect(await page("/search?q=s&offset=99999")).to.include("the list ends before this page");
    const hostile = await page(`/search?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(hostile).not.to.include("<script>alert");
    const all = await page("/search?q=e");
    expect(all).to.include("&lt;script&gt;alert").and.not.to.include("<script>alert").and.not.to.include("<i>Sea");
    expect((await fetch(`${server.address}/search?q=a&q=b`)).status).to.equal(200);
    expect((await fetch(`${server.address}/search?q=s&offset=-1`)).status).to.equal(422);
  });

  it("says of an empty home only that there is nothing to look in", async () => {
    const { home, remove } = temporaryHome();
    const empty = openHome(home);
    const other = await startServer({ store: empty, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    try {
      const said = await (await fetch(`${other.address}/search?q=plain`)).text();
      expect(said).to.include("There is no dataset to look in yet.").and.not.to.include("No id and no attribute");
    } finally {
      await other.close();
      empty.close();
      remove();
    }
  });

  it("finds keys of several columns as people read them, and those that have a bar themselves", async () => {
    const rows = ["north,a 1", "north,b|2"].map((key) => `${key},2024-01-07,5`);
    writeFileSync(join(store.home, "keys.csv"), `shop,seller,week_end,orders\n${rows.join("\n")}\n`);
    writeFileSync(
      join(store.home, "keys.yaml"),
      "dataset: keys\nentity: seller\ngrain: week\nknown_at: 2024-01-07\nkey: [shop, seller]\nfiles:\n  - { path: keys.csv, holds: panel, period: week_end, columns: { orders: { flow: count } } }\n",
    );
    await perform(store, "dataset import", { descriptor: join(store.home, "keys.yaml") });
    const matches = async (text: string) => (await find(text)).hits.map(({ entity, match }) => [entity, match]);
    expect(await matches("North|a 1")).to.deep.equal([["north|a 1", "its id"]]);
    expect(await matches("north|b|2")).to.deep.equal([["north|b|2", "its id"]]);
    expect(await matches("b|2")).to.deep.equal([["north|b|2", "its id has it"]]);
  });

  it("is in the frame of every page, and a route for programs", async () => {
    expect(await page("/runs")).to.include('action="/search"');
    const answer = (await (await fetch(`${server.address}/api/entities?text=plain`)).json()) as Found;
    expect(answer.total).to.equal(1);
    expect((await fetch(`${server.address}/api/entities?text=`)).status).to.equal(400);
    expect((await fetch(`${server.address}/api/entities?text=a&limit=101`)).status).to.equal(400);
  });
});
