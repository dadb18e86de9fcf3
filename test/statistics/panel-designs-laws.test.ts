/** The laws of panels and quasi-experiments: interval and test agree, units and origins do not matter, a known effect is found. */
import { expect } from "chai";
import fc from "fast-check";
import {
  differenceInDifferences,
  eventStudy,
  type Finding,
  type Found,
  groupTimeEffects,
  type Panel,
  regressionDiscontinuity,
  switchback,
  syntheticControl,
} from "../../simulations/statistics/index.ts";
import {
  discontinuityExample,
  oneStartExample,
  panelExample,
  switchbackExample,
  syntheticControlExample,
} from "../../simulations/statistics/panel-designs/examples.ts";
import { near } from "./reference-numbers.ts";

const asked = { level: 0.95, alternative: "two-sided", nullValue: 0 } as const;

function found(result: Found): Finding {
  if (result.kind === "undetermined") throw new Error(`undetermined: ${result.reason}`);
  return result;
}

/** Every statistic of the family as a function of what is asked, with outcomes multiplied and moved. */
const statistics: Readonly<Record<string, (question: Question, scale?: number, shift?: number) => Found>> = {
  "regression-discontinuity": (question, scale = 1, shift = 0) => {
    const { scores, outcomes, cutoff } = discontinuityExample();
    return regressionDiscontinuity({ scores, outcomes: moved(outcomes, scale, shift), cutoff, ...question });
  },
  "difference-in-differences": (question, scale = 1, shift = 0) =>
    differenceInDifferences({ panel: movedPanel(oneStartExample(), scale, shift), ...question }),
  "group-time-effects": (question, scale = 1, shift = 0) =>
    groupTimeEffects({ panel: movedPanel(panelExample(), scale, shift), controls: "not-yet-treated", aggregation: "group", ...question }),
  "event-study": (question, scale = 1, shift = 0) =>
    eventStudy({ panel: movedPanel(panelExample(), scale, shift), controls: "never-treated", ...question }),
  "synthetic-control": (question, scale = 1, shift = 0) => {
    const { treated, donors, periodsBefore } = syntheticControlExample();
    const others = donors.map(({ name, outcomes }) => ({ name, outcomes: moved(outcomes, scale, shift) }));
    return syntheticControl({ treated: moved(treated, scale, shift), donors: others, periodsBefore, ...question });
  },
  switchback: (question, scale = 1, shift = 0) => {
    const { outcomes, ...design } = switchbackExample();
    return switchback({ outcomes: moved(outcomes, scale, shift), ...design, draws: 999, seed: 1, ...question });
  },
};

type Question = { readonly level: number; readonly alternative: "two-sided" | "less" | "greater"; readonly nullValue: number };

function moved(values: readonly number[], scale: number, shift: number): number[] {
  return values.map((value) => value * scale + shift);
}

function movedPanel({ periods, units }: Panel, scale: number, shift: number): Panel {
  return { periods, units: units.map((unit) => ({ ...unit, outcomes: moved(unit.outcomes as number[], scale, shift) })) };
}

/** Whether the estimate's interval or set holds the value. */
function holds({ estimate: { interval, set } }: Finding, value: number): boolean {
  if (interval !== undefined) return interval.lower <= value && value <= interval.upper;
  if (set?.kind === "at-least") return set.lower <= value;
  if (set?.kind === "at-most") return value <= set.upper;
  return set?.kind === "everything";
}

for (const [name, statistic] of Object.entries(statistics)) {
  describe(`laws of ${name}`, () => {
    it("excludes the null value exactly when p is below 1 - level, for every alternative", () => {
      const value = found(statistic(asked)).estimate.value;
      fc.assert(
        fc.property(
          fc.constantFrom("two-sided", "less", "greater" as const),
          fc.constantFrom(0.5, 0.8, 0.9, 0.95, 0.99),
          fc.double({ min: -2, max: 2, noNaN: true }),
          (alternative, level, share) => {
            const nullValue = value * (1 + share);
            const finding = found(statistic({ level, alternative, nullValue }));
            expect(holds(finding, nullValue)).to.equal(!((finding.test?.pValue ?? 0) < 1 - level));
          },
        ),
        { numRuns: 12 },
      );
    });

    it("follows the outcome's unit and origin, and nests levels", () => {
      const plain = found(statistic(asked)).estimate;
      for (const [scale, shift] of [
        [-3, 1000],
        [1e-200, 0],
        [1e250, 0],
        [2 ** 40, -(2 ** 42)],
      ] as const) {
        const other = found(statistic(asked, scale, shift)).estimate;
        near(other.value, plain.value * scale, 1e-8);
        if (plain.standardError !== undefined) near(other.standardError, plain.standardError * Math.abs(scale), 1e-8);
        if (plain.interval !== undefined)
          near(
            scale > 0 ? other.interval?.lower : other.interval?.upper,
            plain.interval.lower * scale,
            1e-7,
            Math.abs(plain.value * scale),
          );
      }
      const wide = found(statistic({ ...asked, level: 0.96 }));
      const narrow = found(statistic({ ...asked, level: 0.8 }));
      for (const end of [narrow.estimate.interval?.lower, narrow.estimate.interval?.upper])
        expect(holds(wide, end ?? Number.NaN)).to.equal(true);
    });
  });
}

describe("a known effect", () => {
  const panels = {
    "difference-in-differences": (panel: Panel) => differenceInDifferences({ panel, ...asked }),
    "group-time-effects": (panel: Panel) => groupTimeEffects({ panel, controls: "never-treated", aggregation: "simple", ...asked }),
    "event-study": (panel: Panel) => eventStudy({ panel, controls: "not-yet-treated", ...asked }),
  };

  for (const [name, statistic] of Object.entries(panels)) {
    it(`${name}: adds to the estimate what is added to treated cells, and nothing of what is added to units and periods`, () => {
      const { periods, units } = panelExample();
      const plain = found(statistic({ periods, units }));
      const changed = units.map((unit, u) => ({
        ...unit,
        outcomes: unit.outcomes.map((outcome, t) => {
          const treated = "firstTreated" in unit && unit.firstTreated !== undefined && (periods[t] as number) >= unit.firstTreated;
          return outcome + ((u * 31) % 17) + Math.sin(t) * 5 + (treated ? 3 : 0);
        }),
      }));
      const other = found(statistic({ periods, units: changed }));
      near(other.estimate.value, plain.estimate.value + 3, 1e-12);
      near(other.estimate.standardError, plain.estimate.standardError ?? 0, 1e-11);
      for (const key of ["preTrendStatistic", "preTrendPValue"]) {
        const before = plain.details?.[key];
        if (typeof before === "number") near(other.details?.[key] as number, before, 1e-9);
      }
    });

    it(`${name}: does not mind how periods are numbered`, () => {
      const { periods, units } = panelExample();
      const year = (period: number): number => 2000 + period ** 2;
      const renamed = {
        periods: periods.map(year),
        units: units.map((unit) =>
          "firstTreated" in unit && unit.firstTreated !== undefined ? { ...unit, firstTreated: year(unit.firstTreated) } : unit,
        ),
      };
      expect(found(statistic(renamed)).estimate).to.deep.equal(found(statistic({ periods, units })).estimate);
    });

    it(`${name}: is undetermined where nothing but units and periods moves the outcome`, () => {
      const { periods, units } = panelExample();
      const exact = units.map((unit, u) => ({ ...unit, outcomes: periods.map((period) => u + 4 * period) }));
      expect(statistic({ periods, units: exact }).kind).to.equal("undetermined");
    });
  }

  it("moves the jump at a cut-off, the gap and the switchback by what is added", () => {
    const { scores, outcomes, cutoff } = discontinuityExample();
    const bandwidths = { estimation: 15, bias: 20 };
    const jump = (effect: number): number =>
      found(
        regressionDiscontinuity({
          scores,
          outcomes: outcomes.map((outcome, i) => outcome + ((scores[i] as number) >= cutoff ? effect : 0)),
          cutoff,
          bandwidths,
          ...asked,
        }),
      ).estimate.value;
    near(jump(3), jump(0) + 3, 1e-12);

    const { treated, donors, periodsBefore } = syntheticControlExample();
    const gap = (effect: number) =>
      found(
        syntheticControl({
          treated: treated.map((value, t) => value + (t >= periodsBefore ? effect : 0)),
          donors,
          periodsBefore,
          ...asked,
        }),
      ).estimate;
    near(gap(3).value, gap(0).value + 3, 1e-10);
    near(gap(3).interval?.lower, (gap(0).interval?.lower ?? 0) + 3, 1e-10);

    const { outcomes: hours, blocksTreated, ...design } = switchbackExample();
    const switched = (effect: number) =>
      found(
        switchback({
          outcomes: hours.map((value, hour) => value + (blocksTreated[Math.floor(hour / design.blockPeriods)] === true ? effect : 0)),
          blocksTreated,
          ...design,
          draws: 999,
          seed: 1,
          ...asked,
        }),
      ).estimate;
    near(switched(3).value, switched(0).value + 3, 1e-12);
    near(switched(3).interval?.upper, (switched(0).interval?.upper ?? 0) + 3, 1e-9);
  });

  it("swaps sign when the arms of a switchback are swapped", () => {
    const { blocksTreated, ...input } = switchbackExample();
    const one = found(switchback({ ...input, blocksTreated, draws: 999, seed: 1, ...asked }));
    const other = found(switchback({ ...input, blocksTreated: blocksTreated.map((treated) => !treated), draws: 999, seed: 1, ...asked }));
    expect(other.estimate.value).to.equal(-one.estimate.value);
    expect(other.test?.pValue).to.equal(one.test?.pValue);
    near(other.estimate.interval?.lower, -(one.estimate.interval?.upper ?? 0), 1e-12);
  });
});
