/** Random windows and metrics of every kind. */
import type { Grain } from "../../data/foundation/index.ts";
import type { AtLeast, Bounds, Comparison, Expression, Metric, NamedWindow, PlainWindow, Window } from "../../policies/language/index.ts";
import { namesRead } from "../../policies/language/index.ts";
import type { Draw } from "./draw.ts";
import { eventFields, eventKinds, eventVocabulary } from "./random-events.ts";
import { drawCondition, drawFlowUnit, drawNumber, drawOperand, drawUnit } from "./random-expressions.ts";
import {
  drawBounds,
  drawConstant,
  type FlowUnit,
  levels,
  titleOf,
  type UnitClass,
  type Vocabulary,
  valueUnit,
} from "./random-vocabulary.ts";

/** A metric with what its readers need to know. */
export interface DrawnMetric {
  readonly metric: Metric;
  readonly unit: UnitClass;
  readonly ranked: boolean;
}

const plainMetricKinds = ["share", "mean", "sum", "count", "last", "since", "value"] as const satisfies readonly Metric["kind"][];
/** The kinds that every engine speaks. */
const coreMetricKinds = [...plainMetricKinds, "distinct", "unbroken"] as const satisfies readonly Metric["kind"][];
const allMetricKinds = [
  ...plainMetricKinds,
  "distinct",
  "percentile",
  "largest",
  "largest",
  "value",
  "sum",
  "unbroken",
  "rank",
  "ratio",
] as const satisfies readonly Metric["kind"][];

/** A metric that reads only what is there already. `core`: of the kinds and forms that SQL speaks too. */
export function drawMetric(draw: Draw, grain: Grain, name: string, vocabulary: Vocabulary, core: boolean): DrawnMetric {
  const kind = possibleKind(draw.pick<Metric["kind"]>(core ? coreMetricKinds : allMetricKinds), vocabulary);
  const common = { name, title: draw.chance(8) ? `The ${name}: of all` : titleOf(name) };
  const own = (): Window => drawWindow(draw, grain, vocabulary, core);
  switch (kind) {
    case "share":
      return drawShare(draw, common, own(), vocabulary, core);
    case "mean": {
      const unit = drawFlowUnit(draw);
      const per = draw.chance(4) ? unit : "plain";
      const found = per === "plain" ? unit : "plain";
      const operands = { sum: drawOperand(draw, 1, unit), count: drawOperand(draw, 1, per) };
      return numberMetric({ ...common, unit: valueUnit(found), kind, ...operands, over: own(), ...drawAtLeast(draw, vocabulary) }, found);
    }
    case "sum": {
      const unit = drawFlowUnit(draw);
      const carried = unit === "plain" ? "count" : valueUnit(unit);
      return numberMetric(
        { ...common, unit: carried, kind, of: drawOperand(draw, 2, unit), over: own(), ...drawAtLeast(draw, vocabulary) },
        unit,
      );
    }
    case "count": {
      const event = draw.pick(eventKinds);
      const fields = eventFields(event);
      const alike = !core && fields.length > 0 && draw.chance(3) ? { alike: draw.pick(fields) } : {};
      return numberMetric({ ...common, unit: "count", kind, event, ...drawWhere(draw, event, vocabulary), ...alike, over: own() }, "plain");
    }
    case "distinct": {
      const event = draw.pick(eventKinds.filter((candidate) => eventFields(candidate).length > 0));
      const field = draw.pick(eventFields(event));
      return numberMetric({ ...common, unit: "count", kind, field, event, ...drawWhere(draw, event, vocabulary), over: own() }, "plain");
    }
    case "percentile": {
      const level = draw.pick(levels);
      const part = drawConstant(draw, vocabulary, "share", { above: 0, most: 1 }, [0.5, 0.1, 0.25, 0.9, 1, 0.333]);
      const least = draw.chance(2) ? { atLeastPeriods: draw.integer(1, 4) } : {};
      return numberMetric({ ...common, unit: valueUnit(level.unit), kind, part, measure: level.name, over: own(), ...least }, level.unit);
    }
    case "largest":
      return {
        metric: { ...common, unit: "number", kind, of: drawOperand(draw, 1), by: "category", over: own() },
        unit: "plain",
        ranked: false,
      };
    case "last": {
      const level = draw.pick(levels);
      return numberMetric({ ...common, unit: valueUnit(level.unit), kind, measure: level.name }, level.unit);
    }
    case "since": {
      const from = draw.pick(["opened_on", "verified_on", "violation", "appeal", "guarantee"]);
      return numberMetric({ ...common, unit: "days", kind, from }, "days");
    }
    case "unbroken": {
      const condition = draw.pick(vocabulary.conditions);
      return { metric: { ...common, unit: "days", kind, condition: condition.name }, unit: "days", ranked: condition.ranked };
    }
    case "rank":
    case "ratio":
      return drawPeers(draw, kind, common, vocabulary);
    case "value": {
      const unit = drawUnit(draw, vocabulary);
      const expression = drawNumber(draw, vocabulary, unit, 2);
      const within: { within?: Bounds } = draw.chance(3) ? { within: drawBounds(draw, vocabulary, unit) } : {};
      const carried = valueUnit(unit);
      return { metric: { ...common, unit: carried, kind, expression, ...within }, unit, ranked: isRanked(expression, vocabulary) };
    }
  }
}

type Common = Pick<Metric, "name" | "title">;

/** A kind that lacks what it reads becomes one that lacks nothing. */
function possibleKind(kind: Metric["kind"], { conditions, numbers }: Vocabulary): Metric["kind"] {
  if (kind === "unbroken" && conditions.length === 0) return "percentile";
  if ((kind === "rank" || kind === "ratio") && !numbers.some(isComparable)) return "distinct";
  return kind;
}

function isComparable({ to, ranked }: Vocabulary["numbers"][number]): boolean {
  return (to === "metric" || to === "score") && !ranked;
}

function numberMetric(metric: Metric, unit: UnitClass): DrawnMetric {
  return { metric, unit, ranked: false };
}

/** Whether an expression depends on a comparison among peers. */
export function isRanked(expression: Expression, { numbers, conditions }: Vocabulary): boolean {
  const ranked = new Set([...numbers, ...conditions].flatMap((name) => (name.ranked ? [name.name] : [])));
  return namesRead(expression, "metric", "score", "ledger", "condition").some((name) => ranked.has(name));
}

function drawShare(draw: Draw, common: Common, over: Window, vocabulary: Vocabulary, core: boolean): DrawnMetric {
  const unit = drawFlowUnit(draw);
  const operands = { part: drawOperand(draw, 1, unit), whole: drawOperand(draw, 1, unit) };
  const metric = { ...common, unit: "share", kind: "share", ...operands, over, ...drawAtLeast(draw, vocabulary) } as const;
  const form = draw.pick(["plain", "shrink", core ? "shrink" : "wilson"] as const);
  if (form === "plain") return numberMetric(metric, "share");
  if (form === "wilson") {
    const level = drawConstant(draw, vocabulary, "share", { above: 0, below: 1 }, [0.95, 0.9, 0.5, 0.999]);
    return numberMetric({ ...metric, wilson: { side: draw.pick(["upper", "lower"]), level } }, "share");
  }
  const prior = drawConstant(draw, vocabulary, "share", { least: 0, most: 1 }, [0, 0.06, 0.1, 0.25]);
  return numberMetric({ ...metric, shrink: { prior, strength: drawConstant(draw, vocabulary, unit, { above: 0 }) } }, "share");
}

function drawAtLeast(draw: Draw, vocabulary: Vocabulary): { readonly atLeast?: AtLeast } {
  if (!draw.chance(2)) return {};
  const unit = draw.pick(["plain", "plain", "plain", "plain", "hours", "money"] as const);
  const among = unit === "plain" ? [0, 1, 2, 3, 4, 6] : undefined;
  return { atLeast: { of: drawOperand(draw, 1, unit), count: drawConstant(draw, vocabulary, unit, { least: 0 }, among) } };
}

function drawWhere(draw: Draw, event: string, vocabulary: Vocabulary): { readonly where?: Expression } {
  return draw.chance(2) ? {} : { where: drawCondition(draw, eventVocabulary(event, vocabulary), draw.integer(0, 1)) };
}

function drawPeers(draw: Draw, kind: "rank" | "ratio", common: Common, { numbers, texts }: Vocabulary): DrawnMetric {
  const of = draw.pick(numbers.filter(isComparable));
  const among = draw.chance(3) ? undefined : draw.pick(draw.chance(2) ? texts.slice(-1) : texts);
  const metric: Metric = {
    ...common,
    unit: kind === "rank" ? "share" : "number",
    kind,
    of: { to: of.to === "score" ? "score" : "metric", name: of.name },
    ...(among === undefined ? {} : { among: { to: among.to === "metric" ? "metric" : "attribute", name: among.name } }),
    peersMin: draw.pick([1, 2, 1, 3]),
  };
  return { metric, unit: kind === "rank" ? "share" : "plain", ranked: true };
}

function drawWindow(draw: Draw, grain: Grain, vocabulary: Vocabulary, core: boolean): Window {
  const kind = draw.pick(
    core ? (["plain", "plain", "plain", "named"] as const) : (["plain", "plain", "plain", "volume", "named"] as const),
  );
  if (kind === "named" && vocabulary.windows.length > 0) return { kind, name: draw.pick(vocabulary.windows) };
  if (kind !== "volume") return drawPlainWindow(draw, grain);
  const unit = drawFlowUnit(draw);
  return { kind, of: drawOperand(draw, 1, unit), count: drawVolume(draw, vocabulary, unit) };
}

/** So much of a total, more than nothing. */
export function drawVolume(draw: Draw, vocabulary: Vocabulary, unit: FlowUnit): ReturnType<typeof drawConstant> {
  return drawConstant(draw, vocabulary, unit, { above: 0 }, { plain: [1, 3, 10, 20, 40], hours: [1, 12.5], money: [100, 20_000] }[unit]);
}

/** A window that fits the grain. */
function drawPlainWindow(draw: Draw, grain: Grain): PlainWindow {
  const periodDays = { day: 1, week: 7, month: 31 }[grain];
  const kinds = grain === "week" ? (["periods", "days", "lifetime"] as const) : (["periods", "days", "calendar", "lifetime"] as const);
  const kind = draw.pick(kinds);
  switch (kind) {
    case "periods":
      return { kind, count: draw.integer(1, 5) };
    case "days":
      return { kind, count: periodDays + draw.integer(0, 3 * periodDays) };
    case "calendar":
      return { kind, unit: draw.pick(["month", "quarter", "year"]), count: draw.integer(1, 3) };
    case "lifetime":
      return { kind };
  }
}

const comparisons: readonly Comparison[] = [">=", "<", "<=", ">", "=", "!="];

/** A window that is chosen by volume. */
export function drawNamedWindow(draw: Draw, grain: Grain, name: string, vocabulary: Vocabulary): NamedWindow {
  const unit = drawFlowUnit(draw);
  const when = {
    of: drawOperand(draw, 1, unit),
    over: drawPlainWindow(draw, grain),
    operator: draw.pick(comparisons),
    count: drawConstant(draw, vocabulary, unit),
  };
  // biome-ignore lint/suspicious/noThenProperty: 'then' is the field that the policy language reads aloud
  return { name, title: titleOf(name), then: drawPlainWindow(draw, grain), when, otherwise: drawPlainWindow(draw, grain) }; // oxlint-disable-line unicorn/no-thenable
}
