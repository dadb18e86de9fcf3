/** The pages: each address, what it is told, and the redirects that lead to them. */
import { existsSync } from "node:fs";
import { extname } from "node:path";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { assetText, isAssetName, type PageContexts, type PageName, pagePaths, renderPage } from "../../views/index.ts";
import type { JobQueue, WorkerPool } from "../jobs/index.ts";
import { keptFramePath, type OperationContext, resolveDataset, resolveRun } from "../operations/index.ts";
import { againstRoutes } from "./against-routes.ts";
import { compareRoutes } from "./compare-routes.ts";
import { connectionRoutes } from "./connection-routes.ts";
import { datasetContext, framesOf } from "./dataset-page.ts";
import { editorRoutes } from "./editor-routes.ts";
import { entityRoutes } from "./entity-routes.ts";
import { experimentRoutes } from "./experiment-routes.ts";
import { movementCellRoutes } from "./movement-cell-routes.ts";
import { newerDataset } from "./newer-dataset.ts";
import { originOf } from "./origin.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { datasetSummary, offeredProgrammes, programmeSummaries, runSummaries } from "./page-lists.ts";
import { pairedContext } from "./paired-page.ts";
import { policyDiffContext, policyVersionContext } from "./policy-pages.ts";
import { progressContext } from "./progress-page.ts";
import { referenceContext } from "./reference-page.ts";
import { reportRoutes } from "./report-routes.ts";
import { runsContext } from "./runs-page.ts";
import { searchRoutes } from "./search-routes.ts";
import { statisticRoutes } from "./statistic-routes.ts";
import { whatIfRoutes } from "./what-if-routes.ts";

const runsAtHome = 6;

/** What pages need beside the context. `notices`: what the start found and put right; shown on the home page. */
interface PageOptions {
  readonly queue: JobQueue;
  readonly pool: WorkerPool;
  readonly notices: readonly string[];
}

/** The routes of the pages. */
export function pageRoutes(context: OperationContext, { queue, pool, notices }: PageOptions): Router {
  const { store } = context;
  const router = Router();

  router.get("/", (_request, response) =>
    send(response, "home", {
      notices,
      datasets: store.datasets.list().map(datasetSummary),
      runs: runSummaries(store, runsAtHome),
      programmes: offeredProgrammes(store),
    }),
  );
  router.get("/policies", (_request, response) => send(response, "policies", { notices: [], programmes: programmeSummaries(store.home) }));
  router.get("/policies/:programme/diff", async (request, response) =>
    send(response, "policy-diff", await policyDiffContext(request.params.programme, request.query, { pool, context, response })),
  );
  router.get("/policies/:programme/:version", (request, response) =>
    send(response, "policy-version", policyVersionContext(store.home, request.params.programme, request.params.version)),
  );
  router.get("/datasets", (_request, response) =>
    send(response, "datasets", { notices: [], datasets: store.datasets.list().map(datasetSummary) }),
  );
  router.get("/datasets/:dataset", async (request, response) => {
    const record = resolveDataset(store, request.params.dataset);
    send(response, "dataset", await datasetContext(record, { newer: newerDataset(store, record.id), frames: framesOf(store, record.id) }));
  });
  router.get("/reference", (request, response) => send(response, "reference", referenceContext(originOf(request))));
  router.get("/runs", (request, response) => send(response, "runs", runsContext(store, queue, request.query)));
  router.get("/runs/:run", (request, response) => showRun(store, queue, request.params.run, response));
  router.post("/runs/:run/cancel", async (request, response) => {
    const ended = await queue.cancel(request.params.run);
    if ("severity" in ended) throw new InputRefused([ended]);
    response.redirect(303, pagePaths.run(request.params.run));
  });
  answerOtherMethods(router);
  router.use(entityRoutes(context, pool));
  router.use(searchRoutes(context, pool));
  router.use(againstRoutes(context, pool));
  router.use(movementCellRoutes(context, pool));
  router.use(connectionRoutes(context));
  router.use(compareRoutes(context, { queue, pool }));
  router.use(reportRoutes(context, pool));
  router.use(whatIfRoutes(context));
  router.use(editorRoutes(context, pool));
  router.use(statisticRoutes(context, pool));
  router.use(experimentRoutes(context, pool));
  router.use(shortcuts());
  router.use("/assets", sendAsset);
  return router;
}

/** Sends an asset. Its address carries its digest, so that it may be kept for a year. */
const sendAsset: RequestHandler = (request, response, next) => {
  const name = request.path.slice(1);
  if (!isAssetName(name) || (request.method !== "GET" && request.method !== "HEAD")) return next();
  response.type(extname(name)).set("cache-control", "public, max-age=31536000, immutable").send(assetText(name));
};

/** Sends a page. Its own markup changes with every run and version, so it is checked again each time. */
function send<Name extends PageName>(response: Response, name: Name, context: PageContexts[Name]): void {
  response.type("html").set("cache-control", "no-cache").send(renderPage(name, context));
}

/** A job's progress, or a replay against a baseline; another run that is there, and a job that is done, lead on to what came out. */
function showRun(store: Store, queue: JobQueue, id: string, response: Response): void {
  const job = store.jobs.find(id);
  if (job === undefined) {
    const run = resolveRun(store, id);
    const paired = pairedContext(store, run);
    const part = existsSync(keptFramePath(store.home, run.id)) ? "#frames" : "";
    if (paired !== undefined) send(response, "paired-replay", paired);
    else response.redirect(303, run.kind === "comparison" ? pagePaths.report(run.id) : pagePaths.dataset(run.datasetId) + part);
  } else if (job.state === "done" && job.link !== undefined) response.redirect(303, job.link);
  else send(response, "run-progress", progressContext(store, queue, job));
}

/** Addresses by noun, for people who type them. */
function shortcuts(): Router {
  const router = Router();
  const query = (request: Request) => (request.originalUrl.includes("?") ? `?${request.originalUrl.split("?")[1]}` : "");
  router.get("/comparisons", (_request, response) => response.redirect(308, pagePaths.runs()));
  router.get("/comparisons/new", (request, response) => response.redirect(308, `${pagePaths.compare()}${query(request)}`));
  router.get("/comparisons/:run", (request, response) =>
    response.redirect(308, `${pagePaths.report(request.params.run)}${query(request)}`),
  );
  for (const ending of ["csv", "json", "html", "pdf", "ipynb"]) {
    router.get(`/comparisons/:run/report.${ending}`, (request, response) =>
      response.redirect(308, `/runs/${encodeURIComponent(request.params.run)}/report.${ending}${query(request)}`),
    );
  }
  router.get("/entities/:dataset/:entity", (request, response) => {
    const { run } = request.query;
    if (typeof run !== "string" || run === "")
      throw new InputRefused([diagnose("bad-request", { message: "'run' is missing: an entity is shown under the policies of a run" })]);
    response.redirect(308, pagePaths.entity(run, request.params.entity));
  });
  answerOtherMethods(router);
  return router;
}
