/** Panels and randomised time against csdid, statsmodels and plain enumeration. */
import { expect } from "chai";
import {
  differenceInDifferences,
  eventStudy,
  type Finding,
  type Found,
  groupTimeEffects,
  type Panel,
  switchback,
  syntheticControl,
} from "../../simulations/statistics/index.ts";
import {
  oneStartExample,
  panelExample,
  switchbackExample,
  syntheticControlExample,
} from "../../simulations/statistics/panel-designs/examples.ts";
import { near, referenceCases } from "./reference-numbers.ts";

const asked = { level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
type Pair = readonly [number, number];
type Row = Readonly<Record<string, number>>;

function found(result: Found): Finding {
  if (result.kind === "undetermined") throw new Error(`undetermined: ${result.reason}`);
  return result;
}

function rows(finding: Finding, name: string): readonly Row[] {
  return finding.details?.[name] as readonly Row[];
}

/** The largest distance that the panel's outcomes have: rounding is relative to it. */
function size(values: readonly number[]): number {
  return Math.max(...values.map((value) => Math.abs(value - (values[0] as number))));
}

interface PanelCase extends Panel {
  readonly controls: "never-treated" | "not-yet-treated";
  readonly cells: readonly (readonly [number, number, number, number])[];
  readonly simple: Pair;
  readonly group: Pair;
  readonly "event-time": Pair;
  readonly study: Pair;
  readonly profile: readonly (readonly [number, number, number])[];
  readonly preTrend?: readonly [number, number, number];
}

describe("difference in differences", () => {
  it("agrees with statsmodels to 1e-11, also with cells missing", () => {
    for (const row of referenceCases<Panel & { effect: number; error: number }>("panel-designs/difference-in-differences")) {
      const { estimate } = found(differenceInDifferences({ panel: row, ...asked }));
      near(estimate.value, row.effect, 1e-11);
      near(estimate.standardError, row.error, 1e-11);
    }
  });

  it("is the difference of the mean changes where there are two groups and two periods", () => {
    const units = [
      [1, 5],
      [2, 7],
      [0, 3],
      [4, 5],
      [1, 1],
      [2, 4],
    ].map((outcomes, i) => (i < 3 ? { outcomes, firstTreated: 2 } : { outcomes }));
    near(found(differenceInDifferences({ panel: { periods: [1, 2], units }, ...asked })).estimate.value, 3, 1e-14);
  });

  it("warns where treatment starts at different times, and of few units", () => {
    expect(found(differenceInDifferences({ panel: panelExample(), ...asked })).warnings.join()).to.match(/group-time effects/);
    const { periods, units } = oneStartExample();
    expect(found(differenceInDifferences({ panel: { periods, units }, ...asked })).warnings).to.deep.equal([]);
    expect(found(differenceInDifferences({ panel: { periods, units: units.slice(0, 8) }, ...asked })).warnings.join()).to.match(
      /too small/,
    );
  });
});

describe("effects of a staggered treatment", () => {
  const cases = referenceCases<PanelCase>("panel-designs/group-time-effects");

  it("agrees with csdid to 1e-11 in every cell and average", () => {
    for (const row of cases) {
      const floor = 1e-3 * size(row.units.flatMap(({ outcomes }) => outcomes as number[]));
      for (const aggregation of ["simple", "group", "event-time"] as const) {
        const finding = found(groupTimeEffects({ panel: row, controls: row.controls, aggregation, ...asked }));
        near(finding.estimate.value, row[aggregation][0], 1e-11, floor);
        near(finding.estimate.standardError, row[aggregation][1], 1e-11);
        for (const [firstTreated, period, effect, error] of row.cells) {
          const own = rows(finding, "byGroupAndPeriod").find((cell) => cell["firstTreated"] === firstTreated && cell["period"] === period);
          near(own?.["effect"], effect, 1e-11, floor);
          near(own?.["standardError"], error, 1e-11, floor);
        }
      }
    }
  });

  it("gives the event study of csdid with a universal base, and the Wald test of its placebos", () => {
    for (const row of cases) {
      const floor = 1e-3 * size(row.units.flatMap(({ outcomes }) => outcomes as number[]));
      const finding = found(eventStudy({ panel: row, controls: row.controls, ...asked }));
      near(finding.estimate.value, row.study[0], 1e-11, floor);
      near(finding.estimate.standardError, row.study[1], 1e-11);
      for (const [since, effect, error] of row.profile) {
        const own = rows(finding, "byEventTime").find((cell) => cell["periodsSince"] === since);
        near(own?.["effect"], effect, 1e-11, floor);
        near(own?.["standardError"], error, 1e-11, floor);
      }
      expect(finding.details?.["preTrendDegreesOfFreedom"]).to.equal(row.preTrend?.[1]);
      if (row.preTrend === undefined) continue;
      near(finding.details?.["preTrendStatistic"] as number, row.preTrend[0], 1e-9);
      near(finding.details?.["preTrendPValue"] as number, row.preTrend[2], 1e-9);
      expect(finding.warnings.join().includes("before treatment began")).to.equal(row.preTrend[2] < 0.05);
    }
  });

  it("agrees with two-way fixed effects where all start at once and no cell is missing", () => {
    const panel = oneStartExample();
    const twoWay = found(differenceInDifferences({ panel, ...asked })).estimate;
    const atOnce = {
      ...panel,
      periods: [10, 20, 30, 40, 50, 60],
      units: panel.units.map((unit) => ("firstTreated" in unit ? { ...unit, firstTreated: 33 } : unit)),
    };
    near(found(differenceInDifferences({ panel: atOnce, ...asked })).estimate.value, twoWay.value, 1e-13);
    const pair = {
      periods: [1, 2],
      units: panel.units.map((unit) => ({ outcomes: unit.outcomes.slice(2, 4), ...("firstTreated" in unit ? { firstTreated: 2 } : {}) })),
    };
    const two = found(differenceInDifferences({ panel: pair, ...asked })).estimate.value;
    near(found(groupTimeEffects({ panel: pair, controls: "never-treated", aggregation: "group", ...asked })).estimate.value, two, 1e-13);
  });

  it("leaves out units that are not seen throughout, and says so; and is undetermined without controls", () => {
    const { periods, units } = panelExample();
    const withGap = [...units, { outcomes: [1, null, 3, 4, 5, 6] }, { outcomes: [1, 2, 3, 4, 5, 6], firstTreated: 1 }];
    const finding = found(
      groupTimeEffects({ panel: { periods, units: withGap }, controls: "never-treated", aggregation: "group", ...asked }),
    );
    expect(finding.estimate.n).to.equal(units.length);
    expect(finding.warnings.join()).to.match(/^1 units are not seen in every period and 1 are treated from the first/);
    const all = { periods, units: units.map(({ outcomes }) => ({ outcomes, firstTreated: 3 })) };
    for (const statistic of [groupTimeEffects, eventStudy]) {
      expect(statistic({ panel: all, controls: "never-treated", aggregation: "group", ...asked }).kind).to.equal("undetermined");
      expect(
        statistic({
          panel: { periods, units: units.map(({ outcomes }) => ({ outcomes })) },
          controls: "never-treated",
          aggregation: "group",
          ...asked,
        }).kind,
      ).to.equal("undetermined");
    }
  });
});

describe("synthetic control", () => {
  interface Case {
    readonly treated: number[];
    readonly donors: number[][];
    readonly periodsBefore: number;
    readonly level: number;
    readonly weights: number[];
    readonly gap: number;
    readonly rootMspeBefore: number;
    readonly p: number;
    readonly ratio: number;
    readonly ratioP: number;
    readonly interval: Pair | null;
  }

  it("finds the weights that a search of all supports finds, and its p", () => {
    for (const row of referenceCases<Case>("panel-designs/synthetic-control")) {
      const donors = row.donors.map((outcomes, i) => ({ name: String(i), outcomes }));
      const finding = found(syntheticControl({ ...row, donors, alternative: "two-sided", nullValue: 0 }));
      const weights = finding.details?.["weights"] as unknown as readonly { donor: string; weight: number }[];
      row.weights.forEach((weight, i) => {
        near(weights.find(({ donor }) => donor === String(i))?.weight ?? 0, weight, 1e-9, 1);
      });
      near(finding.estimate.value, row.gap, 1e-9, row.rootMspeBefore);
      near(finding.details?.["rootMspeBefore"] as number, row.rootMspeBefore, 1e-10);
      near(finding.details?.["mspeRatio"] as number, row.ratio, 1e-9);
      near(finding.details?.["mspeRatioPValue"] as number, row.ratioP, 1e-14);
      near(finding.test?.pValue, row.p, 1e-14);
      if (row.interval === null) expect(finding.estimate.set?.kind).to.equal("everything");
      row.interval?.forEach((end, i) => {
        near(i === 0 ? finding.estimate.interval?.lower : finding.estimate.interval?.upper, end, 1e-9, row.rootMspeBefore);
      });
    }
  });

  it("warns of a bad fit before and of too few donors, and is undetermined on an exact fit", () => {
    const { treated, donors, periodsBefore } = syntheticControlExample();
    const far = { treated: treated.map((value, week) => 1000 + 50 * (week % 7) + value), donors: donors.slice(0, 5), periodsBefore };
    const warnings = found(syntheticControl({ ...far, ...asked })).warnings.join();
    expect(warnings)
      .to.match(/explain 0 %/)
      .and.to.match(/no effect can be ruled out/);
    const exact = syntheticControl({ treated: donors[0]?.outcomes ?? [], donors, periodsBefore, ...asked });
    expect(exact.kind).to.equal("undetermined");
  });
});

describe("switchback", () => {
  interface Case extends Omit<Parameters<typeof switchback>[0], "draws" | "seed"> {
    readonly scale: number;
    readonly assignments: number;
    readonly estimate: number;
    readonly p: number;
    readonly pZero: number;
    readonly ends: readonly [number | null, number | null];
  }

  it("gives p and interval of the test itself, done at every assignment and searched for its ends", () => {
    for (const row of referenceCases<Case>("panel-designs/switchback")) {
      const finding = found(switchback({ ...row, draws: 9999, seed: 1 }));
      const { interval, set } = finding.estimate;
      near(finding.estimate.value, row.estimate, 1e-12, row.scale);
      near(finding.test?.pValue, row.p, 1e-14);
      near(found(switchback({ ...row, nullValue: 0, draws: 9999, seed: 1 })).test?.pValue, row.pZero, 1e-14);
      expect(finding.details?.["assignments"]).to.equal(row.assignments);
      const ends = [
        interval?.lower ?? (set?.kind === "at-least" ? set.lower : null),
        interval?.upper ?? (set?.kind === "at-most" ? set.upper : null),
      ];
      row.ends.forEach((end, i) => {
        if (end === null) expect(ends[i]).to.equal(null);
        else near(ends[i] ?? undefined, end, 1e-8, 10 * row.scale);
      });
    }
  });

  it("draws the same assignments from the same seed, near to what all of them give", () => {
    const input = { ...switchbackExample(), ...asked };
    const all = found(switchback({ ...input, draws: 9999, seed: 1 }));
    const drawn = found(switchback({ ...input, draws: 200, seed: 5 }));
    expect(all.details?.["everyAssignment"]).to.equal(true);
    expect(drawn.details?.["everyAssignment"]).to.equal(false);
    expect(found(switchback({ ...input, draws: 200, seed: 5 }))).to.deep.equal(drawn);
    expect(Math.abs((drawn.test?.pValue ?? 1) - (all.test?.pValue ?? 0))).to.be.lessThan(0.05);
    for (const design of ["complete", "independent"] as const) {
      const finding = found(switchback({ ...input, design, draws: 500, seed: 2 }));
      expect(finding.details?.["assignments"]).to.equal(501);
      expect(finding.test?.pValue).to.be.within(1 / 501, 0.1);
    }
  });

  it("is undetermined with one arm or no variation, and says when it can rule out nothing", () => {
    const base = { blockPeriods: 2, washoutPeriods: 0, design: "complete", draws: 999, seed: 1, ...asked } as const;
    expect(switchback({ ...base, outcomes: [1, 2, 3, 4], blocksTreated: [true, true] }).kind).to.equal("undetermined");
    expect(switchback({ ...base, outcomes: [1, 1, 1, 1], blocksTreated: [true, false] }).kind).to.equal("undetermined");
    const small = found(switchback({ ...base, outcomes: [1, 2, 3, 4], blocksTreated: [true, false] }));
    expect(small.estimate.set?.kind).to.equal("everything");
    expect(small.test?.pValue).to.equal(1);
    expect(small.warnings.length).to.equal(3);
  });
});
