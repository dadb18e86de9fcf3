/** For every entity: its sales over a window, what was really in force then, and what caps would remove of them. */
import { firstDayOf, lastDayOf, present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";
import type { ComparisonPlan } from "../plan.ts";
import { type Removed, removedBetween, shareOfAmount } from "./cap-range.ts";
import { feeWhole, type SalesSpan } from "./plan-sales.ts";

/** Bits of `state`: what is known of the tier really in force during the window. */
export const inForceStates = { unknown: 1, capped: 2, beyondCap: 4 } as const;

/** One window of sales, by entity. Amounts in minor units, orders in stored units. */
export interface WindowColumns {
  readonly gmv: Float64Array;
  readonly orders: Float64Array;
  /** The baseline's code of the tier really in force in the window's last period of which it is known; -1 unknown. */
  readonly inForce: Int8Array;
  readonly state: Uint8Array;
  /** By policy: GMV that its caps remove beyond the cap in force, if orders were spread evenly (`fewest`), and at the most. Empty without caps. */
  readonly removed: readonly { readonly fewest: Float64Array; readonly most: Float64Array }[];
  /** By candidate: the candidate's GMV less the baseline's through caps, lowest and highest, one way of lying over the days for both. */
  readonly capChange: readonly { readonly lowest: Float64Array; readonly highest: Float64Array }[];
  /** Fees, and GMV times days of payout hold, under what was really in force. Empty when no tier states any. */
  readonly fees: readonly Float64Array[];
  readonly holds: readonly Float64Array[];
}

/** What harm is counted from, after the date of the labels. By entity. */
export interface EarlierColumns {
  /** By policy: periods from the date until it first holds the entity adverse; 0 never within the range. */
  readonly until: readonly Int16Array[];
  /** By candidate: orders and GMV of the window that one policy restricts and the other does not yet; 0 where both treat the entity alike. */
  readonly orders: readonly Float64Array[];
  readonly gmv: readonly Float64Array[];
}

/** Everything that the sales figures keep. */
export interface SalesColumns {
  readonly before: WindowColumns;
  /** One entry when there is a date of labels, else none. */
  readonly after: readonly WindowColumns[];
  readonly earlier: readonly EarlierColumns[];
}

/**
 * Empty columns. Memory: 18 bytes an entity and window, 16 a policy and 16 a candidate more with caps, 8 more each with fees and
 * with holds; 3 a policy and 16 a candidate for harm. Cost: one visit of the rows of each window, five at most in weeks.
 */
export function salesColumns(plan: ComparisonPlan, entities: number): SalesColumns {
  const { after } = plan.sales;
  const each = <T>(make: () => T): readonly T[] => plan.policies.map(make);
  const earlier = (): EarlierColumns => ({
    until: each(() => new Int16Array(entities)),
    orders: plan.pairs.map(() => new Float64Array(entities)),
    gmv: plan.pairs.map(() => new Float64Array(entities)),
  });
  return {
    before: windowColumns(plan, entities),
    after: after === undefined ? [] : [windowColumns(plan, entities)],
    earlier: after === undefined ? [] : [earlier()],
  };
}

function windowColumns(plan: ComparisonPlan, entities: number): WindowColumns {
  const { hasCaps, states } = plan.sales;
  const numbers = () => new Float64Array(entities);
  return {
    gmv: numbers(),
    orders: numbers(),
    inForce: new Int8Array(entities).fill(-1),
    state: new Uint8Array(entities),
    removed: hasCaps ? plan.policies.map(() => ({ fewest: numbers(), most: numbers() })) : [],
    capChange: hasCaps ? plan.pairs.map(() => ({ lowest: numbers(), highest: numbers() })) : [],
    fees: states.fees ? [numbers()] : [],
    holds: states.holds ? [numbers()] : [],
  };
}

/** Adds one entity of the chunk; nothing where it is in the frame at neither date. */
export function collectSales(
  plan: ComparisonPlan,
  columns: SalesColumns,
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
  entity: number,
): void {
  if (plan.gmvColumn < 0) return;
  const { before, after } = plan.sales;
  const endRow = rowAt(chunk, frames, entity, plan.to);
  if (endRow !== undefined) {
    collectWindow({ plan, columns: columns.before, chunk, frames, entity, row: endRow, span: before });
  }
  const [window, earlier] = [columns.after[0], columns.earlier[0]];
  if (after === undefined || window === undefined || earlier === undefined) return;
  const row = rowAt(chunk, frames, entity, after.first - 1);
  if (row === undefined) return;
  collectWindow({ plan, columns: window, chunk, frames, entity, row, span: after });
  collectEarlier({ plan, columns: earlier, chunk, frames, entity, row });
}

/** The entity's row of a period, where every policy holds a tier. */
function rowAt(chunk: PanelChunk, frames: readonly OutcomeFrame[], entity: number, period: number): number | undefined {
  const first = chunk.rowStart[entity] as number;
  const row = first + period - (chunk.firstPeriod[entity] as number);
  if (row < first || row >= (chunk.rowStart[entity + 1] as number)) return undefined;
  return frames.some((frame) => (frame.held[row] as number) < 0) ? undefined : row;
}

interface Visit {
  readonly plan: ComparisonPlan;
  readonly chunk: PanelChunk;
  readonly frames: readonly OutcomeFrame[];
  readonly entity: number;
  /** The row of the date. */
  readonly row: number;
}

function collectWindow(visit: Visit & { readonly columns: WindowColumns; readonly span: SalesSpan }): void {
  const { plan, columns, chunk, entity, span } = visit;
  const { sales } = plan;
  const terms = present(sales.terms[0], "terms of the baseline");
  const { gmv, orders } = { gmv: chunk.measures[sales.gmvColumn], orders: chunk.measures[sales.ordersColumn] };
  const entry = chunk.firstPeriod[entity] as number;
  const start = chunk.rowStart[entity] as number;
  const lastPeriod = entry + (chunk.rowStart[entity + 1] as number) - 1 - start;
  for (let period = Math.max(span.first, entry); period <= Math.min(span.last, lastPeriod); period++) {
    const row = start + period - entry;
    const amount = known(gmv?.[row]);
    const count = known(orders?.[row]);
    columns.gmv[entity] = (columns.gmv[entity] as number) + amount;
    columns.orders[entity] = (columns.orders[entity] as number) + count;
    const code = plan.assignedCode[chunk.assignedTier[row] ?? -1] ?? -1;
    let state = code < 0 ? inForceStates.unknown : 0;
    let inForce = Number.POSITIVE_INFINITY;
    if (code >= 0) {
      columns.inForce[entity] = code;
      add(columns.fees[0], entity, shareOfAmount(amount, terms.fee[code] as number, feeWhole));
      add(columns.holds[0], entity, amount * (terms.holdDays[code] as number));
      inForce = terms.cap[code] as number;
      if (Number.isFinite(inForce)) state |= inForceStates.capped;
    }
    if (sales.hasCaps) {
      const days = lastDayOf(plan.schema.grain, period) - firstDayOf(plan.schema.grain, period) + 1;
      if (count > days * inForce) {
        // The cap was not kept, or came within the period: it bounds nothing.
        state |= inForceStates.beyondCap;
        inForce = Number.POSITIVE_INFINITY;
      }
      collectCaps(visit, { amount, orders: count, days, inForce });
    }
    columns.state[entity] = (columns.state[entity] as number) | state;
  }
}

interface PeriodSales {
  readonly amount: number;
  readonly orders: number;
  readonly days: number;
  readonly inForce: number;
}

/** A period's GMV goes with its orders at their average value. */
function collectCaps({ plan, columns, frames, entity, row }: Visit & { readonly columns: WindowColumns }, sales: PeriodSales): void {
  if (sales.orders <= 0 || sales.amount <= 0) return;
  const { orders, days, inForce, amount } = sales;
  const capOf = (policy: number): number => plan.sales.terms[policy]?.cap[frames[policy]?.held[row] as number] as number;
  const removed = (lower: number, higher: number): Removed => {
    const range = removedBetween({ orders, days, lower, higher, inForce });
    return { fewest: shareOfAmount(amount, range.fewest, orders), most: shareOfAmount(amount, range.most, orders) };
  };
  for (const [policy, into] of columns.removed.entries()) {
    const range = removed(capOf(policy), Number.POSITIVE_INFINITY);
    add(into.fewest, entity, range.fewest);
    add(into.most, entity, range.most);
  }
  for (const [candidate, into] of columns.capChange.entries()) {
    const [before, after] = [capOf(0), capOf(candidate + 1)];
    if (before === after) continue;
    const range = removed(Math.min(before, after), Math.max(before, after));
    add(into.lowest, entity, after < before ? -range.most : range.fewest);
    add(into.highest, entity, after < before ? -range.fewest : range.most);
  }
}

/**
 * A tier held at the end of a period acts from the next one on. So a policy that first holds the entity adverse k periods after the date
 * leaves the k periods after the date to the other.
 */
function collectEarlier({ plan, columns, chunk, frames, entity, row }: Visit & { readonly columns: EarlierColumns }): void {
  const after = present(plan.sales.after, "a window after the labels");
  const end = Math.min((chunk.rowStart[entity + 1] as number) - 1, row + plan.to - (after.first - 1));
  const adverse = (policy: number, at: number): boolean => plan.adverse[policy]?.[frames[policy]?.held[at] as number] === 1;
  for (const [policy, until] of columns.until.entries()) {
    for (let later = row + 1; later <= end && until[entity] === 0; later++) if (adverse(policy, later)) until[entity] = later - row;
  }
  const [gmv, orders] = [chunk.measures[plan.sales.gmvColumn], chunk.measures[plan.sales.ordersColumn]];
  for (let candidate = 0; candidate < plan.pairs.length; candidate++) {
    const [before, now] = [adverse(0, row), adverse(candidate + 1, row)];
    if (before === now) continue;
    const until = (columns.until[now ? 0 : candidate + 1]?.[entity] as number) || Number.POSITIVE_INFINITY;
    const last = Math.min(row + until, row + after.last - after.first + 1, (chunk.rowStart[entity + 1] as number) - 1);
    for (let later = row + 1; later <= last; later++) {
      add(columns.orders[candidate], entity, known(orders?.[later]));
      add(columns.gmv[candidate], entity, known(gmv?.[later]));
    }
  }
}

function add(column: Float64Array | undefined, at: number, amount: number): void {
  if (column !== undefined) column[at] = (column[at] as number) + amount;
}

/** A level that is missing counts as nothing. */
function known(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}
