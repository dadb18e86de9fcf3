/** Random tiers, caps, calendars and movement. */
import type { Grain } from "../../data/foundation/index.ts";
import type { Cap, Consequences, EvaluationCalendar, Movement, Tier } from "../../policies/language/index.ts";
import type { Draw } from "./draw.ts";
import { drawCondition, drawFlowUnit, drawOperand } from "./random-expressions.ts";
import { drawConstant, titleOf, type Vocabulary } from "./random-vocabulary.ts";

/** A ladder of one to five tiers. Without `otherwise` the last takes everyone, and is not adverse: unknown must not punish. */
export function drawTiers(draw: Draw, vocabulary: Vocabulary, hasOtherwise: boolean, core: boolean): Tier[] {
  const count = draw.integer(1, 5);
  const adverseFrom = draw.integer(0, count);
  const inOrder = draw.chance(2);
  return Array.from({ length: count }, (_, code): Tier => {
    const isUnconditional = code === count - 1 && !hasOtherwise;
    const adverse = !isUnconditional && (inOrder ? code >= adverseFrom : draw.chance(3));
    return {
      name: `t${code}`,
      title: titleOf(`t${code}`),
      adverse,
      consequences: draw.chance(5) ? drawConsequences(draw) : {},
      terminal: code === count - 1 && draw.chance(6),
      ...(isUnconditional ? {} : { when: drawCondition(draw, vocabulary, 1) }),
      ...(draw.chance(3) ? drawHold(draw) : {}),
      ...(!core && draw.chance(8) ? { replaces: [`old_t${code}`] } : {}),
    };
  });
}

/** A hold, half the time with what shortens it. */
export function drawHold(draw: Draw): Pick<Tier, "holdDays" | "shorten"> {
  const shorten = { event: draw.pick(["quiz", "appeal", "violation"]), days: draw.pick([14, 1, 7, 30, 60]) };
  return { holdDays: draw.pick([1, 8, 15, 29, 62, 120]), ...(draw.chance(2) ? { shorten } : {}) };
}

function drawConsequences(draw: Draw): Consequences {
  const chosen = draw.pick(["traffic", "payout", "orders", "fee"] as const);
  if (chosen === "traffic") return { traffic: 1.15 };
  if (chosen === "payout") return { payoutDays: 8 };
  return chosen === "orders" ? { ordersPerDayMax: 50 } : { fee: 0.05 };
}

/** None, one or two caps. */
export function drawCaps(draw: Draw, vocabulary: Vocabulary, tiers: readonly Tier[]): Cap[] {
  return draw.chance(3) ? draw.list(1, 2, () => ({ tier: draw.pick(tiers).name, when: drawCondition(draw, vocabulary, 1) })) : [];
}

/** How the merited tier becomes the held one. */
export function drawMovement(draw: Draw, { evaluate, tiers, otherwise, core, vocabulary }: MovementParts): Movement {
  const names = [...tiers.map((tier) => tier.name), ...(otherwise === undefined ? [] : [otherwise])];
  const step = () => ({ after: draw.integer(1, 4), ...(draw.chance(3) ? { by: draw.integer(1, 2) } : {}) });
  const hasRefuge = tiers.some((tier) => !tier.adverse);
  return {
    evaluate,
    ...(draw.chance(4) ? { start: draw.pick(names) } : {}),
    promote: step(),
    demote: step(),
    ...(hasRefuge && draw.chance(3)
      ? { shield: { days: draw.pick([1, 30, 60, 100]), since: draw.pick(["opened_on", "verified_on"]) } }
      : {}),
    ...(!core && draw.chance(3) ? { protect: drawProtect(draw, tiers, vocabulary) } : {}),
  };
}

/** What a movement is drawn for. */
export interface MovementParts {
  readonly evaluate: EvaluationCalendar;
  readonly tiers: readonly Tier[];
  readonly otherwise: string | undefined;
  readonly core: boolean;
  readonly vocabulary: Vocabulary;
}

/** For days, until so much, or whichever is first. */
export function drawProtect(draw: Draw, tiers: readonly Tier[], vocabulary: Vocabulary): NonNullable<Movement["protect"]> {
  const form = draw.pick(["days", "until", "both"] as const);
  const unit = drawFlowUnit(draw);
  const least = unit === "money" ? [1000, 20_000] : [1, 5, 12];
  return {
    event: draw.pick(["guarantee", "violation"]),
    tier: draw.pick(tiers).name,
    ...(form === "until" ? {} : { days: draw.pick([7, 15, 45, 120]) }),
    ...(form === "days"
      ? {}
      : { until: { of: drawOperand(draw, 1, unit), count: drawConstant(draw, vocabulary, unit, { above: 0 }, least) } }),
  };
}

/** Dates of evaluation, at most one a period. */
export function drawCalendar(draw: Draw, grain: Grain): EvaluationCalendar {
  const everyGrain: EvaluationCalendar = { kind: "every", unit: grain };
  const monthly = monthlyCalendars(draw);
  if (grain === "month") return draw.pick([everyGrain, everyGrain, ...monthly]);
  const weekly: EvaluationCalendar = { kind: "weekday", weekday: draw.integer(0, 6) };
  return draw.pick([everyGrain, everyGrain, everyGrain, { kind: "every", unit: "week" }, weekly, ...monthly]);
}

/** Any dates that come again. */
export function drawAnyCalendar(draw: Draw): EvaluationCalendar {
  const weekly: EvaluationCalendar = { kind: "weekday", weekday: draw.integer(0, 6) };
  return draw.pick([{ kind: "every", unit: "day" }, { kind: "every", unit: "week" }, weekly, ...monthlyCalendars(draw)]);
}

/** Dates on every one of which the policy is evaluated. */
export function drawDatesWithin(draw: Draw, evaluate: EvaluationCalendar): EvaluationCalendar {
  switch (evaluate.kind) {
    case "day-of-month":
      return evaluate;
    case "first-weekday":
      return draw.pick([evaluate, { ...evaluate, unit: "quarter" }]);
    case "weekday":
      return draw.pick([evaluate, ...firstWeekdays(evaluate.weekday)]);
    case "every":
      if (evaluate.unit === "day") return draw.chance(3) ? evaluate : drawAnyCalendar(draw);
      if (evaluate.unit === "week") return draw.pick([evaluate, { kind: "weekday", weekday: 0 }, ...firstWeekdays(0)]);
      return draw.pick([evaluate, { kind: "every", unit: "quarter" }]);
  }
}

function monthlyCalendars(draw: Draw): readonly EvaluationCalendar[] {
  return [
    { kind: "every", unit: "month" },
    { kind: "every", unit: "quarter" },
    { kind: "day-of-month", dayOfMonth: draw.integer(2, 31) },
    ...firstWeekdays(draw.integer(0, 6)),
  ];
}

function firstWeekdays(weekday: number): readonly EvaluationCalendar[] {
  return [
    { kind: "first-weekday", weekday, unit: "month" },
    { kind: "first-weekday", weekday, unit: "quarter" },
  ];
}
