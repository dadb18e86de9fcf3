/** One case of meaning.yaml: its policy as a whole text, and its history as a panel. */
import { type Grain, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import {
  type EventFact,
  type EventKind,
  type Measure,
  type Panel,
  type PanelSchema,
  type PlainRow,
  panelFromRows,
  type RateTable,
  type Unit,
} from "../../data/panel/index.ts";

/** What an entity has, one value a period. */
interface Life {
  readonly rows?: Readonly<Record<string, readonly (number | null)[]>>;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly texts?: Readonly<Record<string, readonly (string | null)[]>>;
  readonly events?: readonly Readonly<Record<string, string | number>>[];
  /** Periods that nobody reported, counted from the first. */
  readonly gaps?: readonly number[];
}

/** A row of meaning.yaml, as its head says. */
export interface MeaningCase extends Life {
  readonly covers: string;
  readonly why: string;
  readonly policy: string;
  /** Version 1.0.0, when the policy extends it. */
  readonly parent?: string;
  readonly grain?: Grain;
  /** Any day of the entities' first period. */
  readonly starting?: string;
  /** Any day of the panel's first and last period; by default what the entities need. */
  readonly first?: string;
  readonly last?: string;
  /** How many empty periods each level is carried over. */
  readonly levels?: Readonly<Record<string, number>>;
  readonly units?: Readonly<Record<string, Unit>>;
  /** Rates from EUR by currency and day. */
  readonly rates?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly regions?: readonly string[];
  readonly others?: Readonly<Record<string, Life>>;
  readonly expect?: Readonly<Record<string, readonly (number | string | boolean | null)[]>>;
  readonly refuses?: { readonly code: string; readonly at: string };
  readonly reads?: Readonly<Record<string, unknown>>;
  readonly prints?: string;
}

const fields = ["severity", "type", "buyer", "about"] as const;
const eventKinds: readonly EventKind[] = [
  { name: "violation", title: "Violation", fields: ["severity", "type", "buyer"], points: true },
  { name: "credit", title: "Credit", points: true },
  { name: "defect", title: "Defect", fields: ["buyer"] },
  { name: "appeal_granted", title: "Appeal granted", fields: ["about"] },
  { name: "quiz_passed", title: "Quiz passed" },
  { name: "guarantee_paid", title: "Guarantee paid" },
];

/** What a policy needs beside the sections that a case is about. */
const usual = (grain: Grain): Readonly<Record<string, string>> => ({
  programme: "programme: meaning",
  version: "version: 1.0.0",
  title: "title: Meaning",
  entity: "entity: seller",
  rationale: "rationale: One row of the table.",
  tiers: "tiers:\n  - any: {}",
  movement: `movement:\n  evaluate: every ${grain}`,
});

/** The sections, and after them what is lacking; so lines and columns are those of the sections. A version that extends is whole. */
export function wholePolicy(sections: string, grain: Grain): string {
  if (/^extends:/m.test(sections)) return sections;
  const lacking = Object.entries(usual(grain)).filter(([key]) => !new RegExp(`^${key}:`, "m").test(sections));
  return [sections.trimEnd(), ...lacking.map(([, text]) => text), ""].join("\n");
}

/** The case's entities, `a` first; undefined for a case without a history. */
export function panelOfCase(row: MeaningCase): Panel | undefined {
  if (row.rows === undefined) return undefined;
  const { grain = "week", starting = "2024-01-01" } = row;
  const lives = Object.entries({ a: row, ...row.others });
  const first = periodOf(grain, dayOf(starting));
  const length = Math.max(...lives.map(([, life]) => lengthOf(life)));
  const schema: PanelSchema = {
    entity: "seller",
    grain,
    firstPeriod: row.first === undefined ? first : periodOf(grain, dayOf(row.first)),
    lastPeriod: row.last === undefined ? first + length - 1 : periodOf(grain, dayOf(row.last)),
    currency: "EUR",
    ...(row.rates === undefined ? {} : { rates: ratesOf(row.rates) }),
    measures: measuresOf(row, lives),
    attributes: [
      { name: "opened_on", scope: "entity", type: "day", title: "Opened on" },
      { name: "region", scope: "entity", type: "text", title: "Region", values: row.regions ?? ["north", "south"] },
      { name: "category", scope: "row", type: "text", title: "Category", values: ["toys", "books"] },
    ],
    events: eventKinds,
    outcomes: [],
    assignedTiers: [],
    knownAt: dayOf("2030-01-01"),
  };
  return panelFromRows({
    schema,
    rows: lives.flatMap(([entity, life]) => rowsOf(entity, life, first)),
    events: lives.flatMap(([entity, life]) => (life.events ?? []).map((event) => factOf(entity, event))),
  });
}

function ratesOf(rates: NonNullable<MeaningCase["rates"]>): readonly RateTable[] {
  return Object.entries(rates).map(([to, dated]) => ({
    to,
    dated: Object.entries(dated).map(([day, rate]) => ({ day: dayOf(day), rate })),
  }));
}

function lengthOf({ rows = {} }: Life): number {
  return Math.max(...Object.values(rows).map((values) => values.length));
}

function measuresOf({ levels = {}, units = {} }: MeaningCase, lives: readonly (readonly [string, Life])[]): readonly Measure[] {
  const names = new Set(lives.flatMap(([, life]) => Object.keys(life.rows ?? {})));
  return [...names].map((name) => {
    const carryPeriods = levels[name];
    return {
      name,
      kind: carryPeriods === undefined ? "flow" : "level",
      unit: units[name] ?? "count",
      decimals: 0,
      title: name,
      ...(carryPeriods === undefined ? {} : { carryPeriods }),
    };
  });
}

function rowsOf(entity: string, life: Life, first: number): readonly PlainRow[] {
  const indices = Array.from({ length: lengthOf(life) }, (_, index) => index).filter((index) => life.gaps?.includes(index) !== true);
  return indices.map((index) => ({
    entity,
    period: first + index,
    measures: at(life.rows ?? {}, index),
    attributes: { ...life.attributes, ...at(life.texts ?? {}, index) },
  }));
}

function at<T>(columns: Readonly<Record<string, readonly (T | null)[]>>, index: number): Readonly<Record<string, T | undefined>> {
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[index] ?? undefined]));
}

function factOf(entity: string, event: Readonly<Record<string, string | number>>): EventFact {
  const kind = present(eventKinds.find(({ name }) => name in event)?.name, `the kind of ${JSON.stringify(event)}`);
  const day = dayOf(String(event[kind]));
  const { known, points } = event;
  const carried = fields.flatMap((name) => (event[name] === undefined ? [] : [[name, String(event[name])] as const]));
  return {
    entity,
    kind,
    day,
    knownDay: known === undefined ? day : dayOf(String(known)),
    id: String(event["id"]),
    ...(points === undefined ? {} : { points: Number(points) }),
    ...(carried.length === 0 ? {} : { fields: Object.fromEntries(carried) }),
  };
}

function dayOf(text: string): number {
  return present(parseDay(text), text);
}
