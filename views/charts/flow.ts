/** Movers as streams from the tier they leave to the tier they enter; height is the number of entities. */
import { formatCount } from "../formats/index.ts";
import type { ChartSpec, FlowStream } from "./chart-spec.ts";
import { coordinate, drawing, element, escapeMarkup, type Marks, single, text, textOf } from "./svg.ts";
import { fitText } from "./text-width.ts";
import { tierBox } from "./tier-colour.ts";

type FlowSpec = Extract<ChartSpec, { kind: "flow" }>;

interface Node {
  readonly tier: number;
  readonly entities: number;
  readonly y: number;
  readonly height: number;
}

const nodeWidth = 12;
const top = 24;
const signs = { down: "▼", up: "▲", other: "◇" } as const;

/** Draws only tiers that lose or gain movers. Ladder order on both sides. */
export function drawFlow(spec: FlowSpec, isNarrow: boolean): string {
  const width = isNarrow ? 358 : 400;
  const side = isNarrow ? 92 : 100;
  const total = spec.streams.reduce((sum, stream) => sum + stream.entities, 0);
  const unit = total === 0 ? 0 : (isNarrow ? 220 : 268) / total;
  const left = nodesOf(spec, "from", unit);
  const right = nodesOf(spec, "to", unit);
  const height = Math.max(...[...left, ...right].map((node) => node.y + Math.max(node.height, 16)), top) + 8;
  const x = { left: side, right: width - side - nodeWidth };
  const heads = [
    text({ x: x.left + nodeWidth, y: 12, class: "axis", anchor: "end" }, fitText(`leave, under ${spec.baseline}`, side + nodeWidth, 12)),
    text({ x: x.right, y: 12, class: "axis" }, fitText(`enter, under ${spec.candidate}`, side + nodeWidth, 12)),
  ];
  const streams = drawStreams(spec, { left, right, unit, from: x.left + nodeWidth, to: x.right });
  const nodes = [
    ...left.map((node) => drawNode(spec, node, { x: x.left, isLeft: true, side })),
    ...right.map((node) => drawNode(spec, node, { x: x.right, isLeft: false, side })),
  ];
  return drawing({ width, height, label: spec.label }, [heads, streams, nodes]);
}

function nodesOf(spec: FlowSpec, end: "from" | "to", unit: number): readonly Node[] {
  const nodes: Node[] = [];
  let y = top;
  for (const [tier] of spec.tiers.entries()) {
    const entities = spec.streams.filter((stream) => stream[end] === tier).reduce((sum, stream) => sum + stream.entities, 0);
    if (entities === 0) continue;
    const height = Math.max(1.5, entities * unit);
    nodes.push({ tier, entities, y, height });
    y += Math.max(height, 8) + 14;
  }
  return nodes;
}

function drawStreams(
  spec: FlowSpec,
  at: {
    readonly left: readonly Node[];
    readonly right: readonly Node[];
    readonly unit: number;
    readonly from: number;
    readonly to: number;
  },
): Marks {
  const startOf = offsets(spec.streams, at.left, "from", at.unit);
  const endOf = offsets(spec.streams, at.right, "to", at.unit);
  const middle = (at.from + at.to) / 2;
  const shapes = spec.streams.map((stream, index) => {
    const thickness = Math.max(1, stream.entities * at.unit);
    const [a, b] = [startOf[index] ?? 0, endOf[index] ?? 0];
    const [x0, x1, xm] = [coordinate(at.from), coordinate(at.to), coordinate(middle)];
    const d = `M${x0} ${coordinate(a)}C${xm} ${coordinate(a)} ${xm} ${coordinate(b)} ${x1} ${coordinate(b)}V${coordinate(b + thickness)}C${xm} ${coordinate(b + thickness)} ${xm} ${coordinate(a + thickness)} ${x0} ${coordinate(a + thickness)}Z`;
    const title = `${spec.tiers[stream.from]?.name ?? ""} → ${spec.tiers[stream.to]?.name ?? ""}: ${formatCount(stream.entities)}`;
    return single(
      "path",
      { d, class: `stream ${stream.direction === "other" ? "grey-3" : stream.direction}` },
      element("title", {}, escapeMarkup(title)),
    );
  });
  const labels = spec.streams.map((stream, index) => {
    const thickness = stream.entities * at.unit;
    if (thickness < 12) return [];
    return text(
      { x: at.from + 10, y: (startOf[index] ?? 0) + thickness / 2 + 4.5, class: "label strong" },
      `${signs[stream.direction]} ${formatCount(stream.entities)}`,
    );
  });
  return [shapes, labels];
}

/** Where each stream touches its node: in ladder order of the other end. */
function offsets(streams: readonly FlowStream[], nodes: readonly Node[], end: "from" | "to", unit: number): readonly number[] {
  const other = end === "from" ? "to" : "from";
  return streams.map((stream) => {
    const node = nodes.find((candidate) => candidate.tier === stream[end]);
    const before = streams
      .filter((peer) => peer[end] === stream[end] && peer[other] < stream[other])
      .reduce((sum, peer) => sum + peer.entities, 0);
    return (node?.y ?? top) + before * unit;
  });
}

function drawNode(spec: FlowSpec, node: Node, at: { readonly x: number; readonly isLeft: boolean; readonly side: number }): Marks {
  const tier = spec.tiers[node.tier] ?? { name: "", colour: "unrated" };
  const y = node.y + node.height / 2 + 4.5;
  const count = formatCount(node.entities);
  const name = fitText(tier.name, at.side - 14 - count.length * 8, 13);
  const parts = at.isLeft ? `${name} ` : ` ${name}`;
  const strong = element("tspan", { class: "strong" }, count);
  const plain = escapeMarkup(parts);
  return [
    tierBox({ x: at.x, y: node.y, width: nodeWidth, height: node.height, colour: tier.colour }),
    at.isLeft
      ? textOf({ x: at.x - 8, y, class: "label", anchor: "end" }, plain + strong)
      : textOf({ x: at.x + nodeWidth + 8, y, class: "label" }, strong + plain),
  ];
}
