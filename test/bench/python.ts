/** Python with the peers' packages, in a virtual environment outside the tree that the bench makes once. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, packagePath } from "../../data/foundation/index.ts";
import type { Missing } from "./contenders/contender.ts";

/** Where the program stands; other pins make another environment. */
export interface Python {
  readonly program: string;
}

const installMilliseconds = 600_000;

/** Gives the environment, made first when it is not there; or why it cannot be made. */
export function benchPython({
  mayInstall,
  pins = "requirements.txt",
}: {
  readonly mayInstall: boolean;
  readonly pins?: string;
}): Python | Missing {
  const requirements = packagePath("test", "bench", "peers", pins);
  const folder = join(tmpdir(), `counterweight-bench-venv-${digestOf(readFileSync(requirements)).slice(0, 12)}`);
  const program = join(folder, process.platform === "win32" ? "Scripts" : "bin", "python");
  const ready = join(folder, "ready");
  if (existsSync(ready)) return { program };
  if (!mayInstall) return { missing: "the virtual environment of the peers has not been made" };
  rmSync(folder, { recursive: true, force: true });
  try {
    run("python3", ["-m", "venv", folder]);
    run(program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements]);
    writeFileSync(ready, "");
    return { program };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return { missing: `the virtual environment of the peers could not be made: ${lastLine(error)}` };
  }
}

function run(program: string, options: readonly string[]): void {
  execFileSync(program, options, { stdio: ["ignore", "ignore", "pipe"], timeout: installMilliseconds });
}

function lastLine(error: unknown): string {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return (said === "" ? String(error) : said).split("\n").at(-1) ?? "";
}
