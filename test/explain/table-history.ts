/** Tiny histories as the tables of this folder write them. */
import { type Grain, periodOf } from "../../data/foundation/index.ts";
import { type Measure, type Panel, type PanelSchema, panelFromRows } from "../../data/panel/index.ts";
import type { EntityHistory, HistoryEvent } from "../../policies/explain/index.ts";
import { dayOfTable } from "./table-policy.ts";

/** One entity. A list is one value a period, oldest first; a single value holds for all of them. */
export interface TableHistory {
  readonly grain?: Grain;
  /** Any day of the first period. Default 2024-01-07, the Sunday of a week from Monday 2024-01-01. */
  readonly from?: string;
  readonly rows?: Readonly<Record<string, readonly (number | null)[]>>;
  readonly attributes?: Readonly<Record<string, string | readonly (string | null)[] | null>>;
  /** The first key is the kind, its value the day; `known` is that day unless written. */
  readonly events?: readonly TableEvent[];
}

type TableEvent = Readonly<Record<string, string | number>>;

const flows = ["orders", "cancelled", "sales"];
const levels = ["hours", "code"];

/** What every history of these tables is about. `hours` is a level in tenths, `gmv` money. */
export function tableSchema(grain: Grain = "week"): PanelSchema {
  const measure = (name: string, kind: "flow" | "level"): Measure => ({ name, kind, unit: "count", decimals: 0, title: name });
  return {
    entity: "seller",
    grain,
    firstPeriod: periodOf(grain, dayOfTable("2023-01-01")),
    lastPeriod: periodOf(grain, dayOfTable("2025-12-31")),
    currency: "USD",
    measures: [
      ...flows.map((name) => measure(name, "flow")),
      ...levels.map((name) => ({ ...measure(name, "level"), decimals: name === "hours" ? 1 : 0 })),
      { name: "gmv", kind: "flow", unit: "money", decimals: 2, title: "gmv" },
    ],
    attributes: [
      { name: "market", scope: "row", type: "text", values: ["BR", "MX", "US"], title: "market" },
      { name: "category", scope: "row", type: "text", values: ["toys", "books", "art"], title: "category" },
      { name: "opened_on", scope: "entity", type: "day", title: "opened on" },
    ],
    events: ["violation", "appeal_granted", "quiz_passed", "guarantee_paid"].map((name) => ({ name, title: name.replaceAll("_", " ") })),
    outcomes: [],
    assignedTiers: [],
    knownAt: dayOfTable("2026-01-01"),
  };
}

/** The history of one entity. Measures that the row does not name are 0. */
export function tableHistory(table: TableHistory, entity = "a"): EntityHistory {
  const { grain = "week", from = "2024-01-07", rows = {}, attributes = {}, events = [] } = table;
  const first = periodOf(grain, dayOfTable(from));
  const length = Math.max(...Object.values(rows).map((values) => values.length));
  const measureNames = [...flows, ...levels, "gmv"];
  return {
    entity,
    rows: Array.from({ length }, (_, index) => ({
      period: first + index,
      measures: Object.fromEntries(measureNames.map((name) => [name, (rows[name] === undefined ? 0 : rows[name][index]) ?? undefined])),
      attributes: Object.fromEntries(
        ["market", "category", "opened_on"].map((name) => {
          const given = attributes[name];
          const value = Array.isArray(given) ? (given as readonly string[])[index] : (given as string | undefined);
          return [name, name === "opened_on" && value !== undefined && value !== null ? dayOfTable(value) : (value ?? undefined)];
        }),
      ),
    })),
    events: events.map(tableEvent),
  };
}

/** The same histories as columns, for the kernels. */
export function tablePanel(schema: PanelSchema, histories: readonly EntityHistory[]): Panel {
  const fields = [...new Set(["about", ...histories.flatMap(({ events }) => events.flatMap((event) => Object.keys(event.fields)))])];
  return panelFromRows({
    schema: { ...schema, events: schema.events.map((event) => ({ ...event, fields, points: true })) },
    rows: histories.flatMap(({ entity, rows }) => rows.map((row) => ({ entity, ...row }))),
    events: histories.flatMap(({ entity, events }) =>
      events.map(({ points, ...event }) => ({ entity, ...event, ...(points === undefined ? {} : { points }) })),
    ),
  });
}

function tableEvent(row: TableEvent, index: number): HistoryEvent {
  const [[kind, first] = ["", ""], ...rest] = Object.entries(row);
  const day = String(first);
  const { known, points, id, ...fields } = Object.fromEntries(rest);
  return {
    kind,
    day: dayOfTable(day),
    knownDay: dayOfTable(String(known ?? day)),
    points: typeof points === "number" ? points : undefined,
    id: typeof id === "string" ? id : `e${index}`,
    fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
  };
}
