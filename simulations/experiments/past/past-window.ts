/** Which periods of a panel an experiment is sized by, and what its columns are there. */
import {
  diagnose,
  firstDayOf,
  formatPeriod,
  InputRefused,
  nearestName,
  type PeriodIndex,
  parseDay,
  periodOf,
  present,
} from "../../../data/foundation/index.ts";
import { findMeasure, type PanelSchema, type PeriodRange } from "../../../data/panel/index.ts";
import { type ExperimentDesign, leavesOut, type UnitColumn, unitColumns, unitColumnsOf, windowWords } from "../design/experiment-design.ts";

/** Weeks of a plan that states none. */
const weeksDefault = 4;
/** A column of that name is what stands before the suffix, over the weeks before the window. */
const suffix = "_before";

/**
 * Columns of growth, which a panel tells without a measure of that name. `exited`: 1 of a unit that has no row any more in the window's last period, else 0.
 * `newcomer_stayed`: the other way round, of units whose first row of all came in the weeks before the window; of all others missing. Who is there from the panel's
 * first period on is no newcomer: nobody knows since when.
 */
const growthColumns = ["exited", "newcomer_stayed"] as const;

type GrowthColumn = (typeof growthColumns)[number];

/** The periods that units of the past are read from. */
export interface PastWindow {
  readonly weeks: number;
  /** As long as the experiment, and over before it starts. */
  readonly window: PeriodRange;
  /** As long, before that, as far as the panel goes: covariates. Absent where the panel begins with the window. */
  readonly before?: PeriodRange;
}

/** A column of the design as the panel has it. */
export interface PastColumn extends UnitColumn {
  /** The measure, or what the panel tells without one. */
  readonly measure: number | GrowthColumn;
  readonly isBefore: boolean;
  /** Of a column with a window: periods since a unit's first row in these weeks. */
  readonly periods?: { readonly from: number; readonly count: number };
}

/**
 * The last `weeks` of the plan before its start, or before the panel's last complete period where the start lies later. @throws InputRefused
 * `period-outside` where the panel does not hold so many.
 */
export function pastWindow({ start, weeks = weeksDefault }: ExperimentDesign, schema: PanelSchema): PastWindow {
  const { grain, firstPeriod, lastPeriod, completeTo = lastPeriod } = schema;
  const day = start === undefined ? undefined : parseDay(start);
  const to = day === undefined ? completeTo : Math.min(completeTo, periodOf(grain, day) - 1);
  const count = periodsOf(schema, weeks);
  const from = to - count + 1;
  if (from < firstPeriod) {
    throw new InputRefused([
      diagnose("period-outside", {
        message: `units of the past are read from the ${weeks} weeks before the start, and the dataset holds ${formatPeriod(grain, firstPeriod)} to ${formatPeriod(grain, completeTo)}`,
        found: start ?? `${weeks} weeks`,
        cure: "Plan fewer weeks, a later start, or name a dataset that reaches further back.",
      }),
    ]);
  }
  const begin = Math.max(firstPeriod, from - count);
  return { weeks, window: { from, to }, ...(begin < from ? { before: { from: begin, to: from - 1 } } : {}) };
}

/** Periods of so many weeks; a month counts as 365.25 / 12 days. */
export function periodsOf({ grain }: Pick<PanelSchema, "grain">, weeks: number): number {
  return grain === "week" ? weeks : grain === "day" ? 7 * weeks : Math.max(1, Math.round((7 * weeks * 12) / 365.25));
}

/** The same periods a year earlier: 52 weeks, 364 days, 12 months. Undefined where the panel does not hold them. */
export function yearBefore(
  { grain, firstPeriod, lastPeriod, completeTo = lastPeriod }: PanelSchema,
  { from, to }: PeriodRange,
): PeriodRange | undefined {
  const year = grain === "week" ? 52 : grain === "day" ? 364 : 12;
  return from - year < firstPeriod || to - year > completeTo ? undefined : { from: from - year, to: to - year };
}

/** The periods in which the experiment will run: from its start, or from the first one after the window. */
export function experimentPeriods({ start }: ExperimentDesign, schema: PanelSchema, { weeks, window }: PastWindow): PeriodRange {
  const day = start === undefined ? undefined : parseDay(start);
  const from: PeriodIndex =
    day === undefined
      ? window.to + 1
      : Math.max(periodOf(schema.grain, day), periodOf(schema.grain, firstDayOf(schema.grain, window.to + 1)));
  return { from, to: from + periodsOf(schema, weeks) - 1 };
}

/**
 * Every column of units that the design's metrics read, each once. @throws InputRefused `bad-observations` for those that the panel has not, and for windows that are
 * no whole periods of it.
 */
export function pastColumns(design: ExperimentDesign, schema: PanelSchema, { before }: PastWindow): readonly PastColumn[] {
  const read = unitColumns(design);
  const names = [...new Set(read.map(({ name }) => name))];
  const measures = schema.measures.map(({ name }) => name);
  const faults = names.flatMap((name) => {
    if (measures.includes(name)) return [];
    if (isGrowth(name)) return growthFaults(design, name, before !== undefined);
    const base = name.endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;
    if (base !== undefined && measures.includes(base)) {
      if (before !== undefined) return [];
      const message = `'${name}' is from before the experiment, and the dataset begins with the weeks that sizes rest on`;
      return [diagnose("bad-observations", { message, found: name, cure: "Plan fewer weeks, or a later start." })];
    }
    const near = nearestName(name, [...measures, ...measures.map((measure) => measure + suffix)]);
    return [
      diagnose("bad-observations", {
        message: `the dataset has no measure '${name}', which the design names`,
        found: name,
        expected: measures.join(", "),
        near,
        ...(near === undefined ? { cure: `It has ${measures.join(", ")}, and each with '${suffix}'.` } : {}),
      }),
    ];
  });
  if (faults.length > 0) throw new InputRefused(faults);
  return read.map((column) => {
    const { name, within } = column;
    const own = findMeasure(schema, name);
    return {
      ...column,
      ...(within === undefined ? {} : { periods: windowPeriods(within, schema) }),
      measure:
        own === undefined && isGrowth(name)
          ? name
          : (own ?? present(findMeasure(schema, name.slice(0, -suffix.length)), `measure of ${name}`)).index,
      isBefore: own === undefined,
    };
  });
}

function isGrowth(name: string): name is GrowthColumn {
  return growthColumns.some((column) => column === name);
}

/** What keeps a column of growth from being read off the panel. */
function growthFaults(design: ExperimentDesign, name: GrowthColumn, hasBefore: boolean) {
  const fault = (message: string, cure: string) => [diagnose("bad-observations", { message, found: name, cure })];
  const readers = design.metrics.filter((metric) => unitColumnsOf(design, metric).some((column) => column.name === name));
  if (readers.some(({ form, window }) => form.kind !== "share" || form.of !== name || window !== undefined))
    return fault(
      `the dataset says of '${name}' who is there at the end of these weeks, which is a share of units`,
      `Write {share: ${name}}, without a window of days, and not as a covariate.`,
    );
  if (name === "exited") return [];
  if (!hasBefore)
    return fault(
      "newcomers came in the weeks before the experiment, and the dataset begins with the weeks that sizes rest on",
      "Plan fewer weeks, or a later start.",
    );
  return readers.every(leavesOut)
    ? []
    : fault(
        "of who is no newcomer 'newcomer_stayed' says nothing, and the metric would count them as gone",
        "Add 'missing: leave out' to the metric.",
      );
}

function windowPeriods(
  within: NonNullable<UnitColumn["within"]>,
  { grain }: Pick<PanelSchema, "grain">,
): NonNullable<PastColumn["periods"]> {
  const { fromDay, days } = within;
  const length = grain === "day" ? 1 : grain === "week" ? 7 : undefined;
  if (length !== undefined && fromDay % length === 0 && days % length === 0) return { from: fromDay / length, count: days / length };
  throw new InputRefused([
    diagnose("bad-observations", {
      message: `a metric counts ${windowWords(within)}, and the dataset has one row a ${grain}: it does not tell these days apart`,
      found: windowWords(within),
      cure: "Give units of the past as a file of rows by day, or let the window be whole weeks.",
    }),
  ]);
}
