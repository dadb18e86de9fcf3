/** What the report says of what drives a policy, and of what past tier changes did: borne by the numbers, silent where there are none. */
import { expect } from "chai";
import type { Comparison, Influence, MeasuredElasticities } from "../../simulations/comparison/index.ts";
import { type Estimated, estimated, undetermined } from "../../simulations/statistics/index.ts";
import { describeReport, reportCsv } from "../../views/index.ts";
import { sampleComparison, sampleReportContext } from "./sample-comparison.ts";

const exact = (value: number): Estimated => estimated({ value, method: "covariance share", n: 100 });
const part = (score: string, declared: number, effective: number) => ({
  score,
  title: score,
  dimension: score,
  declared,
  effective: exact(effective),
});
const weights = {
  kind: "weights" as const,
  score: "Overall",
  entities: 100,
  scored: 100,
  parts: [part("Speed", 0.6, 0.3), part("Goods", 0.4, 0.7)],
};
const influence: Influence = {
  at: "2025-09-28",
  baseline: weights,
  candidate: weights,
  flips: {
    kind: "causes",
    movers: 10,
    examined: 10,
    causes: [
      { path: "metrics.late", title: "Late rate", undone: 7, onlyThis: 6, enough: 8 },
      { path: "caps", title: "The caps", undone: 2, onlyThis: 1, enough: 0 },
    ],
    several: 1,
    together: 2,
  },
};
const removal = (score: string, flips: number, up: number) => ({
  score,
  title: score,
  declared: 0.5,
  rule: "share-out" as const,
  flips,
  up,
  down: flips - up,
  intoUnrated: 0,
  outOfUnrated: 0,
});
const removals = {
  kind: "removals" as const,
  entities: 200,
  examined: 200,
  parts: [removal("Goods", 30, 10), removal("Speed", 5, 5)],
};
const few = undetermined("25 past moves have enough history, and 4 of them a match: fewer than 20", "a longer history");
const effect = (value: number) => estimated({ value, lower: value - 0.05, upper: value + 0.05, method: "matched pairs", n: 60 });
const moves = (direction: "into-adverse" | "out-of-adverse", known: Estimated): MeasuredElasticities["moves"][number] => ({
  direction,
  moves: 80,
  matched: 60,
  effect: known,
  placebo: known.kind === "undetermined" ? known : effect(0),
  windows: known.kind === "undetermined" ? [] : [{ window: 1, difference: known }],
  balance: [],
  returned: 20,
  matchesMoved: 5,
});

function sample(parts: { influence?: Influence; elasticities?: MeasuredElasticities }): Comparison {
  const comparison = sampleComparison();
  const { influence: own, elasticities } = parts;
  return {
    ...comparison,
    candidates: comparison.candidates.map((candidate) => ({ ...candidate, ...(own === undefined ? {} : { influence: own }) })),
    ...(elasticities === undefined ? {} : { elasticities }),
  };
}

const told = (comparison: Comparison): string =>
  JSON.stringify(describeReport(comparison, sampleReportContext())).replaceAll("\u00a0", " ");
const past = (known: Estimated): MeasuredElasticities => ({
  version: "1.0.0",
  entities: 100,
  ever: 100,
  windowPeriods: 4,
  moves: [moves("into-adverse", known), moves("out-of-adverse", few)],
  cutoffs: [{ tier: "gold", stated: 85, cutoff: 84.95, at: "2025-08-03", entities: 90, effect: few, firstStage: few, bunching: few }],
});

describe("what drives it", () => {
  it("names the part furthest from its weight, and the change that moves most", () => {
    expect(told(sample({ influence })))
      .to.include("Speed decides less than its weight says: 30.0 %, not 60.0 %")
      .and.to.include("Undoing the change of late rate alone returns the most movers, 7 of 10")
      .and.to.include(
        "7 would stay under 1.0.0's tier if one particular change were left out, 1 if any one of two or more were, and 2 only if several",
      );
    expect(reportCsv(sample({ influence }))).to.include("undone_by_no_other");
  });

  it("says of a part that is missing for many that it is known of few", () => {
    const parts = weights.parts.map((one) => ({ ...one, known: one.title === "Speed" ? 60 : 100 }));
    expect(told(sample({ influence: { ...influence, candidate: { ...weights, parts } } }))).to.include(
      "Speed is known of 60 of 100 sellers only: it decides 30.0 % of the differences, not 60.0 %",
    );
  });

  it("says which part decides most tiers, beside its weight", () => {
    const known = sample({ influence: { ...influence, removals: { baseline: removals, candidate: removals } } });
    expect(told(known))
      .to.include("The score hangs most on goods: without it 15.0 % would hold another tier, without speed 2.5 %")
      .and.to.include("weight 50.0 %; 1.0.0: 15.0 %")
      .and.to.include("its weight shared out as for a missing part")
      .and.to.include("without goods 30 (10 up, 20 down) and speed 5 (5 up, 0 down)");
    const csv = reportCsv(known);
    for (const figure of ["flips_without", "up_without", "down_without", "into_unrated_without", "out_of_unrated_without"])
      expect(csv).to.include(figure);
    const one = undetermined("Overall is made of one part, and without it there is no score", "a score of two or more parts");
    expect(told(sample({ influence: { ...influence, removals: { baseline: removals, candidate: one } } })))
      .to.include("What each part of the score decides is not determined")
      .and.to.include("Overall is made of one part");
    expect(told(sample({ influence }))).not.to.include("The score hangs most");
  });

  it("says that nobody moves, and why a score is not taken apart", () => {
    const none = {
      ...influence,
      candidate: undetermined("version 2.0.0 has no headline score", "a score"),
      flips: { ...influence.flips, movers: 0 } as Influence["flips"],
    };
    expect(told(sample({ influence: none })))
      .to.include("Nobody moves, so no change moves anybody")
      .and.to.include("version 2.0.0 has no headline score");
    expect(told(sample({}))).not.to.include("What drives it");
  });
});

describe("what past tier changes did", () => {
  it("claims a size only where the interval leaves out 0", () => {
    expect(told(sample({ elasticities: past(effect(-0.12)) }))).to.include(
      "Into an adverse tier, sales grew about 12 points less than their matches’",
    );
    expect(told(sample({ elasticities: past(effect(0.01)) }))).to.include("anything from −4 to +6 points of growth fits the past");
    expect(told(sample({ elasticities: past(few) })))
      .to.include("Past tier changes do not tell what a tier does to sales")
      .and.to.include("4 of them a match: fewer than 20")
      .and.to.include("No limit of the score tells what its tier does to sales")
      .and.to.include("What would tell: ");
    expect(reportCsv(sample({ elasticities: past(effect(-0.12)) })))
      .to.include("past_moves")
      .and.to.include("cutoff_jumps");
  });
});
