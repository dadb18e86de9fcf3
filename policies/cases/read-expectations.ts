/** What a case expects at its evaluation dates, each value held to what the policy calls so. */
import { nearestName } from "../../data/foundation/index.ts";
import {
  asMap,
  asText,
  type ListNode,
  type MapEntry,
  type MapNode,
  placeOf,
  readPhrase,
  type TextNode,
  tierNames,
  type ValueUnit,
} from "../language/index.ts";
import { type Expectation, type Expected, type ExpectedValue, isStateKey, type StateKey, stateKeys } from "./case-file.ts";
import { type ReadContext, readDay, refuseCurrency } from "./read-context.ts";
import { readWrittenNumber } from "./written-number.ts";

/** Rules of movement that can decide, by the words of the trace. */
export const movementReasons: readonly string[] = [
  "terminal",
  "unrated",
  "first evaluation",
  "same tier",
  "counting up",
  "counting down",
  "promoted",
  "demoted",
  "hold",
  "shield",
  "protect",
];

/** Reads the list under `expect`. */
export function readExpectations(list: ListNode, context: ReadContext): readonly Expectation[] {
  if (list.items.length === 0) {
    context.problems.add("wrong-shape", placeOf(list), {
      message: "a case expects something at one date at least",
      cure: "Add '- { on: 2024-01-08, tier: gold }' or the like.",
    });
  }
  return list.items.flatMap((item) => {
    const map = asMap(item, context.problems, "an expectation");
    const expectation = map === undefined ? undefined : readExpectation(map, context);
    return expectation === undefined ? [] : [expectation];
  });
}

function readExpectation(map: MapNode, context: ReadContext): Expectation | undefined {
  const { problems } = context;
  const when = map.entries.find(({ key }) => key.text === "on");
  if (when === undefined) {
    problems.add("missing-key", placeOf(map), {
      message: "an expectation lacks 'on'",
      expected: "on",
      cure: "Add 'on: ' with an evaluation date.",
    });
  }
  const claims = map.entries
    .filter((entry) => entry !== when)
    .flatMap((entry) => {
      const claim = readClaim(entry, context);
      return claim === undefined ? [] : [claim];
    });
  const node = when === undefined ? undefined : asText(when.value, problems, "'on'");
  const on = node === undefined ? undefined : readDay(node, problems);
  if (node !== undefined && map.entries.length === 1) {
    problems.add("missing-key", placeOf(map), {
      message: "nothing is expected on this day",
      expected: "tier",
      cure: "Add 'tier: gold' or the like.",
    });
  }
  return on === undefined || node === undefined ? undefined : { on, place: placeOf(node), claims };
}

function readClaim({ key, value }: MapEntry, context: ReadContext): ExpectedValue | undefined {
  const node = asText(value, context.problems, `'${key.text}'`);
  if (node === undefined) return undefined;
  const expected = isStateKey(key.text) ? readState(key.text, node, context) : readNamed(key, node, context);
  return expected === undefined ? undefined : { name: key.text, place: placeOf(node), words: node.text, value: expected };
}

function readState(key: StateKey, node: TextNode, { policy, problems }: ReadContext): Expected | undefined {
  switch (key) {
    case "tier":
    case "merited":
      return oneOf(node, tierNames(policy), "unknown-tier", (found) => `the policy has no tier '${found}'`, problems);
    case "reason":
      return oneOf(node, movementReasons, "unknown-name", (found) => `no rule of movement is called '${found}'`, problems);
    case "promote_count":
    case "demote_count":
      if (/^\d{1,6}$/.test(node.text)) return { kind: "count", count: Number(node.text) };
      problems.add("bad-form", placeOf(node), {
        message: `'${key}' is a whole number`,
        found: node.text.slice(0, 40),
        expected: "2",
        cure: "Write how many evaluations in a row stood on that side.",
      });
      return undefined;
    case "shielded":
      return readTruth(node, ["true", "false"], problems);
  }
}

function readNamed(key: TextNode, node: TextNode, context: ReadContext): Expected | undefined {
  const { policy, problems } = context;
  if (policy.conditions.some(({ name }) => name === key.text)) return readTruth(node, ["true", "false", "unknown"], problems);
  const metric = policy.metrics.find(({ name }) => name === key.text);
  const ledger = policy.ledgers.find(({ name }) => name === key.text);
  const score = policy.scores.find(({ name }) => name === key.text);
  if (metric === undefined && ledger === undefined && score === undefined) {
    refuseName(key, context);
    return undefined;
  }
  if (node.text === "missing") return { kind: "missing" };
  if (node.text === "unknown" || node.text === "true" || node.text === "false") {
    problems.add("type-mismatch", placeOf(node), {
      message: `'${key.text}' is a number, not a condition`,
      found: node.text,
      expected: "a number, or missing",
      cure: node.text === "unknown" ? "Write 'missing'." : "Write a number.",
    });
    return undefined;
  }
  if (metric?.kind === "largest") return { kind: "text", text: node.text };
  const unit = metric?.unit ?? ledger?.unit ?? "number";
  const number = readPhrase(node, problems, (cursor) => readWrittenNumber(cursor, example(unit)));
  if (number === undefined) return undefined;
  if (!fits(number.unit, unit)) {
    problems.add("unit-mismatch", placeOf(node), {
      message: `'${key.text}' is in ${unit}, and '${node.text}' in ${number.unit}`,
      found: node.text,
      expected: example(unit),
      cure: `Write it like '${example(unit)}'.`,
    });
    return undefined;
  }
  const currency = unit === "money" ? (metric?.currency ?? ledger?.currency ?? context.currency) : undefined;
  refuseCurrency(node, { found: number.currency, expected: currency, what: `'${key.text}'` }, problems);
  return { kind: "number", number };
}

/** A total whose unit the policy leaves open may be money or points. */
function fits(written: ValueUnit, unit: ValueUnit): boolean {
  if (written === unit || written === "number") return written === unit || unit === "count";
  return unit === "number" || unit === "count" ? written !== "share" && written !== "date" : false;
}

function example(unit: ValueUnit): string {
  switch (unit) {
    case "share":
      return "4.35 %";
    case "money":
      return "300.50 USD";
    case "points":
    case "days":
    case "hours":
      return `3 ${unit}`;
    case "date":
    case "count":
    case "number":
      return "12";
  }
}

function readTruth(node: TextNode, words: readonly string[], problems: ReadContext["problems"]): Expected | undefined {
  if (node.text === "true" || node.text === "false") return { kind: "truth", isTrue: node.text === "true" };
  if (node.text === "unknown" && words.includes("unknown")) return { kind: "unknown" };
  problems.add("type-mismatch", placeOf(node), {
    message: `'${node.text.slice(0, 40)}' is no answer to a yes-or-no question`,
    found: node.text.slice(0, 40),
    expected: words.join(", "),
    cure: `Write ${words.join(" or ")}.`,
  });
  return undefined;
}

function oneOf(
  node: TextNode,
  known: readonly string[],
  code: "unknown-tier" | "unknown-name",
  say: (found: string) => string,
  problems: ReadContext["problems"],
): Expected | undefined {
  if (known.includes(node.text)) return { kind: "text", text: node.text };
  const found = node.text.slice(0, 80);
  problems.add(code, placeOf(node), { message: say(found), found, expected: known.join(", "), near: nearestName(found, known) });
  return undefined;
}

function refuseName(key: TextNode, { policy, problems }: ReadContext): void {
  const sections = [policy.metrics, policy.scores, policy.ledgers, policy.conditions];
  const known = [...stateKeys, ...sections.flatMap((section) => section.map(({ name }) => name))];
  problems.add("unknown-name", placeOf(key), {
    message: `the policy computes nothing called '${key.text.slice(0, 80)}'`,
    found: key.text.slice(0, 80),
    expected: known.join(", "),
    near: nearestName(key.text, known),
  });
}
