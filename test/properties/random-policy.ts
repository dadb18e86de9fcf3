/** Random checked policies over the random panel's schema: every kind of metric, window, curve, weight, condition and movement. */
import fc, { type GeneratorValue } from "fast-check";
import type { Grain } from "../../data/foundation/index.ts";
import type {
  AtLeast,
  Condition,
  Constant,
  EvaluationCalendar,
  Expression,
  Metric,
  Movement,
  Parameter,
  Policy,
  Score,
  Tier,
  ValueUnit,
  Window,
} from "../../policies/language/index.ts";

/** Draws from a generator, so that a failing policy shrinks. */
export class Draw {
  readonly #g: GeneratorValue;

  constructor(g: GeneratorValue) {
    this.#g = g;
  }

  integer(min: number, max: number): number {
    return this.#g(fc.integer, { min, max });
  }

  pick<T>(options: readonly T[]): T {
    return options[this.integer(0, options.length - 1)] as T;
  }

  /** True once in `often`; shrinks to false. */
  chance(often: number): boolean {
    return this.integer(0, often - 1) === often - 1;
  }

  list<T>(min: number, max: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.integer(min, max) }, (_, index) => make(index));
  }
}

const flows = ["orders", "due", "late", "reviews", "hours", "gmv"];
const levels = ["rating", "response", "balance"];
const units: readonly ValueUnit[] = ["number"];

/** A policy that the checker would let pass, for a panel of this grain. */
export function drawPolicy(draw: Draw, grain: Grain): Policy {
  const parameters: Parameter[] = [
    { name: "share_line", title: "Share line", value: draw.pick([0, 0.1, 0.25, 0.5, 1 / 3]), unit: "share" },
    { name: "count_line", title: "Count line", value: draw.integer(0, 8), unit: "count" },
    { name: "score_line", title: "Score line", value: draw.pick([0, 25, 50, 60, 62.5, 75, 100]), unit: "number" },
  ];
  const metrics: Metric[] = [];
  for (const index of draw.list(1, 5, (i) => i)) metrics.push(drawMetric(draw, grain, `m${index}`, metrics));
  const scores: Score[] = [];
  for (const index of draw.list(1, 4, (i) => i)) scores.push(drawScore(draw, `s${index}`, metrics, scores));
  const conditions: Condition[] = [];
  for (const index of draw.list(0, 3, (i) => i)) {
    const name = `c${index}`;
    conditions.push({ name, title: name, expression: drawCondition(draw, { metrics, scores, conditions }, 2) });
  }
  const hasOtherwise = draw.chance(2);
  const tiers = drawTiers(draw, { metrics, scores, conditions }, hasOtherwise);
  const headlineScore = scores.at(-1)?.name;
  return {
    programme: "random",
    version: "1.0.0",
    title: "Random",
    entity: "seller",
    rationale: "",
    digest: "random",
    parameters,
    metrics,
    scores,
    conditions,
    tiers,
    ...(hasOtherwise ? { otherwise: "unrated" } : {}),
    ...(headlineScore === undefined ? {} : { headlineScore }),
    movement: drawMovement(draw, grain, tiers, hasOtherwise),
  };
}

/**
 * A policy whose merited tier follows one measure directly, so that random histories walk through every rule of movement: streaks,
 * steps, holds inside holds, shields, terminal tiers, off the ladder and back.
 */
export function drawSteeredPolicy(draw: Draw, grain: Grain): Policy {
  const drawn = drawPolicy(draw, grain);
  const count = draw.integer(2, 4);
  const adverseFrom = draw.integer(1, count);
  const metric: Metric = {
    kind: "sum",
    name: "steer",
    title: "Steer",
    unit: "count",
    of: { kind: "reference", to: "measure", name: "reviews" },
    over: { kind: "periods", count: 1 },
  };
  const tiers = Array.from({ length: count }, (_, code): Tier => {
    const when: Expression = {
      kind: "compare",
      operator: "<=",
      left: { kind: "reference", to: "metric", name: "steer" },
      right: numberOf(code),
    };
    return {
      name: `t${code}`,
      title: `t${code}`,
      adverse: code >= adverseFrom,
      consequences: {},
      terminal: code === count - 1 && draw.chance(8),
      ...(code === count - 1 && drawn.otherwise === undefined ? {} : { when }),
      ...(draw.chance(2) ? { holdDays: draw.pick([1, 8, 15, 29, 62]) } : {}),
    };
  });
  const start = draw.chance(4) ? { start: draw.pick(tiers).name } : {};
  const shield = draw.chance(2) ? { shield: { days: draw.pick([15, 30, 60]), since: draw.pick(["opened_on", "verified_on"]) } } : {};
  const { start: _start, shield: _shield, ...movement } = drawn.movement;
  return {
    ...drawn,
    metrics: [...drawn.metrics, metric],
    tiers,
    movement: { ...movement, evaluate: { kind: "every", unit: grain }, ...start, ...shield },
  };
}

interface Names {
  readonly metrics: readonly Metric[];
  readonly scores: readonly Score[];
  readonly conditions: readonly Condition[];
}

function drawMetric(draw: Draw, grain: Grain, name: string, earlier: readonly Metric[]): Metric {
  const common = { name, title: name, unit: draw.pick(units) };
  const kind = draw.pick(["share", "mean", "sum", "count", "last", "since", "value"] as const);
  const atLeast: { atLeast?: AtLeast } = draw.chance(2)
    ? { atLeast: { of: drawOperand(draw, 1), count: drawConstant(draw, "count_line", 6) } }
    : {};
  switch (kind) {
    case "share": {
      const shrink = draw.chance(3)
        ? { shrink: { prior: numberOf(draw.pick([0, 0.06, 0.1, 0.25])), strength: numberOf(draw.integer(0, 20)) } }
        : {};
      return {
        ...common,
        kind,
        part: drawOperand(draw, 1),
        whole: drawOperand(draw, 1),
        over: drawWindow(draw, grain),
        ...atLeast,
        ...shrink,
      };
    }
    case "mean":
      return { ...common, kind, sum: drawOperand(draw, 1), count: drawOperand(draw, 1), over: drawWindow(draw, grain), ...atLeast };
    case "sum":
      return { ...common, kind, of: drawOperand(draw, 2), over: drawWindow(draw, grain), ...atLeast };
    case "count":
      return { ...common, kind, event: draw.pick(["violation", "appeal"]), over: drawWindow(draw, grain) };
    case "last":
      return { ...common, kind, measure: draw.pick(levels) };
    case "since":
      return { ...common, kind, attribute: draw.pick(["opened_on", "verified_on"]) };
    case "value":
      return { ...common, kind, expression: drawNumber(draw, { metrics: earlier, scores: [], conditions: [] }, 2) };
  }
}

function drawWindow(draw: Draw, grain: Grain): Window {
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

/** Sums over the window, combined. */
function drawOperand(draw: Draw, depth: number): Expression {
  if (depth === 0 || !draw.chance(3)) return { kind: "reference", to: "measure", name: draw.pick(flows) };
  if (draw.chance(4)) return { kind: "negate", operand: drawOperand(draw, depth - 1) };
  const operator = draw.pick(["+", "-", "*"] as const);
  const right = draw.chance(2) ? numberOf(draw.pick([2, 0.5, 1.25, 0.1, 3])) : drawOperand(draw, depth - 1);
  return { kind: "arithmetic", operator, left: drawOperand(draw, depth - 1), right };
}

function drawScore(draw: Draw, name: string, metrics: readonly Metric[], earlier: readonly Score[]): Score {
  const common = { name, title: name, round: draw.pick([6, 6, 0, 1, 2, 9]) };
  if (earlier.length > 0 && draw.chance(2)) {
    const count = draw.integer(1, Math.min(3, earlier.length));
    const parts = earlier.slice(-count).map((score) => ({ score: score.name, weight: numberOf(draw.pick([1, 60, 40, 55, 0.1, 0.7, 45])) }));
    const missing = draw.pick<Extract<Score, { kind: "weighted" }>["missing"]>([
      { kind: "propagate" },
      { kind: "share-out" },
      { kind: "neutral", value: numberOf(50) },
    ]);
    return { ...common, kind: "weighted", parts, missing };
  }
  const from =
    earlier.length > 0 && draw.chance(4)
      ? ({ to: "score", name: draw.pick(earlier).name } as const)
      : ({ to: "metric", name: draw.pick(metrics).name } as const);
  let x = draw.pick([-1, 0, 0.1, 1, 3]);
  const anchors = draw.list(1, 4, () => {
    const anchor = { x: numberOf(x), y: numberOf(draw.pick([0, 100, 60, 85, 33.3, 12.5])) };
    x += draw.pick([0.1, 0.25, 0.5, 1, 4, 20]);
    return anchor;
  });
  return { ...common, kind: "curve", from, shape: draw.pick(["linear", "step"]), anchors };
}

function drawNumber(draw: Draw, names: Names, depth: number): Expression {
  const { metrics, scores } = names;
  const leaves: Expression[] = [
    numberOf(draw.pick([0, 1, 2, 0.25, 0.5, 50, 3])),
    { kind: "reference", to: "parameter", name: draw.pick(["share_line", "count_line", "score_line"]) },
    { kind: "reference", to: "attribute", name: "size" },
    ...metrics.map(({ name }): Expression => ({ kind: "reference", to: "metric", name })),
    ...scores.map(({ name }): Expression => ({ kind: "reference", to: "score", name })),
  ];
  if (depth === 0 || draw.chance(2)) return draw.pick(leaves);
  const inner = (): Expression => drawNumber(draw, names, depth - 1);
  switch (draw.pick(["negate", "arithmetic", "min", "clamp", "one", "if"] as const)) {
    case "negate":
      return { kind: "negate", operand: inner() };
    case "arithmetic":
      return { kind: "arithmetic", operator: draw.pick(["+", "-", "*", "/"]), left: inner(), right: inner() };
    case "min":
      return { kind: "call", function: draw.pick(["min", "max"]), arguments: [inner(), inner(), ...(draw.chance(3) ? [inner()] : [])] };
    case "clamp":
      return { kind: "call", function: "clamp", arguments: [inner(), numberOf(draw.pick([0, 1])), numberOf(draw.pick([1, 2, 100]))] };
    case "one":
      return { kind: "call", function: draw.pick(["floor", "ceil", "round", "abs"]), arguments: [inner()] };
    case "if":
      // biome-ignore lint/suspicious/noThenProperty: 'then' is the field that the policy language reads aloud
      return { kind: "if", condition: drawCondition(draw, names, depth - 1), then: inner(), otherwise: inner() }; // oxlint-disable-line unicorn/no-thenable
  }
}

function drawCondition(draw: Draw, names: Names, depth: number): Expression {
  const inner = (): Expression => drawCondition(draw, names, depth - 1);
  const kinds = ["compare", "compare", "known", "text", "member", "named"] as const;
  const kind = depth === 0 ? draw.pick(kinds) : draw.pick([...kinds, "and", "or", "not", "if"] as const);
  switch (kind) {
    case "compare":
      return {
        kind,
        operator: draw.pick(["<", "<=", ">", ">=", "=", "!="]),
        left: drawNumber(draw, names, 1),
        right: drawNumber(draw, names, 0),
      };
    case "known":
      return { kind, operand: draw.chance(4) ? { kind: "reference", to: "attribute", name: "region" } : drawNumber(draw, names, 1) };
    case "text":
      return {
        kind: "compare",
        operator: draw.pick(["=", "!="]),
        left: { kind: "reference", to: "attribute", name: draw.pick(["region", "category"]) },
        right: { kind: "text", value: draw.pick(["north", "south", "toys", "nowhere"]) },
      };
    case "member":
      return {
        kind,
        operand: { kind: "reference", to: "attribute", name: draw.pick(["region", "category"]) },
        values: draw.pick([["north"], ["north", "toys"], ["nowhere"]]),
      };
    case "named":
      if (names.conditions.length === 0) return { kind: "known", operand: drawNumber(draw, names, 0) };
      return { kind: "reference", to: "condition", name: draw.pick(names.conditions).name };
    case "and":
    case "or":
      return { kind: "logic", operator: kind, left: inner(), right: inner() };
    case "not":
      return { kind, operand: inner() };
    case "if":
      // biome-ignore lint/suspicious/noThenProperty: 'then' is the field that the policy language reads aloud
      return { kind, condition: inner(), then: inner(), otherwise: inner() }; // oxlint-disable-line unicorn/no-thenable
  }
}

function drawTiers(draw: Draw, names: Names, hasOtherwise: boolean): Tier[] {
  const count = draw.integer(1, 5);
  const adverseFrom = draw.integer(0, count);
  return Array.from({ length: count }, (_, code): Tier => {
    const isUnconditional = code === count - 1 && !hasOtherwise;
    return {
      name: `t${code}`,
      title: `t${code}`,
      adverse: code >= adverseFrom,
      consequences: {},
      terminal: code === count - 1 && draw.chance(6),
      ...(isUnconditional ? {} : { when: drawCondition(draw, names, 1) }),
      ...(draw.chance(4) ? { holdDays: draw.pick([1, 7, 10, 28, 60, 120]) } : {}),
    };
  });
}

function drawMovement(draw: Draw, grain: Grain, tiers: readonly Tier[], hasOtherwise: boolean): Movement {
  const names = [...tiers.map((tier) => tier.name), ...(hasOtherwise ? ["unrated"] : [])];
  const step = () => ({ after: draw.integer(1, 4), ...(draw.chance(3) ? { by: draw.integer(1, 2) } : {}) });
  return {
    evaluate: drawCalendar(draw, grain),
    ...(draw.chance(4) ? { start: draw.pick(names) } : {}),
    promote: step(),
    demote: step(),
    ...(draw.chance(3) ? { shield: { days: draw.pick([1, 30, 60, 100]), since: draw.pick(["opened_on", "verified_on"]) } } : {}),
  };
}

function drawCalendar(draw: Draw, grain: Grain): EvaluationCalendar {
  const everyGrain: EvaluationCalendar = { kind: "every", unit: grain };
  const monthly: readonly EvaluationCalendar[] = [
    { kind: "every", unit: "month" },
    { kind: "every", unit: "quarter" },
    { kind: "day-of-month", dayOfMonth: draw.integer(1, 31) },
  ];
  if (grain === "month") return draw.pick([everyGrain, everyGrain, ...monthly]);
  const weekly: EvaluationCalendar = { kind: "weekday", weekday: draw.integer(0, 6) };
  return draw.pick([everyGrain, everyGrain, everyGrain, { kind: "every", unit: "week" }, weekly, ...monthly]);
}

function drawConstant(draw: Draw, parameter: string, most: number): Constant {
  return draw.chance(3) ? { kind: "reference", to: "parameter", name: parameter } : numberOf(draw.integer(0, most));
}

function numberOf(value: number): Extract<Expression, { kind: "number" }> {
  return { kind: "number", value, unit: "number" };
}
