/** Metrics of events as kernel code: counts, different values, days since the latest. */
import type { Expression, Metric } from "../language/checked/index.ts";
import type { Names } from "./names.ts";
import { Tally } from "./tally.ts";
import { eventsOf } from "./write-chosen-window.ts";
import { writeNumber, writeTruth } from "./write-expression.ts";
import { textNamed } from "./write-text.ts";

/** Events of a kind in a window; with `alike` the most that agree in a field. */
export function writeCount(names: Names, metric: Extract<Metric, { kind: "count" }>): string {
  const { over, event, where, alike } = metric;
  const { writer, windows } = names;
  if (alike !== undefined) return writeTally(names, metric, alike, "most");
  if (where === undefined && over.kind !== "named" && over.kind !== "volume") return windows.count(over, event);
  const count = writer.fresh();
  writer.write(`let ${count} = 0;`);
  writeEach(names, metric, () => `${count} += 1;`);
  return count;
}

/** How many different texts of a field events in a window have. */
export function writeDistinct(names: Names, metric: Extract<Metric, { kind: "distinct" }>): string {
  return writeTally(names, metric, metric.field, "different");
}

/** Days from a day attribute, or from the latest event of a kind that is known. */
export function writeSince(names: Names, { from }: Extract<Metric, { kind: "since" }>): string {
  const { writer, windows, schema, events } = names;
  if (schema.attributes.some(({ name, type }) => name === from && type === "day")) {
    const day = writeNumber(names, { kind: "reference", to: "attribute", name: from });
    return writer.keep(`${day} <= day ? day - ${day} : NaN`);
  }
  const { last } = windows.events({ kind: "lifetime" });
  const [at, latest] = [writer.fresh(), writer.fresh()];
  writer.entityStatements.push(`let ${at} = eventFirst[entity]; let ${latest} = NaN;`);
  writer.write(`for (; ${at} < ${last}; ${at}++) { if (eventKind[${at}] === ${events.kind(from)}) ${latest} = eventKnownDay[${at}]; }`);
  return writer.keep(`day - ${latest}`);
}

type OfEvents = Extract<Metric, { kind: "count" | "distinct" }>;

function writeTally(names: Names, metric: OfEvents, field: string, result: "most" | "different"): string {
  const { writer } = names;
  const tally = writer.helper(new Tally());
  writer.write(`${tally}.clear();`);
  writeEach(names, metric, (event) => `${tally}.add(${textNamed({ ...names, event }, "event", field).code});`);
  return writer.keep(`${tally}.${result}()`);
}

/** Does something for every event of the window that counts. */
function writeEach(names: Names, { over, event: kind, where }: OfEvents, write: (event: string) => string): void {
  const { writer, events } = names;
  const { first, last } = eventsOf(names, over);
  const event = writer.fresh();
  const body = writer.block(() => {
    const statement = write(event);
    writer.write(where === undefined ? statement : `if (${whereTrue(names, event, where)}) ${statement}`);
  });
  writer.write(
    `for (let ${event} = ${first}; ${event} < ${last}; ${event}++) { if (eventKind[${event}] === ${events.kind(kind)}) { ${body} } }`,
  );
}

/** Code that is true where an expression is surely true of an event. */
export function whereTrue(names: Names, event: string, where: Expression): string {
  return writeTruth({ ...names, event }, where).yes;
}
