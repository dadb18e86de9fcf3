/** Paths as a report names them: from the working folder, with slashes. */
import { relative, sep } from "node:path";

/** The path from the working folder; what is in it already, or has no folder, stays. */
export function relativeTo(file: string, folder = process.cwd()): string {
  const path = relative(folder, file);
  return (path === "" ? file : path).split(sep).join("/");
}
