/** What printed pages carry at their foot, as a style sheet: browsers print page boxes. */

/** The parts as plain words, which are all that reaches the sheet, and page / pages. */
export function printFoot(...parts: readonly string[]): string {
  const plain = (words: string) => words.replace(/[^\w .+@-]/g, "").slice(0, 120);
  const words = ["Counterweight", ...parts.map(plain)].join(" · ");
  const face = 'font: 7.4pt "Helvetica Neue", Arial, "Liberation Sans", sans-serif; color: #555;';
  return `@page { @bottom-left { content: "${words}"; ${face} } @bottom-right { content: counter(page) " / " counter(pages); ${face} } }`;
}
