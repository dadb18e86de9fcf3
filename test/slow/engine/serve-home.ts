/** The server as a program over a home, which can be killed as a machine that is lost. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A job, as its addresses answer. */
export interface AskedJob {
  readonly id: string;
  readonly state: string;
  readonly sentence?: string;
  readonly progress?: { readonly done: number };
}

/** A server that runs. */
export interface ServedHome {
  /** With a body it is posted, and what comes of it is a job. */
  readonly ask: (path: string, body?: object) => Promise<AskedJob>;
  readonly kill: () => Promise<void>;
}

const program = fileURLToPath(new URL("../../../server/cli/main.js", import.meta.url));

/** Starts it, and waits until it says where it is. */
export async function serveHome(home: string): Promise<ServedHome> {
  const environment = { ...process.env, COUNTERWEIGHT_HOME: home, LOG_LEVEL: "silent" };
  const child = spawn(process.execPath, [program, "serve", "--port", "0"], { env: environment, stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  const address = await new Promise<string>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => resolve(/http:\S+/.exec(text)?.[0] ?? ""));
  });
  return {
    ask: async (path, body) => {
      const headers = { "content-type": "application/json", prefer: "respond-async" };
      const asked = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
      const { job } = (await (await fetch(`${address}${path}`, asked)).json()) as { readonly job: AskedJob };
      return job;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
