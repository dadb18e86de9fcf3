/** Observations of what is dealt: clusters, spans of a switchback, lists, and units of a log of exposures. */
import { expect } from "chai";
import { countText, present, randomStream } from "../../data/foundation/index.ts";
import { type Analysis, analyse, dealing, type ExperimentDesign } from "../../simulations/experiments/index.ts";
import { designOf, observed as read } from "./designs.ts";

const text = `experiment: by-market
title: By market
hypothesis: Something happens.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { salt: by-market }
columns: { unit: seller }
metrics:
  kept: { share: kept, role: primary, better: up }
  gmv: { mean: gmv, role: guardrail, better: up, margin: 5 % of control, covariate: before }
  late: { ratio: late of orders, role: secondary, better: down }
plan: { level: 95 %, power: 80 %, looks: once }
`;

function rowOf(analysis: Analysis, metric: string) {
  const row = present(
    analysis.scorecard.find((one) => one.metric === metric),
    metric,
  );
  if (row.absolute.kind === "undetermined") throw new Error(row.absolute.reason);
  return { ...row, effect: row.absolute };
}

interface Seller {
  readonly market: string;
  readonly kept: number;
  readonly gmv: number;
  readonly before: number;
  readonly late: number;
  readonly orders: number;
}

/** Sellers who are alike within their market. */
function marketSellers(seed: number, markets: number): readonly Seller[] {
  const random = randomStream(seed, "markets");
  return Array.from({ length: markets }, (_, market) => {
    const mood = random.normal();
    return Array.from({ length: 5 + random.below(20) }, (): Seller => {
      const before = 50 + 10 * random.normal();
      const orders = 1 + random.below(9);
      return {
        market: `m${market}`,
        kept: random.uniform() < 0.6 + 0.1 * mood ? 1 : 0,
        gmv: Math.round(before + 8 * mood + 5 * random.normal()),
        before: Math.round(before),
        late: random.below(orders + 1),
        orders,
      };
    });
  }).flat();
}

function csvOf(sellers: readonly Seller[]): string {
  const lines = sellers.map(
    ({ market, kept, gmv, before, late, orders }, index) => `s${index},${market},${kept},${gmv},${before},${late},${orders}`,
  );
  return ["seller,market,kept,gmv,before,late,orders", ...lines].join("\n");
}

describe("clusters", () => {
  const design = designOf(text.replace("{ salt: by-market }", "{ salt: by-market, cluster: market }"));
  const deal = dealing(design);

  for (const [markets, how] of [
    [120, "by CR2 while they are few"],
    [450, "by the delta method on their sums where they are many"],
  ] as const)
    it(`are the units of every standard error, ${how}`, async () => {
      const sellers = marketSellers(1, markets);
      const analysis = analyse(design, await read(design, csvOf(sellers)));
      /**
       * Mean of an arm and its variance, from the clusters' residual sums: n / (n - 1) times the cluster-robust (CR0) variance of a mean, or each squared residual over the
       * part of the arm that is in other clusters (CR2).
       */
      const arm = (position: number, value: (seller: Seller) => number, weight: (seller: Seller) => number) => {
        const sums = new Map<string, { y: number; w: number }>();
        for (const seller of sellers) {
          if (deal(seller.market).arm !== position) continue;
          const sum = sums.get(seller.market) ?? { y: 0, w: 0 };
          sums.set(seller.market, { y: sum.y + value(seller), w: sum.w + weight(seller) });
        }
        const all = [...sums.values()];
        const total = all.reduce((sum, { w }) => sum + w, 0);
        const mean = all.reduce((sum, { y }) => sum + y, 0) / total;
        const few = markets <= 400;
        const squares = all.reduce((sum, { y, w }) => sum + (y - mean * w) ** 2 / (few ? 1 - w / total : 1), 0);
        return { mean, variance: ((few ? 1 : all.length / (all.length - 1)) * squares) / total ** 2, clusters: all.length, units: total };
      };
      const one = () => 1;
      for (const [metric, value, weight] of [
        ["kept", ({ kept }: Seller) => kept, one],
        ["late", ({ late }: Seller) => late, ({ orders }: Seller) => orders],
      ] as const) {
        const [control, treated] = [arm(0, value, weight), arm(1, value, weight)];
        const { effect } = rowOf(analysis, metric);
        expect(effect.value, metric).to.be.closeTo(treated.mean - control.mean, 1e-12);
        expect(effect.standardError, metric).to.be.closeTo(Math.sqrt(treated.variance + control.variance), 1e-12);
      }
      const [control, treated] = [arm(0, one, one), arm(1, one, one)];
      expect(analysis.arms.map(({ units }) => units)).to.deep.equal([control.clusters, treated.clusters]);
      expect(analysis.health.checks.find(({ name }) => name === "clusters")?.finding).to.include(`with ${countText(control.units)} units`);
      expect(rowOf(analysis, "kept").form).to.equal("share");
      // What a seller had before, not how many sellers a market has.
      const balance = analysis.health.checks.find(({ name }) => name === "covariate-balance");
      const before = arm(0, (seller) => seller.before, one).mean;
      expect(balance?.finding).to.include(`before was ${Number(before.toPrecision(5))} in the control`);
      expect(rowOf(analysis, "gmv").varianceReduction).to.be.greaterThan(0.1);
    });

  it("that were dealt elsewhere give what the rule's give; one that is recorded in two arms is in none", async () => {
    const recorded = designOf(
      text.replace("{ salt: by-market }", "{ recorded: true, cluster: market }").replace("{ unit: seller }", "{ unit: seller, arm: arm }"),
    );
    const sellers = marketSellers(2, 60);
    const [head, ...lines] = csvOf(sellers).split("\n");
    const withArms = (last: string): string =>
      [
        `${head},arm`,
        ...lines.map(
          (line, index) =>
            `${line},${index === lines.length - 1 ? last : deal(sellers[index]?.market ?? "").arm === 1 ? "gentle" : "control"}`,
        ),
      ].join("\n");
    const own = deal(sellers.at(-1)?.market ?? "").arm === 1 ? "gentle" : "control";
    const observed = await read(recorded, withArms(own));
    expect(observed).to.deep.equal(await read(design, csvOf(sellers)));
    const [elsewhere, rule] = [analyse(recorded, observed), analyse(design, observed)];
    expect(elsewhere.scorecard).to.deep.equal(rule.scorecard);
    expect(elsewhere.sensitivity.map(({ way, pValue }) => [way, pValue])).to.deep.equal(
      rule.sensitivity.map(({ way, pValue }) => [way, pValue]),
    );

    const torn = await read(recorded, withArms(own === "gentle" ? "control" : "gentle"));
    const size = sellers.filter(({ market }) => market === sellers.at(-1)?.market).length;
    expect([torn.crossovers, torn.arms.reduce((sum, { units }) => sum + units, 0)]).to.deep.equal([size, 59]);
    const check = analyse(recorded, torn).health.checks.find(({ name }) => name === "crossovers");
    expect([check?.state, check?.finding]).to.deep.equal([
      "stop",
      `1 value of market was seen in more than one arm: ${sellers.at(-1)?.market}. Their ${size} of ${sellers.length} units are in no arm here.`,
    ]);
  });

  it("keep the level where sellers of a market are alike, which sellers by themselves do not", async () => {
    const bySeller = designOf(
      text.replace("{ salt: by-market }", "{ recorded: true }").replace("{ unit: seller }", "{ unit: seller, arm: arm }"),
    );
    const seeds = 24;
    let [clustered, naive] = [0, 0];
    for (let seed = 1; seed <= seeds; seed++) {
      const sellers = marketSellers(seed, 60);
      const salted: ExperimentDesign = {
        ...design,
        assignment: { ...(design.assignment as object), salt: `seed ${seed}` } as ExperimentDesign["assignment"],
      };
      const own = dealing(salted);
      if ((rowOf(analyse(salted, await read(salted, csvOf(sellers))), "kept").pValue ?? 1) < 0.05) clustered++;
      const [head, ...lines] = csvOf(sellers).split("\n");
      const recorded = [
        `${head},arm`,
        ...lines.map((line, index) => `${line},${own(sellers[index]?.market ?? "").arm === 1 ? "gentle" : "control"}`),
      ];
      if ((rowOf(analyse(bySeller, await read(bySeller, recorded.join("\n"))), "kept").pValue ?? 1) < 0.05) naive++;
    }
    // 24 experiments: 5 % and four standard errors are 23 %.
    expect(clustered / seeds).to.be.below(0.23);
    expect(naive).to.be.greaterThan(clustered);
  });

  it("say so where there are few, and count rows without one", async () => {
    const observed = await read(design, `${csvOf(marketSellers(2, 12))}\nlost,,1,5,5,1,2`);
    expect(observed.rejected).to.deep.equal([
      { code: "no-cluster", count: 1, examples: [present(observed.rejected[0]?.examples[0], "an example")] },
    ]);
    const check = analyse(design, observed).health.checks.find(({ name }) => name === "clusters");
    expect([check?.state, check?.cure]).to.deep.equal([
      "care",
      "With fewer than 20 clusters an arm Student's t rests on few sums that need not be normal: read the deal drawn anew under Sensitivity beside it.",
    ]);
  });
});

describe("a switchback", () => {
  const design = designOf(
    text
      .replace("{ salt: by-market }", "{ salt: by-market, switchback: { every: 3 days, washout: 1 day } }")
      .replace("{ unit: seller }", "{ unit: seller, day: day }")
      .replace(/ {2}kept.*\n {2}gmv.*\n {2}late.*\n/, "  gmv: { mean: gmv, role: primary, better: up }\n")
      .replace("looks: once", "looks: once, start: 2025-03-03, weeks: 4"),
  );

  it("has spans of units as its units, without the days in which the arm before may still be felt", async () => {
    const deal = dealing(design);
    const [control, treated]: [number[], number[]] = [[], []];
    const lines: string[] = [];
    for (let unit = 0; unit < 6; unit++) {
      for (let day = 0; day < 28; day++) {
        const date = new Date(Date.UTC(2025, 2, 3 + day)).toISOString().slice(0, 10);
        lines.push(`m${unit},${date},${(unit + 1) * (day + 1)}`);
      }
      for (let span = 0; span < 10; span++) {
        const days = [1, 2].map((inside) => 3 * span + inside).filter((day) => day < 28);
        if (days.length === 0) continue;
        const sum = days.reduce((total, day) => total + (unit + 1) * (day + 1), 0);
        (deal(`m${unit} @${span}`).arm === 0 ? control : treated).push(sum);
      }
    }
    const observed = await read(design, ["seller,day,gmv", ...lines, "m0,2025-03-02,5", "m0,2025-04-01,5"].join("\n"));
    expect(observed.arms.map(({ units }) => units)).to.deep.equal([control.length, treated.length]);
    expect(observed.rejected.map(({ code, count }) => [code, count])).to.deep.equal([
      ["before-start", 1],
      ["after-end", 1],
      ["washout", 60],
    ]);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const analysis = analyse(design, observed);
    expect(rowOf(analysis, "gmv").effect.value).to.be.closeTo(mean(treated) - mean(control), 1e-9);
    expect(analysis.health.checks.find(({ name }) => name === "rejected-rows")?.finding).to.match(/^2 of 170 rows/);
  });

  it("leaves out a span without a denominator, from the values as from their moments", async () => {
    const ratio = {
      ...design,
      metrics: design.metrics.map((metric) => ({
        ...metric,
        form: { kind: "ratio" as const, of: "late", over: "orders" },
        missing: "leave out" as const,
      })),
    };
    const lines = Array.from({ length: 6 * 28 }, (_, at) => {
      const [unit, day] = [Math.floor(at / 28), at % 28];
      const date = new Date(Date.UTC(2025, 2, 3 + day)).toISOString().slice(0, 10);
      return `m${unit},${date},${1 + (at % 3)},${unit === 2 && day < 6 ? "" : 5 + (at % 4)}`;
    });
    const observed = await read(ratio, ["seller,day,late,orders", ...lines].join("\n"));
    const told = observed.arms.flatMap(({ metrics }) => metrics);
    expect(told.reduce((sum, { n }) => sum + n, 0)).to.equal(52);
    for (const { n, few = [], means } of told) {
      expect(few.map((column) => column.length)).to.deep.equal([n, n]);
      for (const [at, column] of few.entries())
        expect(column.reduce((sum, value) => sum + value, 0) / n).to.be.closeTo(means[at] as number, 1e-12);
    }
  });
});

describe("what was written down before", () => {
  const rows = "seller,kept,gmv,before,late,orders\na,1,5,5,0,1\nb,0,5,5,0,1\nc,1,5,5,0,1\nd,1,7,5,0,1";

  it("deals by the list, and counts who is not in it", async () => {
    const design = designOf(text.replace("{ salt: by-market }", "{ salt: by-market, strata: [tier] }"));
    const observed = await read(design, rows, {
      listed: new Map([
        ["a", 0],
        ["b", 1],
        ["c", 1],
      ]),
    });
    expect(observed.arms.map(({ units }) => units)).to.deep.equal([1, 2]);
    expect([observed.setAside, observed.misassigned]).to.deep.equal([{ "not listed": 1 }, 0]);
  });

  it("counts from the logged day on, and sets apart who is not in the log", async () => {
    const design = designOf(text.replace("{ unit: seller }", "{ unit: seller, day: day }"));
    const [head, ...units] = rows.split("\n");
    const daily = units.flatMap((line) => ["2025-03-03", "2025-03-04", "2025-03-05"].map((day) => `${line},${day}`));
    const observed = await read(design, [`${head},day`, ...daily].join("\n"), {
      exposures: { units: ["a", "b", "d"], days: ["2025-03-04", "2025-03-03", "2025-03-05"] },
    });
    expect(observed.setAside).to.deep.equal({ "not exposed": 1 });
    expect(observed.rejected.map(({ code, count }) => [code, count])).to.deep.equal([["before-exposure", 3]]);
    const sum = observed.arms.reduce((total, { metrics }) => total + (metrics[1]?.n ?? 0) * (metrics[1]?.means[0] ?? 0), 0);
    expect(sum).to.equal(2 * 5 + 3 * 5 + 7);
    expect(observed.byDay.map(({ value }) => value)).to.deep.equal(["2025-03-03", "2025-03-04", "2025-03-05"]);
  });
});

describe("a ratio with a covariate", () => {
  it("is one that gives the adjusted difference of CUPED on ratios", async () => {
    const plain = text.replace("{ salt: by-market }", "{ recorded: true }").replace("{ unit: seller }", "{ unit: seller, arm: arm }");
    const design = designOf(plain.replace("role: secondary, better: down", "role: secondary, better: down, covariate: late_b of orders_b"));
    const random = randomStream(9, "ratio");
    const lines = Array.from({ length: 2_000 }, (_, index) => {
      const [orders, rate] = [5 + random.below(20), 0.05 + 0.4 * random.uniform()];
      const draw = () => Array.from({ length: orders }, () => (random.uniform() < rate ? 1 : 0)).reduce((sum: number, one) => sum + one, 0);
      return `s${index},${index % 2 === 0 ? "control" : "gentle"},1,5,5,${draw()},${orders},${draw()},${orders}`;
    });
    const csv = ["seller,arm,kept,gmv,before,late,orders,late_b,orders_b", ...lines].join("\n");
    const row = rowOf(analyse(design, await read(design, csv)), "late");
    const without = designOf(plain);
    const naive = rowOf(analyse(without, await read(without, csv)), "late");
    expect(row.varianceReduction).to.be.within(0.2, 0.6);
    expect(row.effect.standardError).to.be.closeTo(
      (naive.effect.standardError ?? 0) * Math.sqrt(1 - (row.varianceReduction ?? 0)),
      1e-3 * (naive.effect.standardError ?? 1),
    );
    expect(() => designOf(plain.replace("role: secondary, better: down", "role: secondary, better: down, covariate: before"))).to.throw(
      /its covariate is one, too/,
    );
  });
});
