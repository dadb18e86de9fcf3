/** Outcome frames from other engines than the kernels: the same file, whoever computed it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { openDuckDb, quoteText } from "../../data/engines/index.ts";
import { openPanel } from "../../data/panel/index.ts";
import { readLibraryPolicy } from "../../policies/language/index.ts";
import { resolveDataset } from "../../server/operations/index.ts";
import { keptShards } from "../../server/operations/kept-shards.ts";
import { replayOnEngine } from "../../server/operations/replay-engines.ts";
import type { ShardFrame } from "../../simulations/replay/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const program = fileURLToPath(new URL("../../server/cli/main.js", import.meta.url));

interface Replayed {
  readonly run: { readonly id: string; readonly digest: string };
  readonly frame?: { readonly address: string; readonly bytes: number };
}

describe("frames of other engines", () => {
  let market: Awaited<ReturnType<typeof smallMarketplace>>;
  let server: ChildProcess | undefined;

  before(async () => {
    market = await smallMarketplace();
  });
  after(() => {
    server?.kill("SIGKILL");
    market.remove();
  });

  const asked = { policy: "seller-performance@2.0.0", from: "2025-02-01", to: "2025-08-31" };
  const replayed = async (more: object): Promise<Replayed> =>
    await perform<Replayed>(market.store, "replay", { ...asked, dataset: market.dataset, ...more });

  it("are the kernels' file to the byte, and have its digest", async () => {
    const [kernels, duckdb] = ["kernels.csv", "duckdb.csv"].map((name) => join(market.home, name));
    const ours = await replayed({ out: kernels });
    const theirs = await replayed({ out: duckdb, engine: "duckdb" });
    expect(readFileSync(String(duckdb), "utf8")).to.equal(readFileSync(String(kernels), "utf8"));
    expect(theirs.run.digest).to.equal(ours.run.digest);
    expect(readdirSync(join(market.home, "shards")), "what waited in the home").to.deep.equal([]);
    const sums = await replayed({ engine: "duckdb" });
    expect(sums.run.id, "of a replay for its sums only").to.not.equal(theirs.run.id);
  });

  it("are kept with the run as Parquet where that is asked for, and made again where they are gone", async () => {
    const database = await openDuckDb();
    const rowsIn = async (path: string) => await database.rows(`SELECT * FROM read_parquet(${quoteText(path)})`);
    const named = join(market.home, "named.parquet");
    await replayed({ out: named });
    const expected = await rowsIn(named);
    expect(expected.length).to.be.greaterThan(500);
    for (const engine of ["kernels", "duckdb"]) {
      const { run, frame } = await replayed({ frame: true, engine });
      const path = join(market.home, "frames", `${run.id}.parquet`);
      expect(frame).to.deep.equal({ address: `/api/runs/${run.id}/frame`, bytes: readFileSync(path).length });
      expect(await rowsIn(path)).to.deep.equal(expected);
      rmSync(path);
      expect(await replayed({ frame: true, engine })).to.deep.equal({ ...(await replayed({ frame: true, engine })), run });
      expect(existsSync(path)).to.equal(true);
    }
    database.close();
  });

  it("are given over the network, and it is said where a run keeps none", async () => {
    const environment = { ...process.env, COUNTERWEIGHT_HOME: market.home, LOG_LEVEL: "silent" };
    const child = spawn(process.execPath, [program, "serve", "--port", "0"], { env: environment, stdio: ["ignore", "pipe", "ignore"] });
    server = child;
    const address = await new Promise<string>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => resolve(/http:\S+/.exec(text)?.[0] ?? ""));
    });
    const post = async (body: object): Promise<Replayed> => {
      const headers = { "content-type": "application/json", prefer: "wait=120" };
      const whole = JSON.stringify({ ...asked, dataset: market.dataset, ...body });
      return (await (await fetch(`${address}/api/replays`, { method: "POST", headers, body: whole })).json()) as Replayed;
    };
    const { run, frame } = await post({ engine: "duckdb", frame: true });
    const given = await fetch(address + String(frame?.address));
    expect(given.headers.get("content-disposition")).to.contain(`frame-${run.id}.parquet`);
    const bytes = new Uint8Array(await given.arrayBuffer());
    expect(bytes).to.have.length(Number(frame?.bytes));
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).to.equal("PAR1");
    const led = await fetch(`${address}/runs/${run.id}`, { redirect: "manual" });
    expect(led.headers.get("location")).to.equal(`/datasets/${market.dataset}#frames`);
    const shown = await (await fetch(`${address}/datasets/${market.dataset}`)).text();
    expect(shown)
      .to.include('id="frames"')
      .and.include(`href="${String(frame?.address)}"`);
    const bare = await post({ engine: "duckdb" });
    const none = await fetch(`${address}/api/runs/${bare.run.id}/frame`);
    expect([none.status, await none.text()].join(" ")).to.match(/^404 .*keeps no frame/);
  });

  it("go on where they were stopped, and ask again for what the disk lost", async () => {
    const panel = openPanel(resolveDataset(market.store, market.dataset).folder);
    const { policy } = readLibraryPolicy("seller-performance@2.0.0");
    if (policy === undefined) throw new Error("the policy");
    const { firstPeriod: from, lastPeriod: to } = panel.schema;
    const seen: number[] = [];
    const taken: ShardFrame[] = [];
    let finishes = 0;
    const finish = () => (finishes++ === 0 ? Promise.reject(new Error("the disk is full")) : Promise.resolve());
    const frames = { take: (frame: ShardFrame) => void taken.push(frame), finish };
    const onProgress = (done: number) => void seen.push(done);
    const whole = { policy, panel, from, to, home: market.home, inputs: "stopped", onProgress, frames };
    expect(await replayOnEngine("duckdb", whole).catch((error: unknown) => error)).to.match(/the disk is full/);
    const identity = { engine: "duckdb", inputs: "stopped", frames: "kept", shards: panel.chunkCount };
    expect(keptShards(market.home, identity).keptFrame(0)).to.deep.equal(taken[0]);
    const [folder = ""] = readdirSync(join(market.home, "shards"));
    const path = join(market.home, "shards", folder, "0.frame");
    writeFileSync(path, readFileSync(path).subarray(0, 1000));
    await replayOnEngine("duckdb", whole);
    expect(seen, "no shard is done again").to.deep.equal([0, panel.chunkCount, panel.chunkCount]);
    expect(taken.slice(panel.chunkCount)).to.deep.equal(taken.slice(0, panel.chunkCount));
    expect(readdirSync(join(market.home, "shards"))).to.deep.equal([]);
  });
});
