/** The effect of a policy from the first divergence on: within what the change touches, by how it touches, and diluted back to the whole. */
import { differenceFinding, effectOf, type Found, ratioArm, undetermined } from "../../statistics/index.ts";
import { timesOf } from "../analysis/scaled-effect.ts";
import { partByArm } from "../observations/part-by-arm.ts";
import { compareUnits } from "./compare-units.ts";
import { type Stratum, strata, type TriggerColumns } from "./first-divergence.ts";
import { errorOf, type TriggeredEffect, type TriggeredMeasure } from "./triggered-effect.ts";
import { ratioEffectOf, type TriggeredRatio } from "./triggered-ratio.ts";

/** The whole. */
export interface TriggeredAnalysis {
  readonly units: { readonly control: number; readonly treatment: number };
  readonly triggered: { readonly control: number; readonly treatment: number };
  /** Units that the candidate would be given: those of all arms and those that are kept out so far, or as the plan says. */
  readonly population: number;
  /** Whether as many units trigger in both arms as their sizes say, in all and by stratum: they must, for both arms are scored by both policies. */
  readonly balance: readonly {
    readonly stratum: Stratum | "all";
    readonly control: number;
    readonly treatment: number;
    readonly pValue?: number;
  }[];
  readonly isBalanced: boolean;
  /** Why none of it is valid, where a policy makes arms influence each other. */
  readonly invalid?: string;
  readonly effects: readonly TriggeredEffect[];
  readonly assumptions: readonly string[];
}

const peersMove =
  "a policy compares entities with their peers: what either arm does moves the cut-offs of both, so that the arms were not treated alike until the first divergence";

/** Below this chance triggers are not balanced: scoring depends on the arm. */
const balanceLevel = 0.001;

/** Analyses two arms. `population`: whom a total is over, where it is not the units that are there but for a holdout's. Pure; cost: a pass a measure and stratum. */
export function analyseTriggered(
  columns: TriggerColumns,
  measures: readonly TriggeredMeasure[],
  level: number,
  {
    ratios = [],
    population = columns.arm.filter((arm) => arm >= -1).length,
  }: { readonly ratios?: readonly TriggeredRatio[]; readonly population?: number | undefined } = {},
): TriggeredAnalysis {
  const of = (arm: number, stratum?: number): readonly number[] =>
    Array.from({ length: columns.entities }, (_, index) => index).filter(
      (index) =>
        columns.arm[index] === arm &&
        (stratum === undefined || (stratum === -2 ? (columns.stratum[index] as number) >= 0 : columns.stratum[index] === stratum)),
    );
  const [control, treatment] = [of(0), of(1)];
  const kinds = [{ stratum: "all" as const, code: -2 }, ...strata.map((stratum, code) => ({ stratum, code }))];
  const counts = kinds.map(({ stratum, code }) => ({ stratum, control: of(0, code), treatment: of(1, code) }));
  const balance = counts.map(({ stratum, control: c, treatment: t }) => {
    const [part, units] = [
      [c.length, t.length],
      [control.length, treatment.length],
    ];
    const pValue = partByArm({ part, units, level });
    return { stratum, control: c.length, treatment: t.length, ...(pValue === undefined ? {} : { pValue }) };
  });
  const values = (column: Float64Array, indices: readonly number[], scale: number): Float64Array =>
    Float64Array.from(indices, (index) => (column[index] as number) / scale);
  const { cluster } = columns;
  const effects = measures.map(({ name, scale, isAdjusted = false }, index): TriggeredEffect => {
    const [after, whole] = [columns.after[index], columns.whole[index]];
    const compare = (column: Float64Array, c: readonly number[], t: readonly number[], before: Float64Array | undefined) =>
      compareUnits(
        {
          values: (indices) => values(column, indices, scale),
          known: isAdjusted && before !== undefined ? (indices) => values(before, indices, scale) : undefined,
        },
        { control: c, treatment: t, cluster, level },
      );
    if (after === undefined || whole === undefined) throw new RangeError(`no columns of ${name}`);
    const diluted = compare(after, control, treatment, columns.expected[index]);
    const plain = compare(whole, control, treatment, columns.before[index]);
    const [narrow, wide] = [errorOf(diluted), errorOf(plain)];
    const total = timesOf(diluted.kind === "finding" ? diluted.estimate : diluted, population);
    return {
      measure: name,
      groups: counts
        .filter(({ control: c, treatment: t }) => c.length + t.length > 0)
        .map(({ stratum, control: c, treatment: t }) => ({
          stratum,
          control: c.length,
          treatment: t.length,
          effect: compare(after, c, t, columns.expected[index]),
        })),
      diluted,
      inAll: { total, perWeek: timesOf(total, 7 / columns.days) },
      plain,
      ...(narrow === undefined || wide === undefined ? {} : { gain: (wide / narrow) ** 2 }),
      naive: naiveOf(columns, index, { control, treatment, scale, level }),
    };
  });
  const ratioEffects = ratios.map((ratio) => ratioEffectOf(columns, { measures, ratio, level, control, treatment, counts }));
  const all = balance[0];
  return {
    units: { control: control.length, treatment: treatment.length },
    triggered: { control: all?.control ?? 0, treatment: all?.treatment ?? 0 },
    population,
    balance,
    isBalanced: balance.every(({ pValue }) => pValue === undefined || pValue >= balanceLevel),
    ...(columns.comparesPeers ? { invalid: peersMove } : {}),
    effects: [...effects, ...ratioEffects],
    assumptions: [
      "both policies are scored for every unit in both arms from the same observations, and until the first divergence both arms were treated alike",
      "no unit's outcome depends on the arm of another: no peer benchmarks within an arm, no announcement, no buyers who go from one to the other",
      "scores after the first divergence are not used: they are results of the treatment",
    ],
  };
}

/** Per period in which the tiers differ now. */
function naiveOf(
  { differing, differingPeriods }: TriggerColumns,
  measure: number,
  {
    control,
    treatment,
    scale,
    level,
  }: { readonly control: readonly number[]; readonly treatment: readonly number[]; readonly scale: number; readonly level: number },
): Found {
  const column = differing[measure];
  if (column === undefined) return undetermined("no such measure", "a measure of the panel");
  const arm = (indices: readonly number[]) => {
    const own = indices.filter((index) => (differingPeriods[index] as number) > 0);
    return ratioArm({
      numerators: Float64Array.from(own, (index) => (column[index] as number) / scale),
      denominators: Float64Array.from(own, (index) => differingPeriods[index] as number),
    });
  };
  const [c, t] = [arm(control), arm(treatment)];
  if ("kind" in c) return c;
  if ("kind" in t) return t;
  return differenceFinding(effectOf({ control: c, treatment: t, method: "periods in which the tiers differ now", assumptions: [] }), {
    level,
    alternative: "two-sided",
  });
}
