/** What Ctrl-C does: it ends the program at once, unless work has to be put down first. */
import { exitCodes } from "./exit-codes.ts";

/** Ends the program as interrupted. */
export function exitInterrupted(): never {
  process.exit(exitCodes.interrupted);
}

/** Does work during which signals call `interrupt` instead; afterwards Ctrl-C does again what it did before. */
export async function withInterrupt<Result>(interrupt: () => void, work: () => Promise<Result>): Promise<Result> {
  const wasSet = process.listeners("SIGINT").includes(exitInterrupted);
  process.off("SIGINT", exitInterrupted);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  try {
    return await work();
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
    if (wasSet) process.on("SIGINT", exitInterrupted);
  }
}
