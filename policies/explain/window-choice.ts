/** Which stretch of history a window is at one evaluation: plain ones as they are written, the others chosen by volume. */
import { firstDayOf, formatDay, lastDayOf, present, unreachable } from "../../data/foundation/index.ts";
import type { Comparison, NamedWindow, PlainWindow, Window } from "../language/index.ts";
import { constantAt } from "./constant.ts";
import type { HistoryRow } from "./entity-history.ts";
import type { EvaluationPoint } from "./evaluation-point.ts";
import type { Lookup } from "./expression-nodes.ts";
import { operandNumber } from "./operand-value.ts";
import { comparisonWords, sayExpression, unitOf } from "./say-expression.ts";
import { sayNumber } from "./say-number.ts";
import { sayPlainWindow } from "./say-window.ts";
import type { WindowTrace } from "./trace.ts";
import { type DaySpan, rowsInside, windowDays } from "./window-days.ts";

/** A window's rows, oldest first, and its days: those of its first period's start to its last period's end. */
export interface ChosenWindow {
  readonly rows: readonly HistoryRow[];
  readonly span: DaySpan;
  readonly trace: WindowTrace;
}

/** The window at an evaluation; undefined when the number that it is chosen by is missing. */
export function chooseWindow(window: Window, point: EvaluationPoint, lookup: Lookup): ChosenWindow | undefined {
  switch (window.kind) {
    case "named": {
      const named = point.policy.windows.find(({ name }) => name === window.name);
      return chooseNamed(present(named, `window ${window.name}`), point, lookup);
    }
    case "volume":
      return chooseByVolume(window, point, lookup);
    case "days":
    case "periods":
    case "calendar":
    case "lifetime":
      return plainWindow(window, point);
    default:
      return unreachable(window);
  }
}

function plainWindow(window: PlainWindow, point: EvaluationPoint): ChosenWindow {
  const { schema, history, rowIndex, on } = point;
  const span = windowDays(window, schema.grain, history, rowIndex, on);
  const rows = rowsInside(history, rowIndex, schema.grain, span);
  return { rows, span, trace: { from: formatDay(span.from), to: formatDay(span.to), periods: rows.length } };
}

function chooseNamed({ then, when, otherwise }: NamedWindow, point: EvaluationPoint, lookup: Lookup): ChosenWindow | undefined {
  const { policy, schema } = point;
  const sum = operandNumber(when.of, plainWindow(when.over, point).rows, schema, lookup);
  const count = constantAt(when.count, lookup);
  if (sum === undefined || count === undefined) return undefined;
  const holds = compares[when.operator](sum, count);
  const chosen = plainWindow(holds ? then : otherwise, point);
  const unit = unitOf(when.of, policy, schema);
  const [found, asked] = [sum, count].map((value) => sayNumber(value, unit, schema.currency));
  const claim = `${comparisonWords[when.operator]} ${asked}`;
  const words = `${sayPlainWindow(holds ? then : otherwise)}, because ${sayExpression(when.of, policy, schema)} over ${sayPlainWindow(when.over)} (${found}) ${holds ? claim : notWords(claim)}`;
  return { ...chosen, trace: { ...chosen.trace, chosen: words } };
}

/** Whole periods back from the row, itself first, until their sum reaches the count. */
function chooseByVolume(
  { of, count: asked }: Extract<Window, { kind: "volume" }>,
  point: EvaluationPoint,
  lookup: Lookup,
): ChosenWindow | undefined {
  const { policy, schema, history, rowIndex } = point;
  const count = constantAt(asked, lookup);
  if (count === undefined) return undefined;
  const seen = history.rows.slice(0, rowIndex + 1);
  let rows: readonly HistoryRow[] = [];
  let sum = 0;
  for (let length = 1; length <= seen.length; length++) {
    rows = seen.slice(-length);
    const found = operandNumber(of, rows, schema, lookup);
    if (found === undefined) return undefined;
    sum = found;
    if (count <= 0 || sum >= count) break;
  }
  const span = {
    from: firstDayOf(schema.grain, present(rows[0], "row").period),
    to: lastDayOf(schema.grain, present(rows.at(-1), "row").period),
  };
  const volume = sayExpression(of, policy, schema);
  const needed = sayNumber(count, unitOf(of, policy, schema), schema.currency);
  const chosen = sum >= count ? `back until ${volume} reached ${needed}` : `everything so far, because ${volume} has not reached ${needed}`;
  return { rows, span, trace: { from: formatDay(span.from), to: formatDay(span.to), periods: rows.length, chosen } };
}

const compares: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

/** The opposite of a claim that begins with `is`. */
function notWords(claim: string): string {
  return claim.startsWith("is not ") ? claim.replace("is not ", "is ") : claim.replace("is ", "is not ");
}
