/** Panel schemas that the fixtures of this folder are checked against. */
import { present } from "../../data/foundation/index.ts";
import type { Measure, PanelSchema } from "../../data/panel/index.ts";

function flow(name: string, unit: Measure["unit"] = "count"): Measure {
  return { name, kind: "flow", unit, decimals: unit === "money" ? 2 : 0, title: name };
}

const weekly: PanelSchema = {
  entity: "seller",
  grain: "week",
  firstPeriod: 2600,
  lastPeriod: 2651,
  currency: "USD",
  gmvMeasure: "gmv",
  ordersMeasure: "orders",
  measures: [
    ...["late", "due", "low_reviews", "reviews", "rating_sum", "orders", "visits"].map((name) => flow(name)),
    flow("gmv", "money"),
    { name: "response_rate", kind: "level", unit: "share", decimals: 4, title: "Response rate" },
    { name: "followers", kind: "level", unit: "count", decimals: 0, title: "Followers" },
  ],
  attributes: [
    { name: "opened_on", scope: "entity", type: "day", title: "Opened on" },
    { name: "region", scope: "entity", type: "text", values: ["north", "far south"], title: "Region" },
  ],
  events: [{ name: "violation", title: "Violation" }],
  outcomes: [],
  assignedTiers: [],
  knownAt: 18600,
};

const whole: PanelSchema = {
  ...weekly,
  grain: "day",
  firstPeriod: 18200,
  lastPeriod: 18600,
  measures: [
    ...weekly.measures,
    flow("warnings_read"),
    { name: "response_hours", kind: "level", unit: "number", decimals: 1, title: "Response hours" },
  ],
  attributes: [
    ...weekly.attributes,
    { name: "market", scope: "entity", type: "text", values: ["BR", "MX", "far south"], title: "Market" },
    { name: "category", scope: "row", type: "text", values: ["books", "toys"], title: "Category" },
    { name: "warned_on", scope: "entity", type: "text", values: [], title: "Warned on" },
    { name: "warning_day", scope: "entity", type: "day", title: "Warning day" },
  ],
  events: [
    { name: "violation", title: "Violation", fields: ["severity", "type", "buyer"], points: true },
    { name: "warning", title: "Warning" },
    { name: "warning_day", title: "Warning day" },
    { name: "appeal_granted", title: "Appeal granted", fields: ["about"] },
    { name: "quiz_passed", title: "Quiz passed" },
    { name: "guarantee_paid", title: "Guarantee paid" },
  ],
};

const panels: ReadonlyMap<string, PanelSchema> = new Map([
  ["weekly", weekly],
  [
    "priced",
    {
      ...weekly,
      rates: [
        { to: "EUR", dated: [{ day: 18_190, rate: 0.9 }] },
        { to: "GBP", dated: [{ day: 18_300, rate: 0.8 }] },
      ],
    },
  ],
  ["whole", whole],
  ["monthly", { ...weekly, grain: "month", firstPeriod: 24240, lastPeriod: 24251 }],
  ["daily", { ...weekly, grain: "day", firstPeriod: 18200, lastPeriod: 18600 }],
]);

/** The schema of a named panel. */
export function panelCalled(name: string): PanelSchema {
  return present(panels.get(name), `panel ${name}`);
}
