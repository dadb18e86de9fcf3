/** The days since exposure on which a metric counts, and designs in which no such days are known. */
import { type MapNode, type Problems, placeOf, readPhrase, type TextNode } from "../../../policies/language/index.ts";
import { dealtThing, type ExperimentDesign, type MetricWindow } from "./experiment-design.ts";
import { expectDays } from "./read-values.ts";

/** Two years, the day of exposure among them. */
const lastDayMost = 730;

/** `7 days`, `1 day from day 7`. Undefined when absent or faulty. */
export function readWindow(node: TextNode | undefined, problems: Problems): MetricWindow | undefined {
  if (node === undefined) return undefined;
  return readPhrase(node, problems, (cursor): MetricWindow => {
    const token = cursor.peek();
    const days = expectDays(cursor, "7 days");
    let fromDay = 0;
    if (cursor.acceptWord("from") !== undefined) {
      cursor.expectWord(["day"], "1 day from day 7");
      fromDay = cursor.expectCount("a day after that of exposure, which is day 0", "1 day from day 7");
    }
    if (fromDay + days > lastDayMost)
      cursor.fail("out-of-range", token, {
        message: `a window ends within ${lastDayMost} days of exposure`,
        found: node.text.slice(0, 80),
        cure: "Write fewer days.",
      });
    return { fromDay, days };
  });
}

/** What decides whether a unit's days since exposure are known; undefined where it could not be read. */
interface Known extends Pick<ExperimentDesign, "metrics"> {
  readonly columns: ExperimentDesign["columns"] | undefined;
  readonly assignment: ExperimentDesign["assignment"] | undefined;
  readonly weeks: number | undefined;
}

/** Adds a problem for each window that nothing could lie in. */
export function refuseWindows({ metrics, columns, assignment, weeks }: Known, map: MapNode | undefined, problems: Problems): void {
  if (map === undefined || columns === undefined || assignment === undefined) return;
  for (const { name, title, window } of metrics) {
    if (window === undefined) continue;
    const own = map.entries.find(({ key }) => key.text === name)?.value;
    const value = own?.kind === "map" ? own.entries.find(({ key }) => key.text === "window")?.value : undefined;
    const place = placeOf(value ?? map);
    const last = window.fromDay + window.days;
    if (columns.day === undefined)
      problems.add("missing-key", place, {
        message: `the window of ${title} counts days since exposure, and no column says the day of a row`,
        cure: "Add 'day:' to 'columns', and 'exposed:' where a unit's first row is not its exposure.",
      });
    else if (dealtThing({ assignment }).kind === "switchback")
      problems.add("bad-form", place, {
        message: `${title} has a window, and a switchback deals a unit anew in every span: it has no day of exposure`,
        cure: "Remove 'window'; the washout says which days of a span count.",
      });
    else if (weeks !== undefined && last > 7 * weeks)
      problems.add("out-of-range", place, {
        message: `the window of ${title} ends ${last} days after exposure begins, and the plan has ${7 * weeks} days: no unit's window would be over`,
        cure: "Plan more weeks (those in which units come in, and a window more), or a shorter window.",
      });
  }
}
