/** The routes of moved parameters: the page, its answer alone, the candidate's file, and saving it. */
import { type Response, Router } from "express";
import { diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import { type PageContexts, pagePaths, renderPage, renderWhatIfAnswer } from "../../views/index.ts";
import { findOperation, movePolicy, type OperationContext, provenanceOf, resolvePolicy, resolveRun } from "../operations/index.ts";
import { formBody } from "./guards.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { problemOf } from "./problem.ts";
import type { Typed } from "./typed-fields.ts";
import {
  answerContext,
  askWhatIf,
  candidateInput,
  isOpening,
  problemsOf,
  readWhatIfForm,
  type WhatIfForm,
  whatIfContext,
} from "./what-if-page.ts";

/** Pages and parts of pages; programs ask `POST /api/what-if`. */
export function whatIfRoutes(context: OperationContext): Router {
  const router = Router();
  router.get(pagePaths.whatIf(), async (request, response) => {
    await send(response, readWhatIfForm(context, request.query), context);
  });
  router.get(pagePaths.whatIfAnswer(), async (request, response) => {
    const form = readWhatIfForm(context, request.query);
    response.set("cache-control", "no-store");
    try {
      const { policy } = resolvePolicy(form.policy, context);
      const answer = await askWhatIf(form, context);
      if (isOpening(answer)) response.status(202).json({ opening: answer });
      else response.json({ html: renderWhatIfAnswer(answerContext(answer, policy.version)), problems: [] });
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      const { status, code } = problemOf(error, context.store);
      response.status(status).json({ code, problems: problemsOf(error.diagnostics, form) });
    }
  });
  router.get(pagePaths.whatIfFile(), async (request, response) => {
    const form = readWhatIfForm(context, request.query);
    try {
      const { file, text } = candidateOf(form, context);
      response.type("application/yaml").attachment(file.replace("/", "-")).send(text);
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      response.status(422);
      await send(response, form, context, error.diagnostics);
    }
  });
  router.post(pagePaths.whatIfSave(), formBody(), async (request, response) => {
    const form = readWhatIfForm(context, (request.body ?? {}) as Typed);
    try {
      if (form.rationale === "")
        throw new InputRefused([
          diagnose("bad-request", {
            message: "a version says why it is there, and nothing is written under ‘Why’",
            found: "rationale",
            cure: "Write a sentence or two.",
          }),
        ]);
      const { file, text } = candidateOf(form, context);
      const saved = (await present(findOperation("policy save"), "policy save").perform({ file: { file, text } }, context)) as {
        readonly programme: string;
        readonly version: string;
      };
      response.redirect(303, pagePaths.policy(saved.programme, saved.version));
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      response.status(422);
      await send(response, form, context, error.diagnostics);
    }
  });
  router.get("/runs/:run/what-if", (request, response) => {
    const run = resolveRun(context.store, request.params.run);
    const { policies } = provenanceOf(run);
    const version = request.query["candidate"];
    const baseline = policies.find(({ role }) => role === "baseline");
    const candidate = policies.find(({ role, policy }) => role === "candidate" && policy.version === version) ?? policies.at(-1);
    const reference = (one: typeof baseline) => (one === undefined ? "" : `${one.policy.programme}@${one.policy.version}`);
    const query = new URLSearchParams({ policy: reference(candidate), baseline: reference(baseline), dataset: run.datasetId });
    for (const end of ["from", "to"]) if (typeof run.inputs[end] === "string") query.set(end, run.inputs[end]);
    response.redirect(303, `${pagePaths.whatIf()}?${query.toString()}`);
  });
  answerOtherMethods(router);
  return router;
}

async function send(
  response: Response,
  form: WhatIfForm,
  context: OperationContext,
  refused: Parameters<typeof whatIfContext>[2] = [],
): Promise<void> {
  const hasHistory = context.store.datasets.list().length > 0;
  const page = hasHistory ? renderPage("what-if", await whatIfContext(form, context, refused)) : renderPage("no-history", noHistory);
  response.type("html").set("cache-control", "no-cache").send(page);
}

/** In place of the page while there is nothing to move a policy over. */
const noHistory: PageContexts["no-history"] = {
  notices: [],
  title: "What if a policy had other numbers?",
  lead: "Here its numbers are moved, and a recorded past says who would change tier and what sales would stand under another consequence.",
};

/** @throws InputRefused when nothing is moved, or with what is wrong. */
function candidateOf(form: WhatIfForm, context: OperationContext): { readonly file: string; readonly text: string } {
  const { candidate } = movePolicy(candidateInput(form), context);
  if (candidate !== undefined) return candidate;
  throw new InputRefused([
    diagnose("no-changes", {
      severity: "error",
      message: "nothing is moved, so that there is nothing to keep",
      cure: "Move a parameter first.",
    }),
  ]);
}
