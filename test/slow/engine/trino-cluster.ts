/** A real cluster on this machine: a Trino coordinator and workers with small heaps, over Parquet files in a folder of their own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { EngineFault, Trino } from "../../../data/engines/index.ts";
import { invariant, present } from "../../../data/foundation/index.ts";

/** A cluster that runs. */
export interface TrinoCluster {
  readonly url: string;
  /** What lies here can be a table: `local:///<name>` is its folder `<name>`. */
  readonly warehouse: string;
  /** Catalog `history` can only be read, `loading` writes the same tables. */
  readonly connect: (catalog: "history" | "loading", schema: string) => Trino;
  /** Ends a worker at once, as a machine that is lost. */
  readonly killWorker: () => void;
  readonly startWorker: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The version that is asked of the registry; it needs Java 24 or newer. */
const version = 476;

/** The folder of the server and a Java that runs it, or why there is none. */
export function findTrino(): { readonly server: string; readonly java: string } | { readonly missing: string } {
  const server = process.env["TRINO_SERVER"] ?? unpackedServer();
  if (server === undefined || !existsSync(join(server, "lib"))) {
    return {
      missing: `no Trino server: set TRINO_SERVER to its folder, or let 'mvn dependency:get -Dartifact=io.trino:trino-server:${version}:tar.gz' fetch it`,
    };
  }
  const java = javaHomes()
    .map((home) => join(home, "bin", "java"))
    .find((path) => javaVersion(path) >= 24);
  return java === undefined ? { missing: "no Java of version 24 or newer: set TRINO_JAVA_HOME to one" } : { server, java };
}

/** What the package manager fetched, unpacked once. */
function unpackedServer(): string | undefined {
  const archive = join(homedir(), ".m2", "repository", "io", "trino", "trino-server", String(version), `trino-server-${version}.tar.gz`);
  const folder = join(tmpdir(), `counterweight-trino-${version}`);
  const server = join(folder, `trino-server-${version}`);
  if (existsSync(join(server, "lib"))) return server;
  if (!existsSync(archive)) return undefined;
  // Whole: the archive's plugins are links to one another's files.
  const part = mkdtempSync(`${folder}-`);
  if (spawnSync("tar", ["xzf", archive, "-C", part]).status !== 0) return undefined;
  renameSync(part, folder);
  return server;
}

function javaHomes(): readonly string[] {
  const system = join("/usr", "lib", "jvm");
  const listed = existsSync(system) ? readdirSync(system).map((name) => join(system, name)) : [];
  return [process.env["TRINO_JAVA_HOME"], process.env["JAVA_HOME"], ...listed].filter((home) => home !== undefined);
}

function javaVersion(java: string): number {
  if (!existsSync(java)) return 0;
  const said = spawnSync(java, ["-version"], { encoding: "utf8" }).stderr;
  return Number(/version "(\d+)/.exec(said)?.[1] ?? 0);
}

/** Starts a coordinator and two workers, and waits until all three are there. */
export async function startCluster({ server, java }: { readonly server: string; readonly java: string }): Promise<TrinoCluster> {
  const home = mkdtempSync(join(tmpdir(), "counterweight-cluster-"));
  const warehouse = join(home, "warehouse");
  mkdirSync(warehouse);
  mkdirSync(join(home, "plugin"));
  symlinkSync(join(server, "plugin", "hive"), join(home, "plugin", "hive"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const nodes: { readonly isWorker: boolean; readonly process: ChildProcess }[] = [];
  const start = async (isWorker: boolean): Promise<void> => {
    const name = `node-${nodes.length}`;
    const folder = join(home, name);
    configure(folder, { home, warehouse, url, port: isWorker ? await freePort() : port, isWorker });
    const log = openSync(join(folder, "log"), "w");
    const options = [
      `-Dnode.environment=test`,
      `-Dnode.id=${name}`,
      `-Dnode.data-dir=${folder}`,
      `-Dconfig=${join(folder, "config.properties")}`,
      // Java leaves what it unpacked there when it is killed; the folder goes with the cluster.
      `-Djava.io.tmpdir=${folder}`,
    ];
    const heap = ["-Xmx1000M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"];
    const modules = ["-Djdk.attach.allowAttachSelf=true", "--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector"];
    const command = [...heap, ...modules, ...options, "-cp", join(server, "lib", "*"), "io.trino.server.TrinoServer"];
    nodes.push({ isWorker, process: spawn(java, command, { cwd: folder, stdio: ["ignore", log, log] }) });
  };
  const connect: TrinoCluster["connect"] = (catalog, schema) =>
    new Trino({ url, user: "tester", catalog, schema, secondsMax: 600, rowsMax: 1_000_000 });
  const workers = () =>
    nodes.filter(({ isWorker, process: { exitCode, signalCode } }) => isWorker && exitCode === null && signalCode === null);
  const stop = async (): Promise<void> => {
    const ends = nodes.map(async ({ process: node }) => {
      if (node.exitCode !== null || node.signalCode !== null) return;
      const ended = new Promise((resolve) => node.once("exit", resolve));
      node.kill("SIGKILL");
      await ended;
    });
    await Promise.all(ends);
    rmSync(home, { recursive: true, force: true });
  };
  const allThere = async (): Promise<void> => {
    const nodesQuery = { sql: "SELECT count(*) FROM system.runtime.nodes WHERE state = 'active' AND NOT coordinator", parameters: [] };
    for (let tries = 0; tries < 240; tries++) {
      const answer = await connect("history", "default").query(nodesQuery).catch(faultOf);
      if (!(answer instanceof EngineFault) && Number(answer.rows[0]?.[0]) >= workers().length) return;
      await wait(500);
    }
    await stop();
    throw new Error("the cluster did not come up");
  };
  for (const isWorker of [false, true, true]) await start(isWorker);
  await allThere();
  return {
    url,
    warehouse,
    connect,
    killWorker: () => {
      const last = present(workers().at(-1), "a worker that runs");
      invariant(last.process.kill("SIGKILL"), "the worker was gone already");
    },
    startWorker: async () => {
      await start(true);
      await allThere();
    },
    stop,
  };
}

function faultOf(error: unknown): EngineFault {
  if (error instanceof EngineFault) return error;
  throw error;
}

interface NodeSetup {
  readonly home: string;
  readonly warehouse: string;
  readonly url: string;
  readonly port: number;
  readonly isWorker: boolean;
}

function configure(folder: string, { home, warehouse, url, port, isWorker }: NodeSetup): void {
  const catalogs = join(folder, "catalog");
  mkdirSync(catalogs, { recursive: true });
  const write = (path: string, lines: readonly string[]) => writeFileSync(path, `${lines.join("\n")}\n`);
  write(join(folder, "config.properties"), [
    `coordinator=${String(!isWorker)}`,
    ...(isWorker ? [] : ["node-scheduler.include-coordinator=false", "query.max-length=10000000"]),
    `http-server.http.port=${port}`,
    `discovery.uri=${url}`,
    "node.internal-address=127.0.0.1",
    `plugin.dir=${join(home, "plugin")}`,
    `catalog.config-dir=${catalogs}`,
    "query.max-memory=1GB",
    "query.max-memory-per-node=500MB",
    "memory.heap-headroom-per-node=200MB",
    "task.concurrency=2",
    "task.max-worker-threads=4",
  ]);
  const hive = [
    "connector.name=hive",
    "hive.metastore=file",
    "hive.metastore.catalog.dir=local:///metastore",
    "fs.native-local.enabled=true",
    `local.location=${warehouse}`,
  ];
  write(join(catalogs, "history.properties"), [...hive, "hive.security=read-only"]);
  write(join(catalogs, "loading.properties"), [...hive, "hive.non-managed-table-writes-enabled=true"]);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  invariant(address !== null && typeof address === "object", "no port");
  return address.port;
}
