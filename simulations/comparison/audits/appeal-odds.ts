/** What decided appeals say of the adverse tier, for every way in which the innocent may appeal more often than the others. */
import { present } from "../../../data/foundation/index.ts";
import { selectedShare } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import { boundRate } from "../errors/error-bounds.ts";
import { countOver, type ErrorTally, groupsOf, tallyErrors } from "../errors/error-tally.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import type { AppealCurve, AppealSensitivity } from "./audits.ts";

/** Odds that a fine entity has a decided appeal over the odds that a harmful one has: as often, up to ten times. */
export const appealOdds = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/**
 * The curve of each policy, at the date of the appeals' own error table; undefined when no source is an appeal, or no date of the
 * range is mature. Cost: one count of the table's columns, then nothing by entity.
 */
export function describeAppeals(plan: ComparisonPlan, collected: Collected, candidate: number): AppealSensitivity | undefined {
  const table = plan.errors.findIndex(({ sources }) => sources.length > 0 && sources.every(({ role }) => role === "appeal"));
  const error = plan.errors[table];
  if (error?.period === undefined) return undefined;
  const tally = tallyErrors(plan, present(collected.labels[table], "labels"), { candidate, realised: false });
  const version = (policy: number): string => present(plan.policies[policy], "policy").version;
  return {
    at: dayName(plan.schema, error.period),
    dateRule: error.rule,
    source: error.name,
    baseline: appealCurve(tally, "baseline", { version: version(0), level: plan.level }),
    candidate: appealCurve(tally, "candidate", { version: version(candidate + 1), level: plan.level }),
  };
}

/**
 * The false share of one policy's adverse tier by appeal odds. It falls as the odds rise: the more eagerly the fine appeal, the fewer of
 * the silent are fine. Its value at odds 1 is the overturn share.
 */
export function appealCurve(
  tally: ErrorTally,
  side: "baseline" | "candidate",
  { version, level }: { readonly version: string; readonly level: number },
): AppealCurve {
  const groups = groupsOf(side, true);
  const count = (field: "fine" | "harmful" | "unlabelled" | "overturned" | "upheld" | "pending"): number => countOver(tally, groups, field);
  const [overturned, upheld] = [count("overturned"), count("upheld")];
  const adverse = count("fine") + count("harmful") + count("unlabelled");
  return {
    version,
    adverse,
    overturned,
    upheld,
    pending: count("pending"),
    bounds: boundRate(tally, "false-share", side),
    curve: appealOdds.map((odds) => ({
      odds,
      falseShare: selectedShare({ population: adverse, successes: overturned, failures: upheld, odds, level, assumptions }),
    })),
  };
}

const assumptions = ["a decided appeal finds out what is so", "who appeals depends on nothing but being fine or harmful"];
