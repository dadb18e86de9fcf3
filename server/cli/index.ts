/** The command line. */
export { runCommandLine } from "./command-line.ts";
export { progressLine } from "./progress-bar.ts";
