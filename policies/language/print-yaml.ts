/** Keys and texts -> lines of YAML that read back as the same texts. */

/** A key with its text; with `flow` the text is YAML already. */
export type KeyText = readonly [key: string, text: string, form?: "flow"];

/** A YAML scalar: plain where that is safe, else in double quotes. `inFlow`: between braces or brackets. */
export function printScalar(text: string, inFlow: boolean): string {
  const isPlain =
    /^[A-Za-z0-9(_-][^\n\r\t]*$/.test(text) &&
    !/^- |^-$|^---|: |:$| #|[ ]$/.test(text) &&
    !(inFlow && /[,[\]{}]|:[,[\]{}]/.test(text)) &&
    !(inFlow && text.startsWith("-"));
  return isPlain ? text : JSON.stringify(text);
}

/** `{ key: text, .. }` on one line. */
export function flow(keys: readonly KeyText[]): string {
  return keys.length === 0 ? "{}" : `{ ${keys.map((key) => keyLine(key, true)).join(", ")} }`;
}

/** `key: text`. */
export function keyLine([key, text, form]: KeyText, inFlow = false): string {
  return `${key}: ${form === "flow" ? text : printScalar(text, inFlow)}`;
}
