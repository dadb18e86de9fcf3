/** What the browser's tests share: a server of its own over a home of its own with the demo marketplaces, and a browser. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { packagePath } from "../../data/foundation/index.ts";

const browserPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Half of what mocha gives a test, so that what never comes is named; nothing that is only slow is taken for it. */
const patienceMilliseconds = 300_000;

/** Where screenshots go. */
export const outputFolder = packagePath("test", "output");

/** A server that answers, and a browser that opens pages of it. */
export interface ServedPages {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  readonly home: string;
  readonly open: (options: BrowserContextOptions) => Promise<Page>;
  readonly close: () => Promise<void>;
}

/** Starts both, the server as `npm start` does. Undefined, with a line that says so, where there is no browser. */
export async function servePages(): Promise<ServedPages | undefined> {
  if (!existsSync(browserPath)) {
    console.log(`      skipped: there is no browser at ${browserPath}`);
    return undefined;
  }
  mkdirSync(outputFolder, { recursive: true });
  const home = mkdtempSync(join(tmpdir(), "counterweight-browser-"));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, [startFile()], {
    env: { ...process.env, COUNTERWEIGHT_HOME: home, PORT: String(port), HOST: "127.0.0.1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  await saysAddress(server, address);
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    address,
    home,
    open: async (options) => {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(patienceMilliseconds);
      return await context.newPage();
    },
    close: async () => {
      await browser.close();
      server.kill("SIGTERM");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A picture of the whole page, by the name that it gets in the output folder. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(outputFolder, `${name}.png`), fullPage: true });
}

/** The compiled start file that belongs to this compiled test. */
function startFile(): string {
  return new URL("../../server/start.js", import.meta.url).pathname;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const bound = probe.address();
      probe.close(() => (bound !== null && typeof bound === "object" ? resolve(bound.port) : reject(new Error("no port"))));
    });
  });
}

/** Resolves when the server has printed its address; rejects with its output when it ends before. */
function saysAddress(server: ChildProcess, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (text: Buffer): void => {
      said += text.toString();
      if (said.includes(`serves ${address}`)) resolve();
    };
    server.stdout?.on("data", listen);
    server.stderr?.on("data", listen);
    server.on("exit", (code) => reject(new Error(`the server ended with ${String(code)}:\n${said}`)));
  });
}
