/** A policy, or a programme in force, as a caller names it: `<programme>@<version>`, `<programme>@in-force`, a path of either. */
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import {
  type Day,
  diagnose,
  digestOfValue,
  formatDay,
  hasErrors,
  InputRefused,
  nearestName,
  packagePath,
} from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { loadBeside, type Policy, type Programme, policyLibrary, readLibraryPolicy, readProgramme } from "../../policies/language/index.ts";
import { readShippedPolicy } from "./known-policies.ts";
import type { OperationContext } from "./operation.ts";
import { inForceWord, type PolicySource, type ResolvedPolicy, requireFit, resolvePolicy } from "./resolve.ts";
import { policyIdentity, type RunPolicy, runPolicyOf } from "./stored-comparison.ts";

/** A version as it was read; of a programme with the day from which it was in force. */
export interface ResolvedVersion extends ResolvedPolicy {
  readonly from?: Day;
}

/** What a replay or an explanation is asked for. Diagnostics of the versions are warnings and notes only. */
export interface ResolvedItem {
  readonly item: Policy | Programme;
  readonly reference: string;
  /** One for a policy by itself. */
  readonly versions: readonly ResolvedVersion[];
}

/** The same of one version. */
export interface ResolvedVersionItem extends ResolvedItem {
  readonly item: Policy;
}

/** What it is called and identified by: a programme in force by its versions and their days. */
export interface ItemIdentity {
  readonly programme: string;
  readonly version: string;
  readonly digest: string;
  readonly versions?: readonly { readonly version: string; readonly from: string; readonly digest: string }[];
}

/** Reads and checks what is named. @throws InputRefused with its own faults, or `unknown-policy`, `path-refused`. */
export function resolveItem(source: PolicySource, context: OperationContext): ResolvedItem {
  const name = typeof source === "string" && source.endsWith(inForceWord) ? source.slice(0, -inForceWord.length) : undefined;
  if (name === undefined || typeof source !== "string") return resolveVersion(source, context);
  const { programme, file, isShipped } = findInForce(name, context);
  const read = (path: string) => (isShipped ? readShippedPolicy(`${programme}@${basename(path, ".yaml")}`) : readLibraryPolicy(path));
  const { versions, diagnostics } = readProgramme(programme, file, read);
  if (versions.length === 0 || hasErrors(diagnostics)) throw new InputRefused(diagnostics);
  return {
    item: { versions: versions.map(({ policy, from }) => ({ policy, from })) },
    reference: source,
    versions: versions.map((version) => {
      const reference = isShipped ? `${programme}@${version.policy.version}` : version.file;
      const { policy, from, file: own, text, extended } = version;
      const remarks = diagnostics.filter(({ place }) => place?.file === own);
      return { policy, from, reference, file: own, text, extended, load: loadBeside(dirname(own)), diagnostics: remarks };
    }),
  };
}

/** The same of what must be one version. @throws InputRefused as `resolvePolicy`. */
export function resolveVersion(source: PolicySource, context: OperationContext): ResolvedVersionItem {
  const resolved = resolvePolicy(source, context);
  return { item: resolved.policy, reference: resolved.reference, versions: [resolved] };
}

/** What a run is identified by. */
export function itemIdentity({ versions }: ResolvedItem): ItemIdentity {
  const [first, ...more] = versions.map(({ policy, from }) => ({ ...policyIdentity(policy), from }));
  if (first === undefined || (first.from === undefined && more.length === 0))
    return policyIdentity((versions[0] as ResolvedVersion).policy);
  const listed = [first, ...more].map(({ version, digest, from = 0 }) => ({ version, from: formatDay(from), digest }));
  return { programme: first.programme, version: "in-force", digest: digestOfValue(listed), versions: listed };
}

/** What is kept of every version of a run. */
export function runPoliciesOf({ versions }: ResolvedItem, role: RunPolicy["role"]): readonly RunPolicy[] {
  return versions.map((version) => ({
    ...runPolicyOf(role, version),
    ...(version.from === undefined ? {} : { from: formatDay(version.from) }),
  }));
}

/** Each version must score what the dataset holds and fit its schema; the warnings are given back. */
export function requireItemFit(
  { versions }: Pick<ResolvedItem, "versions">,
  schema: PanelSchema,
  datasetId: string,
): ReturnType<typeof requireFit> {
  const strangers = versions.filter(({ policy }) => policy.entity !== schema.entity);
  if (strangers.length > 0)
    throw new InputRefused(
      strangers.map(({ policy, reference }) =>
        diagnose("policy-unfit", {
          message: `${reference} scores ${policy.entity}s, and ${datasetId} holds ${schema.entity}s`,
          found: policy.entity,
        }),
      ),
    );
  return versions.flatMap((version) => requireFit(version, schema));
}

/** The programme's file: of the library, or in the folder that is named or that holds the file that is named. */
function findInForce(
  name: string,
  { reads }: OperationContext,
): { readonly programme: string; readonly file: string; readonly isShipped: boolean } {
  const shipped = [...new Set(policyLibrary().map(({ programme }) => programme))];
  if (shipped.includes(name)) return { programme: name, file: packagePath("policies", "library", name, "in-force.yaml"), isShipped: true };
  if (!/[/\\.]/.test(name) && (reads !== "any file" || !existsSync(name))) {
    const message = `the library has no programme '${name}'; it has ${shipped.join(", ")}`;
    throw new InputRefused([
      diagnose("unknown-policy", { message, found: name, expected: shipped.join(", "), near: nearestName(name, shipped) }),
    ]);
  }
  if (reads !== "any file")
    throw new InputRefused([diagnose("path-refused", { message: `'${name}' names a file of the server`, found: name })]);
  if (!existsSync(name))
    throw new InputRefused([diagnose("unknown-policy", { message: `there is no file or folder '${name}'`, found: name })]);
  const folder = statSync(name).isDirectory() ? name : dirname(name);
  return { programme: basename(resolve(folder)), file: join(folder, "in-force.yaml"), isShipped: false };
}
