/** By what an experiment's effects are judged when somebody looks. The error of looking is paid for: a look that the plan does not have never ships. */
import { countText } from "../../../data/foundation/index.ts";
import { groupSequentialBoundaries, sequenceWidth, smallestGain } from "../../statistics/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { thereWords } from "./judged-units.ts";

/** Units at which always-valid statements are tightest where the plan states no number: fixed, because tuning them to what is seen would break them. */
const tunedForDefault = 10_000;

/** How this look is judged. `again`: the most units of the earlier readings that go together with it. */
export type Evidence =
  /** The one look of a plan that looks once. */
  | { readonly kind: "fixed"; readonly again?: number }
  /** Statements that hold however often one looks: as planned, or because the plan has no look here. `offPlan` says in words why. */
  | { readonly kind: "always-valid"; readonly offPlan?: string }
  /**
   * A look that spends error by its information: shares of the planned units at every look so far, this one last. `spent`: of values that grow, where error is spent
   * by the plan's calendar instead, by the share of its days or units that was there; information is then 1 / variance, as a share of this look's.
   */
  | {
      readonly kind: "look";
      readonly information: readonly number[];
      readonly spent?: { readonly by: "days" | "units"; readonly shares: readonly number[] };
      readonly again?: number;
    };

/** How much of the plan a look has: what error is spent by. */
export function shareOfPlan({ information, spent }: Extract<Evidence, { kind: "look" }>): number {
  return (spent?.shares ?? information).at(-1) as number;
}

/** The units at which always-valid statements are tightest. */
export function tunedForOf({ units }: ExperimentDesign): number {
  return units ?? tunedForDefault;
}

/**
 * The evidence that a plan allows with so many units. `earlier`: the units at earlier observations, in any order; those of as many units or more
 * than now are this look again, or another file, and cost nothing. A plan that looks once is judged by its test when its units are there for the
 * first time; a group-sequential one spends error at every look that was taken, planned or not, by the units that were there, and has spent all
 * of it at its first look with all units. Every other look is off the plan. Looks closer than 0.5 % of the units go together, under every plan: a mended file with a
 * few more units is the same look, read again, and says so (`again`).
 * `watched`: the day up to which these units were looked at before (see `watchedBefore`); they count no further, and such a look is off the plan.
 *
 * @example
 * evidenceOf({ looks: { kind: "once" }, units: 1000 }, 400, [])
 * // => { kind: "always-valid", offPlan: "The plan looks once, with 1,000 units; 400 are there" }
 */
export function evidenceOf(
  { looks, units, metrics = [] }: Pick<ExperimentDesign, "looks" | "units"> & Partial<Pick<ExperimentDesign, "metrics">>,
  seen: number,
  earlier: readonly number[],
  watched?: string,
): Evidence {
  const before = looksBefore(earlier, seen);
  const readings = earlier.filter((count) => count > (before.at(-1) ?? 0) && count < seen);
  const again = readings.length === 0 ? {} : { again: Math.max(...readings) };
  const ended = before.find((count) => count >= (units ?? 1));
  if (watched !== undefined && looks.kind !== "always-valid")
    return { kind: "always-valid", offPlan: `The same units were looked at before, with rows up to ${watched}` };
  switch (looks.kind) {
    case "always-valid":
      return { kind: "always-valid" };
    case "once": {
      if (ended !== undefined) return { kind: "always-valid", offPlan: `The plan looks once, and did so with ${countText(ended)} units` };
      if (units === undefined || seen >= units) return { kind: "fixed", ...again };
      return {
        kind: "always-valid",
        offPlan: `The plan looks once, with ${countText(units)} units; ${countText(seen)} ${thereWords({ metrics })}`,
      };
    }
    case "group-sequential": {
      if (ended !== undefined) return { kind: "always-valid", offPlan: `The plan's last look was taken with ${countText(ended)} units` };
      return { kind: "look", information: [...before, seen].map((count) => count / (units ?? seen)), ...again };
    }
  }
}

/** Units at the looks before this one, ascending, without those that go together with a later one. */
function looksBefore(earlier: readonly number[], seen: number): readonly number[] {
  const kept = [seen];
  for (const count of [...new Set(earlier)].filter((units) => units > 0 && units < seen).sort((a, b) => b - a)) {
    const next = kept.at(-1) as number;
    if (next - count >= smallestGain * next) kept.push(count);
  }
  return kept.slice(1).reverse();
}

/** In a sentence: by what the effects are judged. */
export function evidenceWords({ looks }: Pick<ExperimentDesign, "looks">, evidence: Evidence): string {
  switch (evidence.kind) {
    case "fixed":
      return `This is the plan's one look: effects are judged by their tests.${againWords(evidence)}`;
    case "always-valid":
      return evidence.offPlan === undefined
        ? "Effects are judged by what holds at every look."
        : `${evidence.offPlan}: effects are judged by what holds at every look.`;
    case "look": {
      const planned = looks.kind === "group-sequential" ? looks.count : 0;
      const there = `${Math.floor(100 * shareOfPlan(evidence))} % of the planned ${evidence.spent?.by ?? "units"}`;
      return `This is look ${evidence.information.length} (${planned} are planned), with ${there}: effects are judged by bounds that spend the error of looking.${againWords(evidence)}`;
    }
  }
}

function againWords({ again }: { readonly again?: number }): string {
  if (again === undefined) return "";
  return ` ${countText(again)} units were read before: fewer than ${100 * smallestGain} % are new since, so that it is the same look, read again, and spends no more. Who mends a file for what it shows errs more often than planned.`;
}

/**
 * How many standard errors an effect must be from what is to be ruled out; undefined where it is judged by its own test. `families`: among how many
 * comparisons the error of a look is shared out; p-values are adjusted instead. Infinity: this look has next to nothing to spend.
 */
export function widthOf(design: ExperimentDesign, evidence: Evidence, units: number, families: number): number | undefined {
  const { looks, level } = design;
  if (units === 0 || evidence.kind === "fixed") return undefined;
  if (evidence.kind === "always-valid") return sequenceWidth(units, { tunedFor: tunedForOf(design), level, alternative: "two-sided" });
  if (looks.kind !== "group-sequential") throw new RangeError(`a look of a plan that looks ${looks.kind}`);
  const { upper } = groupSequentialBoundaries({
    information: evidence.information,
    maximumInformation: 1,
    ...(evidence.spent === undefined ? {} : { clock: evidence.spent.shares }),
    alpha: (1 - level) / families,
    sides: 2,
    form: { kind: looks.spending },
  });
  return upper.at(-1);
}
