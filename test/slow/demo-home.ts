/** The home that `npm start` makes, made once for all suites of a run: each takes a copy. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** Where the suites of a run find it. Without it, as where a single file is run, there is nothing to share. */
const variable = "COUNTERWEIGHT_TEST_DEMO";

/** Before all suites of a run, in the process that hands them out. */
export function mochaGlobalSetup(): void {
  process.env[variable] = mkdtempSync(join(tmpdir(), "counterweight-demo-"));
}

/** After all of them. */
export function mochaGlobalTeardown(): void {
  rmSync(process.env[variable] ?? "", { recursive: true, force: true });
}

/** Copies the demo's home into an empty folder; whoever asks first makes it, the others wait. Does nothing where none is shared: the server makes its own. */
export async function copyDemoHome(to: string): Promise<void> {
  const shared = process.env[variable];
  if (shared === undefined) return;
  const [home, made, broken] = ["home", "made", "broken"].map((name) => join(shared, name)) as [string, string, string];
  if (isFirst(home)) {
    try {
      const server = await startServing(home);
      await server.stop();
      writeFileSync(made, "");
    } catch (error) {
      writeFileSync(broken, "");
      throw error;
    }
  }
  while (!existsSync(made)) {
    if (existsSync(broken)) throw new Error("the demo's home could not be made: the suite that asked for it first says why");
    await pause(200);
  }
  cpSync(home, to, { recursive: true });
}

/** A server in a process of its own. */
export interface ServerProcess {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  /** Stops it as Ctrl-C does, and waits until it has ended. */
  readonly stop: () => Promise<void>;
}

/** Starts the server as `npm start` does, at a free port. Resolves when it serves; rejects with its output when it ends before. */
export function startServing(home: string): Promise<ServerProcess> {
  const server = spawn(process.execPath, [fileURLToPath(new URL("../../server/start.js", import.meta.url))], {
    env: { ...process.env, COUNTERWEIGHT_HOME: home, PORT: "0", HOST: "127.0.0.1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => server.on("close", () => resolve()));
  const stop = async (): Promise<void> => {
    server.kill("SIGINT");
    await ended;
  };
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (text: Buffer): void => {
      said += text.toString();
      const address = /Counterweight serves (\S+)\n/.exec(said)?.[1];
      if (address !== undefined) resolve({ address, stop });
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    server.on("exit", (code) => reject(new Error(`the server ended with ${String(code)}:\n${said}`)));
  });
}

function isFirst(home: string): boolean {
  try {
    mkdirSync(home);
    return true;
  } catch {
    return false;
  }
}
