/** What events do to movement: holds that they shorten, protection that they give. */
import { type Day, firstDayOf } from "../../data/foundation/index.ts";
import { constantAt } from "./constant.ts";
import type { EvaluationPoint, NumberedEvent } from "./evaluation-point.ts";
import { newlySeenEvents, seenEvents } from "./event-selection.ts";
import type { Lookup } from "./expression-nodes.ts";
import { operandNumber } from "./operand-value.ts";

/** A hold that an event took days off: which tier's, and its end before and after. */
export interface ShortenedHold {
  readonly tier: number;
  readonly event: NumberedEvent;
  readonly from: Day;
  readonly until: Day;
}

/** The holds after the newly seen events: each that became known before a hold's end takes the declared days off it. */
export function shortenHolds(
  holdUntil: ReadonlyMap<number, Day>,
  point: EvaluationPoint,
): { readonly holdUntil: ReadonlyMap<number, Day>; readonly shortened: readonly ShortenedHold[] } {
  const left = new Map(holdUntil);
  const shortened: ShortenedHold[] = [];
  for (const [tier, { shorten }] of point.policy.tiers.entries()) {
    for (const event of newlySeenEvents(point)) {
      const from = left.get(tier);
      if (shorten === undefined || event.kind !== shorten.event || from === undefined || event.knownDay >= from) continue;
      const until = from - shorten.days;
      left.set(tier, until);
      shortened.push({ tier, event, from, until });
    }
  }
  return { holdUntil: left, shortened };
}

/** A protection that runs, by the latest event that gives it. */
export interface RunningProtection {
  readonly tier: string;
  readonly event: NumberedEvent;
  readonly until?: Day;
  readonly volume?: { readonly sum: number; readonly count: number };
}

/** The protection at the evaluation; undefined when none runs. A count that is not known protects nobody. */
export function protectionAt(point: EvaluationPoint, lookup: Lookup): RunningProtection | undefined {
  const { protect } = point.policy.movement;
  if (protect === undefined) return undefined;
  const { tier, days, until } = protect;
  const { schema, history, rowIndex, on } = point;
  const running = seenEvents(point).flatMap((event): RunningProtection[] => {
    if (event.kind !== protect.event) return [];
    if (days !== undefined && on >= event.knownDay + days) return [];
    const base = { tier, event, ...(days === undefined ? {} : { until: event.knownDay + days }) };
    if (until === undefined) return [base];
    const since = history.rows.slice(0, rowIndex + 1).filter(({ period }) => firstDayOf(schema.grain, period) > event.knownDay);
    const sum = operandNumber(until.of, since, schema, lookup);
    const count = constantAt(until.count, lookup);
    return sum === undefined || count === undefined || sum >= count ? [] : [{ ...base, volume: { sum, count } }];
  });
  return running.at(-1);
}
