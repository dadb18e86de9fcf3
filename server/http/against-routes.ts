/** Two comparisons side by side: the page, its file, and the choice of the other one. */
import { type Request, type Response, Router } from "express";
import { present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { formatCount, formatDate, formatFigure, type PageContexts, pagePaths, type Report, renderPage } from "../../views/index.ts";
import type { AnswerQuestion, Question, WorkerPool } from "../jobs/index.ts";
import {
  atHome,
  type ComparisonAgainst,
  comparisonAgainstCsv,
  comparisonAgainstShape,
  findOperation,
  type OperationContext,
  reportModel,
  resolveComparison,
} from "../operations/index.ts";
import { askAside } from "./aside.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { pageInput } from "./page-input.ts";
import { runSummaries, runSummary } from "./page-lists.ts";

const runsOffered = 200;
const figuresShown = 60;

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

function againstContext(store: Store, answer: ComparisonAgainst): PageContexts["against"] {
  const [first, second] = [answer.first, answer.second].map(({ run }) => resolveComparison(store, run.id));
  const [a, b] = [present(first, "a run"), present(second, "a run")];
  const { figures, entities, differences } = answer;
  const strips = [answer.first, answer.second].map(
    ({ run, candidate }) => reportModel(store, resolveComparison(store, run.id), { candidate, standalone: true }).strip,
  );
  const query = new URLSearchParams({ candidate: answer.first.candidate, otherCandidate: answer.second.candidate }).toString();
  const swapped = new URLSearchParams({ candidate: answer.second.candidate, otherCandidate: answer.first.candidate }).toString();
  return {
    notices: [],
    first: { run: runSummary(store, a), candidate: answer.first.candidate },
    second: { run: runSummary(store, b), candidate: answer.second.candidate },
    title: titleOf(answer),
    warnings: differences.filter(({ isIncomparable }) => isIncomparable).map(({ name, words }) => `${name}: ${words}`),
    differences: differences.map(({ name, first: own, second: other, words, changes }) => ({
      name,
      first: own,
      second: other,
      words,
      changes: changes.map(changeRow),
    })),
    headlines: headlinesOf(strips[0] ?? [], strips[1] ?? []),
    sections: figures.sections,
    figures: shownFigures(figures.listed).map(({ section, figure, where, first: own, second: other, difference, doOverlap }) => ({
      section,
      figure: figure.replaceAll(/[_-]/g, " "),
      where,
      first: sayNumber(own.value),
      second: sayNumber(other.value),
      difference: difference === undefined ? "" : saySigned(difference),
      intervals: doOverlap === undefined ? "" : doOverlap ? "overlap" : "apart",
    })),
    figuresWords: figuresWords(figures, shownFigures(figures.listed).length),
    csv: `${pagePaths.against(a.id, b.id)}/figures.csv?${query}`,
    entitiesWords: entitiesWords(entities),
    entities: entities?.listed ?? [],
    swapped: `${pagePaths.against(b.id, a.id)}?${swapped}`,
  };
}

function changeRow({ from, to, direction, ...change }: ComparisonAgainst["differences"][number]["changes"][number]) {
  return {
    ...change,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(direction === undefined ? {} : { direction }),
  };
}

/** True if the reader reads nothing else. */
function titleOf({ differences, figures, entities, isComparable }: ComparisonAgainst): string {
  if (!isComparable) return "The two are not about the same: their figures differ for more than the policy";
  if (figures.differ === 0 && (entities?.differ ?? 0) === 0) {
    return differences.length === 0 ? "The two are the same: no figure differs" : "No figure differs";
  }
  const who =
    entities === undefined
      ? ""
      : entities.differ === 0
        ? ", and nobody holds another tier"
        : `, and ${formatCount(entities.differ)} of ${formatCount(entities.inFrame)} hold another tier`;
  return `${formatCount(figures.differ)} of ${formatCount(figures.compared)} figures differ${who}`;
}

function headlinesOf(first: Report["strip"], second: Report["strip"]): PageContexts["against"]["headlines"] {
  const others = new Map(second.map((figure) => [figure.id, figure]));
  const said = (figure: Report["strip"][number] | undefined) =>
    figure === undefined ? "not among its figures" : `${figure.value}${figure.unit === "" ? "" : `\u00a0${figure.unit}`}`;
  const known = new Set(first.map(({ id }) => id));
  const row = (own: Report["strip"][number] | undefined, other: Report["strip"][number] | undefined) => ({
    name: own?.name ?? other?.name ?? "",
    first: said(own),
    firstNote: own?.interval ?? "",
    second: said(other),
    secondNote: other?.interval ?? "",
  });
  return [
    ...first.map((figure) => row(figure, others.get(figure.id))),
    ...second.filter(({ id }) => !known.has(id)).map((figure) => row(undefined, figure)),
  ];
}

/** Sections that a reader asks for first; the others follow in their own order. */
const sectionsFirst = ["movement", "range", "gmv", "sales", "harm", "errors"];

/** What is told once before what is told of every period: a long series would fill the page. */
function shownFigures(listed: ComparisonAgainst["figures"]["listed"]): ComparisonAgainst["figures"]["listed"] {
  const rankOf = ({ section, figure }: (typeof listed)[number]): number => {
    if (figure === "cell" || section === "distribution" || section === "series") return sectionsFirst.length + 1;
    const place = sectionsFirst.indexOf(section);
    return place < 0 ? sectionsFirst.length : place;
  };
  return listed.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, figuresShown);
}

function figuresWords({ compared, differ, onlyFirst, onlySecond }: ComparisonAgainst["figures"], shown: number): string {
  const alone =
    onlyFirst + onlySecond === 0
      ? ""
      : ` ${formatCount(onlyFirst)} figures only the first has, ${formatCount(onlySecond)} only the second: of other dates, tiers or groups.`;
  const cut = differ > shown ? ` Of those that differ ${formatCount(shown)} are below, series over time last; the file has all.` : "";
  return `${formatCount(differ)} of ${formatCount(compared)} figures that both have differ.${alone}${cut} The difference is the second less the first. Whether two intervals overlap says only that they share a value.`;
}

function entitiesWords(entities: ComparisonAgainst["entities"]): string {
  if (entities === undefined) return "The two look at different datasets, so nobody can be looked up in both.";
  const { at, differ, inFrame, listed } = entities;
  const cut =
    differ > listed.length ? ` The ${formatCount(listed.length)} with the largest sales are below; the command and the API give all.` : "";
  return `${formatCount(differ)} of ${formatCount(inFrame)} hold another tier under the two candidates, in the period to ${formatDate(at)}, the last that both ranges hold.${cut}`;
}

function sayNumber(value: number | undefined): string {
  return value === undefined ? "not determined" : formatFigure(value, 5);
}

function saySigned(difference: number): string {
  return difference > 0 ? `+${formatFigure(difference, 4)}` : formatFigure(difference, 4);
}
