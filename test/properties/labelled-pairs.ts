/** Labels of a random panel, and what is known of an entity at a date by the plain rule: shares nothing with kernels or SQL but the numbering of cells. */
import { firstDayOf, lastDayOf } from "../../data/foundation/index.ts";
import {
  type LabelParting,
  labelCellNumber,
  labelNumber,
  labels,
  type OutcomeFact,
  type OutcomeSource,
  type PanelSchema,
  type PlainPanel,
} from "../../data/panel/index.ts";
import type { EntityHistory } from "../../policies/explain/index.ts";
import type { Draw } from "./draw.ts";

const tiers = ["fine tier", "watched", "it's limited"];

/** The panel with labels about some periods, and with tiers really assigned most of the time or not at all. */
export function drawLabelled(draw: Draw, plain: PlainPanel, dates: readonly number[]): PlainPanel {
  const { grain, lastPeriod } = plain.schema;
  const source = (role: OutcomeSource["role"], kind: OutcomeSource["kind"], name: string): OutcomeSource => {
    const horizonDays = kind === "future" ? draw.integer(0, 60) : 0;
    return { name, title: name, role, kind, horizonDays, lagDays: draw.integer(0, 9), measures: [], definition: name };
  };
  const outcomes = [
    source("behaviour", draw.pick(["future", "state"]), 'bad "orders"'),
    source("appeal", draw.pick(["state", "future"]), "appeal"),
    source("audit", "state", "audit"),
    source("appeal", "state", "second appeal"),
  ];
  const knownAt = lastDayOf(grain, lastPeriod) + draw.integer(-40, 40);
  const assignedTiers = draw.chance(4) ? [] : tiers;
  const rows = plain.rows.map((row) => (assignedTiers.length === 0 || draw.chance(6) ? row : { ...row, assignedTier: draw.pick(tiers) }));
  const facts: OutcomeFact[] = [];
  for (const entity of new Set(plain.rows.map((row) => row.entity))) {
    for (const period of new Set(dates)) {
      for (const { name } of outcomes) {
        // Now and then about a day that may end no period.
        const day = draw.chance(9) ? firstDayOf(grain, period) : lastDayOf(grain, period);
        let knownDay = draw.chance(4) ? knownAt : day + draw.integer(0, 30);
        for (let count = draw.integer(0, 2); count > 0; count--) {
          facts.push({ entity, source: name, day, knownDay, harmful: draw.pick([0, 1, -1] as const) });
          knownDay += draw.integer(1, 30);
        }
      }
    }
  }
  return { ...plain, schema: { ...plain.schema, outcomes, assignedTiers, knownAt }, rows, outcomes: facts };
}

/** A table a date: of all sources, one way round or the other, and of one; mature or not. */
export function drawLabelPartings(draw: Draw, { outcomes, assignedTiers }: PanelSchema, dates: readonly number[]): readonly LabelParting[] {
  const names = outcomes.map(({ name }) => name);
  const restricting = assignedTiers.length === 0 ? [] : assignedTiers.slice(draw.integer(1, assignedTiers.length));
  return dates.map((at, index) => {
    const sources = index === 0 ? names.toReversed() : index === 1 ? names : [draw.pick(names)];
    return { kind: "labels", at, isMature: !draw.chance(8), sources, restricting };
  });
}

/** The number of the entity's group. `shielded`: under either policy, in the row of the date. */
export function labelsByHand(
  { at, isMature, sources, restricting }: LabelParting,
  { rows: there, entity }: EntityHistory,
  { schema, rows, outcomes = [] }: PlainPanel,
  shielded: readonly [number, number],
): number {
  const { grain, knownAt, lastPeriod } = schema;
  const date = lastDayOf(grain, at);
  const left = there.at(-1)?.period ?? 0;
  const assigned = new Map(rows.flatMap((row) => (row.entity === entity ? [[row.period, row.assignedTier] as const] : [])));
  const said = sources.map((name) => {
    const { kind, role, horizonDays } = schema.outcomes.find((source) => source.name === name) as OutcomeSource;
    const about = outcomes.filter(
      (fact) => fact.entity === entity && fact.source === name && fact.day === date && fact.knownDay <= knownAt,
    );
    const known = about.toSorted((a, b) => a.knownDay - b.knownDay).at(-1)?.harmful;
    // Periods with a day in the horizon.
    const until: number[] = [];
    for (let period = at; firstDayOf(grain, period) <= date + horizonDays; period++) until.push(period);
    const isFuture = kind === "future";
    const held = until.map((period) => assigned.get(period));
    return {
      role,
      known,
      gone: isFuture && left < lastPeriod && lastDayOf(grain, left) < date + horizonDays,
      restricted: isFuture && held.some((tier) => tier !== undefined && restricting.includes(tier)),
      untreated: isFuture && held.includes(undefined) ? 1 : 0,
    };
  });
  const decided = said.filter(({ known, gone }) => !gone && (known === 0 || known === 1));
  const reasons = [
    [labels.restricted, decided.some(({ restricted }) => restricted)],
    [labels.pending, said.some(({ known, gone }) => !gone && known === -1)],
    [labels.left, said.some(({ gone }) => gone)],
    [labels.unknown, true],
  ] as const;
  const [reason] = reasons.find(([, holds]) => holds) as (typeof reasons)[number];
  const counted = decided.find(({ restricted }) => !restricted);
  const appeal = said.findLast(({ role, known }) => role === "appeal" && known !== undefined)?.known;
  const appealed = appeal === undefined ? 0 : appeal === 1 ? 1 : appeal === 0 ? 2 : 3;
  const decision = isMature
    ? { label: counted?.known ?? reason, realised: decided[0]?.known ?? reason, appeal: appealed, untreated: counted?.untreated ?? 0 }
    : { label: labels.notMature, realised: labels.notMature, appeal: 0, untreated: 0 };
  return labelCellNumber(labelNumber(decision), shielded);
}
