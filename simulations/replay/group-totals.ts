/** Who holds which pair of tiers in a period, by group: entities, and their sales over a span. */
import { present, requireExact } from "../../data/foundation/index.ts";
import {
  type Aggregates,
  Aggregator,
  findMeasure,
  type GroupsAt,
  groupCount,
  groupReader,
  labelCellNumber,
  type OutcomeFrame,
  type PanelChunk,
  type PanelSchema,
  periodOfParting,
  sumOverSpan,
} from "../../data/panel/index.ts";
import { cellsOfPeriod, type TierCells } from "./tier-totals.ts";

/** What is counted, of which pairs. */
export interface GroupCells {
  readonly schema: PanelSchema;
  readonly groups: GroupsAt;
  /** By policy: its tiers by code. */
  readonly tiers: TierCells["tiers"];
}

/** The groups of a part in which anybody is. Columns: of each parting, group and pair one number, entities, and sales, 0 without a measure. */
export interface GroupPart {
  readonly cell: Float64Array;
  readonly entities: Float64Array;
  readonly sales: Float64Array;
}

/**
 * Those of a chunk, by the tiers held under two policies; whoever has no row in the period, or none that is reported, is in no group.
 * Cost: an entity's row and the rows of the spans.
 */
export function groupTotals(cells: GroupCells, chunk: PanelChunk, [before, after]: readonly [OutcomeFrame, OutcomeFrame]): GroupPart {
  const { schema, groups, tiers } = cells;
  const { sales } = groups;
  const readers = groups.partings.map((parting, index) => {
    const at = periodOfParting(parting, groups);
    return { parting: index, at, isLabels: parting.kind === "labels", read: groupReader(parting, at, schema) };
  });
  const byPeriod = [...new Set(readers.map(({ at }) => at))].map((at) => ({ at, there: readers.filter((each) => each.at === at) }));
  const column = sales === undefined ? -1 : (findMeasure(schema, sales.measure)?.index ?? -1);
  const found = new GroupTotals(cells);
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    let sold: number | undefined;
    for (const { at, there } of byPeriod) {
      const offset = at - (chunk.firstPeriod[entity] as number);
      const row = (chunk.rowStart[entity] as number) + offset;
      if (offset < 0 || row >= (chunk.rowStart[entity + 1] as number)) continue;
      const pair = (before.held[row] as number) * present(tiers[1], "tiers").length + (after.held[row] as number);
      sold ??= sales === undefined ? 0 : sumOverSpan(chunk, column, sales.over, entity);
      const shielded = [before.shielded[row] as number, after.shielded[row] as number] as const;
      for (const { parting, isLabels, read } of there) {
        const group = read(chunk, entity);
        found.add({ parting, group: isLabels ? labelCellNumber(group, shielded) : group, pair }, 1, sold);
      }
    }
  }
  return found.part();
}

/** A group of a parting, and the pair of tiers that is held in it, as `cellOf` numbers them. */
export interface GroupCell {
  readonly parting: number;
  readonly group: number;
  readonly pair: number;
}

/** Adds groups up. */
export class GroupTotals {
  readonly #cells: GroupCells;
  readonly #pairs: number;
  /** By parting: the cell of its first group. */
  readonly #starts: readonly number[];
  readonly #sums = new Map<number, { entities: number; sales: number }>();

  constructor(cells: GroupCells) {
    const { groups, schema } = cells;
    this.#cells = cells;
    this.#pairs = cellsOfPeriod(cells);
    let next = 0;
    this.#starts = groups.partings.map((parting) => {
      const start = next;
      next += groupCount(parting, schema) * this.#pairs;
      return start;
    });
  }

  /** Adds entities of one group that hold the same pair. */
  add({ parting, group, pair }: GroupCell, entities: number, sales: number): void {
    this.#add((this.#starts[parting] as number) + group * this.#pairs + pair, entities, sales);
  }

  /** Adds what a part of the entities gave. Errors: InputRefused (`limit-exceeded`) when sales are no exact integer any more. */
  addPart({ cell, entities, sales }: GroupPart): void {
    for (const [index, at] of cell.entries()) exact(this.#add(at, entities[index] as number, sales[index] as number));
  }

  #add(cell: number, entities: number, sales: number): number {
    let sums = this.#sums.get(cell);
    if (sums === undefined) {
      sums = { entities: 0, sales: 0 };
      this.#sums.set(cell, sums);
    }
    sums.entities += entities;
    sums.sales += sales;
    return sums.sales;
  }

  /** The sums as plain data. Errors as those of `addPart`. */
  part(): GroupPart {
    const sums = [...this.#sums.values()];
    return {
      cell: Float64Array.from(this.#sums.keys()),
      entities: Float64Array.from(sums, ({ entities }) => entities),
      sales: Float64Array.from(sums, ({ sales }) => exact(sales)),
    };
  }

  /** The sums as the noun of the meeting point: partings and groups by their numbers. */
  finish(): Aggregates {
    const { groups, tiers } = this.#cells;
    const [before = [], after = []] = tiers;
    const sums = groups.sales === undefined ? ["entities"] : ["entities", "sales"];
    const totals = new Aggregator({ name: "pairs of held tiers by group", by: ["parting", "group", "baseline", "candidate"], sums });
    for (const [cell, { entities, sales }] of this.#sums) {
      const parting = this.#starts.findLastIndex((start) => start <= cell);
      const within = cell - (this.#starts[parting] as number);
      const [group, pair] = [Math.floor(within / this.#pairs), within % this.#pairs];
      const key = [
        String(parting),
        String(group),
        present(before[Math.floor(pair / after.length)], "a tier"),
        present(after[pair % after.length], "a tier"),
      ];
      totals.add(key, groups.sales === undefined ? [entities] : [entities, sales]);
    }
    return totals.finish();
  }
}

function exact(sales: number): number {
  return requireExact(sales, () => "the sales of a group");
}
