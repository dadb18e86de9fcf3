/** Error rates by every estimator: hand-worked markets, laws, refusals, and bias and coverage in worlds whose truth is known. */
import { expect } from "chai";
import { stratified } from "../../simulations/comparison/errors/estimator-rows.ts";
import {
  type Comparison,
  type Errors,
  type EstimateBy,
  type EstimatorName,
  type FigureEstimates,
  readCriteriaLines,
  readVerdict,
  resolveCriteria,
} from "../../simulations/comparison/index.ts";
import { draw, estimateOf, type FigureKey, figureKeys, worlds } from "./label-worlds.ts";
import { audit, behaviour, compareLabelled, type Kind, marketOf } from "./labelled-market.ts";
import { label, panelOf, type SmallMarket, source } from "./small-market.ts";

function errorsOf(market: SmallMarket, candidate: "baseline" | "candidate" = "candidate"): Errors {
  return compareLabelled(market, candidate).candidates[0]?.errors[0] as Errors;
}

function rateOf(errors: Errors, name: "false-positive-rate" | "false-share" | "miss-rate", side: "baseline" | "candidate" = "candidate") {
  return errors.estimates?.rates.find((rate) => rate.name === name && rate.side === side) as FigureEstimates;
}

function by(figure: FigureEstimates | undefined, name: EstimatorName): EstimateBy | undefined {
  return figure?.estimates.find(({ estimator }) => estimator === name);
}

function numberOf(found: EstimateBy | undefined): number {
  return found?.estimate.kind === "estimate" ? found.estimate.value : Number.NaN;
}

function reasonOf(found: EstimateBy | undefined): string {
  return found?.estimate.kind === "undetermined" ? found.estimate.reason : "";
}

describe("error rates by estimator, worked by hand", () => {
  const kinds: readonly Kind[] = [
    { tiers: "ww", count: 20, fine: 6, harmful: 4 },
    { tiers: "sw", count: 30, fine: 9, harmful: 1 },
    { tiers: "ws", count: 10, fine: 5, harmful: 0 },
    { tiers: "ss", count: 100, fine: 45, harmful: 5 },
    { tiers: "ss", count: 40, orders: 50, fine: 10, harmful: 0 },
  ];
  const errors = errorsOf(marketOf(kinds));

  it("stratified: each stratum's share for all of it", () => {
    // Fine: both 20 x 0.6 = 12, newly 30 x 0.9 = 27, released 10, neither 100 x 0.9 + 40 = 130.
    expect(numberOf(by(rateOf(errors, "false-positive-rate"), "stratified"))).to.be.closeTo(39 / 179, 1e-12);
    expect(numberOf(by(rateOf(errors, "false-positive-rate", "baseline"), "stratified"))).to.be.closeTo(22 / 179, 1e-12);
    expect(numberOf(by(errors.estimates?.falsePositiveChange, "stratified"))).to.be.closeTo(17 / 179, 1e-12);
    expect(numberOf(by(rateOf(errors, "false-share"), "stratified"))).to.be.closeTo(39 / 50, 1e-12);
    // Harmful: both 8, newly 3, released 0, neither 10.
    expect(numberOf(by(rateOf(errors, "miss-rate"), "stratified"))).to.be.closeTo(10 / 21, 1e-12);
    const newly = errors.estimates?.fineShares.find(({ group }) => group === "newly");
    expect(newly?.entities).to.equal(30);
    expect(numberOf(by(newly, "stratified"))).to.be.closeTo(0.9, 1e-12);
    expect([newly?.bounds.lower, newly?.bounds.upper]).to.have.deep.nested.property("[0].value", 9 / 30);
  });

  it("each names its assumption, and the labelled-only figure is the one that stands", () => {
    const rate = rateOf(errors, "false-positive-rate");
    for (const { estimator, estimate } of rate.estimates) {
      if (estimate.kind === "undetermined") continue;
      expect(estimate.assumptions.join(), estimator).to.match(/assumes labels missing at random|design-based/);
    }
    expect(by(rate, "labelled-only")?.estimate).to.deep.equal(errors.candidate.rates[0]?.estimate);
    expect(rate.estimates.map(({ estimator }) => estimator)).to.deep.equal([
      "labelled-only",
      "stratified",
      "inverse-probability",
      "doubly-robust",
    ]);
  });

  it("audits: every audited seller stands for 1 / probability", () => {
    const audited = errorsOf(
      marketOf(
        [
          { tiers: "ww", count: 20, auditFine: 2, auditHarmful: 2, probability: 0.2 },
          { tiers: "sw", count: 30, auditFine: 3, auditHarmful: 0, probability: 0.1 },
          { tiers: "ss", count: 150, auditFine: 14, auditHarmful: 1, probability: 0.1, fine: 60, harmful: 5 },
        ],
        [behaviour, audit],
      ),
    );
    // Fine: both 2 x 5 = 10, newly 3 x 10 = 30, neither 14 x 10 = 140.
    expect(numberOf(by(rateOf(audited, "false-positive-rate"), "audits"))).to.be.closeTo(40 / 180, 1e-12);
    expect(numberOf(by(rateOf(audited, "false-share"), "audits"))).to.be.closeTo(40 / 50, 1e-12);
    expect(numberOf(by(rateOf(audited, "false-share"), "horvitz-thompson"))).to.be.closeTo(40 / 50, 1e-12);
    // Kish: weights 2 x 5, 3 x 10, 14 x 10 of the fine.
    expect(by(rateOf(audited, "false-positive-rate"), "audits")?.effectiveSize).to.be.closeTo(180 ** 2 / (2 * 25 + 17 * 100), 1e-9);
    expect(rateOf(audited, "false-positive-rate").headline).to.include({ estimator: "two-phase" });
  });

  it("a label for everyone: every estimator says the count", () => {
    const whole = errorsOf(marketOf(kinds.map((kind) => ({ ...kind, count: (kind.fine ?? 0) + (kind.harmful ?? 0) }))));
    for (const name of ["false-positive-rate", "false-share", "miss-rate"] as const) {
      const rate = rateOf(whole, name);
      const plain = numberOf(by(rate, "labelled-only"));
      expect(numberOf(by(rate, "stratified"))).to.be.closeTo(plain, 1e-12);
      expect(numberOf(by(rate, "doubly-robust"))).to.be.closeTo(plain, 0.02);
      expect(rate.headline).to.include({ estimator: "labelled-only" });
    }
  });
});

describe("laws of error rates by estimator", () => {
  const kinds: readonly Kind[] = [
    { tiers: "ww", count: 40, fine: 8, harmful: 9, auditFine: 3, auditHarmful: 2, probability: 0.2 },
    { tiers: "sw", count: 50, fine: 30, harmful: 3, auditFine: 8, auditHarmful: 1, probability: 0.2 },
    { tiers: "ws", count: 30, fine: 12, harmful: 2, auditFine: 5, auditHarmful: 1, probability: 0.2 },
    { tiers: "ss", count: 200, orders: 40, fine: 120, harmful: 10, auditFine: 37, auditHarmful: 4, probability: 0.2 },
  ];
  const market = marketOf(kinds, [behaviour, audit]);

  it("a policy against itself changes nothing, by any estimator", () => {
    const same = errorsOf(market, "baseline").estimates?.falsePositiveChange;
    expect(same?.estimates.length).to.be.greaterThan(5);
    for (const { estimator, estimate } of same?.estimates ?? []) {
      expect(estimate, estimator).to.include({ kind: "estimate", value: 0 });
      if (estimator !== "labelled-only") expect(estimate).to.have.deep.property("interval", { lower: 0, upper: 0, level: 0.95 });
    }
  });

  it("swapping the policies flips the change and its interval", () => {
    const swapped = Object.fromEntries(
      Object.entries(market.sellers).map(([name, seller]) => [name, { ...seller, baseline: seller.candidate, candidate: seller.baseline }]),
    );
    const [there, back] = [market, { ...market, sellers: swapped }].map((one) => errorsOf(one).estimates?.falsePositiveChange);
    for (const { estimator, estimate } of there?.estimates ?? []) {
      const other = by(back, estimator)?.estimate;
      if (estimate.kind === "undetermined" || other?.kind !== "estimate") throw new Error(`${estimator} is undetermined`);
      expect(other.value, estimator).to.be.closeTo(-estimate.value, 1e-9);
      expect(other.interval?.lower ?? 9, estimator).to.be.closeTo(-(estimate.interval?.upper ?? 0), 1e-8);
    }
  });

  it("the change of the miss rate is that of the false-positive rate where fine and harmful, adverse and not are exchanged", () => {
    const mirrored = kinds.map((kind) => ({
      ...kind,
      tiers: kind.tiers.replaceAll(/./g, (letter) => (letter === "w" ? "s" : "w")),
      fine: kind.harmful ?? 0,
      harmful: kind.fine ?? 0,
      auditFine: kind.auditHarmful ?? 0,
      auditHarmful: kind.auditFine ?? 0,
    }));
    // Behaviour's labels begin with the fine, audits end with them: turned about, other sellers have both.
    const only = (of: readonly Kind[], fields: readonly (keyof Kind)[]) =>
      of.map((kind) => ({ ...kind, ...Object.fromEntries(fields.map((field) => [field, 0])) }));
    for (const left of [
      ["fine", "harmful"],
      ["auditFine", "auditHarmful"],
    ] as const) {
      const change = errorsOf(marketOf(only(kinds, left), [behaviour, audit])).estimates?.falsePositiveChange;
      const miss = errorsOf(marketOf(only(mirrored, left), [behaviour, audit])).estimates?.missChange;
      for (const name of ["labelled-only", "stratified", "audits"] as const) {
        const [one, other] = [by(change, name)?.estimate, by(miss, name)?.estimate];
        if (one?.kind !== "estimate") expect(other?.kind, name).to.equal(one?.kind);
        else {
          expect(numberOf(by(miss, name)), name).to.be.closeTo(one.value, 1e-12);
          expect(other?.kind === "estimate" && other.interval?.lower, name).to.be.closeTo(one.interval?.lower ?? 9, 1e-9);
        }
      }
      for (const end of ["lower", "upper"] as const) {
        const [one, other] = [change?.bounds[end], miss?.bounds[end]];
        expect(one?.kind === "estimate" && one.value).to.equal(other?.kind === "estimate" && other.value);
      }
    }
  });

  it("chunks change no byte", () => {
    const whole = JSON.stringify(errorsOf(market).estimates);
    expect(JSON.stringify(errorsOf({ ...market, chunkEntities: 7 }).estimates)).to.equal(whole);
  });
});

describe("when there is no single figure", () => {
  it("nobody of a group has a chance of a label: weighted and doubly robust say who", () => {
    const errors = errorsOf(
      marketOf([
        { tiers: "ww", count: 30 },
        { tiers: "sw", count: 20, fine: 10, harmful: 2 },
        { tiers: "ss", count: 90, fine: 60, harmful: 9 },
      ]),
    );
    const rate = rateOf(errors, "false-positive-rate");
    for (const name of ["stratified", "inverse-probability", "doubly-robust"] as const)
      expect(reasonOf(by(rate, name)), name).to.equal(
        "none of the 30 adverse under both has a label: everyone in the denominator needs a chance of at least 1 %",
      );
    expect(rate.headline.estimate).to.deep.include({
      kind: "undetermined",
      reason: "labels reach 12 of the 50 held adverse, less than 50 %: too few for a single figure",
    });
    expect(rate.bounds).to.deep.equal({
      lower: errors.candidate.bounds[0]?.lower,
      upper: errors.candidate.bounds[0]?.upper,
    });
    const newly = errors.estimates?.fineShares.find(({ group }) => group === "newly");
    expect(newly?.headline.estimate.kind).to.equal("estimate");
  });

  it("half of everyone on a side is not enough where one group of it is thin", () => {
    const headlinesOf = (newly: Partial<Kind>) => {
      const errors = errorsOf(
        marketOf([
          { tiers: "ww", count: 40, fine: 20, harmful: 18 },
          { tiers: "sw", count: 10, ...newly },
          { tiers: "ws", count: 20, fine: 15, harmful: 3 },
          { tiers: "ss", count: 100, fine: 70, harmful: 9 },
        ]),
      );
      const figures = [rateOf(errors, "false-positive-rate"), errors.estimates?.falsePositiveChange, errors.estimates?.missChange];
      for (const figure of figures) expect(numberOf(by(figure, "labelled-only")), "it stays in the table").not.to.satisfy(Number.isNaN);
      return figures.map((figure) => {
        const { estimator = "", estimate } = figure?.headline ?? {};
        return estimate?.kind === "undetermined" ? estimate.reason : estimator;
      });
    };
    // 18 of the 30 who are held differently have a label, and 38 of the 50 held adverse.
    const none = "labels reach 0 of the 10 newly adverse, less than 50 %: too few for a single figure";
    expect(headlinesOf({}), "labelled only would take them to be like the others held adverse").to.deep.equal([none, none, none]);
    const one = none.replace("0 of", "1 of");
    expect(headlinesOf({ harmful: 1 }), "what tells groups apart gives the rate, and no change").to.deep.equal(["doubly-robust", one, one]);
    expect(headlinesOf({ fine: 4, harmful: 1 })).to.deep.equal(["doubly-robust", "doubly-robust", "doubly-robust"]);
  });

  it("criteria read such a figure by its limits alone", () => {
    const market = marketOf([
      { tiers: "ww", count: 40, fine: 20, harmful: 18 },
      { tiers: "sw", count: 10 },
      { tiers: "ws", count: 20, fine: 15, harmful: 3 },
      { tiers: "ss", count: 100, fine: 70, harmful: 9 },
    ]);
    const comparison = compareLabelled(market);
    const lines = ["false-positive change at most 0 points", "miss change at most 0 points"];
    const { criteria } = resolveCriteria(readCriteriaLines(lines, "test").criteria, panelOf(market).schema);
    const readings = readVerdict(
      { comparison, candidate: comparison.candidates[0] as Comparison["candidates"][number] },
      criteria,
    ).criteria;
    for (const { found, reading, limits } of readings) {
      expect(found.kind === "undetermined" && found.reason).to.match(/^labels reach 0 of the 10 newly adverse, less than 50 %/);
      expect(reading).to.equal(limits?.reading);
    }
    // The 10 may all be fine: with the 15 to 17 fine of the released, still fewer are held adverse. All harmful: fewer are missed; all fine: more.
    expect(readings.map(({ reading }) => reading)).to.deep.equal(["pass", "undetermined"]);
  });

  it("who cannot be labelled is called restricted only where the panel says who was", () => {
    const cell = {
      group: 0,
      isClosed: true,
      size: 0,
      scoreFifth: 0,
      cheap: "none",
      entities: 4,
      fine: 0,
      harmful: 0,
      audited: new Map(),
    } as const;
    const reason = (hasAssigned: boolean) =>
      stratified({ cells: [{ ...cell }], auditsWithoutProbability: 0, hasAudit: false, hasAssigned })([0]);
    const floor = "has a label: everyone in the denominator needs a chance of at least 1 %";
    expect(reason(false)).to.include({ reason: `none of the 4 adverse under both, gone within the horizon, ${floor}` });
    expect(reason(true)).to.include({ reason: `none of the 4 adverse under both, really restricted or gone within the horizon, ${floor}` });
  });

  it("audits without probabilities, below the floor, or that do not reach the whole frame carry nothing", () => {
    const reasonWith = (parts: Partial<Kind>): string =>
      reasonOf(
        by(
          rateOf(
            errorsOf(
              marketOf(
                [
                  { tiers: "ww", count: 40, auditFine: 3, auditHarmful: 3, probability: 0.15, ...parts },
                  { tiers: "ss", count: 100, fine: 40, harmful: 5, auditFine: 14, auditHarmful: 1, probability: 0.15, ...parts },
                ],
                [behaviour, audit],
              ),
            ),
            "false-positive-rate",
          ),
          "two-phase",
        ),
      );
    expect(reasonWith({})).to.equal("");
    expect(reasonWith({ probability: 0.005 })).to.match(/^an audit was picked with probability 0.5 %: everyone/);
    expect(reasonWith({ probability: 0.9 })).to.match(/^the audits' inverse probabilities sum to 23 for 140 in the frame/);
    expect(reasonWith({ auditFine: 0, auditHarmful: 0 })).to.equal("no audit about the date is known");
    const bare: Kind[] = [
      { tiers: "ww", count: 40, auditFine: 3, auditHarmful: 3 },
      { tiers: "ss", count: 100, auditFine: 10, auditHarmful: 3 },
    ];
    expect(reasonOf(by(rateOf(errorsOf(marketOf(bare, [audit])), "false-positive-rate"), "audits"))).to.equal(
      "19 audits carry no probability",
    );
  });

  it("appeals alone have no estimators", () => {
    const appeal = source("appeal", { kind: "state", role: "appeal", horizonDays: 0, lagDays: 0 });
    const market = marketOf([{ tiers: "ww", count: 5 }], [appeal]);
    expect(errorsOf({ ...market, outcomes: [label("k0-0000", "appeal", 0, 0)] })).to.not.have.property("estimates");
  });
});

describe("error rates in worlds whose truth is known (few seeds; test/slow has more)", () => {
  const seeds = 8;
  const biasOf = (world: keyof typeof worlds, figure: FigureKey, name: EstimatorName): number => {
    const draws = drawn[world] ?? Array.from({ length: seeds }, (_, seed) => draw(worlds[world], seed, 2500));
    drawn[world] = draws;
    const off = draws.flatMap(({ estimates, truth }) => {
      const estimate = estimateOf(estimates, figure, name);
      return estimate?.kind === "estimate" ? [estimate.value - truth[figure]] : [];
    });
    return off.reduce((sum, value) => sum + value, 0) / off.length;
  };
  const drawn: Partial<Record<keyof typeof worlds, ReturnType<typeof draw>[]>> = {};

  it("labels missing at random within strata: labelled only is too low, the stratified and the doubly robust are not", () => {
    expect(biasOf("random", "false-positive-rate", "labelled-only")).to.be.below(-0.04);
    for (const name of ["stratified", "doubly-robust"] as const)
      expect(Math.abs(biasOf("random", "false-positive-rate", name)), name).to.be.below(0.01);
  });

  it("the innocent appeal more: what assumes labels missing at random is off, audits are not", () => {
    for (const name of ["labelled-only", "stratified", "inverse-probability", "doubly-robust"] as const)
      expect(biasOf("appeals", "false-share", name), name).to.be.above(0.12);
    for (const figure of figureKeys) expect(Math.abs(biasOf("appeals", figure, "two-phase")), figure).to.be.below(0.06);
    expect(Math.abs(biasOf("appeals", "false-positive-rate", "two-phase"))).to.be.below(0.012);
  });
});
