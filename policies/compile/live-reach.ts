/**
 * Whom another value of a moved parameter can reach. Where parameters move anchors of curves and nothing else, that is everybody who has a
 * value between anchors that stay: what a curve gives left and right of these is the same as before.
 */
import { invariant, present } from "../../data/foundation/index.ts";
import type { PanelChunk } from "../../data/panel/index.ts";
import { closureOf, constantValue, namesRead, type Policy, readsOf, type Score } from "../language/checked/index.ts";

type Curve = Extract<Score, { kind: "curve" }>;

/** Values of a column that another policy reads otherwise: from `lower` on, below `upper`. */
export interface Reach {
  readonly column: string;
  readonly lower: number;
  readonly upper: number;
}

/**
 * What lies in reach when one policy follows another that differs in the moved parameters only; undefined where these are read by more than
 * curves over columns that stand, so that everybody may be in reach.
 */
export function reachBetween(
  policy: Policy,
  moved: ReadonlySet<string>,
  columns: ReadonlySet<string>,
): ((before: Policy, after: Policy) => readonly Reach[]) | undefined {
  const curves = policy.scores.filter((score) => score.kind === "curve").filter(({ anchors }) => readsMoved(anchors, moved));
  const reads = readsOf(policy);
  const named = new Set(curves.map(({ name }) => name));
  const readers = [...reads].filter(([name, read]) => !named.has(name) && read.some((one) => moved.has(one)));
  const inLadder = [...policy.tiers, ...policy.caps].flatMap(({ when }) => (when === undefined ? [] : namesRead(when, "parameter")));
  const isElsewhere = readers.length > 0 || inLadder.some((name) => moved.has(name));
  const isPlain = curves.every(({ shape, from }) => shape !== "logistic" && columns.has(from.name));
  // A column that stands reads nothing that moves.
  if (isElsewhere || !isPlain || [...closureOf(columns, reads)].some((name) => moved.has(name))) return undefined;
  return (before, after) => curves.flatMap(({ name, from }) => reachOf(from.name, anchorsOf(before, name), anchorsOf(after, name)));
}

function readsMoved(anchors: Curve["anchors"], moved: ReadonlySet<string>): boolean {
  return anchors.some(({ x, y }) => [x, y].some((constant) => constant.kind === "reference" && moved.has(constant.name)));
}

interface Anchor {
  readonly x: number;
  readonly y: number;
}

function anchorsOf(policy: Policy, name: string): readonly Anchor[] {
  const score = policy.scores.find((candidate) => candidate.name === name);
  invariant(score?.kind === "curve", `${name} is a curve`);
  return score.anchors.map(({ x, y }) => ({ x: constantValue(policy, x), y: constantValue(policy, y) }));
}

/** Between the anchors that stay on both sides of those that move; without one the side is open. */
function reachOf(column: string, before: readonly Anchor[], after: readonly Anchor[]): readonly Reach[] {
  const moves = before.map(({ x, y }, index) => x !== after[index]?.x || y !== after[index]?.y);
  const first = moves.indexOf(true);
  if (first < 0) return [];
  const lower = before[first - 1]?.x ?? Number.NEGATIVE_INFINITY;
  return [{ column, lower, upper: before[moves.lastIndexOf(true) + 1]?.x ?? Number.POSITIVE_INFINITY }];
}

/** By entity 1 where none of its values lies in reach. Cost: the first time, one look at the columns; then one at each entity. */
export function outOfReach(chunk: PanelChunk, columns: ReadonlyMap<string, Float64Array>, reaches: readonly Reach[]): Uint8Array {
  const outside = new Uint8Array(chunk.entityCount).fill(1);
  for (const { column, lower, upper } of reaches) {
    const { least, most } = extremesOf(chunk, present(columns.get(column), column));
    for (let entity = 0; entity < outside.length; entity++) {
      if ((most[entity] as number) >= lower && (least[entity] as number) < upper) outside[entity] = 0;
    }
  }
  return outside;
}

/** By entity the least and the largest value of a column that is there; without any, infinities the wrong way round. */
interface Extremes {
  readonly least: Float64Array;
  readonly most: Float64Array;
}

const known = new WeakMap<Float64Array, Extremes>();

function extremesOf({ entityCount, rowStart }: PanelChunk, column: Float64Array): Extremes {
  const found = known.get(column);
  if (found !== undefined) return found;
  const least = new Float64Array(entityCount).fill(Number.POSITIVE_INFINITY);
  const most = new Float64Array(entityCount).fill(Number.NEGATIVE_INFINITY);
  for (let entity = 0; entity < entityCount; entity++) {
    for (let row = rowStart[entity] as number; row < (rowStart[entity + 1] as number); row++) {
      const value = column[row] as number;
      if (value < (least[entity] as number)) least[entity] = value;
      if (value > (most[entity] as number)) most[entity] = value;
    }
  }
  known.set(column, { least, most });
  return { least, most };
}
