/** The page of a cell of the movement matrix, and its files. */
import { type Request, type Response, Router } from "express";
import { present } from "../../data/foundation/index.ts";
import { formatCount, type PageContexts, pagePaths, renderPage } from "../../views/index.ts";
import type { WorkerPool } from "../jobs/index.ts";
import {
  type ComparisonEntities,
  comparisonEntitiesCsv,
  comparisonEntitiesShape,
  findOperation,
  type OperationContext,
  resolveComparison,
  resolveDataset,
} from "../operations/index.ts";
import { performAside } from "./aside.ts";
import { pageOf } from "./list-page.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { pageInput } from "./page-input.ts";
import { runSummary } from "./page-lists.ts";

/** Each is explained: a page of more would take long. */
const shownAtOnce = 25;
/** As many as one answer of the operation holds. */
const inOneFile = 100_000;

/** Routes under `/runs/:run/movement/`. */
export function movementCellRoutes(context: OperationContext, pool: WorkerPool): Router {
  const { store } = context;
  const router = Router();
  const ask = async (request: Request, response: Response, given: Readonly<Record<string, unknown>>): Promise<ComparisonEntities> => {
    const operation = present(findOperation("comparison entities"), "the operation");
    const { run, from, to } = request.params;
    const { candidate, at, offset } = request.query;
    const input = pageInput(operation, { run, baselineTier: from, candidateTier: to, candidate, at, offset }, given);
    return comparisonEntitiesShape.parse(await performAside(operation, input, { pool, context, response }));
  };
  router.get("/runs/:run/movement/:from/:to", async (request, response) => {
    const answer = await ask(request, response, { limit: shownAtOnce, reasons: true });
    response
      .type("html")
      .set("cache-control", "no-cache")
      .send(renderPage("movement-cell", cellContext(answer, request)));
  });
  router.get("/runs/:run/movement/:from/:to/entities.csv", async (request, response) => {
    const isPage = request.query["offset"] !== undefined;
    const answer = await ask(request, response, isPage ? { limit: shownAtOnce, reasons: true } : { limit: inOneFile });
    response.type("csv").attachment(`movement-${answer.run.id}.csv`).send(comparisonEntitiesCsv(answer));
  });
  answerOtherMethods(router);
  return router;

  function cellContext(answer: ComparisonEntities, request: Request): PageContexts["movement-cell"] {
    const run = resolveComparison(store, answer.run.id);
    const { schema } = resolveDataset(store, run.datasetId).manifest;
    const { baselineTier: from, candidateTier: to, offset, listed, entities } = answer;
    const query = { candidate: answer.candidate, ...(typeof request.query["at"] === "string" ? { at: request.query["at"] } : {}) };
    const address = (path: string, more: Readonly<Record<string, string>>) =>
      `${path}?${new URLSearchParams({ ...query, ...more }).toString()}`;
    // Who holds which tier is what the page is about.
    const held =
      from === to ? `${from} is held under both. ` : `Under ${answer.baseline} ${from} is held, under ${answer.candidate} ${to}. `;
    const here = pagePaths.movementCell(run.id, from, to);
    const csv = pagePaths.movementCellCsv(run.id, from, to);
    return {
      notices: [],
      run: runSummary(store, run),
      entityKind: schema.entity,
      grain: schema.grain,
      at: answer.at,
      baseline: answer.baseline,
      candidate: answer.candidate,
      from,
      to,
      hasMoney: schema.gmvMeasure !== undefined,
      currency: answer.currency ?? "",
      page: pageOf({ offset, shown: listed.length, all: entities, size: shownAtOnce }, (start) => address(here, { offset: String(start) })),
      entities: listed.map(({ entity, gmv = 0, baselineScore, candidateScore, reason = "" }) => ({
        entity,
        gmv,
        ...(baselineScore === undefined ? {} : { baselineScore }),
        ...(candidateScore === undefined ? {} : { candidateScore }),
        reason: inBrief(reason.startsWith(held) ? reason.slice(held.length) : reason),
      })),
      csvPage: address(csv, { offset: String(offset) }),
      csvAll: address(csv, {}),
      csvAllWords: entities > inOneFile ? `CSV of the first ${formatCount(inOneFile)}` : "CSV of all",
    };
  }
}

/** Without the days that each count is over: many rows would say the same. The entity's page and the CSV have them. */
function inBrief(reason: string): string {
  return reason.replaceAll(/, from \d+\s\w+\s\d{4} to \d+\s\w+\s\d{4}\)/g, ")");
}
