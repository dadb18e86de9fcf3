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

const panels: ReadonlyMap<string, PanelSchema> = new Map([
  ["weekly", weekly],
  ["monthly", { ...weekly, grain: "month", firstPeriod: 24240, lastPeriod: 24251 }],
  ["daily", { ...weekly, grain: "day", firstPeriod: 18200, lastPeriod: 18600 }],
]);

/** The schema of a named panel. */
export function panelCalled(name: string): PanelSchema {
  return present(panels.get(name), `panel ${name}`);
}
