/** Sizes of ratios and clusters with covariates: what the covariate explains is that of the ratio's linear form, as CUPED takes it out. */
import { expect } from "chai";
import { present, randomStream } from "../../data/foundation/index.ts";
import type { MetricSize } from "../../simulations/experiments/design/size-design.ts";
import { analyse, analysedDesign, sizeDesign, supportOf } from "../../simulations/experiments/index.ts";
import { letterPolicy, panelOf, type SmallSeller } from "../comparison/small-market.ts";
import { designOf, observed as read } from "./designs.ts";

const text = `experiment: rates
title: Rates
hypothesis: Something happens.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm }
metrics:
  late: { ratio: late of orders, role: primary, better: down, effect: 2 % of control, covariate: late_before of orders_before }
plan: { units: 2000 }
`;

/** Sellers with a rate of their own that lasts. */
function rowsOf(seed: number, count: number) {
  const random = randomStream(seed, "rates");
  return Array.from({ length: count }, (_, i) => {
    const rate = 0.1 + 0.2 * random.uniform();
    const [orders, before] = [50 + random.below(300), 50 + random.below(300)];
    return {
      seller: `s${i}`,
      arm: random.below(2) === 0 ? "control" : "gentle",
      late: random.binomial(orders, rate),
      orders,
      late_before: random.binomial(before, rate),
      orders_before: before,
    };
  });
}

const csvOf = (rows: ReturnType<typeof rowsOf>) =>
  [Object.keys(rows[0] ?? {}).join(","), ...rows.map((row) => Object.values(row).join(","))].join("\n");

function neededOf({ units }: MetricSize): number {
  if (units.kind === "undetermined") throw new Error(units.reason);
  return units.estimate.value;
}

describe("the size of a ratio with a covariate", () => {
  it("counts what the covariate explains, as the analysis will take it out", async () => {
    const design = designOf(text);
    const rows = rowsOf(1, 3000);
    const size = present(sizeDesign(design, await read(design, csvOf(rows), { isHistory: true }))[0], "a size");
    // The plain way: correlate the sellers' own parts of both ratios.
    const parts = (over: (row: (typeof rows)[number]) => number, under: (row: (typeof rows)[number]) => number) => {
      const ratio = rows.reduce((sum, row) => sum + over(row), 0) / rows.reduce((sum, row) => sum + under(row), 0);
      return rows.map((row) => over(row) - ratio * under(row));
    };
    const [own, known] = [
      parts(
        (row) => row.late,
        (row) => row.orders,
      ),
      parts(
        (row) => row.late_before,
        (row) => row.orders_before,
      ),
    ];
    const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
    expect(size.history.explained).to.be.closeTo(product(own, known) ** 2 / product(own, own) / product(known, known), 1e-10);
    const plain = designOf(text.replace(", covariate: late_before of orders_before", ""));
    const without = present(sizeDesign(plain, await read(plain, csvOf(rows), { isHistory: true }))[0], "a size");
    expect(neededOf(size) / neededOf(without)).to.be.closeTo(1 - size.history.explained, 0.01);
    // And the analysis of such units has the variance that the plan counts on.
    const row = present(analyse(design, await read(design, csvOf(rows))).scorecard[0], "a row");
    expect(row.varianceReduction).to.be.closeTo(size.history.explained, 0.05);
  });

  it("is one of clusters where clusters are dealt, from the first divergence on as well", () => {
    const random = randomStream(4, "clustered");
    const sellers: Record<string, SmallSeller> = {};
    for (let index = 0; index < 300; index++) {
      const size = 20 + random.below(200);
      const touched = index % 2 === 0;
      sellers[`s${String(index).padStart(3, "0")}`] = {
        baseline: "s".repeat(12),
        candidate: touched ? `sssss${"g".repeat(7)}` : "s".repeat(12),
        gmv: Array.from({ length: 12 }, () => 100 * (size + random.below(20))),
        state: `c${index % 30}`,
      };
    }
    const panel = panelOf({ sellers });
    const design = designOf(`experiment: support
title: Support
hypothesis: Some differ.
unit: seller
arms: { control: { share: 50 %, policy: letters@1.0.0 }, candidate: { share: 50 %, policy: letters@2.0.0 } }
assignment: { salt: support, cluster: state }
columns: { unit: seller }
metrics:
  gmv: { mean: gmv, role: primary, better: up, effect: 5 % of control, covariate: gmv_before }
plan: { weeks: 6 }
`);
    const size = {
      metric: "gmv",
      title: "gmv",
      role: "primary",
      form: "mean",
      history: { units: 30, value: 700, explained: 0 },
      effect: 35,
      curve: [],
    } as const;
    const none = { kind: "undetermined", reason: "not asked", wouldDetermine: "" } as const;
    const sizes: readonly MetricSize[] = [{ ...size, units: none, detectable: none, power: none }];
    const [own] = present(supportOf(design, panel, [letterPolicy("baseline"), letterPolicy("candidate")], sizes)[0], "support").sizes;
    expect(own?.words).to.match(
      /^gmv, from the first divergence on: \d+ values of state, all of their units together, adjusted for gmv_before\.$/,
    );
    expect(own?.differing).to.equal(undefined);
    expect(analysedDesign(design).metrics[0]?.form.kind).to.equal("ratio");
  });
});
