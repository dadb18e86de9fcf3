/** Syntax -> checked expression: every name gets its meaning, numbers, conditions and texts are told apart. */
import { nearestName, unreachable } from "../../data/foundation/index.ts";
import { placeOf, type TextNode } from "./document.ts";
import type { Expression, ReferenceKind } from "./expression.ts";
import type { BinaryOperator, Syntax } from "./parse-expression.ts";
import { located } from "./places.ts";
import { PhraseFault } from "./tokens.ts";

/** What an expression yields. */
export type Sort = "number" | "condition" | "text";

/** What names mean at one place of a policy. */
export interface Scope {
  /** Everything that the policy defines: one name, one kind. */
  readonly names: ReadonlyMap<string, ReferenceKind>;
  /** The kinds that may stand here. `measure`: every name is a measure. */
  readonly allowed: ReadonlySet<ReferenceKind>;
  /** In words, for messages: "a condition", "an operand of a metric". */
  readonly where: string;
  /** Names that some text comparison of the policy uses as attributes. */
  readonly attributes: ReadonlySet<string>;
}

const argumentCounts: ReadonlyMap<string, { readonly least: number; readonly most: number; readonly form: string }> = new Map([
  ["min", { least: 2, most: 16, form: "min(a, b)" }],
  ["max", { least: 2, most: 16, form: "max(a, b)" }],
  ["clamp", { least: 3, most: 3, form: "clamp(x, lower, upper)" }],
  ["floor", { least: 1, most: 1, form: "floor(x)" }],
  ["ceil", { least: 1, most: 1, form: "ceil(x)" }],
  ["round", { least: 1, most: 1, form: "round(x)" }],
  ["abs", { least: 1, most: 1, form: "abs(x)" }],
]);

type FunctionName = Extract<Expression, { kind: "call" }>["function"];

/** Names of the functions, for the reference and for suggestions. */
export const functionNames: readonly string[] = [...argumentCounts.keys()];

/** Gives every part its meaning and remembers where it stood. Faults are thrown as PhraseFault, to be caught by `readPhrase`. */
export function resolveExpression(syntax: Syntax, wanted: Sort, scope: Scope, node: TextNode): Expression {
  return new Resolver(scope, node).as(syntax, wanted);
}

/** Names that text comparisons use as attributes: left of `=`, `!=` or `in`, and defined by nothing in the policy. */
export function attributeNamesIn(syntax: Syntax, names: ReadonlyMap<string, ReferenceKind>, found: Set<string>): void {
  switch (syntax.kind) {
    case "binary":
      if (syntax.operator === "=" || syntax.operator === "!=") {
        if (syntax.left.kind === "name" && !names.has(syntax.left.name) && isTextual(syntax.right, names)) found.add(syntax.left.name);
      }
      attributeNamesIn(syntax.left, names, found);
      attributeNamesIn(syntax.right, names, found);
      return;
    case "member":
      if (syntax.operand.kind === "name" && !names.has(syntax.operand.name)) found.add(syntax.operand.name);
      return;
    case "negate":
    case "not":
    case "known":
      attributeNamesIn(syntax.operand, names, found);
      return;
    case "call":
      for (const argument of syntax.arguments) attributeNamesIn(argument, names, found);
      return;
    case "if":
      for (const part of [syntax.condition, syntax.then, syntax.otherwise]) attributeNamesIn(part, names, found);
      return;
    case "number":
    case "text":
    case "name":
      return;
    default:
      unreachable(syntax);
  }
}

function isTextual(syntax: Syntax, names: ReadonlyMap<string, ReferenceKind>): boolean {
  return syntax.kind === "text" || (syntax.kind === "name" && !names.has(syntax.name));
}

class Resolver {
  readonly #scope: Scope;
  readonly #node: TextNode;

  constructor(scope: Scope, node: TextNode) {
    this.#scope = scope;
    this.#node = node;
  }

  as(syntax: Syntax, wanted: Sort): Expression {
    const { expression, sort } = this.#resolve(syntax, wanted);
    if (sort !== wanted) {
      throw new PhraseFault("type-mismatch", syntax.start, {
        message: `a ${sort} stands where a ${wanted} is needed`,
        found: sort,
        expected: wanted,
      });
    }
    return expression;
  }

  #resolve(syntax: Syntax, wanted: Sort): { readonly expression: Expression; readonly sort: Sort } {
    const here = <T extends Expression>(expression: T): T => located(expression, placeOf(this.#node, syntax.start));
    switch (syntax.kind) {
      case "number":
        return { expression: here({ ...syntax.literal }), sort: "number" };
      case "text":
        return { expression: here({ kind: "text", value: syntax.value }), sort: "text" };
      case "name":
        return this.#name(syntax, here);
      case "negate":
        return { expression: here({ kind: "negate", operand: this.as(syntax.operand, "number") }), sort: "number" };
      case "not":
        return { expression: here({ kind: "not", operand: this.as(syntax.operand, "condition") }), sort: "condition" };
      case "known":
        return { expression: here({ kind: "known", operand: this.#knowable(syntax.operand) }), sort: "condition" };
      case "binary":
        return this.#binary(syntax, here);
      case "member":
        return { expression: here({ kind: "member", operand: this.#attribute(syntax.operand), values: syntax.values }), sort: "condition" };
      case "call":
        return { expression: here(this.#call(syntax)), sort: "number" };
      case "if": {
        const sort = wanted === "condition" ? "condition" : "number";
        const condition = this.as(syntax.condition, "condition");
        const [then, otherwise] = [this.as(syntax.then, sort), this.as(syntax.otherwise, sort)];
        return { expression: here({ kind: "if", condition, then, otherwise }), sort };
      }
      default:
        return unreachable(syntax);
    }
  }

  #name(
    syntax: Extract<Syntax, { kind: "name" }>,
    here: <T extends Expression>(expression: T) => T,
  ): { readonly expression: Expression; readonly sort: Sort } {
    const { names, allowed, where, attributes } = this.#scope;
    const { name, start } = syntax;
    if (allowed.has("measure")) return { expression: here({ kind: "reference", to: "measure", name }), sort: "number" };
    const kind = names.get(name);
    if (kind === undefined) {
      const note = attributes.has(name) ? "; as an attribute it can only be compared as a text" : "";
      const candidates = [...names].filter(([, candidate]) => allowed.has(candidate)).map(([candidate]) => candidate);
      throw new PhraseFault("unknown-name", start, {
        message: `nothing is called '${name}'${note}`,
        found: name,
        near: nearestName(name, candidates),
      });
    }
    if (!allowed.has(kind)) {
      throw new PhraseFault("wrong-kind-of-name", start, {
        message: `'${name}' is a ${kind}, which ${where} cannot read`,
        found: kind,
        expected: [...allowed].join(", "),
      });
    }
    return { expression: here({ kind: "reference", to: kind, name }), sort: kind === "condition" ? "condition" : "number" };
  }

  /** `x is known`: of a number, a condition or an attribute. */
  #knowable(operand: Syntax): Expression {
    if (operand.kind === "name" && !this.#scope.names.has(operand.name) && this.#scope.attributes.has(operand.name))
      return this.#attribute(operand);
    const { expression, sort } = this.#resolve(operand, "number");
    if (sort === "text")
      throw new PhraseFault("type-mismatch", operand.start, {
        message: "a text is always known",
        found: sort,
        expected: "a number, condition or attribute",
      });
    return expression;
  }

  #binary(
    syntax: Extract<Syntax, { kind: "binary" }>,
    here: <T extends Expression>(expression: T) => T,
  ): { readonly expression: Expression; readonly sort: Sort } {
    const { operator, left, right } = syntax;
    if (operator === "and" || operator === "or") {
      return {
        expression: here({ kind: "logic", operator, left: this.as(left, "condition"), right: this.as(right, "condition") }),
        sort: "condition",
      };
    }
    if (operator === "+" || operator === "-" || operator === "*" || operator === "/") {
      return {
        expression: here({ kind: "arithmetic", operator, left: this.as(left, "number"), right: this.as(right, "number") }),
        sort: "number",
      };
    }
    if (
      (operator === "=" || operator === "!=") &&
      left.kind === "name" &&
      !this.#scope.names.has(left.name) &&
      isTextual(right, this.#scope.names)
    ) {
      const value = right.kind === "text" ? right.value : right.kind === "name" ? right.name : "";
      const text = located<Expression>({ kind: "text", value }, placeOf(this.#node, right.start));
      return { expression: here({ kind: "compare", operator, left: this.#attribute(left), right: text }), sort: "condition" };
    }
    return {
      expression: here({
        kind: "compare",
        operator: operator satisfies Exclude<BinaryOperator, "and">,
        left: this.as(left, "number"),
        right: this.as(right, "number"),
      }),
      sort: "condition",
    };
  }

  #attribute(syntax: Syntax): Expression {
    const { names, allowed, where } = this.#scope;
    if (syntax.kind !== "name" || names.has(syntax.name)) {
      const found = syntax.kind === "name" ? `'${syntax.name}' is a ${names.get(syntax.name)}` : "this is no name";
      throw new PhraseFault("type-mismatch", syntax.start, {
        message: `${found}; only an attribute of the panel holds texts`,
        expected: "the name of an attribute",
      });
    }
    if (!allowed.has("attribute"))
      throw new PhraseFault("wrong-kind-of-name", syntax.start, {
        message: `'${syntax.name}' would be an attribute, which ${where} cannot read`,
      });
    return located<Expression>({ kind: "reference", to: "attribute", name: syntax.name }, placeOf(this.#node, syntax.start));
  }

  #call(syntax: Extract<Syntax, { kind: "call" }>): Expression {
    const name = syntax.function;
    const counts = argumentCounts.get(name);
    if (counts === undefined) {
      throw new PhraseFault("unknown-function", syntax.start, {
        message: `no function is called '${name}'`,
        found: name,
        near: nearestName(name, functionNames),
      });
    }
    const given = syntax.arguments.length;
    if (given < counts.least || given > counts.most) {
      throw new PhraseFault("wrong-arity", syntax.start, {
        message: `'${name}' is given ${given} argument${given === 1 ? "" : "s"}`,
        found: String(given),
        expected: counts.form,
        cure: `Write it like '${counts.form}'.`,
      });
    }
    return { kind: "call", function: name as FunctionName, arguments: syntax.arguments.map((argument) => this.as(argument, "number")) };
  }
}
