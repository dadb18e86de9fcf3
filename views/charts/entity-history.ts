/** One entity over time: its score under each version, and the tier that it holds as a band for each. */
import { formatDate, formatMonthTick, formatNumber, monthTicks } from "../formats/index.ts";
import type { ChartTier, EntityHistorySpec } from "./chart-spec.ts";
import { linearScale, type Scale, ticksWithin } from "./scale.ts";
import { box, dot, drawing, line, type Marks, pathThrough, shape, text } from "./svg.ts";
import { fitText, textWidth } from "./text-width.ts";
import { tierBox } from "./tier-colour.ts";

type Version = EntityHistorySpec["versions"][number];

/** Scores run from 0 to 100; a period without a score breaks the line. */
export function drawEntityHistory(spec: EntityHistorySpec, isNarrow: boolean): string {
  const layout = isNarrow ? { width: 358, left: 30, right: 352, plotHeight: 150 } : { width: 880, left: 120, right: 790, plotHeight: 220 };
  const top = 10;
  const bottom = top + layout.plotHeight;
  const x = linearScale([0, Math.max(1, spec.periods.length)], [layout.left, layout.right]);
  const y = linearScale([0, 100], [bottom, top]);
  const grid = ticksWithin(0, 100, isNarrow ? 50 : 25).map((tick) => [
    line(layout.left, y(tick), layout.right, y(tick), tick === 0 ? "zero" : "grid"),
    text({ x: layout.left - 8, y: y(tick) + 4, class: "axis", anchor: "end" }, formatNumber(tick, 0)),
  ]);
  const head = isNarrow ? [] : text({ x: 0, y: top + 8, class: "label strong" }, "Score");
  const curves = spec.versions.map((version, index) => drawScore(version, { x, y, index }));
  const ends = isNarrow ? [] : drawLastScores(spec, { y, x: layout.right + 8 });
  const bandHeight = 22;
  const pitch = isNarrow ? 46 : 34;
  const bands = spec.versions.map((version, index) =>
    drawBand(spec, version, { x, y: bottom + 44 + index * pitch + (isNarrow ? 16 : 0), height: bandHeight, isNarrow, left: layout.left }),
  );
  const months = monthTicks(spec.periods, isNarrow ? 4 : 10).map((index) =>
    text({ x: x(index), y: bottom + 20, class: "axis" }, formatMonthTick(spec.periods[index] ?? "")),
  );
  const height = bottom + 44 + spec.versions.length * pitch + (isNarrow ? 4 : 0);
  return drawing({ width: layout.width, height, label: spec.label }, [head, grid, months, curves, ends, bands]);
}

function drawScore(version: Version, at: { readonly x: Scale; readonly y: Scale; readonly index: number }): Marks {
  const points = version.scores.map((score, index) =>
    score === undefined ? undefined : ([at.x(index + 0.5), at.y(Math.max(0, Math.min(100, score)))] as const),
  );
  const className = version.isBaseline ? "curve baseline-curve" : `curve version-${Math.min(4, at.index)}`;
  const path = shape(pathThrough(points), className);
  const last = points.findLast((point) => point !== undefined);
  if (last === undefined) return [];
  const mark = dot(last[0], last[1], 3.5, version.isBaseline ? "baseline-dot" : "candidate-dot");
  return [path, mark];
}

/** The last scores beside the plot, pushed apart where they would touch. */
function drawLastScores(spec: EntityHistorySpec, at: { readonly x: number; readonly y: Scale }): Marks {
  const scores = spec.versions.flatMap((version) => {
    const score = version.scores.findLast((value) => value !== undefined);
    return score === undefined
      ? []
      : [{ score, y: at.y(Math.max(0, Math.min(100, score))) + 4, version: version.version, isBaseline: version.isBaseline }];
  });
  let lowest = Number.NEGATIVE_INFINITY;
  return scores
    .toSorted((a, b) => a.y - b.y)
    .map(({ score, y, version, isBaseline }) => {
      lowest = Math.max(y, lowest + 15);
      return text(
        { x: at.x, y: lowest, class: isBaseline ? "label i-baseline" : "label strong" },
        `${formatNumber(score, 1)} ${fitText(version, 46, 13, true)}`,
      );
    });
}

/** Runs of the same tier become one box, named where the name fits. */
function drawBand(
  spec: EntityHistorySpec,
  version: Version,
  at: { readonly x: Scale; readonly y: number; readonly height: number; readonly isNarrow: boolean; readonly left: number },
): Marks {
  const role = `${version.version}${version.isBaseline ? ", baseline" : ""}`;
  const label = at.isNarrow
    ? text({ x: 0, y: at.y - 6, class: "label strong" }, fitText(role, 350, 13, true))
    : text({ x: 0, y: at.y + 15, class: "label strong" }, fitText(role, 112, 13, true));
  const boxes = runsOf(version.tiers).map(({ tier, from, to }) => {
    if (tier === undefined) return [];
    const [start, end] = [at.x(from), at.x(to)];
    const title = `${tier.name}, ${formatDate(spec.periods[from] ?? "")} to ${formatDate(spec.periods[to - 1] ?? "")}`;
    const band = tierBox({ x: start, y: at.y, width: end - start - 1, height: at.height, colour: tier.colour, title });
    const width = textWidth(tier.name, 12) + 8;
    if (width + 6 > end - start) return band;
    const plate = box({ x: start + 4, y: at.y + 3, width, height: at.height - 6, class: "plate", layer: "over" });
    return [band, plate, text({ x: start + 8, y: at.y + 15.5, class: "axis-ink" }, tier.name)];
  });
  return [label, boxes];
}

function runsOf(
  tiers: readonly (ChartTier | undefined)[],
): readonly { readonly tier: ChartTier | undefined; readonly from: number; readonly to: number }[] {
  const runs: { tier: ChartTier | undefined; from: number; to: number }[] = [];
  for (const [index, tier] of tiers.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && last.tier?.name === tier?.name) last.to = index + 1;
    else runs.push({ tier, from: index, to: index + 1 });
  }
  return runs;
}
