/** The API: a route for every operation that has one, made from the table. */
import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import { type Request, type Response, Router } from "express";
import { diagnose, digestOfValue, InputRefused } from "../../data/foundation/index.ts";
import type { JobRecord, Store } from "../../data/store/index.ts";
import { hasEnded, type JobQueue, type WorkerPool } from "../jobs/index.ts";
import {
  faultsOf,
  fieldsOf,
  jobJson,
  keptFramePath,
  type Operation,
  type OperationContext,
  openApiDocument,
  operations,
  readFieldText,
  requireShallow,
  resolveRun,
  routeInputOf,
} from "../operations/index.ts";
import { type Aside, performAside, prepareAside } from "./aside.ts";
import { followJob } from "./job-events.ts";
import { answerOtherMethods } from "./other-methods.ts";

/** Seconds that a caller waits for long work unless it says otherwise. */
const waitSecondsDefault = 20;
const waitSecondsMax = 300;

/** The routes under `/api`. */
export function apiRoutes(context: OperationContext, queue: JobQueue, pool: WorkerPool): Router {
  const router = Router();
  router.get("/api/openapi.json", (_request, response) => void response.json(openApiDocument()));
  router.get("/api/jobs/:job/events", (request, response) => followJob(request.params.job, context.store, queue, response));
  router.get("/api/runs/:run/frame", (request, response) => sendFrame(context.store, request.params.run, response));
  for (const operation of operations) {
    if (operation.route === undefined) continue;
    const path = operation.route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    router[operation.route.method](path, async (request: Request, response: Response) => {
      const input = readInput(operation, request);
      const aside = { pool, context, response };
      if (operation.isLong) await answerLong(operation, input, queue, aside, request);
      else response.json(operation.isHeavy ? await performAside(operation, input, aside) : await operation.perform(input, context));
    });
  }
  answerOtherMethods(router);
  router.use("/api", (request) => {
    throw new InputRefused([diagnose("not-found", { message: `there is no ${request.method} ${request.originalUrl.split("?")[0]}` })]);
  });
  return router;
}

/** The frame that a replay was asked to keep. */
function sendFrame(store: Store, named: string, response: Response): void {
  const run = resolveRun(store, named);
  const path = keptFramePath(store.home, run.id);
  if (!existsSync(path)) throw new InputRefused([diagnose("not-found", { message: `run ${run.id} keeps no frame`, found: run.id })]);
  const [root, name] = [dirname(path), basename(path)];
  response.type("application/vnd.apache.parquet").attachment(`frame-${name}`).sendFile(name, { root });
}

/** Puts work that was prepared into the queue, unless it waits there already. @throws InputRefused `queue-full`. */
export function queueWork(operation: Operation, input: unknown, queue: JobQueue): JobRecord {
  const queued = queue.submit({
    operation: operation.name,
    title: operation.titleOf(input),
    input,
    inputDigest: digestOfValue({ operation: operation.name, input }),
  });
  if ("severity" in queued) throw new InputRefused([queued]);
  return queued;
}

/** Gives the result when it is stored or comes in time, the job otherwise. */
async function answerLong(operation: Operation, input: unknown, queue: JobQueue, aside: Aside, request: Request): Promise<void> {
  const { context, response } = aside;
  const { stored } = await prepareAside(operation, input, aside);
  if (stored !== undefined) return void response.json(stored);
  const { id } = queueWork(operation, input, queue);
  const job = await queue.settled(id, waitSeconds(request) * 1000);
  if (job === undefined || !hasEnded(job)) {
    response
      .status(202)
      .location(`/api/jobs/${id}`)
      .json({ job: job === undefined ? { id } : jobJson(job) });
  } else if (job.state === "done") {
    response.location(`/api/jobs/${id}`).json(context.store.jobs.result(id));
  } else {
    throw new InputRefused(
      job.diagnostics.length > 0 ? job.diagnostics : [diagnose("job-died", { message: job.sentence ?? `${id} is ${job.state}` })],
    );
  }
}

/** `Prefer: respond-async` or `wait=N` (RFC 7240). */
function waitSeconds(request: Request): number {
  const prefer = String(request.headers["prefer"] ?? "");
  const wait = /(?:^|[,;\s])wait=(\d+)/.exec(prefer)?.[1];
  if (wait !== undefined) return Math.min(Number(wait), waitSecondsMax);
  return /(?:^|[,;\s])respond-async/.test(prefer) ? 0 : waitSecondsDefault;
}

/** @throws InputRefused `bad-request`, one diagnostic a fault. */
function readInput(operation: Operation, request: Request): unknown {
  const shape = routeInputOf(operation);
  const fields = new Map(fieldsOf(shape).map((field) => [field.name, field]));
  const texts = [...(operation.route?.method === "get" ? Object.entries(request.query) : []), ...Object.entries(request.params)];
  const named = texts.map(([name, text]): readonly [string, unknown] => {
    const field = fields.get(name);
    const given = Array.isArray(text)
      ? text.flatMap((one) => (typeof one === "string" ? [one] : []))
      : typeof text === "string"
        ? text
        : "";
    return [name, field === undefined ? given : readFieldText(field, given)];
  });
  // Made of entries, so that a field called __proto__ is a field like any other.
  const input: Record<string, unknown> = Object.fromEntries([
    ...Object.entries(operation.route?.method === "post" ? bodyOf(request.body, operation.route.body) : {}),
    ...named,
  ]);
  const faults = faultsOf(shape, input);
  if (faults.length > 0) throw new InputRefused(faults);
  return shape.parse(input);
}

/** The fields that the body gives: its own, or the one that it is. */
function bodyOf(body: unknown, field: string | undefined): Record<string, unknown> {
  const given = objectOf(body);
  return field === undefined ? given : { [field]: given };
}

function objectOf(body: unknown): Record<string, unknown> {
  if (body === undefined) return {};
  requireShallow(body, { file: "body", line: 1, column: 1 });
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return { ...body };
  throw new InputRefused([diagnose("bad-json", { message: "the body is JSON, but no object" })]);
}
