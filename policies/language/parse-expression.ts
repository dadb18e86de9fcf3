/** Tokens -> syntax: the grammar of expressions, before names mean anything. */
import { limits } from "../../data/foundation/index.ts";
import type { Cursor } from "./phrase.ts";
import { type Literal, readLiteral } from "./quantity.ts";
import { readCurrency } from "./read-measure.ts";
import { PhraseFault, type Token } from "./tokens.ts";

/** An expression as written, with the offset at which each part starts. */
export type Syntax = { readonly start: number } & (
  | { readonly kind: "number"; readonly literal: Literal }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "negate" | "not" | "known"; readonly operand: Syntax }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Syntax; readonly right: Syntax }
  | { readonly kind: "member"; readonly operand: Syntax; readonly values: readonly string[] }
  | { readonly kind: "call"; readonly function: string; readonly arguments: readonly Syntax[] }
  | { readonly kind: "if"; readonly condition: Syntax; readonly then: Syntax; readonly otherwise: Syntax }
);

/** Operators with two operands. */
export type BinaryOperator = "+" | "-" | "*" | "/" | "<" | "<=" | ">" | ">=" | "=" | "!=" | "and" | "or";

/** Words that cannot name anything. */
export const reservedWords: ReadonlySet<string> = new Set([
  "and",
  "or",
  "not",
  "is",
  "known",
  "in",
  "if",
  "else",
  "of",
  "per",
  "to",
  "with",
  "towards",
  "true",
  "false",
  "today",
  "everyone",
  "last",
  "lifetime",
  "NaN",
  "Infinity",
  "undefined",
  "null",
]);

/** Reserved words that stand for a value. */
const valueWords: ReadonlySet<string> = new Set(["today"]);

const comparisons = ["<=", ">=", "!=", "<", ">", "="] as const;

/**
 * Reads an expression. From loose to tight: `a if c else b`, `or`, `and`, `not`, one comparison (`is known` and `in (..)`
 * among them), `+ -`, `* /`, a leading minus, and names, numbers, calls and parentheses.
 */
export function parseExpression(cursor: Cursor): Syntax {
  return new Parser(cursor).conditional();
}

/** Reads an expression without comparisons or logic, for operands of phrases such as `a + b of c`. Its names are measures: `a in USD`. */
export function parseArithmetic(cursor: Cursor): Syntax {
  return new Parser(cursor, true).sum();
}

class Parser {
  readonly #cursor: Cursor;
  readonly #readsMeasures: boolean;
  #depth = 0;
  #nodes = 0;

  constructor(cursor: Cursor, readsMeasures = false) {
    this.#cursor = cursor;
    this.#readsMeasures = readsMeasures;
  }

  conditional(): Syntax {
    const then = this.#or();
    if (this.#cursor.acceptWord("if") === undefined) return then;
    this.#enter(this.#cursor.peek());
    const condition = this.#or();
    if (this.#cursor.acceptWord("else") === undefined) {
      this.#cursor.fail("expression-syntax", this.#cursor.peek(), { message: "'if' needs its 'else'", expected: "a if condition else b" });
    }
    const otherwise = this.conditional();
    this.#depth--;
    return this.#made({ kind: "if", condition, then, otherwise, start: then.start });
  }

  #or(): Syntax {
    let left = this.#and();
    while (this.#cursor.acceptWord("or") !== undefined) left = this.#binary("or", left, this.#and());
    return left;
  }

  #and(): Syntax {
    let left = this.#not();
    while (this.#cursor.acceptWord("and") !== undefined) left = this.#binary("and", left, this.#not());
    return left;
  }

  #not(): Syntax {
    const token = this.#cursor.peek();
    if (this.#cursor.acceptWord("not") === undefined) return this.#comparison();
    this.#enter(token);
    const operand = this.#not();
    this.#depth--;
    return this.#made({ kind: "not", operand, start: token.start });
  }

  #comparison(): Syntax {
    const left = this.sum();
    const compared = this.#oneComparison(left);
    const again = this.#cursor.peek();
    if (
      compared !== left &&
      (comparisons.some((sign) => this.#cursor.atSign(sign)) || this.#cursor.atWord("is") || this.#cursor.atWord("in"))
    ) {
      this.#cursor.fail("chained-comparison", again, {
        message: `a second comparison, '${again.text}', follows the first`,
        found: again.text,
      });
    }
    return compared;
  }

  #oneComparison(left: Syntax): Syntax {
    const sign = comparisons.find((candidate) => this.#cursor.atSign(candidate));
    if (sign !== undefined) {
      this.#cursor.next();
      return this.#binary(sign, left, this.sum());
    }
    if (this.#cursor.acceptWord("is") !== undefined) {
      if (this.#cursor.atWord("not")) {
        this.#cursor.fail("expression-syntax", this.#cursor.peek(), {
          message: "'is not' is not part of the language",
          cure: "Write 'not x is known'.",
        });
      }
      if (this.#cursor.acceptWord("known") === undefined) {
        this.#cursor.fail("expression-syntax", this.#cursor.peek(), { message: "'is' is followed by 'known'", expected: "is known" });
      }
      return this.#made({ kind: "known", operand: left, start: left.start });
    }
    if (this.#cursor.acceptWord("in") === undefined) return left;
    this.#cursor.expectSign("(", "region in (north, south)");
    const values = [this.#textValue()];
    while (this.#cursor.acceptSign(",")) values.push(this.#textValue());
    this.#cursor.expectSign(")", "region in (north, south)");
    return this.#made({ kind: "member", operand: left, values, start: left.start });
  }

  #textValue(): string {
    const token = this.#cursor.next();
    if (token.kind === "word" || token.kind === "text") return token.text;
    return this.#cursor.fail("expression-syntax", token, {
      message: `'${token.text}' stands where a text is expected`,
      expected: "in (north, 'health & beauty')",
    });
  }

  sum(): Syntax {
    let left = this.#product();
    for (;;) {
      const operator = this.#cursor.acceptSign("+") ? "+" : this.#cursor.acceptSign("-") ? "-" : undefined;
      if (operator === undefined) return left;
      left = this.#binary(operator, left, this.#product());
    }
  }

  #product(): Syntax {
    let left = this.#signed();
    for (;;) {
      const operator = this.#cursor.acceptSign("*") ? "*" : this.#cursor.acceptSign("/") ? "/" : undefined;
      if (operator === undefined) return left;
      left = this.#binary(operator, left, this.#signed());
    }
  }

  #signed(): Syntax {
    const token = this.#cursor.peek();
    if (!this.#cursor.atSign("-")) return this.#primary();
    if (this.#cursor.peek(1).kind === "number")
      return this.#made({ kind: "number", literal: readLiteral(this.#cursor, "4 %"), start: token.start });
    this.#cursor.next();
    this.#enter(token);
    const operand = this.#signed();
    this.#depth--;
    return this.#made({ kind: "negate", operand, start: token.start });
  }

  #primary(): Syntax {
    const token = this.#cursor.peek();
    if (token.kind === "number" || token.kind === "date") return this.#number(token);
    if (token.kind === "text") {
      this.#cursor.next();
      return this.#made({ kind: "text", value: token.text, start: token.start });
    }
    if (this.#cursor.acceptSign("(")) {
      this.#enter(token);
      const inner = this.conditional();
      if (!this.#cursor.acceptSign(")")) {
        const { text, start } = this.#cursor.peek();
        this.#cursor.fail(
          "expression-syntax",
          { start },
          { message: text === "" ? "a parenthesis is never closed" : `'${text}' stands where ')' is expected`, expected: ")" },
        );
      }
      this.#depth--;
      return inner;
    }
    if (token.kind !== "word" || (reservedWords.has(token.text) && !valueWords.has(token.text))) {
      const found = token.kind === "end" ? "the expression ends" : `'${token.text}' stands`;
      return this.#cursor.fail("expression-syntax", token, {
        message: `${found} where a value is expected`,
        expected: "a name, a number or '('",
        ...(token.text === "if" ? { cure: "Write 'a if condition else b'." } : {}),
      });
    }
    this.#cursor.next();
    if (this.#cursor.acceptSign("(")) return this.#call(token);
    const name = this.#readsMeasures ? readCurrency(this.#cursor, token.text) : token.text;
    return this.#made({ kind: "name", name, start: token.start });
  }

  #number(token: Token): Syntax {
    const literal = readLiteral(this.#cursor, "4 %");
    const after = this.#cursor.peek();
    if (after.kind === "word" && !reservedWords.has(after.text)) {
      this.#cursor.fail("unknown-unit", after, { message: `'${after.text}' is not a unit`, found: after.text });
    }
    return this.#made({ kind: "number", literal, start: token.start });
  }

  #call(token: Token): Syntax {
    this.#enter(token);
    const list = [this.conditional()];
    while (this.#cursor.acceptSign(",")) list.push(this.conditional());
    if (!this.#cursor.acceptSign(")")) {
      const { text, start } = this.#cursor.peek();
      this.#cursor.fail(
        "expression-syntax",
        { start },
        { message: text === "" ? `the parenthesis of '${token.text}' is never closed` : `'${text}' stands where ',' or ')' is expected` },
      );
    }
    this.#depth--;
    return this.#made({ kind: "call", function: token.text, arguments: list, start: token.start });
  }

  #binary(operator: BinaryOperator, left: Syntax, right: Syntax): Syntax {
    return this.#made({ kind: "binary", operator, left, right, start: left.start });
  }

  #made(node: Syntax): Syntax {
    this.#nodes++;
    if (this.#nodes > limits.policyExpressionNodes.value) this.#tooBig("policyExpressionNodes", node.start, this.#nodes);
    return node;
  }

  #enter(token: Token): void {
    this.#depth++;
    if (this.#depth > limits.policyNestingDepth.value) this.#tooBig("policyNestingDepth", token.start, this.#depth);
  }

  #tooBig(name: "policyExpressionNodes" | "policyNestingDepth", offset: number, actual: number): never {
    const limit = limits[name];
    throw new PhraseFault("limit-exceeded", offset, {
      message: `${actual} ${limit.unit} in one expression: the limit '${name}' is ${limit.value} (${limit.reason})`,
      cure: "Give parts of it names under 'conditions' or 'metrics', or raise the limit in data/foundation/limits.ts.",
    });
  }
}
