/**
 * Windows whose rows depend on the history itself, as kernel code: those chosen by name, and those that reach back until a volume is
 * there. Once they are chosen, sums, rows and events are read from the plain windows, or by going through the rows.
 */
import { present } from "../../data/foundation/index.ts";
import { type Constant, namesRead, type PlainWindow, type Window } from "../language/checked/index.ts";
import type { ExactOperand, Truth } from "./kernel-writer.ts";
import type { Names } from "./names.ts";
import { constantCode, fixedValue } from "./write-constant.ts";
import { type SumOf, valueCode, writeExact } from "./write-exact.ts";
import { compareNumbers } from "./write-expression.ts";
import type { CodeRange } from "./write-window.ts";

type ByVolume = Extract<Window, { kind: "volume" }>;

/** Sums of flows over a window, each the integer that is stored. */
export function sumsOver(names: Names, over: Window): SumOf {
  return (measure) => {
    if (over.kind === "named") return namedSum(names, over.name, measure);
    return over.kind === "volume" ? volumeSum(names, over, measure) : names.windows.sum(over, measure);
  };
}

/** The rows of a window, for code that goes through them itself and adds these flows up there. */
export function rowsOf(names: Names, over: Window, flows: readonly string[] = []): CodeRange {
  const { windows } = names;
  if (over.kind === "named") return chosenRange(names, over.name, "rows", (window) => windows.rows(window, flows));
  if (over.kind !== "volume") return windows.rows(over, flows);
  windows.scans(flows, undefined);
  return { first: volumeFirst(names, over), last: "row" };
}

/** The events of a window, all kinds; the end is one past the last. */
export function eventsOf(names: Names, over: Window): CodeRange {
  const { writer, windows, plan } = names;
  if (over.kind === "named") return chosenRange(names, over.name, "events", (window) => windows.events(window));
  if (over.kind !== "volume") return windows.events(over);
  const { first: earliest, last } = windows.events({ kind: "lifetime" });
  const first = writer.once(`events ${JSON.stringify(over)}`, () => {
    const from = writer.fresh();
    const day = writer.keep(`${writer.table(plan.firstDay)}[${volumeFirst(names, over)} + offset]`);
    writer.write(`let ${from} = ${last}; while (${from} > ${earliest} && eventKnownDay[${from} - 1] >= ${day}) ${from} -= 1;`);
    return from;
  });
  return { first, last };
}

/** Code that is true while nobody can say which window it is; undefined when that cannot happen. */
export function unchosen(names: Names, over: Window): string | undefined {
  if (over.kind === "volume") {
    const read = namesRead(over.of, "parameter").map((name): Constant => ({ kind: "reference", to: "parameter", name }));
    const unsure = [over.count, ...read].filter((constant) => fixedValue(names.policy, constant) === undefined);
    if (unsure.length === 0) return undefined;
    return unsure
      .map((constant) => constantCode(names, constant))
      .map((code) => `${code} !== ${code}`)
      .join(" || ");
  }
  if (over.kind !== "named") return undefined;
  const { yes, no } = choiceOf(names, over.name);
  return `!(${yes} || ${no})`;
}

function namedWindow({ policy }: Names, name: string) {
  return present(
    policy.windows.find((window) => window.name === name),
    `window ${name}`,
  );
}

/** Whether it is the first of the two windows: decided once an evaluation. */
function choiceOf(names: Names, name: string): Truth {
  const { writer } = names;
  const { of, over, operator, count } = namedWindow(names, name).when;
  const volume = writer.once(`volume of window ${name}`, () => writer.keep(valueCode(writeExact(names, of, sumsOver(names, over)))));
  const { yes, no } = compareNumbers(operator, volume, constantCode(names, count));
  return {
    yes: writer.once(`window ${name}`, () => writer.keep(yes)),
    no: writer.once(`window not ${name}`, () => writer.keep(no)),
  };
}

function namedSum(names: Names, name: string, measure: string): ExactOperand {
  const { writer, windows } = names;
  const { then, otherwise } = namedWindow(names, name);
  const [first, second] = [windows.sum(then, measure), windows.sum(otherwise, measure)];
  const { yes } = choiceOf(names, name);
  const code = writer.once(`sum ${measure} in window ${name}`, () => writer.keep(`${yes} ? ${first.code} : ${second.code}`));
  return { code, scale: first.scale };
}

function chosenRange(names: Names, name: string, what: string, rangeOf: (window: PlainWindow) => CodeRange): CodeRange {
  const { writer } = names;
  const { then, otherwise } = namedWindow(names, name);
  const [first, second] = [rangeOf(then), rangeOf(otherwise)];
  const { yes } = choiceOf(names, name);
  const pick = (end: "first" | "last") =>
    writer.once(`${end} of ${what} in window ${name}`, () => writer.keep(`${yes} ? ${first[end]} : ${second[end]}`));
  return { first: pick("first"), last: pick("last") };
}

/** The first row of a window by volume: back from the row at hand until there is enough, or to the entity's first. */
function volumeFirst(names: Names, over: ByVolume): string {
  const { writer, windows } = names;
  return writer.once(`first ${JSON.stringify(over)}`, () => {
    const count = constantCode(names, over.count);
    const flows = namesRead(over.of, "measure");
    windows.scans(flows, undefined);
    const sums = new Map(flows.map((name) => [name, writer.fresh()]));
    const first = writer.fresh();
    writer.write(`let ${[`${first} = row`, ...[...sums.values()].map((sum) => `${sum} = 0`)].join(", ")};`);
    const body = writer.block(() => {
      for (const [name, sum] of sums) writer.write(`${sum} += m${windows.measure(name).index}[${first}];`);
      const volume = writeExact(names, over.of, (name) => ({ code: present(sums.get(name), name), scale: windows.measure(name).scale }));
      writer.write(`if (${valueCode(volume)} >= ${count} || !(${count} > 0) || ${first} === begin) break;`);
    });
    writer.write(`for (; ; ${first}--) { ${body} }`);
    return first;
  });
}

function volumeSum(names: Names, over: ByVolume, measure: string): ExactOperand {
  const { writer, windows } = names;
  const { index, scale } = windows.measure(measure);
  const code = writer.once(`sum ${measure} ${JSON.stringify(over)}`, () => {
    windows.scans([measure], undefined);
    const first = volumeFirst(names, over);
    const [sum, at] = [writer.fresh(), writer.fresh()];
    writer.write(`let ${sum} = 0; for (let ${at} = ${first}; ${at} <= row; ${at}++) ${sum} += m${index}[${at}];`);
    return sum;
  });
  return { code, scale };
}
