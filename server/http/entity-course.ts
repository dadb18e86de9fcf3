/** What the page of an entity says beyond score and tier: every metric over time, events, and what would restore a tier. */
import { formatDay } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { EntityHistory, MetricCourse, WalkedRow } from "../../policies/explain/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { csvLines, type EntityEvent, type EntityMetric, type EntityRestore } from "../../views/index.ts";

type Evaluator = typeof import("../../policies/explain/index.ts");

/** One version with what it measured. */
export interface VersionCourse {
  readonly version: string;
  readonly role: "baseline" | "candidate";
  readonly courses: readonly MetricCourse[];
}

/** Metrics of one name and unit together, in the order in which the versions have them. */
export function metricsOf(schema: PanelSchema, versions: readonly VersionCourse[]): readonly EntityMetric[] {
  const metrics = new Map<string, EntityMetric>();
  for (const { version, role, courses } of versions) {
    for (const { name, title, unit, said, points, lines } of courses) {
      const [kind = "number", foreign] = unit.split(" in ");
      const key = `${name} ${unit}`;
      const known = metrics.get(key) ?? { name, title, unit: kind, currency: foreign ?? schema.currency ?? "", versions: [] };
      const shown = points.map(({ period, value, missing, volume }) => ({
        period,
        ...(value === undefined ? {} : { value }),
        ...(missing === undefined ? {} : { missing }),
        ...(volume === undefined ? {} : { volume }),
      }));
      metrics.set(key, { ...known, versions: [...known.versions, { version, role, points: shown, lines, said }] });
    }
  }
  return [...metrics.values()];
}

/** Events up to the end of a range, oldest first; those that were known later are left out. */
export function eventsOf(schema: PanelSchema, history: EntityHistory, lastDay: number): readonly EntityEvent[] {
  return history.events
    .filter(({ knownDay }) => knownDay <= lastDay)
    .map(({ kind, day, knownDay, points, id }) => ({
      day: formatDay(day),
      knownOn: formatDay(knownDay),
      kind: schema.events.find(({ name }) => name === kind)?.title ?? kind,
      id,
      ...(points === undefined ? {} : { points }),
    }));
}

interface RestoreSetting {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly history: EntityHistory;
  readonly to: number;
  /** The tier that it holds under the version. */
  readonly held: string;
  /** The tier that it holds under the baseline. */
  readonly heldBefore: string | undefined;
  /** Its evaluations. */
  readonly walked: readonly WalkedRow[];
}

/** The next better tier, and the baseline's where it is better still. Empty for who holds the best. */
export function restoresOf(
  { policy, schema, history, to, held, heldBefore, walked }: RestoreSetting,
  evaluator: Evaluator,
): readonly EntityRestore[] {
  const codeOf = (name: string | undefined): number => policy.tiers.findIndex((tier) => tier.name === name);
  const next = evaluator.nextTier(policy.tiers, held);
  if (next === undefined) return [];
  const before = codeOf(heldBefore);
  const isFurther = before !== -1 && before < codeOf(next.name);
  return [next, ...(isFurther ? policy.tiers.slice(before, before + 1) : [])].map(({ name, title }) => {
    const restore = evaluator.nearestRestore(policy, schema, history, to, name, walked);
    const words =
      restore === undefined
        ? `${title} depends on how it compares with others, or nothing has been evaluated yet: no single change can be said`
        : evaluator.sayRestore(restore, title);
    return { tier: name, words };
  });
}

/** Every value of every metric under every version in long form, money in minor units. */
export function historyCsv(entity: string, metrics: readonly EntityMetric[], rows: readonly (readonly (string | number)[])[]): string {
  const head = ["entity", "version", "kind", "name", "unit", "period", "value", "missing", "volume", "held", "merited"];
  const measured = metrics.flatMap(({ name, unit, currency, versions }) =>
    versions.flatMap(({ version, points }) =>
      points.map(({ period, value, missing, volume }) => [
        entity,
        version,
        "metric",
        name,
        unit === "money" ? `${currency} minor` : unit,
        period,
        value ?? "",
        missing ?? "",
        volume ?? "",
        "",
        "",
      ]),
    ),
  );
  return csvLines([head, ...rows, ...measured]);
}
