/** Text -> tokens: the one tokenizer of expressions and of the short phrases ('28 days', '0 % -> 100'). */
import { type DiagnosticCode, type DiagnosticDetails, parseDay } from "../../data/foundation/index.ts";

/** A word, number, date, quoted text or sign, with the offsets of its first character and one after its last. */
export interface Token {
  readonly kind: "number" | "date" | "word" | "text" | "sign" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Thrown inside phrase readers, caught by `readPhrase`, which turns it into a located diagnostic. Never leaves this room. */
export class PhraseFault extends Error {
  readonly code: DiagnosticCode;
  readonly offset: number;
  readonly details: Omit<DiagnosticDetails, "place">;

  constructor(code: DiagnosticCode, offset: number, details: Omit<DiagnosticDetails, "place">) {
    super(details.message);
    this.code = code;
    this.offset = offset;
    this.details = details;
  }
}

/** Longest digits that a double holds exactly in every case. */
const digitsMax = 15;
/** So that what is divided by a literal stays far within the doubles. */
const decimalsMax = 15;

const signs = ["<=", ">=", "!=", "->", "<", ">", "=", "+", "-", "*", "/", "(", ")", ",", "%"];

/** What people type from other languages, and what to write instead. */
const otherSpellings: ReadonlyMap<string, string> = new Map([
  ["==", "="],
  ["=>", ">="],
  ["=<", "<="],
  ["<>", "!="],
  ["&&", "and"],
  ["||", "or"],
  ["!", "not"],
]);

const lookAlikes: ReadonlyMap<string, string> = new Map([
  ["≥", ">="],
  ["≤", "<="],
  ["≠", "!="],
  ["−", "-"],
  ["–", "-"],
  ["—", "-"],
  ["→", "->"],
  ["×", "x or *"],
  ["÷", "/"],
  ["％", "%"],
  ["‰", "%"],
  ["“", '"'],
  ["”", '"'],
  ["‘", "'"],
  ["’", "'"],
  ["\u00A0", "an ordinary space"],
]);

/**
 * Splits a phrase. Numbers are plain decimals; a unit may follow without a space; `2024-02-29` is a date; `event.points` is one word.
 * Faults: `bad-number`, `look-alike-character`, `expression-syntax`. The last token is of kind `end`.
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (/[ \t\r\n]/.test(character)) {
      at++;
      continue;
    }
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

function readToken(text: string, at: number): Token {
  const character = text.charAt(at);
  const date = /^\d{4}-\d{2}-\d{2}(?![\w-])/.exec(text.slice(at, at + 11));
  if (date !== null) return readDate(date[0], at);
  if (/[0-9]/.test(character)) return readNumber(text, at);
  const word = /^(?:event\.)?[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at, at + 200));
  if (word !== null) return { kind: "word", text: word[0], start: at, end: at + word[0].length };
  if (character === '"' || character === "'") {
    const close = text.indexOf(character, at + 1);
    if (close < 0)
      throw new PhraseFault("expression-syntax", at, {
        message: "this quote is never closed",
        found: character,
        cure: `Close it with ${character}.`,
      });
    return { kind: "text", text: text.slice(at + 1, close), start: at, end: close + 1 };
  }
  for (const [spelling, ours] of otherSpellings) {
    if (text.startsWith(spelling, at) && !text.startsWith("!=", at)) {
      throw new PhraseFault("expression-syntax", at, {
        message: `'${spelling}' is not part of the language`,
        found: spelling,
        expected: ours,
        cure: `Write '${ours}'.`,
      });
    }
  }
  const sign = signs.find((candidate) => text.startsWith(candidate, at));
  if (sign !== undefined) return { kind: "sign", text: sign, start: at, end: at + sign.length };
  if (/^\.[0-9]/.test(text.slice(at, at + 2))) {
    throw new PhraseFault("bad-number", at, {
      message: "a number starts with a digit",
      found: ".",
      cure: `Write '0${/^[0-9.]+/.exec(text.slice(at, at + 40))?.[0] ?? ""}'.`,
    });
  }
  throw foreignCharacter(text, at);
}

function readDate(text: string, at: number): Token {
  if (parseDay(text) !== undefined) return { kind: "date", text, start: at, end: at + text.length };
  throw new PhraseFault("bad-number", at, {
    message: `there is no day ${text}`,
    found: text,
    expected: "a day of the calendar, as year-month-day",
    cure: "Write an existing day, like 2024-02-29.",
  });
}

function readNumber(text: string, at: number): Token {
  const lexeme = /^[0-9][0-9A-Za-z_.]*/.exec(text.slice(at, at + 400))?.[0] ?? "";
  const split = /^([0-9][0-9_.]*)([A-Za-z]+)$/.exec(lexeme);
  const digits = split?.[1] ?? lexeme;
  if (!/^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/.test(digits) || (split !== null && /^e$/i.test(split[2] ?? ""))) {
    throw new PhraseFault("bad-number", at, {
      message: `'${lexeme}' is not a plain decimal number`,
      found: lexeme,
      expected: "digits with at most one decimal point",
    });
  }
  const comma = /^,[0-9]{3}(?![0-9])/.exec(text.slice(at + digits.length));
  if (comma !== null && split === null && !digits.includes(".")) {
    throw new PhraseFault("bad-number", at, {
      message: `'${digits}${comma[0]}' has a thousands comma`,
      found: `${digits}${comma[0]}`,
      cure: `Write '${digits}${comma[0].slice(1)}'.`,
    });
  }
  if (digits.replace(".", "").replace(/^0+/, "").length > digitsMax) {
    throw new PhraseFault("bad-number", at, {
      message: `a number has at most ${digitsMax} significant digits`,
      found: digits.slice(0, 40),
    });
  }
  if ((digits.split(".")[1] ?? "").length > decimalsMax) {
    throw new PhraseFault("bad-number", at, { message: `a number has at most ${decimalsMax} decimals`, found: digits.slice(0, 40) });
  }
  return { kind: "number", text: digits, start: at, end: at + digits.length };
}

function foreignCharacter(text: string, at: number): PhraseFault {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const code = `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const ours = lookAlikes.get(character);
  if (ours !== undefined) {
    return new PhraseFault("look-alike-character", at, {
      message: `'${character}' (${code}) is not a sign of the language`,
      found: character,
      expected: ours,
      cure: `Type ${/^[a-z]{2}/.test(ours) ? ours : `'${ours}'`}.`,
    });
  }
  if ((text.codePointAt(at) ?? 0) > 127) {
    return new PhraseFault("look-alike-character", at, {
      message: `'${character}' (${code}) cannot stand here; names use the letters a to z`,
      found: character,
    });
  }
  return new PhraseFault("expression-syntax", at, { message: `'${character}' is not part of the language`, found: character });
}
