/** Random ledgers: lines of events, dates and volumes, entries that last for ever, for days or until a date, and what takes them back. */
import type { EvaluationCalendar, Expression, Ledger, LedgerLine } from "../../policies/language/index.ts";
import type { Draw } from "./draw.ts";
import { eventNumbers, eventVocabulary } from "./random-events.ts";
import { drawCondition, drawFlowUnit, drawNumber, drawOperand } from "./random-expressions.ts";
import { drawVolume, isRanked } from "./random-metrics.ts";
import { drawAnyCalendar, drawDatesWithin } from "./random-movement.ts";
import { drawBounds, drawConstant, titleOf, type UnitClass, type Vocabulary, valueUnit } from "./random-vocabulary.ts";

/** A ledger with what its readers need to know. */
export interface DrawnLedger {
  readonly ledger: Ledger;
  readonly unit: UnitClass;
  readonly ranked: boolean;
}

/** When the policy is evaluated; `core`: only what SQL speaks too. */
export interface LedgerOptions {
  readonly evaluate: EvaluationCalendar;
  readonly core: boolean;
}

/** A ledger that reads only what is there already, and itself. */
export function drawLedger(draw: Draw, name: string, vocabulary: Vocabulary, { evaluate, core }: LedgerOptions): DrawnLedger {
  const unit = draw.pick(["points", "points", "plain"] as const);
  const withOwn: Vocabulary = { ...vocabulary, numbers: [...vocabulary.numbers, { to: "ledger", name, unit, ranked: false }] };
  const lines = draw.list(1, 4, () => (core ? drawCoreLine(draw, unit, vocabulary, evaluate) : drawLine(draw, unit, withOwn, evaluate)));
  const eventLine = lines.find((line) => line.kind === "event");
  const ledger: Ledger = {
    name,
    title: draw.chance(8) ? `Points of ${name}` : titleOf(name),
    unit: valueUnit(unit),
    start: drawConstant(draw, vocabulary, unit),
    lines,
    ...(eventLine?.kind === "event" && draw.integer(0, 2) > 0 ? { takeBack: { event: "appeal", of: eventLine.event } } : {}),
    lasts: drawLasts(draw),
    ...(draw.chance(3) ? { within: drawBounds(draw, vocabulary, unit) } : {}),
  };
  const read = lines.flatMap(({ when, amount }) => (when === undefined ? [amount] : [when, amount]));
  return { ledger, unit, ranked: read.some((expression) => isRanked(expression, vocabulary)) };
}

function drawLine(draw: Draw, unit: "points" | "plain", vocabulary: Vocabulary, evaluate: EvaluationCalendar): LedgerLine {
  const kind = draw.pick(["event", "event", "date", "volume"] as const);
  const common = {
    ...(draw.chance(3) ? { when: drawCondition(draw, vocabulary, 1) } : {}),
    sign: draw.pick([1, 1, -1] as const),
    ...(draw.chance(4) ? { atMost: drawConstant(draw, vocabulary, unit, { least: 0 }) } : {}),
  };
  switch (kind) {
    case "event": {
      const event = draw.pick(["violation", "violation", "defect", "guarantee"]);
      const where = draw.chance(3) ? { where: drawCondition(draw, eventVocabulary(event, vocabulary), 1) } : {};
      const numbers = [...vocabulary.numbers, ...eventNumbers(event)];
      return { kind, event, ...where, ...common, amount: drawAmount(draw, unit, { ...vocabulary, numbers }) };
    }
    case "date":
      return { kind, each: drawDatesWithin(draw, evaluate), ...common, amount: drawAmount(draw, unit, vocabulary) };
    case "volume": {
      const flow = drawFlowUnit(draw);
      const counted = { count: drawVolume(draw, vocabulary, flow), of: drawOperand(draw, 1, flow) };
      return { kind, ...counted, ...common, amount: drawAmount(draw, unit, vocabulary) };
    }
  }
}

/** A line of dates that adds a whole number, or of events that asks nothing but them. */
function drawCoreLine(draw: Draw, unit: "points" | "plain", vocabulary: Vocabulary, evaluate: EvaluationCalendar): LedgerLine {
  const asked: Vocabulary = { numbers: vocabulary.numbers.filter(({ to }) => to === "parameter"), texts: [], conditions: [], windows: [] };
  const common = {
    sign: draw.pick([1, 1, -1] as const),
    ...(draw.chance(4) ? { atMost: drawConstant(draw, asked, unit, { least: 0 }) } : {}),
  };
  if (draw.chance(2)) {
    const when = draw.chance(2) ? { when: drawCondition(draw, vocabulary, 1) } : {};
    const amount: Expression = { kind: "number", value: draw.integer(0, 12), unit: valueUnit(unit) };
    return { kind: "date", each: drawDatesWithin(draw, evaluate), ...when, ...common, amount };
  }
  const event = draw.pick(["violation", "violation", "defect", "guarantee"]);
  const where = draw.chance(3) ? { where: drawCondition(draw, eventVocabulary(event, asked), 1) } : {};
  const numbers = [...asked.numbers, ...eventNumbers(event)];
  return { kind: "event", event, ...where, ...common, amount: drawAmount(draw, unit, { ...asked, numbers }) };
}

/** Most amounts say little: a number, or the points of the event. */
function drawAmount(draw: Draw, unit: UnitClass, vocabulary: Vocabulary): Expression {
  const points = vocabulary.numbers.some(({ to, name, unit: own }) => to === "event" && name === "points" && own === unit);
  if (points && draw.chance(2)) return { kind: "reference", to: "event", name: "points" };
  return drawNumber(draw, vocabulary, unit, draw.integer(0, 1));
}

function drawLasts(draw: Draw): Ledger["lasts"] {
  const kind = draw.pick(["ever", "days", "until"] as const);
  switch (kind) {
    case "ever":
      return { kind };
    case "days":
      return { kind, count: draw.pick([7, 1, 20, 45, 90, 200]) };
    case "until":
      return { kind, calendar: drawAnyCalendar(draw) };
  }
}
