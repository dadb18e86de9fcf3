/** Connections are listed and tested by commands, programs and on a page; their secrets are shown by none. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { InputRefused, present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { findOperation, openHome } from "../../server/operations/index.ts";
import { libraryPanel } from "../sql/library-panels.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { type Coordinator, startCoordinator } from "./coordinator.ts";
import { contextOf, perform, visitorOf } from "./small-marketplace.ts";

interface Tested {
  readonly isFit: boolean;
  readonly checks: readonly {
    readonly state: string;
    readonly finding?: string;
    readonly diagnostics?: readonly { readonly code: string }[];
  }[];
}

describe("connections", () => {
  const { panel } = libraryPanel("seller-performance@1.0.0", 1);
  const secret = "COUNTERWEIGHT_TEST_SECRET";
  let home: string;
  let remove: () => void;
  let store: Store;
  let server: RunningServer;
  const coordinators: Coordinator[] = [];
  const { page, submit } = visitorOf(() => server.address);

  before(async () => {
    ({ home, remove } = temporaryHome());
    store = openHome(home);
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    coordinators.push(await startCoordinator({ panel }), await startCoordinator({ panel, may: "DELETE" }));
  });
  after(async () => {
    for (const coordinator of coordinators) coordinator.close();
    delete process.env[secret];
    await server.close();
    store.close();
    remove();
  });

  it("says that there is none, and how one is described", async () => {
    expect(await perform(store, "connection list", {})).to.deep.equal({ connections: [] });
    expect(await page("/connections"))
      .to.include("None yet")
      .and.include("password_from: WAREHOUSE_PASSWORD");
  });

  describe("of a home with five", () => {
    before(() => {
      const common = { engine: "trino", user: "reader", catalog: "c", schema: "s", shards: 2 };
      const [fit, writable] = coordinators.map(({ url }) => ({ ...common, url }));
      const lake = { ...common, url: "https://127.0.0.1:9", password_from: secret, tries: 7 };
      writeFileSync(
        join(home, "connections.yaml"),
        JSON.stringify({
          connections: {
            fit,
            writable,
            lake,
            own: { ...lake, dataset: "sellers.yaml", memory_gigabytes_max: 20 },
            misread: { ...fit, dataset: "misread.yaml" },
          },
        }),
      );
      writeFileSync(join(home, "misread.yaml"), "dataset: misread\nentity: seller\ngrain: fortnight\n");
    });

    it("lists them with where their password is, never with the password", async () => {
      process.env[secret] = "swordfish";
      const { connections } = await perform<{ connections: readonly object[] }>(store, "connection list", {});
      expect(connections[2]).to.deep.include({ name: "lake", passwordFrom: secret, passwordIsSet: true, tries: 7, secondsMax: 900 });
      const shown = await page("/connections");
      expect(JSON.stringify(connections) + shown).not.to.include("swordfish");
      expect(shown)
        .to.match(/id="connection-lake".*?<code>c\.s<\/code>, laid down, in 2 shards/s)
        .and.match(
          /id="connection-own".*?the warehouse's own, as <code>sellers\.yaml<\/code> describes them; .*? in 2 shards.*?20 GB of memory/s,
        );
      expect(connections[3]).to.deep.include({ name: "own", memoryGigabytesMax: 20 });
    });

    it("tests all that a replay needs, and says what was found", async () => {
      const { isFit, checks } = await perform<Tested>(store, "connection test", { connection: "fit" });
      expect(isFit).to.equal(true);
      expect(checks.map(({ state }) => state)).to.deep.equal(Array(5).fill("met"));
      expect(checks[3]?.finding).to.equal(`${panel.rowCount} rows of dataset ${panel.digest.slice(0, 12)} in 2 shards`);
    });

    it("stops at what is wrong: from there on nothing is asked", async () => {
      const states = async (connection: string) => {
        const { isFit, checks } = await perform<Tested>(store, "connection test", { connection });
        expect(isFit).to.equal(false);
        return checks.map(({ state, diagnostics }) => diagnostics?.[0]?.code ?? state);
      };
      expect(await states("writable")).to.deep.equal(["met", "met", "met", "met", "engine-unfit"]);
      process.env[secret] = "swordfish";
      expect(await states("lake")).to.deep.equal(["met", "engine-unreachable", "unasked", "unasked", "unasked"]);
      delete process.env[secret];
      expect(await states("lake")).to.deep.equal(["secret-missing", "unasked", "unasked", "unasked", "unasked"]);
    });

    it("shows the test on the page, with the cure", async () => {
      const fit = await (await submit("/connections/fit/test", {})).text();
      expect(fit).to.include("Fit for replays").and.include("replay --engine fit").and.include("Test fit again");
      const writable = await (await submit("/connections/writable/test", {})).text();
      expect(writable).to.include("Not fit for replays").and.include("Give the connection a user who can only read.");
      expect((await submit("/connections/nowhere/test", {})).status).to.equal(422);
    });

    it("says at which line of a descriptor something is wrong, on the page and in the terminal", async () => {
      const place = `${join(home, "misread.yaml")}:3:8`;
      expect(await (await submit("/connections/misread/test", {})).text()).to.include(`<code>${place} bad-form</code>`);
      const operation = present(findOperation("connection test"), "connection test");
      const answer = await perform(store, "connection test", { connection: "misread" });
      expect(operation.print(answer, operation.input.parse({ connection: "misread" }), contextOf(store))).to.include(
        `${place} bad-form: 'fortnight'`,
      );
    });

    it("answers programs", async () => {
      const answer = await fetch(`${server.address}/api/connections/fit/test`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
      expect(((await answer.json()) as Tested).isFit).to.equal(true);
    });

    it("refuses names that are none, and names that are engines here", async () => {
      const refused = await perform(store, "connection test", { connection: "fitt" }).catch((error: unknown) => error);
      expect(refused)
        .to.be.instanceOf(InputRefused)
        .and.match(/unknown-engine: .*Did you mean 'fit'\?/);
      writeFileSync(join(home, "connections.yaml"), "connections: {kernels: {}}");
      const faulty = await perform(store, "connection list", {}).catch((error: unknown) => error);
      expect(faulty)
        .to.be.instanceOf(InputRefused)
        .and.match(/connections\.yaml:1:\d+ connections-faulty/);
    });
  });
});
