/** Entities present by period, and under it those that appear for the first and for the last time. */
import { formatCount, formatDate, formatMonthTick, monthTicks } from "../formats/index.ts";
import type { PresenceSpec } from "./chart-spec.ts";
import { linearScale, roundDomain, ticksWithin } from "./scale.ts";
import { box, drawing, line, type Marks, pathThrough, shape, text } from "./svg.ts";

/** Two scales in two plots: who is there, and who comes and goes. */
export function drawPresence(spec: PresenceSpec, isNarrow: boolean): string {
  const layout = isNarrow ? { width: 358, left: 46, right: 352 } : { width: 880, left: 60, right: 872 };
  const x = linearScale([0, Math.max(1, spec.periods.length)], [layout.left, layout.right]);
  const present = roundDomain(spec.present, 4);
  const y = linearScale([0, present.to], [150, 24]);
  const grid = ticksWithin(0, present.to, present.step).map((tick) => tickLine(tick, y(tick), layout));
  const curve = shape(pathThrough(spec.present.map((value, index) => [x(index + 0.5), y(value)])), "curve s-ink");
  const flows = roundDomain([...spec.first, ...spec.last], 4);
  const up = linearScale([0, flows.to], [252, 200]);
  const down = linearScale([0, flows.to], [252, 304]);
  const barWidth = Math.max(1, x(1) - x(0) - 1);
  const bars = spec.periods.map((period, index) => {
    const [first, last] = [spec.first[index] ?? 0, spec.last[index] ?? 0];
    const words = `${formatDate(period)}: ${formatCount(first)} first, ${formatCount(last)} last`;
    const place = { x: x(index), width: barWidth, title: words };
    return [
      first > 0 ? box({ ...place, y: up(first), height: 252 - up(first), class: "grey-4" }) : [],
      last > 0 ? box({ ...place, y: 252, height: down(last) - 252, class: "grey-2" }) : [],
    ];
  });
  const edges = [
    tickLine(flows.to, up(flows.to), layout),
    tickLine(flows.to, down(flows.to), layout),
    line(layout.left, 252, layout.right, 252, "zero"),
  ];
  const months = monthTicks(spec.periods, isNarrow ? 4 : 10).map((index) =>
    text({ x: x(index), y: 326, class: "axis" }, formatMonthTick(spec.periods[index] ?? "")),
  );
  const heads = [
    text({ x: 0, y: 12, class: "label strong" }, "Present"),
    text(
      { x: 0, y: 188, class: "label strong" },
      `First seen (up) and last seen (down)${spec.periodsABar > 1 ? `, ${spec.periodsABar} periods a bar` : ""}`,
    ),
  ];
  return drawing({ width: layout.width, height: 332, label: spec.label }, [heads, grid, curve, edges, bars, months]);
}

function tickLine(tick: number, y: number, layout: { readonly left: number; readonly right: number }): Marks {
  return [
    line(layout.left, y, layout.right, y, tick === 0 ? "zero" : "grid"),
    text({ x: layout.left - 8, y: y + 4, class: "axis", anchor: "end" }, formatCount(tick)),
  ];
}
