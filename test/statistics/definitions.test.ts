/** Parts of the statistics beside their definitions: sums written out, closed forms, and the edges at which a rule begins. */
import { expect } from "chai";
import { present, randomStream } from "../../data/foundation/index.ts";
import { shuffleGroups, swapLabels } from "../../simulations/statistics/distances/shuffled-counts.ts";
import { binomial, hypergeometric, student } from "../../simulations/statistics/distributions/index.ts";
import {
  compareQuantiles,
  empiricalProcessBound,
  groupSequentialBoundaries,
  groupSequentialPower,
  normalQuantile,
  normalSurvival,
  sequenceWidth,
  summariseQuantile,
} from "../../simulations/statistics/index.ts";
import { arrangementsOf } from "../../simulations/statistics/panel-designs/switchback-arrangements.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { findingOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

function answerOf(name: string, change: object) {
  const { input, example, compute } = present(findStatistic(name), name);
  return findingOf(compute(input.parse({ ...(example as object), ...change })));
}

function refusal(name: string, change: object): string {
  const { input, example, compute } = present(findStatistic(name), name);
  const found = compute(input.parse({ ...(example as object), ...change }));
  return found.kind === "undetermined" ? found.reason : "";
}

describe("shuffled labels, by their law", () => {
  const draws = 20_000;
  const expectLaw = (counts: ReadonlyMap<number, number>, mass: (k: number) => number): void => {
    for (let k = 0; k <= 60; k++) {
      const error = 5 * Math.sqrt(mass(k) / draws) + 2 / draws;
      expect((counts.get(k) ?? 0) / draws, `a count of ${k}`).to.be.closeTo(mass(k), error);
    }
  };
  const drawn = (next: () => number): ReadonlyMap<number, number> => {
    const counts = new Map<number, number>();
    for (let draw = 0; draw < draws; draw++) {
      const k = next();
      counts.set(k, (counts.get(k) ?? 0) + 1);
    }
    return counts;
  };

  it("groups are dealt anew by the hypergeometric law, few units and many", () => {
    for (const [control, treatment] of [
      [Float64Array.of(12, 30, 25), Float64Array.of(28, 30, 5)],
      [Float64Array.of(3, 9), Float64Array.of(7, 2)],
    ] as const) {
      const shuffle = shuffleGroups({ points: Float64Array.from(control, (_, i) => i), control, treatment });
      const stream = randomStream(5, "law");
      const [n, m] = [control, treatment].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number];
      const marked = (control[0] as number) + (treatment[0] as number);
      const law = hypergeometric({ population: n + m, marked, draws: n });
      expectLaw(
        drawn(() => shuffle(stream).control[0] as number),
        law.mass,
      );
    }
  });

  it("labels are swapped within entities by fair coins, few and many", () => {
    for (const count of [8, 50]) {
      const pairs = [
        { control: 0, treatment: 1, count },
        { control: 1, treatment: 1, count: 5 },
      ];
      const counted = {
        points: Float64Array.of(0, 1),
        control: Float64Array.of(count, 5),
        treatment: Float64Array.of(0, count + 5),
        pairs,
      };
      const shuffle = swapLabels(counted);
      const stream = randomStream(6, "law");
      expectLaw(
        drawn(() => shuffle(stream).control[0] as number),
        binomial(count, 0.5).mass,
      );
    }
  });
});

describe("distributions at their edges", () => {
  it("Student's tails go on as powers where squares leave the doubles, and quantiles with them", () => {
    for (const t of [1e141, 1e200, 1e300]) {
      near(student(1).survival(t), 1 / Math.PI / t, 1e-12);
      near(student(1).cdf(-t), 1 / Math.PI / t, 1e-12);
    }
    near(student(2).survival(1e142), 0.5e-284, 1e-12);
    for (const p of [1e-100, 1e-200, 1e-290]) {
      near(student(1).upperQuantile(p), 1 / Math.PI / p, 1e-12);
      near(student(2).upperQuantile(p), Math.sqrt(1 / (2 * p)), 1e-12);
      for (const degrees of [1, 1.5, 3, 40]) near(student(degrees).survival(student(degrees).upperQuantile(p)), p, 1e-10);
    }
    expect(student(3).upperQuantile(0)).to.equal(Number.POSITIVE_INFINITY);
  });

  it("draws of none and of all are certain, and a quantile is the first count that reaches its probability", () => {
    for (const draws of [0, 10]) {
      const certain = hypergeometric({ population: 10, marked: 4, draws });
      expect([0, 1, 2, 3, 4].map(certain.mass)).to.deep.equal([0, 1, 2, 3, 4].map((k) => Number(k === (draws === 0 ? 0 : 4))));
    }
    const coins = binomial(2, 0.5);
    expect([0, 0.25, 0.26, 0.75, 0.76, 1].map(coins.quantile)).to.deep.equal([0, 0, 1, 1, 2, 2]);
    expect([0, 0.24, 0.25, 0.26, 0.75, 1].map(coins.upperQuantile)).to.deep.equal([2, 2, 1, 1, 0, 0]);
  });
});

describe("figures beside an estimate, by their definitions", () => {
  it("the next segment's interval holds the spread between segments and the error of their mean", () => {
    // With equal errors DerSimonian and Laird's spread is the variance of the estimates less that of one.
    const estimates = [1, 5, 9, 2, 13, 6];
    const segments = estimates.map((estimate, i) => ({ name: `s${i}`, estimate, standardError: 2 }));
    const { details } = answerOf("partial-pooling", { segments, method: "dersimonian-laird", level: 0.9 });
    const variance = estimates.reduce((sum, value) => sum + (value - 6) ** 2, 0) / 5;
    const reach = -normalQuantile(0.05) * Math.sqrt(variance - 4 + variance / 6);
    near(details?.["spread"] as number, Math.sqrt(variance - 4), 1e-12);
    near(details?.["nextSegmentLower"] as number, 6 - reach, 1e-12, 1);
    near(details?.["nextSegmentUpper"] as number, 6 + reach, 1e-12);
  });

  it("a design expects the information at which it stops, look by look, at no, half and all of the effect", () => {
    for (const [sides, form] of [
      [1, { kind: "pocock" }],
      [2, { kind: "obrien-fleming" }],
    ] as const) {
      const information = [10, 25, 40];
      const { estimate, details = {} } = answerOf("group-sequential-design", { information, sides, form, power: 0.9 });
      const boundaries = groupSequentialBoundaries({ information, sides, form, alpha: 0.05 });
      const drift = details["drift"] as number;
      for (const [name, at] of Object.entries({ WithoutEffect: 0, AtHalfTheEffect: drift / 2, AtPlannedEffect: drift })) {
        const { upperByLook, lowerByLook } = groupSequentialPower(boundaries, at);
        const stops = upperByLook.map((up, look) => up + (lowerByLook[look] as number));
        const early = stops.slice(0, -1);
        const share = early.reduce((sum, part, look) => sum + part * ((information[look] as number) / 40), 0);
        const last = 1 - early.reduce((sum, part) => sum + part, 0);
        near(details[`expectedInformation${name}`] as number, estimate.value * (share + last), 1e-12);
      }
      const looks = details["looks"] as readonly { boundary: number; nominalPValue: number; informationShare: number }[];
      expect(looks.map(({ informationShare }) => informationShare)).to.deep.equal([0.25, 0.625, 1]);
      for (const { boundary, nominalPValue } of looks) near(nominalPValue, sides * normalSurvival(boundary), 1e-13);
    }
  });

  it("asymptotic sequences of a higher level hold those of a lower one, however far from the units that they are tuned for", () => {
    const widths = (n: number, alternative: "two-sided" | "greater") =>
      [0.05, 0.5, 0.6, 0.75, 0.8, 0.95, 0.999].map((level) => sequenceWidth(n, { tunedFor: 1000, level, alternative }));
    for (const n of [1, 100, 1000, 10_000, 1e7]) {
      for (const alternative of ["two-sided", "greater"] as const) {
        const own = widths(n, alternative);
        expect(own, `${alternative} after ${n}`).to.deep.equal([...own].sort((a, b) => a - b));
      }
    }
  });

  it("the residual deviation of a regression is that within the arms, where nothing but the arm explains", () => {
    const outcome = [3, 5, 9, 2, 8, 14, 11, 6];
    const treatment = [0, 0, 0, 0, 1, 1, 1, 1];
    const asked = { outcome, regressors: { treatment }, coefficient: "treatment", clusters: undefined, standardErrors: "classical" };
    const { estimate, details } = answerOf("ols-regression", asked);
    const means = [19 / 4, 39 / 4];
    const squares = outcome.reduce((sum, value, i) => sum + (value - (means[treatment[i] as number] as number)) ** 2, 0);
    near(details?.["residualStandardDeviation"] as number, Math.sqrt(squares / 6), 1e-13);
    near(estimate.standardError, Math.sqrt((squares / 6) * (1 / 4 + 1 / 4)), 1e-13);
  });

  it("the bound of an empirical process narrows with the units as its formula says", () => {
    const constant = (n: number, A: number) =>
      n * (empiricalProcessBound({ n, alpha: 0.05, nMin: 50, A }) / A) ** 2 - Math.log1p(Math.log(n / 50));
    for (const A of [0.75, 0.85, 2]) for (const n of [100, 5000, 1e9]) near(constant(n, A), constant(50, A), 1e-10);
  });

  it("quantiles of summaries are compared as those of their values, clustered and not", () => {
    const summaryOf = (...of: Parameters<typeof summariseQuantile>) => present(summariseQuantile(...of), "values");
    const arm = (shift: number) => ({
      values: Array.from({ length: 240 }, (_, i) => shift + ((i * 37) % 241) / 8),
      clusters: Array.from({ length: 240 }, (_, i) => i % 80),
    });
    for (const isClustered of [false, true]) {
      const [control, treatment] = [arm(0), arm(2)].map((own) => (isClustered ? own : { values: own.values })) as [
        ReturnType<typeof arm>,
        ReturnType<typeof arm>,
      ];
      const whole = answerOf("quantile-difference", { control, treatment, share: 0.25 });
      const effect = compareQuantiles({ control: summaryOf(control, 0.25), treatment: summaryOf(treatment, 0.25) });
      if (effect.kind === "undetermined") throw new Error(effect.reason);
      expect(effect.difference).to.equal(whole.estimate.value);
      expect(effect.standardError).to.equal(whole.estimate.standardError);
      expect(effect.method).to.equal(`25 % quantiles, outer interval${isClustered ? ", clustered" : ""}`);
      expect(effect.control.n).to.equal(isClustered ? 80 : 240);
      expect(whole.estimate.method).to.contain(isClustered ? "clustered" : "quantiles");
    }
    const single = summaryOf({ values: [1] }, 0.25);
    expect(compareQuantiles({ control: single, treatment: summaryOf(arm(0), 0.25) }).kind).to.equal("undetermined");
    expect(compareQuantiles({ control: summaryOf(arm(0), 0.25), treatment: single }).kind).to.equal("undetermined");
  });
});

describe("assignments of a switchback", () => {
  it("are drawn as the design says: as many treated, one of every two, or a coin a block; each as often as any other", () => {
    const real = [true, false, false, true, true, false];
    for (const [design, many, isPossible] of [
      ["complete", 20, (own: readonly boolean[]) => own.filter(Boolean).length === 3],
      ["pairs", 8, (own: readonly boolean[]) => [0, 2, 4].every((at) => own[at] !== own[at + 1])],
      ["independent", 62, (own: readonly boolean[]) => own.includes(true) && own.includes(false)],
    ] as const) {
      const every = arrangementsOf({ real, design, draws: many, random: randomStream(1, "none") });
      const listed = new Set([...every.arrangements].map(String));
      expect([every.all, listed.size], design).to.deep.equal([true, many]);
      // With one draw fewer than there are assignments, drawing starts: the real one first. Here the same draw is made anew many times.
      const counts = new Map<string, number>();
      const random = randomStream(9, design);
      for (let round = 0; round < 600; round++) {
        const { arrangements, all } = arrangementsOf({ real, design, draws: many - 1, random });
        const [first, ...drawn] = [...arrangements];
        expect([all, String(first), drawn.length]).to.deep.equal([false, String(real), many - 1]);
        for (const own of drawn) {
          expect(isPossible(own)).to.equal(true);
          counts.set(String(own), (counts.get(String(own)) ?? 0) + 1);
        }
      }
      const mean = (600 * (many - 1)) / many;
      expect(counts.size).to.equal(many);
      for (const count of counts.values()) expect(count).to.be.closeTo(mean, 5 * Math.sqrt(mean));
    }
  });
});

describe("where a rule begins", () => {
  it("counting every allocation ends where it takes too long, and the density at 23 scores a side", () => {
    const ties = Array.from({ length: 1500 }, (_, i) => i % 700);
    expect(refusal("mann-whitney", { control: ties, treatment: ties.map((value) => value + 3), method: "exact" })).to.contain(
      "too many units",
    );
    const scores = (below: number) => Array.from({ length: below + 40 }, (_, i) => i - below + 0.5 * ((i * 7) % 2));
    expect(refusal("density-discontinuity", { scores: scores(22), cutoff: 0 })).to.contain("22 distinct scores below");
    expect(refusal("density-discontinuity", { scores: scores(23), cutoff: 0 })).not.to.contain("distinct scores below");
  });

  it("a mixture whose scale is lost beside the variance is refused, the next larger scale is not", () => {
    const boundary = (scale: number) => ({
      boundary: { kind: "mixture", mixture: { kind: "gamma-exponential", scale }, tuning: { variance: 1, alpha: 0.05 } },
      at: 1,
    });
    expect(refusal("sequence-boundary", boundary(4e-5))).to.contain("lost to rounding");
    expect(refusal("sequence-boundary", boundary(5e-5))).to.equal("");
  });
});
