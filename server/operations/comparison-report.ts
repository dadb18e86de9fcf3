/** The report of a stored comparison: drawn once for each mode and candidate, then read. */
import { existsSync } from "node:fs";
import { present } from "../../data/foundation/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import { diffPolicies, type Policy, readInForce } from "../../policies/language/index.ts";
import type { Comparison } from "../../simulations/comparison/index.ts";
import {
  countOf,
  describeReport,
  formatCount,
  formatShare,
  type Report,
  type ReportContext,
  type ReportMode,
  renderReport,
  reportCsv,
} from "../../views/index.ts";
import { viewsDigest } from "./code-digest.ts";
import { standingOf } from "./criteria.ts";
import { gatesOf } from "./data-gates.ts";
import { provenanceOf, storedComparison } from "./stored-comparison.ts";
import { truthSentences } from "./truth-sentences.ts";

/** Which form of a report is wanted. */
export interface ReportForm {
  readonly mode: ReportMode;
  /** Version of the candidate; the first when absent. */
  readonly candidate?: string | undefined;
  /** One file that needs no other. */
  readonly standalone: boolean;
}

/** The report as HTML. Drawn at most once with the same views; then it costs one read and unpacking. */
export function reportHtml(store: Store, run: RunRecord, form: ReportForm): string {
  const kept = store.reports.find(run.id, keyOf(run, form), viewsDigest());
  return kept ?? drawn(store, run, form, reportModel(store, run, form));
}

function drawn(store: Store, run: RunRecord, form: ReportForm, model: Report): string {
  const html = renderReport(model, { mode: form.mode, standalone: form.standalone });
  store.reports.keep(run.id, keyOf(run, form), viewsDigest(), html);
  return html;
}

/** Under which a page is kept. The first candidate is the one that a page without a candidate is about. */
function keyOf(run: RunRecord, { mode, standalone, candidate }: ReportForm): string {
  return [mode, standalone ? "file" : "page", candidate ?? candidatesOf(run)[0] ?? ""].join("|");
}

/** The versions of a run's candidates, in their order. */
export function candidatesOf(run: RunRecord): readonly string[] {
  return provenanceOf(run)
    .policies.filter(({ role }) => role === "candidate")
    .map(({ policy }) => policy.version);
}

/** The report as a model without HTML. */
export function reportModel(
  store: Store,
  run: RunRecord,
  form: { readonly candidate?: string | undefined; readonly standalone: boolean },
): Report {
  const comparison = storedComparison(store, run);
  return describeReport(comparison, reportContext(store, run, comparison, form));
}

/** The report's tables as CSV. */
export function reportTables(store: Store, run: RunRecord): string {
  const comparison = storedComparison(store, run);
  return reportCsv(comparison, reportContext(store, run, comparison, { standalone: false }));
}

/** Draws every page of the report, of every candidate in every mode, so that opening one is quick. */
export function drawReportPages(store: Store, run: RunRecord): void {
  for (const candidate of candidatesOf(run)) {
    const model = reportModel(store, run, { candidate, standalone: false });
    for (const mode of ["brief", "full", "method"] as const) drawn(store, run, { mode, candidate, standalone: false }, model);
  }
}

function reportContext(
  store: Store,
  run: RunRecord,
  comparison: Comparison,
  form: { readonly candidate?: string | undefined; readonly standalone: boolean },
): ReportContext {
  const { policies, command, warnings, knownTruth: truth = [] } = provenanceOf(run);
  const baseline = present(
    policies.find(({ role }) => role === "baseline"),
    "baseline",
  ).policy;
  const candidates = policies.filter(({ role }) => role === "candidate").map(({ policy }) => policy);
  const record = present(store.datasets.find(run.datasetId)[0], `dataset ${run.datasetId}`);
  const { manifest } = record;
  const { tried, verdicts } = standingOf(store, run, comparison);
  return {
    runId: run.id,
    runDigest: run.digest,
    ...(form.candidate === undefined ? {} : { candidate: form.candidate }),
    diffs: Object.fromEntries(candidates.map((candidate) => [candidate.version, diffPolicies(baseline, candidate)])),
    dataset: { id: record.id, name: record.name, title: manifest.title, digest: record.digest, rejectedRows: manifest.rejected.rows },
    command,
    tried,
    gates: Object.fromEntries(
      gatesOf(store, run, comparison).map((gates, index) => [present(comparison.candidates[index], "candidate").version, gates]),
    ),
    ...(verdicts === undefined
      ? {}
      : { verdicts: Object.fromEntries(comparison.candidates.map(({ version }, index) => [version, present(verdicts[index], version)])) }),
    trust: [
      `${countOf(manifest.rows, "row")} of ${countOf(manifest.entities, manifest.schema.entity)} ${manifest.rows === 1 ? "was" : "were"} read; ${rejectedWords(manifest.rejected.rows)}.`,
      gapWords(manifest.quality.gaps.rows),
      agreementSentence(comparison),
      ...(existsSync(record.folder) ? [] : ["The dataset's files are no longer there: this report can be read, not computed anew."]),
      ...manifest.quality.remarks,
      ...warnings,
    ],
    knownTruth: truthSentences(truth, {
      candidate:
        1 +
        Math.max(
          0,
          candidates.findIndex(({ version }) => version === form.candidate),
        ),
      many: `${manifest.schema.entity}s`,
    }),
    status: statusOf(baseline.programme, [baseline, ...candidates]),
    hasLinks: !form.standalone,
  };
}

function agreementSentence({ baseline, panel }: Comparison): string {
  const { assignedAgreement: agreement } = panel;
  if (agreement === undefined || agreement.entityPeriods === 0) {
    return "The history does not hold the tiers really assigned, so the replay of the baseline could not be checked against them.";
  }
  const share = formatShare(agreement.agreeing / agreement.entityPeriods);
  return `The replay of ${baseline.version} holds the tier really assigned in ${formatCount(agreement.agreeing)} of ${formatCount(agreement.entityPeriods)} ${panel.entity}-${panel.grain}s (${share}).`;
}

function statusOf(programme: string, policies: readonly Policy[]): Record<string, string> {
  const inForce = readInForce(programme).versions.at(-1)?.version;
  return Object.fromEntries(policies.map(({ version }) => [version, version === inForce ? "in force" : "proposed"]));
}

function rejectedWords(rows: number): string {
  if (rows === 0) return "none was rejected at import";
  return rows === 1
    ? "1 was rejected at import, and is listed there"
    : `${formatCount(rows)} were rejected at import, and are listed there`;
}

function gapWords(rows: number): string {
  if (rows === 0) return "No history has a gap.";
  return `${rows === 1 ? "1 row is a gap" : `${formatCount(rows)} rows are gaps`} inside a history, filled with empty periods.`;
}
