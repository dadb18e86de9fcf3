/** The report of a run: as a page, as files, and its tables and figures one by one. */
import { gzipSync } from "node:zlib";
import { type Request, Router } from "express";
import { diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import { findTable, modeOfPart, pagePaths, type Report, renderPage, withNewerDataset } from "../../views/index.ts";
import type { WorkerPool } from "../jobs/index.ts";
import {
  atRiskListCsv,
  atRiskListShape,
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
  reportText,
  resolveComparison,
} from "../operations/index.ts";
import { performAside } from "./aside.ts";
import { expectEntities } from "./entity-routes.ts";
import { newerDatasetOfRun } from "./newer-dataset.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { sendFigure, sharingRoutes } from "./sharing-routes.ts";

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
    expectEntities(pool);
  });
  router.get("/runs/:run/report.html", (request, response) => {
    const run = comparisonRun(store, request);
    const comments = request.query["comments"] === "true";
    const html = reportText(store, run, "html", { mode: modeOf(request), candidate: candidateOf(run, request), comments });
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
  router.get("/runs/:run/alarms.csv", async (request, response) => {
    const run = comparisonRun(store, request);
    const policy = candidateOf(run, request);
    const input = { run: run.id, ...(policy === undefined ? {} : { policy }) };
    const operation = present(findOperation("comparison at-risk"), "the operation");
    const answer = await performAside(operation, input, { pool, context, response });
    response
      .type("csv")
      .attachment(`alarms-${run.id}.csv`)
      .send(atRiskListCsv(atRiskListShape.parse(answer)));
  });
  router.get("/runs/:run/tables/:table", (request, response) => {
    const run = comparisonRun(store, request);
    const report = modelOf(run, candidateOf(run, request));
    const found = findTable(report, request.params.table);
    if (found === undefined) throw noTable(request.params.table);
    const { place, ...table } = found;
    // The mode that it was opened from, if that shows it.
    const mode = request.query["mode"] === undefined ? modeOfPart(report, place) : modeOf(request);
    const href = `${pagePaths.report(report.runId)}?mode=${mode}&candidate=${encodeURIComponent(report.candidate)}#${place}`;
    const page = renderPage("report-table", { notices: [], report: { name: report.name, href }, ...table });
    response.type("html").set("cache-control", "no-cache").send(page);
  });
  router.get("/runs/:run/figures/:file", async (request, response) => {
    const run = comparisonRun(store, request);
    await sendFigure(modelOf(run, candidateOf(run, request)), request.params.file, request, response);
  });
  answerOtherMethods(router);
  router.use(sharingRoutes(context, pool, { runOf: (request) => comparisonRun(store, request), candidateOf, modeOf, modelOf }));
  return router;

  function modelOf(run: RunRecord, candidate: string | undefined): Report {
    return models.get([run.id, candidate ?? ""].join("|"), () => reportModel(store, run, { candidate, standalone: false }));
  }
}

function noTable(name: string): InputRefused {
  return new InputRefused([diagnose("not-found", { message: `the report has no table '${name}'` })]);
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
function candidateOf(run: RunRecord, request: Pick<Request, "query">): string | undefined {
  const asked = request.query["candidate"];
  if (asked === undefined) return undefined;
  const known = candidatesOf(run);
  if (typeof asked === "string" && known.includes(asked)) return asked;
  throw new InputRefused([
    diagnose("bad-request", { message: `the run has no candidate ${JSON.stringify(asked)}`, expected: known.join(", ") }),
  ]);
}
