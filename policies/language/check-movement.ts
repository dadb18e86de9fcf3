/** The `movement` section. */
import type { CheckContext } from "./check-context.ts";
import { checkTierName } from "./check-tiers.ts";
import { type MapNode, placeOf } from "./document.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import { readCounted } from "./operands.ts";
import { readPhrase } from "./phrase.ts";
import { located } from "./places.ts";
import type { Movement, Step, Tier } from "./policy.ts";
import { readCalendar } from "./read-calendar.ts";
import { readDuration } from "./window.ts";

const evaluationsMax = 1000;

/** How the merited tier becomes the held one. */
export function checkMovement(
  map: MapNode,
  tiers: readonly Tier[],
  otherwise: string | undefined,
  context: CheckContext,
): Movement | undefined {
  const { problems } = context;
  const fields = fieldsOf(map, "movement", "'movement'", problems);
  const evaluateNode = fields.text("evaluate");
  const evaluate = fields.phrase("evaluate", readCalendar);
  const startNode = fields.text("start");
  const names = [...tiers.map((tier) => tier.name), ...(otherwise === undefined ? [] : [otherwise])];
  const start = startNode === undefined ? undefined : checkTierName(startNode, names, context);
  const promote = readStep(fields, "promote", context);
  const demote = readStep(fields, "demote", context);
  const shield = readShield(fields, context);
  if (shield !== undefined && tiers.length > 0 && tiers.every((tier) => tier.adverse)) {
    problems.add("no-refuge", placeOf(fields.entry("shield")?.key ?? map), {
      message: "every tier of the ladder is adverse, so the shield has nowhere to hold an entity",
    });
  }
  const protect = readProtect(fields, tiers, context);
  if (evaluate === undefined || evaluateNode === undefined) return undefined;
  return located(
    {
      evaluate: located(evaluate, placeOf(evaluateNode)),
      ...(start === undefined ? {} : { start }),
      promote,
      demote,
      ...(shield === undefined ? {} : { shield }),
      ...(protect === undefined ? {} : { protect }),
    },
    placeOf(map),
  );
}

function readStep(fields: Fields, key: "promote" | "demote", { problems }: CheckContext): Step {
  const map = fields.map(key);
  if (map === undefined) return { after: 1 };
  const step = fieldsOf(map, "move", `'${key}'`, problems);
  if (map.entries.length === 0)
    problems.add("missing-key", placeOf(map), {
      message: `'${key}' says nothing`,
      expected: "after, by",
      cure: `Leave '${key}' out for: after 1 evaluation, any number of tiers.`,
    });
  const after = step.phrase("after", (cursor) => {
    const token = cursor.peek();
    const count = cursor.expectCount("a number of evaluations", "2 evaluations");
    if (count > evaluationsMax) cursor.fail("out-of-range", token, { message: `at most ${evaluationsMax} evaluations`, found: token.text });
    cursor.expectWord([count === 1 ? "evaluation" : "evaluations"], "2 evaluations");
    return count;
  });
  const by = step.phrase("by", (cursor) => {
    const count = cursor.expectCount("a number of tiers", "1 tier");
    cursor.expectWord([count === 1 ? "tier" : "tiers"], "1 tier");
    return count;
  });
  return { after: after ?? 1, ...(by === undefined ? {} : { by }) };
}

function readShield(fields: Fields, { problems }: CheckContext): Movement["shield"] {
  const map = fields.map("shield");
  if (map === undefined) return undefined;
  const shield = fieldsOf(map, "shield", "'shield'", problems);
  const days = shield.phrase("for", readDuration);
  const since = shield.phrase("since", (cursor) => cursor.expectName("the name of a day attribute", "opened_on").text);
  if (days === undefined || since === undefined) return undefined;
  return located({ days, since }, placeOf(map));
}

function readProtect(fields: Fields, tiers: readonly Tier[], context: CheckContext): Movement["protect"] {
  const { problems } = context;
  const map = fields.map("protect");
  if (map === undefined) return undefined;
  const own = fieldsOf(map, "protect", "'protect'", problems);
  const event = own.phrase("when event", (cursor) => cursor.expectName("the name of an event", "guarantee_paid").text);
  const tierNode = own.text("show at least");
  const names = tiers.map((tier) => tier.name);
  const tier = tierNode === undefined ? undefined : checkTierName(tierNode, names, context);
  const days = own.phrase("for", readDuration);
  const untilNode = own.text("until");
  const until =
    untilNode === undefined
      ? undefined
      : readPhrase(untilNode, problems, (cursor) => readCounted(cursor, untilNode, context, "10 affected_sales"));
  if (own.entry("for") === undefined && own.entry("until") === undefined) {
    problems.add("missing-key", placeOf(map), {
      message: "'protect' never ends",
      expected: "for, until",
      cure: "Add 'for: 120 days', 'until: 10 affected_sales' or both.",
    });
  }
  if (event === undefined || tier === undefined) return undefined;
  return located({ event, tier, ...(days === undefined ? {} : { days }), ...(until === undefined ? {} : { until }) }, placeOf(map));
}
