/** The policy versions that the arms of a design name: every one is known and sound, or the design is refused where it stands. */
import { type Diagnostic, diagnose, hasErrors, InputRefused } from "../../data/foundation/index.ts";
import { type ExperimentDesign, type NamedPolicy, readDesign } from "../../simulations/experiments/index.ts";
import { readKnownVersion } from "./known-policies.ts";
import { unknownVersion } from "./resolve.ts";

/**
 * Of a design that names a comparison the policies are those that it kept, in the library or not: `requireForecast` checks them. @throws InputRefused `unknown-policy`
 * at each arm whose version is not known, `entity-mismatch` where it scores another kind of entity than the first, and the faults of a version that was saved and does not read any more.
 */
export function requirePolicies(home: string, { forecast }: Pick<ExperimentDesign, "forecast">, policies: readonly NamedPolicy[]): void {
  if (forecast !== undefined) return;
  const versions = policies.map(({ reference, place }) => ({ reference, place, read: readKnownVersion(home, reference) }));
  const entity = versions.find(({ read }) => read?.policy !== undefined)?.read?.policy?.entity;
  const faults = versions.flatMap(({ reference, place, read }): readonly Diagnostic[] => {
    if (read === undefined) return [unknownVersion(home, reference, place)];
    if (read.policy === undefined || hasErrors(read.diagnostics)) return read.diagnostics;
    if (read.policy.entity === entity) return [];
    const message = `'${reference}' scores a ${read.policy.entity}, and the arm before it lives under a policy of a ${entity}`;
    return [diagnose("entity-mismatch", { message, place, found: reference, cure: "Name versions that score the same kind of entity." })];
  });
  if (faults.length > 0) throw new InputRefused(faults);
}

/** The same of a design that was written down before: a version may have gone since. `file` names its text in places. */
export function requirePoliciesStill(
  home: string,
  design: ExperimentDesign,
  { text, file }: { readonly text: string; readonly file: string },
): void {
  requirePolicies(home, design, readDesign({ text, file }).policies);
}
