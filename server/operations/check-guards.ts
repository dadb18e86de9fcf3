/** Guards of a check: read, held against a dataset, and what came out as diagnostics. */
import { type Diagnostic, diagnose, hasErrors } from "../../data/foundation/index.ts";
import { openPanel } from "../../data/panel/index.ts";
import { checkAgainstPanel, guardsFileOf, type Policy, readTextBeside } from "../../policies/language/index.ts";
import {
  evaluateGuards,
  type GuardOutcome,
  type ReadGuards,
  readGuardFile,
  readGuards,
  sampleEntitiesMax,
} from "../../simulations/guards/index.ts";
import { type GuardsJson, sayFound, saySample } from "./check-document.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import type { OperationContext } from "./operation.ts";
import { type ResolvedPolicy, resolveDataset } from "./resolve.ts";

/** One change, and on what it is replayed. */
interface GuardCheck {
  readonly policy: Policy;
  readonly file: string;
  readonly baseline: ResolvedPolicy;
  readonly dataset: string;
  readonly request: { readonly guards: readonly string[]; readonly sample?: number | undefined; readonly seed: number };
  readonly context: OperationContext;
}

/** The report is absent when there is nothing to guard, or a fault. */
export async function checkGuards(
  check: GuardCheck,
): Promise<{ readonly report?: GuardsJson; readonly diagnostics: readonly Diagnostic[] }> {
  const { policy, file, baseline, request, context } = check;
  const read = guardsOf(check);
  if (read.guards.length === 0) return { diagnostics: read.diagnostics };
  const dataset = resolveDataset(context.store, check.dataset);
  const unfit = checkAgainstPanel(baseline.policy, dataset.manifest.schema, baseline.file).filter(({ severity }) => severity === "error");
  if (hasErrors(unfit)) return { diagnostics: [...read.diagnostics, ...unfit] };
  const { sample, outcomes, diagnostics } = await onSoundDataset(dataset, () =>
    evaluateGuards({
      guards: read.guards,
      baseline: baseline.policy,
      candidate: policy,
      panel: openPanel(dataset.folder),
      entitiesMax: request.sample ?? sampleEntitiesMax,
      seed: request.seed,
      onProgress: (done, total) => context.onProgress({ stage: "Replaying a sample", done, total }),
    }),
  );
  if (sample === undefined) return { diagnostics: [...read.diagnostics, ...diagnostics] };
  const report: GuardsJson = {
    file,
    against: `${baseline.policy.programme} ${baseline.policy.version}`,
    dataset: dataset.id,
    sample: { ...sample },
    outcomes: outcomes.map((outcome) => ({
      words: outcome.guard.words,
      definition: outcome.definition,
      found: {
        ...outcome.found,
        ...("assumptions" in outcome.found ? { assumptions: [...outcome.found.assumptions] } : {}),
      } as GuardsJson["outcomes"][number]["found"],
      entities: outcome.entities,
      verdict: outcome.verdict,
    })),
  };
  return { report, diagnostics: [...read.diagnostics, ...outcomes.flatMap((outcome) => verdictDiagnostic(outcome, check, report))] };
}

/** Those of the command line, else those of the file beside the policy. */
function guardsOf({ policy, file, request }: GuardCheck): ReadGuards {
  if (request.guards.length > 0) return readGuards(request.guards, "--guard");
  const text = readTextBeside(guardsFileOf(file));
  if (typeof text !== "string") return { guards: [], diagnostics: text === undefined ? [] : [text] };
  return readGuardFile({ text, file: guardsFileOf(file), programme: policy.programme });
}

/** A guard of the command line is no place in a file: the policy is. */
function verdictDiagnostic(
  { guard, found, verdict, definition }: GuardOutcome,
  { file }: GuardCheck,
  report: GuardsJson,
): readonly Diagnostic[] {
  if (verdict === "pass") return [];
  const place = guard.place.file === "--guard" ? { file, line: 1, column: 1 } : guard.place;
  const said = sayFound(found as GuardsJson["outcomes"][number]["found"], guard.bound.kind === "times");
  const details = { place, found: said, expected: guard.words };
  const on = `${definition}; on ${saySample(report)}`;
  return verdict === "fail"
    ? [diagnose("guard-failed", { ...details, message: `'${guard.words}' is not kept: ${said} (${on})` })]
    : [diagnose("guard-undecided", { ...details, message: `'${guard.words}' cannot be decided: ${said} (${on})` })];
}
