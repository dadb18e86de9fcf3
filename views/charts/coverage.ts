/** How much of each group has a known outcome: fine, harmful, and the hatched rest. */
import type { ChartSpec } from "./chart-spec.ts";
import type { DrawingParts } from "./parted.ts";
import { linearScale } from "./scale.ts";
import { box, drawing, type Marks, text } from "./svg.ts";
import { fitText } from "./text-width.ts";

type CoverageSpec = Extract<ChartSpec, { kind: "coverage" }>;

/** Each bar is the whole group; an empty group is a line of words. */
export function drawCoverage(spec: CoverageSpec, isNarrow: boolean): string {
  const wide = coverageParts(spec);
  const layout = isNarrow
    ? { width: 358, from: 0, to: 358, pitch: 44, barY: 20 }
    : { width: wide.width, from: 212, to: 736, pitch: wide.pitch, barY: 8 };
  const rows = spec.rows.map((row, index) => {
    const y = index * layout.pitch;
    const barY = y + layout.barY;
    const label = text({ x: 0, y: y + (isNarrow ? 13 : 20), class: "label strong" }, fitText(row.label, isNarrow ? 190 : 204, 13, true));
    const numbers = isNarrow
      ? text({ x: 358, y: y + 13, class: "label", anchor: "end" }, `${row.text}, ${row.shareText}`)
      : [
          text({ x: 832, y: y + 20, class: "label quiet", anchor: "end" }, row.text),
          text({ x: 880, y: y + 20, class: "label strong", anchor: "end" }, row.shareText),
        ];
    return [label, row.entities === 0 ? [] : drawBar(row, { from: layout.from, to: layout.to, y: barY }), numbers];
  });
  return drawing({ width: layout.width, height: spec.rows.length * layout.pitch + wide.foot, label: spec.label }, rows);
}

/** Where the wide drawing may be parted on paper. */
export function coverageParts(spec: CoverageSpec): DrawingParts {
  return { width: 880, head: 0, pitch: 32, rows: spec.rows.length, foot: 4 };
}

function drawBar(row: CoverageSpec["rows"][number], at: { readonly from: number; readonly to: number; readonly y: number }): Marks {
  const x = linearScale([0, row.entities], [at.from, at.to]);
  const fineEnd = x(row.fine);
  const knownEnd = x(row.fine + row.harmful);
  return [
    box({ x: at.from + 0.5, y: at.y + 0.5, width: at.to - at.from - 1, height: 15, class: "no-label" }),
    row.fine > 0 ? box({ x: at.from, y: at.y, width: fineEnd - at.from, height: 16, class: "fine", title: `${row.fine} fine` }) : [],
    row.harmful > 0
      ? box({
          x: fineEnd + (row.fine > 0 ? 1 : 0),
          y: at.y,
          width: knownEnd - fineEnd,
          height: 16,
          class: "ink",
          title: `${row.harmful} harmful`,
        })
      : [],
  ];
}
