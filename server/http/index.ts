/** Pages and API over HTTP. */
export { serveUntilStopped } from "./serve-until-stopped.ts";
export { type Log, openLog } from "./log.ts";
export { type RunningServer, requirePort, startServer } from "./start-server.ts";
