/** Two comparisons side by side: the page, its file, and the choice of the other one. */
import { type Request, type Response, Router } from "express";
import { present } from "../../data/foundation/index.ts";
import { type PageContexts, pagePaths, renderPage } from "../../views/index.ts";
import type { AnswerQuestion, Question, WorkerPool } from "../jobs/index.ts";
import {
  atHome,
  comparisonAgainstCsv,
  comparisonAgainstShape,
  findOperation,
  type OperationContext,
  resolveComparison,
} from "../operations/index.ts";
import { againstContext } from "./against-page.ts";
import { askAside } from "./aside.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { pageInput } from "./page-input.ts";
import { runSummaries, runSummary } from "./page-lists.ts";

const runsOffered = 200;

/** What a thread is asked. */
interface AgainstErrand {
  readonly home: string;
  readonly input: unknown;
  readonly form: "page" | "csv";
}

/** Routes under `/runs/:run/against`. */
export function againstRoutes({ store }: OperationContext, pool: WorkerPool): Router {
  const router = Router();
  const ask = async (request: Request, response: Response, form: AgainstErrand["form"], given: object): Promise<unknown> => {
    const operation = present(findOperation("comparison against"), "the operation");
    const { run, other } = request.params;
    const { candidate, otherCandidate } = request.query;
    const input = pageInput(operation, { run, other, candidate, otherCandidate }, { ...given });
    const question: Question = { module: import.meta.url, argument: { home: store.home, input, form } satisfies AgainstErrand };
    return await askAside(question, { pool, response });
  };
  router.get("/runs/:run/against", (request, response) => {
    const run = resolveComparison(store, request.params.run);
    const { other } = request.query;
    if (typeof other === "string" && other.trim() !== "") {
      return response.redirect(303, pagePaths.against(run.id, resolveComparison(store, other.trim()).id));
    }
    const others = runSummaries(store, runsOffered)
      .filter(({ id, state }) => state === "done" && id !== run.id)
      .map((summary) => ({ run: summary, isSameDataset: summary.dataset.id === run.datasetId }));
    const ordered = [...others.filter(({ isSameDataset }) => isSameDataset), ...others.filter(({ isSameDataset }) => !isSameDataset)];
    response.type("html").set("cache-control", "no-cache");
    return response.send(renderPage("against-choice", { notices: [], run: runSummary(store, run), others: ordered }));
  });
  router.get("/runs/:run/against/:other", async (request, response) => {
    const context = (await ask(request, response, "page", { limit: 100_000 })) as PageContexts["against"];
    response.type("html").set("cache-control", "no-cache").send(renderPage("against", context));
  });
  router.get("/runs/:run/against/:other/figures.csv", async (request, response) => {
    const text = (await ask(request, response, "csv", { figures: "all", limit: 100_000, entities: 0 })) as string;
    response.type("csv").attachment(`${request.params.run}-against-${request.params.other}.csv`).send(text);
  });
  answerOtherMethods(router);
  return router;
}

/** Answers a question. @public Called by a thread of the pool, which knows this module by its address only. */
export const answerQuestion: AnswerQuestion = async (argument) => {
  const { home, input, form } = argument as AgainstErrand;
  return await atHome(home, async (store) => {
    const operation = present(findOperation("comparison against"), "the operation");
    operation.admit(input, { store, reads: "nothing", onProgress: () => undefined, doors: {} });
    const answer = comparisonAgainstShape.parse(
      await operation.perform(input, { store, reads: "nothing", onProgress: () => undefined, doors: {} }),
    );
    return form === "csv" ? comparisonAgainstCsv(answer) : againstContext(store, answer);
  });
};
