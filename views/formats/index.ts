/** How numbers, money, dates and words are written. */
export * from "./dates.ts";
export * from "./money.ts";
export * from "./numbers.ts";
export * from "./words.ts";
