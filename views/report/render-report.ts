/** Renders a report as one page: on the server with links, or as one file that needs no network. */
import { assetText } from "../assets.ts";
import type { CommentedSection } from "../pages/comments-context.ts";
import { template, trusted } from "../pages/handlebars.ts";
import { pagePaths } from "../pages/page-paths.ts";
import { printFoot } from "../pages/print-foot.ts";
import { reportAnchors } from "./anchors.ts";
import { withTableAddresses } from "./folded-tables.ts";
import { candidateQuery, commentsOnPage } from "./page-links.ts";
import type { Definition, Report, ReportMode, Section } from "./report.ts";
import { type ShownCell, shownTable } from "./table-text.ts";

const modeNames: Readonly<Record<ReportMode, string>> = { brief: "Brief", full: "Full", method: "Method" };

/** What the report's template is told. */
export interface ReportPageContext {
  readonly report: Omit<Report, "sections" | "candidates">;
  readonly sections: readonly Section[];
  readonly isStandalone: boolean;
  /** Charts of rows are drawn in parts between which a page may end. */
  readonly isForPaper: boolean;
  /** Where "How far to trust it" stands; empty where neither this page nor another holds it. */
  readonly trust: string;
  readonly modes: readonly { readonly name: string; readonly href: string; readonly isCurrent: boolean }[];
  /** A row a candidate, with its cells of the side-by-side table but the first; none for a single candidate. */
  readonly candidates: readonly {
    readonly version: string;
    readonly href: string;
    readonly isCurrent: boolean;
    readonly cells: readonly ShownCell[];
  }[];
  /** Files of the whole report; absent when it stands alone. */
  readonly files?: {
    readonly csv: string;
    readonly html: string;
    readonly pdf: string;
    readonly notebook: string;
    readonly comments: string;
    /** What was said about the answer. */
    readonly talk: string;
  };
  /** The one-page brief, where this page is longer: for those who read it on a phone. */
  readonly brief?: string;
  /** What was said, where a file is asked for with it. */
  readonly comments?: readonly (Omit<CommentedSection, "parts"> & {
    readonly parts: readonly (Omit<CommentedSection["parts"][number], "mode"> & { readonly isShown: boolean })[];
  })[];
  /** Style sheet and script, in a file that stands alone. */
  readonly inline?: { readonly css: object; readonly script: object };
  /** What printed pages carry at their foot. */
  readonly printFoot: object;
}

/** Which form of the page is wanted. */
export interface RenderOptions {
  readonly mode: ReportMode;
  readonly standalone: boolean;
  /** What was said, to stand in a file; a page links to it instead, so that it stays the same. */
  readonly comments?: readonly CommentedSection[];
  /** For a PDF: charts of rows may go on over the page. Nothing else reads such a file. */
  readonly isForPaper?: boolean;
}

/**
 * The page as HTML; the same report gives the same bytes. The modes are three stable addresses of one document; `standalone` puts style, script
 * and folded tables into the file and leaves out what would need a server.
 */
export function renderReport(report: Report, options: RenderOptions): string {
  return template("report")(reportPageContext(report, options));
}

/** What several definitions take for granted alike is written with the first of them. */
function assumedOnce(definitions: readonly Definition[]): readonly Definition[] {
  const first = new Map<string, string>();
  return definitions.map((definition) => {
    const { term, method } = definition;
    if (method === undefined) return definition;
    const assumption = `the same as “${first.get(method.assumption) ?? ""}”`;
    if (first.has(method.assumption) && assumption.length < method.assumption.length)
      return { ...definition, method: { ...method, assumption } };
    first.set(method.assumption, first.get(method.assumption) ?? term);
    return definition;
  });
}

/** The context of the report's template. */
export function reportPageContext(report: Report, options: RenderOptions): ReportPageContext {
  const { mode, standalone, comments } = options;
  const base = pagePaths.report(report.runId);
  const address = (to: ReportMode, version: string) =>
    `${base}?mode=${to}${report.candidates.length > 0 ? `&candidate=${encodeURIComponent(version)}` : ""}`;
  const candidate = report.candidates.length > 0 ? `?candidate=${encodeURIComponent(report.candidate)}` : "";
  const { sections: _, candidates, ...rest } = report;
  const file = (address: string, query: string) => (query === "" ? address : `${address}?${query}`);
  const query = candidateQuery(report);
  const sections = shownIn(standalone ? report.sections : withTableAddresses(report, mode), mode);
  const shown = new Set(reportAnchors({ sections }).map(({ anchor }) => anchor));
  const strip = new Set(report.strip.map(({ id }) => id));
  const cells = report.sideBySide === undefined ? [] : shownTable(report.sideBySide).rows;
  return {
    // Those of what this mode shows.
    report: {
      ...rest,
      answer: rest.answer.map((span) => ({ exact: "", ...span })),
      strip: rest.strip.map((figure) => ({ exact: { estimate: "", interval: "" }, ...figure })),
      definitions: assumedOnce(rest.definitions.filter(({ id }) => shown.has(`figure-${id}`) || strip.has(id))),
    },
    sections,
    isStandalone: standalone,
    isForPaper: options.isForPaper === true,
    trust: sections.some(({ id }) => id === "trust") ? "#trust" : standalone ? "" : `${address("full", report.candidate)}#trust`,
    modes: standalone
      ? []
      : (["brief", "full", "method"] as const).map((to) => ({
          name: modeNames[to],
          href: address(to, report.candidate),
          isCurrent: to === mode,
        })),
    candidates: candidates.map(({ version, isCurrent }, index) => ({
      version,
      href: standalone ? "" : address(mode, version),
      isCurrent,
      cells: cells[index]?.slice(1) ?? [],
    })),
    ...(standalone
      ? {
          inline: {
            css: trusted(closeSet(assetText("counterweight.css") + (comments === undefined ? "" : assetText("sharing.css")))),
            script: trusted(assetText("reading.js")),
          },
        }
      : {
          files: {
            csv: pagePaths.reportCsv(report.runId),
            html: pagePaths.reportFile(report.runId) + candidate,
            pdf: file(pagePaths.reportPdf(report.runId), [`mode=${mode}`, ...(query === "" ? [] : [query])].join("&")),
            notebook: file(pagePaths.notebook(report.runId), query),
            comments: file(pagePaths.comments(report.runId), query),
            talk: commentsOnPage(report, "answer"),
          },
          ...(mode === "brief" ? {} : { brief: address("brief", report.candidate) }),
        }),
    ...(comments === undefined || comments.length === 0
      ? {}
      : {
          comments: comments.map(({ name, parts }) => ({
            name,
            parts: parts.map(({ mode: _mode, ...part }) => ({ ...part, isShown: shown.has(part.anchor) })),
          })),
        }),
    printFoot: trusted(printFoot(`run ${report.runDigest.slice(0, 12)}`, report.name)),
  };
}

/** A style sheet without remarks and spaces that say nothing: a file that stands alone carries it whole. */
function closeSet(sheet: string): string {
  return sheet
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s*([{};])\s*/g, "$1")
    .replace(/,\n\s*/g, ",")
    .replaceAll(": ", ":")
    .replace(/\n\s*/g, "\n");
}

function shownIn(sections: readonly Section[], mode: ReportMode): readonly Section[] {
  return sections
    .map((section) => ({ ...section, blocks: section.blocks.filter((block) => block.modes.includes(mode)) }))
    .filter((section) => section.blocks.length > 0);
}
