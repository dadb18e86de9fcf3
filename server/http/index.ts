/** Pages and API over HTTP. */

export { openLog } from "./log.ts";
export { serveUntilStopped } from "./serve-until-stopped.ts";
export { type RunningServer, requirePort, startServer } from "./start-server.ts";
