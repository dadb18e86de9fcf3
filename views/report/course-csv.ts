/** The course of entities and drift as rows of the long table. */
import type { CandidateComparison, Course, Distance, Drift } from "../../simulations/comparison/index.ts";
import type { Found } from "../../simulations/statistics/index.ts";
import { type CsvRow, estimateOf } from "./csv-row.ts";

/** Nothing for a comparison that was kept before these figures were known. */
export function courseRows(candidate: CandidateComparison): readonly CsvRow[] {
  const { course, drift } = candidate;
  return [
    ...(course === undefined
      ? []
      : [
          ...dateRows(candidate, course),
          ...timeRows(candidate, course),
          ...netRows(candidate, course),
          ...recoveryRows(candidate, course),
          ...boundaryRows(candidate, course),
          ...stepRows(candidate, course),
        ]),
    ...(drift === undefined ? [] : driftRows(drift)),
  ];
}

const sides = ["baseline", "candidate"] as const;

function dateRows({ movement }: CandidateComparison, { dates, overRange }: Course): readonly CsvRow[] {
  const cells = (key: CsvRow, matrix: readonly (readonly number[])[], definition: string) =>
    movement.rows.flatMap((tier, row) =>
      movement.columns.map((to, column) => ({
        ...key,
        figure: "cell",
        tier,
        to_tier: to,
        value: matrix[row]?.[column] ?? 0,
        method: "count",
        definition,
      })),
    );
  return [
    // The last date is among the rows of the matrix itself.
    ...dates
      .slice(0, -1)
      .flatMap(({ at, matrix }) => cells({ section: "movement", date: at }, matrix, "Entities by held tier under baseline and candidate.")),
    ...cells({ section: "range", date: movement.at }, overRange, "Entity-periods of the range by held tier under baseline and candidate."),
  ];
}

function timeRows({ range }: CandidateComparison, { tierTime }: Course): readonly CsvRow[] {
  return tierTime.flatMap((row) => {
    const key = { section: "range", date: range.to, tier: row.tier };
    return [
      ...sides.map((side) => ({
        ...key,
        figure: "tier_time",
        version: side,
        value: row[side],
        method: "count",
        definition: "Entity-periods of the range in the tier.",
      })),
      { ...key, figure: "tier_time_change", ...estimateOf(row.change), definition: "Candidate less baseline, over all entity-periods." },
    ];
  });
}

function netRows({ movement }: CandidateComparison, { net, tests }: Course): readonly CsvRow[] {
  const key = { section: "movement", date: movement.at };
  const byTier = net.byTier.flatMap(({ tier, leave, enter, netShare }) => [
    { ...key, figure: "leave", tier, value: leave, method: "count", definition: "Entities that hold the tier under the baseline only." },
    { ...key, figure: "enter", tier, value: enter, method: "count", definition: "Entities that hold the tier under the candidate only." },
    { ...key, figure: "net_share", tier, ...estimateOf(netShare), definition: "Enter less leave, over entities in the frame." },
  ]);
  return [
    ...byTier,
    { ...key, figure: "net_movers", value: net.net, method: "count", definition: "Up less down." },
    { ...key, figure: "net_movers_share", ...estimateOf(net.netShare), definition: "Up less down, over entities in the frame." },
    {
      ...key,
      figure: "stuart_maxwell_p",
      ...testOf(tests.stuartMaxwell),
      definition: "Test of equal margins of the matrix; never the headline.",
    },
    { ...key, figure: "bowker_p", ...testOf(tests.bowker), definition: "Test of symmetry of the matrix; never the headline." },
  ];
}

function testOf(found: Found): CsvRow {
  if (found.kind === "undetermined") return { method: `undetermined: ${found.reason}` };
  return found.test === undefined ? { method: "no test" } : { value: found.test.pValue, n: found.estimate.n, method: found.test.name };
}

function recoveryRows({ range }: CandidateComparison, { recovery }: Course): readonly CsvRow[] {
  const key = { section: "recovery", date: range.to };
  const own = sides.flatMap((side) => {
    const { stays, runningAtStart, recovered, closed, runningAtEnd, curve, within, median } = recovery[side];
    const counts = { stays, running_at_start: runningAtStart, recovered, closed, running_at_end: runningAtEnd };
    return [
      ...Object.entries(counts).map(([figure, value]) => ({
        ...key,
        figure,
        version: side,
        value,
        method: "count",
        definition: "Stays in an adverse tier.",
      })),
      ...curve.flatMap((point) => [
        {
          ...key,
          figure: "recovered_by",
          version: side,
          group: point.periods,
          value: point.recovered,
          n: point.atRisk,
          method: "Aalen-Johansen",
          definition: "Share recovered by so many periods; n are still followed.",
        },
        {
          ...key,
          figure: "closed_by",
          version: side,
          group: point.periods,
          value: point.closed,
          n: point.atRisk,
          method: "Aalen-Johansen",
          definition: "Share closed by so many periods.",
        },
      ]),
      ...within.map((one) => ({
        ...key,
        figure: "recovered_within",
        version: side,
        group: one.periods,
        ...estimateOf(one.recovered),
        definition: "Share recovered within so many periods.",
      })),
      {
        ...key,
        figure: "median_periods",
        version: side,
        value: median.value ?? "",
        lower: median.lower ?? "",
        upper: median.upper ?? "",
        method: median.value === undefined ? "not reached within the range" : "Aalen-Johansen",
        definition: "Periods by which half have recovered; an empty end is not reached.",
      },
    ];
  });
  const changes = recovery.change.map((one) => ({
    ...key,
    figure: "recovered_within_change",
    group: one.periods,
    ...estimateOf(one.recovered),
    definition: "Candidate less baseline, by entity.",
  }));
  return [...own, ...changes];
}

function boundaryRows({ movement }: CandidateComparison, { boundary }: Course): readonly CsvRow[] {
  return sides.flatMap((side): readonly CsvRow[] => {
    const { epsilon, rule, near, share, lines } = boundary[side];
    const key = { section: "boundary", date: movement.at, version: side };
    if (epsilon === undefined) return [{ ...key, figure: "near", method: `undetermined: ${rule}` }];
    const definition = `Within ${epsilon} of a line of the headline score; ${rule}.`;
    return [
      { ...key, figure: "near", value: near, method: "count", definition },
      { ...key, figure: "near_share", ...estimateOf(share), definition },
      ...lines.flatMap(({ at, below, above }) => [
        { ...key, figure: "below", group: at, value: below, method: "count", definition },
        { ...key, figure: "above", group: at, value: above, method: "count", definition },
      ]),
    ];
  });
}

function stepRows({ range }: CandidateComparison, { transitions }: Course): readonly CsvRow[] {
  return sides.flatMap((side): readonly CsvRow[] => {
    const { rows, mobility } = transitions[side];
    const key = { section: "transitions", date: range.to, version: side };
    return [
      ...rows.flatMap((row) => [
        ...row.to.map((one) => ({
          ...key,
          figure: "probability",
          tier: row.from,
          to_tier: one.to,
          ...estimateOf(one.probability),
          definition: "Of evaluations that leave an entity in the tier, those whose next leaves it in the other.",
        })),
        {
          ...key,
          figure: "expected_dwell",
          tier: row.from,
          ...estimateOf(row.expectedDwell),
          definition: "Evaluations until the tier is left, by its one-step probability.",
        },
        {
          ...key,
          figure: "observed_median",
          tier: row.from,
          value: row.observedMedian ?? "",
          n: row.stays,
          method: "Kaplan-Meier",
          definition: "Evaluations by which half of the stays have ended.",
        },
        ...(row.twoStep === undefined
          ? []
          : [
              {
                ...key,
                figure: "two_steps",
                tier: row.from,
                ...estimateOf(row.twoStep.difference),
                definition: "In the tier two steps on, less one step twice.",
              },
            ]),
      ]),
      { ...key, figure: "mobility", ...estimateOf(mobility), definition: "Shorrocks' trace index." },
    ];
  });
}

function driftRows({ rows, spread }: Drift): readonly CsvRow[] {
  const names = ["kolmogorovSmirnov", "wasserstein", "jensenShannon", "populationStability"] as const;
  const distances = rows.flatMap((row) =>
    names.flatMap((name) => {
      const key = {
        section: "drift",
        date: row.to,
        version: row.version ?? "",
        tier: row.subject,
        group: row.between === "policies" ? "between policies" : `since ${row.from}`,
      };
      const figure = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return [
        { ...key, figure, ...distanceOf(row[name]), n: row.entities, definition: "Distance of two distributions of the same entities." },
        {
          ...key,
          figure: `${figure}_chance`,
          ...nullOf(row[name]),
          n: row.entities,
          definition: "The distance that label swaps within entities exceed once in twenty.",
        },
      ];
    }),
  );
  const quantiles = spread.flatMap(({ version, at, quantiles: values = [] }) =>
    values.map((value, index) => ({
      section: "drift",
      figure: "score_quantile",
      date: at,
      version,
      group: ["5 %", "25 %", "50 %", "75 %", "95 %"][index] ?? "",
      value,
      method: "type 7",
      definition: "Quantile of the headline score.",
    })),
  );
  return [...distances, ...quantiles];
}

function distanceOf(distance: Distance): CsvRow {
  return distance.kind === "distance"
    ? { value: distance.value, method: `p ${distance.pValue}` }
    : { method: `undetermined: ${distance.reason}` };
}

function nullOf(distance: Distance): CsvRow {
  return distance.kind === "distance" ? { value: distance.nullQuantile ?? "", method: "label swaps" } : { method: "undetermined" };
}
