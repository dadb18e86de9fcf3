/** The events that an evaluation sees, in their order, and what an expression reads of one of them. */
import { byCodePoints, type Day, lastDayOf, present } from "../../data/foundation/index.ts";
import type { Expression } from "../language/index.ts";
import type { EntityHistory } from "./entity-history.ts";
import type { EvaluationPoint, NumberedEvent } from "./evaluation-point.ts";
import { evaluateExpression, type Lookup } from "./expression-nodes.ts";
import type { DaySpan } from "./window-days.ts";

/** The entity's events by known day, then id (code points), each with the how manieth of its kind it is. */
export function numberEvents({ events }: EntityHistory): readonly NumberedEvent[] {
  const ordered = events.toSorted((a, b) => a.knownDay - b.knownDay || byCodePoints(a.id, b.id));
  return ordered.map((event, index) => ({
    ...event,
    number: ordered.slice(0, index + 1).filter(({ kind }) => kind === event.kind).length,
  }));
}

/** The last day that the evaluation knows of: the end of the period that it is recorded on. */
export function seenTo({ schema, history, rowIndex }: EvaluationPoint): Day {
  return lastDayOf(schema.grain, present(history.rows[rowIndex], "row").period);
}

/** Everything known up to the evaluation, oldest first. */
export function seenEvents(point: EvaluationPoint): readonly NumberedEvent[] {
  return point.events.filter(({ knownDay }) => knownDay <= seenTo(point));
}

/** What this evaluation sees and the one before did not. */
export function newlySeenEvents(point: EvaluationPoint): readonly NumberedEvent[] {
  const { seenTo: before } = point.before;
  return seenEvents(point).filter(({ knownDay }) => before === undefined || knownDay > before);
}

/** The seen events of a kind that became known inside the span and for which `where` is true. */
export function eventsInside(
  { event, where }: { readonly event: string; readonly where?: Expression },
  span: DaySpan,
  point: EvaluationPoint,
  lookup: Lookup,
): readonly NumberedEvent[] {
  return seenEvents(point).filter(
    (seen) => seen.kind === event && seen.knownDay >= span.from && seen.knownDay <= span.to && holdsOf(where, lookupOfEvent(seen, lookup)),
  );
}

/** The same names, and those of the event at hand. */
export function lookupOfEvent(event: NumberedEvent, lookup: Lookup): Lookup {
  return (to, name) => {
    if (to !== "event") return lookup(to, name);
    if (name === "points") return event.points;
    if (name === "number") return event.number;
    const text = event.fields[name];
    return text === "" ? undefined : text;
  };
}

/** Whether a condition is true; without one it is. Unknown is not true. */
export function holdsOf(condition: Expression | undefined, lookup: Lookup): boolean {
  return condition === undefined || evaluateExpression(condition, lookup) === true;
}

/** The latest seen event of a kind. */
export function latestEvent(kind: string, point: EvaluationPoint): NumberedEvent | undefined {
  return seenEvents(point).findLast((event) => event.kind === kind);
}
