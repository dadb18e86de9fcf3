/** Text files that people write: from bytes to text, and what in them cannot be seen. */
import { isUtf8 } from "node:buffer";
import type { Place } from "./diagnostic.ts";

/** The text of bytes: UTF-16 where the first two say so, else UTF-8, with U+FFFD where they are none. */
export function decodeText(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

/** Where in the text of such bytes the first character stands that is lost, because bytes are no UTF-8; undefined where none is. A U+FFFD that was written is not lost. */
export function lostCharacter(bytes: Uint8Array): number | undefined {
  if (isUtf8(bytes)) return undefined;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  let [from, byte] = [0, 0];
  for (let at = text.indexOf("\uFFFD"); at >= 0; at = text.indexOf("\uFFFD", from)) {
    byte += Buffer.byteLength(text.slice(from, at));
    if (Buffer.from("\uFFFD").compare(bytes, byte, byte + 3) !== 0) return at;
    [from, byte] = [at + 1, byte + 3];
  }
  return undefined;
}

/** The place of an offset in a text. */
export function placeInText(file: string, text: string, offset: number): Place {
  const lines = text.slice(0, offset).split("\n");
  return { file, line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

/** A character that a file must not hold. */
interface HiddenCharacter {
  readonly offset: number;
  /** `U+200B`. */
  readonly found: string;
  readonly message: string;
  readonly cure?: string;
}

/**
 * The first control character (a carriage return that ends no line is one), invisible direction mark or lost character of a text: a file must
 * show what it says. A mark of byte order at the beginning is taken away before.
 *
 * @example
 * findHiddenCharacter("a: b\u200b")
 * // => { offset: 4, found: "U+200B", message: "the file holds an invisible character, U+200B" }
 */
export function findHiddenCharacter(text: string): HiddenCharacter | undefined {
  const hidden = /(?!\t|\r?\n)[\p{Cc}\p{Cs}\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFFD]/gu;
  const first = hidden.exec(text);
  if (first === null) return undefined;
  const { index: offset } = first;
  hidden.lastIndex = 0;
  const found = `U+${(first[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const head = text.slice(0, 64);
  const hiddenInHead = [...head.matchAll(hidden)].filter(([sign]) => sign !== "\r").length;
  if (hiddenInHead > 3 && hiddenInHead > head.length / 8) {
    const cure = "Name another file, or save this one as plain text in UTF-8.";
    return { offset, found, message: "the file is no text, or is not saved as UTF-8", cure };
  }
  if (first[0] === "\uFFFD") {
    const cure = "Save the file as UTF-8, with the character typed anew.";
    return { offset, found, message: "a character was lost here: the file was not saved as UTF-8", cure };
  }
  if (first[0] === "\r") {
    const cure = "Save the file with line feeds at the ends of its lines.";
    return { offset, found, message: "a carriage return stands alone, U+000D", cure };
  }
  return { offset, found, message: `the file holds an invisible character, ${found}` };
}

/**
 * The first whole number of a text, its thousands separated.
 *
 * @example
 * groupThousands("12400.5 sellers")
 * // => "12,400.5 sellers"
 */
export function groupThousands(text: string): string {
  return text.replace(/\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
}

/**
 * A count in a sentence.
 *
 * @example
 * countText(1664)
 * // => "1,664"
 */
export function countText(count: number): string {
  return groupThousands(String(count));
}

/**
 * Decimals for numbers that are read together: so many digits of the largest, and up to three more until none that is not zero is printed as one.
 *
 * @example
 * decimalsTogether([-0.82, -1.33, -0.312], 3)
 * // => 2
 */
export function decimalsTogether(values: readonly number[], digits: number): number {
  const largest = Math.max(...values.map(Math.abs));
  const least = largest === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(largest)));
  const isShown = (decimals: number): boolean => values.every((value) => value === 0 || Number(value.toFixed(decimals)) !== 0);
  return [least, least + 1, least + 2].find(isShown) ?? least + 3;
}
