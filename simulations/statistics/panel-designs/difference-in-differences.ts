/** Difference in differences with effects of unit and period, clustered by unit. */
import { undetermined } from "../estimate.ts";
import type { Found } from "../finding.ts";
import { factorPositive } from "../numerics/positive-definite.ts";
import { innerProduct, sumOf } from "../sums.ts";
import { centredFinding, type Question } from "./centred-finding.ts";
import { rescaled } from "./rescale.ts";
import { isTreated, type Panel } from "./unit-panel.ts";

/** Fewer treated, or untreated, units than this: the clustered error is too small. */
const unitsFew = 10;

/**
 * The coefficient of treatment in a regression with an effect of each unit and each period (two groups and two periods: the difference of the mean changes),
 * with standard errors clustered by unit, G / (G - 1) times (N - 1) / (N - K), K without the unit effects, and t with G - 1 degrees of freedom. Missing cells are left out.
 * Undetermined where treatment does not vary beyond unit and period, or the fit is exact. Source: Bertrand, Duflo and Mullainathan (2004), Q. J. Econ. 119, 249-275;
 * weights: de Chaisemartin and D'Haultfœuille (2020), Am. Econ. Rev. 110, 2964-2996.
 */
export function differenceInDifferences({ panel, ...question }: { readonly panel: Panel } & Question): Found {
  const cells = cellsOf(panel);
  const clusters = new Set(cells.map(({ unit }) => unit)).size;
  const treatment = residualsOf(
    cells,
    cells.map(({ treated }) => (treated ? 1 : 0)),
  );
  const variation = treatment === undefined ? 0 : sumOf(treatment.map((value) => value ** 2));
  if (treatment === undefined || variation < 1e-10) {
    return undetermined(
      "treatment does not change apart from unit and period",
      "units that become treated beside units that do not, seen before and after",
    );
  }
  const periods = new Set(cells.map(({ period }) => period)).size;
  const { values, unit } = rescaled(cells.map(({ outcome }) => outcome));
  if (unit === 0) return undetermined("the outcome is the same everywhere", "an outcome that varies");
  const outcomes = residualsOf(cells, values) ?? [];
  const effect = innerProduct(outcomes, treatment) / variation;
  const scores = new Map<number, number[]>();
  cells.forEach(({ unit }, i) => {
    const d = treatment[i] as number;
    const score = d * ((outcomes[i] as number) - effect * d);
    scores.set(unit, [...(scores.get(unit) ?? []), score]);
  });
  const meat = sumOf([...scores.values()].map((own) => sumOf(own) ** 2));
  const parameters = periods + 1;
  if (clusters < 3 || cells.length <= parameters || Math.sqrt(meat) < 1e-13 * variation) {
    return undetermined(
      "nothing is left to measure the error by: the fit is exact, or there are fewer than three units",
      "more units of each kind",
    );
  }
  const factor = (clusters / (clusters - 1)) * ((cells.length - 1) / (cells.length - parameters));
  const { warnings, details } = designOf(panel, cells, treatment);
  return centredFinding(
    {
      value: effect * unit,
      standardError: (Math.sqrt(factor * meat) / variation) * unit,
      degreesOfFreedom: clusters - 1,
      method: "two-way fixed effects, clustered by unit",
      testName: "cluster-robust t",
      n: cells.length,
      details: { units: clusters, periods, ...details },
      warnings,
    },
    question,
  );
}

interface Cell {
  readonly unit: number;
  readonly period: number;
  readonly outcome: number;
  readonly treated: boolean;
}

function cellsOf({ periods, units }: Panel): readonly Cell[] {
  return units.flatMap((unit, index) =>
    unit.outcomes.flatMap((outcome, period) =>
      outcome === null ? [] : [{ unit: index, period, outcome, treated: isTreated(unit, periods[period] as number) }],
    ),
  );
}

/**
 * What is left of values after effects of unit and period: the period effects solve (diag(n_t) - sum over units of 1 / n_u) p = sums of the values less their unit means.
 * Undefined where periods do not hang together (no unit is seen in both of two sets of periods).
 */
function residualsOf(cells: readonly Cell[], values: readonly number[]): readonly number[] | undefined {
  const byUnit = groupsOf(cells, "unit");
  const byPeriod = groupsOf(cells, "period");
  const centred = [...values];
  for (const members of byUnit.values()) {
    const mean = sumOf(members.map((i) => values[i] as number)) / members.length;
    for (const i of members) centred[i] = (values[i] as number) - mean;
  }
  const order = [...byPeriod.keys()].sort((a, b) => a - b);
  const place = new Map(order.map((period, at) => [period, at]));
  const matrix = order.map((_, row) => order.map((_, column) => (row === column ? (byPeriod.get(order[row] as number) ?? []).length : 0)));
  for (const members of byUnit.values()) {
    const places = members.map((i) => place.get((cells[i] as Cell).period) ?? 0);
    for (const row of places)
      for (const column of places) (matrix[row] as number[])[column] = ((matrix[row] as number[])[column] as number) - 1 / members.length;
  }
  const sums = order.map((period) => sumOf((byPeriod.get(period) ?? []).map((i) => centred[i] as number)));
  const factored = factorPositive(
    matrix.slice(1).map((row) => row.slice(1)),
    1e-12,
  );
  const effects = factored?.solve(sums.slice(1));
  if (effects === undefined) return undefined;
  const periodEffect = cells.map(({ period }) => [0, ...effects][place.get(period) ?? 0] as number);
  const unitMeans = new Map(
    [...byUnit].map(([unit, members]) => [unit, sumOf(members.map((i) => periodEffect[i] as number)) / members.length]),
  );
  return cells.map(({ unit }, i) => (centred[i] as number) - (periodEffect[i] as number) + (unitMeans.get(unit) ?? 0));
}

function groupsOf(cells: readonly Cell[], key: "unit" | "period"): ReadonlyMap<number, number[]> {
  const groups = new Map<number, number[]>();
  cells.forEach((cell, i) => {
    const members = groups.get(cell[key]);
    if (members === undefined) groups.set(cell[key], [i]);
    else members.push(i);
  });
  return groups;
}

/** What is known to spoil the estimate: staggered starts (with the share of treated cells whose weight is negative), few units on a side. */
function designOf(panel: Panel, cells: readonly Cell[], treatment: readonly number[]) {
  const treatedCells = cells.flatMap(({ treated }, i) => (treated ? [treatment[i] as number] : []));
  const negative = treatedCells.filter((weight) => weight < 0).length / treatedCells.length;
  const treatedUnits = new Set(cells.filter(({ treated }) => treated).map(({ unit }) => unit));
  const starts = new Set([...treatedUnits].map((unit) => panel.units[unit]?.firstTreated));
  const untreatedUnits = new Set(cells.map(({ unit }) => unit)).size - treatedUnits.size;
  const warnings: string[] = [];
  if (starts.size > 1) {
    warnings.push(
      `Treatment starts in ${starts.size} different periods: this regression then also compares with units that are treated already, and ${(100 * negative).toFixed(0)} % of treated cells count with a negative weight. Where effects change over time it can even have the wrong sign; group-time effects do not.`,
    );
  }
  if (Math.min(treatedUnits.size, untreatedUnits) < unitsFew) {
    warnings.push(
      `${treatedUnits.size} units are ever treated and ${untreatedUnits} never: with fewer than ${unitsFew} on a side the clustered standard error is too small.`,
    );
  }
  return {
    warnings,
    details: { treatedUnits: treatedUnits.size, neverTreatedUnits: untreatedUnits, starts: starts.size, negativeWeightShare: negative },
  };
}
