/** Which policies of the library, and of a home, a dataset can be scored by. */
import { hasErrors } from "../../data/foundation/index.ts";
import type { DatasetRecord } from "../../data/store/index.ts";
import { checkAgainstPanel, type Policy, policyLibrary } from "../../policies/language/index.ts";
import { readShippedPolicy, soundSavedVersions } from "./known-policies.ts";

/** A version that ships or was saved. */
export interface FittingVersion {
  readonly programme: string;
  readonly version: string;
  /** `programme@version`. */
  readonly reference: string;
}

const remembered = new Map<string, readonly FittingVersion[]>();

/**
 * The versions that score the dataset's kind of entity by measures, attributes and events that it has, in the order of the library. Looked
 * up once a process for each dataset: what a dataset's id names never changes, nor does what ships.
 */
export function versionsThatFit(dataset: Pick<DatasetRecord, "id" | "manifest">): readonly FittingVersion[] {
  const { id } = dataset;
  const known = remembered.get(id);
  if (known !== undefined) return known;
  const fitting = policyLibrary()
    .map(({ programme, version }) => ({ programme, version, reference: `${programme}@${version}` }))
    .filter(({ reference }) => fits(readShippedPolicy(reference).policy, dataset));
  remembered.set(id, fitting);
  return fitting;
}

/** The same of the versions that were saved in a home. */
export function savedVersionsThatFit(home: string, dataset: Pick<DatasetRecord, "id" | "manifest">): readonly FittingVersion[] {
  return soundSavedVersions(home)
    .filter(({ policy }) => fits(policy, dataset))
    .map(({ programme, version, reference }) => ({ programme, version, reference }));
}

const judged = new WeakMap<Policy, Map<string, boolean>>();

/** Judged once for each reading of a policy. */
function fits(policy: Policy | undefined, { id, manifest: { schema } }: Pick<DatasetRecord, "id" | "manifest">): boolean {
  if (policy === undefined || policy.entity !== schema.entity) return false;
  const verdicts = judged.get(policy) ?? new Map<string, boolean>();
  judged.set(policy, verdicts);
  const verdict = verdicts.get(id) ?? !hasErrors(checkAgainstPanel(policy, schema));
  verdicts.set(id, verdict);
  return verdict;
}
