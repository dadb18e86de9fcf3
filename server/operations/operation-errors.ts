/** Which errors each operation can answer with, as data: beside those that any request can meet. */
import {
  analysisErrors,
  caseErrors,
  type DiagnosticCode,
  datasetErrors,
  experimentErrors,
  policyErrors,
} from "../../data/foundation/index.ts";

/** Errors of one kind of text that operations read: its faults are found by one reader, whoever reads it. */
export type ErrorFamily = "text" | "cases" | "history" | "design";

/** The codes of a family; warnings and notes are among them. */
export const errorFamilies: Readonly<Record<ErrorFamily, readonly DiagnosticCode[]>> = {
  text: codesOf({ ...policyErrors, ...analysisErrors }),
  cases: codesOf(caseErrors),
  history: codesOf(datasetErrors),
  design: codesOf(experimentErrors),
};

/** Errors that a request of any operation can meet. */
export const errorsOfAny: readonly DiagnosticCode[] = [
  "bad-request",
  "bad-json",
  "limit-exceeded",
  "unsupported-media-type",
  "cross-site",
  "queue-full",
  "catalogue-newer",
  "catalogue-damaged",
  "home-unusable",
  "internal-fault",
];

/** What one operation can answer with. */
export interface OperationErrors {
  readonly codes: readonly DiagnosticCode[];
  readonly families: readonly ErrorFamily[];
}

const dataset = ["unknown-dataset", "ambiguous-dataset"] as const;
const rows = [...dataset, "damaged-dataset", "rows-elsewhere"] as const;
const run = ["unknown-run", "ambiguous-run"] as const;
const policy = ["unknown-policy", "path-refused"] as const;
const file = ["file-not-found", "path-refused", "unreadable-file"] as const;
const job = ["job-died", "interrupted"] as const;
const connection = ["unknown-engine", "connections-faulty", "secret-missing"] as const;
const engine = [...connection, "engine-unreachable", "engine-refused", "engine-unfit", "engine-limit", "engine-failed"] as const;
const comparison = [
  ...policy,
  ...rows,
  "policy-unfit",
  "period-outside",
  "unknown-segment",
  "criterion-unfit",
  "duplicate-candidate",
] as const;
const experiment = ["unknown-experiment"] as const;
const observed = [...experiment, "no-observations", "observed-otherwise"] as const;

const errorsByOperation: Readonly<Record<string, Partial<OperationErrors>>> = {
  "dataset import": { codes: [...file, ...job], families: ["text", "history"] },
  "dataset import-olist": { codes: [...file, ...job], families: ["text", "history"] },
  "dataset demo": { codes: ["cannot-write", ...job] },
  "dataset show": { codes: dataset },
  "dataset rejected": { codes: rows },
  "dataset tables": { codes: [...rows, "output-unwritable", ...job] },
  "dataset connect": { codes: [...engine, ...job], families: ["text", "history"] },
  "policy check": { codes: [...policy, ...rows, "output-unwritable"], families: ["text", "cases"] },
  "policy diff": { codes: policy, families: ["text"] },
  "policy format": { codes: policy, families: ["text"] },
  "policy explain": { codes: policy, families: ["text"] },
  "policy save": { codes: [...policy, "version-exists"], families: ["text"] },
  replay: { codes: [...policy, ...rows, "policy-unfit", "period-outside", ...engine, ...job], families: ["text"] },
  "connection list": { codes: ["connections-faulty"] },
  "connection test": { codes: [...engine, ...dataset] },
  compare: { codes: [...comparison, "output-unwritable", ...job], families: ["text"] },
  "comparison show": { codes: run },
  "comparison movement": { codes: [...run, "damaged-dataset", "rows-elsewhere", "period-outside"] },
  "comparison entities": { codes: [...run, "damaged-dataset", "rows-elsewhere", "not-found", "period-outside"] },
  "comparison audit-plan": { codes: [...run, "damaged-dataset", "rows-elsewhere", "output-unwritable"] },
  "comparison report": { codes: [...run, "output-unwritable", "no-browser", "browser-failed"] },
  "comparison against": { codes: [...run, "damaged-dataset", "rows-elsewhere"] },
  "comparison estimate": { codes: comparison, families: ["text"] },
  "comparison at-risk": { codes: [...run, "damaged-dataset", "rows-elsewhere", "period-outside", "output-unwritable"] },
  "comment add": { codes: [...run, "unknown-anchor", "unknown-comment", "comment-settled", "hidden-character"] },
  "comment list": { codes: [...run, "unknown-anchor"] },
  "comment resolve": { codes: ["unknown-comment", "comment-settled", "hidden-character"] },
  "comment reopen": { codes: ["unknown-comment", "comment-settled", "hidden-character"] },
  "comment withdraw": { codes: ["unknown-comment", "comment-settled", "hidden-character"] },
  "preset save": { codes: comparison, families: ["text"] },
  "preset show": { codes: ["unknown-preset"] },
  "preset delete": { codes: ["unknown-preset"] },
  "what-if": { codes: [...policy, ...rows, "policy-unfit", "superseded"], families: ["text"] },
  explain: { codes: [...policy, ...rows, "policy-unfit", "unknown-entity", "period-outside"], families: ["text"] },
  "entity find": { codes: rows },
  "experiment design": { codes: [...file, ...rows, "bad-forecast", "experiment-locked"], families: ["text", "design"] },
  "experiment lock": { codes: [...experiment, "experiment-locked", "layer-taken", "holdout-differs"], families: ["text", "design"] },
  "experiment assign": { codes: [...rows, ...experiment, "experiment-open", "period-outside", "output-unwritable"] },
  "experiment observe": { codes: [...file, ...experiment, "experiment-open", "bad-observations"] },
  "experiment analyse": { codes: [...observed, ...rows, "period-outside", "output-unwritable"] },
  "experiment expose": { codes: [...file, ...experiment, "experiment-open"] },
  "experiment decide": { codes: [...observed, ...dataset, "bad-decision"] },
  "experiment simulate": { codes: [...file, ...experiment, ...rows, "bad-observations"] },
  "experiment calibration": { codes: file, families: ["text"] },
  "experiment show": { codes: experiment },
  "statistic show": { codes: ["unknown-statistic"] },
  "statistic run": { codes: ["unknown-statistic", "bad-statistic-input", ...file] },
  "statistic study": { codes: ["unknown-statistic"] },
  "run show": { codes: run },
  "job show": { codes: ["unknown-run"] },
  "job cancel": { codes: ["unknown-run", "not-cancellable"] },
  serve: { codes: ["port-taken", "cannot-listen"] },
};

/**
 * The errors of an operation, by its name; empty where it can meet none but those of any request.
 *
 * @example
 * errorsOf("preset show")
 * // => { codes: ["unknown-preset"], families: [] }
 */
export function errorsOf(operation: string): OperationErrors {
  const { codes = [], families = [] } = errorsByOperation[operation] ?? {};
  const told = new Set<DiagnosticCode>(families.flatMap((family) => errorFamilies[family]));
  return { codes: [...new Set(codes)].filter((code) => !told.has(code)), families };
}

function codesOf(errors: object): readonly DiagnosticCode[] {
  return Object.keys(errors) as DiagnosticCode[];
}
