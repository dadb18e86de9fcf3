/** Expressions: how they bind, how they print, how literals are read. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { packagePath, present, unreachable } from "../../data/foundation/index.ts";
import { type Expression, type Policy, printExpression, printPolicy, readPolicy } from "../../policies/language/index.ts";

interface ExpressionRow {
  readonly text: string;
  readonly means: string;
  readonly sort?: "condition";
}

const rows = parse(readFileSync(packagePath("test", "language", "expressions.yaml"), "utf8")) as readonly ExpressionRow[];

describe("expressions", () => {
  for (const { text, means, sort } of rows) {
    it(`reads ${text}`, () => {
      const expression = sort === "condition" ? readCondition(text) : readValue(text);
      expect(spelled(expression)).to.equal(means);
      const again = printExpression(expression);
      expect(sort === "condition" ? readCondition(again) : readValue(again)).to.deep.equal(expression);
    });
  }

  it("prints any condition so that it reads back the same", () => {
    fc.assert(
      fc.property(condition(4), (expression) => {
        expect(readCondition(printExpression(expression))).to.deep.equal(expression);
      }),
      { numRuns: 120 },
    );
  });

  it("reads every percent as the decimal that it shows, not as a division by 100", () => {
    const percents = Array.from({ length: 999 }, (_, index) => ({
      text: `${Math.floor((index + 1) / 10)}.${(index + 1) % 10}`,
      value: Number(`0.${String(index + 1).padStart(3, "0")}`),
    }));
    const anchors = percents.map(({ text }) => `${text} % -> 50`).join(", ");
    const { policy } = readPolicy({
      text: policyText
        .trimStart()
        .replace("{ value: VALUE }", "{ value: a }")
        .replace("PROBE", "k > 1")
        .replace("conditions:", `scores:\n  k: { from: r, step: [${anchors}] }\nconditions:`),
      file: "percents.yaml",
      load: () => undefined,
    });
    const [score] = policy?.scores ?? [];
    if (score?.kind !== "curve") throw new RangeError("no curve");
    expect(score.anchors.map(({ x }) => x)).to.deep.equal(percents.map(({ value }) => ({ kind: "number", value, unit: "share" })));
    expect(percents.filter(({ text, value }) => Number(text) / 100 !== value)).to.have.length(261);
  });

  it("reads money in minor units, whatever the floating point would make of it", () => {
    expect(literalIn("s >= 300 USD")).to.deep.equal({ kind: "number", value: 30_000, unit: "money", currency: "USD" });
    expect(literalIn("s >= 1.15 USD")).to.deep.equal({ kind: "number", value: 115, unit: "money", currency: "USD" });
    expect(literalIn("s >= 4.35 USD")).to.deep.equal({ kind: "number", value: 435, unit: "money", currency: "USD" });
  });

  it("takes a word beside a field of an event for a text, whatever else the policy calls so", () => {
    const text = `programme: p
version: 1.0.0
title: P
entity: seller
rationale: R
metrics:
  low: { count: violation, where: severity = low, over: 90 days }
  high: { count: violation, where: severity != low and type = high, over: 90 days }
tiers:
  - good: { when: low = 0 and high = 0 }
  - other: {}
movement: { evaluate: every day }
`;
    const { policy, diagnostics } = readPolicy({ text, file: "p.yaml", load: () => undefined });
    expect(diagnostics).to.deep.equal([]);
    expect(printPolicy(present(policy, "the policy"))).to.include("where: severity != low and type = high\n");
  });

  it("accepts a unit without a space before it", () => {
    expect(literalIn("t >= 30days")).to.deep.equal({ kind: "number", value: 30, unit: "days" });
    expect(literalIn("r >= 4%")).to.deep.equal({ kind: "number", value: 0.04, unit: "share" });
  });
});

const policyText = `
programme: grammar
version: 1.0.0
title: Grammar
entity: seller
rationale: For expressions.
metrics:
  a: { sum: x, over: 7 days }
  b: { sum: y, over: 7 days }
  c: { sum: z, over: 7 days }
  r: { share: x of y, over: 7 days }
  s: { sum: m, over: 7 days }
  t: { since: opened_on }
  v: { value: VALUE }
conditions:
  p: a >= 1
  q: b >= 1
  r2: c >= 1
  probe: PROBE
tiers:
  - top: { when: p and q and r2 and probe and v > 0 }
otherwise: none
movement: { evaluate: every week }
`;

function readWith(value: string, probe: string): Policy {
  const text = policyText
    .replace("{ value: VALUE }", () => `\n    value: ${JSON.stringify(value)}`)
    .replace("PROBE", () => JSON.stringify(probe));
  const { policy, diagnostics } = readPolicy({ text: text.trimStart(), file: "grammar.yaml", load: () => undefined });
  if (policy === undefined) throw new RangeError(`${value} | ${probe}: ${diagnostics.map((diagnostic) => diagnostic.message).join("; ")}`);
  return policy;
}

function readCondition(text: string): Expression {
  const found = readWith("a", text.replace(/\br\b(?! >=)/g, "r2")).conditions.find((candidate) => candidate.name === "probe");
  if (found === undefined) throw new RangeError("no probe");
  return found.expression;
}

function readValue(text: string): Expression {
  const inlined = text.replace(/\bp\b/g, "a >= 1").replace(/\bq\b/g, "b >= 1");
  const found = readWith(inlined, "p").metrics.find((candidate) => candidate.name === "v");
  if (found?.kind !== "value") throw new RangeError("no value");
  return found.expression;
}

function literalIn(comparison: string): Expression {
  const expression = readCondition(comparison);
  if (expression.kind !== "compare") throw new RangeError("no comparison");
  return expression.right;
}

/** Every operation in parentheses. */
function spelled(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return printExpression(expression);
    case "text":
      return `'${expression.value}'`;
    case "reference":
      return expression.name.replace("r2", "r");
    case "negate":
      return `(-${spelled(expression.operand)})`;
    case "not":
      return `(not ${spelled(expression.operand)})`;
    case "known":
      return `(${spelled(expression.operand)} is known)`;
    case "member":
      return `(${spelled(expression.operand)} in (${expression.values.map((value) => `'${value}'`).join(", ")}))`;
    case "arithmetic":
    case "logic":
      return `(${spelled(expression.left)} ${expression.operator} ${spelled(expression.right)})`;
    case "compare": {
      const inlined = expression.operator === ">=" && expression.right.kind === "number" && expression.right.value === 1;
      if (inlined && expression.left.kind === "reference") return expression.left.name === "a" ? "p" : "q";
      return `(${spelled(expression.left)} ${expression.operator} ${spelled(expression.right)})`;
    }
    case "call":
      return `${expression.function}(${expression.arguments.map(spelled).join(", ")})`;
    case "if":
      return `(${spelled(expression.then)} if ${spelled(expression.condition)} else ${spelled(expression.otherwise)})`;
    default:
      return unreachable(expression);
  }
}

/** Random numbers of counts: every operation of the language that keeps them plain. */
function number(depth: number): fc.Arbitrary<Expression> {
  const leaf: fc.Arbitrary<Expression> = fc.oneof(
    fc.integer({ min: -9999, max: 9999 }).map((value): Expression => ({ kind: "number", value: value / 8, unit: "number" })),
    fc.constantFrom("a", "b", "c").map((name): Expression => ({ kind: "reference", to: "metric", name })),
  );
  if (depth === 0) return leaf;
  const inner = number(depth - 1);
  return fc.oneof(
    leaf,
    inner.map((operand): Expression => ({ kind: "negate", operand })),
    fc.record({
      kind: fc.constant("arithmetic" as const),
      operator: fc.constantFrom("+" as const, "-" as const, "*" as const, "/" as const),
      left: inner,
      right: inner,
    }),
    fc.record({
      kind: fc.constant("call" as const),
      function: fc.constantFrom("min" as const, "max" as const),
      arguments: fc.array(inner, { minLength: 2, maxLength: 3 }),
    }),
    // biome-ignore lint/suspicious/noThenProperty: the noun's own word
    fc.record({ kind: fc.constant("if" as const), condition: condition(depth - 1), then: inner, otherwise: inner }),
  );
}

function condition(depth: number): fc.Arbitrary<Expression> {
  const leaf: fc.Arbitrary<Expression> = fc.oneof(
    fc.constantFrom("p", "q", "r2").map((name): Expression => ({ kind: "reference", to: "condition", name })),
    fc
      .array(fc.constantFrom("north", "far south", "it's", "not"), { minLength: 1, maxLength: 3 })
      .map((values): Expression => ({ kind: "member", operand: { kind: "reference", to: "attribute", name: "region" }, values })),
  );
  if (depth === 0) return leaf;
  const inner = condition(depth - 1);
  return fc.oneof(
    leaf,
    inner.map((operand): Expression => ({ kind: "not", operand })),
    fc.oneof(inner, number(depth - 1)).map((operand): Expression => ({ kind: "known", operand })),
    fc.record({ kind: fc.constant("logic" as const), operator: fc.constantFrom("and" as const, "or" as const), left: inner, right: inner }),
    fc.record({
      kind: fc.constant("compare" as const),
      operator: fc.constantFrom("<" as const, "<=" as const, ">" as const, ">=" as const, "=" as const, "!=" as const),
      left: number(depth - 1),
      right: number(depth - 1),
    }),
  );
}
