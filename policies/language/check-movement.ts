/** The `movement` section. */
import type { CheckContext } from "./check-context.ts";
import { checkTierName } from "./check-tiers.ts";
import { type MapNode, placeOf } from "./document.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import type { Cursor } from "./phrase.ts";
import { located } from "./places.ts";
import type { EvaluationCalendar, Movement, Step, Tier } from "./policy.ts";
import { readDuration } from "./window.ts";

/** Names of weekdays, Monday first. */
export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const units = ["day", "week", "month", "quarter"] as const;
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
  if (evaluate === undefined || evaluateNode === undefined) return undefined;
  return located(
    {
      evaluate: located(evaluate, placeOf(evaluateNode)),
      ...(start === undefined ? {} : { start }),
      promote,
      demote,
      ...(shield === undefined ? {} : { shield }),
    },
    placeOf(map),
  );
}

function readCalendar(cursor: Cursor): EvaluationCalendar {
  const form = "every week";
  const word = cursor.expectWord(["every", "day"], "every week, every Monday or day 20 of month");
  if (word === "day") {
    const token = cursor.peek();
    const dayOfMonth = cursor.expectCount("a day of the month", "day 20 of month");
    if (dayOfMonth > 31) cursor.fail("out-of-range", token, { message: "a day of the month lies from 1 to 31", found: token.text });
    cursor.expectWord(["of"], "day 20 of month");
    cursor.expectWord(["month"], "day 20 of month");
    return { kind: "day-of-month", dayOfMonth };
  }
  const name = cursor.expectWord([...units, ...weekdays], form);
  const unit = units.find((candidate) => candidate === name);
  if (unit !== undefined) return { kind: "every", unit };
  const names: readonly string[] = weekdays;
  return { kind: "weekday", weekday: names.indexOf(name) };
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
