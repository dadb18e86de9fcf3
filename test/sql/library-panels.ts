/** Histories for a policy of the library: those of its own cases, which stand exactly at its thresholds, and as many more drawn by a seed. */
import { firstDayOf, lastDayOf, present, type RandomStream, randomStream } from "../../data/foundation/index.ts";
import {
  type EventFact,
  type Measure,
  type OutcomeFact,
  type OutcomeSource,
  type Panel,
  type PanelSchema,
  type PlainRow,
  panelFromRows,
} from "../../data/panel/index.ts";
import { casePanel, caseSchema } from "../../policies/cases/case-panel.ts";
import { readCases } from "../../policies/cases/index.ts";
import { entityHistory } from "../../policies/explain/index.ts";
import { casesFileOf, type Policy, policyLibrary, readLibraryPolicy, readTextFile, tierNames } from "../../policies/language/index.ts";

/** Every version that ships, as it is named. */
export function libraryReferences(): readonly string[] {
  return policyLibrary().map(({ programme, version }) => `${programme}@${version}`);
}

/** The policy, and a panel that it reads: `drawn` entities beside those of its cases. `sales`: with what no policy reads: measures of GMV and of orders, labels and tiers really assigned. */
export function libraryPanel(
  reference: string,
  drawn: number,
  { sales = false }: { readonly sales?: boolean } = {},
): { readonly policy: Policy; readonly panel: Panel } {
  const { policy: found, file } = readLibraryPolicy(reference);
  const policy = present(found, reference);
  const { cases } = readCases({ text: present(readTextFile(casesFileOf(file)), "the cases"), file, policy });
  const read = caseSchema(policy, present(cases, "the cases"));
  const schema = sales ? withLabels(withSales(read), policy) : read;
  const random = randomStream(1, reference);
  const rows: PlainRow[] = [];
  const events: EventFact[] = [];
  for (const [index, one] of present(cases, "the cases").cases.entries()) {
    const chunk = casePanel(schema, one).readChunk(0);
    for (const [position, key] of chunk.entities.entries()) {
      const entity = `case ${index} ${key}`;
      const history = entityHistory(schema, chunk, position);
      for (const { period, measures, attributes } of history.rows) rows.push({ entity, period, measures, attributes });
      for (const { points, ...event } of history.events)
        events.push({ ...event, entity, fields: textsOf(event.fields), ...(points === undefined ? {} : { points }) });
    }
  }
  for (let index = 0; index < drawn; index++) drawEntity(schema, `drawn ${index}`, random, rows, events);
  const labelled = sales ? drawLabels(schema, rows, randomStream(2, reference)) : { rows };
  return { policy, panel: panelFromRows({ schema, events, chunkEntities: 20, ...labelled }) };
}

function withSales(schema: PanelSchema): PanelSchema {
  const sold: Measure = { name: "sold", kind: "flow", unit: "money", decimals: 2, title: "Sold" };
  const bought: Measure = { name: "bought", kind: "flow", unit: "count", decimals: 0, title: "Bought" };
  const money = { gmvMeasure: sold.name, ordersMeasure: bought.name, currency: schema.currency ?? "EUR" };
  return { ...schema, ...money, measures: [...schema.measures, sold, bought] };
}

/** Sources of every role and kind, and the policy's own tiers as those really assigned. */
function withLabels(schema: PanelSchema, policy: Policy): PanelSchema {
  const source = (name: string, role: OutcomeSource["role"], kind: OutcomeSource["kind"], horizonDays: number): OutcomeSource => {
    return { name, title: name, role, kind, horizonDays, lagDays: 3, measures: [], definition: name };
  };
  const outcomes = [
    source("behaviour", "behaviour", "future", 45),
    source("appeal", "appeal", "state", 0),
    source("audit", "audit", "state", 0),
  ];
  return { ...schema, outcomes, assignedTiers: tierNames(policy) };
}

/** The rows, most with a tier really assigned, and labels about their last days, some corrected, pending or known after the pin. */
function drawLabels(
  { outcomes: sources, assignedTiers, grain, knownAt }: PanelSchema,
  rows: readonly PlainRow[],
  random: RandomStream,
): { readonly rows: readonly PlainRow[]; readonly outcomes: readonly OutcomeFact[] } {
  const outcomes: OutcomeFact[] = [];
  const assigned = rows.map((row): PlainRow => {
    const day = lastDayOf(grain, row.period);
    for (const { name, role } of sources) {
      for (let count = random.below(3) === 0 ? 0 : 1 + random.below(2); count > 0; count--) {
        const knownDay = Math.min(
          day + 50 * count + random.below(20),
          random.below(9) === 0 ? Number.POSITIVE_INFINITY : knownAt - 50 + 20 * count,
        );
        const harmful = role === "appeal" && random.below(3) === 0 ? -1 : random.below(3) === 0 ? 1 : 0;
        outcomes.push({ entity: row.entity, source: name, day, knownDay, harmful });
      }
    }
    const tier = assignedTiers[random.below(assignedTiers.length)];
    return random.below(8) === 0 || tier === undefined ? row : { ...row, assignedTier: tier };
  });
  return { rows: assigned, outcomes };
}

/** A life from some period on, busy or quiet, with events now and then. */
function drawEntity(schema: PanelSchema, entity: string, random: RandomStream, rows: PlainRow[], events: EventFact[]): void {
  const { firstPeriod, lastPeriod, grain, measures, attributes } = schema;
  const pick = <T>(options: readonly T[]): T => options[random.below(options.length)] as T;
  const first = pick([firstPeriod, firstPeriod + random.below(lastPeriod - firstPeriod + 1)]);
  const scales = new Map(measures.map(({ name, unit }) => [name, unit === "money" ? 50_000 : pick([1, 2, 3, 6, 30, 300])]));
  const texts = new Map(
    attributes.map(({ name, type, values = [] }) => [
      name,
      type === "text"
        ? pick([undefined, ...values, ...values])
        : type === "day"
          ? firstDayOf(grain, first) - random.below(200)
          : random.below(9),
    ]),
  );
  for (let period = first; period <= lastPeriod; period++) {
    if (period > first && random.below(9) === 0) continue;
    const drawn = measures.map(({ name, kind }) => {
      const isMissing = kind === "level" && random.below(4) === 0;
      return [name, isMissing ? undefined : random.below((scales.get(name) ?? 1) + 1)] as const;
    });
    rows.push({ entity, period, measures: Object.fromEntries(drawn), attributes: Object.fromEntries(texts) });
  }
  const ids: string[] = [];
  for (let count = schema.events.length === 0 ? 0 : random.below(12); count > 0; count--) {
    const { name: kind, fields = [], points } = pick(schema.events);
    const knownDay = firstDayOf(grain, first) + random.below(lastDayOf(grain, lastPeriod) - firstDayOf(grain, first) + 1);
    const id = `${entity} ${count}`;
    const given = fields.map((name) => [name, name === "about" ? pick(["none", ...ids]) : pick(["", "a", "b", "c", "d", "e"])] as const);
    events.push({
      entity,
      kind,
      day: knownDay,
      knownDay,
      id,
      fields: Object.fromEntries(given.filter(([, text]) => text !== "")),
      ...(points === true && random.below(6) > 0 ? { points: random.below(5) } : {}),
    });
    ids.push(id);
  }
}

function textsOf(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).flatMap(([name, text]) => (text === undefined || text === "" ? [] : [[name, text]])));
}
