/** The web application: guards, API, pages, and one form of error. */
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, Router } from "express";
import helmet from "helmet";
import { diagnose, formatDiagnostic, InputRefused, limits } from "../../data/foundation/index.ts";
import { renderPage } from "../../views/index.ts";
import type { JobQueue, WorkerPool } from "../jobs/index.ts";
import { type OperationContext, programVersion } from "../operations/index.ts";
import { apiRoutes } from "./api.ts";
import { isWithdrawn } from "./aside.ts";
import { guardBody, guardHost, guardOrigin, requireUtf8 } from "./guards.ts";
import type { Log } from "./log.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { pageRoutes } from "./page-router.ts";
import { type Problem, problemOf } from "./problem.ts";

/** What the application serves from. */
export interface AppOptions {
  readonly context: OperationContext;
  readonly queue: JobQueue;
  readonly pool: WorkerPool;
  readonly host: string;
  readonly log: Log;
  /** What the start found and put right, shown on the home page. */
  readonly notices: readonly string[];
}

/** Makes the application. */
export function makeApp({ context, queue, pool, host, log, notices }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(requestLog(log));
  app.use(helmet(headers));
  app.use(guardHost(host));
  app.use(healthRoute(context));
  app.use(guardOrigin);
  app.use("/api", guardBody, express.json({ limit: limits.requestBodyBytes.value, strict: false, type: () => true, verify: requireUtf8 }));
  app.use(apiRoutes(context, queue, pool));
  app.use(pageRoutes(context, { queue, pool, notices }));
  app.use((request) => {
    throw new InputRefused([diagnose("not-found", { message: `there is no page ${request.path}`, found: request.path })]);
  });
  app.use(answerFault(log, context));
  return app;
}

function healthRoute({ store }: OperationContext): Router {
  const router = Router();
  router.get("/health", (_request, response) => {
    const jobs = { queued: store.jobs.inState("queued").length, running: store.jobs.inState("running").length };
    response.set("cache-control", "no-store").json({ status: "ok", version: programVersion(), jobs });
  });
  answerOtherMethods(router);
  return router;
}

/** No script but our own files; nothing from elsewhere; styles may stand in drawings. Plain HTTP: no promise of HTTPS. */
const headers: Parameters<typeof helmet>[0] = {
  // The default, no-referrer, makes browsers send "Origin: null" with a form of our own, which the guard refuses.
  referrerPolicy: { policy: "same-origin" },
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      scriptSrcAttr: ["'none'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
};

function requestLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const began = process.hrtime.bigint();
    response.on("finish", () => {
      const milliseconds = Number(process.hrtime.bigint() - began) / 1e6;
      log.info(
        { method: request.method, path: request.path, status: response.statusCode, milliseconds: Math.round(milliseconds * 10) / 10 },
        "answered",
      );
    });
    next();
  };
}

/** Programs get a problem document, people a page. */
function answerFault(log: Log, context: OperationContext): ErrorRequestHandler {
  return (fault: unknown, request, response, next) => {
    if (isWithdrawn(fault)) return void response.destroy();
    const problem = problemOf(fault, context.store);
    const asked = { method: request.method, path: request.path };
    if (problem.code === "internal-fault") log.error({ err: fault, ...asked }, problem.code);
    else if (problem.status >= 500) log.warn({ detail: problem.detail, ...asked }, problem.code);
    if (response.headersSent) return next(fault);
    response.status(problem.status).set("cache-control", "no-store");
    if (problem.code === "queue-full") response.set("retry-after", "30");
    if (wantsPage(request)) response.type("html").send(pageOf(problem, fault));
    else response.type("application/problem+json").send(JSON.stringify(problem));
  };
}

function wantsPage(request: Request): boolean {
  return !request.path.startsWith("/api/") && request.path !== "/health" && request.accepts(["json", "html"]) === "html";
}

function pageOf(problem: Problem, fault: unknown): string {
  const [first] = problem.diagnostics;
  return renderPage("error", {
    notices: [],
    status: problem.status,
    title: problem.title,
    message: problem.detail,
    cure: first?.cure ?? "",
    diagnostics: fault instanceof InputRefused ? fault.diagnostics.map(formatDiagnostic) : [],
  });
}
