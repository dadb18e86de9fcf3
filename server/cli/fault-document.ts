/** The one JSON document of a command that did not do its work. */
import type { Diagnostic } from "../../data/foundation/index.ts";
import { diagnosticJson } from "../operations/index.ts";
import type { Surroundings } from "./streams.ts";

/** Writes `{code, diagnostics}`: the code of the first error, and all that was found. */
export function writeFaults(diagnostics: readonly Diagnostic[], { stdout }: Surroundings): void {
  const first = diagnostics.find(({ severity }) => severity === "error") ?? diagnostics[0];
  stdout.write(`${JSON.stringify({ code: first?.code, diagnostics: diagnostics.map(diagnosticJson) }, null, 2)}\n`);
}
