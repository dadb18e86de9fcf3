/** A market in which units take sales from each other: what each sells, what a candidate changes of it, and whom it shares buyers with. */
import { firstDayOf, invariant, lastDayOf, type PeriodIndex, present } from "../../../data/foundation/index.ts";
import { type Attribute, findAttribute, findMeasure, type Panel, type PanelChunk } from "../../../data/panel/index.ts";
import type { Consequences, Policy, Programme } from "../../../policies/language/checked/index.ts";
import { replay } from "../../replay/index.ts";
import { salesFactor, tierPairs } from "./tier-effect.ts";

/** The periods that stand for the test, and how sales answer. */
export interface MarketRequest {
  readonly panel: Panel;
  readonly baseline: Policy;
  readonly candidate: Policy;
  /** The window, after the panel's first period: sales in it are taken for what everybody sells under the baseline. */
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
  /** Sales: a flow. */
  readonly measure: string;
  /** Text attributes of the panel. Buyers go from one unit to another with the same values; none: the whole market is one group. */
  readonly groupBy: readonly string[];
  /** Sales go with traffic to this power. */
  readonly elasticity: number;
}

/** A unit is an entity with a row in the window. Sales over the whole window, in units of the measure. */
export interface Market {
  readonly entities: readonly string[];
  readonly periods: number;
  readonly sales: Float64Array;
  /** Over as many periods before the window, as far as there are any. */
  readonly earlier: Float64Array;
  /** Orders in the window; absent where the panel counts none. */
  readonly orders?: Float64Array;
  /** What the candidate changes of a unit's own sales, before any buyer goes elsewhere: below 0 where it takes. */
  readonly change: Float64Array;
  /** By unit: a position in `groups`. A group is its values, in the order of `groupBy`. */
  readonly group: Int32Array;
  readonly groups: readonly (readonly string[])[];
  readonly groupBy: readonly string[];
  /** By group and period, `periods` each: sums over its units. */
  readonly groupSales: Float64Array;
  readonly groupChange: Float64Array;
  /** Which consequences differ for anybody in the window. */
  readonly differing: ReadonlySet<keyof Consequences>;
}

/**
 * Replays both policies, the candidate as if it came into force when the window begins, and turns what they do to a unit into a change of its sales: sales x (factor - 1), the factor of
 * `salesFactor`. A tier that is held at the end of a period acts in the next. Fees and payouts change no sales. Cost: one replay of both, and numbers by unit.
 */
export function marketOf({ panel, baseline, candidate, from, to, measure, groupBy, elasticity }: MarketRequest): Market {
  const { schema } = panel;
  invariant(from > schema.firstPeriod && from <= to && to <= schema.lastPeriod, "a window lies within the panel, after its first period");
  const changed: Programme = {
    versions: [
      { policy: baseline, from: Number.NEGATIVE_INFINITY },
      { policy: candidate, from: firstDayOf(schema.grain, from) },
    ],
  };
  const flow = (name: string) => {
    const { index, measure: found } = present(findMeasure(schema, name), `measure ${name}`);
    const scale = 10 ** found.decimals;
    return ({ measures }: PanelChunk, row: number): number => ((measures[index] as Float64Array)[row] as number) / scale || 0;
  };
  const salesAt = flow(measure);
  const ordersAt = schema.ordersMeasure === undefined ? undefined : flow(schema.ordersMeasure);
  const attributes = groupBy.map((name) => present(findAttribute(schema, name), `attribute ${name}`));
  const pairAt = tierPairs(baseline, candidate, changed);
  const draft = new Draft(to - from + 1);
  replay({
    policies: [baseline, changed],
    panel,
    to,
    visit: (chunk, [without, with_]) => {
      const [one, other] = [present(without, "a frame").held, present(with_, "a frame").held];
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        const begin = chunk.rowStart[entity] as number;
        const offset = begin - (chunk.firstPeriod[entity] as number);
        const start = Math.max(begin, from + offset);
        const stop = Math.min(chunk.rowStart[entity + 1] as number, to + offset + 1);
        if (start >= stop) continue;
        const values = attributes.map((attribute) =>
          textAt(chunk, entity, stop - 1, { attribute, at: schema.attributes.indexOf(attribute) }),
        );
        draft.begin(chunk.entities[entity] as string, values);
        for (let row = Math.max(begin, from + offset - (to - from + 1)); row < from + offset && row < stop; row++)
          draft.addEarlier(salesAt(chunk, row));
        for (let row = start; row < stop; row++) {
          const [sales, orders, period] = [salesAt(chunk, row), ordersAt?.(chunk, row) ?? 0, row - offset];
          const pair = row === begin ? undefined : pairAt(one[row - 1] as number, other[row - 1] as number);
          const days = lastDayOf(schema.grain, period) - firstDayOf(schema.grain, period) + 1;
          if (pair !== undefined) draft.note(pair.differing);
          draft.add(period - from, {
            sales,
            orders,
            change: pair === undefined ? 0 : sales * (salesFactor(pair, { elasticity, orders, days }) - 1),
          });
        }
      }
    },
  });
  return draft.finish(groupBy, ordersAt !== undefined);
}

/** By group: 1 where no more than one unit sells anything, so that nobody can give to another. */
export function loneGroups({ sales, group, groups }: Pick<Market, "sales" | "group" | "groups">): Uint8Array {
  const selling = new Int32Array(groups.length);
  for (const [unit, at] of group.entries()) if ((sales[unit] as number) > 0) selling[at] = (selling[at] as number) + 1;
  return Uint8Array.from(selling, (count) => (count < 2 ? 1 : 0));
}

/** Sums of a column over groups. */
export function sumsBy(column: Float64Array, group: Int32Array, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  for (const [unit, at] of group.entries()) sums[at] = (sums[at] as number) + (column[unit] as number);
  return sums;
}

function textAt(
  chunk: PanelChunk,
  entity: number,
  row: number,
  { attribute, at }: { readonly attribute: Attribute; readonly at: number },
): string {
  const column = chunk.attributes[at] as Float64Array;
  return attribute.values?.[column[attribute.scope === "entity" ? entity : row] as number] ?? "none";
}

/** Units as they come. */
class Draft {
  readonly #periods: number;
  readonly #entities: string[] = [];
  readonly #columns: Readonly<Record<"sales" | "earlier" | "orders" | "change", number[]>> = {
    sales: [],
    earlier: [],
    orders: [],
    change: [],
  };
  readonly #group: number[] = [];
  readonly #groups = new Map<
    string,
    { readonly at: number; readonly values: readonly string[]; readonly sales: Float64Array; readonly change: Float64Array }
  >();
  readonly #differing = new Set<keyof Consequences>();

  constructor(periods: number) {
    this.#periods = periods;
  }

  begin(entity: string, values: readonly string[]): void {
    const key = JSON.stringify(values);
    const found = this.#groups.get(key) ?? {
      at: this.#groups.size,
      values,
      sales: new Float64Array(this.#periods),
      change: new Float64Array(this.#periods),
    };
    this.#groups.set(key, found);
    this.#current = found;
    this.#entities.push(entity);
    this.#group.push(found.at);
    for (const column of Object.values(this.#columns)) column.push(0);
  }

  addEarlier(sales: number): void {
    this.#raise("earlier", sales);
  }

  add(period: number, { sales, orders, change }: { readonly sales: number; readonly orders: number; readonly change: number }): void {
    this.#raise("sales", sales);
    this.#raise("orders", orders);
    this.#raise("change", change);
    const group = present(this.#current, "a unit was begun");
    group.sales[period] = (group.sales[period] as number) + sales;
    group.change[period] = (group.change[period] as number) + change;
  }

  note(differing: readonly (keyof Consequences)[]): void {
    for (const kind of differing) this.#differing.add(kind);
  }

  finish(groupBy: readonly string[], countsOrders: boolean): Market {
    const groups = [...this.#groups.values()];
    const flat = (of: (group: (typeof groups)[number]) => Float64Array): Float64Array =>
      Float64Array.from(groups.flatMap((group) => [...of(group)]));
    const { sales, earlier, orders, change } = this.#columns;
    return {
      entities: this.#entities,
      periods: this.#periods,
      sales: Float64Array.from(sales),
      earlier: Float64Array.from(earlier),
      ...(countsOrders ? { orders: Float64Array.from(orders) } : {}),
      change: Float64Array.from(change),
      group: Int32Array.from(this.#group),
      groups: groups.map(({ values }) => values),
      groupBy,
      groupSales: flat((group) => group.sales),
      groupChange: flat((group) => group.change),
      differing: this.#differing,
    };
  }

  #current: { readonly sales: Float64Array; readonly change: Float64Array } | undefined;

  #raise(name: "sales" | "earlier" | "orders" | "change", by: number): void {
    const column = this.#columns[name];
    column[column.length - 1] = (column[column.length - 1] as number) + by;
  }
}
