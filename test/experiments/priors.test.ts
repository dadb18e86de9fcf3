/** A prior that the design states: the posterior by quadrature, how often its interval holds effects that are drawn from the prior, and since when it was stated. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath, present, randomStream } from "../../data/foundation/index.ts";
import { compareMetric } from "../../simulations/experiments/analysis/metric-comparison.ts";
import { statedPosterior } from "../../simulations/experiments/analysis/stated-prior.ts";
import type { StatedPrior } from "../../simulations/experiments/design/experiment-design.ts";
import { type Analysis, analyse, readDesign } from "../../simulations/experiments/index.ts";
import { designOf, drawnArms, observed } from "./designs.ts";

const references = packagePath("test", "experiments", "references");
const units = readFileSync(join(references, "pair-units.csv"), "utf8")
  .split("\n")
  .filter((line) => !/,(soft|hard),/.test(line))
  .join("\n");

const text = (prior: string, late = "") => `experiment: believed
title: Believed
hypothesis: It is small.
unit: unit
arms: { control: 50 %, firm: 50 % }
assignment: { recorded: true }
columns: { unit: unit, arm: arm }
metrics:
  sales: { mean: sales, role: primary, better: up${prior} }
  late: { ratio: late of orders, role: secondary, better: down${late} }
plan: { looks: once }
`;

async function analysed(design: string, locked = design): Promise<Analysis> {
  const read = designOf(design);
  return analyse(read, await observed(read, units), { locked: designOf(locked) });
}

/** Written by references/priors.py. */
interface Told
  extends StatedPrior,
    Readonly<Record<"value" | "lower" | "upper" | "standardError" | "chanceBetter" | "expectedLoss", number>> {
  readonly metric: string;
}

/** Mean, deviation and chance above 0 of likelihood x prior, summed over a fine grid. */
function byQuadrature(data: { readonly mean: number; readonly error: number }, deviation: number) {
  let [mass, first, second, above] = [0, 0, 0, 0];
  const step = Math.min(data.error, deviation) / 400;
  const steps = Math.ceil((12 * deviation) / step);
  for (let i = -steps; i < steps; i++) {
    const effect = (i + 0.5) * step;
    const weight = Math.exp(-(((effect - data.mean) / data.error) ** 2) / 2 - (effect / deviation) ** 2 / 2);
    mass += weight;
    first += weight * effect;
    second += weight * effect ** 2;
    if (effect > 0) above += weight;
  }
  return { mean: first / mass, deviation: Math.sqrt(second / mass - (first / mass) ** 2), above: above / mass };
}

describe("a prior that a design states", () => {
  it("gives the posterior of likelihood times prior, on its own scale, beside the one under a flat prior", async () => {
    const { scorecard } = await analysed(text(", prior: 0.5", ", prior: 10 % of control"));
    const [sales, late] = scorecard;
    if (sales?.absolute.kind !== "estimate" || late === undefined) throw new Error("effects");
    const told = present(sales.statedPosterior, "a posterior");
    const wanted = byQuadrature({ mean: sales.absolute.value, error: sales.absolute.standardError ?? 0 }, 0.5);
    if (told.effect.kind !== "estimate") throw new Error(told.effect.reason);
    expect(told.effect.value).to.be.closeTo(wanted.mean, 1e-9);
    expect(told.effect.standardError).to.be.closeTo(wanted.deviation, 1e-9);
    expect(told.effect.interval?.upper).to.be.closeTo(wanted.mean + 1.959963984540054 * wanted.deviation, 1e-8);
    expect(told.chanceBetter).to.be.closeTo(wanted.above, 1e-6);
    expect(told.chanceBetter).to.be.lessThan(present(sales.posterior, "flat").chanceBetter);
    // Of a lift by the delta method; a share that is late is better where it is lower.
    const [control, treatment] = [present(late.control.value, "control"), present(late.treatment.value, "candidate")];
    const design = designOf(text("", ", prior: 10 % of control"));
    const { arms } = await observed(design, units);
    const moments = (arm: number) => present(arms[arm]?.metrics[1], "moments");
    const compared = compareMetric(present(design.metrics[1], "late"), { control: moments(0), treatment: moments(1) });
    if ("kind" in compared.pair) throw new Error(compared.pair.reason);
    const { treatmentVariance, controlVariance } = compared.pair;
    const error = Math.sqrt(treatmentVariance + (treatment / control) ** 2 * controlVariance) / control;
    const lift = byQuadrature({ mean: treatment / control - 1, error }, 0.1);
    const found = present(late.statedPosterior, "a posterior");
    expect(found.effect.kind === "estimate" && found.effect.value).to.be.closeTo(lift.mean, 1e-9);
    expect(found.chanceBetter).to.be.closeTo(1 - lift.above, 1e-6);
    expect(found.expectedLoss).to.be.greaterThan(0);
  });

  it("gives the posterior of GrowthBook's own package where the prior has a mean, of lifts and in the metric's unit", async () => {
    const told = JSON.parse(readFileSync(join(references, "priors.json"), "utf8")) as readonly Told[];
    for (const { metric, scale, mean, standardDeviation, value, lower, upper, standardError, chanceBetter, expectedLoss } of told) {
      const size = (one: number) => (scale === "relative" ? `${100 * one} % of control` : `${one}`);
      const prior = `, prior: ${size(standardDeviation)} around ${size(mean)}`;
      const { scorecard } = await analysed(metric === "sales" ? text(prior) : text("", prior));
      const row = present(
        scorecard.find((one) => one.metric === metric),
        metric,
      );
      const found = present(row.statedPosterior, "a posterior");
      if (found.effect.kind !== "estimate") throw new Error(found.effect.reason);
      expect(found).to.include({ scale, mean, standardDeviation });
      const loss = expectedLoss * (scale === "relative" ? present(row.control.value, "control") : 1);
      const { interval } = found.effect;
      const pairs = [
        [found.effect.value, value],
        [interval?.lower, lower],
        [interval?.upper, upper],
        [found.effect.standardError, standardError],
        [found.chanceBetter, chanceBetter],
        [found.expectedLoss, loss],
      ] as const;
      for (const [own, wanted] of pairs) expect(own).to.be.closeTo(wanted, 1e-9 * Math.max(1, Math.abs(wanted)), `${metric} ${prior}`);
    }
  });

  it("says that data and prior disagree, and refuses a mean on another scale than its standard deviation", async () => {
    const { scorecard, priorWords } = await analysed(text(", prior: 0.1 around -5"));
    expect(scorecard[0]?.statedPosterior?.disagreement).to.match(/^The data lie \d+\.\d standard deviations from what the prior expects/);
    expect(priorWords).to.contain("sales around \u22125 (standard deviation 0.1)");
    const [fault] = readDesign({ text: text(", prior: 5 % of control around 0.1"), file: "design.yaml" }).diagnostics;
    expect(`${fault?.place?.line}:${fault?.place?.column} ${fault?.code}: ${fault?.message}`).to.equal(
      "9:81 bad-form: the mean of a prior is on another scale than its standard deviation",
    );
  });

  it("changes neither reading nor answer, and is said with its size and since when", async () => {
    const [stated, without] = [await analysed(text(", prior: 5 % of control")), await analysed(text(""))];
    expect(stated.recommendations).to.deep.equal(without.recommendations);
    const bare = ({ scorecard }: Analysis) => scorecard.map((row) => ({ ...row, statedPosterior: undefined }));
    expect(bare(stated)).to.deep.equal(bare(without));
    expect(stated.priorWords).to.equal(
      '"With the prior" is the posterior under the normal prior that the design states: sales around 0 (standard deviation 5\u00a0% of the control). It draws effects towards what was believed, the more the less the data say, and decides nothing.',
    );
    expect(without).not.to.have.property("priorWords");
    const amended = await analysed(text(", prior: 5 % of control"), text(", prior: 1 % of control"));
    expect(amended.priorWords).to.match(/ Of sales it was stated, or stated otherwise, after the lock: exploratory\.$/);
  });

  it("holds effects that are drawn from the prior as often as it says, where an interval from the data alone is wider", () => {
    const design = designOf(text(", prior: 0.3").replace(/ {2}late: .*\n/, ""));
    const metric = present(design.metrics[0], "sales");
    const random = randomStream(17, "prior");
    const experiments = 2_000;
    let [held, width] = [0, 0];
    for (let i = 0; i < experiments; i++) {
      const effect = 0.3 * random.normal();
      const { arms } = drawnArms(random, [
        { units: 400, means: [20] },
        { units: 400, means: [20 + effect] },
      ]);
      const [control, treatment] = arms.map((arm) => present(arm.metrics[0], "moments"));
      const compared = compareMetric(metric, { control: present(control, "control"), treatment: present(treatment, "candidate") });
      const told = statedPosterior(metric, compared, { level: 0.95, units: 800 })?.effect;
      const plain = compared.finding(0.95);
      if (told?.kind !== "estimate" || plain.kind === "undetermined") throw new Error("a posterior");
      const [own, alone] = [present(told.interval, "an interval"), present(plain.estimate.interval, "an interval")];
      if (own.lower <= effect && effect <= own.upper) held++;
      width += (own.upper - own.lower) / (alone.upper - alone.lower) / experiments;
    }
    // 2,000 experiments tell 95 % from 93.5 %.
    expect(held / experiments).to.be.within(0.935, 0.965);
    expect(width).to.be.closeTo(0.3 / Math.hypot(0.3, 4 * Math.sqrt(2 / 400)), 0.01);
  });

  it("is not told where the estimate is not near normal, and is refused without a size", async () => {
    const few = designOf(text(", prior: 0.5"));
    const [sales] = analyse(few, await observed(few, units.split("\n").slice(0, 20).join("\n"))).scorecard;
    expect(sales?.statedPosterior?.effect.kind).to.equal("undetermined");
    expect(sales?.statedPosterior).not.to.have.property("chanceBetter");
    const [fault] = readDesign({ text: text(", prior: 0"), file: "design.yaml" }).diagnostics;
    expect(`${fault?.place?.line}:${fault?.place?.column} ${fault?.code}: ${fault?.message}`).to.equal(
      "9:59 out-of-range: a size is above 0",
    );
  });
});
