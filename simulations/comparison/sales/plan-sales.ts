/** What the sales figures need to know before the first row: the numbers of every tier's consequences, and the windows. */
import type { PeriodIndex } from "../../../data/foundation/index.ts";
import type { PanelSchema } from "../../../data/panel/index.ts";
import { type Consequences, type Policy, tierNames } from "../../../policies/language/checked/index.ts";

/** The consequences of one policy by tier code; `otherwise` is the last. */
export interface TierTerms {
  /** 1 where none is stated. */
  readonly traffic: Float64Array;
  /** Orders a day in the measure's stored units; Infinity where none is stated. */
  readonly cap: Float64Array;
  /** Share of sales, in 1e-10; 0 where none is stated. */
  readonly fee: Float64Array;
  /** Days until payout; 0 where none is stated. */
  readonly holdDays: Float64Array;
}

/** Whole periods, both ends inside; empty when `last` is before `first`. */
export interface SalesSpan {
  readonly first: PeriodIndex;
  readonly last: PeriodIndex;
}

/** Everything that is fixed for the sales figures. */
export interface SalesPlan {
  readonly terms: readonly TierTerms[];
  readonly gmvColumn: number;
  readonly ordersColumn: number;
  /** Whether any tier of any policy caps orders and the panel counts them. */
  readonly hasCaps: boolean;
  /** Whether any tier of any policy states a cap, a fee, a payout day. */
  readonly states: { readonly caps: boolean; readonly fees: boolean; readonly holds: boolean; readonly traffic: boolean };
  /** The window that ends at the end of the range, and the one of the same length that begins after the date of the labels. */
  readonly before: SalesSpan;
  readonly after: SalesSpan | undefined;
}

/** A fee's whole: shares are held in 1e-10, so that they are whole numbers. */
export const feeWhole = 1e10;

/** `labelled`: the date of the error table over all sources. */
export function planSales(of: {
  readonly policies: readonly Policy[];
  readonly schema: PanelSchema;
  readonly gmvColumn: number;
  readonly ordersColumn: number;
  readonly window: SalesSpan;
  readonly labelled: PeriodIndex | undefined;
}): SalesPlan {
  const { policies, schema, gmvColumn, ordersColumn, window, labelled } = of;
  const scale = 10 ** (schema.measures[ordersColumn]?.decimals ?? 0);
  const all = policies.flatMap((policy) => policy.tiers.map(({ consequences }) => consequences));
  const states = (field: keyof Consequences) => all.some((consequences) => consequences[field] !== undefined);
  const lastComplete = Math.max(window.last, schema.completeTo ?? schema.lastPeriod);
  const periods = window.last - window.first + 1;
  return {
    terms: policies.map((policy) => termsOf(policy, scale)),
    gmvColumn,
    ordersColumn,
    hasCaps: ordersColumn >= 0 && states("ordersPerDayMax"),
    states: { caps: states("ordersPerDayMax"), fees: states("fee"), holds: states("payoutDays"), traffic: states("traffic") },
    before: window,
    after: labelled === undefined ? undefined : { first: labelled + 1, last: Math.min(labelled + periods, lastComplete) },
  };
}

function termsOf(policy: Policy, scale: number): TierTerms {
  const by = (read: (consequences: Consequences) => number): Float64Array =>
    Float64Array.from(tierNames(policy), (_, code) => read(policy.tiers[code]?.consequences ?? {}));
  return {
    traffic: by(({ traffic }) => traffic ?? 1),
    cap: by(({ ordersPerDayMax }) => (ordersPerDayMax === undefined ? Number.POSITIVE_INFINITY : ordersPerDayMax * scale)),
    fee: by(({ fee }) => Math.round((fee ?? 0) * feeWhole)),
    holdDays: by(({ payoutDays }) => payoutDays ?? 0),
  };
}
