/** What each estimator reads: everyone in the frame as counted rows, with the chance of a label and what a model expects. */
import { countText, present } from "../../../data/foundation/index.ts";
import {
  type Estimated,
  fitLogistic,
  type LogisticFit,
  stratifiedRows,
  type UnitRow,
  type UnseenVariance,
  undetermined,
  unseenInStrata,
  unseenVariance,
} from "../../statistics/index.ts";
import { classLabelsMin, labelProbabilityMin, stratumLabelsMin } from "./estimator-table.ts";
import { groupNames } from "./groups.ts";
import type { PhaseCell, PhaseTally } from "./phase-tally.ts";

/** What an estimator adds up: rows, and what labels that are all alike hide. */
export interface EstimatorRows {
  readonly kind: "rows";
  readonly rows: readonly UnitRow[];
  readonly unseen: readonly UnseenVariance[];
}

/** Rows, or why there are none, for figures about some of the groups (positions in `groupNames`). */
export type RowsFor = (groups: readonly number[]) => EstimatorRows | Extract<Estimated, { kind: "undetermined" }>;

/** Coefficients of standardised covariates rarely pass 3: normal priors of this variance hold them there where labels separate. */
const priorVariance = 10;

const groupWords: Readonly<Record<(typeof groupNames)[number], string>> = {
  both: "adverse under both",
  newly: "newly adverse",
  released: "released",
  neither: "adverse under neither",
};

/** Begg and Greenes: strata of group, reach and size, neighbouring sizes merged until a stratum has enough labels. */
export function stratified(tally: PhaseTally): RowsFor {
  const classes = classesOf(tally);
  const strata = classes.flatMap((members) => mergeSizes(members));
  const found: EstimatorRows = { kind: "rows", rows: stratifiedRows(strata), unseen: unseenInStrata(strata, groupNames.length) };
  return (groups) => thinClass(tally, classes, groups, classLabelsMin) ?? found;
}

/** Weights by a logistic model of who gets a label; `isAugmented`: a logistic model of who is fine besides. */
export function modelled(tally: PhaseTally, isAugmented: boolean): RowsFor {
  const classes = classesOf(tally);
  const covariates = covariatesOf(tally);
  const labelled = (cell: PhaseCell): number => cell.fine + cell.harmful;
  const chance = fitLogistic(
    tally.cells.map((cell, index) => ({ covariates: covariates[index] ?? [], trials: cell.entities, successes: labelled(cell) })),
    priorVariance,
  );
  const fine = isAugmented
    ? fitLogistic(
        tally.cells.map((cell, index) => ({ covariates: covariates[index] ?? [], trials: labelled(cell), successes: cell.fine })),
        priorVariance,
      )
    : undefined;
  const unsettled = chance === undefined || (isAugmented && fine === undefined);
  const found: EstimatorRows | undefined = unsettled
    ? undefined
    : {
        kind: "rows",
        rows: modelledRows(tally, covariates, chance, fine),
        unseen: unseenInStrata(classes.map(sumOf), groupNames.length),
      };
  const lowest = groupNames.map((_, group) => {
    const inGroup = tally.cells.map((cell, index) => (cell.group === group ? (chance?.probabilityAt(covariates[index] ?? []) ?? 0) : 1));
    return Math.min(1, ...inGroup);
  });
  return (groups) => {
    const thin = thinClass(tally, classes, groups, 1);
    if (thin !== undefined) return thin;
    if (found === undefined) return undetermined("the logistic model of the labels does not settle", "more labels");
    const least = Math.min(...groups.map((group) => lowest[group] ?? 1));
    return least < labelProbabilityMin ? belowFloor(`some have a chance of a label of ${percent(least)}`) : found;
  };
}

function modelledRows(
  tally: PhaseTally,
  covariates: readonly (readonly number[])[],
  chance: LogisticFit,
  fine: LogisticFit | undefined,
): readonly UnitRow[] {
  const labelled = tally.cells.reduce((sum, cell) => sum + cell.fine + cell.harmful, 0);
  const parameters = covariates[0]?.length ?? 0;
  return tally.cells.flatMap((cell, index) => {
    const values = covariates[index] ?? [];
    const model =
      fine === undefined ? {} : { predicted: fine.probabilityAt(values), inflation: labelled / Math.max(1, labelled - parameters) };
    const common = { group: cell.group, probability: chance.probabilityAt(values), ...model, covariates: values };
    return filled([
      { ...common, count: cell.fine, label: 1 },
      { ...common, count: cell.harmful, label: 0 },
      { ...common, count: cell.entities - cell.fine - cell.harmful },
    ]);
  });
}

/** Audits alone, at their known probabilities; every other label is left aside. */
export function audited(tally: PhaseTally): RowsFor {
  const found: EstimatorRows = { kind: "rows", rows: auditRows(tally, () => undefined), unseen: [] };
  return (groups) => auditReason(tally, groups) ?? found;
}

/** Audits at their known probabilities, and for everyone the audited share that is fine among those with the same other label. */
export function twoPhase(tally: PhaseTally): RowsFor {
  const { expected, unseen } = expectedFine(tally);
  const found: EstimatorRows = { kind: "rows", rows: auditRows(tally, expected), unseen };
  return (groups) => auditReason(tally, groups) ?? found;
}

function auditRows(
  tally: PhaseTally,
  expected: (cell: PhaseCell) => { readonly predicted: number; readonly inflation: number } | undefined,
): readonly UnitRow[] {
  return tally.cells.flatMap((cell) => {
    const common = { group: cell.group, ...expected(cell) };
    const picked = [...cell.audited].sort(([a], [b]) => a - b);
    const count = picked.reduce((sum, [, { fine, harmful }]) => sum + fine + harmful, 0);
    return filled([
      ...picked.flatMap(([probability, { fine, harmful }]) => [
        { ...common, count: fine, label: 1 as const, probability },
        { ...common, count: harmful, label: 0 as const, probability },
      ]),
      { ...common, count: cell.entities - count, probability: 1 },
    ]);
  });
}

/** A class of entities with the same other label: its entities and its audits. */
interface AuditClass {
  entities: number;
  audits: number;
  weight: number;
  squares: number;
  fine: number;
}

/**
 * The weighted audited share that is fine, by the finest class with enough audits: group and other label, adverse or not and other label, other label, all.
 * What is unseen is that of the finest classes: one that borrows a share may be like no other, which only its own few audits would show. One without any
 * counts as one with a single audit; one label more is expected halfway between the borrowed share and one half.
 */
function expectedFine(tally: PhaseTally) {
  const keysOf = (cell: PhaseCell): readonly [string, ...string[]] => {
    const side = groupNames[cell.group] === "neither" ? "neither" : "either";
    return [`group ${cell.group} ${cell.cheap}`, `${side} ${cell.cheap}`, cell.cheap, "all"];
  };
  const classes = new Map<string, AuditClass>();
  const finest = new Map<string, PhaseCell>();
  for (const cell of tally.cells) {
    finest.set(keysOf(cell)[0], cell);
    for (const key of keysOf(cell)) {
      const sum = classes.get(key) ?? { entities: 0, audits: 0, weight: 0, squares: 0, fine: 0 };
      sum.entities += cell.entities;
      for (const [probability, { fine, harmful }] of [...cell.audited].sort(([a], [b]) => a - b)) {
        sum.audits += fine + harmful;
        sum.weight += (fine + harmful) / probability;
        sum.squares += (fine + harmful) / probability ** 2;
        sum.fine += fine / probability;
      }
      classes.set(key, sum);
    }
  }
  const shareOf = (cell: PhaseCell) => {
    const sum = classes.get(keysOf(cell).find((key) => (classes.get(key)?.audits ?? 0) >= stratumLabelsMin) ?? "all");
    if (sum === undefined || sum.audits === 0) return { predicted: 0, inflation: 1 };
    return { predicted: sum.fine / sum.weight, inflation: sum.audits / Math.max(1, sum.audits - 1) };
  };
  const unseen = [...finest].map(([key, cell]) => {
    const { entities, audits, weight, squares, fine } = present(classes.get(key), key);
    const units = groupNames.map((_, group) => (group === cell.group ? entities : 0));
    const borrowed = shareOf(cell).predicted;
    const prior = audits < stratumLabelsMin ? (borrowed + 0.5) / 2 : 0.5;
    if (audits === 0) return unseenVariance({ units, ones: borrowed, labels: 1, unlabelledShare: 1, prior });
    const labels = (weight / squares) * weight;
    return unseenVariance({ units, ones: (fine / weight) * labels, labels, unlabelledShare: Math.max(0, 1 - weight / squares), prior });
  });
  return { expected: shareOf, unseen };
}

/** Entities of a group for whom a behaviour label was possible, or was not. */
type Class = readonly PhaseCell[];

function classesOf(tally: PhaseTally): readonly Class[] {
  const classes = groupNames.flatMap((_, group) =>
    [false, true].map((isClosed) => tally.cells.filter((cell) => cell.group === group && cell.isClosed === isClosed)),
  );
  return classes.filter((members) => members.length > 0);
}

function mergeSizes(members: Class) {
  const bySize = [...new Set(members.map(({ size }) => size))].sort((a, b) => a - b);
  const strata: { group: number; units: number; ones: number; zeros: number }[] = [];
  const isThin = ({ units, ones, zeros }: { units: number; ones: number; zeros: number }): boolean =>
    ones + zeros < stratumLabelsMin && ones + zeros < units;
  for (const size of bySize) {
    const stratum = sumOf(members.filter((cell) => cell.size === size));
    const last = strata.at(-1);
    if (last === undefined || (!isThin(last) && !isThin(stratum))) strata.push(stratum);
    else add(last, stratum);
  }
  return strata;
}

function sumOf(members: Class) {
  const sum = { group: members[0]?.group ?? 0, units: 0, ones: 0, zeros: 0 };
  for (const { entities, fine, harmful } of members) add(sum, { units: entities, ones: fine, zeros: harmful });
  return sum;
}

function add(sum: { units: number; ones: number; zeros: number }, more: { units: number; ones: number; zeros: number }): void {
  sum.units += more.units;
  sum.ones += more.ones;
  sum.zeros += more.zeros;
}

/** Why a class of these groups has no estimate: too few labels, or a share of labels under the floor. */
function thinClass({ hasAssigned }: PhaseTally, classes: readonly Class[], groups: readonly number[], labelsMin: number) {
  const closed = hasAssigned ? "really restricted or gone within the horizon" : "gone within the horizon";
  for (const members of classes) {
    const { group, units, ones, zeros } = sumOf(members);
    const labelled = ones + zeros;
    if (!groups.includes(group) || labelled === units) continue;
    const name = groupWords[groupNames[group] ?? "neither"];
    const who = `${countText(units)} ${name}${members[0]?.isClosed === true ? `, ${closed},` : ""}`;
    const few =
      labelled === 0 ? `none of the ${who} has a label` : `${countText(labelled)} of the ${who} ${labelled === 1 ? "has" : "have"} a label`;
    if (labelled < units * labelProbabilityMin || labelled === 0) return belowFloor(few);
    if (labelled < labelsMin) return undetermined(`${few}: too few for an interval`, "more labels among them");
  }
  return undefined;
}

/** Why audits do not carry these groups. */
function auditReason(tally: PhaseTally, groups: readonly number[]) {
  if (!tally.hasAudit) return undetermined("no random audit is among the sources", "random audits at known probabilities");
  if (tally.auditsWithoutProbability > 0)
    return undetermined(`${tally.auditsWithoutProbability} audits carry no probability`, "the probability with which each was picked");
  let [frame, sum, variance, lowest] = [0, 0, 0, 1];
  const perGroup = groupNames.map(() => ({ entities: 0, audits: 0 }));
  for (const cell of tally.cells) {
    frame += cell.entities;
    const inGroup = perGroup[cell.group];
    if (inGroup !== undefined) inGroup.entities += cell.entities;
    for (const [probability, { fine, harmful }] of cell.audited) {
      if (inGroup !== undefined) inGroup.audits += fine + harmful;
      sum += (fine + harmful) / probability;
      variance += ((fine + harmful) * (1 - probability)) / probability ** 2;
      lowest = Math.min(lowest, probability);
    }
  }
  if (lowest < labelProbabilityMin) return belowFloor(`an audit was picked with probability ${percent(lowest)}`);
  if (sum === 0) return undetermined("no audit about the date is known", "random audits");
  if (Math.abs(sum - frame) > frameErrorsMax * Math.sqrt(variance) + 0.5)
    return undetermined(
      `the audits' inverse probabilities sum to ${Math.round(sum)} for ${frame} in the frame: some had no chance of an audit, or probabilities are wrong`,
      "audits that could pick anybody in the frame",
    );
  const bare = groupNames.find(
    (_, group) => groups.includes(group) && (perGroup[group]?.entities ?? 0) > 0 && perGroup[group]?.audits === 0,
  );
  if (bare !== undefined)
    return undetermined(
      `no audit fell on the ${perGroup[groupNames.indexOf(bare)]?.entities ?? 0} ${groupWords[bare]}`,
      "random audits among them",
    );
  return undefined;
}

/** Standard errors by which inverse probabilities may miss the frame before audits are taken not to cover it. */
const frameErrorsMax = 4;

function belowFloor(found: string) {
  return undetermined(
    `${found}: everyone in the denominator needs a chance of at least ${percent(labelProbabilityMin)}`,
    "random audits of them",
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/**
 * Group (neither is the rest), size bands, and score with its absence: each for those for whom a behaviour label was possible and for the others,
 * because other things decide there who gets a label. Columns without variation are left out.
 */
function covariatesOf(tally: PhaseTally): readonly (readonly number[])[] {
  const rows = tally.cells.map((cell) => {
    const both = [1, ...[0, 1, 2].map((group) => (cell.group === group ? 1 : 0))];
    const open = [
      ...both,
      ...[0, 1, 2].map((size) => (cell.size === size ? 1 : 0)),
      cell.scoreFifth < 0 ? 0 : (cell.scoreFifth - 2) / 4,
      cell.scoreFifth < 0 ? 1 : 0,
    ];
    const closed = [...both, cell.size / 3];
    const none = (of: readonly number[]): readonly number[] => of.map(() => 0);
    return cell.isClosed ? [...none(open), ...closed] : [...open, ...none(closed)];
  });
  const isUsed = (rows[0] ?? []).map((_, column) => rows.some((row) => row[column] !== 0));
  return rows.map((row) => row.filter((_, column) => isUsed[column]));
}

function filled(rows: readonly UnitRow[]): readonly UnitRow[] {
  return rows.filter(({ count }) => count > 0);
}
