/** A comparison that is kept: what determines it, what is kept beside it, and how it is read again. */
import type { RunRecord, Store } from "../../data/store/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import type { Comparison } from "../../simulations/comparison/index.ts";
import type { ResolvedPolicy } from "./resolve.ts";
import type { TruthAtDate } from "./truth-sentences.ts";

/** One policy of a run, with the text that it was read from, so that a stored run needs no file. */
export interface RunPolicy {
  readonly role: "baseline" | "candidate";
  readonly reference: string;
  readonly text: string;
  readonly policy: Policy;
  /** Of a programme in force: the day from which this version was, `YYYY-MM-DD`. */
  readonly from?: string;
}

/** What is kept of criteria beside a run. */
export interface KeptCriteria {
  readonly file: string;
  readonly lines: readonly string[];
  readonly digest: string;
}

/** What is kept beside a run's result. */
export interface RunProvenance {
  readonly policies: readonly RunPolicy[];
  readonly command: string;
  readonly program: string;
  readonly warnings: readonly string[];
  /** Written for this comparison; absent when none were. */
  readonly criteria?: KeptCriteria;
  /** For the report's Method mode only; absent in runs that were kept before it was known. */
  readonly knownTruth?: readonly TruthAtDate[];
}

/** What a run is identified by, of one policy. */
export function policyIdentity(policy: Policy): { readonly programme: string; readonly version: string; readonly digest: string } {
  return { programme: policy.programme, version: policy.version, digest: policy.digest };
}

/** What is kept of one policy of a run. */
export function runPolicyOf(role: RunPolicy["role"], resolved: ResolvedPolicy): RunPolicy {
  return { role, reference: resolved.reference, text: resolved.text, policy: resolved.policy };
}

/** The comparison of a run that is one. */
export function storedComparison(store: Store, run: RunRecord): Comparison {
  return store.runs.result(run.id) as Comparison;
}

/** What was kept beside a run. */
export function provenanceOf(run: RunRecord): RunProvenance {
  return run.provenance as unknown as RunProvenance;
}
