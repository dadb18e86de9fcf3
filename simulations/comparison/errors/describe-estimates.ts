/** Every error rate by every estimator, side by side, with worst-case bounds and a headline that may be refused. */
import {
  type Estimated,
  estimated,
  type LabelTable,
  type PartialLabelEstimate,
  partialDifference,
  partialRate,
  undetermined,
  wilson,
} from "../../statistics/index.ts";
import type { ErrorRate } from "../comparison.ts";
import { boundChange, boundRate, type FigureBounds } from "./error-bounds.ts";
import { type ErrorTally, groupsOf } from "./error-tally.ts";
import type { EstimateBy, EstimatorName, FigureEstimates, LabelEstimates } from "./estimates.ts";
import { audited, modelled, type RowsFor, stratified, twoPhase } from "./estimator-rows.ts";
import { effectiveSizeMin, estimatorTable, estimatorViews, labelledShareMin, labelProbabilityMin } from "./estimator-table.ts";
import { type GroupName, groupNames } from "./groups.ts";
import type { PhaseTally } from "./phase-tally.ts";
import { type FigureSides, sidesOfChange, sidesOfRate, thinLabels } from "./thin-labels.ts";

/** What the estimates are made from, besides the table of cells. */
export interface EstimateParts {
  readonly phase: PhaseTally;
  readonly tally: ErrorTally;
  readonly level: number;
  /** The figures over labelled entities, as they stand. */
  readonly labelledOnly: {
    readonly baseline: readonly ErrorRate[];
    readonly candidate: readonly ErrorRate[];
    readonly falsePositiveChange: Estimated;
    readonly missChange: Estimated;
  };
}

type RateName = LabelEstimates["rates"][number]["name"];
const rateNames: readonly RateName[] = ["false-positive-rate", "false-share", "miss-rate"];
const sides = ["baseline", "candidate"] as const;

/** A figure as tables over the groups, who is in its denominator, and its two sides whose coverage counts. */
interface FigureTables {
  readonly plus: LabelTable;
  readonly minus?: LabelTable;
  readonly denominator: LabelTable;
  readonly groups: readonly number[];
  readonly coverage: FigureSides;
}

/**
 * The figures of one table. Cost: cells (at most some hundred) times covariates squared for the fits, and a pass over the cells a figure
 * and estimator; nothing depends on how many entities there are.
 */
export function describeEstimates(parts: EstimateParts): LabelEstimates {
  const estimators = estimatorsOf(parts.phase);
  const of = (tables: FigureTables, labelledOnly: Estimated, bounds: FigureBounds): FigureEstimates => {
    const estimates = [
      { estimator: "labelled-only" as const, estimate: labelledOnly, effectiveSize: labelledOnly.kind === "estimate" ? labelledOnly.n : 0 },
      ...estimators.flatMap((estimator) => estimateBy(estimator, tables, parts.level).map((by) => withinLimits(by, bounds))),
    ];
    return { estimates, bounds, headline: headlineOf(estimates, tables, parts.tally) };
  };
  return {
    estimators: estimatorViews(["labelled-only", ...estimators.map(({ name }) => name)]),
    labelProbabilityMin,
    labelledShareMin,
    effectiveSizeMin,
    rates: rateNames.flatMap((name) =>
      sides.map((side) => {
        const rate = parts.labelledOnly[side].find((entry) => entry.name === name);
        return { name, side, ...of(rateTables(name, side), rate?.estimate ?? absent, boundRate(parts.tally, name, side)) };
      }),
    ),
    falsePositiveChange: of(changeTables("fine"), parts.labelledOnly.falsePositiveChange, boundChange(parts.tally, "fine")),
    missChange: of(changeTables("harmful"), parts.labelledOnly.missChange, boundChange(parts.tally, "harmful")),
    fineShares: groupNames.map((group, index) => {
      const { fine, harmful, unlabelled } = parts.tally.groups[group];
      const labelled = fine + harmful;
      const entities = labelled + unlabelled;
      const only = labelled === 0 ? absent : wilson({ successes: fine, trials: labelled, level: parts.level });
      return { group, entities, ...of(fineShareTables(index), only, fineShareBounds(fine, unlabelled, entities)) };
    }),
  };
}

const absent = undetermined("no labelled entity is in the denominator", "labels of such entities");

/** Weights and models may put a value where the known labels leave no room for it: it is cut to the limits. The interval, of another draw, stays. */
function withinLimits(by: EstimateBy, { lower, upper }: FigureBounds): EstimateBy {
  const { estimate } = by;
  if (estimate.kind === "undetermined" || lower.kind === "undetermined" || upper.kind === "undetermined") return by;
  const value = Math.min(upper.value, Math.max(lower.value, estimate.value));
  if (value === estimate.value) return by;
  const { interval } = estimate;
  const ends =
    interval === undefined
      ? {}
      : { interval: { ...interval, lower: Math.min(value, interval.lower), upper: Math.max(value, interval.upper) } };
  const assumptions = [...estimate.assumptions, "cut to the limits: the known labels leave no room beyond them"];
  return { ...by, estimate: { ...estimate, value, ...ends, assumptions } };
}

interface Estimator {
  readonly name: EstimatorName;
  readonly rowsFor: RowsFor;
}

/** Which estimators a table has: with audits alone, weights by a model would only repeat what is known by design. */
function estimatorsOf(phase: PhaseTally): readonly Estimator[] {
  const hasOther = phase.cells.some(
    ({ fine, harmful, audited: picked }) => fine + harmful > [...picked.values()].reduce((sum, one) => sum + one.fine + one.harmful, 0),
  );
  const models: readonly Estimator[] = [
    { name: "inverse-probability", rowsFor: modelled(phase, false) },
    { name: "doubly-robust", rowsFor: modelled(phase, true) },
  ];
  const designs: readonly Estimator[] = [
    { name: "horvitz-thompson", rowsFor: audited(phase) },
    { name: "audits", rowsFor: audited(phase) },
    { name: "two-phase", rowsFor: twoPhase(phase) },
  ];
  return [{ name: "stratified", rowsFor: stratified(phase) }, ...(hasOther ? models : []), ...(phase.hasAudit ? designs : [])];
}

function estimateBy({ name, rowsFor }: Estimator, tables: FigureTables, level: number): readonly EstimateBy[] {
  const { plus, minus, denominator, groups } = tables;
  const isCount = denominator.every(([zero, one]) => zero === one);
  // Where the denominator is a sum over labels as well, both weighted ratios are one.
  if (name === "horvitz-thompson" && !isCount) return [];
  const found = rowsFor(groups);
  if (found.kind === "undetermined") return [{ estimator: name, estimate: found, effectiveSize: 0 }];
  const { title, assumption } = estimatorTable[name];
  const { rows, unseen } = found;
  const options = { rows, unseen, level, method: title, assumptions: [assumption], knowsCounts: name === "horvitz-thompson" };
  const estimate: PartialLabelEstimate =
    minus === undefined
      ? partialRate({ ...options, rate: { numerator: plus, denominator } })
      : partialDifference({ ...options, plus, minus, denominator });
  return [{ estimator: name, ...estimate }];
}

/** In this order, whichever can be had: what rests on the design, then what rests on the weaker assumption. Nobody unlabelled: the count. */
const preference: readonly EstimatorName[] = ["two-phase", "audits", "doubly-robust", "stratified", "labelled-only"];

function headlineOf(estimates: readonly EstimateBy[], tables: FigureTables, tally: ErrorTally): FigureEstimates["headline"] {
  const inside = tables.groups.map((group) => groupNames[group] as GroupName);
  const [labelledOnly] = estimates;
  if (labelledOnly !== undefined && inside.every((name) => tally.groups[name].unlabelled === 0))
    return { estimator: labelledOnly.estimator, estimate: labelledOnly.estimate };
  const thin = thinLabels(tally, tables.coverage);
  // Labelled only takes the groups of a side to be labelled alike, so that each of them counts; the others tell them apart.
  const thinGroup =
    thin ??
    thinLabels(
      tally,
      inside.map((name) => [name]),
    );
  for (const name of preference) {
    const found = estimates.find(({ estimator }) => estimator === name);
    if (found === undefined || found.estimate.kind === "undetermined" || found.effectiveSize < effectiveSizeMin) continue;
    if (!estimatorTable[name].isDesignBased && (name === "labelled-only" ? thinGroup : thin) !== undefined) continue;
    return { estimator: name, estimate: found.estimate };
  }
  return { estimate: thinGroup ?? firstReason(estimates) };
}

/** Why the estimator that comes first does not give a headline. */
function firstReason(estimates: readonly EstimateBy[]): Estimated {
  for (const name of preference) {
    const found = estimates.find(({ estimator }) => estimator === name);
    if (found?.estimate.kind === "undetermined") return found.estimate;
    if (found !== undefined) {
      const size = found.effectiveSize.toFixed(0);
      return undetermined(
        `${estimatorTable[name].title.toLowerCase()}: ${size} effective labels, fewer than ${effectiveSizeMin}`,
        found.estimate.assumptions.some((words) => words.startsWith("design-based")) ? "more random audits" : "more labels",
      );
    }
  }
  return undetermined("no estimator applies", "labels");
}

const nothing = [0, 0] as const;
const ifFine = [0, 1] as const;
const ifHarmful = [1, 0] as const;
const always = [1, 1] as const;
const everyone = groupNames.map((_, index) => index);

function rateTables(name: RateName, side: (typeof sides)[number]): FigureTables {
  const [adverse, others] = [groupsOf(side, true), groupsOf(side, false)];
  const coverage = sidesOfRate(name, side);
  const tableOf = (names: readonly GroupName[], value: readonly [number, number]): LabelTable =>
    groupNames.map((group) => (names.includes(group) ? value : nothing));
  const indices = adverse.map((group) => groupNames.indexOf(group));
  switch (name) {
    case "false-positive-rate":
      return { plus: tableOf(adverse, ifFine), denominator: tableOf(groupNames, ifFine), groups: everyone, coverage };
    case "miss-rate":
      return {
        plus: tableOf(others, ifHarmful),
        denominator: tableOf(groupNames, ifHarmful),
        groups: everyone,
        coverage,
      };
    case "false-share":
      return { plus: tableOf(adverse, ifFine), denominator: tableOf(adverse, always), groups: indices, coverage };
  }
}

function changeTables(among: "fine" | "harmful"): FigureTables {
  const value = among === "fine" ? ifFine : ifHarmful;
  const only = (name: GroupName): LabelTable => groupNames.map((group) => (group === name ? value : nothing));
  const [plus, minus] = among === "fine" ? (["newly", "released"] as const) : (["released", "newly"] as const);
  return {
    plus: only(plus),
    minus: only(minus),
    denominator: groupNames.map(() => value),
    groups: everyone,
    coverage: sidesOfChange,
  };
}

function fineShareTables(index: number): FigureTables {
  const only = (value: readonly [number, number]): LabelTable => groupNames.map((_, group) => (group === index ? value : nothing));
  return { plus: only(ifFine), denominator: only(always), groups: [index], coverage: [[groupNames[index] as GroupName]] };
}

function fineShareBounds(fine: number, unlabelled: number, entities: number): FigureBounds {
  if (entities === 0) {
    const nobody = undetermined("nobody is in the group", "entities in it");
    return { lower: nobody, upper: nobody };
  }
  const bound = (value: number): Estimated =>
    estimated({ value: value / entities, method: "worst-case bound: every missing label at its worst", n: entities });
  return { lower: bound(fine), upper: bound(fine + unlabelled) };
}
