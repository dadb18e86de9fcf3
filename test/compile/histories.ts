/** Small panels for tests of the kernels. */
import { type Grain, parseDay, periodOf } from "../../data/foundation/index.ts";
import { type Measure, type OutcomeFrame, type Panel, type PanelSchema, panelFromRows } from "../../data/panel/index.ts";
import { compilePolicy, type RunOptions } from "../../policies/compile/index.ts";
import type { Policy } from "../../policies/language/index.ts";

/** One entity's values by measure, one number a period from `starting`; null is a missing level. */
export interface History {
  readonly measures: Readonly<Record<string, readonly (number | null)[]>>;
  /** Any day of the first period. Default 2024-01-01, a Monday. */
  readonly starting?: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** Row by row: the attribute `category`, which is dated with the row. */
  readonly categories?: readonly (string | undefined)[];
  readonly events?: readonly TestEvent[];
}

/** A dated fact; without an id it gets one by its position. */
export interface TestEvent {
  readonly kind: string;
  readonly day?: string;
  readonly known: string;
  readonly id?: string;
  readonly points?: number;
  readonly fields?: Readonly<Record<string, string>>;
}

/** What tests vary about a panel. */
export interface PanelOptions {
  readonly grain?: Grain;
  /** Names of levels; `name/2` is stored in hundredths, `name/money` in minor units. */
  readonly levels?: readonly string[];
  readonly chunkEntities?: number;
  /** Any day of the panel's first and last period. Default: what the histories need. */
  readonly first?: string;
  readonly last?: string;
}

/** A panel of named entities. A measure name may carry `/2` (decimals) or `/money`. */
export function panelOf(histories: Readonly<Record<string, History>>, options: PanelOptions = {}): Panel {
  const { grain = "week", levels = [] } = options;
  const list = Object.entries(histories);
  const firstOf = (history: History) => periodAt(grain, history.starting ?? "2024-01-01");
  const lengthOf = (history: History) => Math.max(...Object.values(history.measures).map((values) => values.length));
  const names = [...new Set(list.flatMap(([, history]) => Object.keys(history.measures)))];
  const schema: PanelSchema = {
    entity: "seller",
    grain,
    firstPeriod: options.first === undefined ? Math.min(...list.map(([, history]) => firstOf(history))) : periodAt(grain, options.first),
    lastPeriod:
      options.last === undefined
        ? Math.max(...list.map(([, history]) => firstOf(history) + lengthOf(history) - 1))
        : periodAt(grain, options.last),
    knownAt: dayAt("2030-01-01"),
    currency: "EUR",
    ...(names.includes("gmv/money") ? { gmvMeasure: "gmv" } : {}),
    measures: names.map((name) => measureOf(name, levels.includes(name))),
    attributes: [
      { name: "opened_on", scope: "entity", type: "day", title: "Opened on" },
      { name: "region", scope: "entity", type: "text", title: "Region" },
      { name: "category", scope: "row", type: "text", title: "Category" },
    ],
    events: [
      { name: "violation", title: "Violation", fields: ["severity", "topic"], points: true },
      { name: "warning", title: "Warning", fields: ["about", "severity", "topic"], points: true },
      { name: "appeal_granted", title: "Appeal granted", fields: ["about"] },
    ],
    outcomes: [],
    assignedTiers: [],
  };
  return panelFromRows({
    schema,
    rows: list.flatMap(([entity, history]) =>
      Array.from({ length: lengthOf(history) }, (_, index) => ({
        entity,
        period: firstOf(history) + index,
        measures: Object.fromEntries(
          Object.entries(history.measures).map(([name, values]) => [name.split("/")[0] ?? name, values[index] ?? undefined]),
        ),
        attributes: { ...history.attributes, category: history.categories?.[index] },
      })),
    ),
    events: list.flatMap(([entity, history]) =>
      (history.events ?? []).map((event, index) => ({
        entity,
        kind: event.kind,
        day: dayAt(event.day ?? event.known),
        knownDay: dayAt(event.known),
        id: event.id ?? `${entity}-${index}`,
        ...(event.points === undefined ? {} : { points: event.points }),
        ...(event.fields === undefined ? {} : { fields: event.fields }),
      })),
    ),
    ...(options.chunkEntities === undefined ? {} : { chunkEntities: options.chunkEntities }),
  });
}

/** Runs a policy over the panel's first chunk. */
export function runOn(policy: Policy, panel: Panel, options?: RunOptions): OutcomeFrame {
  return compilePolicy(policy, panel.schema).run(panel.readChunk(0), options);
}

/** A column of one entity's frame, NaN as null so that it reads well. */
export function columnOn(policy: Policy, panel: Panel, name: string): (number | null)[] {
  const column = runOn(policy, panel, { columns: [name] }).columns.get(name) ?? [];
  return Array.from(column, (number) => (Number.isNaN(number) ? null : number));
}

/** Tier names row by row; `.` is not in the frame. */
export function tiersOn(policy: Policy, codes: Int8Array): string[] {
  const names = [...policy.tiers.map(({ name }) => name), policy.otherwise ?? ""];
  return Array.from(codes, (code) => names[code] ?? ".");
}

/** A day that the test writes. */
export function dayAt(text: string): number {
  const day = parseDay(text);
  if (day === undefined) throw new RangeError(text);
  return day;
}

/** The period that holds a day. */
export function periodAt(grain: Grain, text: string): number {
  return periodOf(grain, dayAt(text));
}

function measureOf(name: string, level: boolean): Measure {
  const [plain = name, form] = name.split("/");
  const money = form === "money";
  const decimals = money ? 2 : Number(form ?? 0);
  return { name: plain, kind: level ? "level" : "flow", unit: money ? "money" : "count", decimals, title: plain };
}
