/** The parts of a report that an address can name, and that a comment can be about: the answer, sections, figures, what stands at the foot. */
import { figuresOf } from "./folded-tables.ts";
import type { Report } from "./report.ts";

/** One such part. */
export interface ReportAnchor {
  /** The id on the report's page: `movement`, `figure-movement`. */
  readonly anchor: string;
  /** The section's name, or the finding of the figure. */
  readonly title: string;
  /** The name of the section that it stands in; its own for a section. */
  readonly section: string;
  readonly isFigure: boolean;
}

/** The mode in which the report's page shows a part: Full, or Method where only that does. For links back to it. */
export function modeOfPart({ sections }: Pick<Report, "sections">, anchor: string): "full" | "method" {
  const holder = sections.flatMap(({ blocks }) => blocks).find((block) => figuresOf(block).some(({ id }) => `figure-${id}` === anchor));
  return holder === undefined || holder.modes.includes("full") ? "full" : "method";
}

/** All parts in the order of the page, whatever the mode shows of them. */
export function reportAnchors({ sections }: Pick<Report, "sections">): readonly ReportAnchor[] {
  const section = (anchor: string, title: string): ReportAnchor => ({ anchor, title, section: title, isFigure: false });
  return [
    section("answer", "The answer"),
    ...sections.flatMap(({ id, name, blocks }) => [
      section(id, name),
      ...blocks
        .flatMap(figuresOf)
        .map((figure): ReportAnchor => ({ anchor: `figure-${figure.id}`, title: figure.title, section: name, isFigure: true })),
    ]),
    section("definitions", "Definitions"),
    section("provenance", "Provenance"),
  ];
}
