/** Metrics that can never have the volume that they ask for: by their windows, on a panel, and in its numbers. */
import type { Diagnostic, Grain } from "../../data/foundation/index.ts";
import type { PolicyBody, Possibilities } from "./analyse-possible.ts";
import type { Expression } from "./expression.ts";
import { placeOfPart } from "./places.ts";
import type { Metric, Window } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { Problems } from "./problems.ts";
import { plainDigits } from "./quantity.ts";

/** `volume-out-of-reach`: a percentile that asks for more periods than days fit into its window, whatever the panel. */
export function analyseVolumes({ policy }: Possibilities, problems: Problems): void {
  for (const metric of policy.metrics) {
    if (metric.kind !== "percentile" || metric.atLeastPeriods === undefined) continue;
    const most = periodsMost(policy, metric.over, "day");
    if (most === undefined || metric.atLeastPeriods <= most) continue;
    problems.add("volume-out-of-reach", placeOfPart(metric), {
      message: `'${metric.name}' is always missing: it asks for ${metric.atLeastPeriods} periods, and its window holds no more than ${most}`,
      found: String(metric.atLeastPeriods),
      expected: `at most ${most}`,
    });
  }
}

/** The most whole periods of a grain that a window can hold; undefined when it has no such bound. */
export function periodsMost(policy: PolicyBody, window: Window, grain: Grain): number | undefined {
  switch (window.kind) {
    case "periods":
      return window.count;
    case "days":
      return Math.floor(window.count / { day: 1, week: 7, month: 28 }[grain]);
    case "calendar": {
      const days = window.count * { month: 31, quarter: 92, year: 366 }[window.unit];
      const months = window.count * { month: 1, quarter: 3, year: 12 }[window.unit];
      return grain === "month" ? months : Math.floor(days / (grain === "day" ? 1 : 7));
    }
    case "named": {
      const named = policy.windows.find((candidate) => candidate.name === window.name);
      const [then, otherwise] =
        named === undefined ? [] : [periodsMost(policy, named.then, grain), periodsMost(policy, named.otherwise, grain)];
      return then === undefined || otherwise === undefined ? undefined : Math.max(then, otherwise);
    }
    case "lifetime":
    case "volume":
      return undefined;
  }
}

/** What a history shows: its grain and length, and the largest value of one row by measure, in the policy's units (money in minor units). */
export interface HistorySize {
  readonly grain: Grain;
  readonly periods: number;
  readonly largest: ReadonlyMap<string, number>;
}

/**
 * `volume-out-of-reach` against a history: metrics whose `at_least` is above the most that any window of it can add up to (periods times the
 * largest row), so that they are missing for everyone. Measures whose largest value is not told are left out.
 */
export function checkVolumes(policy: PolicyBody, history: HistorySize): readonly Diagnostic[] {
  const problems = new Problems();
  for (const metric of policy.metrics) {
    const least = "atLeast" in metric ? metric.atLeast : undefined;
    if (least === undefined || !("over" in metric)) continue;
    const periods = Math.min(history.periods, periodsMost(policy, metric.over, history.grain) ?? history.periods);
    const row = mostInRow(least.of, history.largest);
    const asked = leastAsked(policy, least.count);
    if (row === undefined || asked === undefined || row * periods >= asked) continue;
    reportVolume(metric, { asked, row, periods, history }, problems);
  }
  return problems.sorted();
}

function reportVolume(
  metric: Extract<Metric, { readonly over: Window }>,
  found: { readonly asked: number; readonly row: number; readonly periods: number; readonly history: HistorySize },
  problems: Problems,
): void {
  const of = "atLeast" in metric && metric.atLeast !== undefined ? printExpression(metric.atLeast.of) : "";
  const { asked, row, periods, history } = found;
  problems.add("volume-out-of-reach", placeOfPart(metric), {
    message: `'${metric.name}' is missing for everyone: it asks for ${plainDigits(asked)} ${of}, and ${periods} ${history.grain}${periods === 1 ? "" : "s"} of at most ${plainDigits(row)} add up to ${plainDigits(row * periods)}`,
    found: plainDigits(asked),
    expected: `at most ${plainDigits(row * periods)}`,
  });
}

/** The most that an expression of measures can be on one row; undefined when that is not told. */
function mostInRow(of: Expression, largest: ReadonlyMap<string, number>): number | undefined {
  if (of.kind === "reference") {
    const most = of.to === "measure" ? largest.get(of.name) : undefined;
    return most === undefined ? undefined : Math.max(most, 0);
  }
  if (of.kind !== "arithmetic" || of.operator !== "+") return undefined;
  const [left, right] = [mostInRow(of.left, largest), mostInRow(of.right, largest)];
  return left === undefined || right === undefined ? undefined : left + right;
}

function leastAsked(policy: PolicyBody, count: Expression): number | undefined {
  if (count.kind === "number") return count.value;
  const parameter = count.kind === "reference" ? policy.parameters.find((candidate) => candidate.name === count.name) : undefined;
  if (parameter === undefined) return undefined;
  return parameter.by === undefined ? parameter.value : Math.min(...parameter.values.map(({ value }) => value));
}
