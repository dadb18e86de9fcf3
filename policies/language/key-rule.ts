/** What is said of a key of the language, and what the rules of several keys share. */

/** What a name can stand for: something that the file defines, a column or kind of event of the history, or a word of the language. */
export type NameGroup =
  | "parameter"
  | "window"
  | "metric"
  | "score"
  | "ledger"
  | "condition"
  | "tier"
  | "measure"
  | "attribute"
  | "event"
  | "field"
  | "function";

/** One key of a mapping. */
export interface KeyRule {
  readonly required?: true;
  /** What stands under it. */
  readonly holds: "text" | "map" | "list" | "text or map";
  /** What names in its text, or in the texts that it holds, may stand for: what editors offer; the checker has the last word. */
  readonly names?: readonly NameGroup[];
  /** What the keys of its mapping name, where that stands elsewhere. */
  readonly keyNames?: readonly NameGroup[];
  /** The form of a text, by example. */
  readonly form?: string;
  readonly about: string;
}

/** The keys that one mapping knows. */
export type Shape = Readonly<Record<string, KeyRule>>;

/** What an expression may read. */
export const computed: readonly NameGroup[] = ["metric", "score", "ledger", "condition", "parameter", "attribute", "function"];
/** The title that people read. */
export const titled = (form: string): KeyRule => ({ holds: "text", form, about: "For people. Default: the name with spaces." });
