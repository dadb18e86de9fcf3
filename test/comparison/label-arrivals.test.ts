/** Labels that come late: how late, how many are still to come, and the false-positive rate date by date. */
import { expect } from "chai";
import fc from "fast-check";
import { lastDayOf, present, randomStream } from "../../data/foundation/index.ts";
import { type CandidateComparison, compare } from "../../simulations/comparison/index.ts";
import { delayDistribution, delayQuantile, expectedInTheEnd } from "../../simulations/statistics/index.ts";
import { firstPeriod, label, letterPolicy, panelOf, type SmallMarket, source } from "./small-market.ts";

function compared(market: SmallMarket, swapped = false): CandidateComparison {
  const policies = [letterPolicy("baseline"), letterPolicy("candidate")] as const;
  const [baseline, candidate] = swapped ? [policies[1], policies[0]] : policies;
  const { candidates } = compare({ baseline, candidates: [candidate], panel: panelOf(market), seed: 1, replicates: 50 });
  return present(candidates[0], "a candidate");
}

/** Facts about `dates` days, `daily` a day, known after a delay drawn at random, seen by the day `pin`. */
function world(options: { seed: number; dates: number; daily: number; delay: (uniform: number) => number; pin: number }) {
  const stream = randomStream(options.seed, "delays");
  const [delays, windows] = [new Float64Array(options.pin + 1), new Float64Array(options.pin + 1)];
  const [known, whole] = [new Float64Array(options.dates), new Float64Array(options.dates)];
  for (let date = 0; date < options.dates; date++) {
    for (let fact = stream.poisson(options.daily); fact > 0; fact--) {
      const delay = options.delay(stream.uniform());
      whole[date] = (whole[date] as number) + 1;
      if (date + delay > options.pin) continue;
      known[date] = (known[date] as number) + 1;
      delays[delay] = (delays[delay] as number) + 1;
      windows[options.pin - date] = (windows[options.pin - date] as number) + 1;
    }
  }
  return { counts: { delays, windows }, known, whole };
}

describe("delays seen up to a pin", () => {
  it("are put right for those too long to be seen: a hand-worked case", () => {
    // Known after 0 days twice (windows 0 and 2), after 1 day once (window 2), after 2 days once (window 2).
    const found = delayDistribution({ delays: [2, 1, 1], windows: [1, 0, 3] });
    // At risk: of 2 days 3, of 1 day 2 (window 0 holds no delay of 1), of 0 days 2.
    expect([0, 1, 2].map(found.share)).to.deep.equal([(1 - 1 / 3) * (1 - 1 / 2), 1 - 1 / 3, 1]);
    expect(delayQuantile(found, 0.5)).to.equal(1);
    expect(found.longest).to.equal(2);
  });

  it("are the plain shares when every window holds every delay", () => {
    const counts = fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }).filter((values) => values.some((value) => value > 0));
    fc.assert(
      fc.property(counts, (delays) => {
        const n = delays.reduce((sum, value) => sum + value, 0);
        const windows = delays.map((_, day) => (day === delays.length - 1 ? n : 0));
        const found = delayDistribution({ delays, windows });
        let below = 0;
        for (const [day, value] of delays.entries()) {
          below += value;
          expect(found.share(day)).to.be.closeTo(below / n, 1e-12);
        }
      }),
    );
  });

  it("come out as drawn, although the naive mean of what is seen is too short", () => {
    const delay = (uniform: number): number => Math.min(60, Math.floor(-20 * Math.log(1 - uniform)));
    const { counts } = world({ seed: 3, dates: 121, daily: 60, delay, pin: 120 });
    const found = delayDistribution(counts);
    for (const day of [5, 10, 20, 40]) expect(found.share(day), `${day}`).to.be.closeTo(1 - Math.exp(-(day + 1) / 20), 0.015);
    const seen = counts.delays.reduce((sum, count, day) => (day <= 20 ? sum + count : sum), 0) / found.n;
    expect(seen - found.share(20)).to.be.above(0.02);
  });

  it("give intervals that hold what came in the end, and never less than is known", () => {
    const delay = (uniform: number): number => Math.floor(28 * uniform);
    let [covered, looked] = [0, 0];
    for (let seed = 0; seed < 400; seed++) {
      const { counts, known, whole } = world({ seed, dates: 70, daily: 15, delay, pin: 69 });
      const distribution = delayDistribution(counts);
      for (const days of [7, 14, 21]) {
        const date = 69 - days;
        const found = expectedInTheEnd({ known: known[date] as number, days, distribution, level: 0.95 });
        if (found.kind === "undetermined") continue;
        const { lower, upper } = present(found.interval, "interval");
        expect(lower).to.be.at.least(known[date] as number);
        looked++;
        if (lower <= (whole[date] as number) && (whole[date] as number) <= upper) covered++;
      }
    }
    // Monte Carlo error: 0.6 points.
    expect(covered / looked).to.be.within(0.93, 0.985);
  });

  it("give nothing where no fact was ever known so soon", () => {
    const distribution = delayDistribution({ delays: [0, 0, 5], windows: [0, 0, 5] });
    expect(expectedInTheEnd({ known: 0, days: 1, distribution, level: 0.95 })).to.have.property("kind", "undetermined");
    expect(expectedInTheEnd({ known: 0, days: 2, distribution, level: 0.95 })).to.deep.include({ value: 0 });
  });
});

/** Forty sellers whose labels about each week come 7 or 21 days later, by turns. */
function lateMarket(knownAt: number, chunkEntities?: number): SmallMarket {
  const names = Array.from({ length: 40 }, (_, index) => `s${String(index).padStart(2, "0")}`);
  return {
    sellers: Object.fromEntries(
      names.map((name, index) => [name, { baseline: "ssssss", candidate: index % 4 === 0 ? "wwwwww" : "ssssss" }]),
    ),
    sources: [source("audit", { kind: "state", role: "audit", horizonDays: 0, lagDays: 21 })],
    outcomes: names.flatMap((name, index) =>
      [0, 1, 2, 3, 4, 5].map((period) => label(name, "audit", period, index % 8 === 0 ? 1 : 0, index % 2 === 0 ? 7 : 21)),
    ),
    knownAt,
    ...(chunkEntities === undefined ? {} : { chunkEntities }),
  };
}

describe("labels still to come", () => {
  const pin = lastDayOf("week", firstPeriod + 5) + 8;
  const { audits } = compared(lateMarket(pin));
  const [audit] = audits?.arrivals ?? [];

  it("are counted by date: known by the pin, expected in the end, share complete", () => {
    expect(audit?.dates.map(({ days, both }) => [days, both.known])).to.deep.equal([
      [43, 40],
      [36, 40],
      [29, 40],
      [22, 40],
      [15, 20],
      [8, 20],
    ]);
    // Fine: 15 of 35 within 7 days; harmful: always within 7.
    expect(audit?.delays.map(({ says, labels, longestDays }) => [says, labels, longestDays])).to.deep.equal([
      ["fine", 4 * 35 + 2 * 15, 21],
      ["harmful", 30, 7],
    ]);
    const last = present(audit?.dates.at(-1), "last date");
    expect(last.fine.expected).to.have.property("value").that.is.closeTo(35, 1e-9);
    expect(last.harmful.expected).to.have.property("value").that.is.closeTo(5, 1e-9);
    expect(last.shareComplete).to.be.closeTo(0.5, 1e-9);
  });

  it("come as expected: what a pin foretells is what a later pin shows", () => {
    const later = compared(lateMarket(pin + 30)).audits?.arrivals[0]?.dates;
    for (const [index, date] of (audit?.dates ?? []).entries()) {
      const { expected } = date.both;
      expect(expected.kind === "estimate" ? expected.value : Number.NaN).to.be.closeTo(later?.[index]?.both.known ?? Number.NaN, 1e-9);
    }
  });

  it("are looked at up to the pin only: later labels change nothing", () => {
    const market = lateMarket(pin);
    const cut = (market.outcomes ?? []).filter(({ knownDay }) => knownDay <= pin);
    expect(compared({ ...market, outcomes: cut }).audits).to.deep.equal(audits);
  });

  it("are the same whatever the chunks", () => {
    expect(compared(lateMarket(pin, 3)).audits).to.deep.equal(audits);
  });
});

describe("the false-positive rate by date", () => {
  const pin = lastDayOf("week", firstPeriod + 5) + 8;

  it("is one row a date, with its maturity, and never pooled", () => {
    const series = present(
      compared(lateMarket(pin)).audits?.series.find(({ source: name }) => name === "audit"),
      "series",
    );
    expect(series).to.include({ dated: "audit", matureDays: 21 });
    expect(series.dates.map(({ isMature }) => isMature)).to.deep.equal([true, true, true, true, false, false]);
    expect(series.dates.map(({ fine, candidate }) => [candidate.adverseFine, fine])).to.deep.equal([
      [5, 35],
      [5, 35],
      [5, 35],
      [5, 35],
      [5, 15],
      [5, 15],
    ]);
    expect(series.dates[0]?.candidate).to.include({ adverse: 10 });
    expect(series.dates.at(-1)?.shareComplete).to.be.closeTo(0.5, 1e-9);
  });

  it("is that of the error table at the table's own date, with its change", () => {
    const found = compared(lateMarket(pin));
    for (const errors of found.errors) {
      const row = found.audits?.series.find(({ source: name }) => name === errors.source)?.dates.find(({ at }) => at === errors.at);
      const rate = errors.candidate.rates.find(({ name }) => name === "false-positive-rate");
      expect([row?.candidate.adverseFine, row?.fine]).to.deep.equal([rate?.numerator, rate?.denominator]);
      expect(row?.change).to.have.property("value", errors.falsePositiveChange.kind === "estimate" ? errors.falsePositiveChange.value : 0);
    }
  });

  it("leaves out who was really restricted within the horizon, as an error table does", () => {
    const market: SmallMarket = {
      sellers: {
        free: { baseline: "ssss", candidate: "wwww", assigned: "ssss" },
        held: { baseline: "ssss", candidate: "wwww", assigned: "sswr" },
      },
      sources: [source("bad")],
      outcomes: [label("free", "bad", 0, 0), label("held", "bad", 0, 0)],
      knownAt: lastDayOf("week", firstPeriod) + 21,
    };
    expect(compared(market).audits?.series[0]?.dates.map(({ fine }) => fine)).to.deep.equal([1]);
  });

  it("changes sign when the policies swap, and is 0 under the null reform", () => {
    const changes = (swapped: boolean): readonly number[] =>
      (compared(lateMarket(pin), swapped).audits?.series ?? []).flatMap(({ dates }) =>
        dates.map(({ change }) => (change.kind === "estimate" ? change.value : Number.NaN)),
      );
    expect(changes(true)).to.deep.equal(changes(false).map((value) => 0 - value));
    const same = lateMarket(pin);
    const sellers = Object.fromEntries(
      Object.entries(same.sellers).map(([name, seller]) => [name, { ...seller, baseline: seller.candidate }]),
    );
    const dates = compared({ ...same, sellers }).audits?.series[0]?.dates ?? [];
    expect(dates.every(({ change }) => change.kind === "estimate" && change.value === 0)).to.equal(true);
  });
});
