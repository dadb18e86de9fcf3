/** A programme in force from its files: `in-force.yaml` and the versions beside it. */
import { dirname, join } from "node:path";
import { type Diagnostic, diagnose, hasErrors } from "../../data/foundation/index.ts";
import { checkProgramme } from "./check-programme.ts";
import { readInForce } from "./in-force.ts";
import { readLibraryPolicy } from "./library.ts";
import { located, placeOfPart } from "./places.ts";
import type { VersionInForce } from "./programme.ts";

/** A version with what it was read from. */
export interface ReadVersion extends VersionInForce {
  readonly file: string;
  readonly text: string;
  readonly extended: ReturnType<typeof readLibraryPolicy>["extended"];
}

/**
 * The versions that a file `in-force.yaml` lists, read from the files beside it, checked each and together. Without versions there is at
 * least one error. `read` reads one policy file; who reads the same files again and again passes one that remembers.
 */
export function readProgramme(
  programme: string,
  file: string,
  read: (file: string) => ReturnType<typeof readLibraryPolicy> = readLibraryPolicy,
): { readonly versions: readonly ReadVersion[]; readonly diagnostics: readonly Diagnostic[] } {
  const listed = readInForce(programme, file);
  if (hasErrors(listed.diagnostics)) return { versions: [], diagnostics: listed.diagnostics };
  const diagnostics = [...listed.diagnostics];
  const versions = listed.versions.flatMap((entry): ReadVersion[] => {
    const place = placeOfPart(entry);
    const found = read(join(dirname(file), `${entry.version}.yaml`));
    // A version without a file is a fault of the line that lists it.
    diagnostics.push(...found.diagnostics.map((fault) => (place === undefined || fault.place !== undefined ? fault : { ...fault, place })));
    if (found.policy === undefined) return [];
    const version = { policy: found.policy, from: entry.from, file: found.file, text: found.text, extended: found.extended };
    return [place === undefined ? version : located(version, place)];
  });
  if (listed.versions.length === 0)
    diagnostics.push(
      diagnose("missing-key", {
        message: "no version is listed as being in force",
        cure: "Write under 'in_force:' a version and the day from which it held.",
        place: { file, line: 1, column: 1 },
      }),
    );
  if (!hasErrors(diagnostics)) diagnostics.push(...checkProgramme(versions));
  return { versions: hasErrors(diagnostics) ? [] : versions, diagnostics };
}
