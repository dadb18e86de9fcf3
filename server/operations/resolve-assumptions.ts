/** The assumptions about behaviour that a comparison reads: those that ship, a file, or the text itself. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { checkLimit, diagnose, hasErrors, InputRefused, packagePath } from "../../data/foundation/index.ts";
import { type Assumptions, readAssumptions } from "../../simulations/comparison/described/index.ts";
import type { OperationContext } from "./operation.ts";
import type { PolicySource } from "./resolve.ts";

/** The file that ships. */
const shipped = "behaviour.yaml";

/** Reads and checks them; without a source, those that ship. @throws InputRefused with the file's own faults, `file-not-found` or `path-refused`. */
export function resolveAssumptions(source: PolicySource | undefined, context: OperationContext): Assumptions {
  const { text, file } = read(source, context);
  const { assumptions, diagnostics } = readAssumptions(text, file);
  if (assumptions === undefined || hasErrors(diagnostics)) throw new InputRefused(diagnostics);
  return assumptions;
}

function read(source: PolicySource | undefined, { reads }: OperationContext): { readonly text: string; readonly file: string } {
  if (source === undefined) return { text: readFileSync(packagePath("policies", "library", shipped), "utf8"), file: shipped };
  if (typeof source !== "string") return source;
  if (reads !== "any file")
    throw new InputRefused([diagnose("path-refused", { message: `'${source}' names a file of the server`, found: source })]);
  const place = { file: source, line: 1, column: 1 };
  if (!existsSync(source) || !statSync(source).isFile())
    throw new InputRefused([diagnose("file-not-found", { message: `there is no file '${source}'`, found: source, place })]);
  const breach = checkLimit("policyFileBytes", statSync(source).size, place);
  if (breach !== undefined) throw new InputRefused([breach]);
  return { text: readFileSync(source, "utf8"), file: source };
}
