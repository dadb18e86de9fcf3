/** What was typed into a form whose numbers can be moved: a query or a body, still unchecked. */

export type Typed = Readonly<Record<string, unknown>>;

/** Begins the name of each field that holds a number of a parameter. */
export const valuePrefix = "set.";

/** One text; the last where a field is given more than once. */
export function typedText(typed: Typed, name: string): string {
  const value = typed[name];
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === "string" ? last.trim() : "";
}

/** As typed, by parameter; without those that were left empty. */
export function typedValues(typed: Typed): Readonly<Record<string, string>> {
  const fields = Object.keys(typed).filter((name) => name.startsWith(valuePrefix) && typedText(typed, name) !== "");
  return Object.fromEntries(fields.map((name) => [name.slice(valuePrefix.length), typedText(typed, name)]));
}
