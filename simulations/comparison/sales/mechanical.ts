/** What consequences do by their own arithmetic: order caps, fees, payout holds; relative to what was really in force. */
import { present, requireExact } from "../../../data/foundation/index.ts";
import { type Estimated, sumOfIntegers, undetermined } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import type { ComparisonPlan } from "../plan.ts";
import { entityDrawOf, recordedTotals } from "../recorded.ts";
import { shareOfAmount } from "./cap-range.ts";
import { inForceStates } from "./collect-sales.ts";
import { feeWhole } from "./plan-sales.ts";
import type { InForce, Mechanical } from "./sales-impact.ts";

interface MechanicalOf {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly candidate: number;
}

/** Columns of the entities in the frame at the end of the range: one amount an entity. */
interface Amounts {
  readonly entities: number;
  readonly of: (read: (entity: number, before: number, after: number) => number) => Float64Array;
  readonly count: (holds: (entity: number, before: number, after: number) => boolean) => number;
}

/** The mechanical layer, and what is known of the consequences in force. Amounts are exact; intervals draw entities again. */
export function describeMechanical(of: MechanicalOf): { readonly inForce: InForce; readonly mechanical: Mechanical } {
  const { plan } = of;
  const amounts = amountsOf(of);
  const { caps, fees, holds } = plan.sales.states;
  return {
    inForce: describeInForce(of, amounts),
    mechanical: {
      ...(caps ? { caps: plan.sales.hasCaps ? describeCaps(of, amounts) : withoutOrders } : {}),
      ...(fees ? { revenue: describeRevenue(of, amounts) } : {}),
      ...(holds ? { holds: describeHolds(of, amounts) } : {}),
    },
  };
}

const withoutOrders = undetermined("the panel counts no orders, so that a cap of orders cannot be applied", "a measure declared as orders");

function amountsOf({ collected, candidate }: MechanicalOf): Amounts {
  const [before, after] = [present(collected.end.held[0], "held"), present(collected.end.held[candidate + 1], "held")];
  const inFrame: number[] = [];
  for (let entity = 0; entity < collected.entityCount; entity++) if ((before[entity] as number) >= 0) inFrame.push(entity);
  return {
    entities: inFrame.length,
    of: (read) => Float64Array.from(inFrame, (entity) => read(entity, before[entity] as number, after[entity] as number)),
    count: (holds) => inFrame.filter((entity) => holds(entity, before[entity] as number, after[entity] as number)).length,
  };
}

function describeInForce({ plan, collected, candidate }: MechanicalOf, amounts: Amounts): InForce {
  const { state, gmv, inForce } = collected.sales.before;
  const has = (entity: number, bit: number): boolean => ((state[entity] as number) & bit) !== 0;
  const terms = plan.sales.terms;
  const isLifted = (entity: number, policy: number, held: number): boolean => {
    const really = terms[0]?.cap[inForce[entity] as number] ?? Number.POSITIVE_INFINITY;
    return has(entity, inForceStates.capped) && (terms[policy]?.cap[held] as number) > really;
  };
  return {
    entities: amounts.entities,
    unknown: amounts.count((entity) => has(entity, inForceStates.unknown)),
    capped: {
      entities: amounts.count((entity) => has(entity, inForceStates.capped)),
      gmv: sumOfIntegers(amounts.of((entity) => (has(entity, inForceStates.capped) ? (gmv[entity] as number) : 0))),
    },
    lifted: {
      baseline: amounts.count((entity, before) => isLifted(entity, 0, before)),
      candidate: amounts.count((entity, _, after) => isLifted(entity, candidate + 1, after)),
    },
    beyondCap: amounts.count((entity) => has(entity, inForceStates.beyondCap)),
  };
}

function describeCaps({ plan, collected, candidate }: MechanicalOf, amounts: Amounts): NonNullable<Mechanical["caps"]> {
  const { removed, capChange } = collected.sales.before;
  const change = present(capChange[candidate], "change through caps");
  const side = (policy: number) => {
    const own = present(removed[policy], "removed by caps");
    const total = (column: Float64Array): number => negative(sumOfIntegers(amounts.of((entity) => column[entity] as number)));
    return { lowest: total(own.most), highest: total(own.fewest) };
  };
  const [lowest, highest] = totals({ plan, collected, candidate }, amounts, [
    amounts.of((entity) => change.lowest[entity] as number),
    amounts.of((entity) => change.highest[entity] as number),
  ]);
  return {
    kind: "range",
    baseline: side(0),
    candidate: side(candidate + 1),
    change: { lowest: present(lowest, "lowest"), highest: present(highest, "highest") },
    entities: amounts.count((entity) => [0, candidate + 1].some((policy) => (removed[policy]?.most[entity] as number) > 0)),
  };
}

/**
 * Fees are rounded to the minor unit an entity and policy. What caps remove bears no fee: candidate fee x removed by the candidate less
 * baseline fee x removed by the baseline, at its extremes.
 */
function describeRevenue({ plan, collected, candidate }: MechanicalOf, amounts: Amounts): NonNullable<Mechanical["revenue"]> {
  const { gmv, fees } = collected.sales.before;
  const feeOf = (policy: number, held: number): number => plan.sales.terms[policy]?.fee[held] as number;
  const earned = (entity: number, policy: number, held: number): number =>
    shareOfAmount(gmv[entity] as number, feeOf(policy, held), feeWhole);
  const really = sumOfIntegers(amounts.of((entity) => fees[0]?.[entity] as number));
  const baseline = sumOfIntegers(amounts.of((entity, before) => earned(entity, 0, before)));
  const afterwards = sumOfIntegers(amounts.of((entity, _, after) => earned(entity, candidate + 1, after)));
  const [change] = totals({ plan, collected, candidate }, amounts, [
    amounts.of((entity, before, after) => earned(entity, candidate + 1, after) - earned(entity, 0, before)),
  ]);
  const capped = feesOnCapped({ plan, collected, candidate }, amounts);
  return {
    baseline: baseline - really,
    candidate: afterwards - really,
    fees: present(change, "fees"),
    capped,
    total: { lowest: afterwards - baseline + capped.lowest, highest: afterwards - baseline + capped.highest },
    unstated: amounts.count((_, before, after) => isStated(plan, 0, before, "fee") !== isStated(plan, candidate + 1, after, "fee")),
  };
}

/**
 * Extremes of fee(baseline) x removed(baseline) - fee(candidate) x removed(candidate): the fee of the lower cap on what the two caps differ
 * by, and the difference of the fees on what both remove.
 */
function feesOnCapped(
  { plan, collected, candidate }: MechanicalOf,
  amounts: Amounts,
): { readonly lowest: number; readonly highest: number } {
  const { removed, capChange } = collected.sales.before;
  const [first, second, change] = [removed[0], removed[candidate + 1], capChange[candidate]];
  if (first === undefined || second === undefined || change === undefined) return { lowest: 0, highest: 0 };
  const [terms, others] = [present(plan.sales.terms[0], "terms"), present(plan.sales.terms[candidate + 1], "terms")];
  const at =
    (isLowest: boolean) =>
    (entity: number, before: number, after: number): number => {
      const [fee, otherFee] = [terms.fee[before] as number, others.fee[after] as number];
      const isCandidateLower = (others.cap[after] as number) < (terms.cap[before] as number);
      const [lowerFee, both] = isCandidateLower ? [otherFee, first] : [fee, second];
      const gap = (isLowest ? change.lowest : change.highest)[entity] as number;
      // Both remove this much; the candidate's fee is no longer earned on it, the baseline's was not either.
      const spread = fee - otherFee;
      const shared = (isLowest === spread >= 0 ? both.fewest : both.most)[entity] as number;
      return shareOfAmount(gap, lowerFee, feeWhole) + shareOfAmount(shared, spread, feeWhole);
    };
  return { lowest: sumOfIntegers(amounts.of(at(true))), highest: sumOfIntegers(amounts.of(at(false))) };
}

function describeHolds({ plan, collected, candidate }: MechanicalOf, amounts: Amounts): NonNullable<Mechanical["holds"]> {
  const { gmv, holds } = collected.sales.before;
  const held = (entity: number, policy: number, tier: number): number =>
    (gmv[entity] as number) * (plan.sales.terms[policy]?.holdDays[tier] as number);
  const longest = Math.max(...plan.sales.terms.flatMap(({ holdDays }) => [...holdDays]));
  requireExact(
    amounts.of((entity) => Math.abs(gmv[entity] as number)).reduce((sum, one) => sum + one, 0) * longest,
    () => "GMV times days of payout hold",
  );
  const really = sumOfIntegers(amounts.of((entity) => holds[0]?.[entity] as number));
  const [change] = totals({ plan, collected, candidate }, amounts, [
    amounts.of((entity, before, after) => held(entity, candidate + 1, after) - held(entity, 0, before)),
  ]);
  return {
    baseline: sumOfIntegers(amounts.of((entity, before) => held(entity, 0, before))) - really,
    candidate: sumOfIntegers(amounts.of((entity, _, after) => held(entity, candidate + 1, after))) - really,
    change: present(change, "holds"),
    unstated: amounts.count(
      (_, before, after) => isStated(plan, 0, before, "payoutDays") !== isStated(plan, candidate + 1, after, "payoutDays"),
    ),
  };
}

function isStated(plan: ComparisonPlan, policy: number, held: number, field: "fee" | "payoutDays"): boolean {
  return plan.policies[policy]?.tiers[held]?.consequences[field] !== undefined;
}

/** Only those that contribute need be listed; the others are zeros. */
function totals({ plan, candidate }: MechanicalOf, { entities }: Amounts, columns: readonly Float64Array[]): readonly Estimated[] {
  const listed = [...(columns[0]?.keys() ?? [])].filter((entity) => columns.some((column) => column[entity] !== 0));
  const contributing = columns.map((column) => Float64Array.from(listed, (entity) => column[entity] as number));
  return recordedTotals(contributing, entities, entityDrawOf(plan, candidate));
}

function negative(value: number): number {
  return value === 0 ? 0 : -value;
}
