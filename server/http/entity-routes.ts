/** What is under the address of an entity: its page, the letter to it, and files of both. */
import { type Request, type Response, Router } from "express";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import type { Letter } from "../../policies/explain/index.ts";
import { type PageContexts, renderPage } from "../../views/index.ts";
import type { AnswerQuestion, Question, WorkerPool } from "../jobs/index.ts";
import { atHome, type OperationContext, resolveComparison } from "../operations/index.ts";
import { askAside } from "./aside.ts";
import { historyCsv } from "./entity-course.ts";
import { entityContext, loadEvaluator, openEntity } from "./entity-page.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { runSummary } from "./page-lists.ts";

/** Whose page is asked for, and which. */
interface EntityErrand {
  readonly home: string;
  readonly run: string;
  readonly entity: string;
  readonly form: "page" | "history" | "letter";
  readonly version?: string;
}

/** A letter with what its page says beside, and as text. */
interface WrittenLetter {
  readonly page: PageContexts["entity-letter"];
  readonly text: string;
}

/** What a thread needs for an entity: half of the time that the first answer takes. */
const modules = [import.meta.url, new URL("../../policies/explain/index.js", import.meta.url).href];

/** Who reads a report asks about an entity next: a thread gets ready for it. */
export function expectEntities(pool: WorkerPool): void {
  pool.makeReady(modules);
}

/** Routes under `/runs/:run/entities/`. Each takes seconds on a large history, and is answered by another thread. */
export function entityRoutes({ store }: OperationContext, pool: WorkerPool): Router {
  const router = Router();
  const ask = async (request: Request, response: Response, form: EntityErrand["form"]): Promise<unknown> => {
    const version = request.query["version"];
    const [run = "", entity = ""] = [request.params["run"], request.params["entity"]].map(String);
    const { id } = resolveComparison(store, run);
    const argument: EntityErrand = { home: store.home, run: id, entity, form, ...(typeof version === "string" ? { version } : {}) };
    const question: Question = { module: import.meta.url, argument };
    return await askAside(question, { pool, response });
  };
  const page = (response: Response) => response.type("html").set("cache-control", "no-cache");
  router.get("/runs/:run/entities/:entity", async (request, response) => {
    const context = (await ask(request, response, "page")) as PageContexts["entity"];
    page(response).send(renderPage("entity", context));
  });
  router.get("/runs/:run/entities/:entity/history.csv", async (request, response) => {
    const text = (await ask(request, response, "history")) as string;
    response.type("csv").attachment("entity-history.csv").send(text);
  });
  router.get("/runs/:run/entities/:entity/letter", async (request, response) => {
    const letter = (await ask(request, response, "letter")) as WrittenLetter;
    page(response).send(renderPage("entity-letter", letter.page));
  });
  router.get("/runs/:run/entities/:entity/letter.md", async (request, response) => {
    const { page: shown, text } = (await ask(request, response, "letter")) as WrittenLetter;
    response.type("text/markdown; charset=utf-8").attachment(`letter-${shown.version}.md`).send(text);
  });
  answerOtherMethods(router);
  return router;
}

/** Answers a question. @public Called by a thread of the pool, which knows this module by its address only. */
export const answerQuestion: AnswerQuestion = async (argument) => {
  const errand = argument as EntityErrand;
  return await atHome(errand.home, async (store) => {
    const run = resolveComparison(store, errand.run);
    if (errand.form === "letter") return await letterOn(store, errand);
    const context = await entityContext(store, run, errand.entity);
    return errand.form === "page" ? context : historyOf(context);
  });
};

/** All rows, tiers first. */
function historyOf({ entity, versions, metrics }: PageContexts["entity"]): string {
  const rows = versions.flatMap(({ version, rows: own }) =>
    own.map(({ period, score, held, merited }) => [entity, version, "score", "", "number", period, score ?? "", "", "", held, merited]),
  );
  return historyCsv(entity, metrics, rows);
}

async function letterOn(store: Store, { run: id, entity, version }: EntityErrand): Promise<WrittenLetter> {
  const run = resolveComparison(store, id);
  const opened = await openEntity(store, run, entity);
  const { entries, schema, history, to } = opened;
  const index =
    version === undefined
      ? entries.findIndex(({ role }) => role === "baseline")
      : entries.findIndex(({ policy }) => policy.version === version);
  const entry = entries[index];
  if (entry === undefined) {
    const expected = entries.map(({ policy }) => policy.version).join(", ");
    throw new InputRefused([diagnose("bad-request", { message: `the run has no version ${JSON.stringify(version)}`, expected })]);
  }
  const { policy, role } = entry;
  const { letterMarkdown, letterOf } = await loadEvaluator();
  const peers = opened.peers[index];
  const letter = letterOf(policy, schema, history, { to, isInForce: role === "baseline", ...(peers === undefined ? {} : { peers }) });
  if (letter === undefined) {
    const message = `${policy.version} has not evaluated '${opened.name}' by the end of the range, so there is nothing to write about`;
    throw new InputRefused([diagnose("not-found", { message })]);
  }
  const versions = entries.map((one) => ({ version: one.policy.version, role: one.role, isShown: one === entry }));
  const remarks = remarksOn(letter, { isInForce: role === "baseline", isOver: (history.rows.at(-1)?.period ?? to) < to });
  return {
    page: {
      notices: [],
      run: runSummary(store, run),
      entity: opened.name,
      version: policy.version,
      role,
      versions,
      title: letter.title,
      parts: letter.parts,
      remarks,
    },
    text: letterMarkdown(letter, opened.name),
  };
}

function remarksOn({ parts }: Letter, { isInForce, isOver }: { readonly isInForce: boolean; readonly isOver: boolean }): readonly string[] {
  return [
    ...(isInForce
      ? ["It says what the replay of the baseline gives; compare it with the tier that was really assigned."]
      : ["This version is not in force: do not send it as a decision."]),
    ...(isOver ? ["The history of this one ends before the range does: the letter is about its last evaluation."] : []),
    ...(parts.some(({ heading }) => heading === "If you think that this is wrong")
      ? []
      : ["The policy file says nothing about appeals, so the letter does not either."]),
  ];
}
