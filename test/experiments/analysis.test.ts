/** The analysis: health that gates, a scorecard from one inference object, a rule that decides. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath, present, randomStream } from "../../data/foundation/index.ts";
import { type Analysis, analyse, notShownWords, simulatePlan, sizeDesign } from "../../simulations/experiments/index.ts";
import { normalCdf } from "../../simulations/statistics/index.ts";
import { designOf, observed, wholeDesign } from "./designs.ts";

const header = "seller,arm,kept,orders,late,before,region";

/** Sellers whose share kept is 60 % in the control and `kept` in the candidate. */
function market(
  count: number,
  { kept, late = 0.1, share = 0.5 }: { readonly kept: number; readonly late?: number; readonly share?: number },
): string {
  const random = randomStream(3, "market");
  const rows = Array.from({ length: count }, (_, index) => {
    const isTreated = random.uniform() < share;
    const before = 5 + random.below(20);
    const orders = before + random.below(7) - 3;
    const bad = Array.from({ length: orders }, () => (random.uniform() < (isTreated ? late : 0.1) ? 1 : 0)).reduce(
      (sum: number, one) => sum + one,
      0,
    );
    const isKept = random.uniform() < (isTreated ? kept : 0.6) ? 1 : 0;
    return [`s${index}`, isTreated ? "gentle" : "control", isKept, orders, bad, before, index % 3 === 0 ? "north" : "south"].join(",");
  });
  return [header, ...rows].join("\n");
}

function row(analysis: Analysis, metric: string): Analysis["scorecard"][number] {
  return present(
    analysis.scorecard.find((one) => one.metric === metric),
    metric,
  );
}

describe("an analysis", () => {
  const design = designOf(wholeDesign);

  it("ships what is shown better with every guardrail safe", async () => {
    const analysis = analyse(design, await observed(design, market(6_000, { kept: 0.66 })));
    expect(analysis.health.state).to.equal("sound");
    expect(row(analysis, "kept").reading).to.equal("better");
    expect(row(analysis, "late").guardrail?.state).to.equal("shown safe");
    expect(analysis.recommendations[0]?.decision).to.equal("ship");
    expect(row(analysis, "orders").varianceReduction).to.be.greaterThan(0.8);
    expect(analysis.segments[0]?.rows.map(({ value }) => value)).to.deep.equal(["south", "north"]);
  });

  it("holds what is not shown, and never calls it no effect", async () => {
    const analysis = analyse(design, await observed(design, market(400, { kept: 0.6 })));
    expect(row(analysis, "kept").reading).to.equal("not shown");
    expect(row(analysis, "kept").words).to.match(/: no difference is shown\. /);
    expect(notShownWords(analysis.scorecard), "said once, of all of them").to.equal(
      "A difference that is not shown is no evidence that nothing changed.",
    );
    expect(notShownWords([])).to.equal("");
    expect(JSON.stringify(analysis)).not.to.match(/no effect/i);
    expect(analysis.recommendations[0]?.decision).to.equal("hold");
  });

  it("stops at a guardrail that is shown harmed", async () => {
    const analysis = analyse(design, await observed(design, market(6_000, { kept: 0.66, late: 0.2 })));
    expect(row(analysis, "late").guardrail?.state).to.equal("shown harmed");
    expect(analysis.recommendations[0]?.decision).to.equal("stop");
  });

  it("decides about a margin that is a share of a control without any, by the test that there is", async () => {
    const design = designOf(
      wholeDesign.replace(/ {2}late: .*\n/, "  back: { share: back, role: guardrail, better: down, margin: 10 % of control }\n"),
    );
    const backOf = async (treated: number) => {
      const rows = Array.from({ length: 400 }, (_, index) => {
        const [arm, place] = [index % 2 === 0 ? "control" : "gentle", Math.floor(index / 2)];
        return `s${index},${arm},${place % 2},10,${arm === "gentle" && place < treated ? 1 : 0},9,south`;
      });
      return row(analyse(design, await observed(design, [header.replace("late", "back"), ...rows].join("\n"))), "back").guardrail;
    };
    const [many, one] = [await backOf(20), await backOf(1)];
    // By the likelihood's maximum under a ratio of 1.1, found by a search in Python: z = 4.3696 of 20 in 200 (p = 6.2e-6), 0.9546 of one (p = 0.17).
    expect([many?.state, one?.state]).to.deep.equal(["shown harmed", "undetermined"]);
    expect(many?.words).to.equal("Shown harmed: the treatment is worse by more than the margin.");
    expect(many?.interval).to.deep.include({ kind: "undetermined", reason: "no success in the control: the ratio is beyond every number" });
    const set = many?.interval.kind === "undetermined" ? many.interval.set : undefined;
    expect(set?.kind === "at-least" && set.lower).to.be.above(0.1);
  });

  it("gates the scorecard when the arms are not shared out as planned", async () => {
    const analysis = analyse(design, await observed(design, market(6_000, { kept: 0.66, share: 0.45 })));
    expect(analysis.health.state).to.equal("stop");
    expect(analysis.recommendations[0]).to.deep.equal({
      arm: "gentle",
      decision: "hold",
      reasons: ["A health check fails: the effects cannot be trusted."],
    });
  });

  it("agrees with itself: an absolute interval without 0, a relative one without 0, and p below 1 - level go together", async () => {
    for (const kept of [0.6, 0.615, 0.63, 0.66]) {
      const analysis = analyse(design, await observed(design, market(3_000, { kept })));
      for (const { absolute, relative, pValue } of analysis.scorecard) {
        if (absolute.kind === "undetermined" || relative.kind === "undetermined") throw new Error("undetermined");
        const apart = (one: { readonly lower: number; readonly upper: number } | undefined) =>
          one !== undefined && (one.lower > 0 || one.upper < 0);
        expect([apart(absolute.interval), apart(relative.interval)]).to.deep.equal([(pValue ?? 1) < 0.05, (pValue ?? 1) < 0.05]);
      }
    }
  });

  it("says how likely the candidate is better, as the normal posterior under a flat prior does", async () => {
    const analysis = analyse(design, await observed(design, market(3_000, { kept: 0.63 })));
    const [kept, late] = [row(analysis, "kept"), row(analysis, "late")];
    const spread = ({ units, value = 0 }: typeof kept.control): number => (value * (1 - value)) / (units - 1);
    const apart = (kept.treatment.value ?? 0) - (kept.control.value ?? 0);
    const error = Math.sqrt(spread(kept.control) + spread(kept.treatment));
    expect(kept.posterior?.chanceBetter).to.be.closeTo(normalCdf(apart / error), 1e-9);
    // Late orders are better where they are fewer.
    const z = late.absolute.kind === "estimate" ? late.absolute.value / (late.absolute.standardError ?? 0) : 0;
    expect(late.posterior?.chanceBetter).to.be.closeTo(normalCdf(-z), 1e-9);
    expect(late.posterior?.expectedLoss).to.be.greaterThan(0);
  });

  it("says that nobody is there, without a number", async () => {
    const analysis = analyse(design, await observed(design, `${header}\na,control,1,2,0,1,north\n`));
    expect(analysis.scorecard.every(({ reading }) => reading === "not determined")).to.equal(true);
    expect(JSON.stringify(analysis)).not.to.match(/null|NaN/);
  });
});

describe("a plan", () => {
  const history = market(4_000, { kept: 0.6, share: 0 });
  const design = designOf(wholeDesign.replace("looks: once", "looks: once, units: 2000"));

  it("is sized from the past", async () => {
    const [kept, orders, late] = sizeDesign(design, await observed(design, history, { isHistory: true }));
    // 2 (z0.975 + z0.8)^2 p (1 - p) / d^2 an arm is 9,400; the share in the past is near 60 %.
    const units = kept?.units.kind === "finding" ? kept.units.estimate.value : 0;
    expect(units).to.be.within(18_200, 19_200);
    expect(orders?.history.explained).to.be.greaterThan(0.8);
    expect(orders?.units.kind).to.equal("undetermined");
    expect(late?.power.kind === "finding" && late.power.estimate.value).to.be.within(0.3, 1);
  });

  it("keeps its level on the past, and finds what is planted as often as planned", () => {
    const random = randomStream(5, "past");
    const kept = Float64Array.from({ length: 2_000 }, () => (random.uniform() < 0.6 ? 1 : 0));
    const planned = {
      ...design,
      metrics: design.metrics.slice(0, 1).map((metric) => ({ ...metric, effect: { value: 0.06, scale: "absolute" as const } })),
    };
    const [proof] = simulatePlan(planned, { units: 2_000, columns: [[kept]] }, { seed: 1, experiments: 400 });
    const level = proof?.level.kind === "estimate" ? proof.level.interval : undefined;
    expect(level?.lower).to.be.lessThan(0.05);
    expect(level?.upper).to.be.greaterThan(0.05);
    const planted = present(proof?.planted, "a planted effect");
    // The power of two shares of 60 and 66 % with 1,000 units each is 80 %.
    const power = planted.power.kind === "estimate" ? planted.power.value : 0;
    expect(power).to.be.within(0.73, 0.86);
    expect(planted.coverage.kind === "estimate" && planted.coverage.value).to.be.within(0.92, 0.98);
    expect(simulatePlan(planned, { units: 2_000, columns: [[kept]] }, { seed: 1, experiments: 400 })).to.deep.equal([proof]);
  });

  it("keeps its level however it looks", () => {
    const random = randomStream(6, "past");
    const values = Float64Array.from({ length: 1_500 }, () => random.normal());
    for (const looks of ["4 by obrien-fleming", "always valid"]) {
      const sequential = designOf(wholeDesign.replace("share: kept", "mean: kept").replace("looks: once", `looks: ${looks}, units: 1500`));
      const planned = { ...sequential, metrics: sequential.metrics.slice(0, 1) };
      const [proof] = simulatePlan(planned, { units: 1_500, columns: [[values]] }, { seed: 2, experiments: 300 });
      // Four standard errors of 300 experiments above 5 %.
      expect(proof?.level.kind === "estimate" && proof.level.value, looks).to.be.below(0.1);
    }
  });
});

describe("Cookie Cats", () => {
  it("gives the published numbers", async function () {
    const path = join(process.env["COUNTERWEIGHT_SHARED"] ?? packagePath("..", "shared"), "data", "cookie-cats", "cookie_cats.csv");
    if (!existsSync(path)) {
      console.log(`      skipped: ${path} is not here`);
      this.skip();
    }
    const cats = designOf(`experiment: cookie-cats-gate
title: The first gate at level 40 in place of 30
hypothesis: A later gate keeps more players for a week.
unit: player
arms: { gate_30: 50 %, gate_40: 50 % }
assignment: { recorded: true }
columns: { unit: userid, arm: version }
metrics:
  retention_7: { share: retention_7, role: primary, better: up }
  retention_1: { share: retention_1, role: secondary, better: up }
  rounds: { mean: sum_gamerounds, role: secondary, better: up }
plan: { looks: once }
`);
    const analysis = analyse(cats, await observed(cats, readFileSync(path)));
    expect(analysis.arms.map(({ units }) => units)).to.deep.equal([44_700, 45_489]);
    const [ratio, extremes] = analysis.health.checks;
    expect(ratio?.pValue).to.be.closeTo(0.00861, 5e-6);
    expect([ratio?.state, extremes?.name]).to.deep.equal(["care", "extremes"]);
    expect(extremes?.finding).to.match(/49,854/);
    const kept = row(analysis, "retention_7");
    expect([kept.control.value, kept.treatment.value].map((value) => value?.toFixed(6))).to.deep.equal(["0.190201", "0.182000"]);
    expect(kept.pValue?.toFixed(6)).to.equal("0.001554");
    expect(row(analysis, "retention_1").pValue?.toFixed(4)).to.equal("0.0744");
  });
});
