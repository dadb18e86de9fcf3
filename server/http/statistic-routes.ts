/** The pages of the statistics: all of them, and a calculator for each. */
import { type Response, Router } from "express";
import { type Diagnostic, InputRefused, present } from "../../data/foundation/index.ts";
import { type Found, loadStatistics, type Statistic } from "../../simulations/statistics/index.ts";
import { pagePaths, renderPage, renderStatisticAnswer, type StatisticContext, statisticAnswer } from "../../views/index.ts";
import type { WorkerPool } from "../jobs/index.ts";
import { type Answer, findOperation, type OperationContext, statisticNamed } from "../operations/index.ts";
import { type Aside, performAside } from "./aside.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { problemOf } from "./problem.ts";
import { fieldOfPath, hasOtherFields, readStatisticForm, statisticForm, type TypedFields } from "./statistic-form.ts";

/** Pages and the answer alone; programs ask `POST /api/statistics/<name>`. */
export function statisticRoutes(context: OperationContext, pool: WorkerPool): Router {
  const router = Router();
  router.get(pagePaths.statistics(), async (_request, response) => {
    const { families, statistics } = await loadStatistics();
    const listed = Object.entries(families).map(([family, title]) => ({
      title,
      statistics: statistics
        .filter((statistic) => statistic.family === family)
        .map((statistic) => ({ name: statistic.name, title: statistic.title, summary: statistic.summary })),
    }));
    send(response, renderPage("statistics", { notices: [], families: listed.filter((one) => one.statistics.length > 0) }));
  });
  router.get("/statistics/:name", async (request, response) => {
    const statistic = await statisticNamed(request.params.name);
    const typed = Object.keys(request.query).length === 0 ? undefined : (request.query as TypedFields);
    const { status, page } = await calculatorContext(statistic, typed, { pool, context, response });
    response.status(status);
    send(response, renderPage("statistic", page));
  });
  router.get("/statistics/:name/answer", async (request, response) => {
    const statistic = await statisticNamed(request.params.name);
    response.set("cache-control", "no-store");
    try {
      const found = await compute(statistic, readStatisticForm(statistic, request.query), { pool, context, response });
      response.json({ html: renderStatisticAnswer(statisticAnswer(found)), problems: [] });
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      response.status(problemOf(error, context.store).status).json({ problems: problemsOf(statistic, request.query, error.diagnostics) });
    }
  });
  answerOtherMethods(router);
  return router;
}

function send(response: Response, html: string): void {
  response.type("html").set("cache-control", "no-cache").send(html);
}

async function calculatorContext(
  statistic: Statistic,
  typed: TypedFields | undefined,
  aside: Aside,
): Promise<{ readonly status: number; readonly page: StatisticContext }> {
  const { families } = await loadStatistics();
  const { name, title, family, summary, formula, assumptions, source, references, example } = statistic;
  const input = typed === undefined ? (example as Record<string, unknown>) : readStatisticForm(statistic, typed);
  const whole = {
    notices: [],
    name,
    title,
    family: families[family],
    summary,
    formula,
    assumptions,
    source,
    references,
    json: JSON.stringify(input, null, 2),
  };
  try {
    const answer = statisticAnswer(await compute(statistic, input, aside));
    return { status: 200, page: { ...whole, ...statisticForm(statistic, typed, []), asksAnew: false, problems: [], answer } };
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    const fields = typed ?? {};
    if (hasOtherFields(statistic, fields))
      return { status: 200, page: { ...whole, ...statisticForm(statistic, fields, []), asksAnew: true, problems: [] } };
    const problems = problemsOf(statistic, fields, error.diagnostics);
    return {
      status: problemOf(error, aside.context.store).status,
      page: { ...whole, ...statisticForm(statistic, typed, problems), asksAnew: false, problems },
    };
  }
}

/** @throws InputRefused `bad-statistic-input`. */
async function compute({ name }: Statistic, input: Record<string, unknown>, aside: Aside): Promise<Found> {
  const answer = (await performAside(present(findOperation("statistic run"), "statistic run"), { name, input }, aside)) as Answer;
  return foundOf(answer);
}

/** The finding that an answer is the JSON of. */
function foundOf({ undetermined, ...parts }: Answer): Found {
  return { kind: undetermined === undefined ? "finding" : "undetermined", ...undetermined, ...parts } as unknown as Found;
}

/** Messages begin with the field's path in quotes: the form's field is found by it. */
function problemsOf(statistic: Statistic, typed: TypedFields, diagnostics: readonly Diagnostic[]): StatisticContext["problems"] {
  return diagnostics.map(({ message, near, cure }) => ({
    field: fieldOfPath(statistic, /^'([\w.]+)'/.exec(message)?.[1] ?? "", typed),
    message,
    // The form itself shows what is expected.
    cure: near === undefined ? "" : cure,
  }));
}
