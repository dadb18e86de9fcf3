/** The effect of a policy on a ratio of two measures from the first divergence on: numerator and denominator diluted separately. */
import { present } from "../../../data/foundation/index.ts";
import { differenceFinding, effectOf, type Found, ratioArm, undetermined } from "../../statistics/index.ts";
import { compareUnits } from "./compare-units.ts";
import type { Stratum, TriggerColumns } from "./first-divergence.ts";
import { errorOf, type TriggeredEffect, type TriggeredMeasure } from "./triggered-effect.ts";

/** A ratio of two of the measures, by their positions. */
export interface TriggeredRatio {
  readonly name: string;
  readonly numerator: number;
  readonly denominator: number;
  /** Of unlike things. */
  readonly isNoPart?: boolean;
}

/** Positions of the units of both arms, in all and by stratum. */
interface Asked {
  readonly measures: readonly TriggeredMeasure[];
  readonly ratio: TriggeredRatio;
  readonly level: number;
  readonly control: readonly number[];
  readonly treatment: readonly number[];
  readonly counts: readonly {
    readonly stratum: Stratum | "all";
    readonly control: readonly number[];
    readonly treatment: readonly number[];
  }[];
}

/**
 * With the control's ratio R over the whole experiment and its mean denominator D,
 * `(difference of numerators after - R x difference of denominators after) / (D + difference of denominators after)`: the difference of the whole
 * ratios, since before the first divergence both arms are alike. Its error is that of the numerator; R and D are taken as given.
 */
export function ratioEffectOf(columns: TriggerColumns, { measures, ratio, level, control, treatment, counts }: Asked): TriggeredEffect {
  const [over, under] = [partOf(columns, measures, ratio.numerator), partOf(columns, measures, ratio.denominator)];
  const denominator = mean(under.whole, control);
  const rate = mean(over.whole, control) / denominator;
  const treated = denominator + mean(under.after, treatment) - mean(under.after, control);
  const lines = (indices: readonly number[]) =>
    Float64Array.from(indices, (index) => ((over.after[index] as number) - rate * (under.after[index] as number)) / treated);
  const between = (c: readonly number[], t: readonly number[]): Found => {
    if (!(denominator > 0 && treated > 0)) return undetermined(`the control has no ${ratio.name}`, "units with a denominator");
    const found = compareUnits({ values: lines }, { control: c, treatment: t, cluster: columns.cluster, level });
    if (found.kind === "undetermined") return found;
    // A share of the lines' own mean would mean nothing.
    const { relative: _, ...absolute } = found;
    return absolute;
  };
  const ratioOf = (column: "whole" | "differing"): Found => {
    const arm = (indices: readonly number[]) =>
      ratioArm({
        numerators: Float64Array.from(indices, (index) => over[column][index] as number),
        denominators: Float64Array.from(indices, (index) => under[column][index] as number),
      });
    const [c, t] = [arm(control), arm(treatment)];
    if ("kind" in c) return c;
    if ("kind" in t) return t;
    const effect = effectOf({ control: c, treatment: t, method: "ratio of sums, delta method", assumptions: [] });
    return differenceFinding(effect, { level, alternative: "two-sided" });
  };
  const [diluted, plain] = [between(control, treatment), ratioOf("whole")];
  const [narrow, wide] = [errorOf(diluted), errorOf(plain)];
  return {
    measure: ratio.name,
    ...(ratio.isNoPart !== true && rate >= 0 && rate <= 1 ? { isPart: true as const } : {}),
    groups: counts
      .filter((count) => count.control.length + count.treatment.length > 0)
      .map(({ stratum, control: c, treatment: t }) => ({ stratum, control: c.length, treatment: t.length, effect: between(c, t) })),
    diluted,
    plain,
    ...(narrow === undefined || wide === undefined ? {} : { gain: (wide / narrow) ** 2 }),
    naive: ratioOf("differing"),
  };
}

/** A measure's columns in its own unit. */
function partOf({ after, whole, differing }: TriggerColumns, measures: readonly TriggeredMeasure[], index: number) {
  const { scale } = present(measures[index], "a measure");
  const scaled = (columns: readonly Float64Array[]) => present(columns[index], "a column").map((value) => value / scale);
  return { after: scaled(after), whole: scaled(whole), differing: scaled(differing) };
}

function mean(column: Float64Array, indices: readonly number[]): number {
  return indices.reduce((sum, index) => sum + (column[index] as number), 0) / indices.length;
}
