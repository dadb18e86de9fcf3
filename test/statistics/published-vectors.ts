/** Published numbers beside the package, which are not part of it: tests read them where they are, and say so where they are not. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packagePath } from "../../data/foundation/index.ts";

const shared = process.env["COUNTERWEIGHT_SHARED"] ?? packagePath("..", "shared");

/** One published case. */
export interface PublishedCase {
  readonly id: string;
  readonly kind: string;
  readonly input: Readonly<Record<string, number>>;
  readonly expected: number;
}

/** The cases of a file, named without `.json`, or undefined with a line that says so. */
export function publishedCases<T = PublishedCase>(name: string): readonly T[] | undefined {
  const file = join(shared, "vectors", `${name}.json`);
  if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { cases: T[] }).cases;
  console.log(`      skipped: ${file} is not there`);
  return undefined;
}
