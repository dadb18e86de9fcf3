/** Dated facts of a case. */
import { nearestName } from "../../data/foundation/index.ts";
import { asMap, asText, type DocumentNode, type ListNode, type MapNode, placeOf, readPhrase } from "../language/index.ts";
import type { CaseEvent } from "./case-file.ts";
import { type ReadContext, readDay, refuseOtherUnit, refuseUnknownKeys } from "./read-context.ts";
import { readWrittenNumber } from "./written-number.ts";

/** Reads the list under `events`. An event without `id` is called after its kind and its place in the list: `violation 2`. */
export function readEvents(list: ListNode, context: ReadContext): readonly CaseEvent[] {
  const events = list.items.flatMap((item, index) => {
    const map = asMap(item, context.problems, "an event");
    const event = map === undefined ? undefined : readEvent(map, index, context);
    return event === undefined ? [] : [event];
  });
  refuseSharedIds(list, events, context);
  refuseUnknownAbout(list, events, context);
  return events;
}

/** The kinds that a case may hold: those that the policy reads, also where it says no more than `since`. */
export function eventKinds({ events, dayOrEvent }: ReadContext["reads"]): readonly string[] {
  return [...new Set([...events, ...dayOrEvent])];
}

function readEvent(map: MapNode, index: number, context: ReadContext): CaseEvent | undefined {
  const { problems, reads } = context;
  const kinds = eventKinds(reads);
  const facts = map.entries.filter(({ key }) => kinds.includes(key.text) && !reads.fields.includes(key.text));
  const [fact, second] = facts;
  if (fact === undefined || second !== undefined) {
    refuseKind(map, kinds, second?.key.text, context);
    return undefined;
  }
  const words = ["known", "id", ...(reads.readsPoints ? ["points"] : [])];
  refuseUnknownKeys(map, [fact.key.text, ...words, ...reads.fields], {
    code: "case-unread",
    say: (key) => `the policy reads no '${key}' of an event`,
    problems,
  });
  const texts: Record<string, string> = {};
  for (const { key, value } of map.entries) {
    const node = asText(value, problems, `'${key.text}'`);
    if (node !== undefined) texts[key.text] = node.text;
  }
  const day = dayUnder(map, fact.key.text, context);
  const known = texts["known"] === undefined ? day : dayUnder(map, "known", context);
  if (day === undefined || known === undefined) return undefined;
  if (known < day) {
    problems.add("bad-range", placeOf(map), {
      message: `an event of ${texts[fact.key.text]} cannot be known on ${texts["known"]}`,
      cure: "Let 'known' be the day itself or later.",
    });
  }
  const points = reads.readsPoints ? numberUnder(map, "points", context) : undefined;
  return {
    kind: fact.key.text,
    day,
    known,
    id: texts["id"] ?? `${fact.key.text} ${index + 1}`,
    ...(points === undefined ? {} : { points }),
    fields: Object.fromEntries(reads.fields.flatMap((name) => (texts[name] === undefined ? [] : [[name, texts[name]]]))),
  };
}

function refuseKind(map: MapNode, kinds: readonly string[], second: string | undefined, { problems }: ReadContext): void {
  if (second !== undefined) {
    const place = placeOf(map.entries.find(({ key }) => key.text === second)?.key ?? map);
    problems.add("duplicate-key", place, { message: "an event is of one kind", found: second, cure: "Write one event a line." });
    return;
  }
  const first = map.entries[0]?.key;
  problems.add("case-unread", placeOf(first ?? map), {
    message: kinds.length === 0 ? "the policy reads no events" : `the policy reads no events of kind '${first?.text ?? ""}'`,
    found: first?.text ?? "",
    expected: kinds.join(", "),
    near: nearestName(first?.text ?? "", kinds),
  });
}

function dayUnder(map: MapNode, key: string, { problems }: ReadContext): number | undefined {
  const value = valueUnder(map, key);
  return value?.kind === "text" ? readDay(value, problems) : undefined;
}

function numberUnder(map: MapNode, key: string, { problems }: ReadContext): number | undefined {
  const value = valueUnder(map, key);
  if (value?.kind !== "text") return undefined;
  const number = readPhrase(value, problems, (cursor) => readWrittenNumber(cursor, `${key}: 4`));
  if (number !== undefined)
    refuseOtherUnit(value, number, { name: key, unit: "points", cure: "Write points, or the number alone." }, problems);
  return number?.value;
}

function valueUnder(map: MapNode, key: string): DocumentNode | undefined {
  return map.entries.find((entry) => entry.key.text === key)?.value;
}

/** What is about an event that the entity does not have could take nothing back. */
function refuseUnknownAbout(list: ListNode, events: readonly CaseEvent[], { reads, problems }: ReadContext): void {
  if (!reads.fields.includes("about")) return;
  const ids = events.map(({ id }) => id);
  for (const item of list.items) {
    const about = item.kind === "map" ? valueUnder(item, "about") : undefined;
    if (about?.kind !== "text" || ids.includes(about.text)) continue;
    problems.add("unknown-name", placeOf(about), {
      message: `no event of this history has the id '${about.text.slice(0, 80)}'`,
      found: about.text.slice(0, 80),
      expected: ids.slice(0, 20).join(", "),
      near: nearestName(about.text, ids),
      cure: "Name the id of another event of the history; one without an id is called after its kind and its place, such as 'violation 2'.",
    });
  }
}

function refuseSharedIds(list: ListNode, events: readonly CaseEvent[], { problems }: ReadContext): void {
  for (const [index, { kind, id }] of events.entries()) {
    if (events.findIndex((other) => other.kind === kind && other.id === id) === index) continue;
    problems.add("duplicate-key", placeOf(list.items[index] ?? list), {
      message: `two events of kind '${kind}' have the id '${id}'`,
      found: id,
      cure: "Give each event an id of its own.",
    });
  }
}
