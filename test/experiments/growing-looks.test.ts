/** Group-sequential looks at one cohort whose values grow: each is a look of the plan, and together they err no more often than planned. */
import { expect } from "chai";
import { present, randomStream } from "../../data/foundation/index.ts";
import { analyse, growingEvidence, type Observations, widthOf } from "../../simulations/experiments/index.ts";
import { normalDistribution } from "../../simulations/statistics/index.ts";
import { experimentParts } from "../../views/index.ts";
import { designOf, nothingOdd, observed } from "./designs.ts";

const weeks = 8;
const units = 400;
const design = (looks: string, metric = "mean: gmv", more = "") =>
  designOf(`experiment: cohort
title: Cohort
hypothesis: Nothing happens.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm, day: day }
metrics:
  outcome: { ${metric}, role: primary, better: up${more} }
plan: { looks: ${looks}, start: 2025-03-03, weeks: ${weeks}, units: ${2 * units} }
`);

type MetricMoments = Observations["arms"][number]["metrics"][number];

/** Both arms alike, as they stood when so many weeks were over. */
function stoodAt(week: number, moments: Omit<MetricMoments, "n">, there = units): Observations {
  const last = new Date(Date.UTC(2025, 2, 2 + 7 * week)).toISOString().slice(0, 10);
  const arms = [0, 1].map(() => ({ units: there, metrics: [{ n: there, ...moments }] }));
  return {
    form: "units",
    rows: 2 * there * week,
    units: 2 * there,
    ...nothingOdd,
    days: { first: "2025-03-03", last },
    arms,
    byDay: [{ value: "2025-03-03", arms }],
    missing: [[0, 0]],
  };
}

const lookWeeks = [2, 4, 6, 8];

/** Sums over the weeks so far, by the covariance of a unit's weeks: moments at each look, and the covariance of the looks' effects. */
function sums(covariance: (a: number, b: number) => number) {
  const between = (a: number, b: number): number => {
    let total = 0;
    for (let i = 1; i <= a; i++) for (let j = 1; j <= b; j++) total += covariance(i, j);
    return total;
  };
  return {
    looks: lookWeeks.map((week) => stoodAt(week, { means: [10 * week], covariances: [[between(week, week)]] })),
    correlation: (a: number, b: number): number => between(a, b) / Math.sqrt(between(a, a) * between(b, b)),
  };
}

/** Widths at the looks, each judged as the last so far. */
function widths(plan: ReturnType<typeof design>, looks: readonly Observations[]): readonly number[] {
  return looks.map((observed, index) => {
    const evidence = present(
      growingEvidence(plan, observed, () => looks.slice(0, index)),
      "a look",
    );
    return present(widthOf(plan, evidence, 2 * units, 1), "a width");
  });
}

/** How often some look is beyond its width where nothing differs. */
function errors(bounds: readonly number[], correlation: (a: number, b: number) => number, paths: number): number {
  // Cholesky's factor of the looks' correlations.
  const factor: number[][] = [];
  for (const [i, a] of lookWeeks.entries()) {
    const row: number[] = [];
    for (const [j, b] of lookWeeks.slice(0, i + 1).entries()) {
      const own = correlation(a, b) - row.reduce((sum, value, k) => sum + value * (factor[j]?.[k] ?? 0), 0);
      row.push(i === j ? Math.sqrt(Math.max(0, 1 - row.reduce((sum, value) => sum + value ** 2, 0))) : own / (factor[j]?.[j] as number));
    }
    factor.push(row);
  }
  const random = randomStream(21, "cohort looks");
  let rejected = 0;
  for (let path = 0; path < paths; path++) {
    const drawn = lookWeeks.map(() => random.normal());
    if (factor.some((row, k) => Math.abs(row.reduce((sum, value, j) => sum + value * (drawn[j] as number), 0)) >= (bounds[k] as number)))
      rejected++;
  }
  return rejected / paths;
}

describe("looks at one cohort whose values grow", () => {
  const independent = (a: number, b: number): number => (a === b ? 1 : 0);
  const worlds: Readonly<Record<string, (a: number, b: number) => number>> = {
    independent,
    persistent: (a, b) => 4 + independent(a, b),
    fading: (a, b) => 0.7 ** Math.abs(a - b),
    "ever wilder": (a, b) => (a === b ? 3 ** a : 0),
    "ever calmer": (a, b) => (a === b ? 3 ** -a : 0),
  };

  it("have the plan's own bounds where days are independent", () => {
    const { looks } = sums(independent);
    const bounds = widths(design("4 by obrien-fleming"), looks);
    // Lan and DeMets with O'Brien and Fleming's spending at quarters, two-sided 5 %: Jennison and Turnbull (2000), chapter 7.
    for (const [k, z] of [4.333, 2.963, 2.359, 2.014].entries()) expect(bounds[k]).to.be.closeTo(z, 0.001);
    const last = growingEvidence(design("4 by obrien-fleming"), looks[3] as Observations, () => looks.slice(0, 3));
    expect(last?.kind === "look" && last.spent).to.deep.equal({ by: "days", shares: [0.25, 0.5, 0.75, 1] });
    expect(last?.kind === "look" && last.information.map((share) => share.toFixed(12))).to.deep.equal(
      [0.25, 0.5, 0.75, 1].map((share) => share.toFixed(12)),
    );
  });

  for (const [name, covariance] of Object.entries(worlds)) {
    for (const spending of ["obrien-fleming", "pocock"]) {
      it(`err no more often than planned, by ${spending}, where a unit's weeks are ${name}`, () => {
        const { looks, correlation } = sums(covariance);
        const paths = 20_000;
        const rate = errors(widths(design(`4 by ${spending}`), looks), correlation, paths);
        const error = 4 * Math.sqrt((0.05 * 0.95) / paths);
        expect(rate).to.be.below(0.05 + error);
        if (name === "independent") expect(rate).to.be.above(0.05 - error);
      });
    }
  }

  it("err no more often than planned for shares that only grow, and for ratios of what grows", () => {
    const share = (week: number): number => 1 - 0.9 ** week;
    const shares = lookWeeks.map((week) => stoodAt(week, { means: [share(week)], covariances: [[share(week) * (1 - share(week))]] }));
    const sharesAlike = (a: number, b: number): number => {
      const [p, q] = [share(Math.min(a, b)), share(Math.max(a, b))];
      return Math.sqrt((p * (1 - q)) / (q * (1 - p)));
    };
    const ratios = lookWeeks.map((week) =>
      stoodAt(week, {
        means: [week, 10 * week],
        covariances: [
          [week, 0],
          [0, week],
        ],
      }),
    );
    const paths = 20_000;
    const most = 0.05 + 4 * Math.sqrt((0.05 * 0.95) / paths);
    for (const looks of ["4 by obrien-fleming", "4 by pocock"]) {
      expect(errors(widths(design(looks, "share: kept"), shares), sharesAlike, paths)).to.be.below(most);
      const alike = (a: number, b: number): number => Math.sqrt(Math.min(a, b) / Math.max(a, b));
      expect(errors(widths(design(looks, "ratio: late of orders"), ratios), alike, paths)).to.be.below(most);
    }
  });

  it("are counted by the plan's units while fewer of them are there than of its days", () => {
    const plan = design("4 by pocock");
    const few = stoodAt(4, { means: [40], covariances: [[4]] }, units / 4);
    const found = analyse(plan, few);
    expect(found.evidence).to.deep.equal({ kind: "look", information: [1], spent: { by: "units", shares: [0.25] } });
    expect(found.evidenceWords).to.include("look 1 (4 are planned), with 25 % of the planned units");
  });

  it("are counted by units where rows say on which day each unit came, and nothing more of it later", async () => {
    const plan = design("4 by pocock");
    const cameOn = (days: readonly string[]) =>
      [
        "seller,arm,day,gmv",
        ...Array.from({ length: 40 }, (_, at) => `s${at},${at % 2 === 0 ? "control" : "gentle"},${days[at % days.length]},${at % 7}`),
      ].join("\n");
    const enrolled = await observed(plan, cameOn(["2025-03-03", "2025-03-05", "2025-03-09"]));
    expect(growingEvidence(plan, enrolled, () => [])).to.equal(undefined);
    expect(analyse(plan, enrolled).evidence).to.deep.equal({ kind: "look", information: [0.05] });
    // All on the first day: a cohort at its beginning.
    const cohort = await observed(plan, cameOn(["2025-03-03"]));
    expect(growingEvidence(plan, cohort, () => []))
      .to.have.nested.property("spent.shares")
      .that.deep.equals([1 / 56]);
    const watched = await observed(plan, `${cameOn(["2025-03-03"])}\ns0,control,2025-03-30,1`);
    expect(growingEvidence(plan, watched, () => [cohort]))
      .to.have.nested.property("spent.shares")
      .that.deep.equals([1 / 56, 0.05]);
  });

  it("end with the plan's days, though fewer units came than it hoped for", () => {
    const plan = design("4 by pocock");
    const few = stoodAt(8, { means: [80], covariances: [[8]] }, units - 10);
    expect(growingEvidence(plan, few, () => [])).to.deep.equal({ kind: "look", information: [1], spent: { by: "days", shares: [1] } });
  });

  it("say which days are over, may ship, and end with the plan", () => {
    const plan = design("4 by pocock");
    const better = (week: number, there = units): Observations => {
      const stood = stoodAt(week, { means: [10 * week], covariances: [[week]] }, there);
      const [control, gentle] = stood.arms;
      const ahead = present(gentle, "an arm").metrics.map((one) => ({ ...one, means: one.means.map((mean) => mean + week) }));
      return { ...stood, arms: [present(control, "an arm"), { units: there, metrics: ahead }] };
    };
    const second = analyse(plan, better(4), { earlier: [2 * units], watched: "2025-03-16", before: () => [better(2)] });
    expect(second.evidenceWords).to.include("look 2 (4 are planned), with 50 % of the planned days");
    expect(second.recommendations[0]?.decision).to.equal("ship");
    const { columns, rows } = present(experimentParts(second).effects[0], "a candidate").scorecard;
    const look = present(second.scorecard[0]?.look, "a look");
    // 4 more, at a standard error of the root of 4 / 400 + 4 / 400.
    expect(look.statistic).to.be.closeTo(4 / Math.sqrt(0.02), 1e-9);
    expect(rows[0]?.[columns.indexOf("At this look")]).to.equal(
      `+${present(look.interval, "an interval").lower.toFixed(2)}\u00a0to\u00a0+${present(look.interval, "an interval").upper.toFixed(2)} (z\u00a0=\u00a0+28.28, bound\u00a0${present(look.bound, "a bound").toFixed(2)})`,
    );
    const after = analyse(plan, better(8, units + 20), { before: () => [better(4), better(8)] });
    expect(after.evidence).to.deep.equal({ kind: "always-valid", offPlan: "The plan's last look was taken with 800 units" });
    const mended = growingEvidence(plan, better(8, units + 1), () => [better(4), better(8)]);
    expect(mended).to.have.property("again", 2 * units);
    expect(mended?.kind === "look" && mended.spent?.shares).to.deep.equal([0.5, 1]);
  });

  it("share nothing that is not known: another measure before, or no spread", () => {
    const plan = design("4 by pocock");
    const late = stoodAt(4, { means: [40], covariances: [[4]] });
    const early = stoodAt(2, { means: [20], covariances: [[2]] });
    const otherwise = { ...early, arms: early.arms.map((arm) => ({ ...arm, metrics: [] })) };
    const still = stoodAt(2, { means: [0], covariances: [[0]] });
    for (const before of [otherwise, still])
      expect(growingEvidence(plan, late, () => [before])).to.deep.equal({
        kind: "look",
        information: [0.25, 1],
        spent: { by: "days", shares: [0.25, 0.5] },
      });
  });

  it("are no such looks where values do not grow, the plan has no end, or quantiles are asked", () => {
    const observed = stoodAt(4, { means: [40], covariances: [[4]] });
    for (const plan of [
      design("once"),
      design("always valid"),
      design("4 by pocock", "mean: gmv", ", window: 7 days"),
      design("4 by pocock", "quantile: 50 % of gmv"),
    ])
      expect(growingEvidence(plan, observed, () => expect.fail("earlier observations are read for nothing"))).to.equal(undefined);
  });

  it("are wider than a single test's", () => {
    const bound = normalDistribution(0, 1).upperQuantile(0.025);
    for (const covariance of Object.values(worlds))
      for (const width of widths(design("4 by obrien-fleming"), sums(covariance).looks)) expect(width).to.be.above(bound);
  });
});
