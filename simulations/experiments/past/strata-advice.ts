/** How much narrower a metric's interval is for what is known of units beforehand: covariates, and comparing arms within the values of a column of texts. */
import { dealtThing, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";
import { narrowing } from "../design/narrowing.ts";
import { type MetricMoments, toldApart } from "../observations/observations.ts";
import { averagedOverStrata, eventsMin, hasStrata, stratumUnitsMin } from "../observations/strata.ts";
import { heldBeforeName } from "./held-before.ts";
import { groupMoments, momentsOfColumns, type PastGroups } from "./past-units.ts";
import { percentText } from "./past-words.ts";

/** What one column of texts, or two crossed, would save. */
export interface PastStrata {
  readonly columns: readonly string[];
  /** Values, or combinations, that units of the past have; those too small to stand alone; what is compared when these are taken together. */
  readonly values: number;
  readonly small: number;
  readonly strata: number;
  /** The part of the interval's width that is saved, below 0 where it grows; and the part more units that would save as much. Absent: not determined. */
  readonly narrower?: number;
  readonly moreUnits?: number;
  readonly words: string;
}

/** What narrows a metric's interval, in the order of the panel's columns; the two that save most are crossed as well. */
export interface Narrowing {
  readonly covariates?: number;
  readonly strata: readonly PastStrata[];
  readonly narrowingWords: readonly string[];
}

/** Below it nobody would see the difference. */
const seenLeast = 0.005;

/** `columns`: the metric's, of units, as designed. All figures are against the plain difference of the same units, the planned ones or as many as there are. */
export function narrowingOf(
  design: ExperimentDesign,
  index: number,
  columns: readonly Float64Array[],
  groups: readonly PastGroups[],
): Narrowing {
  const metric = design.metrics[index];
  if (metric === undefined) throw new RangeError("a metric of the design");
  const whole = momentsOfColumns(columns);
  const dealt = dealtThing(design).kind;
  const refused = (words: string): Narrowing => ({ strata: [], narrowingWords: [words] });
  if (metric.form.kind === "quantile") return refused("A quantile takes no covariate and is compared without strata.");
  if (dealt === "cluster" || dealt === "switchback") return refused("What strata would save is told where units are dealt one by one.");
  const part = whole.n / Math.max(1, columns[0]?.length ?? 0);
  const arms = design.arms.map(({ share }) => share * (design.units === undefined ? whole.n : design.units * part));
  const plain = narrowing(metric, whole, { arms });
  if (plain === undefined) return refused("What narrows the interval is not determined: the past has too few units that differ.");
  const given = { metric, columns, whole, arms, plain };
  const single = groups.map((group) => ({ group, found: adviceOf(given, group, [group.column]) }));
  const [first, second] = single
    .filter(({ found }) => (found.narrower ?? 0) > seenLeast)
    .toSorted((a, b) => (b.found.narrower ?? 0) - (a.found.narrower ?? 0));
  const crossed =
    first === undefined || second === undefined
      ? []
      : [adviceOf(given, crossGroups([first.group, second.group]), [first.group.column, second.group.column])];
  const strata = [...single.map(({ found }) => found), ...crossed];
  const hasCovariates = metric.covariates.length > 0;
  return {
    ...(hasCovariates ? { covariates: plain } : {}),
    strata,
    narrowingWords: [
      ...(hasCovariates ? [`Known beforehand, ${metric.covariates.join(" and ")} ${narrowerText(plain)}.`] : []),
      ...(strata.length === 0
        ? ["The dataset has no column of texts that arms could be compared within."]
        : strata.map(({ words }) => words)),
      ...(strata.some(({ columns: names, narrower = 0 }) => names.includes(heldBeforeName) && narrower > seenLeast)
        ? [
            `For ${heldBeforeName}, let the rows of observations carry it as a column, and name that among the segments and the plan's strata.`,
          ]
        : []),
    ],
  };
}

/** A metric's units of the past, those of each arm that are planned, and what covariates alone save. */
interface Given {
  readonly metric: ExperimentMetric;
  readonly columns: readonly Float64Array[];
  readonly whole: MetricMoments;
  readonly arms: readonly number[];
  readonly plain: number;
}

function adviceOf({ metric, columns, whole, arms, plain }: Given, { codes }: PastGroups, names: readonly string[]): PastStrata {
  const smallest = Math.min(...arms);
  const unitsMin = stratumUnitsMin * Math.max(1, whole.n / smallest);
  const groups = groupMoments(columns, codes);
  const values = groups.length;
  const { told, rest } = toldApart(groups);
  const small = told.filter(({ arms: [arm] }) => (arm?.units ?? 0) < unitsMin).length + rest.length;
  const named = names.join(" and ");
  const none = (why: string): PastStrata => ({
    columns: names,
    values,
    small,
    strata: 1,
    words: `Within ${named}: not determined, ${why}.`,
  });
  if (values < 2) return none("all units of the past have one value of it");
  if (!hasStrata(metric, [{ ...whole, n: smallest }]))
    return none(`fewer than ${eventsMin} units of an arm would have what ${metric.title} counts, or have it not`);
  const within = averagedOverStrata(groups, 0, [whole], unitsMin)?.[0];
  const found = within?.strata === undefined ? undefined : narrowing(metric, whole, { within, arms });
  if (within?.strata === undefined || found === undefined)
    return none(`no two of its ${values} values would have ${stratumUnitsMin} units in every arm`);
  const strata = within.strata.length;
  const narrower = 1 - (1 - found) / (1 - plain);
  const together =
    small === 0
      ? ""
      : `; ${small} of its ${values} values, with fewer than ${stratumUnitsMin} units of an arm or beyond the largest 19, are taken together`;
  return {
    columns: names,
    values,
    small,
    strata,
    narrower,
    moreUnits: 1 / (1 - narrower) ** 2 - 1,
    words: `Compared within ${named} (${strata} strata), the interval ${narrowerWould(narrower)}${together}.`,
  };
}

/** The combinations of columns that units have. */
export function crossGroups(groups: readonly PastGroups[]): PastGroups {
  const [first, ...others] = groups;
  if (first === undefined) throw new RangeError("a column");
  return others.reduce((one, other) => {
    const known = new Map<number, number>();
    const values: string[] = [];
    const codes = one.codes.map((code, unit) => {
      const beside = other.codes[unit] as number;
      const pair = code * other.values.length + beside;
      const at = known.get(pair) ?? known.size;
      if (at === known.size) values.push(`${one.values[code]}, ${other.values[beside]}`);
      known.set(pair, at);
      return at;
    });
    return { column: `${one.column}, ${other.column}`, values, codes };
  }, first);
}

function narrowerText(narrower: number): string {
  return narrower < seenLeast ? "makes the interval no narrower" : `makes the interval ${percentText(narrower)} narrower`;
}

function narrowerWould(narrower: number): string {
  if (narrower <= -seenLeast) return `would be ${percentText(-narrower)} wider: so many small strata cost more than they explain`;
  if (narrower < seenLeast) return "would be no narrower";
  return `would be ${percentText(narrower)} narrower, as with ${percentText(1 / (1 - narrower) ** 2 - 1)} more units`;
}
