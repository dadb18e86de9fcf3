/** The cases that stand beside a policy file, read and run. */
import type { Diagnostic } from "../../data/foundation/index.ts";
import { casesFileOf, type Policy, readTextBeside } from "../language/index.ts";
import { readCases } from "./read-cases.ts";
import { type CasesOutcome, runCases } from "./run-cases.ts";

/** Undefined when no file of cases stands beside the policy. Faults of the file count as failed cases of which nothing ran. */
export function runCasesBeside(
  policy: Policy,
  policyFile: string,
): { readonly file: string; readonly outcome?: CasesOutcome; readonly diagnostics: readonly Diagnostic[] } | undefined {
  const file = casesFileOf(policyFile);
  const text = readTextBeside(file);
  if (text === undefined) return undefined;
  if (typeof text !== "string") return { file, diagnostics: [text] };
  const { cases, diagnostics } = readCases({ text, file, policy });
  if (cases === undefined) return { file, diagnostics };
  const outcome = runCases(policy, cases);
  return { file, outcome, diagnostics: [...diagnostics, ...outcome.diagnostics] };
}
