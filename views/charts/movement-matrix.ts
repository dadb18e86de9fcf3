/** Everyone by held tier under both versions, with both margins and the change. */
import { formatCount, formatSigned } from "../formats/index.ts";
import type { ChartTier, MovementMatrixSpec } from "./chart-spec.ts";
import { box, drawing, type Marks, painted, single, text } from "./svg.ts";
import { fitText, textWidth } from "./text-width.ts";
import { tierBox } from "./tier-colour.ts";

interface Layout {
  readonly width: number;
  readonly labelWidth: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly totalWidth: number;
  readonly headHeight: number;
  readonly headsStand: boolean;
}

/** Between two heads, or two totals, that lie beside each other. */
const headGap = 6;

const signs = { down: "▼\u2009", up: "▲\u2009", other: "◇\u2009", same: "" } as const;

/** Draws rows for the baseline, columns for the candidate; shade grows with the square root of the count. */
export function drawMovementMatrix(spec: MovementMatrixSpec, isNarrow: boolean): string {
  const layout = layoutFor(spec, isNarrow);
  const most = Math.max(1, ...spec.cells.flatMap((row) => row.filter((cell) => cell.direction !== "same").map((cell) => cell.entities)));
  const columnX = (column: number) => layout.labelWidth + column * layout.cellWidth;
  const rowY = (row: number) => layout.headHeight + row * layout.cellHeight;
  const heads = drawHeads(spec, layout, columnX);
  const rows = spec.rows.map((tier, row) => {
    const cells = (spec.cells[row] ?? []).map((cell, column) => {
      const drawn = drawCell(cell, { x: columnX(column), y: rowY(row), layout, most });
      // Who stays is reached from the table: a page has room for the links of movers.
      return cell.entities === 0 || cell.direction === "same"
        ? drawn
        : linked(spec, drawn, { tier, to: spec.columns[column], entities: cell.entities });
    });
    const total = sum((spec.cells[row] ?? []).map((cell) => cell.entities));
    return [drawRowHead(tier, layout, rowY(row)), cells, drawTotal(formatCount(total), layout, rowY(row) + layout.cellHeight / 2)];
  });
  const footY = rowY(spec.rows.length) + 20;
  const height = footY + 30 + 16;
  return drawing({ width: layout.width, height, label: spec.label }, [heads, rows, drawFoot(spec, layout, { y: footY, columnX })]);
}

function layoutFor(spec: MovementMatrixSpec, isNarrow: boolean): Layout {
  const count = spec.columns.length;
  const labelWidth = Math.min(isNarrow ? 96 : 120, Math.max(70, ...[...spec.rows].map((tier) => textWidth(tier.name, 13) + 26)));
  const totalWidth = isNarrow ? 48 : 52;
  const cellWidth = Math.max(34, Math.min(isNarrow ? 52 : 62, ((isNarrow ? 358 : 424) - labelWidth - totalWidth) / count));
  const widths = spec.columns.map((tier) => textWidth(tier.name, 13));
  const isCrowded = (width: number, index: number) => (width + (widths[index + 1] ?? width - 2 * headGap)) / 2 > cellWidth - headGap;
  const headsStand = widths.some(isCrowded);
  const headHeight = headsStand ? 52 + Math.min(110, Math.max(...widths)) : 72;
  return {
    width: labelWidth + totalWidth + count * cellWidth,
    labelWidth,
    totalWidth,
    cellWidth,
    cellHeight: isNarrow ? 40 : 47,
    headHeight,
    headsStand,
  };
}

function drawHeads(spec: MovementMatrixSpec, layout: Layout, columnX: (column: number) => number): Marks {
  const middle = layout.labelWidth + (layout.cellWidth * spec.columns.length) / 2;
  const over = text(
    { x: middle, y: 12, class: "axis", anchor: "middle" },
    fitText(`Held under ${spec.candidate}`, layout.width - layout.labelWidth, 12),
  );
  const base = layout.headHeight - 20;
  const heads = spec.columns.map((tier, column) => {
    const x = columnX(column) + layout.cellWidth / 2;
    const sign = tierBox({ x: x - 5.5, y: base + 2, width: 11, height: 11, colour: tier.colour });
    if (!layout.headsStand) return [sign, text({ x, y: base - 6, class: "label", anchor: "middle" }, tier.name)];
    const turned = { transform: `translate(${(x + 4).toFixed(1)} ${(base - 5).toFixed(1)}) rotate(-90)` };
    return [sign, single("g", turned, painted(text({ x: 0, y: 0, class: "label" }, fitText(tier.name, 108, 13))))];
  });
  const under = text({ x: 0, y: base + 12, class: "axis" }, fitText(`Under ${spec.baseline}`, layout.labelWidth - 8, 12));
  return [over, under, heads, text({ x: layout.width, y: base + 12, class: "label", anchor: "end" }, "All")];
}

function drawRowHead(tier: ChartTier, layout: Layout, y: number): Marks {
  const middle = y + layout.cellHeight / 2;
  return [
    tierBox({ x: 0.5, y: middle - 5.5, width: 11, height: 11, colour: tier.colour }),
    text({ x: 19, y: middle + 4.5, class: "label" }, fitText(tier.name, layout.labelWidth - 24, 13)),
  ];
}

/** A cell of movers that leads to the entities in it. The address is short: a page holds two drawings of every cell. */
function linked(
  { linkQuery }: MovementMatrixSpec,
  drawn: Marks,
  { tier, to, entities }: { readonly tier: ChartTier; readonly to: ChartTier | undefined; readonly entities: number },
): Marks {
  if (linkQuery === undefined || to === undefined) return drawn;
  const href = `movement/${encodeURIComponent(tier.name)}/${encodeURIComponent(to.name)}${linkQuery}`;
  return single("a", { href, "aria-label": `${formatCount(entities)} from ${tier.name} to ${to.name}` }, painted(drawn));
}

function drawCell(
  cell: MovementMatrixSpec["cells"][number][number],
  at: { readonly x: number; readonly y: number; readonly layout: Layout; readonly most: number },
): Marks {
  const middle = { x: at.x + at.layout.cellWidth / 2, y: at.y + at.layout.cellHeight / 2 + 5 };
  const size = cellTextClass(cell.entities, cell.direction, at.layout.cellWidth);
  if (cell.entities === 0 && cell.direction !== "same") return text({ ...middle, class: "axis", anchor: "middle" }, "·");
  const place = { x: at.x + 1, y: at.y + 1, width: at.layout.cellWidth - 2, height: at.layout.cellHeight - 2 };
  if (cell.direction === "same")
    return [box({ ...place, class: "wash" }), text({ ...middle, class: size, anchor: "middle" }, formatCount(cell.entities))];
  const opacity = 0.14 + 0.46 * Math.sqrt(cell.entities / at.most);
  const className = cell.direction === "other" ? "grey-2" : cell.direction;
  return [
    box({ ...place, class: className, opacity }),
    text({ ...middle, class: `${size} strong`, anchor: "middle" }, `${signs[cell.direction]}${formatCount(cell.entities)}`),
  ];
}

function cellTextClass(entities: number, direction: keyof typeof signs, width: number): string {
  const words = signs[direction] + formatCount(entities);
  return textWidth(words, 14, true) > width - 4 ? "axis-ink" : "cell";
}

function drawTotal(words: string, layout: Layout, middle: number): Marks {
  return text({ x: layout.width, y: middle + 5, class: "cell quiet", anchor: "end" }, words);
}

function drawFoot(
  spec: MovementMatrixSpec,
  layout: Layout,
  at: { readonly y: number; readonly columnX: (column: number) => number },
): Marks {
  const total = (column: number) => sum(spec.cells.map((row) => row[column]?.entities ?? 0));
  const before = new Map(spec.rows.map((tier, row) => [tier.name, sum((spec.cells[row] ?? []).map((cell) => cell.entities))]));
  const everyone = sum(spec.columns.map((_, column) => total(column)));
  const cells = spec.columns.map((tier, column) => {
    const x = at.columnX(column) + layout.cellWidth / 2;
    const change = total(column) - (before.get(tier.name) ?? 0);
    const [all, changed] = [formatCount(total(column)), formatSigned(change, 0)];
    const size =
      textWidth(changed, 14, true) > layout.cellWidth - headGap || textWidth(all, 14) > layout.cellWidth - headGap ? "axis-ink" : "cell";
    return [
      text({ x, y: at.y, class: `${size} quiet`, anchor: "middle" }, all),
      text({ x, y: at.y + 31, class: `${size} strong`, anchor: "middle" }, changed),
    ];
  });
  const labels = [text({ x: 0, y: at.y, class: "label" }, "All"), text({ x: 0, y: at.y + 31, class: "label" }, "Change")];
  return [labels, cells, drawTotal(formatCount(everyone), layout, at.y - 5), drawTotal("0", layout, at.y + 26)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
