/** Windows and times of a policy that are longer than the history that a panel holds. */
import { firstDayOf, lastDayOf } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { daysBetween, sayDays } from "./analyse-movement.ts";
import { Possibilities } from "./analyse-possible.ts";
import { sitesOf, variablesOf } from "./analyse-thresholds.ts";
import { periodsMost } from "./analyse-volume.ts";
import type { Policy, Window } from "./policy.ts";
import { printWindow } from "./window.ts";

/** Adds a finding at a part. */
type Report = (
  code: "window-beyond-panel" | "longer-than-panel" | "volume-out-of-reach",
  part: object,
  details: { readonly message: string; readonly found: string; readonly expected: string },
) => void;

/**
 * `window-beyond-panel`: a window that is longer than the whole panel, so that it is never full. `longer-than-panel`: a hold, a shield, a
 * ledger's expiry, a streak or a number of days asked for that the panel is too short to see. `volume-out-of-reach`: more periods asked for
 * than the panel or the window has.
 */
export function analyseAgainstPanel(policy: Policy, schema: PanelSchema, report: Report): void {
  const days = lastDayOf(schema.grain, schema.lastPeriod) - firstDayOf(schema.grain, schema.firstPeriod) + 1;
  for (const metric of policy.metrics) {
    if ("over" in metric) checkWindow({ name: metric.name, window: metric.over, part: metric.over }, { days, schema }, report);
    if (metric.kind !== "percentile" || metric.atLeastPeriods === undefined) continue;
    const all = schema.lastPeriod - schema.firstPeriod + 1;
    const periods = Math.min(all, periodsMost(policy, metric.over, schema.grain) ?? all);
    if (metric.atLeastPeriods <= periods) continue;
    report("volume-out-of-reach", metric, {
      message: `'${metric.name}' is always missing: it asks for ${metric.atLeastPeriods} ${schema.grain}s, and its window holds no more than ${periods}`,
      found: String(metric.atLeastPeriods),
      expected: `at most ${periods}`,
    });
  }
  for (const chosen of policy.windows)
    for (const window of [chosen.then, chosen.otherwise, chosen.when.over])
      checkWindow({ name: chosen.name, window, part: chosen }, { days, schema }, report);
  const isTooLong = (part: object, length: number, what: string): void => {
    if (length > days)
      report("longer-than-panel", part, {
        message: `${what} ${sayDays(length)}, longer than the ${sayDays(days)} of the panel`,
        found: sayDays(length),
        expected: `at most ${sayDays(days)}`,
      });
  };
  const { shield, promote, demote, evaluate } = policy.movement;
  for (const tier of policy.tiers)
    if (tier.holdDays !== undefined && !tier.terminal) isTooLong(tier, tier.holdDays, `the hold of '${tier.name}' lasts`);
  for (const ledger of policy.ledgers)
    if (ledger.lasts.kind === "days") isTooLong(ledger, ledger.lasts.count, `entries of '${ledger.name}' last`);
  if (shield !== undefined) isTooLong(shield, shield.days, "the shield lasts");
  const { least } = daysBetween(evaluate);
  for (const [name, step] of [
    ["promote", promote],
    ["demote", demote],
  ] as const)
    if (step.after > 1) isTooLong(policy.movement, (step.after - 1) * least, `'${name}' after ${step.after} evaluations takes at least`);
  checkThresholds(policy, schema, isTooLong);
}

function checkWindow(
  { name, window, part }: { readonly name: string; readonly window: Window; readonly part: object },
  { days, schema }: { readonly days: number; readonly schema: PanelSchema },
  report: Report,
): void {
  const periods = schema.lastPeriod - schema.firstPeriod + 1;
  const isLonger = window.kind === "periods" ? window.count > periods : leastDays(window) > days;
  if (!isLonger || window.kind === "lifetime" || window.kind === "volume" || window.kind === "named") return;
  const has = window.kind === "periods" ? `${periods} period${periods === 1 ? "" : "s"}` : sayDays(days);
  report("window-beyond-panel", part, {
    message: `'${name}' reads ${printWindow(window)}, but the whole panel has ${has}`,
    found: printWindow(window),
    expected: `at most ${has}`,
  });
}

function leastDays(window: Window): number {
  if (window.kind === "days") return window.count;
  return window.kind === "calendar" ? window.count * { month: 28, quarter: 90, year: 365 }[window.unit] : 0;
}

/** Days since an event, or of an unbroken run, that are asked for and never come to pass. */
function checkThresholds(policy: Policy, schema: PanelSchema, isTooLong: (part: object, length: number, what: string) => void): void {
  const possibilities = new Possibilities(policy);
  const reads = variablesOf(
    sitesOf(policy).map(({ expression }) => expression),
    possibilities,
  );
  for (const metric of policy.metrics) {
    const isOfEvent = metric.kind === "since" && !schema.attributes.some((attribute) => attribute.name === metric.from);
    if (metric.kind !== "unbroken" && !isOfEvent) continue;
    const asked = reads.find((variable) => variable.to === "metric" && variable.name === metric.name)?.thresholds.at(-1)?.value;
    if (asked !== undefined) isTooLong(metric, asked, `'${metric.name}' is compared with`);
  }
}
