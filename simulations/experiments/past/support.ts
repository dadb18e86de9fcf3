/** Whom a test of two policies can tell anything about: which units of the last weeks the candidate would have treated otherwise at all. */
import { formatPeriod, present } from "../../../data/foundation/index.ts";
import { findMeasure, type Panel } from "../../../data/panel/index.ts";
import { type Policy, tierNames } from "../../../policies/language/checked/index.ts";
import type { Found } from "../../statistics/index.ts";
import { analysedDesign, clusterColumn, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";
import { type MetricSize, unitsNeeded } from "../design/size-design.ts";
import { findTriggers, strata, type TriggerColumns } from "../triggering/first-divergence.ts";
import { dealtColumns } from "./past-dealt.ts";
import { momentsOfColumns, type PastUnits, pastUnits } from "./past-units.ts";
import { pastWindow } from "./past-window.ts";
import { numberText, percentText, unitsText } from "./past-words.ts";

/** Units of one kind, and how many of them the candidate treats otherwise at some time in the weeks. */
export interface SupportRow {
  readonly value: string;
  readonly units: number;
  readonly differing: number;
  /** By stratum of change, in the order of `strata`. */
  readonly byStratum: readonly number[];
  /** None, or too few for an effect of their own. */
  readonly gap: "none" | "too few" | "";
}

/** What a metric needs when it is analysed from the first divergence on. */
export interface TriggeredSize {
  readonly metric: string;
  readonly title: string;
  readonly plain: Found;
  /** For the same effect on the whole: units in all arms, and how many of them differ. Absent where the metric is no mean of a flow. */
  readonly triggered?: Found;
  readonly differing?: number;
  readonly words: string;
}

/** One candidate against the control. */
export interface Support {
  readonly arm: string;
  readonly from: string;
  readonly to: string;
  readonly units: number;
  readonly differing: number;
  readonly strata: readonly SupportRow[];
  readonly tiers: readonly SupportRow[];
  readonly segments: readonly { readonly column: string; readonly rows: readonly SupportRow[] }[];
  readonly sizes: readonly TriggeredSize[];
  /** What the test cannot tell, and what it can, in sentences. */
  readonly words: readonly string[];
}

/** Fewer differing units in an arm have no effect of their own: as segments of an analysis. */
const armUnitsMin = 30;
/** Groups of an attribute that are told apart; of one with more only those with differing units. */
const groupsMax = 20;

/**
 * Scores both policies for every unit over the last weeks, as the test would. `policies` by arm, `sizes` as designed. @throws InputRefused `period-outside` where
 * nothing lies before those weeks. Cost: a replay of both policies a candidate, one read of the panel.
 */
export function supportOf(
  design: ExperimentDesign,
  panel: Panel,
  policies: readonly Policy[],
  sizes: readonly MetricSize[],
): readonly Support[] {
  const { schema } = panel;
  const { window } = pastWindow(design, schema);
  // The state before the first week must be known.
  const from = Math.max(window.from, schema.firstPeriod + 1);
  const weeks = { from, to: Math.max(from, window.to) };
  const found = pastUnits({ ...design, metrics: [] }, panel, [], { window: weeks });
  const baseline = present(policies[0], "the control's policy");
  const measures = flowsOf(design, panel);
  return design.arms.slice(1).map((arm, place) => {
    const columns = findTriggers({
      panel,
      baseline,
      candidate: present(policies[place + 1], "a candidate's policy"),
      ...weeks,
      measures: measures.map(({ name }) => name),
      armOf: () => 0,
    });
    return supportIn(
      { design, columns, found, measures, sizes },
      {
        arm: arm.name,
        share: Math.min(arm.share, design.arms[0]?.share ?? 1),
        tiers: [...tierNames(baseline)],
        period: { from: formatPeriod(schema.grain, weeks.from), to: formatPeriod(schema.grain, weeks.to) },
      },
    );
  });
}

interface Told {
  readonly design: ExperimentDesign;
  readonly columns: TriggerColumns;
  readonly found: PastUnits;
  readonly measures: readonly { readonly name: string; readonly scale: number }[];
  readonly sizes: readonly MetricSize[];
}

function supportIn(
  { design, columns, found, measures, sizes }: Told,
  {
    arm,
    share,
    tiers,
    period,
  }: {
    readonly arm: string;
    readonly share: number;
    readonly tiers: readonly string[];
    readonly period: { readonly from: string; readonly to: string };
  },
): Support {
  const units = columns.entities;
  const differing = columns.stratum.reduce((sum, stratum) => sum + (stratum >= 0 ? 1 : 0), 0);
  const gapOf = (count: number): SupportRow["gap"] => (count === 0 ? "none" : count * share < armUnitsMin ? "too few" : "");
  const rowsBy = (values: readonly string[], codes: ArrayLike<number>): readonly SupportRow[] => {
    const counts = values.map(() => ({ units: 0, byStratum: strata.map(() => 0) }));
    for (let unit = 0; unit < units; unit++) {
      const count = present(counts[codes[unit] as number], "a group");
      const stratum = columns.stratum[unit] as number;
      count.units++;
      if (stratum >= 0) count.byStratum[stratum] = (count.byStratum[stratum] as number) + 1;
    }
    return counts.flatMap(({ units: all, byStratum }, code) => {
      const some = byStratum.reduce((sum, count) => sum + count, 0);
      return all === 0 ? [] : [{ value: values[code] ?? "", units: all, differing: some, byStratum, gap: gapOf(some) }];
    });
  };
  const byStratum = strata.map((value, code): SupportRow => {
    const some = columns.stratum.reduce((sum, stratum) => sum + (stratum === code ? 1 : 0), 0);
    return { value, units, differing: some, byStratum: strata.map((_, other) => (other === code ? some : 0)), gap: gapOf(some) };
  });
  const byTier = rowsBy(tiers, columns.held);
  const wanted = found.groups.filter(({ column }) => design.segments.length === 0 || design.segments.includes(column));
  const segments = wanted.map(({ column, values, codes }) => {
    const rows = rowsBy(values, codes);
    return { column, rows: rows.length <= groupsMax ? rows : rows.filter((row) => row.differing > 0).slice(0, groupsMax) };
  });
  const triggered = design.metrics.map((metric, index) =>
    triggeredSize(design, {
      metric,
      size: present(sizes[index], "a size"),
      columns,
      differing,
      place: measures.findIndex(({ name }) => name === metric.form.of),
      measures,
      found,
    }),
  );
  const absent = design.segments.filter((column) => !wanted.some((group) => group.column === column));
  return {
    arm,
    ...period,
    units,
    differing,
    strata: byStratum,
    tiers: byTier,
    segments,
    sizes: triggered,
    words: [
      differing === 0
        ? `None of ${unitsText(units)} would be treated otherwise under ${arm}: this test cannot show anything.`
        : `${unitsText(differing)} of ${numberText(units)} (${percentText(differing / units)}) would be treated otherwise under ${arm} at some time in these weeks.`,
      ...(differing === 0
        ? []
        : [
            ...gapWords("change", byStratum),
            ...gapWords("tier held at the start", byTier),
            ...segments.flatMap(({ column, rows }) => gapWords(column, rows)),
          ]),
      ...absent.map((column) => `${column} is no column of the dataset: which of its values differ cannot be said.`),
    ],
  };
}

/** Which kinds have no unit that differs, and which too few. */
function gapWords(kind: string, rows: readonly SupportRow[]): readonly string[] {
  const named = (gap: SupportRow["gap"]) => rows.filter((row) => row.gap === gap);
  const [none, few] = [named("none"), named("too few")];
  const list = (some: readonly SupportRow[], word: (row: SupportRow) => string): string => {
    const words = some.slice(0, groupsMax).map(word);
    return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
  };
  return [
    ...(none.length === 0 ? [] : [`By ${kind}, no unit differs in ${list(none, ({ value }) => value)}: nothing can be said of them.`]),
    ...(few.length === 0
      ? []
      : [
          `By ${kind}, too few differ in ${list(few, ({ value, differing }) => `${value} (${numberText(differing)})`)} for an effect of their own, which takes ${armUnitsMin} in each arm.`,
        ]),
  ];
}

interface Asked {
  readonly metric: ExperimentMetric;
  readonly size: MetricSize;
  readonly columns: TriggerColumns;
  readonly differing: number;
  /** Among `measures`; -1 where the metric is of no flow. */
  readonly place: number;
  readonly measures: Told["measures"];
  readonly found: PastUnits;
}

/** The same effect on the whole, shown by outcomes after the first divergence alone: whoever never differs counts 0. */
function triggeredSize(design: ExperimentDesign, { metric, size, columns, differing, place, measures, found }: Asked): TriggeredSize {
  const common = { metric: metric.name, title: metric.title, plain: size.units };
  const after = columns.after[place];
  if (metric.form.kind !== "mean" || after === undefined)
    return { ...common, words: `${metric.title} is no mean of a flow: it is not analysed from the first divergence on.` };
  if (size.effect === undefined) return { ...common, words: `${metric.title} has no effect to plan for.` };
  if (differing === 0) return { ...common, words: `No unit differs, and so ${metric.title} cannot.` };
  const scale = present(measures[place], "a measure").scale;
  const { cap: _, ...uncapped } = metric;
  // As the analysis: adjusted for the same measure before, where the metric is.
  const own = metric.covariates.filter((covariate) => covariate === `${metric.form.of}_before`);
  const known = own.length === 0 ? undefined : columns.expected[place];
  const effect = { value: size.effect, scale: "absolute" as const };
  const asked: ExperimentMetric = {
    ...uncapped,
    covariates: known === undefined ? [] : own,
    effect,
    ...(metric.margin === undefined ? {} : { margin: effect }),
  };
  const values = [after, ...(known === undefined ? [] : [known])].map((column) => column.map((value) => value / scale));
  // Where clusters are dealt, their sums are what is compared.
  const judged = analysedDesign({ ...design, metrics: [asked] });
  const dealt = dealtColumns({ ...design, metrics: [asked] }, found, [values]);
  const { units } = unitsNeeded(judged, judged.metrics[0] ?? asked, momentsOfColumns(dealt.columns[0] ?? []));
  if (units.kind === "undetermined")
    return { ...common, triggered: units, words: `${metric.title}, from the first divergence on: not determined, ${units.reason}.` };
  const cluster = clusterColumn(design);
  if (cluster !== undefined)
    return {
      ...common,
      triggered: units,
      words: `${metric.title}, from the first divergence on: ${numberText(Math.ceil(units.estimate.value))} values of ${cluster}, all of their units together${known === undefined ? "" : `, adjusted for ${own[0] ?? ""}`}.`,
    };
  const some = Math.ceil((units.estimate.value * differing) / columns.entities);
  const plain =
    size.units.kind === "finding"
      ? `, where the plain analysis${metric.covariates.length > 0 ? " with its covariates" : ""} needs ${unitsText(Math.ceil(size.units.estimate.value))}`
      : "";
  return {
    ...common,
    triggered: units,
    differing: some,
    words: `${metric.title}, from the first divergence on: ${numberText(some)} units that differ among ${numberText(Math.ceil(units.estimate.value))}${known === undefined ? "" : `, adjusted for ${own[0] ?? ""}`}${plain}.`,
  };
}

/** Flows that the design's means are of. */
function flowsOf({ metrics }: ExperimentDesign, { schema }: Panel): Told["measures"] {
  const names = [...new Set(metrics.filter(({ form }) => form.kind === "mean").map(({ form }) => form.of))];
  return names.flatMap((name) => {
    const measure = findMeasure(schema, name)?.measure;
    return measure?.kind === "flow" ? [{ name, scale: 10 ** measure.decimals }] : [];
  });
}
