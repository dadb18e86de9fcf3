/** The grid of an entity's metrics as a chart, and the table behind it. */
import { formatDay } from "../../data/foundation/index.ts";
import type { ChartSpec, MetricGridSpec } from "../charts/index.ts";
import { countOf, formatCount, formatDate, formatMoney, formatNumber, formatShare } from "../formats/index.ts";
import type { EntityEvent, EntityMetric, EntityMetricVersion } from "./entity-course-context.ts";

/** Points that all panels of one drawing hold together: two drawings of a page stay far below its bound. */
const pointsMost = 3000;
const pointsAPanelLeast = 12;
const evaluationsDrawn = 60;
/** Letters of names that stand beside a panel with their number. */
const namesMost = 9;

type Panel = MetricGridSpec["panels"][number];

/** All metrics over the periods of the page. */
export function metricChart(metrics: readonly EntityMetric[], periods: readonly string[], events: readonly EntityEvent[]): ChartSpec {
  const place = new Map(periods.map((period, index) => [period, index]));
  const most = pointsAPanel(metrics);
  return {
    kind: "metric-grid",
    label: `${countOf(metrics.length, "metric")} over ${formatCount(periods.length)} periods under each version, with the lines that tiers ask for.`,
    periods,
    events: [...new Set(events.map(({ knownOn }) => periods.findIndex((period) => period >= knownOn)))]
      .filter((at) => at >= 0)
      .map((at) => ({ at })),
    panels: metrics.map((metric) => panelOf(metric, place, most)),
  };
}

/** Every how many evaluations one is drawn; 1: all are. */
export function drawnEvery(metrics: readonly EntityMetric[]): number {
  return Math.ceil(longest(metrics) / pointsAPanel(metrics));
}

function pointsAPanel(metrics: readonly EntityMetric[]): number {
  const series = metrics.reduce((sum, { versions }) => sum + distinct(versions).length, 0);
  return Math.max(pointsAPanelLeast, Math.floor(pointsMost / Math.max(1, series)));
}

function longest(metrics: readonly EntityMetric[]): number {
  return Math.max(1, ...metrics.flatMap(({ versions }) => versions.map(({ points }) => points.length)));
}

/** The versions whose values differ from those before; a line stands once for all that have it. */
function distinct(versions: readonly EntityMetricVersion[]): readonly EntityMetricVersion[] {
  const seen = new Set<string>();
  return versions.filter((version) => {
    const key = valuesOf(version);
    return !seen.has(key) && seen.add(key);
  });
}

function valuesOf({ points }: EntityMetricVersion): string {
  return points.map(({ period, value }) => `${period} ${value ?? ""}`).join("|");
}

function panelOf({ title, unit, currency, versions }: EntityMetric, place: ReadonlyMap<string, number>, most: number): Panel {
  const shown = distinct(versions);
  const byPeriod = shown.map(({ points }) => new Map(points.map((point) => [point.period, point])));
  const evaluated = [...new Set(versions.flatMap(({ points }) => points.map(({ period }) => period)))]
    .filter((period) => place.has(period))
    .sort();
  const every = Math.ceil(evaluated.length / most);
  // Counted from the end, so that the latest is always drawn.
  const drawn = evaluated.filter((_, index) => (evaluated.length - 1 - index) % every === 0);
  const positions = drawn.map((period) => place.get(period) ?? 0);
  const last = byPeriod.at(-1) ?? new Map<string, EntityMetricVersion["points"][number]>();
  const gaps = evaluated.filter((period) => byPeriod.some((points) => points.has(period) && points.get(period)?.value === undefined));
  return {
    title,
    unit,
    currency,
    note: noteOf(versions, shown, { evaluated: evaluated.length, missing: gaps.length }),
    positions,
    series: shown.map(({ role, version }, index) => ({
      name: shown.length > 1 ? version : "",
      isBaseline: role === "baseline" && versions.length > 1,
      index: versions.indexOf(shown[index] as EntityMetricVersion),
      values: drawn.map((period) => byPeriod[index]?.get(period)?.value),
    })),
    lines: linesOf(versions, unit, currency),
    volume: drawn.map((period) => last.get(period)?.volume),
    evaluated: evaluated.length <= evaluationsDrawn ? evaluated.map((period) => place.get(period) ?? 0) : [],
    missing: stretches(gaps.map((period) => place.get(period) ?? 0)),
  };
}

function noteOf(
  versions: readonly EntityMetricVersion[],
  shown: readonly EntityMetricVersion[],
  { evaluated, missing }: { readonly evaluated: number; readonly missing: number },
): string {
  const alike = versions
    .filter((version) => !shown.includes(version))
    .map((version) => `${version.version} as ${shown.find((one) => valuesOf(one) === valuesOf(version))?.version ?? ""}`);
  const same =
    versions.length === 1 ? [`only ${versions[0]?.version ?? ""}`] : alike.length === versions.length - 1 ? ["the same under all"] : alike;
  const gaps = missing === 0 ? [] : [`missing at ${formatCount(missing)} of ${formatCount(evaluated)}`];
  const volume = versions.some(({ points }) => points.some((point) => point.volume !== undefined)) ? ["volume below"] : [];
  return [...same, ...gaps, ...volume].join("; ");
}

/** `88 Gold`; where the names of all who ask for it would be cut beside the panel, how many there are: the table names them. */
function askedBy(value: string, labels: readonly string[]): string {
  const names = labels.join(", ");
  return labels.length > 1 && names.length > namesMost ? `${value}, ${formatCount(labels.length)} tiers` : `${value} ${names}`;
}

function linesOf(versions: readonly EntityMetricVersion[], unit: string, currency: string): Panel["lines"] {
  const merged = new Map<
    string,
    { readonly value: number; readonly kind: "tier" | "score"; readonly isBaseline: boolean; labels: string[] }
  >();
  for (const { role, lines } of versions) {
    for (const { value, label, kind } of lines) {
      const key = `${kind} ${value}`;
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { value, kind, isBaseline: role === "baseline" && versions.length > 1, labels: [label] });
      else if (!known.labels.includes(label)) known.labels.push(label);
    }
  }
  return [...merged.values()].map(({ labels, ...line }) => ({
    ...line,
    label: line.kind === "score" ? labels.join(", ") : askedBy(saidValue(line.value, unit, currency), labels),
  }));
}

/** Neighbouring positions as one stretch from first to last. */
function stretches(positions: readonly number[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const at of positions) {
    const last = found.at(-1);
    if (last !== undefined && at <= last[1] + 1) last[1] = at;
    else found.push([at, at]);
  }
  return found;
}

/** A row a metric and version: where it stands, what it is held against, and what is missing. */
export function metricTable(metrics: readonly EntityMetric[]): readonly {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly said: string;
  readonly asked: readonly string[];
  readonly missing: string;
}[] {
  return metrics.flatMap(({ name, title, versions }) =>
    versions.map(({ version, said, lines, points }) => {
      const gaps = points.filter(({ value }) => value === undefined);
      const reasons = [...new Set(points.flatMap(({ missing = "" }) => (missing === "" ? [] : [missing])))];
      return {
        name,
        title,
        version,
        said,
        asked: lines.filter(({ kind }) => kind === "tier").map(({ words }) => words),
        missing: gaps.length === 0 ? "" : `${formatCount(gaps.length)} of ${formatCount(points.length)}: ${reasons.join("; ")}`,
      };
    }),
  );
}

function saidValue(value: number, unit: string, currency: string): string {
  if (unit === "share") return formatShare(value);
  if (unit === "money") return formatMoney(value, currency);
  if (unit === "date") return formatDate(formatDay(value));
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value, 2);
}
