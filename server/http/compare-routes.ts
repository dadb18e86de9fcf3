/** The form of a comparison: what it will take, what is kept under a name, and starting it. */
import { type Response, Router } from "express";
import { type Diagnostic, InputRefused, present } from "../../data/foundation/index.ts";
import { pagePaths, renderPage } from "../../views/index.ts";
import type { JobQueue, WorkerPool } from "../jobs/index.ts";
import { type ComparisonEstimate, findOperation, type OperationContext } from "../operations/index.ts";
import { queueWork } from "./api.ts";
import { type Aside, performAside, prepareAside } from "./aside.ts";
import { one, type Typed, typedOf } from "./compare-builder.ts";
import { compareFormContext, readCompareForm } from "./compare-form.ts";
import { formBody } from "./guards.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { requireInput } from "./page-input.ts";

/** The page; a form that cannot be used comes back with what is wrong. */
export function compareRoutes(context: OperationContext, { queue, pool }: { readonly queue: JobQueue; readonly pool: WorkerPool }): Router {
  const router = Router();
  router.get("/compare", async (request, response) => {
    const preset = one(request.query, "preset");
    const kept = preset === "" ? undefined : await performNamed("preset show", { name: preset }, context);
    const input = kept === undefined ? {} : typedOf((kept as { preset: { input: Record<string, unknown> } }).preset.input);
    send(response, context, { ...input, ...request.query });
  });
  router.post("/compare", formBody(), async (request, response) => {
    const typed = request.body as NonNullable<Typed>;
    const aside = { context, pool, response };
    try {
      const work = Object.hasOwn(actions, one(typed, "do")) ? actions[one(typed, "do")] : undefined;
      await (work ?? start)(typed, aside, queue);
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      response.status(422).type("html").set("cache-control", "no-cache");
      response.send(formPage(context, typed, error.diagnostics));
    }
  });
  answerOtherMethods(router);
  return router;
}

type Action = (typed: NonNullable<Typed>, aside: Aside, queue: JobQueue) => Promise<void> | void;

/** What buttons beside the one that starts it ask. */
const actions: Readonly<Record<string, Action>> = {
  text: (typed, { context, response }) => send(response, context, typed),
  periods: (typed, { context, response }) => send(response, context, typed),
  estimate: async (typed, aside) => {
    const operation = present(findOperation("comparison estimate"), "comparison estimate");
    const input = readCompareForm(typed);
    requireInput(operation, input);
    const found = await performAside(operation, input, aside);
    send(aside.response, aside.context, typed, found as ComparisonEstimate);
  },
  keep: async (typed, aside) => {
    const operation = present(findOperation("preset save"), "preset save");
    // What is left out is named by its field, whose name this is.
    const input = { ...readCompareForm(typed), name: one(typed, "presetName") };
    requireInput(operation, input);
    const { preset } = (await performAside(operation, input, aside)) as { preset: { name: string } };
    aside.response.redirect(303, `${pagePaths.compare()}?${new URLSearchParams({ preset: preset.name }).toString()}`);
  },
  forget: async (typed, { context, response }) => {
    await performNamed("preset delete", { name: one(typed, "preset") }, context);
    response.redirect(303, pagePaths.compare());
  },
};

/** Queues what the form asks for; when it is stored already, shows it. */
const start: Action = async (typed, aside, queue) => {
  const operation = present(findOperation("compare"), "compare");
  const input = readCompareForm(typed);
  requireInput(operation, input);
  const { stored } = await prepareAside(operation, input, aside);
  const link = stored === undefined ? undefined : operation.linkOf(stored);
  aside.response.redirect(303, link ?? pagePaths.run(queueWork(operation, input, queue).id));
};

async function performNamed(name: string, input: Record<string, unknown>, context: OperationContext): Promise<unknown> {
  const operation = present(findOperation(name), name);
  requireInput(operation, input);
  return await operation.perform(input, context);
}

function send(response: Response, context: OperationContext, typed: Typed, estimate?: ComparisonEstimate): void {
  response.type("html").set("cache-control", "no-cache");
  response.send(formPage(context, typed, [], estimate));
}

/** The form; while there is no history to choose, what to do first. */
function formPage({ store }: OperationContext, typed: Typed, diagnostics: readonly Diagnostic[], estimate?: ComparisonEstimate): string {
  if (store.datasets.list().length > 0) return renderPage("compare-form", compareFormContext(store, typed, diagnostics, estimate));
  const lead = "A comparison replays versions of a policy over a recorded past and says who would have stood in another tier.";
  return renderPage("no-history", { notices: [], title: "New comparison", lead });
}
