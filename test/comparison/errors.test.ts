/** Error rates against outcomes: the sentences of the estimands, one by one. */
import { expect } from "chai";
import { lastDayOf } from "../../data/foundation/index.ts";
import { compare, type Errors } from "../../simulations/comparison/index.ts";
import { firstPeriod, label, letterPolicy, panelOf, type SmallMarket, source } from "./small-market.ts";

function errorsOf(market: SmallMarket, name = "all"): Errors {
  const [candidate] = compare({
    baseline: letterPolicy("baseline"),
    candidates: [letterPolicy("candidate")],
    panel: panelOf(market),
    seed: 1,
    replicates: 50,
  }).candidates;
  const found = candidate?.errors.find((errors) => errors.source === name);
  if (found === undefined) throw new Error(`no errors for ${name}`);
  return found;
}

/** Sellers of one period each, named by their tiers and label: `swF` is standard then watch, fine; H harmful, P pending, - unlabelled. */
function byName(names: readonly string[], sourceName = "bad"): Pick<SmallMarket, "sellers" | "outcomes"> {
  const entries = names.map((name, index) => [`${name}-${index}`, { baseline: name.charAt(0), candidate: name.charAt(1) }] as const);
  const outcomes = entries.flatMap(([entity]) => {
    const code = { F: 0, H: 1, P: -1 }[entity.charAt(2)];
    return code === undefined ? [] : [label(entity, sourceName, 0, code as 0 | 1 | -1)];
  });
  return { sellers: Object.fromEntries(entries), outcomes };
}

function rate(errors: Errors, name: string, side: "baseline" | "candidate" = "candidate") {
  const found = errors[side].rates.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function bounds(errors: Errors, name: string, side: "baseline" | "candidate" = "candidate") {
  const found = errors[side].bounds.find((candidate) => candidate.name === name);
  return [found?.lower, found?.upper].map((bound) => (bound?.kind === "estimate" ? bound.value : undefined));
}

const mature = { knownAt: lastDayOf("week", firstPeriod) + 21, sources: [source("bad")] };

describe("error rates at the last mature evaluation", () => {
  const errors = errorsOf({
    ...byName(["ssF", "ssF", "ssF", "swF", "wwF", "wsF", "rrH", "ssH", "swH", "uuF", "ss-", "sw-", "ww-"]),
    ...mature,
  });

  it("takes fine and held adverse over all fine as the false-positive rate; unrated counts as not adverse and is listed", () => {
    expect(rate(errors, "false-positive-rate")).to.include({ numerator: 2, denominator: 7 });
    expect(rate(errors, "false-positive-rate", "baseline")).to.include({ numerator: 2, denominator: 7 });
    expect(errors.candidate.fineNotAdverse).to.deep.equal({ unrated: 1, shielded: 0 });
  });

  it("takes fine over labelled among the held adverse as the false share", () => {
    expect(rate(errors, "false-share")).to.include({ numerator: 2, denominator: 4 });
  });

  it("takes not adverse over all harmful as the miss rate", () => {
    expect(rate(errors, "miss-rate")).to.include({ numerator: 1, denominator: 3 });
    expect(rate(errors, "miss-rate", "baseline")).to.include({ numerator: 2, denominator: 3 });
  });

  it("gives Wilson intervals and says that labels are assumed missing at random", () => {
    const { estimate } = rate(errors, "false-positive-rate");
    expect(estimate).to.include({ method: "Wilson score", n: 7 });
    expect(estimate).to.have.property("assumptions").that.includes("labelled entities only: assumes labels missing at random");
  });

  it("says which way unequal coverage pulls a rate over labelled entities", () => {
    const assumptionsOf = (name: string, side: "baseline" | "candidate" = "candidate") => {
      const { estimate } = rate(errors, name, side);
      return estimate.kind === "estimate" ? estimate.assumptions : [];
    };
    const reach = "labels reach 4 of 6 held adverse and 6 of 7 others, which pulls";
    expect(assumptionsOf("false-positive-rate")).to.include(`${reach} the rate down`);
    expect(assumptionsOf("miss-rate")).to.include(`${reach} the rate up`);
    expect(assumptionsOf("false-share").join()).to.not.include("pulls");
    expect([rate(errors, "false-positive-rate").pull, rate(errors, "miss-rate").pull]).to.deep.equal(["down", "up"]);
    expect(rate(errors, "false-positive-rate", "baseline")).to.not.have.property("pull");
    // Under the baseline 3 of 4 and 7 of 9: about alike.
    expect(assumptionsOf("false-positive-rate", "baseline").join()).to.not.include("pulls");
  });

  it("shows coverage by overlap, newly adverse, released and neither", () => {
    expect(errors.coverage).to.deep.equal([
      { group: "both", entities: 3, labelled: 2, fine: 1 },
      { group: "newly", entities: 3, labelled: 2, fine: 1 },
      { group: "released", entities: 1, labelled: 1, fine: 1 },
      { group: "neither", entities: 6, labelled: 5, fine: 4 },
    ]);
    expect(errors).to.include({ inFrame: 13, labelled: 10, fine: 7, harmful: 3, assumedUntreated: true });
  });

  it("bounds each rate by its missing labels at their worst", () => {
    expect(bounds(errors, "false-positive-rate")).to.deep.equal([2 / 8, 4 / 9]);
    expect(bounds(errors, "false-share")).to.deep.equal([2 / 6, 4 / 6]);
    expect(bounds(errors, "miss-rate")).to.deep.equal([1 / 5, 2 / 4]);
  });

  it("bounds the change over labels that both policies share", () => {
    // newly 1 fine + 1 unknown, released 1 fine, both 1 + 1, neither 4 + 1: from (1 - 1) / n to (2 - 1) / 8.
    expect(
      [errors.falsePositiveChangeBounds.lower, errors.falsePositiveChangeBounds.upper].map((bound) =>
        bound.kind === "estimate" ? bound.value : undefined,
      ),
    ).to.deep.equal([0, 1 / 8]);
  });

  it("pairs the change by entity", () => {
    expect(errors.falsePositiveChange).to.include({ value: 0, method: "Tango score, paired", n: 7 });
  });
});

describe("which date, which labels", () => {
  const two = { a: { baseline: "wwww", candidate: "ssss" }, b: { baseline: "ssss", candidate: "ssss" } };

  it("takes the last evaluation with d + horizon + lag at most the known-at pin", () => {
    const labels = [0, 1, 2, 3].flatMap((period) => [label("a", "bad", period, 0, 21), label("b", "bad", period, 0, 21)]);
    const pinned = lastDayOf("week", firstPeriod + 2) + 21;
    expect(errorsOf({ sellers: two, outcomes: labels, sources: [source("bad")], knownAt: pinned })).to.include({
      at: "2023-09-17",
      labelled: 2,
    });
    expect(errorsOf({ sellers: two, outcomes: labels, sources: [source("bad")], knownAt: pinned - 1 })).to.include({ at: "2023-09-10" });
  });

  it("passes over evaluations about which the source says nothing, such as the weeks between monthly labels", () => {
    const sources = [source("bad"), source("appeal", { kind: "state", role: "appeal", horizonDays: 0, lagDays: 0 })];
    const outcomes = [label("a", "bad", 1, 0), label("b", "bad", 1, 1), label("a", "appeal", 2, 0)];
    const market = { sellers: two, sources, outcomes, knownAt: lastDayOf("week", firstPeriod + 3) + 30 };
    expect(errorsOf(market, "bad")).to.include({ at: "2023-09-10", labelled: 2 });
    expect(errorsOf(market, "appeal")).to.include({ at: "2023-09-17" });
    expect(errorsOf(market)).to.include({ at: "2023-09-10", labelled: 2 });
  });

  it("says when the date is not the last mature evaluation, and why", () => {
    const sources = [source("bad"), source("appeal", { kind: "state", role: "appeal", horizonDays: 0, lagDays: 0 })];
    const outcomes = [label("a", "bad", 1, 0), label("b", "bad", 1, 1), label("a", "appeal", 2, 0)];
    const market = { sellers: two, sources, outcomes, knownAt: lastDayOf("week", firstPeriod + 3) + 30 };
    expect(errorsOf(market, "bad")).to.deep.include({
      lastMature: "2023-09-24",
      dateRule: "the last mature evaluation about which 'bad' has labels; the last mature one is 2023-09-24, and about it there are none",
    });
    expect(errorsOf(market)).to.deep.include({
      lastMature: "2023-09-24",
      dateRule:
        "the last mature evaluation about which 'bad', the source with the most labels, has labels; the last mature one is 2023-09-24, and about it there are none",
    });
    const { at, lastMature, dateRule } = errorsOf({ ...market, knownAt: lastDayOf("week", firstPeriod + 1) + 21 }, "bad");
    expect([at, lastMature, dateRule]).to.deep.equal(["2023-09-10", "2023-09-10", "the last mature evaluation"]);
  });

  it("gives no rate when no evaluation is mature, and says why", () => {
    const errors = errorsOf({ sellers: two, sources: [source("bad", { horizonDays: 400 })] });
    expect(rate(errors, "false-positive-rate").estimate).to.have.property("kind", "undetermined");
    expect(errors.unlabelled).to.deep.equal([{ reason: "no evaluation is mature", entities: 2 }]);
  });

  it("uses labels known by the pin only, and of those the latest", () => {
    const market = { sellers: two, sources: [source("bad")], knownAt: lastDayOf("week", firstPeriod) + 21 };
    const errors = errorsOf({
      ...market,
      outcomes: [label("a", "bad", 0, 0, 5), label("a", "bad", 0, 1, 9), label("a", "bad", 0, 0, 30), label("b", "bad", 0, 0, 30)],
    });
    expect(errors).to.include({ harmful: 1, fine: 0 });
    expect(errors.unlabelled).to.deep.equal([{ reason: "no label known by 2023-09-24", entities: 1 }]);
  });

  it("reads only labels about the date itself: a range is a series, never pooled", () => {
    const pooled = errorsOf({
      sellers: two,
      sources: [source("bad")],
      outcomes: [label("a", "bad", 0, 0), label("b", "bad", 1, 0)],
      knownAt: lastDayOf("week", firstPeriod + 1) + 21,
    });
    expect(pooled).to.include({ at: "2023-09-10", labelled: 1 });
    const errors = errorsOf({
      sellers: two,
      sources: [source("bad")],
      outcomes: [label("a", "bad", 1, 0)],
      knownAt: lastDayOf("week", firstPeriod) + 21,
    });
    expect(errors.labelled).to.equal(0);
  });

  it("prefers a random audit to a decided appeal to behaviour", () => {
    const sources = [
      source("bad", { horizonDays: 0, lagDays: 0 }),
      source("appeal", { kind: "state", role: "appeal", horizonDays: 0, lagDays: 0 }),
      source("audit", { kind: "state", role: "audit", horizonDays: 0, lagDays: 0 }),
    ];
    const outcomes = [
      label("a", "bad", 0, 1),
      label("a", "appeal", 0, 0),
      label("a", "audit", 0, 1),
      label("b", "bad", 0, 1),
      label("b", "appeal", 0, -1),
    ];
    const errors = errorsOf({ sellers: { a: { baseline: "w", candidate: "w" }, b: { baseline: "s", candidate: "s" } }, sources, outcomes });
    expect(errors).to.include({ harmful: 2, fine: 0 });
    expect(errors.definition).to.equal("By precedence: audit, then appeal, then bad; within a source the latest label known by the pin.");
  });

  it("leaves those that left within the horizon unlabelled, not fine", () => {
    const errors = errorsOf({
      sellers: { a: { baseline: "s", candidate: "s" }, b: { baseline: "ssss", candidate: "ssss" } },
      sources: [source("bad")],
      outcomes: [label("b", "bad", 0, 0)],
      knownAt: lastDayOf("week", firstPeriod) + 21,
    });
    expect(errors).to.include({ labelled: 1, fine: 1 });
    expect(errors.unlabelled).to.deep.equal([{ reason: "left within the horizon", entities: 1 }]);
  });

  it("leaves them unlabelled even when the source gave a label: their harm was cut short", () => {
    const market = {
      sellers: {
        a: { baseline: "ss", candidate: "ss" },
        b: { baseline: "sssss", candidate: "sssss" },
        c: { baseline: "sss", candidate: "sss" },
      },
      outcomes: ["a", "b", "c"].map((entity) => label(entity, "bad", 0, 0)),
      knownAt: lastDayOf("week", firstPeriod) + 22,
    };
    const whole = errorsOf({ ...market, sources: [source("bad")] });
    expect(whole).to.include({ labelled: 2, fine: 2 });
    // 15 days reach one day into the third week after the date: whoever was last seen at the end of the second may be gone.
    const partly = errorsOf({ ...market, sources: [source("bad", { horizonDays: 15 })] });
    expect(partly).to.include({ labelled: 1, fine: 1 });
    expect(partly.unlabelled).to.deep.equal([{ reason: "left within the horizon", entities: 2 }]);
  });
});

describe("restriction prevents harm", () => {
  const sellers = {
    free: { baseline: "ssss", candidate: "wwww", assigned: "ssss" },
    held: { baseline: "ssss", candidate: "wwww", assigned: "sswr" },
    later: { baseline: "ssss", candidate: "ssss", assigned: "sssw" },
  };
  const outcomes = Object.keys(sellers).flatMap((entity) => [label(entity, "bad", 0, 0), label(entity, "audit", 0, 0)]);
  const knownAt = lastDayOf("week", firstPeriod) + 21;

  it("takes away future labels of entities really held adverse at any time in [d, d + h]", () => {
    const errors = errorsOf(
      { sellers, outcomes: outcomes.filter(({ source: name }) => name === "bad"), sources: [source("bad")], knownAt },
      "bad",
    );
    expect(errors).to.include({ labelled: 2, assumedUntreated: false });
    expect(errors.unlabelled).to.deep.equal([
      { reason: "really held an adverse tier within the horizon: harm without restriction is not seen", entities: 1 },
    ]);
    expect(bounds(errors, "false-positive-rate")).to.deep.equal([1 / 2, 2 / 3]);
  });

  it("counts a period that the horizon only touches: any time in [d, d + h]", () => {
    const bad = outcomes.filter(({ source: name }) => name === "bad");
    const errorsAt = (horizonDays: number) =>
      errorsOf({ sellers, outcomes: bad, sources: [source("bad", { horizonDays, lagDays: 0 })], knownAt }, "bad");
    expect(errorsAt(14).labelled).to.equal(2);
    expect(errorsAt(15).labelled).to.equal(1);
  });

  it("counts those whose assigned tier is not known throughout as assumed untreated", () => {
    const bad = outcomes.filter(({ source: name }) => name === "bad");
    const some = { ...sellers, free: { baseline: "ssss", candidate: "wwww", assigned: "s-ss" } };
    expect(errorsOf({ sellers: some, outcomes: bad, sources: [source("bad")], knownAt }, "bad")).to.include({
      labelled: 2,
      assumedUntreated: false,
      assumedUntreatedEntities: 1,
    });
    expect(errorsOf({ sellers, outcomes: bad, sources: [source("bad")], knownAt }, "bad").assumedUntreatedEntities).to.equal(0);
  });

  it("shows the realised figures beside", () => {
    const errors = errorsOf(
      { sellers, outcomes: outcomes.filter(({ source: name }) => name === "bad"), sources: [source("bad")], knownAt },
      "bad",
    );
    expect(errors.realised).to.include({ labelled: 3, fine: 3 });
    expect(errors.realised?.candidate[0]).to.include({ numerator: 2, denominator: 3 });
  });

  it("keeps an audit of the state at the date", () => {
    const errors = errorsOf({
      sellers,
      outcomes,
      sources: [source("bad"), source("audit", { kind: "state", role: "audit", horizonDays: 0, lagDays: 0 })],
      knownAt,
    });
    expect(errors.labelled).to.equal(3);
  });

  it("says how far the baseline agrees with the tiers really assigned", () => {
    const comparison = compare({
      baseline: letterPolicy("baseline"),
      candidates: [letterPolicy("candidate")],
      panel: panelOf({ sellers }),
      seed: 1,
    });
    expect(comparison.panel.assignedAgreement).to.deep.equal({ entityPeriods: 12, agreeing: 9 });
  });
});

describe("appeals alone", () => {
  const appeal = source("appeal", { kind: "state", role: "appeal", horizonDays: 0, lagDays: 0 });
  const errors = errorsOf({ ...byName(["wwF", "wwF", "wwH", "wwP", "ww-", "sw-", "ss-"], "appeal"), sources: [appeal] }, "appeal");

  it("identify no false-positive rate and no false share", () => {
    for (const name of ["false-positive-rate", "false-share", "miss-rate"]) {
      expect(rate(errors, name).estimate).to.have.property("kind", "undetermined");
    }
    expect(errors.falsePositiveChange).to.have.property("kind", "undetermined");
  });

  it("bound the false share", () => {
    expect(bounds(errors, "false-share")).to.deep.equal([2 / 6, 5 / 6]);
  });

  it("give the overturn share over decided, pending shown", () => {
    expect(rate(errors, "overturn-share")).to.include({ numerator: 2, denominator: 3, pending: 1 });
    expect(bounds(errors, "overturn-share")).to.deep.equal([2 / 4, 3 / 4]);
    expect(errors.unlabelled.map(({ entities }) => entities)).to.deep.equal([3, 1]);
  });
});

describe("labels that share a measure with the policy", () => {
  it("are named, so that the report heads them as predictive", () => {
    const errors = errorsOf({ ...byName(["ssF"]), ...mature, sources: [source("bad", { measures: ["candidate", "gmv"] })] });
    expect(errors.sharedMeasures).to.deep.equal(["candidate"]);
  });
});
