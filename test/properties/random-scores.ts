/** Random scores: curves of every shape, weights, expressions. */
import type { Constant, Expression, Score } from "../../policies/language/index.ts";
import type { Draw } from "./draw.ts";
import { drawNumber } from "./random-expressions.ts";
import { isRanked } from "./random-metrics.ts";
import { drawConstant, isAllowed, literalOf, type NumberName, titleOf, type UnitClass, type Vocabulary } from "./random-vocabulary.ts";

/** A score, and whether it depends on a comparison among peers. */
export interface DrawnScore {
  readonly score: Score;
  readonly ranked: boolean;
}

type Curve = Extract<Score, { kind: "curve" }>;

/** A score that reads only what is there already. `core`: of the shapes that SQL speaks too. */
export function drawScore(draw: Draw, name: string, vocabulary: Vocabulary, core: boolean): DrawnScore {
  const common = { name, title: draw.chance(8) ? `${name}, said otherwise` : titleOf(name), round: draw.pick([6, 6, 0, 1, 2, 9]) };
  const scores = vocabulary.numbers.filter(({ to }) => to === "score");
  const readable = vocabulary.numbers.filter(({ to, unit }) => (to === "score" || to === "metric") && unit !== "date");
  const kind = draw.pick(["curve", "weighted", "value"] as const);
  if (kind === "weighted" && scores.length > 0) {
    const parts = scores.slice(-draw.integer(1, Math.min(3, scores.length)));
    const weighted = parts.map(({ name: score }) => ({
      score,
      weight: drawConstant(draw, vocabulary, "plain", { above: 0, most: 1e6 }, [1, 60, 40, 55, 0.1, 0.7, 45]),
    }));
    const missing = draw.pick(["propagate", "share-out", "neutral", "neutral"] as const);
    const rule =
      missing === "neutral"
        ? { kind: missing, value: drawConstant(draw, vocabulary, "plain", { least: 0, most: 100 }) }
        : { kind: missing };
    return { score: { ...common, kind, parts: weighted, missing: rule }, ranked: parts.some(({ ranked }) => ranked) };
  }
  if (kind === "value" || readable.length === 0) {
    const expression = drawValue(draw, vocabulary);
    return { score: { ...common, kind: "value", expression }, ranked: isRanked(expression, vocabulary) };
  }
  const from = draw.pick(readable);
  const shape = draw.pick<Curve["shape"]>(core ? ["linear", "step"] : ["linear", "step", "logistic"]);
  const score: Score = {
    ...common,
    kind: "curve",
    from: { to: from.to === "score" ? "score" : "metric", name: from.name },
    shape,
    anchors: drawAnchors(draw, vocabulary, from.unit, shape),
  };
  return { score, ranked: from.ranked };
}

/** Any number; now and then one that a condition of the policy chooses. */
function drawValue(draw: Draw, vocabulary: Vocabulary): Expression {
  const { conditions } = vocabulary;
  if (conditions.length === 0 || !draw.chance(3)) return drawNumber(draw, vocabulary, "plain", 2);
  const condition: Expression = { kind: "reference", to: "condition", name: draw.pick(conditions).name };
  const [chosen, otherwise] = [drawNumber(draw, vocabulary, "plain", 1), drawNumber(draw, vocabulary, "plain", 1)];
  // biome-ignore lint/suspicious/noThenProperty: 'then' is the field that the policy language reads aloud
  return { kind: "if", condition, then: chosen, otherwise }; // oxlint-disable-line unicorn/no-thenable
}

/** Ascending in x whatever the parameters are; those of a logistic strictly between the ends. */
function drawAnchors(draw: Draw, vocabulary: Vocabulary, unit: UnitClass, shape: Curve["shape"]): Curve["anchors"] {
  const inside = shape === "logistic" ? { above: 0, below: 100 } : { least: 0, most: 100 };
  const xs = risingConstants(draw, vocabulary, unit, shape === "logistic" ? 2 : draw.integer(2, 4));
  return xs.map((x) => ({ x, y: drawConstant(draw, vocabulary, "plain", inside, [0, 100, 60, 85, 33.3, 12.5]) }));
}

const steps = [0.1, 0.25, 0.5, 1, 4, 20];

function risingConstants(draw: Draw, { numbers }: Vocabulary, unit: UnitClass, count: number): readonly Constant[] {
  const scale = unit === "money" ? 1000 : 1;
  const found: Constant[] = [];
  let reached = draw.pick([-1, 0, 0.1, 1, 3]) * scale;
  const beyond = ({ to, unit: own, span }: NumberName): boolean =>
    to === "parameter" && own === unit && span !== undefined && isAllowed(span, { above: reached });
  for (let index = 0; index < count; index++) {
    const parameters = numbers.filter(beyond);
    const chosen = parameters.length > 0 && draw.chance(3) ? draw.pick(parameters) : undefined;
    if (chosen?.span === undefined) {
      reached = plainDecimal(reached + draw.pick(steps) * scale);
      found.push(literalOf(unit, reached));
    } else {
      found.push({ kind: "reference", to: "parameter", name: chosen.name });
      reached = chosen.span.upper;
    }
  }
  return found;
}

/** Without the digits that adding decimals leaves behind, which no file would hold. */
function plainDecimal(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
