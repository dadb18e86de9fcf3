/** The verdict: how criteria read, on markets worked by hand; where else they are read; and what never changes it. */
import { expect } from "chai";
import fc from "fast-check";
import type { Panel } from "../../data/panel/index.ts";
import {
  type CandidateComparison,
  type Comparison,
  compare,
  readCriteriaLines,
  readVerdict,
  resolveCriteria,
  type Verdict,
} from "../../simulations/comparison/index.ts";
import { headlinesOf } from "../../simulations/comparison/verdict/label-figures.ts";
import { quarterPoints } from "../../simulations/comparison/verdict/plan-stability.ts";
import { overall, readingOf } from "../../simulations/comparison/verdict/read-verdict.ts";
import { estimated, undetermined } from "../../simulations/statistics/index.ts";
import { audit, behaviour, compareLabelled, marketOf } from "./labelled-market.ts";
import { firstPeriod, label, letterPolicy, panelOf, type SmallMarket, type SmallSeller, source } from "./small-market.ts";

const [baseline, candidate] = [letterPolicy("baseline"), letterPolicy("candidate")];

/** 200 sellers over 12 weeks: each fifth goes from gold to watch from its week on; each tenth leaves restricted at once. */
function market(parts: Partial<SmallMarket> = {}, isUnlabelled = (code: number) => code % 9 === 0): SmallMarket {
  const periods = 12;
  const sellers: Record<string, SmallSeller> = {};
  const outcomes = [];
  for (let index = 0; index < 200; index++) {
    const turn = index % periods;
    const before = index % 10 === 1 ? "r".repeat(periods) : "g".repeat(periods);
    const after =
      index % 5 === 0 ? "g".repeat(turn) + "w".repeat(periods - turn) : index % 10 === 1 ? "s".repeat(periods) : "g".repeat(periods);
    const name = `s${String(index).padStart(3, "0")}`;
    sellers[name] = {
      baseline: before,
      candidate: after,
      state: index < 100 ? "SP" : "RJ",
      gmv: Array.from({ length: periods }, () => 100 + index),
      orders: Array.from({ length: periods }, () => (index < 40 ? 20 : 1)),
    };
    for (let period = 0; period < periods - 3; period++) {
      if (isUnlabelled(index + period)) continue;
      outcomes.push(label(name, "bad", period, index % 7 === 0 ? 1 : 0, 21 + 7 * (index % 4)));
      if (index % 2 === 0) outcomes.push(label(name, "short", period, index % 7 === 0 ? 1 : 0, 14));
    }
  }
  return { sellers, periods, outcomes, sources: [source("bad"), source("short", { horizonDays: 7 })], ...parts };
}

/** The same, half of the sellers audited at random every week. */
function audited(parts: Partial<SmallMarket> = {}): SmallMarket {
  const { outcomes = [], sources = [] } = market();
  const audits = Array.from({ length: 200 * 12 }, (_, code) => ({ index: code % 200, period: Math.floor(code / 200) }))
    .filter(({ index, period }) => (Math.floor(index / 10) + period + index) % 2 === 0)
    .map(({ index, period }) => ({
      ...label(`s${String(index).padStart(3, "0")}`, "audit", period, index % 7 === 0 ? 1 : 0),
      probability: 0.5,
    }));
  return market({ outcomes: [...outcomes, ...audits], sources: [...sources, audit], ...parts });
}

function run(panel: Panel, options: { readonly to?: number; readonly null?: boolean } = {}): Comparison {
  return compare({
    baseline,
    candidates: [options.null === true ? baseline : candidate],
    panel,
    seed: 3,
    replicates: 200,
    ...(options.to === undefined ? {} : { to: options.to }),
  });
}

function first(comparison: Comparison): CandidateComparison {
  const [one] = comparison.candidates;
  if (one === undefined) throw new Error("no candidate");
  return one;
}

function verdictOf(comparison: Comparison, panel: Panel, lines: readonly string[]): Verdict {
  const { criteria, diagnostics } = readCriteriaLines(lines, "test");
  const resolved = resolveCriteria(criteria, panel.schema);
  expect([...diagnostics, ...resolved.diagnostics]).to.deep.equal([]);
  return readVerdict({ comparison, candidate: first(comparison) }, resolved.criteria);
}

const panel = panelOf(market());
const comparison = run(panel);

/** The error table of a comparison that ends at a date, with the labels known by a day. */
function tableAt(
  of: SmallMarket,
  { at, knownAt }: { readonly at: string; readonly knownAt: string },
): CandidateComparison["errors"][number] {
  const day = (text: string) => Math.round(Date.parse(text) / 86_400_000);
  const to = firstPeriod + 11 - (day(first(comparison).movement.at) - day(at)) / 7;
  const own = panelOf({ ...of, knownAt: day(knownAt) });
  const [table] = first(compare({ baseline, candidates: [candidate], panel: own, to, seed: 3, replicates: 10, studies: false })).errors;
  if (table?.at !== at) throw new Error(`no table at ${at} known at ${knownAt}: ${table?.at}`);
  return table;
}

const everything = [
  "movers at most 40 %",
  "promotions at most 20 %",
  "demotions at most 40 %",
  "newly adverse at most 40 %",
  "newly adverse of SP at most 40 %",
  "newly adverse of RJ sellers at most 1.2 x overall",
  "released at least 1 %",
  "adverse change at most 20 points",
  "unrated at most 5 %",
  "gmv at stake at most 60 %",
  "ever differed at most 50 %",
  "false-positive change at most 30 points",
  "false-positive rate at most 40 %",
  "miss change at most 5 points",
  "miss rate at most 99 %",
  "false share at most 99 %",
  "worst segment ratio at most 3 x",
  "tier changes at most 2 x baseline",
  "whiplash at most 2 x baseline",
];

describe("a verdict", () => {
  it("passes when the whole interval keeps the bound, fails when all of it breaks it, and is undetermined between", () => {
    const atMost = { operator: "at most", bound: { kind: "share", value: 0.03 } } as const;
    const atLeast = { ...atMost, operator: "at least" } as const;
    const between = (lower: number, upper: number) => estimated({ value: (lower + upper) / 2, lower, upper, method: "test", n: 9 });
    const exact = (value: number) => estimated({ value, method: "count", n: 9 });
    const none = undetermined("no labels", "labels");
    const rows = [
      [between(0.01, 0.03), "pass", "undetermined"],
      [between(0.02, 0.04), "undetermined", "undetermined"],
      [between(0.03, 0.04), "undetermined", "pass"],
      [between(0.031, 0.04), "fail", "pass"],
      [between(0.01, 0.02), "pass", "fail"],
      [exact(0.03), "pass", "pass"],
      [exact(0.0301), "fail", "pass"],
      [none, "undetermined", "undetermined"],
    ] as const;
    for (const [found, most, least] of rows) expect([readingOf(atMost, found), readingOf(atLeast, found)]).to.deep.equal([most, least]);
  });

  it("fails when any criterion fails, else is undetermined when any is, else passes", () => {
    expect(overall(["pass", "undetermined", "fail"])).to.equal("fail");
    expect(overall(["pass", "undetermined"])).to.equal("undetermined");
    expect(overall(["pass", "pass"])).to.equal("pass");
  });

  it("counts what a hand counts", () => {
    // 40 go gold -> watch by the last week (turns 0 to 11 are all past), 20 leave restricted.
    const values = verdictOf(comparison, panel, everything).criteria.map(({ words, found }) => [
      words.replace(/ at (most|least).*/, ""),
      found.kind === "estimate" ? Number(found.value.toFixed(6)) : found.reason,
    ]);
    const found = Object.fromEntries(values) as Record<string, unknown>;
    expect(found).to.include({
      movers: 0.3,
      promotions: 0.1,
      demotions: 0.2,
      "newly adverse": 0.2,
      "newly adverse of SP": 0.2,
      "newly adverse of RJ sellers": 1,
      released: 0.1,
      "adverse change": 0.1,
      unrated: 0,
      "ever differed": 0.3,
    });
    // Everybody changed at most once, and the baseline never.
    expect(found["tier changes"]).to.match(/nothing to compare/);
  });

  it("reads the same figures at other dates as a comparison that ends there", () => {
    const { dates = [] } = first(comparison).stability ?? {};
    expect(dates.length).to.equal(3);
    for (const date of dates) {
      const to = firstPeriod + 11 - Math.round((Date.parse(first(comparison).movement.at) - Date.parse(date.at)) / 604_800_000);
      const there = first(run(panel, { to }));
      expect(there.movement.at).to.equal(date.at);
      const { movers, up, down, inFrame } = there.movement;
      expect(date).to.include({ movers, up, down, inFrame, newlyAdverse: there.newlyAdverse, released: there.released });
    }
  });

  it("reads the same labels at another date, and with an earlier pin, as a comparison that was made so", () => {
    const { labels = [] } = first(comparison).stability ?? {};
    expect(new Set(labels.map(({ along }) => along))).to.deep.equal(new Set(["date", "maturity"]));
    for (const { at, knownAt, coverage, headlines } of labels) {
      const table = tableAt(market(), { at, knownAt });
      expect(coverage).to.deep.equal(table.coverage);
      if (table.estimates === undefined) throw new Error("no estimates");
      expect(headlines).to.deep.equal(headlinesOf(table.estimates));
    }
  });

  it("is read elsewhere wherever the figure is kept, and says why where it is not", () => {
    for (const { words, elsewhere, nowhereElse } of verdictOf(comparison, panel, everything).criteria)
      expect(elsewhere.length > 0, words).to.equal(nowhereElse === undefined);
    const [change] = verdictOf(comparison, panel, ["false-positive change at most 30 points"]).criteria;
    expect(new Set(change?.elsewhere.map(({ along }) => along))).to.deep.equal(new Set(["date", "maturity", "horizon"]));
    expect(change?.limits?.reading).to.be.oneOf(["pass", "undetermined"]);
  });

  it("of a policy against itself keeps every bound of 0 on shares and changes", () => {
    const same = run(panel, { null: true });
    const lines = [
      "movers at most 0 %",
      "promotions at most 0 %",
      "demotions of SP at most 0 %",
      "newly adverse at most 0 %",
      "adverse change at most 0 points",
      "false-positive change at most 0 points",
      "miss change at least 0 points",
      "ever differed at most 0 %",
    ];
    const verdict = verdictOf(same, panel, lines);
    const failed = verdict.criteria.filter(({ reading }) => reading !== "pass").map(({ words, reason }) => [words, reason]);
    expect(failed).to.deep.equal([]);
    expect(verdict.elsewhere.same).to.equal(verdict.elsewhere.readings);
  });

  it("does not change with chunks, and survives JSON", () => {
    const verdict = verdictOf(comparison, panel, everything);
    const cut = panelOf(market({ chunkEntities: 7 }));
    expect(verdictOf(run(cut), cut, everything)).to.deep.equal(verdict);
    expect(JSON.parse(JSON.stringify(verdict))).to.deep.equal(verdict);
  });

  it("swapped, flips what is signed", () => {
    const own = panelOf(audited());
    const back = compare({ baseline: candidate, candidates: [baseline], panel: own, seed: 3, replicates: 200 });
    const lines = ["adverse change at most 0 points", "false-positive change at most 0 points", "miss change at most 0 points"];
    const [there, here] = [verdictOf(run(own), own, lines), verdictOf(back, own, lines)];
    for (const [index, { found, elsewhere }] of there.criteria.entries()) {
      const other = here.criteria[index];
      if (found.kind !== "estimate" || other?.found.kind !== "estimate") throw new Error("no estimate");
      // Shares of counts flip to the last digit; sums that estimators weigh, as near as another order of adding lets them.
      const isNear = (one: number, two: number) => (index === 0 ? expect(one).to.equal(two) : expect(one).to.be.closeTo(two, 1e-12));
      isNear(other.found.value, 0 - found.value);
      isNear(other.found.interval?.lower ?? Number.NaN, 0 - (found.interval?.upper ?? Number.NaN));
      const valuesOf = (readings: typeof elsewhere) => readings.map((one) => (one.found.kind === "estimate" ? one.found.value : undefined));
      const [mine, others] = [valuesOf(elsewhere), valuesOf(other.elsewhere)];
      expect(mine.filter((value) => value !== undefined).length).to.be.greaterThan(2);
      for (const [at, value] of mine.entries())
        if (value === undefined) expect(others[at]).to.equal(undefined);
        else isNear(others[at] ?? Number.NaN, 0 - value);
    }
  });
});

describe("criteria on labels that are too thin for a single figure", () => {
  const known = (market({}, (code) => code % 3 === 0).outcomes ?? []).filter(({ entity }) => Number(entity.slice(1)) % 4 === 0);
  const thin = market({ outcomes: known });
  const own = panelOf(thin);
  const compared = run(own);
  const { criteria } = verdictOf(compared, own, [
    "false-positive rate at most 50 %",
    "false-positive rate at most 99 %",
    "false-positive rate at least 99.5 %",
  ]);

  it("are read by the limits alone, with the reason that the report gives", () => {
    const headline = first(compared).errors[0]?.estimates?.rates.find(
      ({ name, side }) => name === "false-positive-rate" && side === "candidate",
    )?.headline.estimate;
    if (headline?.kind !== "undetermined") throw new Error("a single figure");
    expect(criteria.map(({ reading, limits }) => [reading, limits?.reading])).to.deep.equal([
      ["undetermined", "undetermined"],
      ["pass", "pass"],
      ["fail", "fail"],
    ]);
    expect(criteria.map(({ reason }) => reason)).to.deep.equal([headline.reason, undefined, undefined]);
    for (const { found } of criteria) expect(found).to.deep.equal(headline);
    const amongLabelled = first(compared).errors[0]?.candidate.rates[0]?.estimate ?? headline;
    expect(readingOf({ operator: "at most", bound: { kind: "share", value: 0.5 } }, amongLabelled)).to.equal("pass");
  });

  it("are read by the limits elsewhere too, as a comparison made there reads them", () => {
    const elsewhere = criteria[0]?.elsewhere ?? [];
    expect(new Set(elsewhere.map(({ along }) => along))).to.deep.equal(new Set(["date", "maturity", "horizon"]));
    for (const { along, at, knownAt = at, refusal, limits } of elsewhere) {
      const table = along === "horizon" ? first(compared).errors[1] : tableAt(thin, { at, knownAt });
      const rate = table?.estimates?.rates.find(({ name, side }) => name === "false-positive-rate" && side === "candidate");
      const { headline, bounds } = rate ?? {};
      if (headline?.estimate.kind !== "undetermined" || bounds?.lower.kind !== "estimate" || bounds.upper.kind !== "estimate")
        throw new Error("a single figure");
      expect([refusal, limits]).to.deep.equal([headline.estimate.reason, { lower: bounds.lower.value, upper: bounds.upper.value }]);
    }
    const half = { operator: "at most", bound: { kind: "share", value: 0.5 } } as const;
    for (const { found, limits, reading } of elsewhere) {
      expect(found.kind).to.equal("undetermined");
      expect(reading).to.equal(readingOf(half, estimated({ value: 0.5, ...limits, method: "limits", n: 9 })));
    }
  });
});

describe("criteria where random audits carry the error rates", () => {
  it("read the figure that the error rates lead with, worked by hand, and say by what", () => {
    const own = marketOf(
      [
        { tiers: "ww", count: 20, auditFine: 2, auditHarmful: 2, probability: 0.2 },
        { tiers: "sw", count: 30, auditFine: 3, auditHarmful: 0, probability: 0.1 },
        { tiers: "ss", count: 150, auditFine: 14, auditHarmful: 1, probability: 0.1, fine: 60, harmful: 5 },
      ],
      [behaviour, audit],
    );
    const lines = ["false-positive rate at most 15 %", "false-positive change at most 10 points"];
    const { criteria } = verdictOf(compareLabelled(own), panelOf(own), lines);
    // Fine by audits: adverse 2 / 0.2 and 3 / 0.1; of the others 14 of 15 of the 85 without another label, and as of everyone, 9 of 10, of the 65 with one.
    const fine = 40 + (85 * 14) / 15 + 65 * 0.9;
    const values = [40 / fine, 30 / fine];
    for (const [index, { found, by, definition }] of criteria.entries()) {
      expect(found.kind === "estimate" && found.value).to.be.closeTo(values[index] ?? Number.NaN, 1e-12);
      expect(by).to.include({ name: "two-phase", isDesignBased: true });
      expect(definition).to.match(/, as the error rates lead with it; by audits and all labels, design-based: audit probabilities known/);
    }
    expect(criteria[0]?.reading).to.equal("undetermined");
    // Among the labelled it is 5 of 79: the first would have passed.
    const labelled = first(compareLabelled(own)).errors[0]?.candidate.rates[0];
    expect([labelled?.numerator, labelled?.denominator]).to.deep.equal([5, 79]);
    const bound = { operator: "at most", bound: { kind: "share", value: 0.15 } } as const;
    expect(labelled && readingOf(bound, labelled.estimate)).to.equal("pass");
  });

  it("read audits at other dates, horizons and days too, as a comparison made there does", () => {
    const own = panelOf(audited({ chunkEntities: 60 }));
    const compared = run(own);
    const { labels = [] } = first(compared).stability ?? {};
    const { criteria } = verdictOf(compared, own, ["false-positive rate at most 50 %"]);
    expect(criteria[0]?.by?.name).to.equal("two-phase");
    for (const { at, knownAt, headlines } of labels) {
      const table = tableAt(audited(), { at, knownAt });
      if (table.estimates === undefined) throw new Error("no estimates");
      expect(headlines).to.deep.equal(headlinesOf(table.estimates));
    }
    const elsewhere = criteria[0]?.elsewhere ?? [];
    const spots = elsewhere.filter(({ along }) => along !== "horizon");
    expect(spots.map(({ found }) => found)).to.deep.equal(labels.map(({ headlines }) => headlines?.["false-positive rate"].estimate));
    const horizons = elsewhere.filter(({ along }) => along === "horizon").map(({ source, by }) => [source, by?.name]);
    expect(horizons).to.deep.include.members([["audit", "two-phase"]]);
  });
});

describe("criteria of segments where many are unrated", () => {
  // SP: 100 sellers, of whom 25 are rated and 10 turn adverse. RJ: 100 sellers, all rated, 30 turn adverse.
  const sellers = Object.fromEntries(
    Array.from({ length: 200 }, (_, index): [string, SmallSeller] => {
      const isSp = index < 100;
      const [isRated, turns] = [!isSp || index < 25, index < 10 || (index >= 100 && index < 130)];
      return [
        `s${String(index).padStart(3, "0")}`,
        { baseline: isRated ? "s" : "u", candidate: isRated ? (turns ? "w" : "s") : "u", state: isSp ? "SP" : "RJ", orders: [1] },
      ];
    }),
  );
  const own = panelOf({ sellers });
  const compared = run(own);
  const { criteria } = verdictOf(compared, own, [
    "newly adverse of SP at most 20 %",
    "newly adverse of SP at most 1.2 x overall",
    "worst segment ratio at most 1.5 x",
  ]);
  const [share, multiple, worst] = criteria.map(({ found }) => (found.kind === "estimate" ? found.value : found.reason));

  it("have shares over the frame, and say so", () => {
    expect(share).to.equal(0.1);
    expect(criteria[0]?.definition).to.equal(
      "entities that hold an adverse tier and do not under the baseline, over all in the frame at the end of the range; of those with state SP, rated or not",
    );
  });

  it("set groups against each other among the rated, as Fairness does, and say so", () => {
    expect(multiple).to.be.closeTo(10 / 25 / (40 / 125), 1e-12);
    const states = first(compared).fairness?.segmentations.find(({ segment }) => segment === "state")?.groups;
    const ratio = states?.find(({ value }) => value === "SP")?.againstRest["newly-adverse"]?.ratioToAll;
    expect(ratio?.kind === "estimate" && ratio.value).to.be.closeTo(Number(multiple), 1e-12);
    const found = criteria[1]?.found;
    expect(found?.kind === "estimate" && found.interval?.lower).to.be.closeTo(
      ratio?.kind === "estimate" ? (ratio.interval?.lower ?? 0) : 0,
      1e-9,
    );
    expect(worst).to.equal(multiple);
    expect(criteria[1]?.definition).to.equal(
      "entities that hold an adverse tier and do not under the baseline: their share of those with state SP, over their share of everyone, both out of those rated under either version at the end of the range",
    );
  });
});

describe("quarter points", () => {
  it("are at most four, in order, and end with the last", () => {
    fc.assert(
      fc.property(fc.nat(60), (length) => {
        const points = quarterPoints(Array.from({ length }, (_, index) => index));
        expect(points.length).to.equal(Math.min(length, 4));
        expect([...points].sort((a, b) => a - b)).to.deep.equal(points);
        expect(points.at(-1)).to.equal(length === 0 ? undefined : length - 1);
      }),
    );
  });
});
