/** The facts that a ladder rests on, each with the values at which something can change: what imagined entities are made from. */
import { keyOf, type Possibilities } from "./analyse-possible.ts";
import { type Variable, variablesOf } from "./analyse-thresholds.ts";
import type { Constant, Expression, ReferenceKind } from "./expression.ts";
import type { Condition, Metric, Parameter, Score } from "./policy.ts";
import { operandsOf } from "./walk-expression.ts";

/** Something about an entity that is not computed from other facts of the policy. */
export type Fact = { readonly key: string; readonly to: ReferenceKind; readonly name: string } & (
  | { readonly kind: "number"; readonly isWhole: boolean /** Ascending. */; readonly values: readonly number[] }
  | { readonly kind: "text"; readonly values: readonly string[] }
);

/** Stands for every text that the policy does not name. */
const anotherText = "(another)";

/** The facts under the tiers and caps of a policy. */
export class Facts {
  readonly possibilities: Possibilities;
  /** In order of appearance. */
  readonly all: readonly Fact[];
  /** Names that tiers and caps compare, conditions read through. */
  readonly compared: readonly Variable[];
  readonly #under = new Map<string, ReadonlySet<string>>();
  readonly #parts: {
    readonly metrics: ReadonlyMap<string, Metric>;
    readonly scores: ReadonlyMap<string, Score>;
    readonly conditions: ReadonlyMap<string, Condition>;
    readonly parameters: ReadonlyMap<string, Parameter>;
  };

  constructor(possibilities: Possibilities) {
    this.possibilities = possibilities;
    const { policy } = possibilities;
    const named = <T extends { readonly name: string }>(list: readonly T[]): ReadonlyMap<string, T> =>
      new Map(list.map((part) => [part.name, part]));
    const { metrics, scores, conditions, parameters } = policy;
    this.#parts = { metrics: named(metrics), scores: named(scores), conditions: named(conditions), parameters: named(parameters) };
    const asked = [...policy.tiers.flatMap(({ when }) => (when === undefined ? [] : [when])), ...policy.caps.map(({ when }) => when)];
    this.compared = variablesOf(asked, possibilities);
    const everywhere = [
      ...asked,
      ...policy.conditions.map(({ expression }) => expression),
      ...policy.metrics.flatMap((metric) => (metric.kind === "value" ? [metric.expression, ...boundsOf(metric)] : [])),
      ...policy.scores.flatMap(scoreReads),
    ];
    const variables = new Map(variablesOf(everywhere, possibilities).map((variable) => [variable.key, variable]));
    const keys = new Map<string, Variable>();
    const visited = new Set<string>();
    for (const expression of asked) this.#collect(expression, keys, visited);
    this.all = [...keys.values()].map((variable) => this.#fact(variables.get(variable.key) ?? variable));
  }

  /** Keys of the facts that a name rests on. */
  under(to: ReferenceKind, name: string): ReadonlySet<string> {
    const key = keyOf(to, name);
    const known = this.#under.get(key);
    if (known !== undefined) return known;
    const keys = new Map<string, Variable>();
    this.#collect({ kind: "reference", to, name }, keys, new Set());
    const under = new Set(keys.keys());
    this.#under.set(key, under);
    return under;
  }

  #collect(expression: Expression, keys: Map<string, Variable>, visited: Set<string>): void {
    if (expression.kind !== "reference") {
      for (const operand of operandsOf(expression)) this.#collect(operand, keys, visited);
      return;
    }
    const { to, name } = expression;
    const key = keyOf(to, name);
    if (visited.has(key)) return;
    visited.add(key);
    const inner = this.#readsOf(to, name);
    if (inner.isFact) keys.set(key, { key, to, name, thresholds: [], texts: [] });
    for (const read of inner.reads) this.#collect(read, keys, visited);
  }

  #readsOf(to: ReferenceKind, name: string): { readonly isFact: boolean; readonly reads: readonly Expression[] } {
    if (to === "condition") return { isFact: false, reads: [this.#parts.conditions.get(name)?.expression ?? []].flat() };
    if (to === "parameter") {
      const by = this.#parts.parameters.get(name)?.by;
      return { isFact: false, reads: by === undefined ? [] : [{ kind: "reference", ...by }] };
    }
    if (to === "score") {
      const score = this.#parts.scores.get(name);
      return { isFact: false, reads: score === undefined ? [] : scoreReads(score) };
    }
    const metric = to === "metric" ? this.#parts.metrics.get(name) : undefined;
    if (metric?.kind === "value") return { isFact: false, reads: [metric.expression, ...boundsOf(metric)] };
    if (metric?.kind === "unbroken") return { isFact: true, reads: [{ kind: "reference", to: "condition", name: metric.condition }] };
    return { isFact: true, reads: [] };
  }

  #fact({ key, to, name, thresholds, texts }: Variable): Fact {
    if (this.possibilities.isText(to, name)) return { key, to, name, kind: "text", values: [...texts, anotherText] };
    const metric = to === "metric" ? this.#parts.metrics.get(name) : undefined;
    const turns = [
      ...thresholds.map(({ value }) => value),
      ...this.possibilities.policy.scores.flatMap((score) => this.#anchorsOn(score, to, name)),
    ];
    const isCount = metric?.kind === "sum" && metric.unit !== "money" && turns.every((turn) => Number.isInteger(turn));
    const isWhole = isCount || this.possibilities.isWhole(to, name);
    const range = this.possibilities.number({ kind: "reference", to, name });
    const isVolume = metric !== undefined && turns.every((turn) => turn >= 0);
    const lower = metric?.kind === "rank" ? 0.01 : isVolume ? Math.max(range.lower, 0) : range.lower;
    const upper = metric?.kind === "rank" ? 0.99 : range.upper;
    return { key, to, name, kind: "number", isWhole, values: turningValues(turns, { lower, upper, isWhole }) };
  }

  #anchorsOn(score: Score, to: ReferenceKind, name: string): readonly number[] {
    if (score.kind !== "curve" || score.from.to !== to || score.from.name !== name) return [];
    return score.anchors.flatMap(({ x }) => {
      const { lower, upper } = this.possibilities.number(x);
      return lower === upper ? [lower] : [lower, upper];
    });
  }
}

function boundsOf({ within }: Extract<Metric, { kind: "value" }>): readonly Constant[] {
  return within === undefined ? [] : [within.lower, within.upper];
}

function scoreReads(score: Score): readonly Expression[] {
  switch (score.kind) {
    case "curve":
      return [{ kind: "reference", ...score.from }, ...score.anchors.flatMap(({ x, y }): readonly Constant[] => [x, y])];
    case "weighted":
      return score.parts.flatMap((part): readonly Expression[] => [{ kind: "reference", to: "score", name: part.score }, part.weight]);
    case "value":
      return [score.expression];
  }
}

/**
 * The numbers at which something can change, those halfway between, and one beyond either end, as far as the range goes.
 *
 * @example
 * turningValues([60, 85], { lower: 0, upper: 100, isWhole: false })
 * // => [0, 60, 72.5, 85, 100]
 */
export function turningValues(
  turns: readonly number[],
  { lower, upper, isWhole }: { readonly lower: number; readonly upper: number; readonly isWhole: boolean },
): readonly number[] {
  const inside = [...new Set(turns)].filter((turn) => turn >= lower && turn <= upper).sort((a, b) => a - b);
  const [first, last] = [inside[0], inside.at(-1)];
  const plain = [0, 1, 10, 100].filter((value) => value >= lower && value <= upper);
  if (first === undefined || last === undefined) return plain.length > 0 ? plain : [Number.isFinite(lower) ? lower : upper];
  const ends = [
    Number.isFinite(lower) ? lower : first - Math.max(1, Math.abs(first) / 2),
    Number.isFinite(upper) ? upper : last + Math.max(1, Math.abs(last) / 2),
  ];
  const halfway = inside.flatMap((turn, index) => [(turn + (inside[index + 1] ?? turn)) / 2]);
  const beside = isWhole ? inside.flatMap((turn) => [turn - 1, turn + 1]) : [];
  const values = [...ends, ...inside, ...halfway, ...beside].map((value) => (isWhole ? Math.round(value) : value));
  return [...new Set(values)].filter((value) => value >= lower && value <= upper).sort((a, b) => a - b);
}
