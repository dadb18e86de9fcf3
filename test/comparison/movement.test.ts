/** The course of entities: other dates, time in tiers, net movers, stays, steps and lines, counted by hand and by R. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { packagePath, present } from "../../data/foundation/index.ts";
import { type Course, compare } from "../../simulations/comparison/index.ts";
import { scoreLines } from "../../simulations/comparison/movement/boundary.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { letterPolicy, panelOf, type SmallMarket, type SmallSeller } from "./small-market.ts";

function courseOf(market: SmallMarket, isSwapped = false): Course {
  const policies = [letterPolicy("baseline"), letterPolicy("candidate")] as const;
  const [baseline, candidate] = isSwapped ? policies.toReversed() : policies;
  const comparison = compare({
    baseline: present(baseline, "baseline"),
    candidates: [present(candidate, "candidate")],
    panel: panelOf(market),
    seed: 1,
    replicates: 100,
  });
  return present(comparison.candidates[0]?.course, "a course");
}

const numberIn = (one: Estimated | undefined) => (one?.kind === "estimate" ? one.value : undefined);

describe("the course of entities, by hand", () => {
  const market: SmallMarket = {
    sellers: {
      // Adverse when it enters, for two weeks; again from the fifth to the end.
      a: { baseline: "wwgsrr", candidate: "gggggg" },
      // Adverse for one week, then gone.
      b: { baseline: "gw", candidate: "gs" },
      // Enters late.
      c: { baseline: "su", candidate: "su", first: 4 },
    },
    periods: 6,
  };
  const course = courseOf(market);

  it("keeps the matrix of every period, and their sum", () => {
    expect(course.dates.map(({ at, movers }) => [at, movers])).to.deep.equal([
      ["2023-09-03", 1],
      ["2023-09-10", 2],
      ["2023-09-17", 0],
      ["2023-09-24", 1],
      ["2023-10-01", 1],
      ["2023-10-08", 1],
    ]);
    expect(course.dates[1]).to.include({ up: 2, down: 0, newlyAdverse: 0, released: 2 });
    // Rows gold, standard, watch, restricted, unrated.
    expect(course.overRange).to.deep.equal([
      [2, 0, 0, 0, 0],
      [1, 1, 0, 0, 0],
      [2, 1, 0, 0, 0],
      [2, 0, 0, 0, 0],
      [0, 0, 0, 0, 1],
    ]);
  });

  it("counts the weeks in each tier, and all adverse ones together", () => {
    expect(course.tierTime.map(({ tier, baseline, candidate, change }) => [tier, baseline, candidate, numberIn(change)])).to.deep.equal([
      ["gold", 2, 7, 0.5],
      ["standard", 2, 2, 0],
      ["watch", 3, 0, -0.3],
      ["restricted", 2, 0, -0.2],
      ["unrated", 1, 1, 0],
      ["adverse tiers", 5, 0, -0.5],
    ]);
  });

  it("nets the movers, and what each tier gains and loses", () => {
    expect(course.net).to.include({ gross: 1, net: 1 });
    expect(course.net.byTier.map(({ tier, leave, enter, net }) => [tier, leave, enter, net])).to.deep.equal([
      ["gold", 0, 1, 1],
      ["standard", 0, 0, 0],
      ["watch", 0, 0, 0],
      ["restricted", 1, 0, -1],
      ["unrated", 0, 0, 0],
    ]);
    expect(course.tests.bowker.kind === "finding" ? course.tests.bowker.test?.name : "").to.equal("Bowker, exact sign flips");
  });

  it("follows each stay from entry to recovery, to the exit, or to the end of the range", () => {
    const later = Object.fromEntries(Object.entries(market.sellers).map(([name, one]) => [name, { ...one, first: (one.first ?? 0) + 1 }]));
    const { baseline, candidate } = courseOf({ sellers: later, periods: 7 }).recovery;
    expect(baseline).to.include({ stays: 3, entities: 2, recovered: 1, closed: 1, runningAtEnd: 1, runningAtStart: 0 });
    // One of three ends by closing at 1; of the two that are left, one recovers at 2 and the other is cut off there.
    expect(baseline.curve.map(({ atRisk, recovered, closed }) => [atRisk, recovered.toFixed(4), closed.toFixed(4)])).to.deep.equal([
      [3, "0.0000", "0.3333"],
      [2, "0.3333", "0.3333"],
    ]);
    expect(baseline.median).to.deep.equal({});
    expect(candidate.stays).to.equal(0);
  });

  it("leaves out stays of the panel's first period, because the history begins there and not the stay", () => {
    const { baseline } = course.recovery;
    expect(baseline).to.include({ stays: 2, entities: 2, recovered: 0, closed: 1, runningAtEnd: 1, runningAtStart: 1 });
  });

  it("leaves out stays that ran already where the range begins", () => {
    const late = compare({
      baseline: letterPolicy("baseline"),
      candidates: [letterPolicy("candidate")],
      panel: panelOf(market),
      from: 2801,
      seed: 1,
      replicates: 100,
    });
    expect(late.candidates[0]?.course?.recovery.baseline).to.include({ runningAtStart: 2, stays: 1, runningAtEnd: 1 });
  });

  it("steps from evaluation to evaluation, closed being where those go that leave", () => {
    const { baseline } = course.transitions;
    const steps = baseline.rows.flatMap(({ from, to }) => to.map((one) => `${from} ${one.to} ${one.steps}`));
    expect(steps).to.deep.equal([
      "gold standard 1",
      "gold watch 1",
      "standard restricted 1",
      "standard unrated 1",
      "watch gold 1",
      "watch watch 1",
      "watch closed 1",
      "restricted restricted 1",
    ]);
    expect(baseline.steps).to.equal(8);
    expect(baseline.rules).to.deep.equal([]);
  });
});

describe("the course of entities, by R", () => {
  const read = (name: string) =>
    readFileSync(packagePath("test", "comparison", "references", name), "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .slice(1)
      .map((line) => line.split(","));
  const sellers = Object.fromEntries(
    read("letters.csv").map(([entity = "", first, baseline = "", candidate = ""]): [string, SmallSeller] => [
      entity,
      { first: Number(first), baseline, candidate },
    ]),
  );
  const course = courseOf({ sellers, periods: 24, chunkEntities: 7 });
  const expected = read("movement.csv");

  for (const policy of ["baseline", "candidate"] as const) {
    const numbers = (figure: string) =>
      expected.filter((row) => row[0] === policy && row[1] === figure).map((row) => [row[2] ?? "", row[3] ?? ""]);
    const found = (figure: string): Map<string, number | undefined> => {
      const [recovery, steps] = [course.recovery[policy], course.transitions[policy]];
      const curve = (name: "recovered" | "closed") => new Map(recovery.curve.map((one) => [String(one.periods), one[name]]));
      const error = (one: Estimated | undefined, entities?: number) =>
        one?.kind === "estimate" && one.standardError !== undefined
          ? one.standardError * Math.sqrt(((entities ?? one.n) - 1) / (entities ?? one.n))
          : undefined;
      const cells = (of: (one: Estimated) => number | undefined) =>
        new Map(steps.rows.flatMap(({ from, to }) => to.map((one) => [`${from} ${one.to}`, of(one.probability)] as const)));
      const all: Record<string, Map<string, number | undefined>> = {
        stays: new Map(Object.entries({ all: recovery.stays, recovered: recovery.recovered, closed: recovery.closed })),
        recovered: curve("recovered"),
        closed: curve("closed"),
        error: new Map(recovery.within.map((one) => [String(one.periods), error(one.recovered)])),
        probability: cells(numberIn),
        "probability error": cells((one) => error(one)),
        "two steps": new Map(steps.rows.map((row) => [row.from, (row.twoStep?.observed ?? 0) - (row.twoStep?.predicted ?? 0)])),
        "two steps error": new Map(steps.rows.map((row) => [row.from, error(row.twoStep?.difference)])),
        mobility: new Map([["", numberIn(steps.mobility)]]),
        "mobility error": new Map([["", error(steps.mobility)]]),
        "stays in tier": new Map(steps.rows.map((row) => [row.from, row.stays])),
        median: new Map(steps.rows.map((row) => [row.from, row.observedMedian])),
      };
      return present(all[figure], figure);
    };
    for (const figure of new Set(expected.map((row) => row[1] ?? ""))) {
      it(`gives ${figure} of the ${policy}`, () => {
        const ours = found(figure);
        for (const [key = "", value = ""] of numbers(figure)) {
          if (!ours.has(key)) continue;
          if (value === "") expect(ours.get(key), key).to.equal(undefined);
          else expect(ours.get(key), key).to.be.closeTo(Number(value), figure.endsWith("error") ? 2e-7 : 1e-12);
        }
        expect(numbers(figure).some(([key = ""]) => ours.has(key))).to.equal(true);
      });
    }
  }
});

describe("laws of the course", () => {
  const letters = (length: number) => fc.string({ unit: fc.constantFrom("g", "s", "w", "r", "u"), minLength: length, maxLength: length });
  const seller = fc
    .tuple(fc.nat(5), fc.integer({ min: 1, max: 8 }))
    .chain(([first, length]) => fc.record({ baseline: letters(length), candidate: letters(length), first: fc.constant(first) }));
  const market = fc
    .array(seller, { minLength: 1, maxLength: 20 })
    .map((sellers): SmallMarket => ({ sellers: Object.fromEntries(sellers.map((one, index) => [`s${index}`, one])), periods: 13 }));

  it("swapped policies swap sides, transpose matrices and turn signs", () => {
    fc.assert(
      fc.property(market, (small) => {
        const [there, back] = [courseOf(small), courseOf(small, true)];
        expect(back.recovery.baseline).to.deep.equal(there.recovery.candidate);
        expect(back.transitions.candidate).to.deep.equal(there.transitions.baseline);
        expect(back.boundary.candidate).to.deep.equal(there.boundary.baseline);
        expect(back.overRange).to.deep.equal(there.overRange.map((_, column) => there.overRange.map((row) => row[column])));
        expect(back.net.net + there.net.net).to.equal(0);
        expect(back.tierTime.map(({ change }) => -(numberIn(change) ?? 0) + 0)).to.deep.equal(
          there.tierTime.map(({ change }) => (numberIn(change) ?? 0) + 0),
        );
      }),
      { numRuns: 15 },
    );
  });

  it("a policy against itself nets nothing and tests nothing", () => {
    fc.assert(
      fc.property(market, (small) => {
        const same = {
          ...small,
          sellers: Object.fromEntries(Object.entries(small.sellers).map(([key, one]) => [key, { ...one, candidate: one.baseline }])),
        };
        const course = courseOf(same);
        expect(course.net).to.include({ gross: 0, net: 0 });
        expect(course.tests.stuartMaxwell.kind).to.equal("undetermined");
        expect(course.tierTime.every(({ change }) => (numberIn(change) ?? 0) === 0)).to.equal(true);
        expect(course.recovery.change.every(({ recovered }) => (numberIn(recovered) ?? 0) === 0)).to.equal(true);
      }),
      { numRuns: 15 },
    );
  });

  it("parts sum: matrices to the range, steps to rows, stays to their ends", () => {
    fc.assert(
      fc.property(market, (small) => {
        const { dates, overRange, tierTime, recovery, transitions } = courseOf(small);
        const sum = (matrix: readonly (readonly number[])[]) => matrix.flat().reduce((total, count) => total + count, 0);
        expect(dates.reduce((total, { matrix }) => total + sum(matrix), 0)).to.equal(sum(overRange));
        for (const side of ["baseline", "candidate"] as const) {
          expect(tierTime.filter(({ isTotal }) => !isTotal).reduce((total, row) => total + row[side], 0)).to.equal(sum(overRange));
          const { stays, recovered, closed, runningAtEnd, curve } = recovery[side];
          expect(recovered + closed + runningAtEnd).to.equal(stays);
          for (const point of curve) expect(point.recovered + point.closed).to.be.at.most(1 + 1e-12);
          const { rows, steps } = transitions[side];
          expect(rows.reduce((total, row) => total + row.steps, 0)).to.equal(steps);
          for (const row of rows) expect(row.to.reduce((total, one) => total + one.steps, 0)).to.equal(row.steps);
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe("lines of the headline score", () => {
  const score = { kind: "reference", to: "score", name: "overall" } as const;
  const number = (value: number) => ({ kind: "number", value, unit: "number" }) as const;
  const policy = letterPolicy("baseline");

  it("come from tiers, caps and the conditions that they read, each number once", () => {
    const [gold, standard, ...rest] = policy.tiers;
    const tiers = [
      { ...present(gold, "gold"), when: { kind: "compare", operator: ">=", left: score, right: number(85) } as const },
      {
        ...present(standard, "standard"),
        when: {
          kind: "logic",
          operator: "and",
          left: { kind: "reference", to: "condition", name: "fair" },
          right: { kind: "compare", operator: ">", left: number(95), right: score },
        } as const,
      },
      ...rest,
    ];
    const fair = { name: "fair", title: "", expression: { kind: "compare", operator: ">", left: score, right: number(65) } as const };
    const lines = scoreLines({ ...policy, tiers, conditions: [fair] });
    expect(lines).to.deep.equal([
      { at: 65, isAbove: false },
      { at: 85, isAbove: true },
      { at: 95, isAbove: true },
    ]);
  });

  it("are near to nobody who is unrated, whatever the score", () => {
    const policy = letterPolicy("candidate");
    const [good, watch] = [present(policy.tiers[0], "gold"), present(policy.tiers[2], "watch")];
    const isMarked = {
      kind: "compare",
      operator: "<=",
      left: { kind: "reference", to: "metric", name: "mark" },
      right: number(4),
    } as const;
    const isHigh = { kind: "compare", operator: ">=", left: score, right: number(90) } as const;
    const tiers = [
      { ...good, when: { kind: "logic", operator: "and", left: isMarked, right: isHigh } as const },
      { ...watch, when: { kind: "compare", operator: "<", left: score, right: number(90) } as const },
    ];
    const [candidate] = compare({
      baseline: letterPolicy("baseline"),
      candidates: [{ ...policy, tiers }],
      panel: panelOf({
        sellers: {
          near: { baseline: "ss", candidate: "wr" },
          unrated: { baseline: "ss", candidate: "ru" },
          far: { baseline: "ss", candidate: "gs" },
        },
      }),
      seed: 1,
    }).candidates;
    expect(candidate?.course?.boundary.candidate, "75 to 100, and 25 to 50: 25 by the median; 100 of the unrated is as near").to.include({
      epsilon: 25,
      near: 1,
      scored: 2,
    });
  });

  it("a policy whose tiers do not read its score has no crowd there", () => {
    const { boundary } = courseOf({ sellers: { a: { baseline: "gs", candidate: "gs" } } });
    expect(boundary.baseline).to.include({ near: 0, rule: "no tier turns on the headline score alone" });
    expect(boundary.baseline.share.kind).to.equal("undetermined");
  });
});
