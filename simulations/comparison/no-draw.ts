/** Where no other draw of entities can be made, figures stand as they were recorded, without intervals. */
import type { Estimate } from "../statistics/index.ts";
import type { ComparisonPlan } from "./plan.ts";

/** Why no draw of entities can be made, or undefined: cut-offs that are relative to peers would be others in every draw. */
export function noDrawReason({ comparesPeers }: Pick<ComparisonPlan, "comparesPeers">, candidate: number): string | undefined {
  const isRelative = comparesPeers[0] === true || comparesPeers[candidate + 1] === true;
  return isRelative ? "a policy compares entities with their peers, whose cut-offs another draw of entities would move" : undefined;
}

/**
 * The same figures with every interval and standard error taken out, and the reason among the assumptions. Values, counts and what is undetermined stay; an estimate
 * that never had an interval is a count, and stays as well.
 */
export function withoutIntervals<T>(figures: T, reason: string): T {
  return stripped(figures, reason) as T;
}

function stripped(part: unknown, reason: string): unknown {
  if (Array.isArray(part)) return part.map((one) => stripped(one, reason));
  if (typeof part !== "object" || part === null) return part;
  if ("kind" in part && part.kind === "estimate") return recordedOnly(part as Estimate, reason);
  return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, name === "median" ? valueOnly(one) : stripped(one, reason)]));
}

/** A median of stays has its ends beside it. */
function valueOnly(median: { readonly value?: number }): { readonly value?: number } {
  return median.value === undefined ? {} : { value: median.value };
}

function recordedOnly(estimate: Estimate, reason: string): Estimate {
  if (estimate.interval === undefined && estimate.set === undefined && estimate.standardError === undefined) return estimate;
  const { interval: _interval, standardError: _error, set: _set, ...rest } = estimate;
  const assumptions = rest.assumptions.filter((words) => !words.startsWith("another draw of entities"));
  return { ...rest, method: "value without an interval", assumptions: [...assumptions, `no interval: ${reason}`] };
}
