/** The report of a stored comparison as a file: a page in one file, a PDF, a notebook, its tables, its document. */
import { gzipSync } from "node:zlib";
import { digestOf } from "../../data/foundation/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import { type ReportMode, renderReport, reportNotebook } from "../../views/index.ts";
import { findBrowser, printPdf } from "./browser.ts";
import { commentedSections } from "./comment-sections.ts";
import { comparisonDocument } from "./comparison-document.ts";
import { reportHtml, reportModel, reportTables } from "./comparison-report.ts";

/** The endings of the files that a report can be. */
export const reportEndings = ["html", "pdf", "ipynb", "csv", "json"] as const;

/** Which of them. */
export type ReportEnding = (typeof reportEndings)[number];

/** What a file of a report shows. Tables and the document always hold everything. */
export interface ReportFileForm {
  readonly mode: ReportMode;
  /** Version of the candidate; the first when absent. */
  readonly candidate?: string | undefined;
  /** Whether what was said about it goes along, in HTML and PDF. */
  readonly comments?: boolean | undefined;
}

/** The file's content. @throws InputRefused `no-browser`, `browser-failed` for a PDF. */
export async function reportFile(store: Store, run: RunRecord, ending: ReportEnding, form: ReportFileForm): Promise<string | Buffer> {
  if (ending !== "pdf") return reportText(store, run, ending, form);
  findBrowser();
  return await printPdf(pageOf(store, run, form, true));
}

/** The content of a file that is text. */
export function reportText(store: Store, run: RunRecord, ending: Exclude<ReportEnding, "pdf">, form: ReportFileForm): string {
  const { mode, candidate, comments = false } = form;
  switch (ending) {
    case "html":
      return comments ? pageOf(store, run, form, false) : reportHtml(store, run, { mode, candidate, standalone: true });
    case "ipynb": {
      const csv = reportTables(store, run);
      const packed = gzipSync(csv, { level: 9 }).toString("base64");
      const table = { file: `comparison-${run.id}.csv`, digest: digestOf(csv), packed };
      return reportNotebook(reportModel(store, run, { candidate, standalone: true }), table);
    }
    case "csv":
      return reportTables(store, run);
    case "json":
      return JSON.stringify(comparisonDocument(store, run), null, 2);
  }
}

/** A page that is not kept: one for paper, or with what was said. */
function pageOf(store: Store, run: RunRecord, { mode, candidate, comments = false }: ReportFileForm, isForPaper: boolean): string {
  const report = reportModel(store, run, { candidate, standalone: true });
  return renderReport(report, {
    mode,
    standalone: true,
    isForPaper,
    ...(comments ? { comments: commentedSections(store, run, report) } : {}),
  });
}
