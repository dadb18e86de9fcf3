/** What a page says where a later dataset bears the name of the one that it is about. */
import { template } from "./handlebars.ts";
import type { NewerDataset } from "./summaries.ts";

const answerOpens = '<section id="answer" tabindex="-1">\n';

/**
 * The page of a report that is older than its data, as it is sent: the kept page is one for all time, and the sentence is put above its
 * answer. A page without an answer stays as it is.
 */
export function withNewerDataset(html: string, newer: NewerDataset): string {
  return html.replace(answerOpens, () => answerOpens + template("newer-dataset")(newer));
}
