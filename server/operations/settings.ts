/** What the environment says: where the home is, and where to listen. The only place that reads it. */
import { delimiter, resolve } from "node:path";

/** Settings with their defaults filled in. */
export interface Settings {
  /** Absolute path. */
  readonly home: string;
  /** NaN when PORT is no number from 0 to 65535: only what listens minds. */
  readonly port: number;
  readonly host: string;
  /** How much the server logs: `silent`, `error`, `warn`, `info`, `debug`. */
  readonly logLevel: string;
}

const levels = new Set(["silent", "error", "warn", "info", "debug"]);

/** Reads COUNTERWEIGHT_HOME, PORT, HOST and LOG_LEVEL. An empty variable counts as absent. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const port = Number(environment["PORT"] || "8626");
  const level = environment["LOG_LEVEL"] || "info";
  return {
    home: resolve(environment["COUNTERWEIGHT_HOME"] || ".counterweight"),
    port: Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : Number.NaN,
    host: environment["HOST"] || "127.0.0.1",
    logLevel: levels.has(level) ? level : "info",
  };
}

/** Where a browser that prints is looked for. */
export interface BrowserSettings {
  /** What CHROMIUM names; absent: the usual names on the path are tried. */
  readonly chromium?: string;
  /** The folders in which programs are looked for, in their order. */
  readonly folders: readonly string[];
}

/** Reads CHROMIUM and PATH. An empty variable counts as absent. */
export function readBrowserSettings(environment: NodeJS.ProcessEnv = process.env): BrowserSettings {
  const { CHROMIUM: chromium = "", PATH: path = "" } = environment;
  return { ...(chromium === "" ? {} : { chromium }), folders: path.split(delimiter).filter((folder) => folder !== "") };
}

/** The value of an environment variable that a file names as the place of a secret; an empty one counts as absent. */
export function readSecret(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment[name] || undefined;
}
