/** Replays on other engines than the kernels: the same result, and what is said where an engine cannot be had. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { EngineFault, openDuckDb } from "../../data/engines/index.ts";
import { canonicalJson, formatPeriod, InputRefused, present } from "../../data/foundation/index.ts";
import { readConnection } from "../../server/operations/connections.ts";
import { clearWorkFolders } from "../../server/operations/import-files.ts";
import { keptShards } from "../../server/operations/kept-shards.ts";
import { replayOnEngine } from "../../server/operations/replay-engines.ts";
import { type ReplaySummary, replay } from "../../simulations/replay/index.ts";
import { libraryPanel } from "../sql/library-panels.ts";
import { type Coordinator, startCoordinator, type ToldTables } from "./coordinator.ts";
import { killedAfter, killedReplay, killedReplayModule } from "./killed-replay.ts";

const { policy, panel } = libraryPanel("seller-performance@1.0.0", 10);
const range = { from: panel.schema.firstPeriod, to: panel.schema.lastPeriod };

describe("replays on other engines", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "counterweight-connections-"));
  });
  afterEach(() => {
    for (const { close } of coordinators.splice(0)) close();
    rmSync(home, { recursive: true, force: true });
  });

  const coordinators: Coordinator[] = [];
  async function listening(told: ToldTables): Promise<Coordinator> {
    const coordinator = await startCoordinator(told);
    coordinators.push(coordinator);
    return coordinator;
  }

  function describeConnection(connection: Readonly<Record<string, unknown>>): void {
    const whole = {
      engine: "trino",
      url: "http://127.0.0.1:9",
      user: "reader",
      catalog: "c",
      schema: "s",
      shards: 2,
      tries: 1,
      ...connection,
    };
    writeFileSync(join(home, "connections.yaml"), JSON.stringify({ connections: { warehouse: whole } }, undefined, 1));
  }

  function refusedBy(work: () => unknown): string {
    try {
      work();
    } catch (error) {
      if (error instanceof InputRefused) return error.message;
      throw error;
    }
    return "";
  }

  const onWarehouse = async (signal?: AbortSignal): Promise<string> => {
    const what = { policy, panel, ...range, home, inputs: "0123456789abcdef", onProgress: () => {}, signal };
    const refused = await replayOnEngine("warehouse", what).catch((error: unknown) => error);
    return refused instanceof InputRefused ? refused.message : String(refused);
  };

  it("gives in DuckDB what the kernels give, how long the start matters included", async () => {
    const seen: number[] = [];
    const onProgress = (done: number) => seen.push(done);
    const { policies, ...counts } = await replayOnEngine("duckdb", { policy, panel, ...range, home, inputs: "", onProgress });
    const { policies: expected, ...expectedCounts } = replay({ policies: [policy], panel, ...range, visit: () => {} });
    expect(counts).to.deep.equal(expectedCounts);
    expect(policies[0]).to.deep.equal(present(expected[0], "a policy"));
    expect(seen.at(-1)).to.equal(panel.chunkCount);
  });

  it("refuses rows that went away, in the part that is asked for and before it, and asks for none after it", async () => {
    const { from: first, to: last } = range;
    const rowsOf = new Map<number, number>();
    for (let index = 0; index < panel.chunkCount; index++) {
      const { entityCount, firstPeriod, rowStart } = panel.readChunk(index);
      for (let entity = 0; entity < entityCount; entity++)
        for (let row = 0; row < present(rowStart[entity + 1], "end") - present(rowStart[entity], "begin"); row++) {
          const period = present(firstPeriod[entity], "first") + row;
          rowsOf.set(period, (rowsOf.get(period) ?? 0) + 1);
        }
    }
    const { grain } = panel.schema;
    const part = { from: first + 4, to: last - 4 };
    const missing = async (gone: number) => {
      const counts = [...rowsOf].sort(([a], [b]) => a - b).map(([at, rows]) => [at, rows + (at === gone ? 1 : 0)] as const);
      const entitiesByPeriod = counts.map(([at, entities]) => ({ period: formatPeriod(grain, at), entities }));
      const what = { policy, panel: { ...panel, entitiesByPeriod }, ...part, home, inputs: `gone ${gone}`, onProgress: () => {} };
      return await replayOnEngine("duckdb", what).then(({ entityPeriods }) => entityPeriods, String);
    };
    const counted = (from: number, to: number) => [...rowsOf].reduce((sum, [at, rows]) => sum + (at >= from && at <= to ? rows : 0), 0);
    for (const gone of [first + 2, part.from, part.to])
      expect(await missing(gone)).to.match(
        new RegExp(`engine-unfit: 'duckdb' gave \\d+ rows of ${formatPeriod(grain, gone)} in \\d+ shards`),
      );
    expect(await missing(last)).to.equal(counted(part.from, part.to));
  });

  it("names the engines that there are, at a name that is none", () => {
    describeConnection({});
    expect(refusedBy(() => readConnection(home, "warehose", []))).to.match(/^unknown-engine: .*'warehose'.*Did you mean 'warehouse'\?$/);
  });

  it("names the line of connections.yaml that is wrong, and never takes a password from it", () => {
    describeConnection({ password_from: "open sesame" });
    expect(refusedBy(() => readConnection(home, "warehouse", []))).to.match(
      /connections\.yaml:\d+:\d+ connections-faulty: .*password_from/,
    );
    writeFileSync(join(home, "connections.yaml"), "connections: [");
    expect(refusedBy(() => readConnection(home, "warehouse", []))).to.match(/connections\.yaml:1:\d+ connections-faulty/);
  });

  for (const [what, text, expected] of [
    ["anchors and aliases", "a: &a [x]\nb: [*a, *a]\n", /:1:7 connections-faulty: '&a' is a YAML anchor/],
    ["5,000 brackets", `connections: ${"[".repeat(5000)}`, /:1:142 connections-faulty: 129 levels: the limit/],
    ["a key twice", "connections: {}\nconnections: {}\n", /:2:1 connections-faulty: 'connections' is already given on line 1/],
    [
      "a number beyond bounds",
      "connections:\n  w: { engine: trino, url: 'http://h', user: u, catalog: c, schema: s, shards: 0 }\n",
      /:2:80 connections-faulty: connections\.w\.shards: is a whole number from 1/,
    ],
    [
      "an unknown key",
      "connections:\n  w: { engin: trino, url: 'http://h', user: u, catalog: c, schema: s, shards: 1 }\n",
      /:2:8 connections-faulty: .*Did you mean 'engine'\?/,
    ],
  ] as const) {
    it(`names the place of ${what} in connections.yaml`, () => {
      writeFileSync(join(home, "connections.yaml"), text);
      expect(refusedBy(() => readConnection(home, "w", []))).to.match(expected);
    });
  }

  it("says that connections.yaml is a folder", () => {
    mkdirSync(join(home, "connections.yaml"));
    expect(refusedBy(() => readConnection(home, "w", []))).to.match(/connections\.yaml:1:1 unreadable-file: .* is a folder/);
  });

  it("takes no address that holds a secret, and does not repeat it; nor what cannot stand in the head of a request", () => {
    for (const [key, value, expected] of [
      ["url", "https://reader:swordfish@127.0.0.1:9", /:\d+:\d+ connections-faulty: connections\.warehouse\.url: is http/],
      ["url", "https://127.0.0.1:9/?password=swordfish", /connections\.warehouse\.url: is http/],
      ["url", "swordfish", /connections\.warehouse\.url: is http/],
      ["user", "reader:swordfish", /connections\.warehouse\.user: has no colon/],
      ["schema", "s\nX-Trino-User: admin", /connections\.warehouse\.schema: is written in printable ASCII/],
    ] as const) {
      describeConnection({ [key]: value });
      const said = refusedBy(() => readConnection(home, "warehouse", []));
      expect(said).to.match(expected).and.not.contain("swordfish");
    }
  });

  it("stops a statement of DuckDB that runs too long, and refuses one that gives too many rows", async () => {
    const hasty = await openDuckDb({ secondsMax: 0 });
    const endless = "SELECT count(*) FROM range(1000000000) AS a, range(1000000000) AS b WHERE a.range % 7 = b.range % 11";
    const stopped = await hasty.rows(endless).catch((error: unknown) => error);
    hasty.close();
    expect(stopped).to.be.instanceOf(EngineFault).and.include({ kind: "limit", message: "the statement ran for more than 0 seconds" });
    const few = await openDuckDb({ rowsMax: 3 });
    expect(await few.rows("SELECT * FROM range(3)")).to.have.lengthOf(3);
    const refused = await few.rows("SELECT * FROM range(4)").catch((error: unknown) => error);
    few.close();
    expect(refused).to.be.instanceOf(EngineFault).and.include({ kind: "limit", message: "the statement gives more than 3 rows" });
    const what = { policy, panel, ...range, home, inputs: "too many rows", onProgress: () => {}, embedded: { rowsMax: 1 } };
    const said = await replayOnEngine("duckdb", what).catch((error: unknown) => (error instanceof InputRefused ? error.message : error));
    expect(said).to.match(/^engine-limit: duckdb: the statement gives more than 1 rows.*--from and --to/);
    expect(readdirSync(join(home, "work")), "what was spilled").to.deep.equal([]);
  });

  it("sends a password by https only, and names the line of the address", () => {
    describeConnection({ password_from: "PATH" });
    expect(refusedBy(() => readConnection(home, "warehouse", []))).to.match(/connections\.yaml:5:\d+ connections-faulty: .*not https/);
  });

  it("names the variable of a secret that is not set", () => {
    describeConnection({ url: "https://127.0.0.1:9", password_from: "COUNTERWEIGHT_NO_SUCH_SECRET" });
    expect(refusedBy(() => readConnection(home, "warehouse", []))).to.match(/^secret-missing: .*COUNTERWEIGHT_NO_SUCH_SECRET/);
  });

  it("says that nobody answers", async () => {
    describeConnection({});
    expect(await onWarehouse()).to.match(/^engine-unreachable: connection 'warehouse': nothing answers at http:\/\/127\.0\.0\.1:9/);
  });

  for (const [name, told, expected] of [
    ["a user who is not let in", { status: 401 }, /^engine-refused: /],
    ["a version that is too old", { version: "350" }, /^engine-unfit: .*Trino 350 is older than 418/],
    ["tables that are not there", { without: "events" }, /^engine-unfit: .*there is no table 'events' in c\.s/],
    ["a column that is not there", { without: "points" }, /^engine-unfit: .*table 'events' has no column 'points'/],
    ["another number of shards", { shards: 3 }, /^engine-unfit: .*lie in 3 shards, and the connection says 2.*Write 'shards: 3'/],
    ["a user who may insert", { may: "INSERT" }, /^engine-unfit: .*user 'reader' may write: insert into table 'panel'/],
    ["a user who may delete", { may: "DELETE" }, /^engine-unfit: .*user 'reader' may write: delete from table 'panel'/],
    ["a user who may update", { may: "UPDATE" }, /^engine-unfit: .*user 'reader' may write: update table 'panel'/],
    [
      "a statement that takes too long",
      { error: ["EXCEEDED_TIME_LIMIT", "INSUFFICIENT_RESOURCES"] as const },
      /^engine-limit: .*EXCEEDED_TIME_LIMIT/,
    ],
    ["a statement that the engine does not take", { error: ["SYNTAX_ERROR", "USER_ERROR"] as const }, /^engine-failed: .*SYNTAX_ERROR/],
  ] as const) {
    it(`says it of ${name}`, async () => {
      const coordinator = await listening({ panel, ...told });
      describeConnection({ url: coordinator.url });
      expect(await onWarehouse()).to.match(expected);
    });
  }

  it("says what is wrong with the descriptor of own tables: not there, no descriptor, a line of it, a table that is not there", async () => {
    describeConnection({ dataset: "own.txt" });
    expect(refusedBy(() => readConnection(home, "warehouse", []))).to.match(/connections\.yaml:\d+:\d+ .*names a descriptor, a YAML file/);
    const coordinator = await listening({});
    describeConnection({ url: coordinator.url, dataset: "own.yaml" });
    expect(await onWarehouse()).to.match(/own\.yaml:1:1 file-not-found: .*there is no such file/);
    const lines = ["dataset: own", "entity: seller", "grain: week", "known_at: 2025-01-31", "key: [seller]", "files:", "  - table: weekly"];
    const more = ["    holds: panel", "    period: day", "    columns: { orders: { flow: cuont } }"];
    writeFileSync(join(home, "own.yaml"), [...lines, ...more].join("\n"));
    expect(await onWarehouse()).to.match(/own\.yaml:10:\d+ [a-z-]+: 'cuont'/);
    writeFileSync(join(home, "own.yaml"), [...lines, ...more].join("\n").replace("cuont", "count"));
    expect(await onWarehouse()).to.match(/own\.yaml:7:\d+ engine-unfit: there is no table c\.s\.weekly/);
  });

  it("refuses tables of another dataset, whatever part of it is asked for", async () => {
    const coordinator = await listening({ panel: { ...panel, digest: "another" } });
    describeConnection({ url: coordinator.url });
    expect(await onWarehouse()).to.match(/^engine-unfit: .*its tables are of dataset another, and \w+ is asked for/);
  });

  it("calls off what the engine runs when it is called off itself", async () => {
    const coordinator = await listening({ panel });
    describeConnection({ url: coordinator.url, shards_at_once: 2 });
    const stopping = new AbortController();
    const ended = onWarehouse(stopping.signal);
    await coordinator.whenRunning;
    stopping.abort();
    expect(await ended).to.match(/^interrupted: the replay on 'warehouse' was called off/);
    expect(coordinator.stopped.length).to.be.at.least(1);
  });

  it("calls off the reading of own tables, before any shard, when it is called off", async () => {
    const own = [
      ["seller", "varchar"],
      ["day", "date"],
      ["orders", "bigint"],
    ] as const;
    const coordinator = await listening({ own });
    describeConnection({ url: coordinator.url, dataset: "own.yaml" });
    const descriptor =
      "dataset: own\nentity: seller\ngrain: week\nknown_at: 2025-01-31\nkey: [seller]\nfiles:\n  - { table: weekly, holds: panel, period: day, columns: { orders: { flow: count } } }\n";
    writeFileSync(join(home, "own.yaml"), descriptor);
    const stopping = new AbortController();
    const ended = onWarehouse(stopping.signal);
    await coordinator.whenRunning;
    stopping.abort();
    expect(await ended).to.match(/^interrupted: the replay on 'warehouse' was called off/);
    expect(coordinator.stopped).to.have.length(1);
  });

  it("calls off what the embedded engine computes when it is called off, and leaves nothing of it behind", async () => {
    const endless = "SELECT count(*) FROM range(1000000000000) AS rows (i) WHERE hash(i) = 1";
    const [database, called] = [await openDuckDb(), new AbortController()];
    await database.rows("SELECT 1");
    const ended = database.rows(endless, [], called.signal).catch(String);
    setImmediate(() => called.abort());
    expect(await ended).to.match(/Interrupted/);
    expect(await database.rows("SELECT 1"), "the next statement").to.deep.equal([[1]]);
    database.close();
    const stopping = new AbortController();
    const onProgress = () => setTimeout(() => stopping.abort());
    const what = { policy, panel, ...range, home, inputs: "called off", onProgress, signal: stopping.signal };
    expect(String(await replayOnEngine("duckdb", what).catch((error: unknown) => error))).to.match(
      /interrupted: .*'duckdb' was called off/,
    );
    expect(readdirSync(join(home, "work")), "where it would spill").to.deep.equal([]);
  });

  it("goes on at the shard where it was killed, to the same bytes", async () => {
    const replayed = killedReplay("seller-performance@1.0.0", 50);
    expect(replayed.panel.chunkCount).to.be.greaterThan(3);
    const killed = spawn(process.execPath, [killedReplayModule, home], { stdio: ["ignore", "ignore", "inherit"] });
    expect(await new Promise((resolve) => killed.on("close", (_, signal) => resolve(signal)))).to.equal("SIGKILL");
    const seen: number[] = [];
    const resumed = await replayOnEngine("duckdb", { ...replayed, home, onProgress: (done) => seen.push(done) });
    expect(seen[0]).to.equal(killedAfter);
    const whole = await replayOnEngine("duckdb", { ...replayed, home, inputs: "another", onProgress: () => {} });
    expect(canonicalJson(bytesOf(resumed))).to.equal(canonicalJson(bytesOf(whole)));
    expect(readdirSync(join(home, "shards"))).to.deep.equal([]);
    expect(clearWorkFolders(home), "where the killed one spilled").to.equal(1);
  });

  it("asks a shard again whose file is torn", async () => {
    const identity = { inputs: "a" };
    const { keep, kept, clear } = keptShards(home, identity);
    const cells = [{ period: 1, held: [0], entities: 2, gmv: 3, firstRows: 0, apart: [0], asked: 0 }];
    const answer = { cells, groups: [{ parting: 0, group: 0, held: [0], entities: 2, sales: 3 }] };
    keep(0, answer);
    expect(kept(0)).to.deep.equal(answer);
    expect(keptShards(home, { inputs: "b" }).kept(0), "of another replay").to.equal(undefined);
    const [folder = ""] = readdirSync(join(home, "shards"));
    for (const torn of ['{"cells":[{"period":1', "{}", ""]) {
      writeFileSync(join(home, "shards", folder, "0.json"), torn);
      expect(kept(0)).to.equal(undefined);
    }
    clear();
    expect(readdirSync(join(home, "shards"))).to.deep.equal([]);
  });

  it("keeps the shards of the latest replays only", () => {
    for (let index = 0; index < 20; index++) keptShards(home, { index }).keep(0, { cells: [], groups: [] });
    keptShards(home, { index: 20 });
    expect(readdirSync(join(home, "shards"))).to.have.length(16);
  });
});

function bytesOf({ policies, ...counts }: ReplaySummary): object {
  const plain = policies.map(({ tiers, tiersByPeriod, startMatters }) => ({
    tiers,
    startMatters,
    cells: tiersByPeriod.cells.map(({ key, sums }) => ({ key, sums: sums.map(String) })),
  }));
  return { ...counts, plain };
}
