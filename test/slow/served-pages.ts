/** What the browser's tests share: a server of its own over a home of its own with the demo marketplaces, and a browser. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { packagePath } from "../../data/foundation/index.ts";
import { copyDemoHome, startServing } from "./demo-home.ts";

const browserPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Where screenshots go. */
export const outputFolder = packagePath("test", "output");

/** A browser that opens pages, each in a context of its own. */
export interface OpenBrowser {
  readonly open: (options: BrowserContextOptions) => Promise<Page>;
  readonly close: () => Promise<void>;
}

/** The same beside a server that answers. */
export interface ServedPages extends OpenBrowser {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  readonly home: string;
}

/** Undefined, with a line that says so, where there is no browser. */
export async function openBrowser(): Promise<OpenBrowser | undefined> {
  if (!existsSync(browserPath)) {
    console.log(`      skipped: there is no browser at ${browserPath}`);
    return undefined;
  }
  mkdirSync(outputFolder, { recursive: true });
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
  return { open: async (options) => (await browser.newContext(options)).newPage(), close: async () => await browser.close() };
}

/** Starts both, the server as `npm start` does, over a home of its own with the demo marketplaces. Undefined as for `openBrowser`. */
export async function servePages(): Promise<ServedPages | undefined> {
  const browser = await openBrowser();
  if (browser === undefined) return undefined;
  const home = mkdtempSync(join(tmpdir(), "counterweight-browser-"));
  await copyDemoHome(home);
  const server = await startServing(home);
  return {
    address: server.address,
    home,
    open: browser.open,
    close: async () => {
      await browser.close();
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A picture of the whole page, by the name that it gets in the output folder. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(outputFolder, `${name}.png`), fullPage: true });
}
