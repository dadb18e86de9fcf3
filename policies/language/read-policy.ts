/** Policy text -> checked policy, with every fault at its place. */
import type { Diagnostic } from "../../data/foundation/index.ts";
import { checkPolicy } from "./check-policy.ts";
import { entryOf, placeOf } from "./document.ts";
import { type LoadVersion, resolveExtends } from "./extend.ts";
import type { Policy } from "./policy.ts";
import { Problems } from "./problems.ts";
import { readDocument } from "./read-document.ts";

/** What reading a policy gives. `policy` is absent when any diagnostic is an error. */
export interface ReadPolicy {
  readonly policy?: Policy;
  /** The versions that it extends, nearest first; empty when it stands alone or they cannot be read. */
  readonly extended: readonly string[];
  /** In file order; warnings and notes among them. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads and checks one version. `file` names it in diagnostics; `load` finds the versions that it extends. Never throws for
 * what a user can write. Nothing is ignored: an unknown key, an unused name or a value without effect is reported.
 * `isAnalysed: false` leaves out what `analysePolicy` finds, which is never an error and takes as long as the rest: for who is in a hurry.
 */
export function readPolicy(options: {
  readonly text: string;
  readonly file: string;
  readonly load: LoadVersion;
  readonly isAnalysed?: boolean;
}): ReadPolicy {
  const problems = new Problems();
  const document = readDocument({ text: options.text, file: options.file, problems });
  const resolved = document === undefined ? undefined : resolveExtends(document.root, options.load, problems);
  const policy = resolved === undefined ? undefined : checkPolicy(resolved.root, problems, options.isAnalysed);
  const named = /(?:^|[\\/])(\d+\.\d+\.\d+)\.ya?ml$/.exec(options.file)?.[1];
  if (document !== undefined && policy !== undefined && named !== undefined && named !== policy.version) {
    const version = entryOf(document.root, "version")?.value;
    problems.add("file-name-mismatch", version === undefined ? undefined : placeOf(version), {
      message: `the file is named ${named} and holds version ${policy.version}`,
      found: policy.version,
      expected: named,
    });
  }
  const diagnostics = problems.sorted();
  const extended = resolved?.extended ?? [];
  return policy === undefined || problems.stopped ? { extended, diagnostics } : { policy, extended, diagnostics };
}
