/** Finds nesting that would overrun a YAML parser's stack, before any parser sees the text. */
import { limits } from "./limits.ts";

/**
 * Where a YAML text first nests far past the limit (by brackets, or by columns of indentation), and how deep; undefined when it does
 * not. The bound is generous, four times the limit, because a reader of nodes reports the exact place. Thousands of nested brackets
 * end a process that parses them. Cost: one pass.
 *
 * @example
 * findDeepNesting("[".repeat(200))
 * // => { offset: 128, depth: 129 }
 */
export function findDeepNesting(text: string): { readonly offset: number; readonly depth: number } | undefined {
  const most = 4 * limits.policyNestingDepth.value;
  for (let start = 0, next = 0; next !== -1; start = next + 1) {
    const indent = indentAt(text, start, 2 * most);
    if (indent > 2 * most) return { offset: start, depth: indent };
    next = text.indexOf("\n", start);
  }
  let open = 0;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset];
    if (character === "[" || character === "{") open++;
    else if ((character === "]" || character === "}") && open > 0) open--;
    if (open > most) return { offset, depth: open };
  }
  return undefined;
}

/** Columns of spaces and compact list or key marks at the start of a line; stops counting just past `most`. */
function indentAt(text: string, start: number, most: number): number {
  let at = start;
  while (at - start <= most && (text[at] === " " || (text[at + 1] === " " && "-?:".includes(text[at] ?? "x")))) at++;
  return at - start;
}
