/** Starts the server on a home: puts right what a crash left, listens, and stops in order. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { JobRecord, Store } from "../../data/store/index.ts";
import { JobQueue, WorkerPool } from "../jobs/index.ts";
import { type OperationContext, performModule, recoverFiles, simulationDigest, viewsDigest, WhatIfSessions } from "../operations/index.ts";
import { makeApp } from "./app.ts";
import { isLoopback } from "./guards.ts";
import type { Log } from "./log.ts";
import { programmeSummaries } from "./page-lists.ts";

/** A server that answers. */
export interface RunningServer {
  /** `http://127.0.0.1:8626`. */
  readonly address: string;
  /** Lets answers end, stops the job that runs (it is taken up again next time), and lets go of the port. The store stays open. */
  readonly close: () => Promise<void>;
}

/** Listens, then takes up the jobs that wait. @throws InputRefused `port-taken`, `cannot-listen`. */
export async function startServer(options: {
  readonly store: Store;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  readonly notices: readonly string[];
}): Promise<RunningServer> {
  const { store, host, port, log, notices } = options;
  const queue = new JobQueue({
    store,
    module: performModule,
    afterDeath: async () => {
      for (const sentence of await recoverFiles(store)) log.warn(sentence);
    },
    onFault: (message, stack) => log.error({ stack }, message),
  });
  const whatIf = new WhatIfSessions();
  const context: OperationContext = {
    store,
    reads: isLoopback(host) ? "datasets" : "nothing",
    onProgress: () => undefined,
    doors: { cancelJob: async (id) => await cancelJob(queue, id), whatIf },
  };
  const pool = new WorkerPool();
  warmUp(store.home);
  const server = createServer(makeApp({ context, queue, pool, host, log, notices }));
  await listen(server, host, port);
  queue.startNext();
  return { address: addressOf(server, host), close: async () => await close(server, queue, { pool, whatIf }) };
}

/** Reads what every page and every question needs, so that the first reader does not wait for it. */
function warmUp(home: string): void {
  viewsDigest();
  simulationDigest();
  programmeSummaries(home);
}

/** Tries whether a port is free, before work is done that would be in vain. @throws InputRefused `port-taken`, `cannot-listen`. */
export async function requirePort(host: string, port: number): Promise<void> {
  const probe = createServer();
  await listen(probe, host, port);
  probe.close();
  await once(probe, "close");
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InputRefused([diagnose("cannot-listen", { message: "the port is no whole number from 0 to 65535" })]);
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const reason = listenFaults[code];
    if (reason === undefined) throw error;
    const message = `cannot listen on ${host} port ${port}: ${reason}`;
    throw new InputRefused([diagnose(code === "EADDRINUSE" ? "port-taken" : "cannot-listen", { message, found: String(port) })]);
  }
}

const listenFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there",
  EACCES: "this user may not listen there",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "no machine has this name",
  EAI_AGAIN: "the name cannot be looked up",
};

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function close(
  server: Server,
  queue: JobQueue,
  { pool, whatIf }: { readonly pool: WorkerPool; readonly whatIf: WhatIfSessions },
): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  await Promise.all([pool.close(), whatIf.close()]);
  await queue.close();
  // Readers of events never end by themselves.
  setTimeout(() => server.closeAllConnections(), 500).unref();
  await closed;
}

/** @throws InputRefused `unknown-run`, `not-cancellable`. */
async function cancelJob(queue: JobQueue, id: string): Promise<JobRecord> {
  const ended = await queue.cancel(id);
  if ("severity" in ended) throw new InputRefused([ended]);
  return ended;
}
