/** The `tiers` section and `otherwise`. */
import { checkLimit, nearestName } from "../../data/foundation/index.ts";
import { type CheckContext, checkExpression, computedScope } from "./check-context.ts";
import { type ListNode, type MapEntry, type MapNode, placeOf, type TextNode } from "./document.ts";
import { asMap, asText, type Fields, fieldsOf } from "./fields.ts";
import { checkName, defaultTitle } from "./names.ts";
import type { Cursor } from "./phrase.ts";
import { located } from "./places.ts";
import type { Cap, Consequences, Tier } from "./policy.ts";
import type { Problems } from "./problems.ts";
import { readLiteral } from "./quantity.ts";
import { shapes } from "./shapes.ts";
import { readDuration } from "./window.ts";

/** What tiers may do at most. */
const bounds = { traffic: 100, payoutDays: 365, ordersPerDay: 1e9 } as const;

/** The ladder as written, best first. */
export function checkTiers(list: ListNode, context: CheckContext): readonly Tier[] {
  const { problems } = context;
  const tiers: Tier[] = [];
  if (list.items.length === 0)
    problems.add("missing-key", placeOf(list), { message: "the ladder has no tier", cure: "Name at least one tier." });
  problems.push(checkLimit("policyTiers", list.items.length, placeOf(list)));
  const seen = new Map<string, TextNode>();
  for (const item of list.items) {
    const entry = singleEntry(asMap(item, problems, "a tier"), context);
    if (entry === undefined || !checkName(entry.key, problems)) continue;
    const first = seen.get(entry.key.text);
    if (first !== undefined) {
      problems.add("duplicate-tier", placeOf(entry.key), {
        message: `tier '${entry.key.text}' already stands on line ${placeOf(first).line}`,
        found: entry.key.text,
      });
      continue;
    }
    seen.set(entry.key.text, entry.key);
    const map = asMap(entry.value, problems, `tier '${entry.key.text}'`);
    if (map !== undefined) tiers.push(checkTier(entry.key, map, context));
  }
  return tiers;
}

function singleEntry(map: MapNode | undefined, { problems }: CheckContext): MapEntry | undefined {
  if (map === undefined) return undefined;
  const [entry, second] = map.entries;
  if (second === undefined) return entry;
  const isIndent = Object.hasOwn(shapes.tier, second.key.text);
  problems.add("wrong-shape", placeOf(second.key), {
    message: isIndent
      ? `'${second.key.text}' stands beside the tier's name, not under it`
      : `'${second.key.text}' is a second tier in one item`,
    found: second.key.text,
    cure: isIndent ? "Indent it further than the tier's name, or write '- name: { ... }'." : "Start every tier with '- '.",
  });
  return undefined;
}

function checkTier(key: TextNode, map: MapNode, context: CheckContext): Tier {
  const name = key.text;
  const { problems } = context;
  const fields = fieldsOf(map, "tier", `tier '${name}'`, problems);
  const node = fields.text("when");
  const scope = computedScope(context, "the condition of a tier");
  const when = node === undefined ? undefined : checkExpression(node, "condition", scope, problems);
  const holdDays = fields.phrase("hold", readDuration);
  const consequencesNode = fields.map("consequences");
  const shorten = readShorten(fields, holdDays, context);
  const replaces = (fields.list("replaces")?.items ?? []).flatMap(
    (item) => asText(item, problems, "the name of an earlier tier")?.text ?? [],
  );
  const tier: Tier = {
    name,
    title: fields.text("title")?.text ?? defaultTitle(name),
    ...(when === undefined ? {} : { when }),
    adverse: fields.flag("adverse"),
    consequences: consequencesNode === undefined ? {} : checkConsequences(consequencesNode, name, context),
    ...(holdDays === undefined ? {} : { holdDays }),
    ...(shorten === undefined ? {} : { shorten }),
    ...(replaces.length === 0 ? {} : { replaces }),
    terminal: fields.flag("terminal"),
  };
  return located(tier, placeOf(key));
}

/** Events that take days off a hold; without a hold there is nothing to shorten. */
function readShorten(fields: Fields, holdDays: number | undefined, { problems }: CheckContext): Tier["shorten"] {
  const map = fields.map("shorten");
  if (map === undefined) return undefined;
  const own = fieldsOf(map, "shorten", "'shorten'", problems);
  const event = own.phrase("when event", (cursor) => cursor.expectName("the name of an event", "quiz_passed").text);
  const days = own.phrase("by", readDuration);
  if (holdDays === undefined)
    problems.add("missing-key", placeOf(map), {
      message: "'shorten' takes days off a hold, and this tier has none",
      expected: "hold",
      cure: "Add 'hold: 28 days' or the like, or remove 'shorten'.",
    });
  return event === undefined || days === undefined ? undefined : located({ event, days }, placeOf(map));
}

/** The `caps` section. */
export function checkCaps(list: ListNode, tiers: readonly Tier[], context: CheckContext): readonly Cap[] {
  const { problems } = context;
  const names = tiers.map((tier) => tier.name);
  return list.items.flatMap((item) => {
    const map = asMap(item, problems, "a cap");
    if (map === undefined) return [];
    const fields = fieldsOf(map, "cap", "a cap", problems);
    const [tierNode, whenNode] = [fields.text("at most"), fields.text("when")];
    const tier = tierNode === undefined ? undefined : checkTierName(tierNode, names, context);
    const when =
      whenNode === undefined
        ? undefined
        : checkExpression(whenNode, "condition", computedScope(context, "the condition of a cap"), problems);
    return tier === undefined || when === undefined ? [] : [located<Cap>({ tier, when }, placeOf(map))];
  });
}

function checkConsequences(map: MapNode, tier: string, { problems }: CheckContext): Consequences {
  const fields = fieldsOf(map, "consequences", `the consequences of '${tier}'`, problems);
  const traffic = fields.phrase("traffic", (cursor) => {
    cursor.expectWord(["x"], "x 1.15");
    return plainNumber(cursor, "x 1.15", { what: "a multiplier of traffic", least: 0, most: bounds.traffic });
  });
  const payoutDays = fields.phrase("payout", (cursor) => {
    cursor.expectWord(["after"], "after 8 days");
    const days = plainNumber(cursor, "after 8 days", { what: "days until payout, whole,", least: 0, most: bounds.payoutDays, whole: true });
    cursor.expectWord(["day", "days"], "after 8 days");
    return days;
  });
  const ordersPerDayMax = fields.phrase("orders", (cursor) => {
    const form = "at most 50 a day";
    cursor.expectWord(["at"], form);
    cursor.expectWord(["most"], form);
    const orders = plainNumber(cursor, form, { what: "a cap of orders, whole,", least: 0, most: bounds.ordersPerDay, whole: true });
    cursor.expectWord(["a"], form);
    cursor.expectWord(["day"], form);
    return orders;
  });
  const fee = fields.phrase("fee", (cursor) => {
    const at = cursor.peek();
    const literal = readLiteral(cursor, "5 %");
    if (literal.unit !== "share")
      cursor.fail("unit-mismatch", at, { message: "a fee is a share of sales", expected: "5 %", cure: "Write it in %, like '5 %'." });
    if (literal.value < 0 || literal.value > 1)
      cursor.fail("out-of-range", at, { message: "a fee lies from 0 % to 100 %", found: at.text });
    return literal.value;
  });
  return {
    ...(traffic === undefined ? {} : { traffic }),
    ...(payoutDays === undefined ? {} : { payoutDays }),
    ...(ordersPerDayMax === undefined ? {} : { ordersPerDayMax }),
    ...(fee === undefined ? {} : { fee }),
  };
}

function plainNumber(
  cursor: Cursor,
  form: string,
  bound: { readonly what: string; readonly least: number; readonly most: number; readonly whole?: true },
): number {
  const token = cursor.expectNumber("a number", form);
  const value = Number(token.text);
  if (value < bound.least || value > bound.most || (bound.whole === true && !Number.isInteger(value))) {
    cursor.fail("out-of-range", token, { message: `${bound.what} lies from ${bound.least} to ${bound.most}`, found: token.text });
  }
  return value;
}

/** Whether every entity has a tier, and every tier can be merited. */
export function checkLadder(tiers: readonly Tier[], otherwise: TextNode | undefined, ladder: ListNode, { problems }: CheckContext): void {
  const open = tiers.findIndex((tier) => tier.when === undefined);
  const next = open < 0 ? undefined : tiers[open + 1];
  const openName = tiers[open]?.name ?? "";
  if (otherwise !== undefined && checkName(otherwise, problems)) {
    if (tiers.some((tier) => tier.name === otherwise.text)) {
      problems.add("duplicate-tier", placeOf(otherwise), {
        message: `'${otherwise.text}' is on the ladder; 'otherwise' names a tier off it`,
        found: otherwise.text,
      });
    } else if (open >= 0) {
      problems.add("unreachable-tier", placeOf(otherwise), {
        message: `'${otherwise.text}' is never reached: '${openName}' has no condition and takes everyone who is left`,
        found: otherwise.text,
      });
    }
  }
  const nextItem = next === undefined ? undefined : tierKey(ladder, next.name);
  if (next !== undefined) {
    problems.add("unreachable-tier", nextItem === undefined ? placeOf(ladder) : placeOf(nextItem), {
      message: `'${next.name}' is never reached: '${openName}' before it has no condition`,
      found: next.name,
    });
  }
  refuseKeptReplacements(tiers, otherwise, ladder, problems);
  const last = tiers.at(-1);
  if (last !== undefined && open < 0 && otherwise === undefined) {
    const key = tierKey(ladder, last.name);
    problems.add("not-total", key === undefined ? placeOf(ladder) : placeOf(key), {
      message: `nobody says what an entity is in that '${last.name}' does not take`,
    });
  }
}

/** What is replaced is no longer there. */
function refuseKeptReplacements(tiers: readonly Tier[], otherwise: TextNode | undefined, ladder: ListNode, problems: Problems): void {
  const names = [...tiers.map((tier) => tier.name), ...(otherwise === undefined ? [] : [otherwise.text])];
  for (const { name, replaces = [] } of tiers) {
    const kept = replaces.find((replaced) => names.includes(replaced));
    const key = tierKey(ladder, name);
    if (kept === undefined || key === undefined) continue;
    problems.add("duplicate-tier", placeOf(key), {
      message: `'${name}' replaces '${kept}', which is still there`,
      found: kept,
      cure: `Remove '${kept}' from 'replaces', or from the ladder.`,
    });
  }
}

function tierKey(ladder: ListNode, name: string): TextNode | undefined {
  for (const item of ladder.items) {
    const key = item.kind === "map" ? item.entries[0]?.key : undefined;
    if (key?.text === name) return key;
  }
  return undefined;
}

/** The tier that a text names, or a problem with the near name. */
export function checkTierName(node: TextNode, names: readonly string[], { problems }: CheckContext): string | undefined {
  if (names.includes(node.text)) return node.text;
  problems.add("unknown-tier", placeOf(node), {
    message: `no tier is called '${node.text}'`,
    found: node.text,
    expected: names.join(", "),
    near: nearestName(node.text, names),
  });
  return undefined;
}
