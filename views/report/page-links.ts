/** Addresses of a report's own pages as the report's page writes them: beside its own, which keeps a page of thirty figures light. */
import { pagePaths } from "../pages/page-paths.ts";
import type { Figure, FigureLinks, Report } from "./report.ts";

/** `?candidate=..`, where there is more than one. */
export function candidateQuery({ candidate, candidates }: Pick<Report, "candidate" | "candidates">): string {
  return candidates.length > 1 ? `candidate=${encodeURIComponent(candidate)}` : "";
}

/** The links of a figure: its files, the page that says how to embed it, and what was said about it. */
export function linksOnPage(report: Report, { id, links }: Figure): FigureLinks {
  if (links.svg === undefined) return links;
  const query = candidateQuery(report);
  const file = (ending: string) => beside(report, pagePaths.figure(report.runId, id, ending)) + (query === "" ? "" : `?${query}`);
  return {
    ...links,
    svg: file("svg"),
    csv: file("csv"),
    share: beside(report, pagePaths.figureShare(report.runId, id)) + (query === "" ? "" : `?${query}`),
    comments: commentsOnPage(report, `figure-${id}`),
  };
}

/** Where the comments on one part of the report are. */
export function commentsOnPage(report: Report, anchor: string): string {
  const query = candidateQuery(report);
  return `${beside(report, pagePaths.comments(report.runId))}?at=${encodeURIComponent(anchor)}${query === "" ? "" : `&${query}`}`;
}

/** An address under the run's, seen from the report's page. */
export function beside({ runId }: Pick<Report, "runId">, address: string): string {
  return address.slice(pagePaths.run(runId).length + 1);
}
