/** Replays on an engine as jobs of the server: what the engine runs ends with the job, however that ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { openPanel } from "../../data/panel/index.ts";
import { resolveDataset } from "../../server/operations/index.ts";
import { type Coordinator, startCoordinator } from "./coordinator.ts";
import { smallMarketplace } from "./small-marketplace.ts";

const program = fileURLToPath(new URL("../../server/cli/main.js", import.meta.url));

describe("a job on an engine", () => {
  let home: string;
  let dataset: string;
  let folder: string;
  let remove: () => void;
  let coordinator: Coordinator;
  let server: ChildProcess | undefined;

  before(async () => {
    const made = await smallMarketplace();
    ({ home, remove, dataset } = made);
    ({ folder } = resolveDataset(made.store, dataset));
  });
  beforeEach(async () => {
    coordinator = await startCoordinator({ panel: openPanel(folder) });
    const warehouse = { engine: "trino", url: coordinator.url, user: "reader", catalog: "c", schema: "s", shards: 2 };
    writeFileSync(join(home, "connections.yaml"), JSON.stringify({ connections: { warehouse } }));
  });
  afterEach(() => {
    server?.kill("SIGKILL");
    coordinator.close();
  });
  after(() => remove());

  async function serve(): Promise<string> {
    const environment = { ...process.env, COUNTERWEIGHT_HOME: home, LOG_LEVEL: "silent" };
    const child = spawn(process.execPath, [program, "serve", "--port", "0"], { env: environment, stdio: ["ignore", "pipe", "ignore"] });
    server = child;
    return await new Promise<string>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => resolve(/http:\S+/.exec(text)?.[0] ?? ""));
    });
  }

  async function post(address: string, body: unknown): Promise<{ readonly job: { readonly id: string; readonly state: string } }> {
    const headers = { "content-type": "application/json", prefer: "respond-async" };
    return (await (await fetch(address, { method: "POST", headers, body: JSON.stringify(body) })).json()) as never;
  }

  it("is cancelled where it runs", async () => {
    const address = await serve();
    const { job } = await post(`${address}/api/replays`, { policy: "seller-performance@1.0.0", dataset, engine: "warehouse" });
    await coordinator.whenRunning;
    expect((await post(`${address}/api/jobs/${job.id}/cancel`, {})).job.state).to.equal("cancelled");
    expect(coordinator.stopped.length).to.be.at.least(1);
  });

  it("is called off there when the server is killed, and taken up by the next", async () => {
    const address = await serve();
    await post(`${address}/api/replays`, { policy: "seller-performance@1.1.0", dataset, engine: "warehouse" });
    await coordinator.whenRunning;
    server?.kill("SIGKILL");
    await coordinator.whenStopped;
    const next = await startCoordinator({ panel: openPanel(folder) });
    try {
      const warehouse = { engine: "trino", url: next.url, user: "reader", catalog: "c", schema: "s", shards: 2 };
      writeFileSync(join(home, "connections.yaml"), JSON.stringify({ connections: { warehouse } }));
      await serve();
      await next.whenRunning;
      server?.kill("SIGTERM");
      await next.whenStopped;
    } finally {
      next.close();
    }
  });
});
