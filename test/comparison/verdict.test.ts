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
import { ratioToOverall } from "../../simulations/comparison/verdict/figures.ts";
import { quarterPoints } from "../../simulations/comparison/verdict/plan-stability.ts";
import { overall, readingOf } from "../../simulations/comparison/verdict/read-verdict.ts";
import { estimated, undetermined } from "../../simulations/statistics/index.ts";
import { firstPeriod, label, letterPolicy, panelOf, type SmallMarket, type SmallSeller, source } from "./small-market.ts";

const [baseline, candidate] = [letterPolicy("baseline"), letterPolicy("candidate")];

/** 200 sellers over 12 weeks: each fifth goes from gold to watch from its week on; each tenth leaves restricted at once. */
function market(parts: Partial<SmallMarket> = {}): SmallMarket {
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
      if ((index + period) % 3 === 0) continue;
      outcomes.push(label(name, "bad", period, index % 7 === 0 ? 1 : 0, 21 + 7 * (index % 4)));
      if (index % 2 === 0) outcomes.push(label(name, "short", period, index % 7 === 0 ? 1 : 0, 14));
    }
  }
  return { sellers, periods, outcomes, sources: [source("bad"), source("short", { horizonDays: 7 })], ...parts };
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
    const [table] = first(comparison).errors;
    expect(found["false-positive rate"]).to.equal(Number(((table?.candidate.rates[0]?.numerator ?? 0) / (table?.fine ?? 1)).toFixed(6)));
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
    for (const { at, knownAt, coverage } of labels) expect(coverage).to.deep.equal(tableAt(market(), { at, knownAt }).coverage);
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
    const back = compare({ baseline: candidate, candidates: [baseline], panel, seed: 3, replicates: 200 });
    const lines = ["adverse change at most 0 points", "false-positive change at most 0 points", "miss change at most 0 points"];
    const [there, here] = [verdictOf(comparison, panel, lines), verdictOf(back, panel, lines)];
    for (const [index, { found, elsewhere }] of there.criteria.entries()) {
      const other = here.criteria[index];
      if (found.kind !== "estimate" || other?.found.kind !== "estimate") throw new Error("no estimate");
      expect(other.found.value).to.equal(0 - found.value);
      expect(other.found.interval?.lower).to.equal(0 - (found.interval?.upper ?? 0));
      expect(other.elsewhere.map((one) => (one.found.kind === "estimate" ? 0 - one.found.value + 0 : undefined))).to.deep.equal(
        elsewhere.map((one) => (one.found.kind === "estimate" ? one.found.value : undefined)),
      );
    }
  });
});

describe("criteria on labels that are too thin for a single figure", () => {
  const known = (market().outcomes ?? []).filter(({ entity }) => Number(entity.slice(1)) % 4 === 0);
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
    expect(readingOf({ operator: "at most", bound: { kind: "share", value: 0.5 } }, criteria[0]?.found ?? headline)).to.equal("pass");
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
    const told = elsewhere.map(({ found, limits, reading }) => ({
      reading,
      byLimits: readingOf(half, estimated({ value: 0.5, ...limits, method: "limits", n: 9 })),
      amongLabelled: readingOf(half, found),
    }));
    for (const { reading, byLimits } of told) expect(reading).to.equal(byLimits);
    expect(told.some(({ byLimits, amongLabelled }) => byLimits !== amongLabelled)).to.equal(true);
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

describe("the rate of a part over the rate of the whole", () => {
  it("is 1 when both are alike, lies in its interval, and never passes whole over part", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (a, b, more, rest) => {
        const part = { successes: a, trials: a + more };
        const whole = { successes: a + b, trials: a + b + more + rest };
        const found = ratioToOverall(part, whole, 0.95);
        if (found.kind === "undetermined") {
          expect(a + b).to.equal(0);
          return;
        }
        const { lower = Number.NaN, upper = Number.NaN } = found.interval ?? {};
        expect(lower).to.be.at.most(found.value);
        expect(upper).to.be.at.least(found.value);
        expect(upper).to.be.at.most(whole.trials / part.trials + 1e-9);
      }),
      { numRuns: 40 },
    );
    expect(ratioToOverall({ successes: 5, trials: 50 }, { successes: 50, trials: 500 }, 0.95)).to.include({ value: 1 });
  });

  it("has an upper end at whole over part when nobody of the rest counts", () => {
    const found = ratioToOverall({ successes: 8, trials: 100 }, { successes: 8, trials: 400 }, 0.95);
    expect(found.kind === "estimate" && found.interval?.upper).to.equal(4);
    expect(found.kind === "estimate" && found.value).to.equal(4);
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
