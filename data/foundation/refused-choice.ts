/** How a word that is none of a few is refused, the same everywhere. */
import { nearestName } from "./nearest-name.ts";

/**
 * What a diagnostic says of it, apart from its code and place. Choices stand in quotes, since one of them may be a word such as 'none'.
 *
 * @example
 * refusedChoice("hommel", ["none", "holm"]).message
 * // => "'hommel' is not one of: 'none', 'holm'"
 */
export function refusedChoice(
  word: string,
  choices: readonly string[],
): {
  readonly message: string;
  readonly found: string;
  readonly expected: string;
  readonly near: string | undefined;
  readonly cure: string;
} {
  const found = word.slice(0, 80);
  const expected = `one of: ${choices.map((choice) => `'${choice}'`).join(", ")}`;
  const near = nearestName(word, choices);
  return {
    message: `'${found}' is not ${expected}`,
    found,
    expected,
    near,
    cure: near === undefined ? `Write ${expected}.` : `Did you mean '${near}'?`,
  };
}
