/** The pages of experiments: list, design form, one experiment from its design to its decision. Forms that work without script. */
import { basename } from "node:path";
import { type Request, type Response, Router } from "express";
import { InputRefused, present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { pagePaths, renderPage } from "../../views/index.ts";
import type { WorkerPool } from "../jobs/index.ts";
import {
  designOfComparison,
  exampleDesign,
  experimentContext,
  experimentCsv,
  experimentHtml,
  experimentSummaries,
  faultsOf,
  findOperation,
  type OperationContext,
  openExperiment,
  pastWords,
  primaryOutcomes,
  problemOn,
  type RefusedStep,
  resolveComparison,
  routeInputOf,
  type Sizes,
  sizesOf,
  type TriggeredArm,
  wholeAnalysis,
} from "../operations/index.ts";
import { type Aside, performAside } from "./aside.ts";
import { type CalibrationAnswer, calibrationContext, calibrationCsv } from "./calibration-page.ts";
import { formBody } from "./guards.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { problemOf } from "./problem.ts";
import { withUploadedFile } from "./uploaded-file.ts";

const steps: Readonly<Record<string, { readonly operation: string; readonly anchor: string; readonly read: (body: Body) => object }>> = {
  lock: { operation: "experiment lock", anchor: "#observe", read: () => ({}) },
  observations: {
    operation: "experiment observe",
    anchor: "",
    read: (body) => ({ file: { file: "pasted-observations.csv", text: textOf(body, "observations") } }),
  },
  decisions: {
    operation: "experiment decide",
    anchor: "#decide",
    read: (body) => ({
      arm: textOf(body, "arm"),
      decision: textOf(body, "decision"),
      by: textOf(body, "by"),
      reason: textOf(body, "reason"),
      ...(textOf(body, "dataset") === "" ? {} : { dataset: textOf(body, "dataset") }),
    }),
  },
};

type Body = Readonly<Record<string, unknown>>;

/** A file that was sent: where it lies, and what it was called. */
interface SentFile {
  readonly path: string;
  readonly called: string;
}

/** Pages and what their forms send; programs use `/api/experiments`. */
export function experimentRoutes(context: OperationContext, pool: WorkerPool): Router {
  const router = Router();
  const form = formBody();
  const aside = (response: Response): Aside => ({ pool, context, response });
  router.get(pagePaths.experiments(), (_request, response) =>
    send(response, renderPage("experiments", { notices: [], experiments: experimentSummaries(context.store) })),
  );
  router.get(pagePaths.experimentNew(), (request, response) => {
    const asked = request.query["run"];
    const run = typeof asked === "string" ? resolveComparison(context.store, asked) : undefined;
    const wanted = primaryOutcomes.find((outcome) => outcome === request.query["primary"]);
    const design = run === undefined ? undefined : designOfComparison(context.store, run, wanted);
    const outcomes = design?.offered.map(({ outcome, ...rest }) => ({
      ...rest,
      href: `${pagePaths.experimentNew()}?run=${encodeURIComponent(run?.id ?? "")}&primary=${outcome}`,
    }));
    const datasets = datasetsOf(context.store, run?.datasetId ?? "");
    send(
      response,
      renderPage("experiment-form", {
        notices: [],
        text: design?.text ?? exampleDesign,
        history: "",
        datasets,
        problems: [],
        ...(outcomes === undefined ? {} : { outcomes }),
      }),
    );
  });
  const calibration = async (response: Response): Promise<CalibrationAnswer> =>
    (await performAside(present(findOperation("experiment calibration"), "calibration"), {}, aside(response))) as CalibrationAnswer;
  router.get(pagePaths.experimentCalibration(), async (_request, response) =>
    send(response, renderPage("experiment-calibration", calibrationContext(await calibration(response)))),
  );
  router.get(pagePaths.calibrationFile("json"), async (_request, response) => {
    response.attachment("calibration.json").json(await calibration(response));
  });
  router.get(pagePaths.calibrationFile("csv"), async (_request, response) => {
    response
      .type("csv")
      .attachment("calibration.csv")
      .send(calibrationCsv(await calibration(response)));
  });
  router.post(pagePaths.experiments(), form, (request, response) => writeDown(request, aside(response)));
  router.get("/experiments/:name", async (request, response) => {
    const { name } = request.params;
    const { dataset, base: chosen } = request.query;
    const base = typeof chosen === "string" ? chosen : undefined;
    if (typeof dataset !== "string" || dataset === "")
      return send(response, renderPage("experiment", experimentContext(context.store, name, { base })));
    try {
      const { triggered } = (await performChecked("experiment analyse", { name, dataset }, aside(response))) as {
        triggered: readonly TriggeredArm[];
      };
      send(response, renderPage("experiment", experimentContext(context.store, name, { asked: { dataset, triggered } })));
    } catch (error) {
      refuse(error, name, { field: "divergence" }, response);
    }
  });
  router.get("/experiments/:name/analysis.json", async (request, response) => {
    const found = await performAside(
      present(findOperation("experiment analyse"), "analyse"),
      { name: request.params.name },
      aside(response),
    );
    response.set("content-disposition", `attachment; filename="${request.params.name}.json"`).json(found);
  });
  router.get("/experiments/:name/analysis.csv", (request, response) => {
    const { name } = request.params;
    const text = experimentCsv(wholeAnalysis(context.store, name));
    response.set("content-disposition", `attachment; filename="${name}.csv"`).type("csv").send(text);
  });
  router.get("/experiments/:name/analysis.html", (request, response) => {
    const { name } = request.params;
    const html = experimentHtml(context.store, wholeAnalysis(context.store, name));
    send(response.set("content-disposition", `attachment; filename="${name}.html"`), html);
  });
  router.post("/experiments/:name/observations/file", async (request, response) => {
    const { name } = request.params;
    try {
      // Nothing is written to disk for nobody.
      openExperiment(context.store, name);
      await performOnFile("experiment observe", ({ path, called }) => ({ name, file: path, called }), request, response);
      response.redirect(303, pagePaths.experiment(name));
    } catch (error) {
      refuse(error, name, { field: "observations" }, response);
    }
  });
  router.post("/experiments/:name/history/file", async (request, response) => {
    const { name } = request.params;
    try {
      const text = openExperiment(context.store, name).current.source;
      const input = ({ path, called }: SentFile) => ({ file: { file: "design.yaml", text }, history: path, called, only: true });
      const found = (await performOnFile("experiment design", input, request, response)) as Sizes;
      const typed = { text, history: "", datasets: datasetsOf(context.store, "") };
      send(response, renderPage("experiment-form", { ...typed, notices: found.notes, problems: [], sizes: sizesOf(found) }));
    } catch (error) {
      refuse(error, name, { field: "history" }, response);
    }
  });
  router.post("/experiments/:name/:step", form, async (request, response, next) => {
    const { name, step: word } = request.params;
    const step = Object.hasOwn(steps, word) ? steps[word] : undefined;
    if (step === undefined) return next();
    try {
      await performChecked(step.operation, { name, ...step.read(request.body as Body) }, aside(response));
      response.redirect(303, `${pagePaths.experiment(name)}${step.anchor}`);
    } catch (error) {
      const body = request.body as Body;
      const typed = { observations: textOf(body, "observations"), by: textOf(body, "by"), reason: textOf(body, "reason") };
      refuse(error, name, { field: word === "decisions" ? "decide" : "observations", typed }, response);
    }
  });
  /** Performs an operation on the file that is the request's body. Its path is the server's own; what it holds came with the request. */
  async function performOnFile(name: string, input: (file: SentFile) => object, request: Request, response: Response): Promise<unknown> {
    return await withUploadedFile(request, response, { home: context.store.home, limit: "uploadBytes" }, async (file) => {
      const anyFile = { ...aside(response), context: { ...context, reads: "any file" as const } };
      return await performAside(present(findOperation(name), name), input(file), anyFile);
    });
  }
  /** The page with what was wrong, where there is a page. */
  function refuse(error: unknown, name: string, sent: Pick<RefusedStep, "field" | "typed">, response: Response): void {
    if (!(error instanceof InputRefused) || context.store.experiments.find(name) === undefined) throw error;
    response.status(problemOf(error, context.store).status);
    send(
      response,
      renderPage("experiment", experimentContext(context.store, name, { refusal: { ...sent, diagnostics: error.diagnostics } })),
    );
  }
  answerOtherMethods(router);
  return router;
}

/** Computes sizes, or writes the design down and opens it; a form that cannot be used comes back with what is wrong. */
async function writeDown(request: Request, aside: Aside): Promise<void> {
  const body = request.body as Body;
  const [text, history, dataset] = [textOf(body, "text"), textOf(body, "history").trim(), textOf(body, "dataset")];
  const operation = present(findOperation("experiment design"), "experiment design");
  const file = { file: "design.yaml", text };
  // Sizes are not kept: a design is written down without waiting for them.
  const input =
    body["do"] === "size"
      ? {
          file,
          only: true,
          ...(history === "" ? {} : { history: { file: "pasted-history.csv", text: history } }),
          ...(dataset === "" ? {} : { dataset }),
        }
      : { file };
  const { response, context } = aside;
  const typed = { notices: [], text, history, datasets: datasetsOf(context.store, dataset) };
  try {
    const found = (await performChecked("experiment design", input, aside)) as Sizes;
    if (body["do"] !== "size") return response.redirect(303, operation.linkOf(found) ?? pagePaths.experiments());
    send(
      response,
      renderPage("experiment-form", { ...typed, notices: found.notes, problems: [], sizes: sizesOf(found), ...pastWords(found) }),
    );
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    response.status(problemOf(error, context.store).status);
    const problems = error.diagnostics.map((diagnostic) => {
      const { place } = diagnostic;
      const isInDesign = place === undefined || place.file === "design.yaml";
      const problem = problemOn(isInDesign ? "text" : dataset === "" ? "history" : "dataset", diagnostic);
      // A policy that does not fit the dataset has a file of its own.
      return isInDesign || dataset === "" ? problem : { ...problem, message: `${basename(place.file)}: ${problem.message}` };
    });
    send(response, renderPage("experiment-form", { ...typed, problems }));
  }
}

/** What a form sends is checked as what a program sends is. @throws InputRefused. */
async function performChecked(name: string, input: object, aside: Aside): Promise<unknown> {
  const operation = present(findOperation(name), name);
  const faults = faultsOf(routeInputOf(operation), input);
  if (faults.length > 0) throw new InputRefused(faults);
  return await performAside(operation, input, aside);
}

/** What may be chosen in place of pasted units. */
function datasetsOf(store: Store, chosen: string): readonly { readonly id: string; readonly title: string; readonly selected: boolean }[] {
  return store.datasets.list().map(({ id, manifest }) => ({ id, title: manifest.title, selected: id === chosen }));
}

function textOf(body: Body, name: string): string {
  const value = body[name];
  return typeof value === "string" ? value : "";
}

function send(response: Response, html: string): void {
  response.type("html").set("cache-control", "no-cache").send(html);
}
