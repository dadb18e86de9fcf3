/** The pages of experiments: list, design form, one experiment from its design to its decision. Forms that work without script. */
import { type Request, type Response, Router } from "express";
import { InputRefused, present } from "../../data/foundation/index.ts";
import { pagePaths, renderPage } from "../../views/index.ts";
import type { WorkerPool } from "../jobs/index.ts";
import { faultsOf, findOperation, type OperationContext, routeInputOf } from "../operations/index.ts";
import { type Aside, performAside } from "./aside.ts";
import { exampleDesign, experimentContext, experimentSummaries, problemOn, type Sizes, scorecardCsv, sizesOf } from "./experiment-page.ts";
import { formBody } from "./guards.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { problemOf } from "./problem.ts";

const steps: Readonly<Record<string, { readonly operation: string; readonly anchor: string; readonly read: (body: Body) => object }>> = {
  lock: { operation: "experiment lock", anchor: "#observe", read: () => ({}) },
  observations: {
    operation: "experiment observe",
    anchor: "",
    read: (body) => ({ file: { file: "observations.csv", text: textOf(body, "observations") } }),
  },
  decisions: {
    operation: "experiment decide",
    anchor: "#decide",
    read: (body) => ({
      arm: textOf(body, "arm"),
      decision: textOf(body, "decision"),
      by: textOf(body, "by"),
      reason: textOf(body, "reason"),
    }),
  },
};

type Body = Readonly<Record<string, unknown>>;

/** Pages and what their forms send; programs use `/api/experiments`. */
export function experimentRoutes(context: OperationContext, pool: WorkerPool): Router {
  const router = Router();
  const form = formBody();
  const aside = (response: Response): Aside => ({ pool, context, response });
  router.get(pagePaths.experiments(), (_request, response) =>
    send(response, renderPage("experiments", { notices: [], experiments: experimentSummaries(context.store) })),
  );
  router.get(pagePaths.experimentNew(), (_request, response) =>
    send(response, renderPage("experiment-form", { notices: [], text: exampleDesign, history: "", problems: [] })),
  );
  router.post(pagePaths.experiments(), form, (request, response) => writeDown(request, aside(response)));
  router.get("/experiments/:name", (request, response) =>
    send(response, renderPage("experiment", experimentContext(context.store, request.params.name))),
  );
  router.get("/experiments/:name/analysis.json", async (request, response) => {
    const found = await performAside(
      present(findOperation("experiment analyse"), "analyse"),
      { name: request.params.name },
      aside(response),
    );
    response.set("content-disposition", `attachment; filename="${request.params.name}.json"`).json(found);
  });
  router.get("/experiments/:name/analysis.csv", (request, response) => {
    response
      .type("csv")
      .set("content-disposition", `attachment; filename="${request.params.name}.csv"`)
      .send(scorecardCsv(context.store, request.params.name));
  });
  router.post("/experiments/:name/:step", form, async (request, response, next) => {
    const { name, step: word } = request.params;
    const step = Object.hasOwn(steps, word) ? steps[word] : undefined;
    if (step === undefined) return next();
    try {
      await performChecked(step.operation, { name, ...step.read(request.body as Body) }, aside(response));
      response.redirect(303, `${pagePaths.experiment(name)}${step.anchor}`);
    } catch (error) {
      if (!(error instanceof InputRefused) || context.store.experiments.find(name) === undefined) throw error;
      response.status(problemOf(error, context.store).status);
      const body = request.body as Body;
      const typed = { observations: textOf(body, "observations"), by: textOf(body, "by"), reason: textOf(body, "reason") };
      const field = word === "decisions" ? "decide" : "observations";
      send(response, renderPage("experiment", experimentContext(context.store, name, { field, typed, diagnostics: error.diagnostics })));
    }
  });
  answerOtherMethods(router);
  return router;
}

/** Computes sizes, or writes the design down and opens it; a form that cannot be used comes back with what is wrong. */
async function writeDown(request: Request, aside: Aside): Promise<void> {
  const body = request.body as Body;
  const [text, history] = [textOf(body, "text"), textOf(body, "history").trim()];
  const operation = present(findOperation("experiment design"), "experiment design");
  const input = {
    file: { file: "design.yaml", text },
    ...(history === "" ? {} : { history: { file: "history.csv", text: history } }),
    ...(body["do"] === "size" ? { only: true } : {}),
  };
  const { response, context } = aside;
  try {
    const found = (await performChecked("experiment design", input, aside)) as Sizes;
    if (body["do"] !== "size") return response.redirect(303, operation.linkOf(found) ?? pagePaths.experiments());
    send(response, renderPage("experiment-form", { notices: [], text, history, problems: [], sizes: sizesOf(found) }));
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    response.status(problemOf(error, context.store).status);
    const problems = error.diagnostics.map((diagnostic) =>
      problemOn(diagnostic.place === undefined || diagnostic.place.file === "design.yaml" ? "text" : "history", diagnostic),
    );
    send(response, renderPage("experiment-form", { notices: [], text, history, problems }));
  }
}

/** What a form sends is checked as what a program sends is. @throws InputRefused. */
async function performChecked(name: string, input: object, aside: Aside): Promise<unknown> {
  const operation = present(findOperation(name), name);
  const faults = faultsOf(routeInputOf(operation), input);
  if (faults.length > 0) throw new InputRefused(faults);
  return await performAside(operation, input, aside);
}

function textOf(body: Body, name: string): string {
  const value = body[name];
  return typeof value === "string" ? value : "";
}

function send(response: Response, html: string): void {
  response.type("html").set("cache-control", "no-cache").send(html);
}
