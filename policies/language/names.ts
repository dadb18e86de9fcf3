/** Names that a policy defines. */
import { placeOf, type TextNode } from "./document.ts";
import { reservedWords } from "./parse-expression.ts";
import type { Problems } from "./problems.ts";
import { functionNames } from "./resolve-expression.ts";

const nameLengthMax = 64;
const prototypeNames: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether a text can name a metric, score, condition, parameter or tier; the problem says why not. */
export function checkName(key: TextNode, problems: Problems): boolean {
  const { text } = key;
  const reason = reasonAgainst(text);
  if (reason === undefined) return true;
  const foreign = /[^\p{ASCII}]/u.exec(text);
  if (foreign !== null) {
    const code = `U+${(foreign[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    problems.add("look-alike-character", placeOf(key, foreign.index), {
      message: `'${foreign[0]}' (${code}) cannot stand in a name; names use the letters a to z`,
      found: foreign[0],
    });
  } else {
    problems.add("bad-name", placeOf(key), { message: `'${text.slice(0, 80)}' ${reason}`, found: text.slice(0, 80) });
  }
  return false;
}

function reasonAgainst(text: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(text)) return "is not an identifier";
  if (text.length > nameLengthMax) return `is longer than ${nameLengthMax} characters`;
  if (reservedWords.has(text) || functionNames.includes(text)) return "is a word of the language";
  if (prototypeNames.has(text)) return "is reserved by the programming languages that read our results";
  return undefined;
}

/** The title of a name that was given none: `late_dispatch_rate` -> `Late dispatch rate`. */
export function defaultTitle(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
