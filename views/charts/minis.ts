/** The small drawings of the strip: 144 wide, 44 high, no axis but two words. */
import { formatNumber } from "../formats/index.ts";
import type { AxisWords, ChartInterval, ChartSpec } from "./chart-spec.ts";
import { fullAmount } from "./interval-rows.ts";
import { decimalsOf, linearScale, roundDomain } from "./scale.ts";
import { bar, box, dot, drawing, line, type Mark, text, textWith } from "./svg.ts";
import { textWidth } from "./text-width.ts";

const width = 144;
const height = 44;

/** How movers part into down and up (and in or out of unrated). */
export function drawMiniSplit(spec: Extract<ChartSpec, { kind: "mini-split" }>): string {
  const total = spec.down + spec.up + spec.other;
  const scale = linearScale([0, total || 1], [0, width]);
  const gap = 2;
  const downEnd = scale(spec.down);
  const otherEnd = scale(spec.down + spec.other);
  const bars =
    total === 0
      ? line(0, 8, width, 8, "grid")
      : [
          spec.down > 0 ? box({ x: 0, y: 2, width: downEnd - (spec.up + spec.other > 0 ? gap : 0), height: 12, class: "down" }) : [],
          spec.other > 0 ? box({ x: downEnd, y: 2, width: otherEnd - downEnd - (spec.up > 0 ? gap : 0), height: 12, class: "grey-2" }) : [],
          spec.up > 0 ? box({ x: otherEnd, y: 2, width: width - otherEnd, height: 12, class: "up" }) : [],
        ];
  const counts = [`▼ ${formatNumber(spec.down, 0)}`, `▲ ${formatNumber(spec.up, 0)}`] as const;
  // Where many move the signs alone say which way.
  const hasRoom = textWidth(`${counts[0]} down${counts[1]} up`, 12) + 8 <= width;
  const words = [
    text({ x: 0, y: 33, class: "note" }, hasRoom ? `${counts[0]} down` : counts[0]),
    text({ x: width, y: 33, class: "note", anchor: "end" }, hasRoom ? `${counts[1]} up` : counts[1]),
  ];
  return drawing({ width, height, label: spec.label, class: "mini" }, [bars, words]);
}

/** Up to three intervals over one scale; the last row is the one that the figure states. Limits without a value come hatched grey. */
export function drawMiniInterval(spec: Extract<ChartSpec, { kind: "mini-interval" }>): string {
  const stated = spec.rows.filter((row) => row.value !== undefined);
  const { from, to } = domainOf((limitsFit(spec.rows, stated) ? spec.rows : stated).flatMap(finiteEnds), spec.ticks.isChange);
  const scale = linearScale([from, to], [4, width - 4]);
  const pitch = spec.rows.length > 1 ? 22 / spec.rows.length : 0;
  const marks = spec.rows.map((row, index) => {
    const y = spec.rows.length === 1 ? 12 : 4 + pitch * (index + 0.5);
    const lower = Math.max(4, scale(row.lower ?? row.value ?? 0));
    const upper = Math.min(width - 4, scale(row.upper ?? row.value ?? 0));
    const thickness = spec.rows.length === 1 ? 8 : 5;
    if (row.value === undefined) return box({ x: lower, y: y - thickness / 2, width: upper - lower, height: thickness, class: "limits" });
    return [
      bar({ left: lower, right: Math.max(lower, upper), y, thickness, class: "interval" }),
      dot(scale(row.value), y, spec.rows.length === 1 ? 4.5 : 3, "candidate-dot"),
    ];
  });
  const zero = scale(0);
  const isMiddle = zero > 30 && zero < width - 30;
  const words = [
    tick(spec.ticks, from, to, 4, undefined, from),
    tick(spec.ticks, from, to, width - 4, "end", to),
    isMiddle ? text({ x: zero, y: 38, class: "axis", anchor: "middle" }, "0") : [],
  ];
  const ground = [line(4, 25, width - 4, 25, "grid"), line(zero, 2, zero, 28, "zero")];
  return drawing({ width, height, label: spec.label, class: "mini" }, [ground, marks, words]);
}

/** Limits are drawn whole where there is no estimate, or they do not dwarf it; else they run off the scale. */
function limitsFit(rows: readonly ChartInterval[], stated: readonly ChartInterval[]): boolean {
  const reach = (of: readonly ChartInterval[]) => Math.max(...of.flatMap(finiteEnds).map(Math.abs));
  return stated.length === 0 || reach(rows) <= 3 * reach(stated);
}

/** A scale of changes has zero in its middle. */
function domainOf(ends: readonly number[], isChange: boolean): { readonly from: number; readonly to: number } {
  if (!isChange) return roundDomain(ends, 4);
  const most = roundDomain(ends.map(Math.abs), 4).to;
  return { from: -most, to: most };
}

function finiteEnds(row: ChartInterval): readonly number[] {
  return [row.value, row.lower, row.upper].filter((end) => end !== undefined);
}

function tick(words: AxisWords, from: number, to: number, x: number, anchor: "end" | undefined, value: number): Mark {
  const decimals = decimalsOf(Math.max(Math.abs(from), Math.abs(to)) / 10);
  const number = formatNumber(Math.abs(value), Math.min(2, decimals === 0 ? 0 : decimalsOf(value)));
  const sign = value < 0 ? "−" : words.isChange && value > 0 ? "+" : "";
  const written = value === 0 ? "0" : `${sign}${words.prefix}${number}${words.suffix}`;
  return textWith(
    {
      x: value === from && from !== 0 ? x - 4 : anchor === "end" ? x + 4 : x - 4,
      y: 38,
      class: "axis",
      ...(anchor === undefined ? {} : { anchor }),
    },
    written,
    fullAmount(words, value, sign),
  );
}

/** Two bars, the second the one that matters. */
export function drawMiniBars(spec: Extract<ChartSpec, { kind: "mini-bars" }>): string {
  const scale = linearScale([0, 1], [0, width - 62]);
  const bars = spec.bars.map((stated, index) => {
    const y = 1 + index * 20;
    const length = Math.max(1, scale(stated.share));
    return [
      box({ x: 0, y, width: length, height: 12, class: stated.isEmphasised ? "accent" : "grey-2" }),
      text({ x: length + 6, y: y + 11, class: stated.isEmphasised ? "note strong" : "note" }, stated.text),
    ];
  });
  return drawing({ width, height, label: spec.label, class: "mini" }, bars);
}

/** What is known, and what is not. */
export function drawMiniKnown(spec: Extract<ChartSpec, { kind: "mini-known" }>): string {
  const known = spec.share * width;
  const bars = [
    box({ x: 0.5, y: 2.5, width: width - 1, height: 9, class: "no-label" }),
    box({ x: 0, y: 2, width: known, height: 10, class: "ink" }),
  ];
  const words = [text({ x: 0, y: 33, class: "note" }, "known"), text({ x: width, y: 33, class: "note", anchor: "end" }, "not known")];
  return drawing({ width, height, label: spec.label, class: "mini" }, [bars, words]);
}

/** Nothing to draw: a line at rest. */
export function drawMiniNone(spec: Extract<ChartSpec, { kind: "mini-none" }>): string {
  return drawing({ width, height, label: spec.label, class: "mini" }, line(0, 12, width, 12, "grid"));
}
