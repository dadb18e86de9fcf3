/** Sample figures of what labels leave open and what would settle it, computed by the product from invented counts. */
import { appealCurve } from "../../simulations/comparison/audits/appeal-odds.ts";
import { planAudits, usualGoal } from "../../simulations/comparison/audits/audit-plan.ts";
import { planHoldout, usualHoldout } from "../../simulations/comparison/audits/holdout.ts";
import type { ErrorTally, GroupTally } from "../../simulations/comparison/errors/error-tally.ts";
import type { ArrivalDate, Audits, RateDate } from "../../simulations/comparison/index.ts";
import { estimated, tangoPaired, wilson } from "../../simulations/statistics/index.ts";

const group = (parts: Partial<GroupTally>): GroupTally => ({
  fine: 0,
  harmful: 0,
  unlabelled: 0,
  upheld: 0,
  overturned: 0,
  pending: 0,
  ...parts,
});

/** A tally of appeals; `scale` multiplies the decided ones. */
export function appealTally(scale: number): ErrorTally {
  return {
    inFrame: 4700,
    groups: {
      both: group({ unlabelled: 133, overturned: 6 * scale, upheld: 4 * scale }),
      newly: group({ unlabelled: 146, overturned: 8 * scale, upheld: 3 * scale, pending: 2 }),
      released: group({ unlabelled: 87, overturned: 5 * scale, upheld: 3 * scale }),
      neither: group({ unlabelled: 4334 }),
    },
    missing: new Map(),
    fineUnrated: [0, 0],
    fineShielded: [0, 0],
    untreated: 0,
  };
}

function rateDate(at: string, counts: { fine: number; before: number; newly: number; released: number }, shareComplete: number): RateDate {
  const { fine, before, newly, released } = counts;
  const after = before + newly - released;
  const rate = (successes: number) => wilson({ successes, trials: fine, level: 0.95 });
  return {
    at,
    isMature: shareComplete === 1,
    shareComplete,
    inFrame: 4700,
    fine,
    harmful: 90,
    baseline: { adverseFine: before, adverse: 220, rate: rate(before) },
    candidate: { adverseFine: after, adverse: 279, rate: rate(after) },
    change: tangoPaired({
      both: before - released,
      onlySecond: newly,
      onlyFirst: released,
      neither: fine - before - newly,
      level: 0.95,
    }),
  };
}

function arrivalDate(at: string, days: number, known: number, share: number): ArrivalDate {
  const expected = (count: number) =>
    estimated({ value: count / share, lower: count, upper: (1.3 * count) / share, level: 0.95, method: "reverse-time hazard", n: 300 });
  const harmful = Math.round(known / 10);
  return {
    at,
    days,
    fine: { known: known - harmful, expected: expected(known - harmful) },
    harmful: { known: harmful, expected: expected(harmful) },
    both: { known, expected: expected(known) },
    shareComplete: share,
  };
}

/** Everything: a curve, two sources, a series with a date that is not mature, a plan and a holdout. */
export function sampleAudits(appealScale = 3): Audits {
  const tally = appealTally(appealScale);
  const strata = [
    { group: "both", size: "0 to 29 orders", entities: 133, labelled: 42, fine: 20 },
    { group: "newly", size: "0 to 29 orders", entities: 146, labelled: 31, fine: 22 },
    { group: "released", size: "0 to 29 orders", entities: 87, labelled: 40, fine: 35 },
    { group: "neither", size: "0 to 29 orders", entities: 4334, labelled: 2100, fine: 2050 },
  ] as const;
  const plan = planAudits(strata, { ...usualGoal, level: 0.95 });
  const holdout = planHoldout(plan?.strata ?? [], { version: "2.0.0", level: 0.95, ...usualHoldout });
  return {
    appeals: {
      at: "2025-06-29",
      dateRule: "the last mature evaluation",
      source: "appeal",
      baseline: appealCurve(tally, "baseline", { version: "1.0.0", level: 0.95 }),
      candidate: appealCurve(tally, "candidate", { version: "2.0.0", level: 0.95 }),
    },
    arrivals: [
      {
        source: "appeal",
        title: "Decided appeals",
        knownAt: "2025-09-28",
        delays: [
          { says: "fine", labels: 80, isPooled: false, soonestDays: 6, medianDays: 20, ninetyDays: 41, longestDays: 65 },
          { says: "harmful", labels: 12, isPooled: true, soonestDays: 6, medianDays: 20, ninetyDays: 41, longestDays: 65 },
        ],
        dates: [arrivalDate("2025-09-07", 21, 40, 0.55), arrivalDate("2025-08-31", 28, 60, 1)],
      },
    ],
    series: [
      {
        source: "all",
        dated: "bad_orders_91",
        matureDays: 98,
        dates: [
          rateDate("2025-05-25", { fine: 2100, before: 160, newly: 60, released: 20 }, 1),
          rateDate("2025-06-29", { fine: 1200, before: 90, newly: 12, released: 10 }, 0.55),
        ],
      },
    ],
    ...(plan && { plan }),
    ...(holdout && { holdout }),
  };
}
