/** Sets of values that the data do not rule out, where these are not one bounded interval. */

/**
 * A confidence set that is not one bounded interval: open on one side (one-sided statements, Fieller sets), everything outside a gap
 * (a Fieller set with a denominator near 0), or every value.
 */
export type ConfidenceSet =
  | { readonly kind: "at-least"; readonly lower: number; readonly level: number }
  | { readonly kind: "at-most"; readonly upper: number; readonly level: number }
  | { readonly kind: "two-pieces"; readonly below: number; readonly above: number; readonly level: number }
  | { readonly kind: "everything"; readonly level: number };

/**
 * The set in words, with numbers written by `write`.
 *
 * @example
 * wordsOfSet({ kind: "two-pieces", below: -2, above: 3, level: 0.95 })
 * // => "at most -2, or at least 3: the values between are ruled out, and neither direction is"
 */
export function wordsOfSet(set: ConfidenceSet, write: (value: number) => string = String): string {
  switch (set.kind) {
    case "at-least":
      return `at least ${write(set.lower)}`;
    case "at-most":
      return `at most ${write(set.upper)}`;
    case "two-pieces":
      return `at most ${write(set.below)}, or at least ${write(set.above)}: the values between are ruled out, and neither direction is`;
    case "everything":
      return "any value: the data rule out none";
  }
}
