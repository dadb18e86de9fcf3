/** The folded tables of a report. A page of the server names where each is, and fetches it when it is opened: all together weigh as much as the rest. */
import { pagePaths } from "../pages/page-paths.ts";
import { beside, commentsOnPage, linksOnPage } from "./page-links.ts";
import type { Block, Figure, Report, ReportMode, ReportTable, Section } from "./report.ts";

/** A table by itself. */
export interface FoldedTable {
  readonly title: string;
  /** Of a figure: unit, period, n; else empty. */
  readonly subtitle: string;
  readonly table: ReportTable;
  /** The id of the part of the report's page where it belongs. */
  readonly place: string;
  /** Its CSV, where it has one of its own. */
  readonly csv?: string;
}

type TableBlock = Extract<Block, { kind: "table" }>;

/** The table of a figure, by the figure's id, or the n-th table of a section, as `errors-2`; undefined when the report has none of that id. */
export function findTable(report: Report, id: string): FoldedTable | undefined {
  for (const section of report.sections) {
    for (const block of section.blocks) {
      if (block.kind === "table" && tableId(section, block) === id)
        return { title: block.name, subtitle: "", table: block.table, place: section.id };
      const figure = figuresOf(block).find((candidate) => candidate.id === id);
      if (figure === undefined) continue;
      const { title, subtitle, table, links } = figure;
      return { title, subtitle, table, place: `figure-${id}`, ...(links.csv === undefined ? {} : { csv: links.csv }) };
    }
  }
  return undefined;
}

/** The sections with the address of every folded table in its place, and with the links that only the report's page has. */
export function withTableAddresses(report: Report, mode: ReportMode): readonly Section[] {
  const { runId, candidate, sections } = report;
  const own = mode === "full" ? "" : `&mode=${mode}`;
  const address = (id: string) => `${beside(report, pagePaths.reportTable(runId, id))}?candidate=${encodeURIComponent(candidate)}${own}`;
  const named = (figure: Figure): Figure => ({ ...figure, links: { ...linksOnPage(report, figure), table: address(figure.id) } });
  return sections.map((section) => ({
    ...section,
    comments: commentsOnPage(report, section.id),
    blocks: section.blocks.map((block): Block => {
      if (block.kind === "table") return block.isOpen ? block : { ...block, href: address(tableId(section, block)) };
      if (block.kind === "figure") return { ...block, figure: named(block.figure) };
      return block.kind === "pair" ? { ...block, figures: block.figures.map(named) } : block;
    }),
  }));
}

function tableId(section: Section, block: TableBlock): string {
  return `${section.id}-${section.blocks.filter(({ kind }) => kind === "table").indexOf(block) + 1}`;
}

/** The figures of a block: one, two beside each other, or none. */
export function figuresOf(block: Block): readonly Figure[] {
  return block.kind === "figure" ? [block.figure] : block.kind === "pair" ? block.figures : [];
}
