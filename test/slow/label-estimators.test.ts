/**
 * Bias and interval coverage of the estimators of error rates, in worlds where what they assume holds and where it fails. 1,000 draws of 3,000
 * entities a world: the Monte Carlo error of a coverage of 95 % is 0.7 points, that of a bias is the spread of the draws over 32.
 */
import { expect } from "chai";
import type { EstimatorName } from "../../simulations/comparison/index.ts";
import { draw, estimateOf, type FigureKey, figureKeys, worlds } from "../comparison/label-worlds.ts";

const seeds = 1000;

/** What an estimator did over all draws in which it gave a number. */
interface Record {
  readonly draws: number;
  readonly bias: number;
  /** Monte Carlo standard error of the bias. */
  readonly biasError: number;
  readonly coverage: number;
}

type Records = (figure: FigureKey, name: EstimatorName) => Record;

function recordsOf(world: keyof typeof worlds, [seeds, entities]: readonly [number, number] = [1000, 3000]): Records {
  const draws = Array.from({ length: seeds }, (_, seed) => draw(worlds[world], seed, entities));
  return (figure, name) => {
    // The truth of the kind of market that is drawn, not of one draw: an interval speaks of another draw of entities.
    const truth = draws.reduce((sum, one) => sum + one.truth[figure], 0) / seeds;
    const found = draws.map(({ estimates }) => estimateOf(estimates, figure, name)).filter((estimate) => estimate?.kind === "estimate");
    const off = found.map(({ value }) => value - truth);
    const bias = off.reduce((sum, value) => sum + value, 0) / off.length;
    const variance = off.reduce((sum, value) => sum + (value - bias) ** 2, 0) / (off.length - 1);
    const covered = found.filter(({ interval }) => interval !== undefined && interval.lower <= truth && truth <= interval.upper).length;
    return { draws: off.length, bias, biasError: Math.sqrt(variance / off.length), coverage: covered / off.length };
  };
}

describe("estimators of error rates where the truth is known", function () {
  this.timeout(900_000);

  const holds = (of: Record, figure: string, least: number): void => {
    expect(of.draws, figure).to.be.above(seeds / 4);
    expect(Math.abs(of.bias), `bias of ${figure}`).to.be.below(0.006 + 4 * of.biasError);
    expect(of.coverage, `coverage of ${figure}`).to.be.within(least, 0.99);
  };

  it("labels missing at random within strata: stratified, weighted and doubly robust hold, labelled only does not", () => {
    const records = recordsOf("random");
    for (const figure of figureKeys)
      for (const name of ["stratified", "doubly-robust"] as const) holds(records(figure, name), `${name} ${figure}`, 0.925);
    // The logistic model of the chance is not quite the true one here, which only the weights feel.
    for (const figure of figureKeys) expect(records(figure, "inverse-probability").coverage, figure).to.be.above(0.9);
    expect(records("false-positive-rate", "labelled-only").bias).to.be.below(-0.04);
  });

  it("random audits of everybody: what rests on the design holds; so does what rests on strata, where audits reach the restricted", () => {
    const records = recordsOf("audited");
    for (const figure of figureKeys) {
      holds(records(figure, "audits"), `audits ${figure}`, 0.92);
      holds(records(figure, "two-phase"), `two-phase ${figure}`, 0.93);
      for (const name of ["stratified", "inverse-probability", "doubly-robust"] as const)
        expect(records(figure, name).coverage, `${name} ${figure}`).to.be.above(0.85);
    }
    expect(records("false-positive-rate", "labelled-only").bias).to.be.below(-0.02);
  });

  it("some fifty audits: intervals of the false-positive rate and of its change that rest on them are wide enough, whatever other labels do", () => {
    for (const world of ["audited", "appeals", "restricted"] as const) {
      const records = recordsOf(world, [400, 700]);
      for (const figure of ["false-positive-rate", "change"] as const)
        expect(records(figure, "two-phase").coverage, `${world} ${figure}`).to.be.above(0.93);
    }
  });

  it("the innocent appeal more: only what rests on the design holds", () => {
    const records = recordsOf("appeals");
    for (const figure of figureKeys) {
      holds(records(figure, "audits"), `audits ${figure}`, 0.93);
      holds(records(figure, "two-phase"), `two-phase ${figure}`, 0.92);
    }
    for (const name of ["labelled-only", "stratified", "inverse-probability", "doubly-robust"] as const)
      expect(records("false-share", name).bias, name).to.be.above(0.15);
    for (const name of ["stratified", "inverse-probability", "doubly-robust"] as const) {
      expect(records("false-share", name).coverage, name).to.be.below(0.05);
      expect(records("false-positive-rate", name).coverage, name).to.be.below(0.2);
    }
  });

  it("restriction prevents harm and nobody knows whom it held: only what rests on the design holds", () => {
    const records = recordsOf("restricted");
    for (const figure of figureKeys) {
      holds(records(figure, "audits"), `audits ${figure}`, 0.93);
      holds(records(figure, "two-phase"), `two-phase ${figure}`, 0.93);
    }
    for (const name of ["labelled-only", "stratified", "inverse-probability", "doubly-robust"] as const)
      expect(records("false-share", name).bias, name).to.be.above(0.07);
    for (const name of ["stratified", "inverse-probability", "doubly-robust"] as const)
      expect(records("false-share", name).coverage, name).to.be.below(0.2);
  });
});
