#!/usr/bin/env node
/** The program `counterweight`. */
import { exitCodes } from "./exit-codes.ts";
import { exitInterrupted } from "./interrupt.ts";

process.on("SIGINT", exitInterrupted);
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever read our output has seen enough: `counterweight run list | head -1`.
  if (error.code === "EPIPE") process.exit(exitCodes.done);
  process.stderr.write(
    `output-unwritable: standard output cannot be written: ${error.message}. Give it room, or name a file with --out.\n`,
  );
  process.exit(exitCodes.refused);
});
// Remarks that nobody reads stop nothing.
process.stderr.on("error", () => undefined);

// Loaded after the handlers stand: Ctrl-C is understood from the first moment.
const { readSettings } = await import("../operations/index.ts");
const { runCommandLine } = await import("./command-line.ts");
process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  settings: readSettings(),
});
