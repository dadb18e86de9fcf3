/** Words of a command as a shell takes them. */

/**
 * The text as one word: in single quotes when it holds what a shell would read.
 *
 * @example
 * ["seller-performance@1.0.0", "my policies/it's.yaml"].map(shellWord)
 * // => ["seller-performance@1.0.0", "'my policies/it'\\''s.yaml'"]
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
