/** The `ledgers` section: points from events and evaluations. */
import { type CheckContext, checkExpression, computedScope, type Definition, eventScope } from "./check-context.ts";
import { type DocumentNode, placeOf, type TextNode } from "./document.ts";
import type { Constant, Expression } from "./expression.ts";
import { asMap, type Fields, fieldsOf } from "./fields.ts";
import { defaultTitle } from "./names.ts";
import { locatedConstant, readBounds, readCounted } from "./operands.ts";
import { readPhrase } from "./phrase.ts";
import { located } from "./places.ts";
import type { Ledger, LedgerLine } from "./policy.ts";
import { readConstant } from "./quantity.ts";
import { readCalendarDates } from "./read-calendar.ts";
import { readDuration } from "./window.ts";

/** Ledgers in file order; units stand as those of their start until they are inferred. */
export function checkLedgers(definitions: readonly Definition[], context: CheckContext): readonly Ledger[] {
  return definitions.flatMap((definition) => checkLedger(definition, context) ?? []);
}

function checkLedger({ name, key, value }: Definition, context: CheckContext): Ledger | undefined {
  const { problems } = context;
  const map = asMap(value, problems, `ledger '${name}'`);
  if (map === undefined) return undefined;
  const fields = fieldsOf(map, "ledger", `ledger '${name}'`, problems);
  const start = readAmountConstant(fields, "start", "0 points", context);
  const list = fields.list("lines");
  const lines = (list?.items ?? []).flatMap((item) => checkLine(item, context) ?? []);
  const bounds = fields.text("within");
  const within = bounds === undefined ? undefined : readPhrase(bounds, problems, (cursor) => readBounds(cursor, bounds, context));
  const takeBack = readTakeBack(fields, lines, context);
  const lasts = readLasts(fields, name, context);
  if (list !== undefined && list.items.length === 0)
    problems.add("missing-key", placeOf(list), {
      message: `ledger '${name}' has no line`,
      cure: "Say what adds to it or deducts from it.",
    });
  if (start === undefined || list === undefined) return undefined;
  const ledger: Ledger = {
    name,
    title: fields.text("title")?.text ?? defaultTitle(name),
    unit: "points",
    start,
    lines,
    ...(takeBack === undefined ? {} : { takeBack }),
    lasts,
    ...(within === undefined ? {} : { within: located(within, bounds === undefined ? placeOf(map) : placeOf(bounds)) }),
  };
  return located(ledger, placeOf(key));
}

function readAmountConstant(fields: Fields, key: string, form: string, context: CheckContext): Constant | undefined {
  const node = fields.text(key);
  if (node === undefined) return undefined;
  return readPhrase(node, context.problems, (cursor) => locatedConstant(readConstant(cursor, form), node, context, cursor));
}

function checkLine(item: DocumentNode, context: CheckContext): LedgerLine | undefined {
  const { problems } = context;
  const map = asMap(item, problems, "a line of a ledger");
  if (map === undefined) return undefined;
  const before = problems.count;
  const fields = fieldsOf(map, "line", "a line of a ledger", problems);
  exactlyOne(fields, ["each", "when event"], "says what it is made for", context);
  const sign = exactlyOne(fields, ["add", "deduct"], "adds or deducts", context) === "deduct" ? -1 : 1;
  const event = fields.phrase("when event", (cursor) => cursor.expectName("the name of an event", "violation").text);
  const scope = computedScope(context, "a line of a ledger");
  const whenNode = fields.text("when");
  const when = whenNode === undefined ? undefined : checkExpression(whenNode, "condition", scope, problems);
  const amountNode = fields.text(sign === 1 ? "add" : "deduct");
  const eventful: typeof scope =
    event === undefined ? scope : { ...scope, event: "prefixed", allowed: new Set([...scope.allowed, "event"]) };
  const amount = amountNode === undefined ? undefined : checkExpression(amountNode, "number", eventful, problems);
  const atMost = readAmountConstant(fields, "at most", "800 points", context);
  const whereNode = fields.text("where");
  const where = whereNode === undefined ? undefined : checkExpression(whereNode, "condition", eventScope(context), problems);
  if (whereNode !== undefined && event === undefined) {
    problems.add("conflicting-keys", placeOf(whereNode), {
      message: "'where' asks about an event, and this line is not made for events",
      found: "where",
      cure: "Ask about the entity with 'when', or make the line for events with 'when event'.",
    });
  }
  const each = fields.text("each");
  const source = event !== undefined ? ({ kind: "event", event } as const) : each === undefined ? undefined : readEach(each, context);
  if (source === undefined || amount === undefined || problems.count > before) return undefined;
  const common = {
    ...(when === undefined ? {} : { when }),
    amount,
    sign,
    ...(atMost === undefined ? {} : { atMost }),
  } as const;
  return located<LedgerLine>(
    source.kind === "event" ? { ...source, ...(where === undefined ? {} : { where }), ...common } : { ...source, ...common },
    placeOf(map),
  );
}

/** Which of two keys is there; neither and both are problems. */
function exactlyOne(fields: Fields, keys: readonly [string, string], what: string, { problems }: CheckContext): string | undefined {
  const [first, second] = keys.map((key) => fields.entry(key));
  if (first !== undefined && second !== undefined) {
    problems.add("conflicting-keys", placeOf(second.key), {
      message: `a line has '${keys[0]}' or '${keys[1]}', not both`,
      found: keys[1],
    });
  }
  if (first === undefined && second === undefined) {
    problems.add("missing-key", fields.place, {
      message: `a line of a ledger ${what} with '${keys[0]}' or '${keys[1]}'`,
      expected: keys.join(" or "),
      cure: `Add '${keys[0]}:' or '${keys[1]}:'.`,
    });
  }
  return first === undefined ? (second === undefined ? undefined : keys[1]) : keys[0];
}

type Each =
  | Pick<Extract<LedgerLine, { kind: "date" }>, "kind" | "each">
  | { readonly kind: "volume"; readonly of: Expression; readonly count: Constant };

/** `Monday`, `day 1 of month`; or `200 orders`. */
function readEach(node: TextNode, context: CheckContext): Each | undefined {
  return readPhrase(node, context.problems, (cursor): Each => {
    const calendar = readCalendarDates(cursor);
    if (calendar !== undefined) return { kind: "date", each: located(calendar, placeOf(node)) };
    return { kind: "volume", ...readCounted(cursor, node, context, "200 fulfilled_orders") };
  });
}

function readTakeBack(fields: Fields, lines: readonly LedgerLine[], { problems }: CheckContext): Ledger["takeBack"] {
  const map = fields.map("take back");
  if (map === undefined) return undefined;
  const own = fieldsOf(map, "takeBack", "'take back'", problems);
  const event = own.phrase("when event", (cursor) => cursor.expectName("the name of an event", "appeal_granted").text);
  const of = own.phrase("of", (cursor) => cursor.expectName("the name of an event", "violation").text);
  if (event === undefined || of === undefined) return undefined;
  if (!lines.some((line) => line.kind === "event" && line.event === of)) {
    problems.add("unknown-name", placeOf(own.entry("of")?.value ?? map), {
      message: `no line of the ledger is made for events of kind '${of}', so there is nothing to take back`,
      found: of,
      cure: "Name a kind of event that a line of this ledger is made for.",
    });
  }
  return located({ event, of }, placeOf(map));
}

function readLasts(fields: Fields, name: string, context: CheckContext): Ledger["lasts"] {
  const { problems } = context;
  const reset = fields.text("reset");
  if (reset !== undefined && fields.entry("expire") !== undefined) {
    problems.add("conflicting-keys", placeOf(reset), {
      message: `ledger '${name}' has 'expire' and 'reset'`,
      found: "reset",
      cure: "Keep one of the two: an entry ends in one way.",
    });
  }
  const count = fields.phrase("expire", (cursor) => {
    cursor.expectWord(["after"], "after 180 days");
    return readDuration(cursor);
  });
  if (count !== undefined) return { kind: "days", count };
  const calendar =
    reset === undefined
      ? undefined
      : readPhrase(reset, problems, (cursor) => {
          const dates = readCalendarDates(cursor);
          if (dates !== undefined) return dates;
          return cursor.fail("bad-form", cursor.peek(), {
            message: `'${cursor.peek().text}' is not a date that comes again`,
            found: cursor.peek().text,
            expected: "Monday, day 1 of month, first Monday of quarter",
          });
        });
  return calendar === undefined || reset === undefined ? { kind: "ever" } : { kind: "until", calendar: located(calendar, placeOf(reset)) };
}
