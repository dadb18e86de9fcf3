/** What is shared of a report: comments on it, its PDF and its notebook, and its figures one by one in other pages. */
import { type Request, type Response, Router } from "express";
import { diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import type { RunRecord } from "../../data/store/index.ts";
import { figureContexts, figureCsv, figureSize, figureSvg, pagePaths, type Report, renderPage } from "../../views/index.ts";
import type { WorkerPool } from "../jobs/index.ts";
import {
  drawPng,
  faultsOf,
  findOperation,
  type OperationContext,
  problemOn,
  type ReportFileForm,
  reportFile,
  routeInputOf,
} from "../operations/index.ts";
import { performAside } from "./aside.ts";
import { type CommentsAsked, commentCounts, commentsContext } from "./comments-page.ts";
import { formBody } from "./guards.ts";
import { originOf } from "./origin.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { problemOf } from "./problem.ts";

/** How the report's routes find what is asked for. */
export interface ReportFinder {
  readonly runOf: (request: Request) => RunRecord;
  /** The version that is asked for, checked; absent: the first. */
  readonly candidateOf: (run: RunRecord, request: Pick<Request, "query">) => string | undefined;
  readonly modeOf: (request: Request) => ReportFileForm["mode"];
  readonly modelOf: (run: RunRecord, candidate: string | undefined) => Report;
}

const steps = ["resolve", "reopen", "withdraw"];

/** Routes under `/runs/:run/`. */
export function sharingRoutes(context: OperationContext, pool: WorkerPool, finder: ReportFinder): Router {
  const { store } = context;
  const router = Router();
  const form = formBody();
  const { runOf, candidateOf, modeOf, modelOf } = finder;

  router.get("/runs/:run/report.pdf", async (request, response) => {
    const run = runOf(request);
    const comments = request.query["comments"] === "true";
    const pdf = await reportFile(store, run, "pdf", { mode: modeOf(request), candidate: candidateOf(run, request), comments });
    response.type("pdf").attachment(`comparison-${run.id}.pdf`).send(pdf);
  });
  router.get("/runs/:run/report.ipynb", async (request, response) => {
    const run = runOf(request);
    const notebook = await reportFile(store, run, "ipynb", { mode: "method", candidate: candidateOf(run, request) });
    response.type("application/x-ipynb+json").attachment(`comparison-${run.id}.ipynb`).send(notebook);
  });
  router.get("/runs/:run/figures/:figure/share", (request, response) => {
    const contexts = figureOf(request);
    sendPage(response, renderPage("figure-share", contexts.share));
  });
  router.get("/runs/:run/comments.json", (request, response) => {
    const run = runOf(request);
    response.set("cache-control", "no-cache").json(commentCounts(store, run, modelOf(run, candidateOf(run, request))));
  });
  router.get("/runs/:run/comments", (request, response) => {
    const run = runOf(request);
    const at = request.query["at"];
    showComments(response, run, candidateOf(run, request), { at: typeof at === "string" ? at : undefined });
  });
  router.post("/runs/:run/comments", form, async (request, response) => {
    const [run, body] = [runOf(request), request.body as Body];
    const replyTo = textOf(body, "replyTo");
    await perform("comment add", { request, response }, run, {
      run: run.id,
      text: textOf(body, "text"),
      by: textOf(body, "by"),
      ...(replyTo === "" ? { anchor: textOf(body, "anchor"), candidate: candidateIn(run, body) } : { replyTo: Number(replyTo) }),
    });
  });
  router.post("/runs/:run/comments/:comment/:step", form, async (request, response) => {
    const [run, body] = [runOf(request), request.body as Body];
    const { comment, step } = request.params;
    if (!steps.includes(step)) throw new InputRefused([diagnose("not-found", { message: `no comment is '${step}'` })]);
    const number = Number(comment);
    await perform(`comment ${step}`, { request, response }, run, {
      comment: number,
      by: textOf(body, "by"),
      reason: textOf(body, "reason"),
    });
  });
  answerOtherMethods(router);
  return router;

  function figureOf(request: Request) {
    const run = runOf(request);
    const figure = String(request.params["figure"]);
    const found = figureContexts(modelOf(run, candidateOf(run, request)), figure, originOf(request));
    if (found === undefined) throw new InputRefused([diagnose("not-found", { message: `the report has no figure '${figure}'` })]);
    return found;
  }

  /** Does what a form asks for, and leads back to where it stood; what cannot be done comes back with the page. */
  async function perform(name: string, { request, response }: Exchange, run: RunRecord, input: object): Promise<void> {
    const body = request.body as Body;
    const at = textOf(body, "at") === "" ? undefined : textOf(body, "at");
    try {
      const operation = present(findOperation(name), name);
      const faults = faultsOf(routeInputOf(operation), input);
      if (faults.length > 0) throw new InputRefused(faults);
      const { number, thread } = (await performAside(operation, input, { pool, context, response })) as Settled;
      const fields = new URLSearchParams({ ...(at === undefined ? {} : { at }), candidate: thread.candidate });
      response.redirect(303, `${pagePaths.comments(run.id)}?${fields.toString()}#comment-${number}`);
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      const problems = error.diagnostics.map((diagnostic) => problemOn(/'by'/.test(diagnostic.message) ? "by" : "text", diagnostic));
      response.status(problemOf(error, store).status);
      const typed = { text: textOf(body, "text"), by: textOf(body, "by") };
      showComments(response, run, candidateIn(run, body), { at, anchor: textOf(body, "anchor"), problems, typed });
    }
  }

  function showComments(response: Response, run: RunRecord, candidate: string | undefined, asked: CommentsAsked): void {
    sendPage(response, renderPage("comments", commentsContext(store, run, modelOf(run, candidate), asked)));
  }

  /** The candidate that a form names; the first where it names none of the run's. */
  function candidateIn(run: RunRecord, body: Body): string | undefined {
    const named = textOf(body, "candidate");
    return named === "" ? undefined : candidateOf(run, { query: { candidate: named } });
  }
}

/** A figure in one form, by the name of its file: `movement.svg`, `.csv`, `.png`; without an ending the page that others frame. */
export async function sendFigure(report: Report, file: string, request: Request, response: Response): Promise<void> {
  const [, figure = file, ending = ""] = /^(.+)\.(svg|csv|png)$/.exec(file) ?? [];
  const missing = () => new InputRefused([diagnose("not-found", { message: `the report has no figure '${file}'` })]);
  if (ending === "") {
    const found = figureContexts(report, figure, originOf(request));
    if (found === undefined) throw missing();
    letOthersFrame(response);
    return sendPage(response, renderPage("figure-alone", found.figure));
  }
  const text = ending === "csv" ? figureCsv(report, figure) : figureSvg(report, figure);
  const size = figureSize(report, figure);
  if (text === undefined || size === undefined) throw missing();
  response.type(ending).send(ending === "png" ? await drawPng(text, size) : text);
}

/** Of all pages only this one: it has no form and no script, so that framing it can make nobody do anything. */
function letOthersFrame(response: Response): void {
  const policy = String(response.getHeader("content-security-policy")).replace("frame-ancestors 'none'", "frame-ancestors *");
  response.set("content-security-policy", policy).removeHeader("x-frame-options");
}

interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

interface Settled {
  readonly number: number;
  readonly thread: { readonly candidate: string };
}

type Body = Readonly<Record<string, unknown>>;

function textOf(body: Body, name: string): string {
  const value = body[name];
  return typeof value === "string" ? value : "";
}

function sendPage(response: Response, html: string): void {
  response.type("html").set("cache-control", "no-cache").send(html);
}
