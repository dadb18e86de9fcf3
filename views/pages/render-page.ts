/** Renders a page: its context, its template, one layout. */
import { assetText } from "../assets.ts";
import type { EditorFindings, PolicyEditorContext } from "./editor-context.ts";
import { template, trusted } from "./handlebars.ts";
import type { PageContexts, PageName } from "./page-contexts.ts";
import { pageHeads } from "./page-heads.ts";
import type { StatisticAnswerContext } from "./statistic-context.ts";
import type { WhatIfAnswerContext } from "./what-if-context.ts";

/**
 * The page as HTML. Equal contexts give equal bytes. Everything in a context is escaped.
 *
 * Cost: a few milliseconds; templates are compiled at the first call.
 */
export function renderPage<Name extends PageName>(name: Name, context: PageContexts[Name]): string {
  const head = pageHeads[name](context);
  return template("layout")({ ...head, notices: context.notices, body: trusted(template(name)(context)) });
}

/** The page of an experiment as one file: its style is in it, and it needs no script, no server and no network. */
export function renderExperimentFile(context: PageContexts["experiment"]): string {
  const { title } = pageHeads.experiment(context);
  const body = trusted(template("experiment")({ ...context, isFile: true }));
  return template("layout")({ title, notices: [], css: trusted(assetText("counterweight.css")), body });
}

/** The answering part of the what-if page alone, for its script. */
export function renderWhatIfAnswer(answer: WhatIfAnswerContext): string {
  return template("what-if-answer")(answer);
}

/** The answering part of a statistic's page alone, for its script. */
export function renderStatisticAnswer(answer: StatisticAnswerContext): string {
  return template("statistic-answer")(answer);
}

/** The parts of the policy editor that follow what is written, for its script. */
export function renderEditorParts(parts: { readonly findings: EditorFindings; readonly levers: PolicyEditorContext["levers"] }): {
  readonly findings: string;
  readonly levers: string;
} {
  return { findings: template("editor-findings")(parts.findings), levers: template("editor-levers")({ levers: parts.levers }) };
}
