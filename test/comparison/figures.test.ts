/** Each figure of a comparison against panels small enough to count by hand. */
import { expect } from "chai";
import { InputRefused, lastDayOf, periodOf } from "../../data/foundation/index.ts";
import { type CandidateComparison, type Comparison, compare } from "../../simulations/comparison/index.ts";
import { firstPeriod, letterPolicy, panelOf, type SmallMarket, type SmallSeller } from "./small-market.ts";

function compareMarket(market: SmallMarket, range: { from?: number; to?: number } = {}): Comparison {
  const relative = (period: number | undefined) => (period === undefined ? undefined : (market.first ?? firstPeriod) + period);
  const [from, to] = [relative(range.from), relative(range.to)];
  return compare({
    baseline: letterPolicy("baseline", { evaluate: market.grain ?? "week" }),
    candidates: [letterPolicy("candidate", { evaluate: market.grain ?? "week" })],
    panel: panelOf(market),
    seed: 1,
    replicates: 200,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
}

function only(market: SmallMarket, range: { from?: number; to?: number } = {}): CandidateComparison {
  const [candidate] = compareMarket(market, range).candidates;
  if (candidate === undefined) throw new Error("no candidate");
  return candidate;
}

describe("tiers by period", () => {
  const comparison = compareMarket({
    sellers: {
      a: { baseline: "gs", candidate: "gw", gmv: [100, 200] },
      b: { baseline: "w", candidate: "s", first: 1, gmv: [50] },
      c: { baseline: "u", candidate: "u", gmv: [7] },
    },
  });

  it("counts entities and GMV of the period by held tier, all tiers in every period", () => {
    const none = { entities: 0, gmv: 0 };
    expect(comparison.baseline.distribution.map(({ tiers }) => tiers)).to.deep.equal([
      { gold: { entities: 1, gmv: 100 }, standard: none, watch: none, restricted: none, unrated: { entities: 1, gmv: 7 } },
      { gold: none, standard: { entities: 1, gmv: 200 }, watch: { entities: 1, gmv: 50 }, restricted: none, unrated: none },
    ]);
    expect(comparison.candidates[0]?.distribution[1]?.tiers["watch"]).to.deep.equal({ entities: 1, gmv: 200 });
  });

  it("names periods by their last day and counts who was ever in the frame", () => {
    expect(comparison.panel).to.include({ from: "2023-09-03", to: "2023-09-10", periods: 2, entitiesEver: 3, entitiesAtEnd: 2 });
  });
});

describe("the reported range", () => {
  const market: SmallMarket = {
    sellers: { a: { baseline: "ggss", candidate: "ggsw" }, b: { baseline: "s", candidate: "s", first: 3 } },
    completeTo: 2,
  };
  const rangeIn = (range: { from?: number; to?: number }) => {
    const { panel, candidates } = compareMarket(market, range);
    return [panel.from, panel.to, panel.entitiesEver, candidates[0]?.movement.movers];
  };

  it("ends with the last period whose flows are complete", () => {
    expect(rangeIn({})).to.deep.equal(["2023-09-03", "2023-09-17", 1, 0]);
  });

  it("ends where it is told to", () => {
    expect(rangeIn({ to: 3 })).to.deep.equal(["2023-09-03", "2023-09-24", 2, 1]);
    expect(rangeIn({ to: 1 })).to.deep.equal(["2023-09-03", "2023-09-10", 1, 0]);
  });

  it("that begins after the complete periods runs to the panel's end", () => {
    expect(rangeIn({ from: 3 })).to.deep.equal(["2023-09-24", "2023-09-24", 2, 1]);
  });
});

describe("movement at the end", () => {
  const market: SmallMarket = {
    sellers: {
      stays: { baseline: "g", candidate: "g" },
      up: { baseline: "s", candidate: "g" },
      down: { baseline: "s", candidate: "w" },
      deeper: { baseline: "w", candidate: "r" },
      freed: { baseline: "r", candidate: "s" },
      into: { baseline: "w", candidate: "u" },
      outOf: { baseline: "u", candidate: "w" },
      away: { baseline: "u", candidate: "u" },
    },
  };
  const { movement, newlyAdverse, released } = only(market);

  it("has baseline tiers as rows and candidate tiers as columns", () => {
    expect(movement.rows).to.deep.equal(["gold", "standard", "watch", "restricted", "unrated"]);
    expect(movement.matrix).to.deep.equal([
      [1, 0, 0, 0, 0],
      [1, 0, 1, 0, 0],
      [0, 0, 0, 1, 1],
      [0, 1, 0, 0, 0],
      [0, 0, 1, 0, 1],
    ]);
  });

  it("counts movers as up + down + into unrated + out of unrated", () => {
    expect(movement).to.include({ movers: 6, up: 2, down: 2, intoUnrated: 1, outOfUnrated: 1, inFrame: 8 });
  });

  it("counts newly adverse and released by each policy's own flag, unrated as not adverse", () => {
    expect({ newlyAdverse, released }).to.deep.equal({ newlyAdverse: 2, released: 2 });
  });
});

describe("the range", () => {
  it("keeps three figures apart: ever differed, entity-periods that differ, differ at the end", () => {
    const { range } = only({
      sellers: {
        once: { baseline: "ggggg", candidate: "gsggg" },
        late: { baseline: "sssss", candidate: "ssssw" },
        never: { baseline: "ggggg", candidate: "ggggg" },
        closed: { baseline: "ss", candidate: "sw" },
      },
    });
    expect(range).to.include({ entities: 4, entityPeriods: 17, everDiffered: 3, differingEntityPeriods: 3, differAtEnd: 1 });
    expect(range.shares?.differAtEnd).to.include({ value: 1 / 4 });
  });

  it("counts as hypothetical what comes after the first period that differs", () => {
    const { range } = only({ sellers: { a: { baseline: "ggggg", candidate: "gsggs" }, b: { baseline: "ggggg", candidate: "ggggs" } } });
    expect(range.afterFirstDivergence).to.equal(3);
  });

  it("looks only at the range", () => {
    const { range, movement } = only({ sellers: { a: { baseline: "ggggg", candidate: "sggws" } } }, { from: 1, to: 3 });
    expect(range).to.include({
      from: "2023-09-10",
      to: "2023-09-24",
      entityPeriods: 3,
      differingEntityPeriods: 1,
      afterFirstDivergence: 0,
    });
    expect(movement.at).to.equal("2023-09-24");
  });

  it("counts changes on the ladder and those undone within 8 weeks", () => {
    const quick = only({ sellers: { a: { baseline: "gsg", candidate: "gus" } } }).range;
    expect(quick.changes).to.deep.equal({ baseline: 2, candidate: 0 });
    expect(quick.whiplash).to.deep.equal({ periods: 8, baseline: 1, candidate: 0 });
    const slow = only({ sellers: { a: { baseline: `g${"s".repeat(8)}g`, candidate: `g${"s".repeat(9)}g`.slice(0, 10) } } }).range;
    expect(slow.changes.baseline).to.equal(2);
    expect(slow.whiplash.baseline).to.equal(1);
    const slower = only({ sellers: { a: { baseline: `g${"s".repeat(9)}g`, candidate: "ggggggggggg" } } }).range;
    expect(slower.whiplash.baseline).to.equal(0);
  });

  it("calls a change undone when the entity comes back beyond the former tier", () => {
    const { whiplash } = only({ sellers: { a: { baseline: "swg", candidate: "swr" } } }).range;
    expect([whiplash.baseline, whiplash.candidate]).to.deep.equal([1, 0]);
  });

  it("gives ever adverse and the entry rate as figures of their own", () => {
    const { range } = only({ sellers: { a: { baseline: "swsw", candidate: "ssss" }, b: { baseline: "wwss", candidate: "gggw" } } });
    expect(range.everAdverse).to.deep.equal({ baseline: 2, candidate: 1 });
    // What was held before the panel's first period is not known, so that nobody enters there; who comes later was not adverse before.
    expect(range.entries?.baseline).to.include({ entries: 2, evaluations: 3 });
    expect(range.entries?.candidate).to.include({ entries: 1, evaluations: 6 });
    const came = only({
      sellers: {
        a: { baseline: "swsw", candidate: "ssss", first: 1 },
        b: { baseline: "wwss", candidate: "gggw", first: 1 },
        c: { baseline: "u", candidate: "u" },
      },
    }).range;
    expect(came.entries?.baseline).to.include({ entries: 3, evaluations: 5 });
    expect(came.entries?.candidate).to.include({ entries: 1, evaluations: 8 });
  });
});

describe("GMV at stake", () => {
  const weeks = [1, 2, 4, 8, 16, 32];
  const { gmv } = only({
    sellers: {
      down: { baseline: "ssssss", candidate: "gssssw", gmv: weeks },
      up: { baseline: "ssssss", candidate: "sssssg", gmv: weeks.map((value) => value * 100) },
      unrated: { baseline: "ssssss", candidate: "wwwwwu", gmv: weeks.map((value) => value * 10_000) },
      entitled: { baseline: "uuuuuu", candidate: "uuuuug", gmv: weeks.map((value) => value * 1_000_000) },
      same: { baseline: "gggggg", candidate: "gggggg", gmv: weeks },
    },
  });

  it("sums the four whole weeks of entities whose consequences differ at the date", () => {
    expect(gmv).to.include({ at: "2023-10-08", windowFrom: "2023-09-11", currency: "EUR", total: 60 * 1_010_102, entities: 3 });
    expect(gmv?.atStake).to.include({ value: 60 * 1_000_101 });
    expect(gmv?.windowRule).to.equal("the 4 whole weeks inside the 28 days");
  });

  it("leaves out movers between tiers without different consequences: standard and unrated have none", () => {
    expect([gmv?.lower, gmv?.higher, gmv?.other].map((part) => (part?.kind === "estimate" ? part.value : undefined))).to.deep.equal([
      60, 6000, 60_000_000,
    ]);
  });

  it("says how much of it is the largest one's, and the ten largest's", () => {
    expect(gmv?.largest).to.deep.equal({ one: 60_000_000, ten: 60 * 1_000_101 });
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index): [string, SmallSeller] => [`s${index}`, { baseline: "s", candidate: "w", gmv: [index + 1] }]),
    );
    expect(only({ sellers: many }).gmv?.largest, "12, and 3 + .. + 12").to.deep.equal({ one: 12, ten: 75 });
    expect(only({ sellers: { same: { baseline: "s", candidate: "s", gmv: [9] } } }).gmv).not.to.have.property("largest");
  });

  it("gives no interval where too few contribute, and says so", () => {
    expect(gmv?.atStake).to.not.have.property("interval");
    expect(gmv?.atStake).to.have.property("assumptions").that.deep.equals(["no interval: 3 contributing entities: fewer than 10"]);
  });

  it("shows who holds the window's GMV under each policy", () => {
    expect(gmv?.byTier.find(({ tier }) => tier === "standard")).to.deep.equal({ tier: "standard", baseline: 60 * 10_101, candidate: 0 });
    expect(gmv?.byTier.reduce((sum, { candidate }) => sum + candidate, 0)).to.equal(gmv?.total);
  });

  it("takes the last whole month on a monthly panel, and says so", () => {
    const first = periodOf("month", lastDayOf("week", firstPeriod));
    const monthly = only({ grain: "month", first, sellers: { a: { baseline: "ss", candidate: "sw", gmv: [5, 9] } } });
    expect(monthly.gmv).to.include({ total: 9, windowFrom: "2023-10-01", windowRule: "the last whole month, in place of 28 days" });
  });

  it("counts a tier of the same name whose consequences changed as at stake, neither lower nor higher", () => {
    const [candidate] = compare({
      baseline: letterPolicy("baseline"),
      candidates: [letterPolicy("baseline", { version: "1.0.1", consequences: [{ traffic: 1.2 }, { fee: 0.01 }] })],
      panel: panelOf({ sellers: { a: { baseline: "s", candidate: "s", gmv: [70] } } }),
      seed: 1,
    }).candidates;
    expect(candidate?.movement.movers).to.equal(0);
    expect(candidate?.gmv?.other).to.include({ value: 70 });
  });
});

describe("segments", () => {
  const sellers = Object.fromEntries(
    Array.from({ length: 45 }, (_, index) => [
      `seller-${String(index).padStart(2, "0")}`,
      {
        baseline: "s",
        candidate: index < 4 ? "w" : "s",
        gmv: [index],
        orders: [index < 5 ? 29 : index < 25 ? 30 : 600],
        ...(index < 40 ? { state: index < 30 ? "SP" : "RJ" } : {}),
      },
    ]),
  );
  const { segments, movement } = only({ sellers });

  it("has a row a value, largest first, and one for those without the attribute", () => {
    expect(segments.filter(({ segment }) => segment === "state").map(({ value, entities }) => [value, entities])).to.deep.equal([
      ["SP", 30],
      ["RJ", 10],
      ["missing", 5],
    ]);
  });

  it("makes size bands from orders in the last 12 weeks", () => {
    expect(
      segments.filter(({ segment }) => segment === "size").map(({ value, entities, newlyAdverse }) => [value, entities, newlyAdverse]),
    ).to.deep.equal([
      ["0 to 29 orders", 5, 4],
      ["30 to 119 orders", 20, 0],
      ["120 to 599 orders", 0, 0],
      ["600 orders and more", 20, 0],
    ]);
  });

  it("sums to the whole frame within every segment", () => {
    for (const name of ["state", "size"]) {
      const rows = segments.filter(({ segment }) => segment === name);
      expect(rows.reduce((sum, row) => sum + row.movers, 0)).to.equal(movement.movers);
      expect(rows.reduce((sum, row) => sum + row.gmv, 0)).to.equal((44 * 45) / 2);
    }
  });

  it("gives no rate below the minimum cell", () => {
    const [, rj] = segments;
    expect(rj?.newlyAdverseRate).to.include({ kind: "undetermined", reason: "10 entities rated: fewer than the minimum cell of 20" });
  });
});

describe("affected entities", () => {
  it("lists newly adverse and released by GMV, then other movers", () => {
    const { affected } = only({
      sellers: {
        mover: { baseline: "s", candidate: "g", gmv: [900] },
        small: { baseline: "s", candidate: "w", gmv: [5], state: "SP" },
        large: { baseline: "r", candidate: "s", gmv: [50] },
        same: { baseline: "s", candidate: "s", gmv: [5000] },
      },
    });
    expect(affected.map(({ entity }) => entity)).to.deep.equal(["large", "small", "mover"]);
    expect(affected[1]).to.deep.equal({
      entity: "small",
      gmv: 5,
      baselineTier: "standard",
      candidateTier: "watch",
      baselineScore: 50,
      candidateScore: 75,
      label: "unlabelled",
      restore: "standard asks: Mark at most 2, not 3",
      attributes: { state: "SP" },
    });
  });
});

describe("amounts beyond exact numbers", () => {
  it("are refused with the limit's name, as no bug of ours and no rounded sum", () => {
    const huge = 2 ** 52;
    const sellers = Object.fromEntries(["a", "b", "c"].map((name) => [name, { baseline: "g", candidate: "s", gmv: [huge] }]));
    for (const chunkEntities of [1, 3])
      expect(() => compareMarket({ sellers, chunkEntities }))
        .to.throw(InputRefused)
        .with.property("diagnostics")
        .that.has.nested.property("[0].code", "limit-exceeded");
  });
});

describe("the released and the newly adverse", () => {
  it("are told from those whom only movement rules keep where they are", () => {
    const policy = letterPolicy("candidate");
    const [candidate] = compare({
      baseline: letterPolicy("baseline"),
      candidates: [{ ...policy, movement: { ...policy.movement, demote: { after: 3 }, promote: { after: 3 } } }],
      panel: panelOf({
        sellers: {
          spared: { baseline: "sssww", candidate: "sssww", gmv: [1, 1, 1, 1, 1] },
          free: { baseline: "swwww", candidate: "sssss", gmv: [2, 2, 2, 2, 2] },
          kept: { baseline: "wwwss", candidate: "wwwss", gmv: [3, 3, 3, 3, 3] },
          fallen: { baseline: "sssss", candidate: "swwww", gmv: [4, 4, 4, 4, 4] },
        },
      }),
      seed: 1,
    }).candidates;
    expect(candidate).to.include({ newlyAdverse: 2, released: 2 });
    expect(candidate?.waiting).to.deep.equal({ newlyAdverse: 1, released: 1 });
    expect(candidate?.affected.map(({ entity, merits }) => [entity, merits])).to.deep.equal([
      ["fallen", undefined],
      ["kept", undefined],
      ["free", undefined],
      ["spared", "watch"],
    ]);
  });
});
