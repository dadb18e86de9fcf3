/** kill -9 in the middle of an import, a replay and a report: nothing is lost, and the next start says what happened. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { openHome } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";

const program = fileURLToPath(new URL("../../server/cli/main.js", import.meta.url));
const marketplace = { sellers: 6000, weeks: 60, seed: 3 };

interface Job {
  readonly id: string;
  readonly state: string;
  readonly progress?: { readonly stage: string; readonly done: number };
}

interface Server {
  readonly address: string;
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly stderr: () => string;
}

describe("kill -9", () => {
  let home: string;
  let remove: () => void;
  let server: Server | undefined;

  before(() => {
    ({ home, remove } = temporaryHome());
  });
  after(() => {
    server?.process.kill("SIGKILL");
    remove();
  });

  function command(words: readonly string[]) {
    const environment = { ...process.env, COUNTERWEIGHT_HOME: home, LOG_LEVEL: "silent" };
    return spawn(process.execPath, [program, ...words], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  }

  async function serve(): Promise<Server> {
    const child = command(["serve", "--port", "0"]);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => resolve(/http:\S+/.exec(text)?.[0] ?? ""));
      child.on("exit", () => reject(new Error(stderr)));
    });
    return { address, process: child, stderr: () => stderr };
  }

  async function kill(killed: Server): Promise<void> {
    const gone = new Promise((resolve) => killed.process.on("close", resolve));
    killed.process.kill("SIGKILL");
    await gone;
  }

  async function ask(running: Server, path: string, body: unknown): Promise<Job> {
    const response = await fetch(running.address + path, {
      method: "POST",
      headers: { "content-type": "application/json", prefer: "respond-async" },
      body: JSON.stringify(body),
    });
    expect(response.status).to.equal(202);
    return ((await response.json()) as { job: Job }).job;
  }

  async function until(running: Server, id: string, isReached: (job: Job) => boolean): Promise<Job> {
    for (;;) {
      const { job } = (await (await fetch(`${running.address}/api/jobs/${id}`)).json()) as { job: Job };
      if (isReached(job)) return job;
      expect(["queued", "running"], JSON.stringify(job)).to.include(job.state);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Asks, kills the server as soon as the work is under way, starts it again, and waits for the end. */
  async function survive(path: string, body: unknown): Promise<unknown> {
    const first = await serve();
    const { id } = await ask(first, path, body);
    const atWork = await until(first, id, ({ progress }) => progress !== undefined);
    expect(atWork.state).to.equal("running");
    expect((await fetch(`${first.address}/health`)).status).to.equal(200);
    await kill(first);
    server = await serve();
    expect(server.stderr()).to.match(new RegExp(`${id} \\(.+\\) was interrupted when the server was killed. It is queued again`));
    expect((await until(server, id, ({ state }) => state === "done")).id).to.equal(id);
    const { result } = (await (await fetch(`${server.address}/api/jobs/${id}`)).json()) as { result: unknown };
    await kill(server);
    return result;
  }

  function leftovers(): readonly string[] {
    return ["staging", "work"].flatMap((name) => (existsSync(join(home, name)) ? readdirSync(join(home, name)) : []));
  }

  it("during an import: the dataset is imported at the next start, once", async () => {
    const result = (await survive("/api/datasets/demo", marketplace)) as { dataset: { id: string; entities: number } };
    expect(result.dataset.entities).to.equal(marketplace.sellers);
    expect(leftovers()).to.deep.equal([]);
    const store = openHome(home);
    expect(store.datasets.list().map(({ id }) => id)).to.deep.equal([result.dataset.id]);
    store.close();
    expect(readdirSync(join(home, "datasets"))).to.deep.equal([result.dataset.id]);
  });

  it("during a replay: it starts over, and its run is kept once", async () => {
    const question = { policy: "seller-performance@1.0.0", dataset: "demo-sellers" };
    const result = (await survive("/api/replays", question)) as { run: { digest: string } };
    const store = openHome(home);
    expect(store.runs.list(10).map(({ digest }) => digest)).to.deep.equal([result.run.digest]);
    store.close();
  });

  it("during a report: it starts over, and the report opens", async () => {
    const question = { baseline: "seller-performance@1.0.0", candidates: ["seller-performance@2.0.0"], dataset: "demo-sellers" };
    const result = (await survive("/api/comparisons", question)) as { run: { id: string } };
    server = await serve();
    expect((await fetch(`${server.address}/runs/${result.run.id}/report`)).status).to.equal(200);
    expect(server.stderr(), "all was well at this start").to.equal("");
    await kill(server);
  });

  it("during a command: the next one says so, and nothing is half-registered", async () => {
    const killed = command(["dataset", "demo", "--sellers", "50000", "--weeks", "60"]);
    const store = openHome(home);
    while (store.jobs.list(1)[0]?.owner !== "command") await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const gone = new Promise((resolve) => killed.on("close", resolve));
    killed.kill("SIGKILL");
    await gone;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const next = command(["dataset", "demo", "--sellers", "20", "--weeks", "20"]);
    let stderr = "";
    next.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    expect(await new Promise((resolve) => next.on("close", resolve))).to.equal(0);
    expect(stderr).to.match(/Demo marketplace: 50,000 sellers.* was interrupted when its command was killed/);
    expect(leftovers()).to.deep.equal([]);
    expect(store.datasets.list()).to.have.length(2);
    store.close();
  });
});
