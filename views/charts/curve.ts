/** Lines over a continuous scale: power by sample size, a boundary by look. */
import { formatFigure, formatNumber } from "../formats/index.ts";
import type { CurveSpec } from "./chart-spec.ts";
import { decimalsOf, linearScale, roundDomain, roundStep, type Scale, ticksWithin } from "./scale.ts";
import { dot, drawing, line, type Marks, pathThrough, shape, text } from "./svg.ts";
import { fitText } from "./text-width.ts";

/** The vertical scale holds zero; the horizontal one spans the points. A marked point carries its words. */
export function drawCurve(spec: CurveSpec, isNarrow: boolean): string {
  const layout = isNarrow ? { width: 358, left: 40, right: 344, height: 170 } : { width: 880, left: 64, right: 780, height: 200 };
  const top = 30;
  const bottom = top + layout.height;
  const points = spec.lines.flatMap((one) => one.points);
  const across = points.map(([x]) => x);
  const [from, to] = [Math.min(...across), Math.max(...across)];
  const bands = spec.bands ?? [];
  const vertical = roundDomain([...points.map(([, y]) => y), ...bands.flat().flatMap(([, lower, upper]) => [lower, upper])], 4);
  const x = linearScale([from, to], [layout.left, layout.right]);
  const y = linearScale([vertical.from, vertical.to], [bottom, top]);
  const decimals = decimalsOf(vertical.step);
  const grid = ticksWithin(vertical.from, vertical.to, vertical.step).map((tick) => [
    line(layout.left, y(tick), layout.right, y(tick), tick === 0 ? "zero" : "grid"),
    text({ x: layout.left - 8, y: y(tick) + 4, class: "axis", anchor: "end" }, formatNumber(tick, decimals)),
  ]);
  const fine = roundStep(to - from || 1, isNarrow ? 3 : 6);
  const step = across.every(Number.isInteger) ? Math.max(1, fine) : fine;
  const ticks = ticksWithin(from, to, step).map((tick) =>
    text({ x: x(tick), y: bottom + 18, class: "axis", anchor: "middle" }, formatNumber(tick, decimalsOf(step))),
  );
  const heads = [
    text({ x: 0, y: 14, class: "axis" }, fitText(spec.yHeading, layout.width, 12)),
    text({ x: layout.right, y: bottom + 36, class: "axis", anchor: "end" }, fitText(spec.xHeading, layout.right - layout.left, 12)),
  ];
  const heights = apart(spec.lines.map(({ points: own }) => y(own.at(-1)?.[1] ?? 0)));
  const areas = bands.map((band) => {
    const outline = [...band.map(([at, , upper]) => [at, upper] as const), ...band.toReversed().map(([at, lower]) => [at, lower] as const)];
    return shape(`${pathThrough(outline.map(([at, value]) => [x(at), y(value)] as const))}z`, "band");
  });
  const curves = spec.lines.map((one, index) =>
    drawLine(one, {
      x,
      y,
      index,
      labelY: heights[index] ?? bottom,
      labelAt: isNarrow || spec.lines.length < 2 ? undefined : layout.right + 8,
    }),
  );
  const mark = spec.mark === undefined ? [] : drawMark(spec.mark, { x, y, right: layout.right });
  return drawing({ width: layout.width, height: bottom + 42, label: spec.label }, [heads, grid, areas, ticks, curves, mark]);
}

/** Heights of labels, pushed down where one would cover another. */
function apart(heights: readonly number[]): readonly number[] {
  const placed = [...heights];
  const order = [...heights.keys()].sort((a, b) => (heights[a] as number) - (heights[b] as number) || a - b);
  for (const [place, index] of order.entries()) {
    const above = order[place - 1];
    if (above !== undefined) placed[index] = Math.max(placed[index] as number, (placed[above] as number) + 14);
  }
  return placed;
}

function drawLine(
  { name, points, isBaseline = false }: CurveSpec["lines"][number],
  at: { readonly x: Scale; readonly y: Scale; readonly index: number; readonly labelY: number; readonly labelAt: number | undefined },
): Marks {
  const path = shape(
    pathThrough(points.map(([x, y]) => [at.x(x), at.y(y)] as const)),
    isBaseline ? "curve baseline-curve" : `curve version-${Math.min(4, at.index + 1)}`,
  );
  const last = points.at(-1);
  if (at.labelAt === undefined || last === undefined) return path;
  return [path, text({ x: at.labelAt, y: at.labelY + 4, class: "axis" }, fitText(name, 92, 12))];
}

function drawMark([markX, markY]: readonly [number, number], at: { readonly x: Scale; readonly y: Scale; readonly right: number }): Marks {
  const [x, y] = [at.x(markX), at.y(markY)];
  const isRight = x > at.right - 120;
  return [
    dot(x, y, 4.5, "candidate-dot"),
    text(
      { x: x + (isRight ? -10 : 10), y: y + 18, class: "label strong", ...(isRight ? { anchor: "end" as const } : {}) },
      `${formatFigure(markX, 4)}: ${formatFigure(markY, 3)}`,
    ),
  ];
}
