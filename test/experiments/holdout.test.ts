/** A holdout that is measured: who is held back, what was shipped in total and one by one, and where it is refused. */
import { expect } from "chai";
import { present, type RandomStream, randomStream } from "../../data/foundation/index.ts";
import {
  type Analysis,
  analyse,
  dealing,
  designDigest,
  type ExperimentDesign,
  isHeldOut,
  type Observations,
  readDesign,
  type ShippedExperiment,
  totalEffects,
} from "../../simulations/experiments/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { designOf, drawnArms, wholeDesign } from "./designs.ts";

const text = (
  assignment: string,
  arms = "{ held back: 5 %, others: 95 % }",
  metrics = "orders: { mean: orders, role: primary, better: up }",
) => `experiment: total
title: Total
hypothesis: What was shipped adds up.
unit: seller
arms: ${arms}
assignment: ${assignment}
columns: { unit: seller }
metrics:
  ${metrics}
plan: { looks: once }
`;

const measured = designOf(text("{ measures: winter }"));
const shipped = (name: string, metrics?: string) =>
  designOf(
    text(`{ salt: ${name}, holdout: { name: winter, share: 5 % } }`, "{ control: 50 %, new: 50 % }", metrics).replace("total", name),
  );

/** Two arms of so many units with these means, as a draw gives them. */
function drawn(random: RandomStream, means: readonly [number, number], units: readonly [number, number]): Observations {
  return drawnArms(
    random,
    means.map((mean, arm) => ({ units: units[arm as 0 | 1], means: [mean] })),
  );
}

function experiment(random: RandomStream, name: string, lift: number): ShippedExperiment {
  const design = shipped(name);
  return {
    experiment: name,
    arm: "new",
    design,
    isOfExposed: false,
    analysis: analyse(design, drawn(random, [10, 10 * (1 + lift)], [5_000, 5_000])),
  };
}

function ends(estimated: Estimated | undefined): readonly [number, number] {
  return estimated?.kind === "estimate" && estimated.interval !== undefined
    ? [estimated.interval.lower, estimated.interval.upper]
    : [Number.NaN, Number.NaN];
}

function faults(assignment: string, arms?: string): readonly string[] {
  return readDesign({ text: text(assignment, arms), file: "design.yaml" }).diagnostics.map(
    ({ code, place, message }) => `${place?.line}:${place?.column} ${code}: ${message}`,
  );
}

describe("a design that measures a holdout", () => {
  it("deals to its first arm just the units that the holdout keeps out of every experiment", () => {
    const [deal, other] = [dealing(measured), dealing(shipped("spring"))];
    const holdout = { holdout: { name: "winter", share: 0.05 } };
    let held = 0;
    for (let index = 0; index < 20_000; index++) {
      const unit = `S${index}`;
      const isHeld = deal(unit).arm === 0;
      expect(isHeld).to.equal(isHeldOut(holdout, unit));
      expect(isHeld).to.equal(other(unit).setAside === "holdout");
      held += isHeld ? 1 : 0;
    }
    expect(held).to.be.within(900, 1_100);
  });

  it("says nothing else of its assignment, and has two arms", () => {
    expect(faults("{ measures: winter, salt: mine }")).to.deep.equal([
      "6:33 bad-form: units are dealt by the holdout 'winter', and 'salt' would deal them otherwise",
    ]);
    expect(faults("{ measures: winter, ramp: 20 % }")[0]).to.match(/'ramp' would deal them otherwise/);
    expect(faults("{ measures: winter }", "{ held back: 5 %, some: 45 %, others: 50 % }")).to.deep.equal([
      "6:25 bad-form: a holdout parts units in two, those held back and all others, and the design has 3 arms",
    ]);
  });

  it("leaves the identity of other designs as it was", () => {
    expect(designDigest(designOf(wholeDesign))).to.equal("91b4874c833281ffc612a2b1a9ac28443ada588a0cb2babca1047cc5e216041a");
  });
});

describe("what was shipped in total", () => {
  it("stands beside its parts one upon the other, which hold the truth as often as they say", () => {
    const seeds = 200;
    let [holdsTogether, holdsNone, rejects] = [0, 0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      const random = randomStream(seed, "holdout");
      const parts = [experiment(random, "spring", 0.1), experiment(random, "summer", 0.05)];
      const [total] = totalEffects(measured, analyse(measured, drawn(random, [10, 10 * 1.155], [1_000, 19_000])), parts);
      const [lower, upper] = ends(total?.together);
      if (lower <= 0.155 && 0.155 <= upper) holdsTogether++;
      const [from, to] = ends(total?.against);
      if (from <= 0 && 0 <= to) holdsNone++;
      const pValue = present(total?.pValue, "a p-value");
      expect(pValue < 0.05).to.equal(from > 0 || to < 0);
      if (pValue < 0.05) rejects++;
    }
    // 95 %, give or take what so many seeds can tell (four standard errors).
    for (const share of [holdsTogether / seeds, holdsNone / seeds]) expect(share).to.be.within(0.89, 0.995);
    expect(rejects / seeds).to.be.below(0.1);
  });

  it("takes no part in whose experiment a check fails", () => {
    const random = randomStream(7, "holdout");
    const sound = experiment(random, "spring", 0.1);
    const apart = {
      ...experiment(random, "summer", 0.05),
      analysis: analyse(shipped("summer"), drawn(random, [10, 10.5], [6_000, 4_000])),
    };
    expect([sound, apart].map(({ analysis }) => "health" in analysis && analysis.health.mayBeRead)).to.deep.equal([true, false]);
    const [total] = totalEffects(measured, analyse(measured, drawn(random, [10, 11.55], [1_000, 19_000])), [sound, apart]);
    expect(total?.parts.map(({ relative }) => relative.kind)).to.deep.equal(["estimate", "undetermined"]);
    const reasons = [total?.parts[1]?.relative, total?.together].map((found) => (found?.kind === "undetermined" ? found.reason : ""));
    expect(reasons).to.deep.equal([
      "a check of it fails, so its effects are not to be read",
      "1 of 2 shipped experiments has no effect on it that is known",
    ]);
  });

  it("has the interval that products of draws have", () => {
    const random = randomStream(1, "products");
    const parts = [experiment(random, "spring", 0.1), experiment(random, "summer", 0.05)];
    const [total] = totalEffects(measured, analyse(measured, drawn(random, [10, 11], [1_000, 19_000])), parts);
    const lifts = parts.map(({ analysis }) => present((analysis as Analysis).scorecard[0]?.relative, "a lift"));
    const draws = Array.from({ length: 40_000 }, () =>
      lifts.reduce((product, lift) => {
        const [lower, upper] = ends(lift);
        return product * (1 + (lift.kind === "estimate" ? lift.value : Number.NaN) + (random.normal() * (upper - lower)) / (2 * 1.959964));
      }, 1),
    ).sort((a, b) => a - b);
    const [lower, upper] = ends(total?.together);
    expect(1 + lower).to.be.closeTo(draws[1_000] ?? 0, 0.002);
    expect(1 + upper).to.be.closeTo(draws[39_000] ?? 0, 0.002);
  });

  it("is less than its parts where these were chosen for their luck, which is said", () => {
    const random = randomStream(2, "luck");
    const parts = [experiment(random, "spring", 0.2), experiment(random, "summer", 0.15)];
    const [total] = totalEffects(measured, analyse(measured, drawn(random, [10, 10.5], [2_000, 38_000])), parts);
    expect(total?.words).to.match(
      /^orders: with all that was shipped it is \+[\d.]+\u00a0% \(.* to .*\) against units held back\. One by one .* found \+3\d(\.\d)?\u00a0% together: more than there is in total \(p = .*\)\.$/,
    );
  });

  it("is not compared where nothing was shipped, or an experiment did not measure it", () => {
    const random = randomStream(3, "none");
    const analysis = analyse(measured, drawn(random, [10, 11], [1_000, 19_000]));
    expect(totalEffects(measured, analysis, [])[0]?.words).to.include("not determined: nothing was shipped that holds these units back");
    const other: ExperimentDesign = shipped("autumn", "sales: { mean: gmv, role: primary, better: up }");
    const [total] = totalEffects(measured, analysis, [
      experiment(random, "spring", 0.1),
      {
        experiment: "autumn",
        arm: "new",
        isOfExposed: false,
        design: other,
        analysis: analyse(other, drawn(random, [10, 11], [500, 500])),
      },
      { experiment: "winter", arm: "new", isOfExposed: false, design: shipped("winter"), analysis: { why: "nothing was observed yet" } },
    ]);
    expect(total?.together).to.include({ kind: "undetermined", reason: "2 of 3 shipped experiments have no effect on it that is known" });
    expect(total?.parts.map(({ relative }) => (relative.kind === "undetermined" ? relative.reason : "known"))).to.deep.equal([
      "known",
      "it did not measure this",
      "nothing was observed yet",
    ]);
    // Units without a value left out instead of counted as 0 make another metric of the same column.
    const leavesOut: ExperimentDesign = shipped("late", "orders: { mean: orders, role: primary, better: up, missing: leave out }");
    const [without] = totalEffects(measured, analysis, [
      {
        experiment: "late",
        arm: "new",
        isOfExposed: false,
        design: leavesOut,
        analysis: analyse(leavesOut, drawn(random, [10, 11], [500, 500])),
      },
    ]);
    expect(without?.parts[0]?.relative).to.include({ reason: "it did not measure this" });
    // So does a window.
    const early = designOf(
      text(
        "{ salt: early, holdout: { name: winter, share: 5 % } }",
        "{ control: 50 %, new: 50 % }",
        "orders: { mean: orders, role: primary, better: up, window: 7 days }",
      ).replace("{ unit: seller }", "{ unit: seller, day: day }"),
    );
    const [windowed] = totalEffects(measured, analysis, [
      { experiment: "early", arm: "new", isOfExposed: false, design: early, analysis: analyse(early, drawn(random, [10, 11], [500, 500])) },
    ]);
    expect(windowed?.parts[0]?.relative).to.include({ reason: "it did not measure this" });
  });
});
