/** What axe finds on a page by the rules of WCAG 2.2, levels A and AA. */
import axe from "axe-core";
import type { Page } from "playwright-core";

const options = JSON.stringify({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** A line a fault: rule, what it asks for, where. Empty where there are none. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // As text of the page's own world: an added script would break the policy that pages are served under.
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as { readonly violations: readonly Violation[] };
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}: ${failureSummary}`),
  );
}
