/** Effects by the values of text columns, each beside its shrunken form, with the test whether they differ at all. */
import { adjustPValues, alwaysValidEffect, criticalValue, type Estimated, partialPooling, undetermined } from "../../statistics/index.ts";
import type { ExperimentMetric } from "../design/experiment-design.ts";
import { type ArmMoments, type GroupMoments, mergeArms, type Observations, toldApart } from "../observations/observations.ts";
import type { SegmentEffects } from "./analysis.ts";
import { tunedForOf } from "./evidence.ts";
import { isLastLook, type Judge, judgedEffect } from "./judged.ts";
import { compareMetric, outcomeValue } from "./metric-comparison.ts";

/** Fewer units in either arm: no effect of their own. */
const unitsMin = 30;

/** Primary metrics, by each segment column of the design. */
export function segmentsOf(judge: Judge, { segments }: Observations): readonly SegmentEffects[] {
  const { design } = judge;
  const found = design.arms
    .slice(1)
    .flatMap((_, place) =>
      design.metrics.flatMap((metric, index) =>
        metric.role === "primary"
          ? segments.map(({ column, groups }) => effectsBy(judge, { metric, index, arm: place + 1, column, groups: largest(groups) }))
          : [],
      ),
    );
  const tested = found.flatMap(({ interactionPValue }) => interactionPValue ?? []);
  const adjusted = adjustPValues(tested, "holm");
  let place = 0;
  return found.map((one) => {
    const own = one.interactionPValue === undefined ? undefined : adjusted[place++];
    return {
      ...one,
      ...(own === undefined ? {} : { adjustedInteractionPValue: own }),
      words: wordsOf(judge, one.column, own, tested.length),
    };
  });
}

function wordsOf(judge: Judge, column: string, pValue: number | undefined, tests: number): string {
  if (pValue === undefined) return "Whether the segments differ could not be determined.";
  const isLast = isLastLook(judge);
  const how = `${isLast ? "" : ", by what holds at every look"}${tests > 1 ? `, adjusted over ${tests} such tests` : ""}`;
  const shrunken = isLast ? "" : " Shrunken effects have no interval at this look.";
  return pValue < 1 - judge.design.level
    ? `The effect differs between the values of ${column} (p = ${pValue.toPrecision(2)}${how}).${shrunken}`
    : `It is not shown that the effect differs between the values of ${column} (p = ${pValue.toPrecision(2)}${how}); read the shrunken column.${shrunken}`;
}

interface Asked {
  readonly metric: ExperimentMetric;
  readonly index: number;
  readonly arm: number;
  readonly column: string;
  readonly groups: readonly GroupMoments[];
}

function effectsBy(judge: Judge, { metric, index, arm, column, groups }: Asked): SegmentEffects {
  const { level, arms } = judge.design;
  const rows = groups.map(({ value, arms: moments }) => {
    const [control, treatment] = [moments[0]?.metrics[index], moments[arm]?.metrics[index]];
    if (control === undefined || treatment === undefined) throw new RangeError("moments of every arm");
    const side = (of: typeof control) => {
      const own = outcomeValue(metric, of);
      return { units: of.n, ...(own === undefined ? {} : { value: own }) };
    };
    const few = Math.min(control.n, treatment.n) < unitsMin;
    const absolute = few
      ? undetermined(`fewer than ${unitsMin} units in an arm`, "more units of this kind")
      : judgedEffect(judge, compareMetric(metric, { control, treatment }), control.n + treatment.n).absolute;
    return { value, control: side(control), treatment: side(treatment), absolute };
  });
  const told = rows.flatMap(({ value, absolute }) => {
    const error = errorOf(absolute, level);
    return absolute.kind === "estimate" && error !== undefined ? [{ name: value, estimate: absolute.value, standardError: error }] : [];
  });
  const pooled = partialPooling({ segments: told, method: "reml", spreadPrior: { kind: "uniform" }, level });
  const shrunken = new Map(
    pooled.kind === "finding" && Array.isArray(pooled.details?.["segments"])
      ? (pooled.details["segments"] as readonly Readonly<Record<string, number | string>>[]).map((row) => [
          String(row["name"] ?? row["segment"]),
          row,
        ])
      : [],
  );
  // The finding's own test is of the mean over the segments; whether they differ stands in its details.
  const heterogeneity = pooled.kind === "finding" ? pooled.details?.["heterogeneityPValue"] : undefined;
  const isLast = isLastLook(judge);
  const once = typeof heterogeneity === "number" ? heterogeneity : undefined;
  const interaction = isLast ? once : contrastsPValue(judge, told, rows);
  return {
    metric: metric.name,
    arm: arms[arm]?.name ?? "",
    column,
    rows: rows.map((row) => ({
      ...row,
      shrunken: shrunkenOf(shrunken.get(row.value), isLast ? level : undefined, row.treatment.units + row.control.units),
    })),
    ...(interaction === undefined ? {} : { interactionPValue: interaction }),
    words: "",
  };
}

/** A segment's effect with its standard error. */
interface ToldSegment {
  readonly name: string;
  readonly estimate: number;
  readonly standardError: number;
}

/**
 * Each segment's effect against the mean of the others', by the sequence that holds at every look; the smallest p-value times the number of segments holds for all
 * of them together. Undefined below two segments, and where no contrast has a p-value.
 */
function contrastsPValue(
  { design }: Judge,
  told: readonly ToldSegment[],
  rows: readonly { readonly value: string; readonly control: { readonly units: number }; readonly treatment: { readonly units: number } }[],
): number | undefined {
  if (told.length < 2) return undefined;
  const units = rows
    .filter(({ value }) => told.some(({ name }) => name === value))
    .reduce((sum, row) => sum + row.control.units + row.treatment.units, 0);
  const pValues = told.flatMap((own) => {
    const rest = told.filter((other) => other !== own);
    // Weights by precision, which do not depend on the effects.
    const weights = rest.map(({ standardError }) => standardError ** -2);
    const sum = weights.reduce((a, b) => a + b, 0);
    const mean = rest.reduce((total, { estimate }, i) => total + (estimate * (weights[i] as number)) / sum, 0);
    const pair = { treatment: own.estimate, control: mean, treatmentVariance: own.standardError ** 2, controlVariance: 1 / sum };
    const found = alwaysValidEffect(pair, units, {
      level: design.level,
      alternative: "two-sided",
      nullValue: 0,
      tunedFor: tunedForOf(design),
    });
    return found.test === undefined ? [] : [found.test.pValue];
  });
  return pValues.length === 0 ? undefined : Math.min(1, told.length * Math.min(...pValues));
}

function shrunkenOf(row: Readonly<Record<string, number | string>> | undefined, level: number | undefined, n: number): Estimated {
  if (row === undefined) return undetermined("too few segments have an effect of their own", "more units by segment");
  const [value, lower, upper] = [row["shrunken"] ?? row["value"], row["lower"], row["upper"]].map(Number);
  if (value === undefined || lower === undefined || upper === undefined || ![value, lower, upper].every(Number.isFinite))
    return undetermined("too few segments have an effect of their own", "more units by segment");
  const interval = level === undefined ? {} : { interval: { lower, upper, level } };
  return { kind: "estimate", value, ...interval, method: "partial pooling over segments (REML)", n, assumptions: [] };
}

/** The standard error; of a score interval its width in normal terms. */
function errorOf(absolute: Estimated, level: number): number | undefined {
  if (absolute.kind === "undetermined") return undefined;
  if (absolute.standardError !== undefined) return absolute.standardError > 0 ? absolute.standardError : undefined;
  const { interval } = absolute;
  if (interval === undefined) return undefined;
  const error = (interval.upper - interval.lower) / (2 * criticalValue(level));
  return error > 0 ? error : undefined;
}

function largest(groups: readonly GroupMoments[]): readonly GroupMoments[] {
  const { told, rest } = toldApart(groups);
  if (rest.length === 0) return told;
  const others = rest.map(({ arms }) => arms).reduce((a, b) => a.map((arm, index) => mergeArms(arm, b[index] as ArmMoments)));
  return [...told, { value: `${rest.length} others`, arms: others }];
}
