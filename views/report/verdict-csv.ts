/** The verdict, the check against assigned tiers and the gates, as rows of the long table. */
import type { Comparison, CriterionReading } from "../../simulations/comparison/index.ts";
import { type CsvRow, estimateOf } from "./csv-row.ts";
import type { ReportContext } from "./report.ts";

/** What a report is told beside its comparison, as far as the table carries it. */
export type CsvContext = Pick<ReportContext, "verdicts" | "gates">;

/** A row a criterion and a row a reading elsewhere; `group` says how it reads. */
export function verdictRows({ candidates }: Comparison, { verdicts = {}, gates = {} }: CsvContext): readonly CsvRow[] {
  return candidates.flatMap(({ version }) => {
    const criteria = verdicts[version]?.verdict.criteria ?? [];
    return [
      ...criteria.flatMap((criterion) => criterionRows(version, criterion)),
      ...(gates[version]?.gates ?? []).map(
        (gate): CsvRow => ({
          section: "gates",
          figure: gate.name,
          candidate: version,
          group: gate.state,
          ...(gate.found === undefined
            ? { method: "undetermined: not in the data" }
            : { value: gate.found, method: `${gate.limit.unit}, count` }),
          definition: gate.about,
        }),
      ),
    ];
  });
}

function criterionRows(candidate: string, criterion: CriterionReading): readonly CsvRow[] {
  const key = { figure: criterion.words, candidate, definition: criterion.definition };
  return [
    { section: "verdict", ...key, date: criterion.at, group: criterion.reading, ...estimateOf(criterion.found) },
    ...criterion.elsewhere.map(
      (other): CsvRow => ({
        section: `verdict by ${other.along}`,
        ...key,
        date: other.at,
        group: [
          other.reading,
          other.source,
          other.along === "maturity" ? `known by ${other.knownAt ?? ""}` : undefined,
          other.refusal && "read by its limits",
        ]
          .filter(Boolean)
          .join(", "),
        ...estimateOf(other.found),
      }),
    ),
  ];
}

/** Shares, kappa, cells and classes of the check against assigned tiers. */
export function assignedRows({ assigned, baseline: { version }, panel }: Comparison): readonly CsvRow[] {
  if (assigned === undefined) return [];
  const tables = [
    { at: panel.to, name: "range", ...assigned.range },
    ...(assigned.end === undefined ? [] : [{ name: "end", ...assigned.end }]),
  ];
  return [
    ...tables.flatMap(({ at: date, name, rows, columns, counts, share, kappa }) => {
      const key = { section: `assigned, ${name}`, version, date };
      return [
        {
          ...key,
          figure: "agreement",
          ...estimateOf(share),
          definition: "Replayed tier is the one really assigned, over all where both are known.",
        },
        { ...key, figure: "kappa", ...estimateOf(kappa), definition: "Cohen's kappa of assigned and replayed tier." },
        ...rows.flatMap((tier, row) =>
          columns.map(
            (to, column): CsvRow => ({
              ...key,
              figure: "count",
              tier,
              to_tier: to,
              value: counts[row]?.[column] ?? 0,
              method: "count",
              definition: "Assigned (tier) and replayed (to_tier).",
            }),
          ),
        ),
      ];
    }),
    ...assigned.classes.map(
      (one): CsvRow => ({
        section: "assigned, why",
        version,
        figure: one.name,
        value: one.entityPeriods,
        method: "count",
        definition: one.meaning,
      }),
    ),
  ];
}
