/** An entity's page, the letter to it and the files of both, whatever the entity is called. */
import { expect } from "chai";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { entityNames, namedMarketplace } from "./named-marketplace.ts";
import { visitorOf } from "./small-marketplace.ts";

describe("the pages about one entity", () => {
  let server: RunningServer;
  let run: string;
  let close: () => Promise<void>;
  const { page } = visitorOf(() => server.address);
  const address = (name: string) => `/runs/${run}/entities/${encodeURIComponent(name)}`;

  before(async () => {
    const made = await namedMarketplace();
    server = await startServer({ store: made.store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    run = made.run;
    close = async () => {
      await server.close();
      made.remove();
    };
  });
  after(async () => await close());

  it("hold every metric with the lines of its tiers, what is missing, and what would restore", async () => {
    const html = (await page(address("Zürich-Ångström"))).replaceAll("\u00a0", " ");
    expect(html).to.include("Every metric over time").and.to.include("Good asks: Late share is at most 5 %");
    expect(html).to.include("What would restore").and.to.include("Good asks: Late share at most 5 %, not 18 %");
    expect(html).to.include(`${address("Zürich-Ångström")}/letter?version=2.0.0`);
  });

  for (const name of entityNames) {
    it(`stay text and stay small: ${name.slice(0, 30)}`, async () => {
      for (const path of [address(name), `${address(name)}/letter?version=2.0.0`]) {
        const html = await page(path);
        expect(html)
          .to.include("Shop &lt;b&gt;promise&lt;/b&gt;")
          .and.not.to.match(/<script>alert|<b>promise/);
        expect(Buffer.byteLength(html)).to.be.below(300_000);
      }
    });
  }

  it("give the same bytes again", async () => {
    expect(await page(address("plain-1"))).to.equal(await page(address("plain-1")));
  });

  it("write a letter as text that no reader of Markdown takes for markup, and every value as CSV", async () => {
    const letter = await fetch(`${server.address}${address(entityNames[3])}/letter.md?version=1.0.0`);
    expect(letter.headers.get("content-type")).to.match(/^text\/markdown/);
    const text = await letter.text();
    expect(text)
      .to.include("To: &lt;script&gt;alert")
      .and.to.include("Shop &lt;b&gt;")
      .and.not.to.match(/<script>|<b>/);
    const csv = await (await fetch(`${server.address}${address('=1+1, quoted "twice"')}/history.csv`)).text();
    const rows = csv.trimEnd().split("\r\n");
    expect(rows[0]).to.equal("entity,version,kind,name,unit,period,value,missing,volume,held,merited");
    expect(rows.filter((row) => row.includes(",metric,late_rate,share,"))).to.have.length(16);
    expect(rows[1]).to.match(/^"'=1\+1, quoted ""twice""",1\.0\.0,score/);
  });

  it("say of the first version what is missing in the policy, and of a candidate that it is not in force", async () => {
    expect(await page(`${address("plain-1")}/letter`))
      .to.include("says nothing about appeals")
      .and.not.to.include("is a proposal");
    expect(await page(`${address("plain-1")}/letter?version=2.0.0`)).to.include("is a proposal and is not in force");
  });

  it("refuse whom and what there is not", async () => {
    const status = async (path: string) => (await fetch(server.address + path)).status;
    expect(await status(address("nobody"))).to.equal(404);
    expect(await status(`${address("plain-1")}/letter?version=9.9.9`)).to.equal(400);
    expect(await status(`/runs/ffff/entities/plain-1/letter`)).to.equal(404);
  });
});
