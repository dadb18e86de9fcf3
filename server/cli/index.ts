/** The command line. */
export { runCommandLine } from "./command-line.ts";
export { exitCodes } from "./exit-codes.ts";
export { progressLine } from "./progress-bar.ts";
export type { Surroundings, TextSink } from "./streams.ts";
