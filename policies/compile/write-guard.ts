/** Whether a policy's protection is active, as kernel code. */
import { present } from "../../data/foundation/index.ts";
import { type Movement, namesRead } from "../language/checked/index.ts";
import type { Names } from "./names.ts";
import { constantCode } from "./write-constant.ts";
import { valueCode, writeExact } from "./write-exact.ts";

/**
 * Writes the code of 1 while an event that is known protects, else 0. Events are tried from the latest back: none of those before one
 * whose days are over protects either, and each takes in the rows of the one after it, so every row is added once.
 */
export function writeGuard(names: Names, { event: kind, days, until }: Required<Movement>["protect"]): string {
  const { writer, windows, events } = names;
  const { last } = windows.events({ kind: "lifetime" });
  const flows = until === undefined ? [] : namesRead(until.of, "measure");
  windows.scans(flows, undefined);
  const count = until === undefined ? "0" : constantCode(names, until.count);
  const sums = new Map(flows.map((name) => [name, writer.fresh()]));
  const [active, event, from] = [writer.fresh(), writer.fresh(), writer.fresh()];
  const state = [`${active} = 0`, `${from} = row + 1`, ...[...sums.values()].map((sum) => `${sum} = 0`)];
  writer.write(`let ${state.join(", ")};`);
  const body = writer.block(() => {
    if (days !== undefined) writer.write(`if (!(day < eventKnownDay[${event}] + ${days})) break;`);
    if (until === undefined) {
      writer.write(`${active} = 1;`);
      return;
    }
    writer.reads("eventPeriod");
    const first = writer.keep(`Math.max(begin, eventPeriod[${event}] + 1 - offset)`);
    const add = [...sums].map(([name, sum]) => `${sum} += m${windows.measure(name).index}[${from}];`).join(" ");
    writer.write(`while (${from} > ${first}) { ${from} -= 1; ${add} }`);
    const sum = writeExact(names, until.of, (name) => ({ code: present(sums.get(name), name), scale: windows.measure(name).scale }));
    writer.write(`if (${valueCode(sum)} < ${count}) ${active} = 1;`);
  });
  writer.write(
    `for (let ${event} = ${last} - 1; ${event} >= eventFirst[entity] && ${active} === 0; ${event}--) { if (eventKind[${event}] === ${events.kind(kind)}) { ${body} } }`,
  );
  return active;
}
