/** What was forecast across, what came out upwards: a cross of intervals a point, and the line on which the two are equal. */
import { formatNumber } from "../formats/index.ts";
import type { AgreementSpec } from "./chart-spec.ts";
import { decimalsOf, linearScale, roundDomain, type Scale, ticksWithin } from "./scale.ts";
import { box, dot, drawing, line, type Marks, text } from "./svg.ts";
import { fitText } from "./text-width.ts";

/** One domain for both scales, square, so that the line of equality is the diagonal. Points that do not count are hollow. */
export function drawAgreement(spec: AgreementSpec, isNarrow: boolean): string {
  const layout = isNarrow ? { width: 358, left: 48, side: 284 } : { width: 880, left: 72, side: 380 };
  const top = 30;
  const bottom = top + layout.side;
  const right = layout.left + layout.side;
  const domain = roundDomain(
    spec.points.flatMap(({ across, up }) =>
      [across, up].flatMap(({ value, lower, upper }) => [value, lower, upper].filter((end) => end !== undefined)),
    ),
    isNarrow ? 4 : 6,
  );
  const x = linearScale([domain.from, domain.to], [layout.left, right]);
  const y = linearScale([domain.from, domain.to], [bottom, top]);
  const written = (tick: number): string =>
    `${spec.axis.isChange && tick > 0 ? "+" : ""}${spec.axis.prefix}${formatNumber(tick, decimalsOf(domain.step))}${spec.axis.suffix}`;
  const grid = ticksWithin(domain.from, domain.to, domain.step).map((tick) => {
    const rule = tick === 0 ? "zero" : "grid";
    return [
      line(layout.left, y(tick), right, y(tick), rule),
      line(x(tick), top, x(tick), bottom, rule),
      text({ x: layout.left - 6, y: y(tick) + 4, class: "axis", anchor: "end" }, written(tick)),
      text({ x: x(tick), y: bottom + 18, class: "axis", anchor: "middle" }, written(tick)),
    ];
  });
  const equal = line(x(domain.from), y(domain.from), x(domain.to), y(domain.to), "curve baseline-curve");
  const heads = [
    text({ x: 0, y: 14, class: "axis" }, fitText(spec.yHeading, layout.width, 12)),
    text({ x: right, y: bottom + 36, class: "axis", anchor: "end" }, fitText(spec.xHeading, layout.side, 12)),
  ];
  const points = spec.points.map(({ number, across, up, isCounted }): Marks => {
    if (across.value === undefined || up.value === undefined) return [];
    const [atX, atY] = [x(across.value), y(up.value)];
    return [
      bar(across, x, (from, to) => box({ x: from, y: atY - 2, width: to - from, height: 4, class: "interval", opacity: 0.6 })),
      bar(up, y, (from, to) => box({ x: atX - 2, y: to, width: 4, height: from - to, class: "interval", opacity: 0.6 })),
      dot(atX, atY, 4.5, isCounted ? "candidate-dot" : "baseline-dot"),
      text({ x: atX + 8, y: atY - 7, class: "axis" }, String(number)),
    ];
  });
  const names = isNarrow ? [] : drawNames(spec, right + 36, top);
  return drawing({ width: layout.width, height: bottom + 42, label: spec.label }, [heads, grid, equal, points, names]);
}

/** Beside the wide drawing: which number is which. As many as have room; the table names all. */
function drawNames({ points }: AgreementSpec, x: number, top: number): Marks {
  const room = 20;
  const shown = points.slice(0, points.length > room ? room - 1 : room);
  const rows = shown.map(({ number, label }, index) =>
    text({ x, y: top + 12 + index * 18, class: "axis" }, fitText(`${number}  ${label}`, 880 - x, 12)),
  );
  const rest =
    points.length > shown.length
      ? [text({ x, y: top + 12 + shown.length * 18, class: "axis" }, `and ${points.length - shown.length} more in the table`)]
      : [];
  return [...rows, ...rest];
}

function bar({ lower, upper }: AgreementSpec["points"][number]["up"], scale: Scale, draw: (from: number, to: number) => Marks): Marks {
  return lower === undefined || upper === undefined ? [] : draw(scale(lower), scale(upper));
}
