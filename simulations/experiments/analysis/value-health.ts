/** Checks of what stands in the columns: values that do not vary, strata that the arm changes, and days on which an arm is not there. */
import { countText } from "../../../data/foundation/index.ts";
import { independence } from "../../statistics/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { type Observations, strataGroups, toldApart } from "../observations/observations.ts";
import type { HealthCheck } from "./analysis.ts";

/** A metric that is the same for every unit is more often a column that was not filled than a fact. `design`: as its observations are analysed. */
export function constantChecks({ metrics }: ExperimentDesign, { arms }: Observations): readonly HealthCheck[] {
  return metrics.flatMap((metric, index): readonly HealthCheck[] => {
    const moments = arms.flatMap(({ metrics: own }) => own[index] ?? []).filter(({ n }) => n > 0);
    const [first] = moments;
    const units = moments.reduce((sum, { n }) => sum + n, 0);
    if (first === undefined || units < 2) return [];
    const places = metric.form.kind === "ratio" ? ([0, 1] as const) : ([0] as const);
    const constant = places.filter((at) =>
      moments.every(({ means, covariances }) => means[at] === first.means[at] && (covariances[at]?.[at] ?? 0) === 0),
    );
    const isCounted = metric.form.kind === "ratio" && metric.form.shownAs !== undefined;
    // A denominator that is 1 for everybody is a mean, and clusters may well be of one size.
    const told = constant.filter((at) => at === 0 || (first.means[at] === 0 && !isCounted));
    const [at] = told;
    if (at === undefined) return [];
    const column = at === 0 ? metric.form.of : metric.form.kind === "ratio" ? metric.form.over : metric.form.of;
    return [
      {
        name: "constant-values",
        title: `Values of ${metric.title}`,
        state: "care",
        finding: `${column} is ${Number((first.means[at] as number).toPrecision(6))} for every one of ${countText(units)} units: ${metric.form.kind === "share" && first.means[at] === 1 ? `${metric.title} does not tell the arms apart` : `nothing can be said of ${metric.title}`}.`,
        cure: "See whether the column was filled: one that nobody fills is all 0, and so are empty cells that count as 0.",
      },
    ];
  });
}

/** A count below 0 is no count: a refund among orders, or a sign for what is missing. */
export function belowZeroChecks({ belowZero = [] }: Observations): readonly HealthCheck[] {
  return belowZero.map(({ column, least }) => ({
    name: "below-zero",
    title: `Values of ${column}`,
    state: "care",
    finding: `${column} is below 0 for some unit, ${least.toLocaleString("en-US", { maximumSignificantDigits: 5 }).replace("-", "\u2212")} at the least: what is counted is never less than nothing.`,
    cure: "Find who wrote it: a correction that was booked as a row of its own, or a number that stands for a missing one. Of money that may be paid back write the ratio with 'over'.",
  }));
}

/** So rarely by chance an arm has more units of some strata. */
const strataApart = 0.001;
/** Fewer expected in an arm: a value goes together with others (Cochran 1954, Biometrics 10, 417-451). */
const expectedMin = 5;

/** A stratum that was there before cannot depend on the arm; one that does is a result, and comparing within it takes a part of the effect away. */
export function strataChecks(design: ExperimentDesign, observed: Observations): readonly HealthCheck[] {
  const { arms, strata, level } = design;
  const { told, rest } = toldApart(strataGroups(design, observed));
  const least = Math.min(...arms.map(({ share }) => share));
  const rows = [...told, ...rest].map(({ value, arms: seen }) => ({ value, units: seen.map(({ units }) => units) }));
  const isLarge = ({ units }: (typeof rows)[number]): boolean => units.reduce((sum, count) => sum + count, 0) * least >= expectedMin;
  const small = rows.filter((row) => !isLarge(row));
  const together =
    small.length === 0
      ? []
      : [{ value: "others", units: arms.map((_, arm) => small.reduce((sum, { units }) => sum + (units[arm] ?? 0), 0)) }];
  const table = [...rows.filter(isLarge), ...together];
  if (strata === undefined || table.length < 2) return [];
  const found = independence({ table: table.map(({ units }) => units), statistic: "pearson", continuityCorrection: false, level });
  if (found.kind === "undetermined" || found.test === undefined) return [];
  const { pValue } = found.test;
  const isApart = pValue < strataApart;
  const seen = table.slice(0, 6).map(({ value, units }) => `${value} ${units.join(" to ")}`);
  return [
    {
      name: "strata-balance",
      title: `Strata: ${strata}`,
      state: isApart ? "stop" : "sound",
      finding: `The values of ${strata} are ${isApart ? "further" : "no further"} apart between the arms than chance allows: ${seen.join(", ")}${table.length > seen.length ? " and others" : ""}.`,
      cure: isApart
        ? `What the arm changes is no stratum: is ${strata} as it was before the experiment? Observe it as it was, or amend the plan to have no strata.`
        : "",
      pValue,
    },
  ];
}

/** Over all days, so rare by chance. */
const absentByChance = 0.001;

/** Days with so many units that every arm should have some, and one has none. */
export function absentDayChecks({ arms }: ExperimentDesign, { byDay }: Observations): readonly HealthCheck[] {
  const found = byDay.flatMap(({ value, arms: seen }) => {
    const total = seen.reduce((sum, { units }) => sum + units, 0);
    return arms.flatMap(({ name, share }, index) =>
      (seen[index]?.units ?? 0) === 0 && byDay.length * (1 - share) ** total < absentByChance
        ? [{ day: value, arm: name, others: total }]
        : [],
    );
  });
  if (found.length === 0) return [];
  const named = found.slice(0, 5).map(({ day, arm, others }) => `${day} without ${arm} (others ${others})`);
  return [
    {
      name: "absent-days",
      title: "Days without an arm",
      state: "care",
      finding: `On ${found.length} of ${byDay.length} days an arm has no unit where the others have many: ${named.join(", ")}${found.length > named.length ? " and others" : ""}.`,
      cure: "Find the rows that are missing: effects compare days that both arms saw with days that only one did.",
    },
  ];
}
