/** Which policies of the library a dataset can be scored by. */
import { hasErrors } from "../../data/foundation/index.ts";
import type { DatasetRecord } from "../../data/store/index.ts";
import { checkAgainstPanel, policyLibrary } from "../../policies/language/index.ts";
import { readShippedPolicy } from "./resolve.ts";

/** A version of the library. */
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
export function versionsThatFit({ id, manifest }: Pick<DatasetRecord, "id" | "manifest">): readonly FittingVersion[] {
  const known = remembered.get(id);
  if (known !== undefined) return known;
  const fitting = policyLibrary()
    .map(({ programme, version }) => ({ programme, version, reference: `${programme}@${version}` }))
    .filter(({ reference }) => {
      const { policy } = readShippedPolicy(reference);
      return policy?.entity === manifest.schema.entity && !hasErrors(checkAgainstPanel(policy, manifest.schema));
    });
  remembered.set(id, fitting);
  return fitting;
}
