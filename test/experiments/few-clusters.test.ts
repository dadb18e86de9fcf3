/** Experiments of few clusters: one inference object with Satterthwaite's degrees of freedom, and the deal drawn anew beside it. */
import { expect } from "chai";
import { present, randomStream } from "../../data/foundation/index.ts";
import { redrawnDeal } from "../../simulations/experiments/analysis/redrawn-deal.ts";
import { type Analysis, analyse, dealing, simulatePlan } from "../../simulations/experiments/index.ts";
import { clusterMeans, normalStatistic, student, studentWidth } from "../../simulations/statistics/index.ts";
import { designOf, observed as read } from "./designs.ts";

const text = (plan: string) => `experiment: by-market
title: By market
hypothesis: Something happens.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { salt: by-market, cluster: market }
columns: { unit: seller }
metrics:
  gmv: { mean: gmv, role: primary, better: up }
  spend: { mean: spend, role: secondary, better: up, covariate: before }
  calm: { mean: gmv, role: guardrail, better: up, margin: 20 % of control }
plan: { level: 95 %, power: 80 %, ${plan} }
`;

const once = designOf(text("looks: once"));

/** Markets of unequal size, whose sellers are alike. */
function sellersOf(seed: number, markets: number, effect = 0) {
  const random = randomStream(seed, "few-clusters");
  const deal = dealing(once);
  return Array.from({ length: markets }, (_, market) => {
    const [mood, name] = [random.normal(), `m${seed}-${market}`];
    const raise = deal(name).arm === 1 ? effect : 0;
    return Array.from({ length: 2 + random.below(12) }, () => {
      const before = 20 + 3 * mood + random.normal();
      return { market: name, gmv: 20 + raise + 2 * mood + 2 * random.normal(), spend: before + random.normal(), before };
    });
  }).flat();
}

function csvOf(sellers: ReturnType<typeof sellersOf>): string {
  return [
    "seller,market,gmv,spend,before",
    ...sellers.map(({ market, gmv, spend, before }, i) => `s${i},${market},${gmv},${spend},${before}`),
  ].join("\n");
}

function rowOf({ scorecard }: Analysis, metric: string) {
  const row = present(
    scorecard.find((one) => one.metric === metric),
    metric,
  );
  if (row.absolute.kind === "undetermined" || row.alwaysValid.kind === "undetermined") throw new Error(metric);
  return { ...row, absolute: row.absolute, alwaysValid: row.alwaysValid };
}

const excludes = (interval: { lower: number; upper: number } | undefined): boolean =>
  interval !== undefined && (interval.lower > 0 || interval.upper < 0);

describe("experiments of few clusters", () => {
  it("have the estimate, error, p-value and interval that the units' rows give by CR2", async () => {
    const sellers = sellersOf(3, 14, 1);
    const deal = dealing(once);
    const arm = (position: number) => {
      const own = sellers.filter(({ market }) => deal(market).arm === position);
      return { values: own.map(({ gmv }) => gmv), clusters: own.map(({ market }) => market) };
    };
    const slow = clusterMeans({ control: arm(0), treatment: arm(1) }, { level: 0.95, alternative: "two-sided", nullValue: 0 });
    const row = rowOf(analyse(once, await read(once, csvOf(sellers))), "gmv");
    if (slow.kind === "undetermined" || slow.test === undefined) throw new Error("no test");
    expect(row.absolute.value).to.be.closeTo(slow.estimate.value, 1e-12);
    expect(row.absolute.standardError).to.be.closeTo(slow.estimate.standardError as number, 1e-12);
    expect(row.pValue).to.be.closeTo(slow.test.pValue, 1e-12);
    expect(row.absolute.interval?.lower).to.be.closeTo(slow.estimate.interval?.lower as number, 1e-10);
    expect(row.method).to.include("CR2").and.to.include("Satterthwaite");
    const chance = present(row.posterior, "a posterior").chanceBetter;
    expect(2 * Math.min(chance, 1 - chance)).to.be.closeTo(row.pValue as number, 1e-12);
  });

  it("agree with themselves: interval, p-value, what holds at every look, bounds of looks and guardrails", async () => {
    const looking = designOf(text("looks: always valid, units: 16"));
    const sequential = designOf(text("looks: 2 by pocock, units: 16"));
    let shown = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const csv = csvOf(sellersOf(seed, 16, seed % 2 === 0 ? 4 : 0));
      const observed = await read(once, csv);
      const fixed = analyse(once, observed);
      for (const metric of ["gmv", "spend"]) {
        const row = rowOf(fixed, metric);
        expect((row.pValue as number) < 0.05, `${metric} ${seed}`).to.equal(excludes(row.absolute.interval));
        const always = rowOf(analyse(looking, observed), metric);
        expect((always.alwaysValidPValue as number) < 0.05).to.equal(excludes(always.alwaysValid.interval));
        const look = present(rowOf(analyse(sequential, observed), metric).look, "a look");
        expect(look.crossed).to.equal(excludes(look.interval));
        const judged = rowOf(analyse(sequential, observed), metric).judgedRelative;
        expect(look.crossed).to.equal(judged?.kind === "estimate" && excludes(judged.interval));
        if (look.crossed) shown++;
      }
      const guard = rowOf(fixed, "calm");
      const interval = guard.guardrail?.interval.kind === "estimate" ? guard.guardrail.interval.interval : undefined;
      expect(guard.guardrail?.state === "shown safe").to.equal((interval?.lower ?? Number.NEGATIVE_INFINITY) > -0.2);
    }
    expect(shown).to.be.greaterThan(2);
  });

  it("hold their level at 6 clusters an arm, which the normal law and the delta method do not", () => {
    const random = randomStream(5, "levels");
    const columns = [new Float64Array(400), new Float64Array(400)] as const;
    for (let g = 0; g < 400; g++) {
      const size = 5 + random.below(60);
      columns[0][g] = size * (10 + random.normal());
      columns[1][g] = size;
    }
    const design = {
      ...once,
      units: 12,
      metrics: once.metrics.slice(0, 1).map((metric) => ({ ...metric, form: { kind: "ratio" as const, of: "gmv", over: "n" } })),
    };
    const proofOf = (asked: typeof design) =>
      simulatePlan(asked, { units: 400, columns: [columns] }, { seed: 2, experiments: 600 })[0]?.level;
    const few = proofOf(design);
    // The same draws, where the plan deals units: the delta method with Welch's degrees of freedom.
    const delta = proofOf({ ...design, assignment: { kind: "rule", algorithm: "sha256-1", salt: "x" } });
    if (few?.kind !== "estimate" || delta?.kind !== "estimate") throw new Error("no level");
    expect(few.value).to.be.within(0.03, 0.075);
    expect(delta.value).to.be.greaterThan(few.value);
  });

  it("show the deal drawn anew, exactly where all deals can be gone through, and not at a look off the plan", async () => {
    const observed = await read(once, csvOf(sellersOf(1, 12, 3)));
    const rows = analyse(once, observed).sensitivity.filter(({ way }) => way.startsWith("the deal drawn anew"));
    expect(rows.map(({ metric }) => metric)).to.deep.equal(["gmv", "spend", "calm"]);
    expect(rows[0]?.way).to.match(/all \d+ deals/);
    const early = designOf(text("looks: once, units: 40"));
    expect(analyse(early, observed).sensitivity.some(({ way }) => way.startsWith("the deal"))).to.equal(false);
    // Two of four clusters: the two deals that part high from low are a third of six.
    const few = (values: readonly number[]) => ({ n: 2, means: [], covariances: [], few: [values, [1, 1]] });
    expect(redrawnDeal(few([1, 2]), few([11, 12]), 1)).to.deep.equal({ pValue: 2 / 6, deals: 6, isExact: true });
    expect(redrawnDeal(few([1, 1]), few([1, 1]), 1)).to.equal(undefined);
    const many = (from: number) => ({
      n: 15,
      means: [],
      covariances: [],
      few: [Array.from({ length: 15 }, (_, i) => from + Math.sin(9 * i + from)), Array.from({ length: 15 }, () => 1)],
    });
    const drawn = present(redrawnDeal(many(0), many(0.1), 1), "a p-value");
    expect([drawn.isExact, drawn.deals]).to.deep.equal([false, 9_999]);
    expect(drawn.pValue).to.be.greaterThan(0.2);
    expect(redrawnDeal(many(0), many(9), 1)?.pValue).to.equal(1 / 10_000);
  });

  it("turn widths of the normal law into Student's and back", () => {
    for (const degrees of [1.5, 4, 30]) {
      expect(student(degrees).survival(studentWidth(2.4, degrees))).to.be.closeTo(0.0081975, 1e-7);
      expect(normalStatistic(studentWidth(-2.4, degrees), degrees)).to.be.closeTo(-2.4, 1e-9);
    }
    expect(normalStatistic(1e300, 400)).to.equal(38);
  });
});
