/** The page of a report's comments: what was said, and forms that work without script. */
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import { type CommentsContext, type FormProblem, modeOfPart, pagePaths, type Report, reportAnchors } from "../../views/index.ts";
import { candidatesOf, commentedSections } from "../operations/index.ts";

/** What a visitor asked for, and what was sent and cannot be used. */
export interface CommentsAsked {
  /** The part of the page that it is about; all when absent. */
  readonly at?: string | undefined;
  /** The part that is chosen in the form of the page of all. */
  readonly anchor?: string | undefined;
  readonly problems?: readonly FormProblem[];
  readonly typed?: CommentsContext["typed"];
}

/** @throws InputRefused `not-found` for a part that the report does not have and that nobody commented on. */
export function commentsContext(store: Store, run: RunRecord, report: Report, asked: CommentsAsked): CommentsContext {
  const { at, anchor = "answer", problems = [], typed = { text: "", by: "" } } = asked;
  const several = candidatesOf(run).length > 1;
  const address = (candidate: string, part: string | undefined) => {
    const fields = [
      ...(part === undefined ? [] : [`at=${encodeURIComponent(part)}`]),
      ...(several ? [`candidate=${encodeURIComponent(candidate)}`] : []),
    ];
    return pagePaths.comments(run.id) + (fields.length === 0 ? "" : `?${fields.join("&")}`);
  };
  const known = reportAnchors(report);
  const said = commentedSections(store, run, report);
  const sections = at === undefined ? said : onlyAbout(said, at);
  const threads = sections.flatMap(({ parts }) => parts.flatMap((part) => part.threads));
  const part = known.find((one) => one.anchor === at) ?? sections[0]?.parts[0];
  if (at !== undefined && part === undefined)
    throw new InputRefused([diagnose("not-found", { message: `the report has no part '${at}'`, found: at })]);
  return {
    notices: [],
    run: run.id,
    digest: run.digest,
    report: {
      name: report.name,
      href: `${pagePaths.report(run.id)}?candidate=${encodeURIComponent(report.candidate)}`,
    },
    candidate: report.candidate,
    candidates: several
      ? candidatesOf(run).map((version) => ({ version, href: address(version, undefined), isCurrent: version === report.candidate }))
      : [],
    ...(at === undefined || part === undefined
      ? {}
      : { only: { anchor: at, title: part.title, mode: modeOfPart(report, at), allHref: address(report.candidate, undefined) } }),
    sections,
    open: threads.filter(({ state }) => state === "open").length,
    all: threads.reduce((sum, { replies }) => sum + 1 + replies.length, 0),
    choices:
      at === undefined ? known.map(({ anchor: id, title, isFigure }) => ({ anchor: id, title, isFigure, isChosen: id === anchor })) : [],
    problems,
    typed,
  };
}

/** By part: how many threads there are, and how many are open. For the links of the report's page. */
export function commentCounts(store: Store, run: RunRecord, report: Report): Readonly<Record<string, { open: number; all: number }>> {
  return Object.fromEntries(
    commentedSections(store, run, report).flatMap(({ parts }) =>
      parts.map(({ anchor, threads }) => [anchor, { open: threads.filter(({ state }) => state === "open").length, all: threads.length }]),
    ),
  );
}

function onlyAbout(sections: CommentsContext["sections"], at: string): CommentsContext["sections"] {
  return sections
    .map((section) => ({ ...section, parts: section.parts.filter(({ anchor }) => anchor === at) }))
    .filter(({ parts }) => parts.length > 0);
}
