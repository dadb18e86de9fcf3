/** The keys of a file of cases. */
import type { Grain } from "../../data/foundation/index.ts";
import type { Shape } from "../language/index.ts";

const history: Shape[string] = { required: true, holds: "list", about: "Stretches of equal periods, in order of time." };
const events: Shape[string] = { holds: "list", about: "Dated facts, each under the name of its kind." };
const attributes: Shape[string] = { holds: "map", about: "What is fixed for the entity: texts and days." };

export const caseShapes = {
  file: {
    programme: { required: true, holds: "text", form: "seller-performance", about: "That of the policy." },
    version: { required: true, holds: "text", form: "1.0.0", about: "That of the policy." },
    grain: { required: true, holds: "text", form: "week", about: "day, week or month: how long a period is." },
    levels: { holds: "list", about: "Measures that are levels. Default: all are flows." },
    units: { holds: "map", about: "Units of measures that are no counts: money, share, points, days, hours, number." },
    currency: { holds: "text", form: "BRL", about: "Of money. Default: that of the policy." },
    rates: { holds: "list", about: "Rates from the currency to those that the policy reads amounts in." },
    cases: { required: true, holds: "list", about: "The stories." },
  },
  rate: {
    date: { required: true, holds: "text", form: "2024-01-01", about: "The day from which it stands, until the next one's." },
    to: { required: true, holds: "text", form: "USD", about: "The other currency." },
    rate: { required: true, holds: "text", form: "0.2", about: "How much of it one unit of the cases' currency is." },
  },
  case: {
    name: { required: true, holds: "text", form: "Exactly at 10 % gives a point", about: "What it shows." },
    because: { holds: "text", form: "the published words", about: "Where the expectation comes from." },
    attributes,
    history,
    events,
    peers: { holds: "list", about: "Further entities, for ranks and medians." },
    expect: { required: true, holds: "list", about: "Evaluation dates, each with what is expected there." },
  },
  peer: { attributes, history, events },
} as const satisfies Record<string, Shape>;

/** Keys of one stretch of history: its period or its run of periods, and what is measured. */
export function stretchShape(grain: Grain, names: readonly string[]): Shape {
  return {
    [grain]: { holds: "text", form: "2024-01-07", about: "A day of the period." },
    [`${grain}s`]: { holds: "text", form: "2024-01-07 to 2024-03-31", about: "Days of the first and the last of a run of equal periods." },
    ...optional(names),
  };
}

/** Keys that may all be left out. */
export function optional(names: readonly string[]): Shape {
  return Object.fromEntries(names.map((name) => [name, { holds: "text", about: "" }]));
}
