/** Finds where "we do not know" could punish: an adverse tier that is merited because a better one's condition is unknown. */
import { unreachable } from "../../data/foundation/index.ts";
import type { Constant, Expression } from "./expression.ts";
import { placeOfPart } from "./places.ts";
import type { Policy } from "./policy.ts";
import { expressionsOf } from "./policy-expressions.ts";
import type { Problems } from "./problems.ts";
import { closureOf, readsOf } from "./reads.ts";
import { namesRead } from "./walk-expression.ts";

/** More facts than this that can be missing: patterns are no longer tried one by one, and anything may be unknown. */
const factsMax = 10;

/** What a condition can be under one pattern of missing facts. */
interface Possible {
  readonly yes: boolean;
  readonly no: boolean;
  readonly unknown: boolean;
}

const anything: Possible = { yes: true, no: true, unknown: true };
const onlyYes: Possible = { yes: true, no: false, unknown: false };
const onlyUnknown: Possible = { yes: false, no: false, unknown: true };
const yesOrNo: Possible = { yes: true, no: true, unknown: false };

/**
 * Tries every pattern of missing metrics and attributes. An unconditional adverse last tier behind a condition that can be
 * unknown is refused (`unknown-punishes`). A conditional adverse tier gives a warning (`unknown-may-punish`) when, with those
 * facts missing, nothing better can be merited at all.
 */
export function checkUnknown(policy: Omit<Policy, "digest">, problems: Problems): void {
  if (!policy.tiers.some((tier) => tier.adverse)) return;
  const analysis = new Analysis(policy);
  const facts = missableFacts(policy, analysis);
  const warned = new Set<string>();
  const patterns = facts.length > factsMax ? 0 : 2 ** facts.length;
  if (patterns === 0) report(policy, analysis, warned, problems);
  for (let pattern = 0; pattern < patterns; pattern++) {
    analysis.suppose(patternOf(facts, pattern));
    report(policy, analysis, warned, problems);
  }
}

/**
 * Names of the conditions that can be unknown at all: `x >= 95 % or not x is known` cannot. Cost: two to the number of facts that a condition
 * reads, up to ten; of one that reads more, a `true` may be said where only no pattern would show it.
 */
export function conditionsThatCanBeUnknown(policy: Policy): ReadonlySet<string> {
  const reads = readsOf(policy);
  const analysis = new Analysis(policy);
  const isUnknown = ({ name, expression }: Policy["conditions"][number]): boolean => {
    const closure = closureOf([name], reads);
    const facts = missableFacts(restrictedTo(policy, closure), analysis);
    const patterns = facts.length > factsMax ? 0 : 2 ** facts.length;
    analysis.suppose(undefined);
    if (patterns === 0) return analysis.condition(expression).unknown;
    for (let pattern = 0; pattern < patterns; pattern++) {
      analysis.suppose(patternOf(facts, pattern));
      if (analysis.condition(expression).unknown) return true;
    }
    return false;
  };
  return new Set(policy.conditions.filter(isUnknown).map(({ name }) => name));
}

/** Only the named parts, and no ladder: what a condition stands on. */
function restrictedTo(policy: Policy, names: ReadonlySet<string>): Policy {
  const only = <T extends { readonly name: string }>(section: readonly T[]): readonly T[] => section.filter(({ name }) => names.has(name));
  const { evaluate, promote, demote } = policy.movement;
  return {
    ...policy,
    parameters: only(policy.parameters),
    windows: only(policy.windows),
    metrics: only(policy.metrics),
    scores: only(policy.scores),
    ledgers: only(policy.ledgers),
    conditions: only(policy.conditions),
    tiers: [],
    caps: [],
    movement: { evaluate, promote, demote },
  };
}

function patternOf(facts: readonly string[], pattern: number): ReadonlySet<string> {
  return new Set(facts.filter((_, index) => (pattern >> index) % 2 === 1));
}

function report(policy: Omit<Policy, "digest">, analysis: Analysis, warned: Set<string>, problems: Problems): void {
  let unknownBefore: string | undefined;
  let betterIsPossible = false;
  for (const tier of policy.tiers) {
    const possible = tier.when === undefined ? onlyYes : analysis.condition(tier.when);
    if (tier.adverse && unknownBefore !== undefined && possible.yes && !warned.has(tier.name)) {
      const details = {
        message: `'${tier.name}' is adverse and can be merited while the condition of '${unknownBefore}' is unknown`,
        found: tier.name,
      };
      if (tier.when === undefined) problems.add("unknown-punishes", placeOfPart(tier), details);
      else if (!betterIsPossible) problems.add("unknown-may-punish", placeOfPart(tier), details);
      if (tier.when === undefined || !betterIsPossible) warned.add(tier.name);
    }
    if (possible.unknown) unknownBefore ??= tier.name;
    if (!tier.adverse && possible.yes) betterIsPossible = true;
    if (!possible.no && !possible.unknown) return;
  }
}

/** Metrics that are not computed from others and can be missing, ledgers with entries that can be, and attributes that are read. */
function missableFacts(policy: Omit<Policy, "digest">, analysis: Analysis): readonly string[] {
  const metrics = policy.metrics.filter((metric) => canBeMissing(metric)).map((metric) => metric.name);
  const ledgers = policy.ledgers.filter((ledger) => analysis.canEntriesBeMissing(ledger)).map((ledger) => ledger.name);
  const read = expressionsOf(policy).flatMap((expression) => namesRead(expression, "attribute"));
  const byText = policy.parameters.flatMap(({ by }) => (by?.to === "attribute" ? [by.name] : []));
  return [...metrics, ...ledgers, ...new Set([...read, ...byText].map((name) => `attribute ${name}`))];
}

function canBeMissing(metric: Policy["metrics"][number]): boolean {
  if (metric.kind === "sum") return metric.atLeast !== undefined;
  return metric.kind !== "count" && metric.kind !== "distinct" && metric.kind !== "unbroken" && metric.kind !== "value";
}

/** Possible answers under one pattern; without a pattern, anything may be missing. */
class Analysis {
  #missing: ReadonlySet<string> | undefined;
  readonly #metrics: ReadonlyMap<string, Policy["metrics"][number]>;
  readonly #scores: ReadonlyMap<string, Policy["scores"][number]>;
  readonly #conditions: ReadonlyMap<string, Policy["conditions"][number]>;
  readonly #ledgers: ReadonlyMap<string, Policy["ledgers"][number]>;
  readonly #missableEntries = new Map<string, boolean>();
  readonly #parameters: ReadonlyMap<string, Policy["parameters"][number]>;
  readonly #known = new Map<string, Possible>();

  constructor(policy: Omit<Policy, "digest">) {
    this.#metrics = new Map(policy.metrics.map((metric) => [metric.name, metric]));
    this.#scores = new Map(policy.scores.map((score) => [score.name, score]));
    this.#conditions = new Map(policy.conditions.map((condition) => [condition.name, condition]));
    this.#ledgers = new Map(policy.ledgers.map((ledger) => [ledger.name, ledger]));
    this.#parameters = new Map(policy.parameters.map((parameter) => [parameter.name, parameter]));
    for (const ledger of policy.ledgers) this.canEntriesBeMissing(ledger);
    this.#known.clear();
  }

  /** These facts are missing, and no others; undefined: any may be. */
  suppose(missing: ReadonlySet<string> | undefined): void {
    this.#missing = missing;
    this.#known.clear();
  }

  /** Whether entries can lack their points: the event may come without them, and what they are computed from may be missing. */
  canEntriesBeMissing({ name, lines }: Policy["ledgers"][number]): boolean {
    const known = this.#missableEntries.get(name);
    if (known !== undefined) return known;
    // Decided at first, before anything is supposed. A line that reads its own ledger asks for nothing but the entries before it.
    this.#missableEntries.set(name, false);
    const canBe = lines.some(({ amount }) => this.#number(amount).unknown);
    this.#missableEntries.set(name, canBe);
    return canBe;
  }

  /** What a condition can be. */
  condition(expression: Expression): Possible {
    switch (expression.kind) {
      case "logic": {
        const [left, right] = [this.condition(expression.left), this.condition(expression.right)];
        return expression.operator === "and" ? conjunction(left, right) : invert(conjunction(invert(left), invert(right)));
      }
      case "not":
        return invert(this.condition(expression.operand));
      case "known":
        return this.#isKnown(expression.operand);
      case "compare":
      case "member":
        return whether(
          this.#number(expression.kind === "member" ? expression.operand : expression.left),
          expression.kind === "member" ? yesOrNo : this.#number(expression.right),
        );
      case "reference":
        return this.#named(expression.name);
      case "if":
        return choose(this.condition(expression.condition), this.condition(expression.then), this.condition(expression.otherwise));
      case "number":
      case "text":
      case "negate":
      case "arithmetic":
      case "call":
        return anything;
      default:
        return unreachable(expression);
    }
  }

  #named(name: string): Possible {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const condition = this.#conditions.get(name);
    const possible = condition === undefined ? anything : this.condition(condition.expression);
    this.#known.set(name, possible);
    return possible;
  }

  #isKnown(operand: Expression): Possible {
    const isCondition =
      operand.kind === "reference" ? operand.to === "condition" : ["compare", "logic", "not", "known", "member"].includes(operand.kind);
    const possible = isCondition ? this.condition(operand) : this.#number(operand);
    return { yes: possible.yes || possible.no, no: possible.unknown, unknown: false };
  }

  /** Of a number or attribute, only whether it is there: `yes` and `no` mean there. */
  #number(expression: Expression): Possible {
    switch (expression.kind) {
      case "number":
      case "text":
        return yesOrNo;
      case "reference":
        return this.#value(expression);
      case "negate":
        return this.#number(expression.operand);
      case "arithmetic": {
        const both = whether(this.#number(expression.left), this.#number(expression.right));
        const divisorIsSafe = expression.operator !== "/" || (expression.right.kind === "number" && expression.right.value !== 0);
        return divisorIsSafe ? both : { ...both, unknown: true };
      }
      case "call":
        return expression.arguments.map((argument) => this.#number(argument)).reduce(whether, yesOrNo);
      case "if":
        return choose(this.condition(expression.condition), this.#number(expression.then), this.#number(expression.otherwise));
      case "compare":
      case "logic":
      case "not":
      case "known":
      case "member":
        return anything;
      default:
        return unreachable(expression);
    }
  }

  #value(reference: Extract<Expression, { kind: "reference" }>): Possible {
    const { to, name } = reference;
    switch (to) {
      case "parameter":
        return this.#parameter(name);
      case "attribute":
        return this.#fact(`attribute ${name}`);
      case "metric":
        return this.#metric(name);
      case "score":
        return this.#score(name);
      case "ledger":
        return this.#ledger(name);
      case "today":
        return yesOrNo;
      case "event":
        return name === "number" ? yesOrNo : anything;
      case "measure":
      case "condition":
        return anything;
      default:
        return unreachable(to);
    }
  }

  #ledger(name: string): Possible {
    const ledger = this.#ledgers.get(name);
    if (ledger === undefined) return anything;
    const { start, within, lines } = ledger;
    const bounds = within === undefined ? [] : [within.lower, within.upper];
    const constants = this.#constants([start, ...bounds, ...lines.flatMap(({ atMost }) => (atMost === undefined ? [] : [atMost]))]);
    return this.canEntriesBeMissing(ledger) ? whether(constants, this.#fact(name)) : constants;
  }

  /** A parameter by a text is there when the text is. */
  #parameter(name: string): Possible {
    const by = this.#parameters.get(name)?.by;
    if (by === undefined) return yesOrNo;
    return by.to === "metric" ? this.#metric(by.name) : this.#fact(`attribute ${by.name}`);
  }

  #constants(constants: readonly Constant[]): Possible {
    return constants.map((constant) => (constant.kind === "number" ? yesOrNo : this.#parameter(constant.name))).reduce(whether, yesOrNo);
  }

  #fact(name: string): Possible {
    if (this.#missing === undefined) return anything;
    return this.#missing.has(name) ? onlyUnknown : yesOrNo;
  }

  #metric(name: string): Possible {
    const metric = this.#metrics.get(name);
    if (metric === undefined) return anything;
    if (metric.kind === "value") return this.#number(metric.expression);
    return canBeMissing(metric) ? this.#fact(name) : yesOrNo;
  }

  #score(name: string): Possible {
    const score = this.#scores.get(name);
    if (score === undefined) return anything;
    if (score.kind === "value") return this.#number(score.expression);
    if (score.kind === "curve") {
      const from = score.from.to === "metric" ? this.#metric(score.from.name) : this.#score(score.from.name);
      return whether(from, this.#constants(score.anchors.flatMap(({ x, y }) => [x, y])));
    }
    const parts = score.parts.map((part) => this.#score(part.score));
    const weights = this.#constants(score.parts.map(({ weight }) => weight));
    if (score.missing.kind === "neutral") return whether(weights, this.#constants([score.missing.value]));
    if (score.missing.kind === "propagate") return parts.reduce(whether, weights);
    const canBeThere = parts.some((part) => part.yes);
    return whether(weights, { yes: canBeThere, no: canBeThere, unknown: parts.every((part) => part.unknown) });
  }
}

/** Both there, or unknown. */
function whether(left: Possible, right: Possible): Possible {
  const there = (left.yes || left.no) && (right.yes || right.no);
  return { yes: there, no: there, unknown: left.unknown || right.unknown };
}

function conjunction(left: Possible, right: Possible): Possible {
  return {
    yes: left.yes && right.yes,
    no: left.no || right.no,
    unknown: (left.unknown && (right.unknown || right.yes)) || (right.unknown && left.yes),
  };
}

function invert(possible: Possible): Possible {
  return { yes: possible.no, no: possible.yes, unknown: possible.unknown };
}

function choose(condition: Possible, then: Possible, otherwise: Possible): Possible {
  return {
    yes: (condition.yes && then.yes) || (condition.no && otherwise.yes),
    no: (condition.yes && then.no) || (condition.no && otherwise.no),
    unknown: condition.unknown || (condition.yes && then.unknown) || (condition.no && otherwise.unknown),
  };
}
