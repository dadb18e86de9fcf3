/** The assumptions about behaviour that a comparison reads: those that ship, a file, or the text itself. */
import { readFileSync } from "node:fs";
import { hasErrors, InputRefused, packagePath } from "../../data/foundation/index.ts";
import { type Assumptions, readAssumptions } from "../../simulations/comparison/described/index.ts";
import { readGiven } from "./given-text.ts";
import type { OperationContext } from "./operation.ts";
import type { PolicySource } from "./resolve.ts";

/** The file that ships. */
const shipped = "behaviour.yaml";

/** Reads and checks them; without a source, those that ship. @throws InputRefused with the file's own faults, or what `readGiven` throws. */
export function resolveAssumptions(source: PolicySource | undefined, context: OperationContext): Assumptions {
  const { text, file } =
    source === undefined
      ? { text: readFileSync(packagePath("policies", "library", shipped), "utf8"), file: shipped }
      : readGiven(source, context);
  const { assumptions, diagnostics } = readAssumptions(text, file);
  if (assumptions === undefined || hasErrors(diagnostics)) throw new InputRefused(diagnostics);
  return assumptions;
}
