/** The keys and texts that each part of a policy is written with, defaults left out: what the canonical print and the diff are made from. */
import { unreachable } from "../../data/foundation/index.ts";
import type { Expression } from "./expression.ts";
import { defaultTitle } from "./names.ts";
import type {
  Bounds,
  Cap,
  Consequences,
  Ledger,
  LedgerLine,
  Metric,
  Movement,
  NamedWindow,
  Parameter,
  Score,
  Step,
  Tier,
} from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { flow, type KeyText, printScalar } from "./print-yaml.ts";
import { plainDigits, printConstant, printLiteral } from "./quantity.ts";
import { printCalendar, printDates } from "./read-calendar.ts";
import { printOperand, printWindow } from "./window.ts";

/** Keys in the language's order. */
export type Keys = readonly KeyText[];

/** One key when there is something to say. */
function optional(key: string, text: string | undefined): Keys {
  return text === undefined ? [] : [[key, text]];
}

function titleKey(name: string, title: string): Keys {
  return title === defaultTitle(name) ? [] : [["title", title]];
}

/** A fixed parameter, or one by a text. */
export function parameterKeys(parameter: Parameter): Keys {
  const print = (value: number): string => printLiteral({ ...parameter, value });
  const title = titleKey(parameter.name, parameter.title);
  if (parameter.by !== undefined) {
    const values = parameter.values.map(({ text, value }): KeyText => [printScalar(text, true), print(value)]);
    return [["by", parameter.by.name], ["in", flow(values), "flow"], ...title];
  }
  const { range } = parameter;
  return [
    ["value", print(parameter.value)],
    ...optional("range", range === undefined ? undefined : `${print(range.lower)} to ${print(range.upper)}`),
    ...title,
  ];
}

/** A window that is chosen by volume, as one text. */
export function windowText({ then, when, otherwise }: NamedWindow): string {
  const { of, over, operator, count } = when;
  const condition = `${printOperand(of)} over ${printWindow(over)} ${operator} ${printConstant(count)}`;
  return `${printWindow(then)} if ${condition} else ${printWindow(otherwise)}`;
}

/** A metric: first the key that says what it is. */
export function metricKeys(metric: Metric): Keys {
  const title = titleKey(metric.name, metric.title);
  const over: Keys = "over" in metric ? [["over", printWindow(metric.over)]] : [];
  const atLeast = optional("at_least", "atLeast" in metric && metric.atLeast !== undefined ? countedText(metric.atLeast) : undefined);
  switch (metric.kind) {
    case "share": {
      const { shrink, wilson } = metric;
      const lean =
        shrink === undefined
          ? undefined
          : `towards ${printConstant(shrink.prior)} with ${printConstant(shrink.strength)} ${printOperand(metric.whole)}`;
      return [
        ["share", `${printOperand(metric.part)} of ${printOperand(metric.whole)}`],
        ...over,
        ...atLeast,
        ...optional("shrink", lean),
        ...optional("wilson", wilson === undefined ? undefined : `${wilson.side} ${printConstant(wilson.level)}`),
        ...title,
      ];
    }
    case "mean":
      return [["mean", `${printOperand(metric.sum)} per ${printOperand(metric.count)}`], ...over, ...atLeast, ...title];
    case "sum":
      return [["sum", printExpression(metric.of)], ...over, ...atLeast, ...title];
    case "count":
      return [["count", metric.event], ...whereKey(metric.where), ...optional("most alike by", metric.alike), ...over, ...title];
    case "distinct":
      return [["distinct", `${metric.field} of ${metric.event}`], ...whereKey(metric.where), ...over, ...title];
    case "percentile": {
      const { atLeastPeriods: least } = metric;
      const periods = least === undefined ? undefined : `${least} period${least === 1 ? "" : "s"}`;
      return [["percentile", `${printConstant(metric.part)} of ${metric.measure}`], ...over, ...optional("at_least", periods), ...title];
    }
    case "largest":
      return [["largest", printExpression(metric.of)], ["by", metric.by], ...over, ...title];
    case "last":
      return [["last", metric.measure], ...title];
    case "since":
      return [["since", metric.from], ...title];
    case "unbroken":
      return [["unbroken", metric.condition], ...title];
    case "rank":
    case "ratio":
      return [
        [metric.kind, metric.of.name],
        ["among", metric.among?.name ?? "everyone"],
        ["of at least", `${metric.peersMin} peer${metric.peersMin === 1 ? "" : "s"}`],
        ...title,
      ];
    case "value":
      return [["value", printExpression(metric.expression)], ...withinKey(metric.within), ...title];
    default:
      return unreachable(metric);
  }
}

function whereKey(where: Expression | undefined): Keys {
  return optional("where", where === undefined ? undefined : printExpression(where));
}

function withinKey(within: Bounds | undefined): Keys {
  return optional("within", within === undefined ? undefined : `${printConstant(within.lower)} to ${printConstant(within.upper)}`);
}

/** `20 orders`. */
function countedText({ of, count }: { readonly of: Expression; readonly count: Parameters<typeof printConstant>[0] }): string {
  return `${printConstant(count)} ${printOperand(of)}`;
}

const curveKeys = { linear: "curve", step: "step", logistic: "logistic" } as const;

/** A score: what it reads, its curve, weights or expression. */
export function scoreKeys(score: Score): Keys {
  const tail: Keys = [...optional("round", score.round === 6 ? undefined : String(score.round)), ...titleKey(score.name, score.title)];
  switch (score.kind) {
    case "curve": {
      const anchors = score.anchors.map(({ x, y }) => printScalar(`${printConstant(x)} -> ${printConstant(y)}`, true)).join(", ");
      return [["from", score.from.name], [curveKeys[score.shape], `[${anchors}]`, "flow"], ...tail];
    }
    case "weighted": {
      const { missing } = score;
      const weights = flow(score.parts.map(({ score: part, weight }): KeyText => [part, printConstant(weight)]));
      const rule = missing.kind === "propagate" ? undefined : missing.kind === "share-out" ? "share out" : printConstant(missing.value);
      return [["weighted", weights, "flow"], ...optional("missing", rule), ...tail];
    }
    case "value":
      return [["value", printExpression(score.expression)], ...tail];
    default:
      return unreachable(score);
  }
}

/** A ledger without its lines. */
export function ledgerKeys(ledger: Ledger): { readonly before: Keys; readonly after: Keys } {
  const { takeBack, lasts } = ledger;
  const back =
    takeBack === undefined
      ? undefined
      : flow([
          ["when event", takeBack.event],
          ["of", takeBack.of],
        ]);
  return {
    before: [["start", printConstant(ledger.start)]],
    after: [
      ...(back === undefined ? [] : [["take back", back, "flow"] as const]),
      ...optional("expire", lasts.kind === "days" ? `after ${printDays(lasts.count)}` : undefined),
      ...optional("reset", lasts.kind === "until" ? printDates(lasts.calendar) : undefined),
      ...withinKey(ledger.within),
      ...titleKey(ledger.name, ledger.title),
    ],
  };
}

/** One line of a ledger. */
export function lineKeys(line: LedgerLine): Keys {
  const amount = printExpression(line.amount, ({ to, name }) => (to === "event" ? `event.${name}` : name));
  return [
    ...optional("each", line.kind === "date" ? printDates(line.each) : line.kind === "volume" ? countedText(line) : undefined),
    ...optional("when event", line.kind === "event" ? line.event : undefined),
    ...whereKey(line.kind === "event" ? line.where : undefined),
    ...optional("when", line.when === undefined ? undefined : printExpression(line.when)),
    [line.sign === 1 ? "add" : "deduct", amount],
    ...optional("at most", line.atMost === undefined ? undefined : printConstant(line.atMost)),
  ];
}

/** A tier. */
export function tierKeys(tier: Tier): Keys {
  const consequences = consequenceKeys(tier.consequences);
  const { holdDays, shorten, replaces } = tier;
  const shortened =
    shorten === undefined
      ? undefined
      : flow([
          ["when event", shorten.event],
          ["by", printDays(shorten.days)],
        ]);
  return [
    ...titleKey(tier.name, tier.title),
    ...optional("when", tier.when === undefined ? undefined : printExpression(tier.when)),
    ...optional("adverse", tier.adverse ? "true" : undefined),
    ...(consequences.length === 0 ? [] : [["consequences", flow(consequences), "flow"] as const]),
    ...optional("hold", holdDays === undefined ? undefined : printDays(holdDays)),
    ...(shortened === undefined ? [] : [["shorten", shortened, "flow"] as const]),
    ...optional("terminal", tier.terminal ? "true" : undefined),
    ...(replaces === undefined ? [] : [["replaces", `[${replaces.map((name) => printScalar(name, true)).join(", ")}]`, "flow"] as const]),
  ];
}

/** What a tier does, as the language writes it, in the language's order. */
export function consequenceKeys(consequences: Consequences): Keys {
  const { traffic, payoutDays, ordersPerDayMax, fee } = consequences;
  return [
    ...optional("traffic", traffic === undefined ? undefined : `x ${plainDigits(traffic)}`),
    ...optional("payout", payoutDays === undefined ? undefined : `after ${printDays(payoutDays)}`),
    ...optional("orders", ordersPerDayMax === undefined ? undefined : `at most ${plainDigits(ordersPerDayMax)} a day`),
    ...optional("fee", fee === undefined ? undefined : printLiteral({ value: fee, unit: "share" })),
  ];
}

/** A cap. */
export function capKeys({ tier, when }: Cap): Keys {
  return [
    ["at most", tier],
    ["when", printExpression(when)],
  ];
}

/** `movement`. */
export function movementKeys(movement: Movement): Keys {
  const { start, shield } = movement;
  const shielded =
    shield === undefined
      ? undefined
      : flow([
          ["for", printDays(shield.days)],
          ["since", shield.since],
        ]);
  const protection = protectKeys(movement.protect);
  return [
    ["evaluate", printCalendar(movement.evaluate)],
    ...optional("start", start),
    ...stepKey("promote", movement.promote),
    ...stepKey("demote", movement.demote),
    ...(shielded === undefined ? [] : [["shield", shielded, "flow"] as const]),
    ...(protection.length === 0 ? [] : [["protect", flow(protection), "flow"] as const]),
  ];
}

/** What protects, and for how long; nothing when nothing does. */
export function protectKeys(protect: Movement["protect"]): Keys {
  if (protect === undefined) return [];
  return [
    ["when event", protect.event],
    ["show at least", protect.tier],
    ...optional("for", protect.days === undefined ? undefined : printDays(protect.days)),
    ...optional("until", protect.until === undefined ? undefined : countedText(protect.until)),
  ];
}

function stepKey(key: string, step: Step): Keys {
  const keys: Keys = [
    ...optional("after", step.after === 1 ? undefined : `${step.after} evaluations`),
    ...optional("by", step.by === undefined ? undefined : `${step.by} tier${step.by === 1 ? "" : "s"}`),
  ];
  return keys.length === 0 ? [] : [[key, flow(keys), "flow"]];
}

/** `1 day`, `28 days`. */
export function printDays(days: number): string {
  return `${days} day${days === 1 ? "" : "s"}`;
}
