/** The version of this program. */
import { readFileSync } from "node:fs";
import { packagePath } from "../../data/foundation/index.ts";

let known: string | undefined;

/** As package.json states it. */
export function programVersion(): string {
  known ??= String((JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as { version: unknown }).version);
  return known;
}
