/** The page that looks for entities. */
import { Router } from "express";
import { InputRefused, present } from "../../data/foundation/index.ts";
import { formatCount, formatDate, type PageContexts, pagePaths, renderPage } from "../../views/index.ts";
import type { WorkerPool } from "../jobs/index.ts";
import { entityFindShape, type FoundEntity, findOperation, type OperationContext, sayStanding } from "../operations/index.ts";
import { performAside } from "./aside.ts";
import { pageOf } from "./list-page.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { pageInput } from "./page-input.ts";

const shownAtOnce = 20;

/** `/search?q=..&offset=..`: a plain form; without a text it is only the form. */
export function searchRoutes(context: OperationContext, pool: WorkerPool): Router {
  const router = Router();
  router.get(pagePaths.search(), async (request, response) => {
    const { q, offset } = request.query;
    const typed = typeof q === "string" ? q : "";
    const send = (page: PageContexts["search"]) => response.type("html").set("cache-control", "no-cache").send(renderPage("search", page));
    if (typed.trim() === "") return void send(emptyPage(typed));
    try {
      const operation = present(findOperation("entity find"), "the operation");
      const input = pageInput(operation, { offset }, { text: typed, limit: shownAtOnce });
      send(pageOn(typed, entityFindShape.parse(await performAside(operation, input, { pool, context, response }))));
    } catch (error) {
      if (!(error instanceof InputRefused) || error.diagnostics.some(({ code }) => code !== "bad-request")) throw error;
      response.status(422);
      send({ ...emptyPage(typed), problem: error.diagnostics.map(({ message }) => message).join(" ") });
    }
  });
  answerOtherMethods(router);
  return router;
}

function emptyPage(q: string): PageContexts["search"] {
  return { notices: [], q, isAsked: false, isSearched: false, problem: "", looked: "", page: { first: 0, last: 0, all: 0 }, hits: [] };
}

function pageOn(q: string, { total, offset, datasets, datasetsLeftOut, hits }: FoundEntity): PageContexts["search"] {
  const rest = datasetsLeftOut === 0 ? "" : ` ${formatCount(datasetsLeftOut)} more, older or without rows here, were not looked through.`;
  const many = total > 1000 ? " That is a long list: more letters make it shorter." : "";
  const looked =
    datasets.length === 0
      ? datasetsLeftOut === 0
        ? "There is no dataset to look in yet."
        : "There is no dataset to look in: the rows of those that are known lie elsewhere (rows-elsewhere)."
      : `Looked in ${datasets.length === 1 ? "one dataset" : `${formatCount(datasets.length)} datasets`}; whole ids first, then those that begin so, then those that have it somewhere, then attributes.${rest}${many}`;
  const address = (start: number) => `${pagePaths.search()}?${new URLSearchParams({ q, offset: String(start) }).toString()}`;
  return {
    ...emptyPage(q),
    isAsked: true,
    isSearched: datasets.length > 0,
    looked,
    page: pageOf({ offset, shown: hits.length, all: total, size: shownAtOnce }, address),
    hits: hits.map(({ entity, kind, dataset, match, standings }) => ({
      entity,
      kind,
      dataset,
      match,
      standings: standings.map((standing) => ({
        name: `${standing.programme}, to ${formatDate(standing.to)}`,
        href: pagePaths.entity(standing.run, entity),
        words: sayStanding(standing),
      })),
    })),
  };
}
