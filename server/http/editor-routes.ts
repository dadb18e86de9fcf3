/** The routes of the policy editor: the page, what its buttons ask, and what its script asks while somebody writes. */
import { type Request, type Response, Router } from "express";
import { diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { type PageContexts, pagePaths, renderEditorParts, renderPage, renderWhatIfAnswer } from "../../views/index.ts";
import type { WorkerPool } from "../jobs/index.ts";
import { findOperation, type OperationContext } from "../operations/index.ts";
import { type Aside, askAside, performAside } from "./aside.ts";
import {
  answerOf,
  assessForm,
  type EditorForm,
  type EditorTurn,
  editedOf,
  editorContext,
  fileNameOf,
  findingsOf,
  leversOf,
  readEditorForm,
  withValues,
} from "./editor-page.ts";
import { completeQuestion, editedFile } from "./editor-question.ts";
import { formBody } from "./guards.ts";
import { answerOtherMethods } from "./other-methods.ts";
import { problemOf } from "./problem.ts";
import type { Typed } from "./typed-fields.ts";

const path = "/policies/:programme/:version/edit";

interface Named {
  readonly programme: string;
  readonly version: string;
}

/** The page, and a part of it for each question of its script. */
export function editorRoutes(context: OperationContext, pool: WorkerPool): Router {
  const router = Router();
  const asideOf = (response: Response): Aside => ({ pool, context, response });
  const formOf = (request: Request<Named>, response: Response): EditorForm =>
    readEditorForm(asideOf(response), request.params, (request.method === "GET" ? request.query : request.body) as Typed);

  router.get(path, async (request, response) => await send(formOf(request, response), asideOf(response)));
  router.post(path, formBody(), async (request, response) => {
    const form = formOf(request, response);
    try {
      await act(form, asideOf(response));
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      const { status } = problemOf(error, context.store);
      await send(form, asideOf(response.status(status)), { refused: refusedWords[form.action] ?? "", diagnostics: error.diagnostics });
    }
  });
  for (const [question, answer] of Object.entries(questions)) {
    router.post(`${path}/${question}`, formBody(), async (request: Request<Named>, response) => {
      response.set("cache-control", "no-store");
      const form = formOf(request, response);
      try {
        await answer(form, asideOf(response));
      } catch (error) {
        if (!(error instanceof InputRefused)) throw error;
        const { status, code } = problemOf(error, context.store);
        response.status(status).json({ code, problems: error.diagnostics.map(({ message, cure }) => `${message}. ${cure}`) });
      }
    });
  }
  answerOtherMethods(router);
  return router;
}

const refusedWords: Readonly<Record<string, string>> = {
  save: "This cannot be saved yet",
  format: "This has no canonical form yet",
  move: "This cannot be put into the text",
};

/** What a button asks. */
async function act(form: EditorForm, aside: Aside): Promise<void> {
  const { response } = aside;
  switch (form.action) {
    case "save":
      return response.redirect(303, await save(form, aside));
    case "format":
      return await send({ ...form, text: await formatted(form, aside) }, aside);
    case "move":
      return await send({ ...form, text: moved(form, (await assessForm(form, aside)).policy) }, aside);
    case "figures":
      return await send(form, aside, { wantsFigures: true });
    case "file":
      return void response.type("application/yaml").attachment(fileNameOf(form)).send(form.text);
    default:
      return await send(form, aside);
  }
}

/** What the script asks, by the last word of the address. */
const questions: Readonly<Record<string, (form: EditorForm, aside: Aside) => Promise<void>>> = {
  check: async (form, aside) => {
    const assessment = await assessForm(form, aside);
    const findings = findingsOf(assessment, form);
    const named = leversOf(assessment.policy);
    aside.response.json({
      ...partsOf({ findings, levers: named }),
      isSound: assessment.isSound,
      places: assessment.places,
      values: Object.fromEntries(named.map(({ name, value }) => [name, value])),
    });
  },
  complete: async (form, aside) => {
    const question = completeQuestion(aside.context.store, editedOf(form), form.offset);
    aside.response.json(await askAside(question, aside));
  },
  figures: async (form, aside) => {
    const found = await answerOf(form, aside);
    if ("opening" in found) aside.response.status(202).json(found);
    else aside.response.json({ html: renderWhatIfAnswer(found.answer) });
  },
  format: async (form, aside) => void aside.response.json({ text: await formatted(form, aside) }),
  save: async (form, aside) => {
    try {
      aside.response.json({ address: await save(form, aside) });
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      const page = await editorContext(form, aside, { diagnostics: error.diagnostics });
      aside.response.status(problemOf(error, aside.context.store).status).json({
        ...partsOf(page),
        problems: error.diagnostics.map(({ message, cure }) => `${message}. ${cure}`),
      });
    }
  },
};

/** What is said of the text, as the script shows it. */
function partsOf(page: Pick<PageContexts["policy-editor"], "findings" | "levers">) {
  const { said, problems } = page.findings;
  const marks = problems.flatMap(({ line, severity }) => (line === undefined ? [] : [{ line, severity }]));
  return { ...renderEditorParts(page), count: said, marks };
}

/** Keeps the text, and gives the address of the version that it became. @throws InputRefused. */
async function save(form: EditorForm, aside: Aside): Promise<string> {
  const saved = (await performAside(present(findOperation("policy save"), "policy save"), { file: sourceOf(form) }, aside)) as Named;
  return pagePaths.policy(saved.programme, saved.version);
}

async function formatted(form: EditorForm, aside: Aside): Promise<string> {
  const operation = present(findOperation("policy format"), "policy format");
  return ((await performAside(operation, { file: sourceOf(form) }, aside)) as { readonly text: string }).text;
}

/** The text with the numbers that stand elsewhere than in it. @throws InputRefused for those that have no place in it. */
function moved(form: EditorForm, policy: Policy | undefined): string {
  const { text, lost } = withValues(form.text, form.values, policy);
  if (lost.length === 0) return text;
  const cure = "Correct the problems of the text first, or write the number by hand.";
  throw new InputRefused(
    lost.map((name) => diagnose("path-not-found", { message: `the text has no place for the number of '${name}'`, found: name, cure })),
  );
}

function sourceOf({ base, text }: EditorForm): { readonly file: string; readonly text: string } {
  return { file: editedFile(base.policy.programme), text };
}

async function send(form: EditorForm, aside: Aside, turn: EditorTurn = {}): Promise<void> {
  const page = await editorContext(form, aside, turn);
  aside.response.type("html").set("cache-control", "no-cache").send(renderPage("policy-editor", page));
}
