/** The nearest single change of what was measured that would bring a better tier: one metric, everything else as it is. */
import { type PeriodIndex, present, unreachable } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { closureOf, comparesPeers, constantValues, type Expression, namesRead, type Policy, readsOf } from "../language/index.ts";
import type { EntityHistory } from "./entity-history.ts";
import { type WalkedRow, walkEvaluations } from "./evaluate-entity.ts";
import { type Evaluation, evaluateOnce } from "./evaluate-once.ts";
import type { EvaluationPoint } from "./evaluation-point.ts";
import { numberEvents } from "./event-selection.ts";
import { linesOf } from "./metric-course.ts";
import { sayAlike, sayNumber } from "./say-number.ts";
import type { MetricTrace } from "./trace.ts";

/** What would bring the tier. */
export type Restore =
  /** The numbers merit it already: only movement keeps it away. */
  | { readonly kind: "waits" }
  /** Nothing: what is held is never left. */
  | { readonly kind: "final" }
  /** This metric at this value, nothing else changed. */
  | { readonly kind: "metric"; readonly metric: string; readonly value: number; readonly now: number; readonly words: string }
  /** No metric by itself, as far as was looked: to twice its value, or to the numbers that the policy itself sets beside it. */
  | { readonly kind: "none" };

/** Steps outward from the value to either end of what is possible, and halvings of the step that first succeeds. */
const [stepsMax, halvings] = [24, 20];

/**
 * For the latest evaluation up to a period: which one metric, at which value nearest to its own, would have merited `tier` or a better one. How
 * far a change goes is told by the policy's own scale: over the span of the curve that scores the metric, else over the value itself. Volumes are taken
 * as they are; a metric that is missing is not made up. Undefined where there is no evaluation, the tier is none of the ladder, or the policy compares with peers.
 * `walked`: as for `evaluateEntity`. Cost: some hundred evaluations of one date, whose metrics are not measured anew.
 */
export function nearestRestore(
  policy: Policy,
  schema: PanelSchema,
  history: EntityHistory,
  to: PeriodIndex,
  tier: string,
  walked?: readonly WalkedRow[],
): Restore | undefined {
  const goal = policy.tiers.findIndex(({ name }) => name === tier);
  if (goal < 0 || comparesPeers(policy)) return undefined;
  const latest = walkEvaluations(policy, schema, history, { to, walked }).at(-1)?.latest;
  if (latest === undefined) return undefined;
  if (policy.tiers[latest.step.state.held]?.terminal === true) return { kind: "final" };
  if (latest.merited <= goal) return { kind: "waits" };
  const point = pointOf(policy, schema, history, latest);
  const deciding = closureOf(
    [...policy.tiers, ...policy.caps].flatMap(({ when }) => namesIn(when)),
    readsOf(policy),
  );
  const lines = linesOf(policy, schema, latest);
  const found = latest.metrics
    .filter(({ name, kind }) => deciding.has(name) && kind !== "value" && kind !== "largest")
    .flatMap((metric) => {
      const asked = (lines.get(`metric ${metric.name}`) ?? []).map(({ value }) => value);
      const change = nearestValue(metric, asked, (value) => meritedWith(point, latest, metric, value) <= goal);
      return change === undefined
        ? []
        : [{ metric, ...change, effort: Math.abs(change.value - change.now) / scaleOf(policy, metric, change.now) }];
    });
  const nearest = found.toSorted((a, b) => a.effort - b.effort)[0];
  if (nearest === undefined) return { kind: "none" };
  const { metric, value, now } = nearest;
  const [asked, standing] = sayAlike([value, now].map((number) => sayNumber(number, metric.unit, schema.currency)));
  const words = `${metric.title} at ${value < now ? "most" : "least"} ${asked}, not ${standing}`;
  return { kind: "metric", metric: metric.name, value, now, words };
}

/** In plain words, after the name of the tier that would be brought. */
export function sayRestore(restore: Restore, tier: string): string {
  switch (restore.kind) {
    case "metric":
      return `${tier} asks: ${restore.words}`;
    case "waits":
      return `merits ${tier} already, and waits for it`;
    case "final":
      return `nothing brings ${tier}: what is held is final`;
    case "none":
      return `no one metric alone would bring ${tier}`;
    default:
      return unreachable(restore);
  }
}

function pointOf(policy: Policy, schema: PanelSchema, history: EntityHistory, { on, before, period }: Evaluation): EvaluationPoint {
  const rowIndex = history.rows.findIndex((row) => row.period === period);
  return { policy, schema, history, events: numberEvents(history), rowIndex, on, before };
}

/** What would be merited with one metric at another value; those that are computed from others follow. */
function meritedWith(point: EvaluationPoint, { metrics }: Evaluation, { name }: MetricTrace, value: number): number {
  const assumed = new Map<string, MetricTrace>();
  for (const metric of metrics) {
    if (metric.kind !== "value") assumed.set(metric.name, metric.name === name ? { ...metric, value } : metric);
  }
  return evaluateOnce({ ...point, assumed }).merited;
}

/** The nearest value that succeeds, to the precision that it is said with; undefined where none does. */
function nearestValue(
  { value: now, unit }: MetricTrace,
  asked: readonly number[],
  succeeds: (value: number) => boolean,
): { readonly value: number; readonly now: number } | undefined {
  if (now === undefined || unit === "date") return undefined;
  const step = unit === "share" ? 1e-4 : unit === "count" || unit === "days" || unit === "money" ? 1 : 0.01;
  const top = unit === "share" ? 1 : Math.max(2 * now, now + 20 * step, ...asked.map((number) => number + step));
  const ends = [Math.min(0, now), top].map((end) => nearestTowards({ now, end, step }, succeeds));
  const [below, above] = ends;
  if (below === undefined || above === undefined) {
    const value = below ?? above;
    return value === undefined ? undefined : { value, now };
  }
  return { value: now - below <= above - now ? below : above, now };
}

function nearestTowards(
  { now, end, step }: { readonly now: number; readonly end: number; readonly step: number },
  succeeds: (value: number) => boolean,
): number | undefined {
  let failed = now;
  for (let index = 1; index <= stepsMax; index++) {
    let reached = now + ((end - now) * index) / stepsMax;
    if (reached === now || !succeeds(reached)) {
      failed = reached;
      continue;
    }
    for (let half = 0; half < halvings; half++) {
      const middle = (failed + reached) / 2;
      if (succeeds(middle)) reached = middle;
      else failed = middle;
    }
    // Said with few decimals, and true as said; the nearer neighbour may do, too, where the boundary lies on it.
    const places = end < now ? Math.floor(reached / step) : Math.ceil(reached / step);
    const nearer = end < now ? 1 : -1;
    return [places + nearer, places].map((count) => decimal(count, step)).find((value) => value !== now && succeeds(value)) ?? reached;
  }
  return undefined;
}

/** So many steps as the double nearest to the decimal number. */
function decimal(count: number, step: number): number {
  return step < 1 ? count / Math.round(1 / step) : count * step;
}

/** The span of the curves that score the metric, else its own size. */
function scaleOf(policy: Policy, { name }: MetricTrace, now: number): number {
  const spans = policy.scores.flatMap((score) => {
    if (score.kind !== "curve" || score.from.name !== name) return [];
    const ends = score.anchors.flatMap(({ x }) => constantValues(policy, x));
    return [Math.max(...ends) - Math.min(...ends)];
  });
  return present([...spans.filter((span) => span > 0), Math.max(Math.abs(now), 1e-9)][0], "a scale");
}

function namesIn(when: Expression | undefined): readonly string[] {
  return when === undefined ? [] : namesRead(when, "metric", "score", "ledger", "parameter", "condition");
}
