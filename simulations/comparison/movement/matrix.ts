/** The matrix of one date, whoever counted its cells: movers by direction, newly adverse, released, and the two tests. */
import type { Policy } from "../../../policies/language/checked/index.ts";
import { bowker, type Estimated, stuartMaxwell } from "../../statistics/index.ts";
import type { MovementMatrix } from "../comparison.ts";
import { type EntityDraw, notDrawn, recordedMean } from "../recorded.ts";
import type { Course, MatrixAtDate } from "./course.ts";
import { moves, type TierPairs, tierViews } from "./tier-pairs.ts";

/** The matrix of a period, and who is newly adverse or released in it. */
export interface MovementAt extends MovementMatrix {
  readonly newlyAdverse: number;
  readonly released: number;
}

/** A date's cells: entities by baseline tier, then candidate tier; and the two policies whose tiers they are. */
export interface MatrixCells {
  readonly at: string;
  readonly baseline: Policy;
  readonly candidate: Policy;
  readonly pairs: TierPairs;
  readonly cells: Float64Array;
}

/** The matrix with its counts, and the share of movers with its interval. */
export function movementMatrix({ at, baseline, candidate, pairs, cells }: MatrixCells, draw: EntityDraw): MovementAt {
  const counts = countMoves(pairs, cells);
  const inFrame = cells.reduce((sum, count) => sum + count, 0);
  return {
    at,
    rows: tierViews(baseline).map(({ name }) => name),
    columns: tierViews(candidate).map(({ name }) => name),
    ...counts,
    inFrame,
    moversShare: moversShare({ movers: counts.movers, inFrame }, draw),
  };
}

/** How many went which way. */
export function countMoves(pairs: TierPairs, cells: Float64Array): Omit<MatrixAtDate, "at"> {
  const sum = (holds: (cell: number) => boolean) => cells.reduce((total, count, cell) => (holds(cell) ? total + count : total), 0);
  const kind = (code: number) => sum((cell) => pairs.move[cell] === code);
  return {
    matrix: rowsOf(cells, pairs),
    movers: sum((cell) => pairs.move[cell] !== moves.same),
    up: kind(moves.up),
    down: kind(moves.down),
    intoUnrated: kind(moves.intoUnrated),
    outOfUnrated: kind(moves.outOfUnrated),
    newlyAdverse: sum((cell) => pairs.adverse[cell] === 1),
    released: sum((cell) => pairs.adverse[cell] === 2),
  };
}

/** Cells as rows of columns. */
export function rowsOf(cells: Float64Array, { rows, columns }: TierPairs): readonly (readonly number[])[] {
  return Array.from({ length: rows }, (_, row) => Array.from(cells.subarray(row * columns, (row + 1) * columns)));
}

/** Movers over everyone in the frame. */
export function moversShare({ movers, inFrame }: { readonly movers: number; readonly inFrame: number }, draw: EntityDraw): Estimated {
  return recordedMean(Float64Array.of(1, 0), Float64Array.of(movers, inFrame - movers), draw);
}

/** Whether chance could have moved as many: of the matrix squared to the tiers of both policies. */
export function movementTests(tiers: readonly UnionTier[], matrix: MatrixAtDate["matrix"], { noDraw }: EntityDraw): Course["tests"] {
  if (noDraw !== undefined) return { stuartMaxwell: notDrawn(noDraw), bowker: notDrawn(noDraw) };
  const table = tiers.map(({ row }) => tiers.map(({ column }) => matrix[row]?.[column] ?? 0));
  return { stuartMaxwell: stuartMaxwell({ table }), bowker: bowker({ table }) };
}

/** The tiers of both policies by name; both `otherwise` are one. -1: that policy has none of the name. */
export interface UnionTier {
  readonly name: string;
  readonly adverse: boolean;
  readonly row: number;
  readonly column: number;
}

/** Those of the baseline, then those that only the candidate has. */
export function unionOfTiers(baseline: Policy, candidate: Policy): readonly UnionTier[] {
  const [rows, columns] = [tierViews(baseline), tierViews(candidate)];
  const columnOf = (name: string, isUnrated: boolean) =>
    columns.findIndex((tier) => (isUnrated ? tier.unrated : !tier.unrated && tier.name === name));
  const known = rows.map(({ name, adverse, unrated }, row) => ({ name, adverse, row, column: columnOf(name, unrated) }));
  const more = columns.flatMap(({ name, adverse }, column) =>
    known.some((tier) => tier.column === column) ? [] : [{ name, adverse, row: -1, column }],
  );
  return [...known, ...more];
}
