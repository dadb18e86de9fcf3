/** The report of a run: as a page, as files, and its tables and figures one by one. */
import { gzipSync } from "node:zlib";
import { type Request, Router } from "express";
import { diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import { figureCsv, figureSvg, findTable, pagePaths, type Report, renderPage, withNewerDataset } from "../../views/index.ts";
import type { WorkerPool } from "../jobs/index.ts";
import {
  auditListCsv,
  auditPlanShape,
  candidatesOf,
  comparisonDocument,
  findOperation,
  type OperationContext,
  type ReportForm,
  reportHtml,
  reportModel,
  reportTables,
  resolveComparison,
} from "../operations/index.ts";
import { performAside } from "./aside.ts";
import { newerDatasetOfRun } from "./newer-dataset.ts";
import { answerOtherMethods } from "./other-methods.ts";

const pagesKept = 64;
const modelsKept = 8;

/** Routes under `/runs/:run/`. A page that was asked for before is answered from memory. */
export function reportRoutes(context: OperationContext, pool: WorkerPool): Router {
  const { store } = context;
  const router = Router();
  const pages = new Recent<{ readonly html: string; readonly packed: Buffer }>(pagesKept);
  const models = new Recent<Report>(modelsKept);

  router.get("/runs/:run/report", (request, response) => {
    const run = comparisonRun(store, request);
    const form = { mode: modeOf(request), candidate: candidateOf(run, request), standalone: false };
    const newer = newerDatasetOfRun(store, run);
    const { html, packed } = pages.get([run.id, form.mode, form.candidate ?? "", newer?.id ?? ""].join("|"), () => {
      const kept = reportHtml(store, run, form);
      const made = newer === undefined ? kept : withNewerDataset(kept, newer);
      return { html: made, packed: gzipSync(made) };
    });
    response.type("html").set("cache-control", "no-cache").vary("accept-encoding");
    // Packed once, when it is first asked for: a report is a sixth of its size so.
    if (request.acceptsEncodings("gzip") === "gzip") response.set("content-encoding", "gzip").send(packed);
    else response.send(html);
  });
  router.get("/runs/:run/report.html", (request, response) => {
    const run = comparisonRun(store, request);
    const html = reportHtml(store, run, { mode: modeOf(request), candidate: candidateOf(run, request), standalone: true });
    response.type("html").attachment(`comparison-${run.id}.html`).send(html);
  });
  router.get("/runs/:run/report.csv", (request, response) => {
    const run = comparisonRun(store, request);
    response.type("csv").attachment(`comparison-${run.id}.csv`).send(reportTables(store, run));
  });
  router.get("/runs/:run/report.json", (request, response) => {
    const run = comparisonRun(store, request);
    response.attachment(`comparison-${run.id}.json`).json(comparisonDocument(store, run));
  });
  router.get("/runs/:run/audits.csv", async (request, response) => {
    const run = comparisonRun(store, request);
    const candidate = candidateOf(run, request);
    const input = { run: run.id, ...(candidate === undefined ? {} : { candidate }) };
    const operation = present(findOperation("comparison audit-plan"), "the operation");
    const answer = await performAside(operation, input, { pool, context, response });
    response
      .type("csv")
      .attachment(`audits-${run.id}.csv`)
      .send(auditListCsv(auditPlanShape.parse(answer)));
  });
  router.get("/runs/:run/tables/:table", (request, response) => {
    const report = modelOf(comparisonRun(store, request), request);
    const found = findTable(report, request.params.table);
    if (found === undefined) throw noneIn("table", request.params.table);
    const { place, mode, ...table } = found;
    const shown = mode === undefined ? "" : `mode=${mode}&`;
    const href = `${pagePaths.report(report.runId)}?${shown}candidate=${encodeURIComponent(report.candidate)}#${place}`;
    const page = renderPage("report-table", { notices: [], report: { name: report.name, href }, ...table });
    response.type("html").set("cache-control", "no-cache").send(page);
  });
  router.get("/runs/:run/figures/:file", (request, response) => {
    const [, figure = "", ending = ""] = /^(.+)\.(svg|csv)$/.exec(request.params.file) ?? [];
    const model = modelOf(comparisonRun(store, request), request);
    const text = ending === "svg" ? figureSvg(model, figure) : ending === "csv" ? figureCsv(model, figure) : undefined;
    if (text === undefined) throw noneIn("figure", request.params.file);
    response.type(ending).send(text);
  });
  answerOtherMethods(router);
  return router;

  function modelOf(run: RunRecord, request: Request): Report {
    const candidate = candidateOf(run, request);
    return models.get([run.id, candidate ?? ""].join("|"), () => reportModel(store, run, { candidate, standalone: false }));
  }
}

function noneIn(what: "figure" | "table", name: string): InputRefused {
  return new InputRefused([diagnose("not-found", { message: `the report has no ${what} '${name}'` })]);
}

/** Keeps the last few values that were asked for. */
class Recent<Value> {
  readonly #values = new Map<string, Value>();
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    const value = known ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    const oldest = this.#values.keys().next();
    if (this.#values.size > this.#count && oldest.done !== true) this.#values.delete(oldest.value);
    return value;
  }
}

function comparisonRun(store: Store, request: Request): RunRecord {
  return resolveComparison(store, String(request.params["run"]));
}

function modeOf(request: Request): ReportForm["mode"] {
  const mode = request.query["mode"] ?? "full";
  if (mode === "brief" || mode === "full" || mode === "method") return mode;
  throw new InputRefused([diagnose("bad-request", { message: `'mode' is ${JSON.stringify(mode)}`, expected: "brief, full or method" })]);
}

/** The version that is asked for, checked; absent: the first. */
function candidateOf(run: RunRecord, request: Request): string | undefined {
  const asked = request.query["candidate"];
  if (asked === undefined) return undefined;
  const known = candidatesOf(run);
  if (typeof asked === "string" && known.includes(asked)) return asked;
  throw new InputRefused([
    diagnose("bad-request", { message: `the run has no candidate ${JSON.stringify(asked)}`, expected: known.join(", ") }),
  ]);
}
