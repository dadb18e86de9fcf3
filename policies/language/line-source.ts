/** What the lines of a ledger are made for: by which the entries of one version find their line in the next. */
import { unreachable } from "../../data/foundation/index.ts";
import { constantValues, type Ledger, type LedgerLine, type Policy } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { printDates } from "./read-calendar.ts";

/** What one line is made for, whether it adds or deducts. Lines of one ledger have different texts. */
export interface LineSource {
  readonly text: string;
  readonly sign: 1 | -1;
}

/**
 * The sources of a ledger's lines, in file order: the dates, the volume or the event with `where`, as written. Of lines that are made for
 * the same, the first is that line's first, and so on. A parameter that says how large a volume is counts with its numbers.
 */
export function lineSources(policy: Policy, { lines }: Ledger): readonly LineSource[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const text = `${line.sign === 1 ? "add" : "deduct"} ${occasionOf(policy, line)}`;
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return { text: count === 1 ? text : `${text} (${count})`, sign: line.sign };
  });
}

function occasionOf(policy: Policy, line: LedgerLine): string {
  switch (line.kind) {
    case "date":
      return `each ${printDates(line.each)}`;
    case "volume":
      return `each ${constantValues(policy, line.count).join(" or ")} of ${printExpression(line.of)}`;
    case "event":
      return `when event ${line.event}${line.where === undefined ? "" : ` where ${printExpression(line.where)}`}`;
    default:
      return unreachable(line);
  }
}
