/** What the pages of one figure are told: the one that others frame, and the one that says how. */
import { present } from "../../data/foundation/index.ts";
import { modeOfPart } from "../report/anchors.ts";
import { figureSize, findFigure, withoutLinks } from "../report/figure-files.ts";
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

/** Pixels on both sides of a framed figure. */
const sides = 48;

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
    chart: withoutLinks(chart),
    key,
    isHalf,
  };
  const address = `${origin}${pagePaths.figurePage(runId, figureId)}${query}`;
  const width = isHalf ? 480 : 880;
  // In a frame of half the width the style sheet shows the narrow drawing, at most 430 wide.
  const shown = isHalf ? present(figureSize(report, figureId, true), "the figure's size") : size;
  const frame = { width: width + sides, height: heightOf(found, width, (shown.height * (isHalf ? 430 : width)) / shown.width) };
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

/** How high a framed figure is at most: lines are counted by the width of a broad letter of each face. */
function heightOf({ title, subtitle, key }: Figure, width: number, drawing: number): number {
  const lines = (letters: number, pixels: number) => Math.ceil((letters * pixels) / width);
  const keyLetters = key.reduce((sum, { words }) => sum + words.length + 6, 0);
  return Math.ceil(
    32 + 30 * lines(title.length, 13) + 6 + 21 * lines(subtitle.length, 7.5) + 20 + drawing + 14 + 25 * lines(keyLetters, 8) + 14 + 40,
  );
}

/** A text as it stands between the quotes of an attribute. */
function inAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
