#!/usr/bin/env node
/** The program `counterweight`. */
import { runCommandLine } from "./command-line.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever read our output has seen enough: `counterweight run list | head -1`.
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = await runCommandLine(process.argv.slice(2));
