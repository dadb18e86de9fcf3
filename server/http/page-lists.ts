/** What the working pages list: datasets, runs and programmes, as their contexts want them. */
import { hasErrors, present } from "../../data/foundation/index.ts";
import type { DatasetRecord, JobRecord, RunRecord, Store } from "../../data/store/index.ts";
import { compareVersions, policyLibrary, readInForce } from "../../policies/language/index.ts";
import type { DatasetSummary, ProgrammeSummary, RunState, RunSummary, VersionSummary } from "../../views/index.ts";
import {
  provenanceOf,
  readShippedPolicy,
  savedVersionsThatFit,
  simulationDigest,
  soundSavedVersions,
  storedComparison,
  versionsThatFit,
} from "../operations/index.ts";
import { newerThan } from "./newer-dataset.ts";

/** A dataset in a list. */
export function datasetSummary({ id, manifest }: DatasetRecord): DatasetSummary {
  const { title, schema, entities, rows, periods, rejected, liesIn } = manifest;
  return {
    id,
    title,
    entity: schema.entity,
    grain: periods.grain,
    entities,
    rows,
    from: periods.from,
    to: periods.to,
    periods: periods.count,
    rejectedRows: rejected.rows,
    ...(liesIn === undefined ? {} : { liesIn }),
  };
}

/** The datasets in the order of their list, those whose rows lie elsewhere behind the others: what a form opens with can be asked. */
export function rowsHereFirst(store: Store): readonly DatasetRecord[] {
  const isElsewhere = ({ manifest }: DatasetRecord) => Number(manifest.liesIn !== undefined);
  return store.datasets.list().toSorted((a, b) => isElsewhere(a) - isElsewhere(b));
}

/** Every comparison, newest first: those that are kept, and those that wait, run or failed. */
export function runSummaries(store: Store, limit: number): readonly RunSummary[] {
  const kept = store.runs
    .list(limit)
    .filter(({ kind }) => kind === "comparison")
    .map((run) => runSummary(store, run));
  const open = store.jobs
    .list(limit)
    .filter(({ operation, state }) => operation === "compare" && state !== "done")
    .map((job) => jobSummary(store, job));
  return [...open, ...kept].toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0)).slice(0, limit);
}

const moversKnown = new Map<string, NonNullable<RunSummary["movers"]>>();

/** A kept comparison in a list. The shares of movers are read from the result once, then remembered. */
export function runSummary(store: Store, run: RunRecord): RunSummary {
  const { policies } = provenanceOf(run);
  const baseline = present(
    policies.find(({ role }) => role === "baseline"),
    "baseline",
  ).policy;
  const dataset = present(store.datasets.find(run.datasetId)[0], `dataset ${run.datasetId}`);
  const movers =
    moversKnown.get(run.id) ??
    storedComparison(store, run).candidates.flatMap(({ version, movement: { moversShare } }) =>
      moversShare.kind === "estimate" ? [{ version, share: moversShare.value }] : [],
    );
  moversKnown.set(run.id, movers);
  return {
    id: run.id,
    programme: baseline.programme,
    baseline: baseline.version,
    candidates: policies.filter(({ role }) => role === "candidate").map(({ policy }) => policy.version),
    dataset: { id: dataset.id, title: dataset.manifest.title },
    ...newerId(store, dataset),
    ...earlierProgram(store, run),
    from: String(run.inputs["from"]),
    to: String(run.inputs["to"]),
    state: "done",
    createdAt: minuteOf(run.createdAt),
    movers,
  };
}

/** A later dataset of the same name, where there is one. */
function newerId(store: Store, dataset: DatasetRecord): Pick<RunSummary, "newerDataset"> {
  const newer = newerThan(store, dataset);
  return newer === undefined ? {} : { newerDataset: newer.id };
}

/** Whether another version of the program computed it: the list then tells it from the same question asked again. */
function earlierProgram(store: Store, { inputs }: RunRecord): Pick<RunSummary, "earlier"> {
  const code = simulationDigest();
  if (inputs["code"] === code) return {};
  const again = store.runs.findByInputs("comparison", { ...inputs, code });
  return { earlier: again === undefined ? {} : { again: again.id } };
}

/** Long work that is not kept as a run yet, as lists and the progress page show it. */
export function jobSummary(store: Store, job: JobRecord): RunSummary {
  const input = (typeof job.input === "object" && job.input !== null ? job.input : {}) as Readonly<Record<string, unknown>>;
  const name = typeof input["dataset"] === "string" ? input["dataset"] : "";
  const dataset = store.datasets.find(name)[0];
  const { against, policy } = input;
  const baseline = referenceParts(input["baseline"] ?? against ?? policy);
  const proposed = against === undefined ? input["candidates"] : [policy];
  const candidates = Array.isArray(proposed) ? proposed.map((source) => referenceParts(source).version) : [];
  return {
    id: job.id,
    programme: baseline.programme === "" ? job.title : baseline.programme,
    baseline: baseline.version,
    candidates,
    dataset: { id: dataset?.id ?? name, title: dataset?.manifest.title ?? name },
    from: typeof input["from"] === "string" ? input["from"] : (dataset?.manifest.periods.from ?? ""),
    to: typeof input["to"] === "string" ? input["to"] : (dataset?.manifest.periods.to ?? ""),
    state: runStateOf(job),
    createdAt: minuteOf(job.createdAt),
  };
}

/** An interrupted job is shown as failed: what happened stands beside it. */
export function runStateOf(job: JobRecord): RunState {
  return job.state === "interrupted" ? "failed" : job.state;
}

/** A version as pages show it, with the file's text. */
export interface LibraryVersion {
  readonly reference: string;
  readonly file: string;
  readonly text: string;
  readonly policy: NonNullable<ReturnType<typeof readShippedPolicy>["policy"]>;
}

let library: readonly LibraryVersion[] | undefined;

/** The versions of the library and of the home, oldest first within a programme. */
export function listedVersions(home: string): readonly LibraryVersion[] {
  const saved = soundSavedVersions(home).flatMap(({ reference, file, text, policy }) =>
    policy === undefined ? [] : [{ reference, file, text, policy }],
  );
  if (saved.length === 0) return libraryVersions();
  const all = [...libraryVersions(), ...saved];
  return [...new Set(all.map(({ policy }) => policy.programme))].flatMap((programme) =>
    all.filter(({ policy }) => policy.programme === programme).toSorted((a, b) => compareVersions(a.policy.version, b.policy.version)),
  );
}

/** The versions of the library; read once, for they ship with the program. */
function libraryVersions(): readonly LibraryVersion[] {
  library ??= policyLibrary().flatMap(({ programme, version }) => {
    const reference = `${programme}@${version}`;
    const { policy, text, file, diagnostics } = readShippedPolicy(reference);
    return policy === undefined || hasErrors(diagnostics) ? [] : [{ reference, file, text, policy }];
  });
  return library;
}

/** The programmes with their versions, newest first. */
export function programmeSummaries(home: string): readonly ProgrammeSummary[] {
  const versions = listedVersions(home);
  return [...new Set(versions.map(({ policy }) => policy.programme))].map((programme) => {
    const own = versions.filter(({ policy }) => policy.programme === programme);
    const first = present(own[0], "first version").policy;
    const inForce = inForceVersion(home, programme);
    return {
      programme,
      title: first.title,
      entity: first.entity,
      inForce,
      versions: own.map((version) => versionSummary(version, inForce)).toReversed(),
    };
  });
}

/**
 * The programmes that fit a dataset of the home, each with the versions that do; all of them while there is no dataset. `kept`: references
 * that are listed in any case.
 */
export function offeredProgrammes(store: Store, kept: readonly string[] = []): readonly ProgrammeSummary[] {
  const datasets = store.datasets.list();
  if (datasets.length === 0) return programmeSummaries(store.home);
  const offered = new Set([...kept, ...datasets.flatMap((dataset) => fittingReferences(store, dataset))]);
  return programmeSummaries(store.home).flatMap((summary) => {
    const versions = summary.versions.filter(({ version }) => offered.has(`${summary.programme}@${version}`));
    return versions.length === 0 ? [] : [{ ...summary, versions }];
  });
}

/** References of the versions, shipped and saved, that a dataset can be scored by; in the order of lists. */
export function fittingReferences(store: Store, dataset: DatasetRecord): readonly string[] {
  const fitting = new Set([...versionsThatFit(dataset), ...savedVersionsThatFit(store.home, dataset)].map(({ reference }) => reference));
  return listedVersions(store.home)
    .map(({ reference }) => reference)
    .filter((reference) => fitting.has(reference));
}

/** The version that is in force now, as `in-force.yaml` states; the oldest when it states none. */
export function inForceVersion(home: string, programme: string): string {
  const stated = readInForce(programme).versions.at(-1)?.version;
  const oldest = listedVersions(home).find(({ policy }) => policy.programme === programme);
  return stated ?? present(oldest, programme).policy.version;
}

/** What a version says that it extends. */
export function parentOf(text: string): string | undefined {
  return /^extends:\s*(\S+)/m.exec(text)?.[1];
}

function versionSummary({ policy, text }: LibraryVersion, inForce: string): VersionSummary {
  const parent = parentOf(text);
  return {
    version: policy.version,
    title: policy.title,
    digest: policy.digest,
    inForce: policy.version === inForce,
    rationale: policy.rationale,
    ...(parent === undefined ? {} : { parent }),
  };
}

function referenceParts(source: unknown): { readonly programme: string; readonly version: string } {
  if (typeof source !== "string") {
    const file = typeof source === "object" && source !== null && "file" in source ? source.file : "";
    return { programme: "", version: typeof file === "string" ? file : "" };
  }
  const [programme = "", version] = source.split("@");
  return version === undefined ? { programme: "", version: source } : { programme, version };
}

/** `YYYY-MM-DD HH:MM` of an ISO time. */
export function minuteOf(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
