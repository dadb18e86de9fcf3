/** A headless Chromium of this machine, where there is one: makes PDF files of reports and PNG files of figures. */
import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { diagnose, InputRefused, limits } from "../../data/foundation/index.ts";
import { readBrowserSettings } from "./settings.ts";

const usualNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome-headless-shell"];

/** Several at once would share the processors; more than a few who wait would wait too long. */
const waitingMax = 4;
let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** The path of the browser: what CHROMIUM names, or the first of the usual names on the path. @throws InputRefused `no-browser`. */
export function findBrowser({ chromium, folders } = readBrowserSettings()): string {
  const found =
    chromium === undefined
      ? folders.flatMap((folder) => usualNames.map((name) => join(folder, name))).find(isProgram)
      : isProgram(chromium)
        ? chromium
        : undefined;
  if (found !== undefined) return found;
  const message =
    chromium === undefined ? `no program on the path is called ${usualNames.join(", ")}` : `CHROMIUM is '${chromium}', which is no program`;
  throw new InputRefused([diagnose("no-browser", { message, ...(chromium === undefined ? {} : { found: chromium }) })]);
}

/**
 * A page that needs no other file, printed on A4 as its own style sheet says. No script of it runs and nothing is fetched. The browser's stamps of
 * the moment are taken out: the same page gives the same bytes with the same version of the browser and the same fonts.
 *
 * @throws InputRefused `no-browser`, `browser-failed`, `queue-full`.
 */
export async function printPdf(html: string): Promise<Buffer> {
  const pdf = await inTurn(() =>
    runBrowser(html, "report.pdf", (file) => ["--no-pdf-header-footer", "--generate-pdf-document-outline", `--print-to-pdf=${file}`]),
  );
  return withoutMoment(pdf);
}

/** A drawing as PNG, at twice its size. @throws InputRefused `no-browser`, `browser-failed`, `queue-full`. */
export async function drawPng(svg: string, { width, height }: { readonly width: number; readonly height: number }): Promise<Buffer> {
  const page = `<!doctype html><html><head><style>html,body{margin:0;background:#fff}svg{display:block}</style></head><body>${svg}</body></html>`;
  return await inTurn(() =>
    runBrowser(page, "figure.png", (file) => [
      `--window-size=${width},${height}`,
      "--force-device-scale-factor=2",
      "--hide-scrollbars",
      `--screenshot=${file}`,
    ]),
  );
}

/** One after the other. @throws InputRefused `queue-full`. */
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (waiting >= waitingMax) throw new InputRefused([diagnose("queue-full", { message: `${waiting} files wait for the browser` })]);
  waiting++;
  const turn = last.then(work, work);
  last = turn.catch(() => undefined);
  try {
    return await turn;
  } finally {
    waiting--;
  }
}

/** Gives the file that the browser made of a page. All it writes is in a folder of its own, which goes with it. */
async function runBrowser(html: string, name: string, argumentsFor: (file: string) => readonly string[]): Promise<Buffer> {
  const browser = findBrowser();
  const folder = mkdtempSync(join(tmpdir(), "counterweight-print-"));
  try {
    const [page, file] = [join(folder, "page.html"), join(folder, name)];
    writeFileSync(page, withPolicy(html));
    const said = await endOf(browser, [...commonArguments(folder), ...argumentsFor(file), pathToFileURL(page).href]);
    if (existsSync(file)) return readFileSync(file);
    throw failed(`the browser ended without a file${said === "" ? "" : `: ${said}`}`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function commonArguments(folder: string): readonly string[] {
  return [
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Shared memory of a container is often too small for it.
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    `--user-data-dir=${join(folder, "profile")}`,
    // Chromium refuses to sandbox what the superuser runs.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
}

/** A page may say itself that nothing of it runs and nothing is fetched. */
function withPolicy(html: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return html.replace("<head>", () => `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`);
}

/** Resolves with the last line that it said when it has ended. @throws InputRefused `browser-failed` when it cannot start or takes too long. */
function endOf(browser: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // In a group of its own, so that its helpers end with it.
    const child = spawn(browser, words, { stdio: ["ignore", "ignore", "pipe"], detached: true });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4_000);
    });
    const timer = setTimeout(() => {
      endGroup(child.pid);
      reject(failed(`the browser took longer than the limit 'browserSeconds', ${limits.browserSeconds.value} seconds`));
    }, limits.browserSeconds.value * 1_000);
    const endWithUs = () => endGroup(child.pid);
    process.once("exit", endWithUs);
    const settle = (work: () => void): void => {
      clearTimeout(timer);
      process.off("exit", endWithUs);
      work();
    };
    child.on("error", (error) => settle(() => reject(failed(`the browser cannot be started: ${error.message}`))));
    child.on("close", () => settle(() => resolve(said.trim().split("\n").at(-1) ?? "")));
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/**
 * The PDF without what tells one making from another: spaces where the moment stood, and parts of its structure named by their order instead of by
 * the browser's own count of nodes. No offset in it moves.
 */
function withoutMoment(pdf: Buffer): Buffer {
  const text = pdf.toString("latin1");
  const stamps = /\/(?:CreationDate|ModDate) \(D:[^)]*\)/g;
  const names = /\(node(\d{8})\)/g;
  const order = [...new Set([...text.matchAll(names)].map(([, digits = ""]) => digits))].sort();
  const ranks = new Map(order.map((digits, rank) => [digits, String(rank).padStart(8, "0")]));
  return Buffer.from(
    text
      .replace(stamps, (stamp) => " ".repeat(stamp.length))
      .replace(names, (_name, digits: string) => `(node${ranks.get(digits) ?? digits})`),
    "latin1",
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function failed(message: string): InputRefused {
  return new InputRefused([diagnose("browser-failed", { message })]);
}
