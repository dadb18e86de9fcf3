/** Stacked shares by band, one accent: who is in the panel beside who bears the change. */
import type { SharesSpec } from "./chart-spec.ts";
import type { DrawingParts } from "./parted.ts";
import { box, drawing, type Marks, text, textWith } from "./svg.ts";
import { fitText, textWidth } from "./text-width.ts";

const greys = ["grey-1", "grey-2", "grey-3", "grey-4", "grey-5"] as const;

const narrow = {
  width: 358,
  from: 0,
  pitch: 50,
  barY: 19,
  barHeight: 24,
  labelWidth: 220,
  noteX: 358,
  noteY: 13,
  noteWidth: 130,
  below: 2,
};
const wide = { width: 480, from: 106, pitch: 44, barY: 2, barHeight: 24, labelWidth: 102, noteX: 0, noteY: 28, noteWidth: 102, below: 10 };
const dense = {
  width: 880,
  from: 250,
  pitch: 25,
  barY: 0,
  barHeight: 18,
  labelWidth: 128,
  noteX: 132,
  noteY: 13,
  noteWidth: 112,
  below: 6,
};

/** Each row sums to 100 %; values are printed where they fit. */
export function drawShares(spec: SharesSpec, isNarrow: boolean): string {
  const layout = isNarrow ? narrow : spec.isDense === true ? dense : wide;
  const rows = spec.rows.map((row, index) => {
    const y = index * layout.pitch;
    const { labelWidth, noteX, noteY } = layout;
    const isAlone = !isNarrow && row.note === "";
    const label = text(
      { x: 0, y: y + (isAlone ? layout.barY + layout.barHeight / 2 + 4.5 : 13), class: "label strong" },
      fitText(row.label, labelWidth, 13, true),
    );
    const note = isNarrow
      ? textWith({ x: noteX, y: y + noteY, class: "note", anchor: "end" }, row.note, row.exact)
      : textWith({ x: noteX, y: y + noteY, class: "axis" }, fitText(row.note, layout.noteWidth, 12), row.exact);
    const at = { from: layout.from, width: layout.width - layout.from, y: y + layout.barY, height: layout.barHeight };
    return [label, note, drawBands(spec, row, at)];
  });
  return drawing({ width: layout.width, height: spec.rows.length * layout.pitch - layout.below, label: spec.label }, rows);
}

/** Where the wide drawing may be parted on paper. */
export function sharesParts(spec: SharesSpec): DrawingParts {
  const { width, pitch } = spec.isDense === true ? dense : wide;
  return { width, head: 0, pitch, rows: spec.rows.length, foot: 0 };
}

function drawBands(
  spec: SharesSpec,
  row: SharesSpec["rows"][number],
  at: { readonly from: number; readonly width: number; readonly y: number; readonly height: number },
): Marks {
  let x = at.from;
  return spec.bands.map((band, index) => {
    const share = row.shares[index] ?? 0;
    const width = share * at.width;
    const words = row.texts[index] ?? "";
    const className = bandClass(spec, index);
    const shape =
      share === 0
        ? []
        : box({ x, y: at.y, width: Math.max(0.5, width - 1.5), height: at.height, class: className, title: `${band.name}: ${words}` });
    const fits = textWidth(words, 13, true) + 10 < width;
    const ink = band.isEmphasised ? "label strong on-accent" : className === "grey-4" ? "label on-accent" : "label on-grey";
    const written = fits ? text({ x: x + 7, y: at.y + at.height / 2 + 4.5, class: ink }, words) : [];
    x += width;
    return [shape, written];
  });
}

/** The fill of a band: the accent for the one that the finding is about, else a grey by its place. */
export function bandClass(spec: Pick<SharesSpec, "bands">, index: number): "accent" | (typeof greys)[number] {
  if (spec.bands[index]?.isEmphasised === true) return "accent";
  const place = spec.bands.slice(0, index).filter((band) => !band.isEmphasised).length;
  return greys[place % greys.length] ?? "grey-1";
}
