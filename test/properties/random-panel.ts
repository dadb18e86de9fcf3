/**
 * Random histories: small counts that hit thresholds exactly, missing levels and texts, empty periods, late entry, re-entry; events
 * known late, several on one day, before the first period, with and without fields and points, and about each other.
 */
import { type Grain, lastDayOf, parseDay, periodOf } from "../../data/foundation/index.ts";
import type { EventFact, Measure, PanelSchema, PlainPanel, PlainRow, RateTable } from "../../data/panel/index.ts";
import type { Draw } from "./draw.ts";
import { eventFields, eventKinds, events, fieldTexts } from "./random-events.ts";
import { attributeTexts } from "./random-parameters.ts";

const measures: readonly Measure[] = [
  { name: "orders", kind: "flow", unit: "count", decimals: 0, title: "Orders" },
  { name: "due", kind: "flow", unit: "count", decimals: 0, title: "Due dispatches" },
  { name: "late", kind: "flow", unit: "count", decimals: 0, title: "Late dispatches", partOf: "due" },
  { name: "reviews", kind: "flow", unit: "count", decimals: 0, title: "Reviews" },
  { name: "hours", kind: "flow", unit: "hours", decimals: 2, title: "Handling hours" },
  { name: "gmv", kind: "flow", unit: "money", decimals: 2, title: "Sales" },
  { name: "rating", kind: "level", unit: "number", decimals: 2, title: "Rating", carryPeriods: 2 },
  { name: "response", kind: "level", unit: "share", decimals: 3, title: "Response rate", carryPeriods: 0 },
  { name: "balance", kind: "level", unit: "money", decimals: 2, title: "Balance", carryPeriods: 1 },
];

const [region, category] = attributeTexts;

/** The schema that random policies are written for. */
export function randomSchema(grain: Grain): PanelSchema {
  const first = periodOf(grain, parseDay("2023-10-20") ?? 0);
  const last = first + { day: 60, week: 26, month: 18 }[grain];
  return {
    entity: "seller",
    grain,
    firstPeriod: first,
    lastPeriod: last,
    currency: "EUR",
    rates: [{ to: "USD", dated: ratesAfter(lastDayOf(grain, first)) }],
    gmvMeasure: "gmv",
    ordersMeasure: "orders",
    measures,
    attributes: [
      { name: "region", scope: "entity", type: "text", values: region.values, title: "Region" },
      { name: "size", scope: "entity", type: "number", title: "Size" },
      { name: "opened_on", scope: "entity", type: "day", title: "Opened on" },
      { name: "category", scope: "row", type: "text", values: category.values, title: "Category" },
      { name: "verified_on", scope: "row", type: "day", title: "Verified on" },
    ],
    events,
    outcomes: [],
    assignedTiers: [],
    knownAt: lastDayOf(grain, last) + 60,
  };
}

/** From the first period's last day on: halves of a hundredth, many decimals, within a period, on its last day. */
function ratesAfter(day: number): RateTable["dated"] {
  return [
    { day, rate: 1.0835 },
    { day: day + 21, rate: 0.5 },
    { day: day + 30, rate: 0.285 },
    { day: day + 62, rate: 123.456_789 },
  ];
}

// The second comes after the third in order of code units, before it in order of code points, which is that of events of one day.
const idStarts = ["", "\uFF21", "\u{1F600}"] as const;

/** Rows and events of one to five entities. */
export function drawPlainPanel(draw: Draw, schema: PanelSchema): PlainPanel {
  const rows: PlainRow[] = [];
  const facts: EventFact[] = [];
  const longest = { day: 45, week: 20, month: 14 }[schema.grain];
  for (const entity of draw.list(1, 5, (index) => `e${index}`)) {
    const entry = schema.firstPeriod + draw.integer(0, 6);
    const length = draw.integer(1, longest);
    const entryDay = lastDayOf(schema.grain, entry);
    const fixed = drawEntityAttributes(draw, entryDay);
    const absent = draw.pick([100, 4, 2]);
    for (let offset = 0; offset < length && entry + offset <= schema.lastPeriod; offset++) {
      if (offset > 0 && draw.chance(absent)) continue;
      rows.push(drawRow(draw, entity, entry + offset, fixed, entryDay));
    }
    const days = lastDayOf(schema.grain, entry + length) - entryDay;
    const many = draw.pick([0, 3, 8, 14, 20]);
    for (let index = 0; index < many; index++)
      facts.push(drawEvent(draw, `${idStarts[index % 3]}${entity}-${index}`, { entity, entryDay, days, facts }));
  }
  return { schema, rows, events: facts };
}

interface Life {
  readonly entity: string;
  readonly entryDay: number;
  readonly days: number;
  /** Events drawn before, of this entity and others. */
  readonly facts: readonly EventFact[];
}

function drawEvent(draw: Draw, id: string, { entity, entryDay, days, facts }: Life): EventFact {
  const before = facts.filter((fact) => fact.entity === entity);
  const previous = before.at(-1);
  const fresh = entryDay - 20 + draw.integer(0, days + 25);
  const day = previous !== undefined && draw.chance(3) ? previous.day : fresh;
  const kind = draw.pick([...eventKinds, "violation", "appeal", "quiz"]);
  // Mostly about what a ledger may hold entries for; sometimes about another entity's event, or nothing.
  const idsOf = (...kinds: readonly string[]): readonly string[] => before.flatMap((fact) => (kinds.includes(fact.kind) ? [fact.id] : []));
  const counted = [...idsOf("violation"), ...idsOf("violation", "defect", "guarantee")];
  const about = draw.pick(counted.length === 0 || draw.chance(4) ? [...before.map((fact) => fact.id), "e0-0", "nothing", ""] : counted);
  const fields = eventFields(kind).map((name) => [name, name === "about" ? about : draw.pick([...(fieldTexts[name] ?? []), ""])] as const);
  const carries = events.find(({ name }) => name === kind)?.points === true && !draw.chance(8);
  return {
    entity,
    kind,
    day,
    knownDay: day + draw.pick([0, 0, 1, 7, 30]),
    id,
    ...(carries ? { points: draw.pick([1, 2, 4, 0.5, 0, 8]) } : {}),
    ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields.filter(([, value]) => value !== "")) }),
  };
}

function drawEntityAttributes(draw: Draw, entryDay: number): PlainRow["attributes"] {
  return {
    region: draw.pick([...region.values, undefined, "north"]),
    size: draw.pick([undefined, 1, 2, 50]),
    opened_on: draw.pick([undefined, entryDay, entryDay - 31, entryDay - 400, entryDay + 20, entryDay - 7]),
  };
}

function drawRow(draw: Draw, entity: string, period: number, fixed: PlainRow["attributes"], entryDay: number): PlainRow {
  const due = draw.pick([0, 0, 1, 2, 4, 5, 8, 10]);
  return {
    entity,
    period,
    measures: {
      orders: draw.pick([0, 1, 2, 3, 5, 10, 20]),
      due,
      late: draw.integer(0, Math.min(due, 2)),
      reviews: draw.integer(0, 3),
      hours: draw.pick([0, 25, 50, 100, 1250, 333]),
      gmv: draw.pick([0, 100, 999, 12_345, 1_000_000]),
      rating: draw.pick([undefined, 450, 400, 375, 500]),
      response: draw.pick([undefined, 950, 1000, 100, 250]),
      balance: draw.pick([undefined, 0, -500, 100, 10_050]),
    },
    attributes: {
      ...fixed,
      category: draw.pick([undefined, ...category.values]),
      verified_on: draw.pick([undefined, undefined, entryDay, entryDay + 30]),
    },
  };
}
