/** How large an entity is: bands of orders over 12 weeks. */
import type { ComparisonPlan } from "./plan.ts";

/** Lower bounds of the size bands, in orders over the last 12 weeks. */
export const sizeBands = [0, 30, 120, 600] as const;

/** The band of a sum of the plan's orders measure, in its stored integers. */
export function sizeBandOf(plan: ComparisonPlan, orders: number): number {
  const scale = 10 ** (plan.schema.measures[plan.ordersColumn]?.decimals ?? 0);
  return sizeBands.findLastIndex((from, index) => index === 0 || orders >= from * scale);
}

/** `30 to 119 orders`. */
export function bandName(from: number, next: number | undefined): string {
  return next === undefined ? `${from} orders and more` : `${from} to ${next - 1} orders`;
}
