/** Stretches of history: one period or a run of equal ones, with what was measured. */
import { checkLimit, formatPeriod, type PeriodIndex, periodCount, periodOf } from "../../data/foundation/index.ts";
import {
  asMap,
  asText,
  type Fields,
  fieldsOf,
  type ListNode,
  type MapNode,
  placeOf,
  readPhrase,
  type TextNode,
} from "../language/index.ts";
import type { Stretch, WrittenNumber } from "./case-file.ts";
import { type ReadContext, readDay, refuseCurrency, refuseOtherUnit, refuseUnknownKeys } from "./read-context.ts";
import { stretchShape } from "./shapes.ts";
import { decimalsOf, readWrittenNumber } from "./written-number.ts";

/** Reads the list under `history`; stretches that do not follow each other are refused. */
export function readHistory(list: ListNode, context: ReadContext): readonly Stretch[] {
  const stretches = list.items.flatMap((item) => {
    const map = asMap(item, context.problems, "a stretch of history");
    const stretch = map === undefined ? undefined : readStretch(map, context);
    return stretch === undefined ? [] : [stretch];
  });
  if (list.items.length === 0) {
    context.problems.add("wrong-shape", placeOf(list), {
      message: "a history has at least one period",
      cure: `Add '- { ${context.grain}: 2024-01-07 }'.`,
    });
  }
  refuseOverlap(stretches, context);
  refuseTooLong(stretches, context);
  return stretches;
}

function readStretch(map: MapNode, context: ReadContext): Stretch | undefined {
  const { grain, reads, units, problems } = context;
  const texts = [...reads.texts.keys()];
  const shape = stretchShape(grain, [...reads.measures, ...texts]);
  refuseUnknownKeys(map, Object.keys(shape), {
    code: "case-unread",
    say: (key) => (/^(?:day|week|month)s?$/.test(key) ? `the periods of this file are ${grain}s` : `the policy reads no measure '${key}'`),
    problems,
  });
  const fields = fieldsOf({ ...map, entries: map.entries.filter(({ key }) => key.text in shape) }, shape, "a stretch of history", problems);
  const periods = readPeriods(fields, map, context);
  const measures: Record<string, WrittenNumber> = {};
  const attributes: Record<string, string> = {};
  for (const { key, value } of map.entries) {
    const isMeasure = reads.measures.includes(key.text);
    if (!isMeasure && !texts.includes(key.text)) continue;
    const node = asText(value, problems, `'${key.text}'`);
    if (node === undefined) continue;
    if (!isMeasure) attributes[key.text] = node.text;
    else if (node.text !== "missing") {
      const number = readPhrase(node, problems, (cursor) => readWrittenNumber(cursor, `${key.text}: 12`));
      if (number === undefined) continue;
      measures[key.text] = number;
      refuseCurrency(node, { found: number.currency, expected: context.currency, what: `'${key.text}'` }, problems);
      const unit = units.get(key.text) ?? "count";
      const cure = `Write the number alone, or say under 'units' what '${key.text}' counts in.`;
      refuseOtherUnit(node, number, { name: key.text, unit, cure }, problems);
      const decimalsMax = unit === "money" ? 2 : 9;
      if (decimalsOf(number) > decimalsMax) {
        const message = `'${key.text}' is ${unit === "money" ? "money and" : "a measure and"} has at most ${decimalsMax} decimals`;
        problems.add("bad-number", placeOf(node), { message, found: node.text.slice(0, 40) });
      }
    }
  }
  return periods === undefined ? undefined : { ...periods, measures, attributes, place: placeOf(map) };
}

function readPeriods(fields: Fields, map: MapNode, { grain, problems }: ReadContext): { from: PeriodIndex; to: PeriodIndex } | undefined {
  const [one, run] = [fields.text(grain), fields.text(`${grain}s`)];
  if (one !== undefined && run !== undefined) {
    problems.add("history-overlap", placeOf(run), {
      message: `'${grain}' and '${grain}s' stand in one stretch`,
      cure: "Keep one of the two.",
    });
    return undefined;
  }
  if (one !== undefined) {
    const day = readDay(one, problems);
    return day === undefined ? undefined : { from: periodOf(grain, day), to: periodOf(grain, day) };
  }
  if (run !== undefined) return readRun(run, { grain, problems });
  if (fields.entry(grain) === undefined && fields.entry(`${grain}s`) === undefined) {
    problems.add("missing-key", placeOf(map), {
      message: `a stretch of history lacks '${grain}' or '${grain}s'`,
      expected: grain,
      cure: `Add '${grain}: 2024-01-07', or '${grain}s: 2024-01-07 to 2024-03-31': a ${grain} is named by ${grain === "day" ? "itself" : "one of its days"}.`,
    });
  }
  return undefined;
}

function readRun(
  run: TextNode,
  { grain, problems }: Pick<ReadContext, "grain" | "problems">,
): { from: PeriodIndex; to: PeriodIndex } | undefined {
  const [first = "", last, ...rest] = run.text.split(" to ");
  if (last === undefined || rest.length > 0) {
    problems.add("bad-form", placeOf(run), {
      message: `'${run.text.slice(0, 40)}' is not a run of ${grain}s`,
      found: run.text.slice(0, 40),
      expected: "2024-01-07 to 2024-03-31",
      cure: `Write two days with 'to' between them, or '${grain}:' for one ${grain}.`,
    });
    return undefined;
  }
  const from = readDay(run, problems, 0, first);
  const to = readDay(run, problems, first.length + " to ".length, last);
  if (from === undefined || to === undefined) return undefined;
  const periods = { from: periodOf(grain, from), to: periodOf(grain, to) };
  if (periods.from <= periods.to) return periods;
  problems.add("bad-range", placeOf(run), {
    message: `the run goes back in time: ${first} to ${last}`,
    cure: "Write the earlier day first.",
  });
  return undefined;
}

function refuseOverlap(stretches: readonly Stretch[], { grain, problems }: ReadContext): void {
  for (const [index, stretch] of stretches.entries()) {
    const before = stretches[index - 1];
    if (before === undefined || before.to < stretch.from) continue;
    problems.add("history-overlap", stretch.place, {
      message: `this stretch begins with the ${grain} that ends ${formatPeriod(grain, stretch.from)}, and the one before it ends ${formatPeriod(grain, before.to)}`,
      found: formatPeriod(grain, stretch.from),
      expected: `later than ${formatPeriod(grain, before.to)}`,
    });
  }
}

function refuseTooLong(stretches: readonly Stretch[], { problems }: ReadContext): void {
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (first === undefined || last === undefined || last.to < first.from) return;
  problems.push(checkLimit("chunkRowsOneEntity", periodCount(first.from, last.to), first.place));
}
