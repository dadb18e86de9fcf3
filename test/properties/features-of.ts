/** Which features of the language a policy uses: the names that `features` lists. */
import { conversionIn } from "../../data/panel/index.ts";
import {
  type Constant,
  type EvaluationCalendar,
  type Expression,
  type Ledger,
  type Metric,
  operandsOf,
  type Policy,
  type Score,
  type Window,
} from "../../policies/language/index.ts";
import { type CalendarName, type ConstantPlace, optionalOfLine, optionalOfMetric, type Section } from "./features.ts";

/** The features that a policy uses, each once. */
export function featuresOf(policy: Policy): ReadonlySet<string> {
  return new Finder(policy).find();
}

class Finder {
  readonly #policy: Policy;
  readonly #found = new Set<string>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  find(): ReadonlySet<string> {
    const { parameters, windows, metrics, scores, ledgers, conditions, tiers, caps, movement } = this.#policy;
    for (const { by, ...parameter } of parameters) {
      this.#add(by === undefined ? "parameter fixed" : `parameter by ${by.to}`);
      this.#when("range" in parameter && parameter.range !== undefined, "parameter range");
    }
    for (const { then, when, otherwise } of windows) {
      for (const { kind } of [then, when.over, otherwise]) this.#add(`named window ${kind}`);
      this.#add(`named window ${when.operator}`);
      this.#constant("named window", when.count);
      this.#expression(when.of);
    }
    for (const metric of metrics) this.#metric(metric);
    for (const score of scores) this.#score(score);
    for (const ledger of ledgers) this.#ledger(ledger);
    for (const { expression } of conditions) this.#expression(expression, "condition");
    for (const tier of tiers) {
      this.#optional("tier", tier, ["when", "holdDays", "shorten", "replaces"]);
      for (const key of Object.keys(tier.consequences)) this.#add(`consequence ${key}`);
      this.#when(tier.adverse, "tier adverse");
      this.#when(tier.terminal, "tier terminal");
      if (tier.when === undefined) this.#add("tier without condition");
      else this.#expression(tier.when);
    }
    for (const { when } of caps) {
      this.#add("cap");
      this.#expression(when);
    }
    this.#optional("policy", this.#policy, ["otherwise", "headlineScore"]);
    this.#movement(movement);
    return this.#found;
  }

  #metric(metric: Metric): void {
    const { kind } = metric;
    this.#add(`metric ${kind}`);
    this.#optional(`metric ${kind}`, metric, optionalOfMetric[kind]);
    if ("over" in metric) this.#window(metric.over);
    if ("atLeast" in metric && metric.atLeast !== undefined) this.#counted("at_least", metric.atLeast);
    switch (kind) {
      case "share":
        this.#expression(metric.part);
        this.#expression(metric.whole);
        if (metric.shrink !== undefined) {
          this.#constant("shrink prior", metric.shrink.prior);
          this.#constant("shrink strength", metric.shrink.strength);
        }
        if (metric.wilson !== undefined) {
          this.#add(`wilson ${metric.wilson.side}`);
          this.#constant("wilson level", metric.wilson.level);
        }
        return;
      case "mean":
        this.#expression(metric.sum);
        this.#expression(metric.count);
        return;
      case "sum":
      case "largest":
        this.#expression(metric.of);
        return;
      case "count":
      case "distinct":
        this.#when(kind === "count" && metric.where !== undefined && metric.alike !== undefined, "metric count where and alike");
        if (metric.where !== undefined) this.#expression(metric.where);
        return;
      case "percentile":
        this.#constant("percentile", metric.part);
        this.#when(conversionIn(metric.measure) !== undefined, "level in another currency");
        return;
      case "last":
        this.#when(conversionIn(metric.measure) !== undefined, "level in another currency");
        return;
      case "since":
        this.#add(metric.from.endsWith("_on") ? "metric since attribute" : "metric since event");
        return;
      case "unbroken":
        this.#add("metric reads condition");
        return;
      case "rank":
      case "ratio":
        this.#add(`${kind} ${metric.of.to}`);
        this.#add(`${kind} among ${metric.among?.to ?? "everyone"}`);
        this.#add(`metric reads ${metric.of.to}`);
        return;
      case "value":
        this.#expression(metric.expression, "metric");
        if (metric.within !== undefined) this.#bounds(metric.within);
    }
  }

  #score(score: Score): void {
    this.#add(`score ${score.kind}`);
    switch (score.kind) {
      case "curve":
        this.#add(`curve ${score.shape}`);
        this.#add(`curve of ${score.from.to}`);
        this.#add(`score reads ${score.from.to}`);
        for (const { x, y } of score.anchors) {
          this.#constant("anchor x", x);
          this.#constant("anchor y", y);
        }
        return;
      case "weighted":
        this.#add("score reads score");
        for (const { weight } of score.parts) this.#constant("weight", weight);
        this.#add(`missing ${score.missing.kind}`);
        if (score.missing.kind === "neutral") this.#constant("neutral", score.missing.value);
        return;
      case "value":
        this.#expression(score.expression, "score");
    }
  }

  #ledger(ledger: Ledger): void {
    this.#optional("ledger", ledger, ["takeBack", "within"]);
    this.#add(`ledger lasts ${ledger.lasts.kind}`);
    if (ledger.lasts.kind === "until") this.#add(`reset on ${calendarName(ledger.lasts.calendar)}`);
    this.#constant("ledger start", ledger.start);
    if (ledger.within !== undefined) this.#bounds(ledger.within);
    for (const line of ledger.lines) {
      this.#add(`line ${line.kind}`);
      this.#optional(`line ${line.kind}`, line, optionalOfLine[line.kind]);
      this.#add(line.sign === 1 ? "line adds" : "line deducts");
      if (line.atMost !== undefined) this.#constant("ledger at most", line.atMost);
      if (line.kind === "date") this.#add(`line on ${calendarName(line.each)}`);
      if (line.kind === "volume") this.#counted("ledger volume", line);
      if (line.kind === "event" && line.where !== undefined) this.#expression(line.where);
      this.#expression(line.amount, "ledger", ledger.name);
      if (line.when !== undefined) this.#expression(line.when, "ledger", ledger.name);
    }
  }

  #movement({ evaluate, promote, demote, protect, ...rest }: Policy["movement"]): void {
    this.#add(`evaluate ${calendarName(evaluate)}`);
    this.#optional("movement", rest, ["start", "shield"]);
    this.#when(promote.by !== undefined, "promote by");
    this.#when(demote.by !== undefined, "demote by");
    if (protect === undefined) return;
    const { days, until } = protect;
    this.#add("movement protect");
    this.#add(`protect ${days === undefined ? "until only" : until === undefined ? "days only" : "both"}`);
    if (until !== undefined) this.#counted("protect until", until);
  }

  #window(window: Window): void {
    this.#add(`window ${window.kind}`);
    if (window.kind === "volume") this.#counted("volume", window);
  }

  #counted(place: ConstantPlace, { of, count }: { readonly of: Expression; readonly count: Constant }): void {
    this.#constant(place, count);
    this.#expression(of);
  }

  #bounds({ lower, upper }: { readonly lower: Constant; readonly upper: Constant }): void {
    this.#constant("within", lower);
    this.#constant("within", upper);
  }

  #constant(place: ConstantPlace, constant: Constant): void {
    if (constant.kind === "number") {
      this.#add(`${place} is a literal`);
      return;
    }
    this.#add(`${place} is a parameter`);
    const by = this.#by(constant.name);
    if (by !== undefined) this.#add(`${place} is by text`);
    if (by === "metric") this.#add(`${place} is by metric`);
  }

  #by(name: string): "attribute" | "metric" | undefined {
    return this.#policy.parameters.find((parameter) => parameter.name === name)?.by?.to;
  }

  /** `reader`: the section that it stands in; `own`: the ledger that it is a line of. */
  #expression(expression: Expression, reader?: Section, own?: string): void {
    this.#add(`expression ${expression.kind}`);
    for (const operand of operandsOf(expression)) this.#expression(operand, reader, own);
    switch (expression.kind) {
      case "number":
        this.#when(expression.unit === "date", "literal date");
        return;
      case "reference":
        this.#reference(expression, reader, own);
        return;
      case "arithmetic":
      case "logic":
        this.#add(`${expression.kind} ${expression.operator}`);
        return;
      case "compare":
        this.#add(`compare ${expression.operator}`);
        if (expression.right.kind === "text") this.#text(expression.left, expression.operator);
        this.#when(expression.right.kind === "reference" && this.#by(expression.right.name) === "metric", "threshold is by metric");
        return;
      case "known":
        this.#text(expression.operand, "is known");
        return;
      case "member":
        this.#text(expression.operand, "in");
        return;
      case "call":
        this.#add(`call ${expression.function}`);
        return;
      case "text":
      case "negate":
      case "not":
      case "if":
    }
  }

  #reference({ to, name }: Extract<Expression, { kind: "reference" }>, reader?: Section, own?: string): void {
    this.#add(`reads ${to}`);
    this.#when(to === "today", "today");
    this.#when(to === "measure" && conversionIn(name) !== undefined, "flow in another currency");
    if (reader !== undefined && name !== own) this.#add(`${reader} reads ${to}`);
    if (reader !== "ledger") return;
    this.#when(name === own, "line reads its own balance");
    if (to === "event") this.#add(`line reads event.${name}`);
  }

  #text(operand: Expression, form: string): void {
    if (operand.kind === "reference") this.#add(`text of ${operand.to} ${form}`);
  }

  #optional(what: string, part: object, keys: readonly string[]): void {
    for (const [key, value] of Object.entries(part)) if (keys.includes(key) && value !== undefined) this.#add(`${what} ${key}`);
  }

  #when(isSo: boolean, feature: string): void {
    if (isSo) this.#add(feature);
  }

  #add(feature: string): void {
    this.#found.add(feature);
  }
}

function calendarName(calendar: EvaluationCalendar): CalendarName {
  if (calendar.kind === "every") return `every ${calendar.unit}`;
  return calendar.kind === "first-weekday" ? `first-weekday ${calendar.unit}` : calendar.kind;
}
