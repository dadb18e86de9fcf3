/** Syntax -> checked expression: every name gets its meaning, numbers, conditions and texts are told apart. */
import { nearestName, unreachable } from "../../data/foundation/index.ts";
import { placeOf, type TextNode } from "./document.ts";
import type { Expression, ReferenceKind } from "./expression.ts";
import type { BinaryOperator, Syntax } from "./parse-expression.ts";
import { located } from "./places.ts";
import { PhraseFault } from "./tokens.ts";

/** What an expression yields. */
export type Sort = "number" | "condition" | "text";

/** What a policy calls by a name: what expressions can read, and windows. */
export type NameKind = ReferenceKind | "window";

/** What names mean at one place of a policy. */
export interface Scope {
  /** Everything that the policy defines: one name, one kind. */
  readonly names: ReadonlyMap<string, NameKind>;
  /** Names of metrics that are texts. */
  readonly texts: ReadonlySet<string>;
  /** At an event: `bare`, every name but a parameter's is a field of it; `prefixed`, its numbers are written `event.points`. */
  readonly event?: "bare" | "prefixed";
  /** The kinds that may stand here. `measure`: every name is a measure. */
  readonly allowed: ReadonlySet<ReferenceKind>;
  /** In words, for messages: "a condition", "an operand of a metric". */
  readonly where: string;
  /** Names that some text comparison of the policy uses as attributes. */
  readonly attributes: ReadonlySet<string>;
}

/** The functions: how many arguments they take, and what they give. */
export const functionTable: ReadonlyMap<
  string,
  { readonly least: number; readonly most: number; readonly form: string; readonly about: string }
> = new Map([
  ["min", { least: 2, most: 16, form: "min(a, b)", about: "The smallest of two or more." }],
  ["max", { least: 2, most: 16, form: "max(a, b)", about: "The largest of two or more." }],
  ["clamp", { least: 3, most: 3, form: "clamp(x, lower, upper)", about: "The first, kept between the other two." }],
  ["floor", { least: 1, most: 1, form: "floor(x)", about: "The whole number below." }],
  ["ceil", { least: 1, most: 1, form: "ceil(x)", about: "The whole number above." }],
  ["round", { least: 1, most: 1, form: "round(x)", about: "The nearest whole number." }],
  ["abs", { least: 1, most: 1, form: "abs(x)", about: "Without its sign." }],
]);

type FunctionName = Extract<Expression, { kind: "call" }>["function"];

/** Names of the functions, for the reference and for suggestions. */
export const functionNames: readonly string[] = [...functionTable.keys()];

/** Gives every part its meaning and remembers where it stood. Faults are thrown as PhraseFault, to be caught by `readPhrase`. */
export function resolveExpression(syntax: Syntax, wanted: Sort, scope: Scope, node: TextNode): Expression {
  return new Resolver(scope, node).as(syntax, wanted);
}

/** Names that text comparisons use as attributes: left of `=`, `!=` or `in`, and defined by nothing in the policy. */
export function attributeNamesIn(syntax: Syntax, names: ReadonlyMap<string, NameKind>, found: Set<string>): void {
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

function isTextual(syntax: Syntax, names: ReadonlyMap<string, NameKind>): boolean {
  return syntax.kind === "text" || (syntax.kind === "name" && !names.has(syntax.name) && syntax.name !== "today");
}

/** Fields of an event that are numbers; all others are texts. */
const eventNumbers: readonly string[] = ["points", "number"];

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
        return { expression: here({ kind: "member", operand: this.#asText(syntax.operand), values: syntax.values }), sort: "condition" };
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
    const { names, allowed, where, attributes, texts } = this.#scope;
    const { name, start } = syntax;
    const eventField = this.#eventField(name);
    if (eventField !== undefined) return { expression: here(this.#eventNumber(eventField, start)), sort: "number" };
    if (name === "today" && allowed.has("today")) return { expression: here({ kind: "reference", to: "today", name }), sort: "number" };
    if (allowed.has("measure")) return { expression: here({ kind: "reference", to: "measure", name }), sort: "number" };
    const kind = names.get(name);
    if (kind === undefined) {
      const note = attributes.has(name) ? "; as an attribute it can only be compared as a text" : "";
      const candidates = [...names].flatMap(([candidate, kind]) => (kind !== "window" && allowed.has(kind) ? [candidate] : []));
      throw new PhraseFault("unknown-name", start, {
        message: `nothing is called '${name}'${note}`,
        found: name,
        near: nearestName(name, candidates),
      });
    }
    if (kind === "window" || !allowed.has(kind)) {
      throw new PhraseFault("wrong-kind-of-name", start, {
        message: `'${name}' is a ${kind}, which ${where} cannot read`,
        found: kind,
        expected: [...allowed].join(", "),
      });
    }
    if (texts.has(name)) {
      throw new PhraseFault("type-mismatch", start, {
        message: `'${name}' is a text; it can only be compared with texts`,
        found: "text",
        expected: "number",
        cure: `Write '${name} = value', '${name} in (a, b)' or '${name} is known'.`,
      });
    }
    return { expression: here({ kind: "reference", to: kind, name }), sort: kind === "condition" ? "condition" : "number" };
  }

  /** The field that a name means at an event; undefined when it means something else, or there is no event. */
  #eventField(name: string): string | undefined {
    const { event, names } = this.#scope;
    if (event === "bare") return names.get(name) === "parameter" ? undefined : name;
    return event === "prefixed" && name.startsWith("event.") ? name.slice("event.".length) : undefined;
  }

  #eventNumber(field: string, start: number): Expression {
    if (eventNumbers.includes(field)) return { kind: "reference", to: "event", name: field };
    throw new PhraseFault("type-mismatch", start, {
      message: `'${field}' of an event is a text; only ${eventNumbers.join(" and ")} are numbers`,
      found: "text",
      expected: "number",
      cure: "Compare it with a text in 'where', like 'severity = high'.",
    });
  }

  /** What a syntax names that holds a text: a field of the event, a metric that is a text, an attribute. Undefined when it can be none. */
  #textNamed(syntax: Syntax): Expression | undefined {
    if (syntax.kind !== "name") return undefined;
    const { names, texts, event } = this.#scope;
    const here = (to: ReferenceKind): Expression =>
      located<Expression>({ kind: "reference", to, name: syntax.name }, placeOf(this.#node, syntax.start));
    if (event === "bare" && this.#eventField(syntax.name) !== undefined)
      return eventNumbers.includes(syntax.name) ? undefined : here("event");
    if (names.get(syntax.name) === "metric" && texts.has(syntax.name)) return here("metric");
    return names.has(syntax.name) || syntax.name === "today" ? undefined : this.#attribute(syntax);
  }

  /** The text on the left of a comparison. */
  #asText(syntax: Syntax): Expression {
    return this.#textNamed(syntax) ?? this.#attribute(syntax);
  }

  /** `x is known`: of a number, a condition, an attribute or another text. */
  #knowable(operand: Syntax): Expression {
    const { names, attributes, texts, event } = this.#scope;
    if (operand.kind === "name") {
      const isText = event === "bare" || texts.has(operand.name) || (!names.has(operand.name) && attributes.has(operand.name));
      const text = isText ? this.#textNamed(operand) : undefined;
      if (text !== undefined) return text;
    }
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
    if ((operator === "=" || operator === "!=") && this.#isTextual(right)) {
      const named = this.#textNamed(left);
      const value = right.kind === "text" ? right.value : right.kind === "name" ? right.name : "";
      const text = located<Expression>({ kind: "text", value }, placeOf(this.#node, right.start));
      if (named !== undefined) return { expression: here({ kind: "compare", operator, left: named, right: text }), sort: "condition" };
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

  /** Beside a field of an event a name is a text, whatever the policy calls so: a metric `low` does not change `severity = low`. */
  #isTextual(syntax: Syntax): boolean {
    return isTextual(syntax, this.#scope.names) || (syntax.kind === "name" && this.#eventField(syntax.name) === syntax.name);
  }

  #attribute(syntax: Syntax): Expression {
    const { names, allowed, where } = this.#scope;
    if (syntax.kind !== "name" || names.has(syntax.name)) {
      const found = syntax.kind === "name" ? `'${syntax.name}' is a ${names.get(syntax.name)}` : "this is no name";
      throw new PhraseFault("type-mismatch", syntax.start, {
        message: `${found}; texts are held by attributes of the panel, fields of events and metrics of kind 'largest'`,
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
    const counts = functionTable.get(name);
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
