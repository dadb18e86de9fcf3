/** Small words: numbers as words, plurals, shares as fractions. */
import { formatCount, formatShareInProse } from "./numbers.ts";

const small = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"] as const;

/**
 * A count as a word up to twelve, else in figures.
 *
 * @example
 * countInWords(4)
 * // => "four"
 */
export function countInWords(count: number): string {
  return small[count] ?? formatCount(count);
}

/** The text with its first letter large. */
export function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The text with its first letter small. */
export function uncapitalise(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** The text with a full stop, unless it ends a sentence already. */
export function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * A count and its noun.
 *
 * @example
 * countOf(1, "seller")
 * // => "1 seller"
 */
export function countOf(count: number, one: string, many = pluralOf(one)): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** The plural of an entity or a word that this product uses. */
export function pluralOf(one: string): string {
  return /[^aeiou]y$/.test(one) ? `${one.slice(0, -1)}ies` : /(s|x|ch|sh)$/.test(one) ? `${one}es` : `${one}s`;
}

/**
 * A part of a whole as people say it: `two in three`, where the fraction is within 2 points, else per cent.
 *
 * @example
 * proportionInWords(263, 390)
 * // => "two in three"
 */
export function proportionInWords(part: number, whole: number): string {
  if (part === 0) return "none";
  if (part === whole) return "all";
  const share = part / whole;
  const fractions: readonly (readonly [number, string])[] = [
    [1 / 2, "half"],
    [1 / 3, "one in three"],
    [2 / 3, "two in three"],
    [1 / 4, "one in four"],
    [3 / 4, "three in four"],
    [1 / 5, "one in five"],
    [4 / 5, "four in five"],
    [1 / 10, "one in ten"],
    [9 / 10, "nine in ten"],
  ];
  const near = fractions
    .filter(([value]) => Math.abs(value - share) <= 0.02)
    .toSorted((a, b) => Math.abs(a[0] - share) - Math.abs(b[0] - share))[0];
  return near?.[1] ?? formatShareInProse(share);
}

/** A list as prose: `a, b and c`. */
export function listInWords(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} and ${items[items.length - 1] ?? ""}`;
}
