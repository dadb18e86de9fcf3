/** Baseline (hollow) and candidate (filled) on one scale, and the change between them on another. Limits are hatched. */
import type { ChartInterval, ChartSpec, PairedRow } from "./chart-spec.ts";
import { drawAxis, drawInterval, drawTickWords } from "./interval-rows.ts";
import type { DrawingParts } from "./parted.ts";
import { linearScale, roundDomain, ticksWithin } from "./scale.ts";
import { drawing, line, type Marks, rowLines, text } from "./svg.ts";
import { fitText } from "./text-width.ts";

type PairedSpec = Extract<ChartSpec, { kind: "paired-rows" }>;

/** Scales fit the estimates; limits that run off end in an arrow, and their numbers are printed. */
export function drawPairedRows(spec: PairedSpec, isNarrow: boolean): string {
  return isNarrow ? drawNarrow(spec) : drawWide(spec);
}

function drawWide(spec: PairedSpec): string {
  const lines = linesOf(spec);
  const { head: top, pitch, foot } = pairedRowParts(spec);
  const bottom = top + spec.rows.length * pitch;
  const [value, change] = [domainOf(spec.rows, "value", 6), domainOf(spec.rows, "change", 4)];
  const x = linearScale([value.from, value.to], [212, 452]);
  const changeX = linearScale([change.from, change.to], [608, 760]);
  const heads = [
    text({ x: 212, y: 12, class: "label strong" }, spec.valueHeading),
    text({ x: 572, y: 12, class: "axis", anchor: "end" }, fitText(spec.pairHeading, 110, 12)),
    text({ x: 608, y: 12, class: "label strong" }, spec.changeHeading),
    text({ x: 880, y: 12, class: "axis", anchor: "end" }, spec.changeColumn),
  ];
  const axes = [
    drawAxis({ domain: value, x, top, bottom, words: spec.axis }),
    drawAxis({ domain: change, x: changeX, top, bottom, words: spec.changeAxis }),
  ];
  const rows = spec.rows.map((row, index) => {
    const y = top + index * pitch;
    const middle = y + pitch / 2;
    const rule = index === 0 ? [] : line(0, y, 880, y, "grid");
    const first = middle + 4.5 - (lines - 1) * 7.5;
    const label = text({ x: 0, y: first, class: "label strong" }, fitText(row.label, 200, 13, true));
    const notes = row.notes
      .slice(0, 2)
      .map((note, place) => text({ x: 0, y: first + (place + 1) * 15, class: place === 0 ? "note" : "axis" }, fitText(note, 204, 12)));
    const bounds = { from: 212, to: 462 };
    const marks = [
      drawInterval(row.baseline, { x, y: middle - 8, className: "baseline", ...bounds }),
      drawInterval(row.candidate, { x, y: middle + 8, ...bounds }),
    ];
    const pair = text({ x: 572, y: middle + 4.5, class: "label strong", anchor: "end" }, row.pairText);
    const changeMark = drawInterval(row.change, { x: changeX, y: middle, from: 600, to: 768 });
    const hasInterval = row.changeIntervalText !== "";
    const words = [
      text({ x: 880, y: middle + (hasInterval ? -3 : 4.5), class: "label strong", anchor: "end" }, row.changeText),
      hasInterval ? text({ x: 880, y: middle + 13, class: "axis", anchor: "end" }, row.changeIntervalText) : [],
    ];
    return [rule, label, notes, marks, pair, changeMark, words];
  });
  return drawing({ width: 880, height: bottom + foot, label: spec.label }, [heads, axes, rows]);
}

/** Where the wide drawing may be parted on paper. */
export function pairedRowParts(spec: PairedSpec): DrawingParts {
  return { width: 880, head: 32, pitch: 24 + linesOf(spec) * 11, rows: spec.rows.length, foot: 26 };
}

/** How many lines the label of a row has at most. */
function linesOf(spec: PairedSpec): number {
  return Math.max(...spec.rows.map((row) => 1 + Math.min(2, row.notes.length)));
}

function drawNarrow(spec: PairedSpec): string {
  const width = 358;
  const [value, change] = [domainOf(spec.rows, "value", 5), domainOf(spec.rows, "change", 4)];
  const x = linearScale([value.from, value.to], [4, width - 12]);
  const changeX = linearScale([change.from, change.to], [12, width - 12]);
  const rows = spec.rows.length;
  const below = linesOf(spec) > 1 ? 15 : 0;
  let y = 13;
  const marks: Marks[] = [
    text({ x: 0, y, class: "label strong" }, spec.valueHeading),
    ticksWithin(value.from, value.to, value.step).map((tick) =>
      rowLines(x(tick), { y: y + 31 + below, height: 30, pitch: 61 + below, rows }, tick === 0 ? "zero" : "grid"),
    ),
  ];
  for (const row of spec.rows) {
    y += 24;
    marks.push(
      text({ x: 0, y, class: "label strong" }, fitText(row.label, 220, 13, true)),
      text({ x: width, y, class: "label strong", anchor: "end" }, row.pairText),
      below === 0 ? [] : text({ x: 0, y: y + 15, class: "axis" }, fitText(row.notes[0] ?? "", width, 12)),
      drawInterval(row.baseline, { x, y: y + 15 + below, className: "baseline", from: 4, to: width - 8 }),
      drawInterval(row.candidate, { x, y: y + 29 + below, from: 4, to: width - 8 }),
    );
    y += 37 + below;
  }
  marks.push(drawTickWords({ domain: value, x, y: y + 14, words: spec.axis, width }));
  y += 48;
  marks.push(
    text({ x: 0, y, class: "label strong" }, spec.changeHeading),
    ticksWithin(change.from, change.to, change.step).map((tick) =>
      rowLines(changeX(tick), { y: y + 32, height: 16, pitch: 48, rows }, tick === 0 ? "zero" : "grid"),
    ),
  );
  for (const row of spec.rows) {
    y += 24;
    marks.push(
      text({ x: 0, y, class: "label" }, fitText(row.label, 180, 13)),
      text(
        { x: width, y, class: "label strong", anchor: "end" },
        `${row.changeText}${row.changeIntervalText === "" ? "" : ` (${row.changeIntervalText})`}`,
      ),
      drawInterval(row.change, { x: changeX, y: y + 16, from: 6, to: width - 8 }),
    );
    y += 24;
  }
  marks.push(drawTickWords({ domain: change, x: changeX, y: y + 14, words: spec.changeAxis, width }));
  return drawing({ width, height: y + 22, label: spec.label }, marks);
}

/** What the estimates span; only bounds: what they span, cut at a readable width. */
function domainOf(
  rows: readonly PairedRow[],
  of: "value" | "change",
  most: number,
): { readonly from: number; readonly to: number; readonly step: number } {
  const marks = (row: PairedRow): readonly ChartInterval[] => (of === "value" ? [row.baseline, row.candidate] : [row.change]);
  const estimates = rows
    .filter((row) => !row.isBounds)
    .flatMap(marks)
    .filter((mark) => mark.value !== undefined);
  const shown = estimates.length > 0 ? estimates : rows.flatMap(marks);
  return roundDomain(
    shown.flatMap((mark) => [mark.value, mark.lower, mark.upper].filter((end) => end !== undefined)),
    most,
  );
}
