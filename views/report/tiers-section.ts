/** Tiers over time: each tier's share of entities by period under both versions. */
import type { PeriodDistribution } from "../../simulations/comparison/index.ts";
import { countOf, formatCount, formatDate, formatNumber } from "../formats/index.ts";
import { chartTier, type Facts, figureLinks } from "./facts.ts";
import type { Block, Cell, ReportTable, Section } from "./report.ts";
import { fewEntities } from "./small-data.ts";

/** More points than this are not seen at the width of a panel. */
export const pointsMax = 130;
const spans = [2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100] as const;

interface Series {
  readonly name: string;
  readonly isTier: boolean;
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
}

/** Full and Method only. */
export function tiersSection(facts: Facts): Section {
  const modes = ["full", "method"] as const;
  const { baseline } = facts.comparison;
  const { distribution, range } = facts.candidate;
  const series = seriesOf(facts);
  const periods = baseline.distribution.map((entry) => entry.period);
  const [first, last] = [entitiesIn(baseline.distribution[0]), entitiesIn(baseline.distribution.at(-1))];
  const span = spanOf(series);
  const every = Math.ceil(periods.length / pointsMax);
  const figure = {
    id: "tiers-over-time",
    title: titleOf(facts, series),
    subtitle: `Per cent of all ${facts.many} held in each tier, by ${facts.period}, ${formatDate(range.from)} to ${formatDate(range.to)}; n\u00a0=\u00a0${countOf(first, facts.one, facts.many)} in the first ${facts.period}, ${formatCount(last)} in the last; counts of every ${facts.one}, so no interval. Every panel spans ${formatNumber(span, 0)} points, so that slopes can be compared; mind where each starts.${every === 1 ? "" : ` Drawn: one ${facts.period} in ${every}, and the last; the table has all.`}`,
    chart: {
      kind: "tiers-over-time" as const,
      label: `Share of ${facts.many} by tier over time. ${titleOf(facts, series)}.`,
      periods: thin(periods, every),
      span,
      panels: series.map((entry) => ({
        name: entry.name,
        ...(entry.isTier ? { tier: chartTier(facts, entry.name) } : {}),
        baseline: thin(entry.baseline, every),
        candidate: thin(entry.candidate, every),
        isSame: entry.baseline.every((value, index) => value === entry.candidate[index]),
      })),
    },
    key: [
      { mark: "candidate-line" as const, words: facts.candidateVersion },
      { mark: "baseline-line" as const, words: facts.baselineVersion },
    ],
    table: {
      columns: tableColumns(facts),
      rows: tableRows(facts, baseline.distribution, distribution),
      currency: facts.comparison.panel.currency ?? "",
    },
    links: figureLinks(facts, "tiers-over-time"),
  };
  const { changes, whiplash } = range;
  const calm: Block = {
    modes,
    kind: "prose",
    spans: [
      {
        text: `Over the range ${facts.many} change tier ${formatCount(changes.baseline)} times under ${facts.baselineVersion} and ${formatCount(changes.candidate)} times under ${facts.candidateVersion}; ${formatCount(whiplash.baseline)} and ${formatCount(whiplash.candidate)} of these changes are undone within ${formatCount(whiplash.periods)} ${facts.periods}.`,
        strong: false,
      },
    ],
  };
  return { id: "tiers", name: "Tiers over time", blocks: [{ modes, kind: "figure", figure }, calm] };
}

/** Every n-th value, counted back from the last. */
export function thin<T>(values: readonly T[], every: number): readonly T[] {
  return every === 1 ? values : values.filter((_, index) => (values.length - 1 - index) % every === 0);
}

function seriesOf(facts: Facts): readonly Series[] {
  const { baseline } = facts.comparison;
  const { distribution } = facts.candidate;
  const share = (entries: readonly PeriodDistribution[], names: readonly string[]) =>
    entries.map((entry) => {
      const all = entitiesIn(entry);
      const held = names.reduce((sum, name) => sum + (entry.tiers[name]?.entities ?? 0), 0);
      return all === 0 ? 0 : (held / all) * 100;
    });
  const make = (name: string, names: readonly string[], isTier: boolean) => ({
    name,
    isTier,
    baseline: share(baseline.distribution, names),
    candidate: share(distribution, names),
  });
  const adverse = facts.tiers.filter((tier) => tier.adverse).map((tier) => tier.name);
  const tiers = facts.tiers.map((tier) => make(tier.name, [tier.name], true));
  return adverse.length > 1 ? [...tiers, make("all adverse tiers", adverse, false)] : tiers;
}

/** The tier whose share differs most at the end; true whatever else happens. */
function titleOf(facts: Facts, series: readonly Series[]): string {
  const tiers = series.filter((entry) => entry.isTier);
  const changeOf = (entry: Series) => (entry.candidate.at(-1) ?? 0) - (entry.baseline.at(-1) ?? 0);
  const most = tiers.toSorted((a, b) => Math.abs(changeOf(b)) - Math.abs(changeOf(a)))[0];
  const isSameAlways = series.every((entry) => entry.baseline.every((value, index) => value === entry.candidate[index]));
  if (most === undefined || isSameAlways) return `Every tier holds the same share in every ${facts.period}`;
  const [from, to] = [formatNumber(most.baseline.at(-1) ?? 0, 1), formatNumber(most.candidate.at(-1) ?? 0, 1)];
  if (changeOf(most) === 0) return "The versions part on the way, and end with the same shares";
  if (from === to) return "The versions part on the way, and end with nearly the same shares";
  const verb = changeOf(most) > 0 ? "grows" : "shrinks";
  const last = entitiesIn(facts.candidate.distribution.at(-1));
  if (last < fewEntities) {
    const [before, after] = [most.baseline, most.candidate].map((shares) => formatCount(((shares.at(-1) ?? 0) / 100) * last));
    return `The ${most.name} tier ${verb} most: ${after ?? ""} of ${countOf(last, facts.one, facts.many)} in the last ${facts.period}, not ${before ?? ""}`;
  }
  return `The ${most.name} tier ${verb} most: ${to} % of ${facts.many} in the last ${facts.period}, not ${from} %`;
}

/** The round span that holds the panel with the widest range. */
export function spanOf(series: readonly Pick<Series, "baseline" | "candidate">[]): number {
  const widest = Math.max(
    ...series.map((entry) => Math.max(...entry.baseline, ...entry.candidate) - Math.min(...entry.baseline, ...entry.candidate)),
  );
  return spans.find((span) => span >= widest * 1.08) ?? 100;
}

function tableColumns(facts: Facts): ReportTable["columns"] {
  const columns = [
    { title: facts.period, format: "text" as const },
    { title: "tier", format: "text" as const },
    { title: facts.baselineVersion, format: "count" as const },
    { title: facts.candidateVersion, format: "count" as const },
  ];
  const money =
    facts.comparison.panel.currency === undefined
      ? []
      : [facts.baselineVersion, facts.candidateVersion].map((version) => ({ title: `GMV, ${version}`, format: "money" as const }));
  return [...columns, ...money];
}

function tableRows(
  facts: Facts,
  baseline: readonly PeriodDistribution[],
  candidate: readonly PeriodDistribution[],
): readonly (readonly Cell[])[] {
  return baseline.flatMap((entry, index) =>
    facts.tiers.map((tier) => {
      const [before, after] = [entry.tiers[tier.name], candidate[index]?.tiers[tier.name]];
      const money = facts.comparison.panel.currency === undefined ? [] : [before?.gmv ?? 0, after?.gmv ?? 0];
      return [entry.period, tier.name, before?.entities ?? 0, after?.entities ?? 0, ...money];
    }),
  );
}

function entitiesIn(entry: PeriodDistribution | undefined): number {
  return entry === undefined ? 0 : Object.values(entry.tiers).reduce((sum, tier) => sum + tier.entities, 0);
}
