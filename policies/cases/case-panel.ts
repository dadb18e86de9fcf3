/** Cases -> panels: the columns that the policy reads, and one small panel a case. */
import { invariant, lastDayOf, type PeriodIndex, present } from "../../data/foundation/index.ts";
import { type EventFact, type Measure, type Panel, type PanelSchema, type PlainRow, panelFromRows } from "../../data/panel/index.ts";
import type { Policy } from "../language/index.ts";
import type { Case, CaseEntity, CaseFile } from "./case-file.ts";
import { type PolicyReads, policyReads } from "./policy-reads.ts";
import { eventKinds } from "./read-events.ts";
import { decimalsOf, storedInteger } from "./written-number.ts";

/**
 * The columns of all cases of a file: measures, attributes and events that the policy reads. Decimals are those that the numbers need;
 * what a `since` reads is an event when a case holds one of that name, else a day attribute. At least one case has a history.
 */
export function caseSchema(policy: Policy, file: CaseFile): PanelSchema {
  const reads = policyReads(policy);
  const entities = file.cases.flatMap((one) => one.entities);
  const stretches = entities.flatMap(({ history }) => history);
  const [first, last] = [Math.min(...stretches.map(({ from }) => from)), Math.max(...stretches.map(({ to }) => to))];
  invariant(Number.isFinite(first), "no case has a history");
  const known = entities.flatMap(({ events }) => events.map((event) => event.known));
  const measures = reads.measures.map((name) => measureOf(name, file, reads));
  const isEvent = (name: string): boolean => entities.some(({ events }) => events.some(({ kind }) => kind === name));
  const sinceDays = reads.dayOrEvent.filter((name) => !isEvent(name) && !reads.events.includes(name));
  return {
    entity: policy.entity,
    grain: file.grain,
    firstPeriod: first,
    lastPeriod: last,
    ...(measures.some(({ unit }) => unit === "money") ? { currency: file.currency ?? currencyOf(policy) ?? "USD" } : {}),
    ...(file.rates.length === 0 ? {} : { rates: file.rates }),
    measures,
    attributes: [
      ...[...reads.days, ...sinceDays].map((name) => ({ name, scope: "entity", type: "day", title: titleOf(name) }) as const),
      ...[...reads.texts].map(
        ([name, texts]) =>
          ({
            name,
            scope: isDated(name, reads, file) ? "row" : "entity",
            type: "text",
            values: valuesOf(name, texts, file),
            title: titleOf(name),
          }) as const,
      ),
    ],
    events: eventKinds(reads)
      .filter((name) => !sinceDays.includes(name))
      .map((name) => ({ name, title: titleOf(name), fields: reads.fields, points: reads.readsPoints })),
    outcomes: [],
    assignedTiers: [],
    knownAt: Math.max(lastDayOf(file.grain, last), ...known),
  };
}

/** The panel of one case. Its entities are called as in the case: the one that it is about is `case`. */
export function casePanel(schema: PanelSchema, { entities }: Case): Panel {
  return panelFromRows({
    schema,
    rows: entities.flatMap((entity) => rowsOf(schema, entity)),
    events: entities.flatMap((entity) => entity.events.map((event) => eventFact(entity.key, event))),
  });
}

function rowsOf(schema: PanelSchema, { key, history, attributes }: CaseEntity): readonly PlainRow[] {
  const first = present(history[0], `history of ${key}`).from;
  const decimals = new Map(schema.measures.map((measure) => [measure.name, measure.decimals]));
  return history.flatMap((stretch) =>
    periodsOf(stretch).map((period) => ({
      entity: key,
      period,
      measures: Object.fromEntries(
        Object.entries(stretch.measures).map(([name, written]) => [name, storedInteger(written, present(decimals.get(name), name))]),
      ),
      attributes: { ...(period === first ? attributes : {}), ...(period === stretch.from ? stretch.attributes : {}) },
    })),
  );
}

function periodsOf({ from, to }: { readonly from: PeriodIndex; readonly to: PeriodIndex }): readonly PeriodIndex[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function eventFact(entity: string, { kind, day, known, id, points, fields }: CaseEntity["events"][number]): EventFact {
  return { entity, kind, day, knownDay: known, id, fields, ...(points === undefined ? {} : { points }) };
}

function measureOf(name: string, { levels, units, cases }: CaseFile, { converted }: PolicyReads): Measure {
  const unit = units.get(name) ?? (converted.includes(name) ? "money" : "count");
  const written = cases.flatMap(({ entities }) =>
    entities.flatMap(({ history }) => history.flatMap(({ measures }) => measures[name] ?? [])),
  );
  const decimals = unit === "money" ? 2 : Math.max(0, ...written.map(decimalsOf));
  return { name, kind: levels.includes(name) ? "level" : "flow", unit, decimals, title: titleOf(name) };
}

function isDated(name: string, { dated }: PolicyReads, { cases }: CaseFile): boolean {
  return (
    dated.includes(name) ||
    cases.some(({ entities }) => entities.some(({ history }) => history.some(({ attributes }) => name in attributes)))
  );
}

function valuesOf(name: string, texts: readonly string[], { cases }: CaseFile): readonly string[] {
  const occurring = cases.flatMap(({ entities }) =>
    entities.flatMap(({ attributes, history }) =>
      [attributes, ...history.map((stretch) => stretch.attributes)].flatMap((given) => given[name] ?? []),
    ),
  );
  return [...new Set([...texts, ...occurring])].sort();
}

/** The currency that the policy's own amounts are in. */
function currencyOf(policy: Policy): string | undefined {
  return /"currency":"([A-Z]{3})"/.exec(JSON.stringify(policy))?.[1];
}

function titleOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
