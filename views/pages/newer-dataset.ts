/** What a page says where a later dataset bears the name of the one that it is about. */
import { template } from "./handlebars.ts";
import type { NewerDataset } from "./summaries.ts";

const scope = /<p class="scope">[^<]*<\/p>\n/;

/**
 * The page of a report that is older than its data, as it is sent: the kept page is one for all time, and the sentence is put under its
 * answer. A page without an answer stays as it is.
 */
export function withNewerDataset(html: string, newer: NewerDataset): string {
  return html.replace(scope, (said) => said + template("newer-dataset")(newer));
}
