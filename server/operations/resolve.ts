/** From what a caller typed to what is meant: datasets, policies, runs and ranges. */
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import {
  type Diagnostic,
  diagnose,
  formatPeriod,
  hasErrors,
  InputRefused,
  nearestName,
  type PeriodIndex,
  type Place,
  parseDay,
  periodOf,
} from "../../data/foundation/index.ts";
import { type PanelSchema, type PeriodRange, rangeOf } from "../../data/panel/index.ts";
import type { DatasetRecord, RunRecord, Store } from "../../data/store/index.ts";
import {
  checkAgainstPanel,
  type LoadVersion,
  loadBeside,
  type Policy,
  readLibraryPolicy,
  readPolicy,
} from "../../policies/language/index.ts";
import { mayRead } from "./given-text.ts";
import { knownVersions, loadKnown, readKnownVersion } from "./known-policies.ts";
import type { OperationContext } from "./operation.ts";

/** A path, `<programme>@<version>`, or the text itself with the name to show for it. */
export type PolicySource = string | { readonly file: string; readonly text: string };

/** Ends the name of a programme whose versions are followed as `in-force.yaml` lists them. */
export const inForceWord = "@in-force";

/** A checked policy with what it was read from. Diagnostics are warnings and notes only. */
export interface ResolvedPolicy {
  readonly policy: Policy;
  readonly reference: string;
  readonly file: string;
  readonly text: string;
  /** The versions that it extends, nearest first, and where they are found. */
  readonly extended: readonly string[];
  readonly load: LoadVersion;
  readonly diagnostics: readonly Diagnostic[];
}

/** The dataset that an id, a name or a digest's beginning means. @throws InputRefused `unknown-dataset`, `ambiguous-dataset`. */
export function resolveDataset(store: Store, name: string): DatasetRecord {
  const found = store.datasets.find(name);
  const [first, second] = found;
  if (first === undefined) {
    const known = store.datasets.list().flatMap((dataset) => [dataset.name, dataset.id]);
    throw new InputRefused([
      diagnose("unknown-dataset", { message: `no dataset is called '${name}'`, found: name, near: nearestName(name, known) }),
    ]);
  }
  if (second !== undefined && first.name !== name) {
    const candidates = found.map((dataset) => dataset.id).join(", ");
    throw new InputRefused([
      diagnose("ambiguous-dataset", { message: `'${name}' could be ${candidates}`, found: name, expected: candidates }),
    ]);
  }
  return first;
}

/** Reads and checks a policy. @throws InputRefused with the policy's own faults, or `unknown-policy`, `path-refused`. */
export function resolvePolicy(source: PolicySource, context: OperationContext): ResolvedPolicy {
  const read = readPolicySource(source, context);
  if (read.policy === undefined || hasErrors(read.diagnostics)) throw new InputRefused(read.diagnostics);
  const reference = typeof source === "string" ? source : read.file;
  const { policy, file, text, extended, diagnostics } = read;
  const isNamed = typeof source === "string" && readKnownVersion(context.store.home, source) !== undefined;
  const load = typeof source === "string" && !isNamed ? loadBeside(dirname(file)) : loadKnown(context.store.home);
  return { policy, reference, file, text, extended, load, diagnostics };
}

/** Reads a policy and gives what was found wrong with it. @throws InputRefused `unknown-policy`, `path-refused`: there is nothing to read. */
export function readPolicySource(source: PolicySource, context: OperationContext): ReturnType<typeof readLibraryPolicy> {
  if (typeof source !== "string") {
    return { ...readPolicy({ ...source, load: loadKnown(context.store.home) }), ...source };
  }
  if (source.endsWith(inForceWord)) {
    const message = `'${source}' is a programme, one version after the other, and here one version is asked for`;
    const cure = "Name one version; `explain` follows a programme, and so does `replay` without a baseline.";
    throw new InputRefused([diagnose("unknown-policy", { message, found: source, cure })]);
  }
  const named = /^([^@/\\]+)@([^@/\\]+)$/.exec(source);
  if (named !== null) {
    const version = readKnownVersion(context.store.home, source);
    if (version !== undefined) return version;
    // A file may bear such a name: team@next.yaml.
    if (context.reads === "any file" && existsSync(source)) return readPolicyFile(source);
    throw new InputRefused([unknownVersion(context.store.home, source)]);
  }
  if (context.reads !== "any file")
    throw new InputRefused([diagnose("path-refused", { message: `'${source}' names a file of the server`, found: source })]);
  return readPolicyFile(source);
}

/** That no known version has the name, with those of its programme, or of all programmes where there is none such. */
export function unknownVersion(home: string, source: string, place?: Place): Diagnostic {
  const known = knownVersions(home).map(({ reference }) => reference);
  const sameProgramme = known.filter((reference) => reference.startsWith(`${source.split("@")[0]}@`));
  const choice = sameProgramme.length > 0 ? sameProgramme : known;
  return diagnose("unknown-policy", {
    message: `there is no version '${source}'; there are ${choice.join(", ")}`,
    found: source,
    expected: choice.join(", "),
    near: nearestName(source, choice),
    ...(place === undefined ? {} : { place }),
  });
}

function readPolicyFile(path: string): ReturnType<typeof readLibraryPolicy> {
  const refuse = (message: string) =>
    new InputRefused([diagnose("unknown-policy", { message, found: path, place: { file: path, line: 1, column: 1 } })]);
  if (!existsSync(path)) throw refuse(`there is no file '${path}'`);
  const status = statSync(path);
  if (!status.isFile()) throw refuse(`'${path}' is ${status.isDirectory() ? "a folder" : "no ordinary file"}`);
  if (!mayRead(path)) throw refuse(`'${path}' may not be read by this program`);
  return readLibraryPolicy(path);
}

/** Faults of a policy against a dataset stop the work; its warnings are given back. */
export function requireFit(resolved: ResolvedPolicy, schema: PanelSchema): readonly Diagnostic[] {
  const diagnostics = checkAgainstPanel(resolved.policy, schema, resolved.file);
  if (hasErrors(diagnostics)) throw new InputRefused(diagnostics);
  return [...resolved.diagnostics, ...diagnostics];
}

/** The run that an id or its beginning means. @throws InputRefused `unknown-run`, `ambiguous-run`. */
export function resolveRun(store: Store, id: string): RunRecord {
  const found = store.runs.find(id);
  const [first, second] = found;
  if (first === undefined) throw new InputRefused([diagnose("unknown-run", { message: `no run is called '${id}'`, found: id })]);
  if (second !== undefined) {
    const candidates = found.map((run) => run.id).join(", ");
    throw new InputRefused([diagnose("ambiguous-run", { message: `'${id}' could be ${candidates}`, found: id, expected: candidates })]);
  }
  return first;
}

/** The run of a comparison. @throws InputRefused `unknown-run`, `ambiguous-run`. */
export function resolveComparison(store: Store, id: string): RunRecord {
  const run = resolveRun(store, id);
  if (run.kind === "comparison") return run;
  throw new InputRefused([diagnose("unknown-run", { message: `run ${run.id} is a ${run.kind}`, found: run.kind })]);
}

/** The periods that hold the two days; the dataset's complete history where a day is absent. @throws InputRefused `period-outside`. */
export function resolveRange(
  schema: PanelSchema,
  range: { readonly from?: string | undefined; readonly to?: string | undefined },
): PeriodRange {
  const asked = { from: resolvePeriod(schema, "from", range.from), to: resolvePeriod(schema, "to", range.to) };
  const { from, to } = rangeOf(schema, asked);
  if (from > to)
    throw new InputRefused([diagnose("period-outside", { message: `the range runs backwards: ${range.from} to ${range.to}` })]);
  return { from, to };
}

/** The period that holds a day; `setting` names where the day was given. @throws InputRefused `period-outside`. */
export function resolvePeriod(schema: PanelSchema, setting: "from" | "to" | "date", text: string | undefined): PeriodIndex | undefined {
  const day = text === undefined ? undefined : parseDay(text);
  if (day === undefined) return undefined;
  const period = periodOf(schema.grain, day);
  if (period >= schema.firstPeriod && period <= schema.lastPeriod) return period;
  const [first, last] = [formatPeriod(schema.grain, schema.firstPeriod), formatPeriod(schema.grain, schema.lastPeriod)];
  throw new InputRefused([
    diagnose("period-outside", { message: `'${setting}' is ${text}, and the history runs from ${first} to ${last}`, found: text ?? "" }),
  ]);
}
