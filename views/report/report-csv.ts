/** Every figure of a comparison as one long table: a row a number, with its key, its interval and its definition. */
import type { CandidateComparison, Comparison, Errors, FigureEstimates } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { atRiskRows } from "./at-risk-csv.ts";
import { auditRows } from "./audits-csv.ts";
import { changeRows } from "./change-csv.ts";
import { courseRows } from "./course-csv.ts";
import { type CsvRow, csvColumns, estimateOf } from "./csv-row.ts";
import { fairnessRows } from "./fairness-csv.ts";
import { influenceRows } from "./influence-csv.ts";
import { pastMovesRows } from "./past-moves-csv.ts";
import { salesCsvRows } from "./sales-csv.ts";
import { csvLines } from "./table-text.ts";
import { assignedRows, type CsvContext, verdictRows } from "./verdict-csv.ts";

/**
 * The comparison in long form (RFC 4180): section, figure, key columns, value, lower, upper, level, n, method, definition. Shares are of 1, money in
 * major units of the panel's currency. A value that could not be computed is empty, and `method` says why. The same comparison gives the same bytes.
 */
export function reportCsv(comparison: Comparison, context: CsvContext = {}): string {
  return csvLines([csvColumns, ...reportRows(comparison, context).map((row) => csvColumns.map((column) => row[column] ?? ""))]);
}

/** The rows of the long table. */
export function reportRows(comparison: Comparison, context: CsvContext = {}): readonly CsvRow[] {
  return [
    ...distributionRows(comparison),
    ...(comparison.elasticities === undefined ? [] : pastMovesRows(comparison.elasticities)),
    ...atRiskRows(comparison),
    ...assignedRows(comparison),
    ...verdictRows(comparison, context),
    ...comparison.candidates.flatMap((candidate) => candidateRows(comparison, candidate)),
  ];
}

function distributionRows(comparison: Comparison): readonly CsvRow[] {
  const versions = [comparison.baseline, ...comparison.candidates];
  const currency = comparison.panel.currency;
  return versions.flatMap(({ version, distribution }) =>
    distribution.flatMap(({ period, tiers }) =>
      Object.entries(tiers).flatMap(([tier, held]) => {
        const key = { section: "distribution", version, date: period, tier };
        const count: CsvRow = {
          ...key,
          figure: "entities",
          value: held.entities,
          method: "count",
          definition: "Entities that hold the tier at the end of the period.",
        };
        const money: CsvRow = {
          ...key,
          figure: "gmv",
          value: held.gmv / 100,
          method: "sum",
          definition: `GMV of the period by held tier, ${currency ?? ""}.`,
        };
        return currency === undefined ? [count] : [count, money];
      }),
    ),
  );
}

function candidateRows(comparison: Comparison, candidate: CandidateComparison): readonly CsvRow[] {
  const rows = [
    ...movementRows(candidate),
    ...rangeRows(candidate),
    ...gmvRows(candidate),
    ...salesRows(candidate),
    ...candidate.errors.flatMap(errorRows),
    ...auditRows(candidate.audits),
    ...segmentRows(comparison, candidate),
    ...(candidate.influence === undefined ? [] : influenceRows(comparison, candidate, candidate.influence)),
    ...affectedRows(candidate),
    ...courseRows(candidate),
    ...fairnessRows(candidate),
    ...changeRows(candidate),
  ];
  return rows.map((row) => ({ ...row, candidate: candidate.version }));
}

function movementRows(candidate: CandidateComparison): readonly CsvRow[] {
  const { movement } = candidate;
  const key = { section: "movement", date: movement.at };
  const counts = {
    movers: movement.movers,
    up: movement.up,
    down: movement.down,
    into_unrated: movement.intoUnrated,
    out_of_unrated: movement.outOfUnrated,
    newly_adverse: candidate.newlyAdverse,
    released: candidate.released,
  };
  const cells = movement.rows.flatMap((tier, i) =>
    movement.columns.map((to, j) => ({
      ...key,
      figure: "cell",
      tier,
      to_tier: to,
      value: movement.matrix[i]?.[j] ?? 0,
      method: "count",
      definition: "Entities by held tier under baseline and candidate.",
    })),
  );
  const totals = Object.entries(counts).map(([figure, value]) => ({
    ...key,
    figure,
    value,
    method: "count",
    definition: "Entities in the frame at the date.",
  }));
  return [
    ...cells,
    ...totals,
    { ...key, figure: "movers_share", ...estimateOf(movement.moversShare), definition: "Movers over entities in the frame at the date." },
  ];
}

function rangeRows(candidate: CandidateComparison): readonly CsvRow[] {
  const { range } = candidate;
  const key = { section: "range", date: range.to, method: "count" };
  const since = `From ${range.from} to ${range.to}.`;
  const counts: readonly (readonly [string, number, string])[] = [
    ["entities", range.entities, "All that were ever in the frame."],
    ["entity_periods", range.entityPeriods, "Entity-periods in the frame."],
    ["ever_differed", range.everDiffered, "Entities whose held tier differs in at least one period."],
    ["differing_entity_periods", range.differingEntityPeriods, "Entity-periods in which the held tiers differ."],
    ["differ_at_end", range.differAtEnd, "Entities whose held tier differs in their last period."],
    ["after_first_divergence", range.afterFirstDivergence, "Entity-periods past the first in which the held tiers differ: hypothetical."],
  ];
  const sides = (["baseline", "candidate"] as const).flatMap((side) => [
    { ...key, figure: "changes", version: side, value: range.changes[side], definition: `Changes of held tier. ${since}` },
    {
      ...key,
      figure: "whiplash",
      version: side,
      value: range.whiplash[side],
      definition: `Changes undone within ${range.whiplash.periods} periods. ${since}`,
    },
  ]);
  return [...counts.map(([figure, value, definition]) => ({ ...key, figure, value, definition: `${definition} ${since}` })), ...sides];
}

function gmvRows(candidate: CandidateComparison): readonly CsvRow[] {
  const { gmv } = candidate;
  if (gmv === undefined) return [];
  const key = { section: "gmv", date: gmv.at };
  const definition = `GMV from ${gmv.windowFrom} to ${gmv.at} of entities whose held consequences differ, ${gmv.currency}.`;
  const parts = {
    at_stake: gmv.atStake,
    lower_tier: gmv.lower,
    higher_tier: gmv.higher,
    ...(gmv.other === undefined ? {} : { other: gmv.other }),
  };
  const tiers = gmv.byTier.flatMap(({ tier, baseline, candidate: after }) => [
    {
      ...key,
      figure: "by_tier",
      version: "baseline",
      tier,
      value: baseline / 100,
      method: "sum",
      definition: "GMV of the window by held tier.",
    },
    {
      ...key,
      figure: "by_tier",
      version: "candidate",
      tier,
      value: after / 100,
      method: "sum",
      definition: "GMV of the window by held tier.",
    },
  ]);
  return [
    { ...key, figure: "total", value: gmv.total / 100, method: "sum", definition: "All GMV of the window." },
    ...Object.entries(parts).map(([figure, part]) => ({ ...key, figure, ...estimateOf(part, 100), definition })),
    ...Object.entries(gmv.largest ?? {}).map(([whose, value]) => ({
      ...key,
      figure: `at_stake, ${whose} largest`,
      value: value / 100,
      method: "sum",
      definition: `Of what is at stake, GMV of the ${whose === "one" ? "entity" : "ten entities"} with most of it.`,
    })),
    ...tiers,
  ];
}

function salesRows({ sales }: CandidateComparison): readonly CsvRow[] {
  if (sales === undefined) return [];
  return salesCsvRows(sales).map(({ found, divisor, ...row }) => ({
    ...row,
    ...(typeof found === "number" ? { value: found / divisor, method: "sum" } : estimateOf(found, divisor)),
  }));
}

function errorRows(errors: Errors): readonly CsvRow[] {
  const key = { section: "errors", date: errors.at, group: errors.source };
  const sides = (["baseline", "candidate"] as const).flatMap((side) => [
    ...errors[side].rates.map((rate) => ({
      ...key,
      figure: rate.name,
      version: side,
      ...estimateOf(rate.estimate),
      n: rate.denominator,
      definition: rate.definition,
    })),
    ...errors[side].bounds.map((bound) => ({
      ...key,
      figure: `${bound.name}, limits`,
      version: side,
      ...limitsOf(bound),
      definition: "Every missing label at its worst.",
    })),
  ]);
  const coverage = errors.coverage.flatMap((group) =>
    (["entities", "labelled", "fine"] as const).map((field) => ({
      ...key,
      figure: `coverage, ${field}`,
      tier: group.group,
      value: group[field],
      method: "count",
      definition: "By adverse under baseline and candidate.",
    })),
  );
  return [
    ...sides,
    {
      ...key,
      figure: "false-positive-rate, change",
      ...estimateOf(errors.falsePositiveChange),
      definition: "Candidate less baseline, paired, labelled only.",
    },
    {
      ...key,
      figure: "false-positive-rate, change, limits",
      ...limitsOf(errors.falsePositiveChangeBounds),
      definition: "Extremes over label assignments shared by both versions.",
    },
    ...coverage,
    ...estimateRows(errors),
  ];
}

/** Every figure by every estimator. `version` is the side, `tier` the estimator. */
function estimateRows(errors: Errors): readonly CsvRow[] {
  const { estimates } = errors;
  if (estimates === undefined) return [];
  const rows = (figure: string, key: CsvRow, by: FigureEstimates): readonly CsvRow[] =>
    by.estimates.map(({ estimator, estimate }) => ({
      section: "errors",
      date: errors.at,
      group: errors.source,
      figure: `${figure}, by estimator`,
      tier: estimator,
      ...key,
      ...estimateOf(estimate),
      definition: estimates.estimators.find(({ name }) => name === estimator)?.assumption ?? "",
    }));
  return [
    ...estimates.rates.flatMap((rate) => rows(rate.name, { version: rate.side }, rate)),
    ...rows("false-positive-rate, change", {}, estimates.falsePositiveChange),
    ...(estimates.missChange === undefined ? [] : rows("miss-rate, change", {}, estimates.missChange)),
    ...estimates.fineShares.flatMap((share) => rows(`fine share, ${share.group}`, {}, share)),
  ];
}

function segmentRows(comparison: Comparison, candidate: CandidateComparison): readonly CsvRow[] {
  const fields = ["entities", "rated", "movers", "up", "down", "newlyAdverse", "released"] as const;
  return candidate.segments.flatMap((segment) => {
    const key = { section: "segments", date: candidate.movement.at, group: `${segment.segment}: ${segment.value}` };
    const counts = fields.map((field) => ({
      ...key,
      figure: field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value: segment[field] ?? "",
      method: "count",
      definition: field === "rated" ? "Entities of the group on the ladder under either version." : "Entities of the group.",
    }));
    const money =
      comparison.panel.currency === undefined
        ? []
        : [
            {
              ...key,
              figure: "gmv",
              value: segment.gmv / 100,
              method: "sum",
              definition: `GMV of the group, ${comparison.panel.currency}.`,
            },
          ];
    return [
      ...counts,
      ...money,
      {
        ...key,
        figure: "newly_adverse_rate",
        ...estimateOf(segment.newlyAdverseRate),
        definition: "Newly adverse over entities of the group that are rated under either version.",
      },
    ];
  });
}

function affectedRows(candidate: CandidateComparison): readonly CsvRow[] {
  return candidate.affected.map((entity) => ({
    section: "affected",
    figure: "gmv",
    date: candidate.movement.at,
    tier: entity.baselineTier,
    to_tier: entity.candidateTier,
    group: entity.entity,
    value: entity.gmv / 100,
    method: "sum",
    definition: `Outcome: ${entity.label}.${entity.merits === undefined ? "" : ` Merits ${entity.merits} already, and waits for it.`}${entity.restore === undefined ? "" : ` To restore: ${entity.restore}.`}`,
  }));
}

function limitsOf(bounds: { readonly lower: Estimated; readonly upper: Estimated }): CsvRow {
  const end = (estimated: Estimated) => (estimated.kind === "estimate" ? estimated.value : "");
  return { lower: end(bounds.lower), upper: end(bounds.upper), method: "worst-case limits" };
}
