/** What the pages of one figure are told: the one that others frame, and the one that says how. */
import { present } from "../../data/foundation/index.ts";
import { modeOfPart } from "../report/anchors.ts";
import { figureSize, findFigure } from "../report/figure-files.ts";
import type { Definition, Figure, Report } from "../report/report.ts";
import type { PageFrame } from "./page-frame.ts";
import { pagePaths } from "./page-paths.ts";

/** A figure by itself. */
export interface FigureContext extends PageFrame {
  readonly report: { readonly name: string; readonly href: string; readonly digest: string };
  readonly title: string;
  readonly subtitle: string;
  readonly chart: Figure["chart"];
  readonly key: Figure["key"];
  /** Whether it is drawn to stand beside another, so that the whole width would blow it up. */
  readonly isHalf: boolean;
}

/** How a figure gets into other pages, slides and tools. */
export interface FigureShareContext extends Omit<FigureContext, "report"> {
  readonly report: { readonly name: string; readonly href: string };
  /** The HTML to paste. */
  readonly snippet: string;
  /** The address of the framed page, whole. */
  readonly link: string;
  readonly files: { readonly svg: string; readonly png: string; readonly csv: string; readonly comments: string };
  readonly definition?: Omit<Definition, "id">;
}

/** Drawings for the whole column are 880 pixels wide, those that stand in pairs about half of it. */
const halfWidth = 600;

/** Pixels that title, subtitle, key and source take around the drawing in a frame of the full width, at most. */
const aroundDrawing = 230;

/**
 * Both contexts of a figure; undefined when the report has none of that id. `origin` is where the server is reached, `http://host:port`.
 */
export function figureContexts(
  report: Report,
  figureId: string,
  origin: string,
): { readonly figure: FigureContext; readonly share: FigureShareContext } | undefined {
  const found = findFigure(report, figureId);
  if (found === undefined) return undefined;
  const { title, subtitle, chart, key } = found;
  const { runId, candidate } = report;
  const size = present(figureSize(report, figureId), "the figure's size");
  const isHalf = size.width < halfWidth;
  const query = `?candidate=${encodeURIComponent(candidate)}`;
  const figure: FigureContext = {
    notices: [],
    report: {
      name: report.name,
      href: `${pagePaths.report(runId)}?mode=${modeOfPart(report, `figure-${figureId}`)}&candidate=${encodeURIComponent(candidate)}#figure-${figureId}`,
      digest: report.runDigest,
    },
    title,
    subtitle,
    chart,
    key,
    isHalf,
  };
  const address = `${origin}${pagePaths.figurePage(runId, figureId)}${query}`;
  const frame = { width: isHalf ? 528 : 928, height: size.height + aroundDrawing };
  const { id: _, ...definition } = report.definitions.find(({ id }) => id === figureId) ?? { id: "", term: "", meaning: "" };
  const file = (form: string) => pagePaths.figure(runId, figureId, form) + query;
  return {
    figure,
    share: {
      ...figure,
      report: { name: figure.report.name, href: figure.report.href },
      link: address,
      snippet: `<iframe src="${inAttribute(address)}" title="${inAttribute(title)}" width="${frame.width}" height="${frame.height}" loading="lazy"></iframe>`,
      files: {
        svg: file("svg"),
        png: file("png"),
        csv: file("csv"),
        comments: `${pagePaths.comments(runId)}?at=figure-${encodeURIComponent(figureId)}&candidate=${encodeURIComponent(candidate)}`,
      },
      ...(definition.term === "" ? {} : { definition }),
    },
  };
}

/** A text as it stands between the quotes of an attribute. */
function inAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
