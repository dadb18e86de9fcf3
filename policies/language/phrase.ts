/** A cursor over the tokens of one phrase, and the bridge from its faults to located diagnostics. */
import { type DiagnosticCode, type DiagnosticDetails, nearestName } from "../../data/foundation/index.ts";
import { placeOf, type TextNode } from "./document.ts";
import type { Problems } from "./problems.ts";
import { PhraseFault, type Token, tokenize } from "./tokens.ts";

/** Reads a whole text node with a phrase reader. Undefined after a fault, which is then among the problems. */
export function readPhrase<T>(node: TextNode, problems: Problems, read: (cursor: Cursor) => T): T | undefined {
  try {
    const cursor = new Cursor(tokenize(node.text));
    const result = read(cursor);
    cursor.expectEnd();
    return result;
  } catch (fault) {
    if (!(fault instanceof PhraseFault)) throw fault;
    problems.add(fault.code, placeOf(node, fault.offset), fault.details);
    return undefined;
  }
}

/** Walks tokens from left to right. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token `ahead` places on; beyond the last, the end. */
  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    const token = this.#tokens[Math.min(this.#position + ahead, last)];
    if (token === undefined) throw new RangeError("a phrase has at least its end token");
    return token;
  }

  /** Offset of the token that was taken last; 0 before the first. */
  previousStart(): number {
    return this.#tokens[Math.max(0, this.#position - 1)]?.start ?? 0;
  }

  /** Takes the next token. */
  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#position++;
    return token;
  }

  /** Where the cursor stands, to return to with `reset`. */
  mark(): number {
    return this.#position;
  }

  reset(mark: number): void {
    this.#position = mark;
  }

  atSign(sign: string): boolean {
    const token = this.peek();
    return token.kind === "sign" && token.text === sign;
  }

  atWord(word: string): boolean {
    const token = this.peek();
    return token.kind === "word" && token.text === word;
  }

  acceptSign(sign: string): boolean {
    const found = this.atSign(sign);
    if (found) this.#position++;
    return found;
  }

  acceptWord(...words: readonly string[]): string | undefined {
    const token = this.peek();
    if (token.kind !== "word" || !words.includes(token.text)) return undefined;
    this.#position++;
    return token.text;
  }

  expectSign(sign: string, form: string): void {
    if (!this.acceptSign(sign)) this.#unexpected(`'${sign}'`, form);
  }

  /** One of the words; the near one is suggested when it is mistyped. */
  expectWord(words: readonly string[], form: string): string {
    const word = this.acceptWord(...words);
    if (word !== undefined) return word;
    const token = this.peek();
    const near = token.kind === "word" ? nearestName(token.text, words) : undefined;
    return this.#unexpected(words.map((candidate) => `'${candidate}'`).join(" or "), form, near);
  }

  expectName(what: string, form: string): Token {
    return this.peek().kind === "word" ? this.next() : this.#unexpected(what, form);
  }

  expectNumber(what: string, form: string): Token {
    return this.peek().kind === "number" ? this.next() : this.#unexpected(what, form);
  }

  /** A whole number of at least one. */
  expectCount(what: string, form: string): number {
    const token = this.expectNumber(what, form);
    const value = Number(token.text);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new PhraseFault("out-of-range", token.start, {
        message: `${what} is a whole number from 1`,
        found: token.text,
        expected: "1, 2, 3, ...",
      });
    }
    return value;
  }

  /** Refuses anything after the phrase; `form` shows what would have been well. */
  expectEnd(form?: string): void {
    if (this.peek().kind !== "end") this.#unexpected("the end", form);
  }

  fail(code: DiagnosticCode, token: { readonly start: number }, details: Omit<DiagnosticDetails, "place">): never {
    throw new PhraseFault(code, token.start, details);
  }

  #unexpected(expected: string, form?: string, near?: string): never {
    const token = this.peek();
    const found = token.kind === "end" ? "the end" : `'${token.text}'`;
    const code = form === undefined ? "expression-syntax" : "bad-form";
    throw new PhraseFault(code, token.start, {
      message: `${found} stands where ${expected} is expected`,
      found: token.kind === "end" ? "the end of the value" : token.text,
      expected: form ?? expected,
      ...(near === undefined ? (form === undefined ? {} : { cure: `Write it like '${form}'.` }) : { near }),
    });
  }
}
