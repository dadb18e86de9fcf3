/** Scores -> SQL: curves as CASE over their anchors, weighted sums in file order, rounded exactly. */
import { present, unreachable } from "../../data/foundation/index.ts";
import { type Constant, constantValue, type Score } from "../language/index.ts";
import { binary, choose, column, isNull, nothing, parameter, type SqlExpression, unlessMissing } from "./nodes.ts";
import { type SqlContext, sqlClamp, sqlExpression } from "./sql-expression.ts";

/** The score before rounding. */
export function sqlScore(score: Score, context: SqlContext): SqlExpression {
  switch (score.kind) {
    case "curve":
      return sqlCurve(score, context);
    case "weighted":
      return sqlWeighted(score, context);
    case "value":
      return sqlClamp(sqlExpression(score.expression, `scores.${score.name}`, context), parameter(0), parameter(100));
    default:
      return unreachable(score);
  }
}

function sqlCurve(score: Extract<Score, { kind: "curve" }>, { policy }: SqlContext): SqlExpression {
  const x = column(`${score.from.to} ${score.from.name}`);
  const anchors = score.anchors.map((anchor) => ({ x: constantValue(policy, anchor.x), y: constantValue(policy, anchor.y) }));
  const first = present(anchors[0], "first anchor");
  const last = present(anchors.at(-1), "last anchor");
  const whens: [SqlExpression, SqlExpression][] = [
    [isNull(x), nothing],
    [binary(x, "<", parameter(first.x)), parameter(first.y)],
  ];
  for (const [index, left] of anchors.slice(0, -1).entries()) {
    const right = present(anchors[index + 1], "next anchor");
    whens.push([binary(x, "<", parameter(right.x)), score.shape === "step" ? parameter(left.y) : between(x, left, right)]);
  }
  return choose(whens, parameter(last.y));
}

/** y0 + (x - x0) * (y1 - y0) / (x1 - x0), in that order. */
function between(x: SqlExpression, left: { x: number; y: number }, right: { x: number; y: number }): SqlExpression {
  const along = binary(binary(x, "-", parameter(left.x)), "*", parameter(right.y - left.y));
  return binary(parameter(left.y), "+", binary(along, "/", parameter(right.x - left.x)));
}

function sqlWeighted(score: Extract<Score, { kind: "weighted" }>, { policy }: SqlContext): SqlExpression {
  const { missing } = score;
  const stand = (constant: Constant): SqlExpression => parameter(constantValue(policy, constant));
  const parts = score.parts.map((part) => ({ value: column(`score ${part.score}`), weight: stand(part.weight) }));
  const products = parts.map(({ value, weight }) => {
    if (missing.kind !== "neutral") return binary(weight, "*", value);
    return binary(weight, "*", choose([[isNull(value), stand(missing.value)]], value));
  });
  const add = (terms: readonly SqlExpression[]): SqlExpression => terms.reduce((a, b) => binary(a, "+", b));
  if (missing.kind !== "share-out") return overWeights(add(products), add(parts.map((part) => part.weight)));
  // A missing part adds 0 to both sums: x + 0 is x, so the order of the sum is that of the parts which are there.
  const whereKnown = (value: SqlExpression, term: SqlExpression) => choose([[isNull(value), parameter(0)]], term);
  const sums = add(parts.map(({ value }, index) => whereKnown(value, products[index] ?? nothing)));
  return overWeights(sums, add(parts.map(({ value, weight }) => whereKnown(value, weight))));
}

function overWeights(sum: SqlExpression, weights: SqlExpression): SqlExpression {
  return unlessMissing([sum], choose([[binary(weights, "=", parameter(0)), nothing]], binary(sum, "/", weights)));
}
