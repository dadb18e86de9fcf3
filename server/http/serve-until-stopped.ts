/** Serves a home until the program is told to stop. */
import { once } from "node:events";
import type { Store } from "../../data/store/index.ts";
import { openLog } from "./log.ts";
import { startServer } from "./start-server.ts";

/** Serves, says where, and ends in order on SIGINT or SIGTERM. A second signal ends at once. @throws InputRefused `port-taken`. */
export async function serveUntilStopped(options: {
  readonly store: Store;
  readonly host: string;
  readonly port: number;
  readonly notices: readonly string[];
  readonly logLevel: string;
  /** Hears the address once the server answers. */
  readonly onListening: (address: string) => void;
}): Promise<void> {
  const { onListening, logLevel, ...rest } = options;
  const log = openLog(logLevel);
  const server = await startServer({ ...rest, log });
  onListening(server.address);
  const signal = await Promise.race(["SIGINT", "SIGTERM"].map(async (name) => await once(process, name).then(() => name)));
  log.info(`${signal}: letting answers end`);
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  await server.close();
}
