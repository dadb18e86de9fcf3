/** Every estimator of error rates from partial labels, interval and all, against a second derivation entity by entity. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath, present } from "../../data/foundation/index.ts";
import type { LabelColumns } from "../../simulations/comparison/errors/collect-labels.ts";
import { describeEstimates } from "../../simulations/comparison/errors/describe-estimates.ts";
import { tallyErrors } from "../../simulations/comparison/errors/error-tally.ts";
import type { FigureEstimates, LabelEstimates } from "../../simulations/comparison/errors/estimates.ts";
import { tallyPhase } from "../../simulations/comparison/errors/phase-tally.ts";
import type { ComparisonPlan } from "../../simulations/comparison/plan.ts";
import { undetermined } from "../../simulations/statistics/index.ts";
import { letterPolicy } from "./small-market.ts";

/** Value, standard error, lower, upper, effective size. */
type Cell = readonly [number, number, number, number, number];

const read = (name: string): string => readFileSync(packagePath("test", "comparison", "references", name), "utf8");
const expected = JSON.parse(read("label-estimators.json")) as Readonly<
  Record<string, Readonly<Record<string, Cell>> & { readonly bounds: readonly [number, number] }>
>;

function estimatesOfFile(): LabelEstimates {
  const [header = "", ...lines] = read("label-estimators.csv").trim().split("\n");
  const names = header.split(",");
  const column = (name: string): readonly number[] =>
    lines.map((line) => {
      const cell = line.split(",")[names.indexOf(name)];
      return cell === "" ? Number.NaN : Number(cell);
    });
  const policies = [letterPolicy("baseline"), letterPolicy("candidate")] as const;
  const adverse = policies.map(({ tiers }) => Uint8Array.from(tiers, (tier) => Number(tier.adverse)));
  const held = [column("baseline"), column("candidate")].map((values, side) =>
    Int8Array.from(values, (value) => present(adverse[side], "tiers").indexOf(value)),
  );
  const none = (): Uint8Array => new Uint8Array(lines.length);
  const label = Int8Array.from(column("label"));
  const columns: LabelColumns = {
    label,
    realised: label,
    appeal: none(),
    untreated: none(),
    held,
    shielded: [none(), none()],
    phase: {
      cheap: Uint8Array.from(column("cheap")),
      isClosed: Uint8Array.from(column("closed")),
      size: Uint8Array.from(column("size")),
      score: [Float32Array.from(column("score")), Float32Array.from(column("other"))],
      probability: Float64Array.from(column("probability")),
    },
  };
  // Of a plan the counts read policies, adverse tiers and whether tiers were really assigned.
  const plan = { policies, adverse, schema: { assignedTiers: [] } } as unknown as ComparisonPlan;
  const absent = undetermined("not asked", "nothing");
  return describeEstimates({
    phase: present(tallyPhase(plan, columns, 0), "cells"),
    tally: tallyErrors(plan, columns, { candidate: 0, realised: false }),
    level: 0.95,
    labelledOnly: { baseline: [], candidate: [], falsePositiveChange: absent, missChange: absent },
  });
}

function compared(name: string, figure: FigureEstimates): number {
  const wanted = present(expected[name], name);
  let cells = 0;
  for (const [side, bound] of [figure.bounds.lower, figure.bounds.upper].entries())
    expect(bound.kind === "estimate" ? bound.value : undefined, name).to.be.closeTo(present(wanted.bounds[side], "a bound"), 1e-12);
  for (const { estimator, estimate, effectiveSize } of figure.estimates) {
    if (estimator === "labelled-only") continue;
    if (estimate.kind === "undetermined") throw new Error(`${name}, ${estimator}: ${estimate.reason}`);
    const { value, standardError = 0, interval } = estimate;
    const found = [value, standardError, interval?.lower, interval?.upper, effectiveSize];
    for (const [index, number] of present(wanted[estimator], estimator).entries())
      expect(found[index], `${name}, ${estimator}, ${index}`).to.be.closeTo(number, 1e-9 * Math.max(1, number));
    cells += found.length;
  }
  return cells;
}

describe("error rates by estimator, by a second derivation", () => {
  const estimates = estimatesOfFile();
  const figures: readonly (readonly [string, FigureEstimates])[] = [
    ...estimates.rates.map((rate) => [`${rate.name} ${rate.side}`, rate] as const),
    ...estimates.fineShares.map((share) => [`fine ${share.group}`, share] as const),
    ["falsePositiveChange", estimates.falsePositiveChange],
    ["missChange", present(estimates.missChange, "a change of misses")],
  ];

  for (const [name, figure] of figures) {
    it(`gives ${name}: value, error, interval, effective labels and worst-case bounds`, () => {
      // Stratified, inverse probability, doubly robust, audits and two-phase; known counts besides where the whole is a count.
      const isCount = name.startsWith("false-share") || name.startsWith("fine");
      expect(compared(name, figure)).to.equal(isCount ? 30 : 25);
    });
  }

  it("is of every figure that the derivation has", () => {
    expect(figures.map(([name]) => name)).to.have.members(Object.keys(expected));
  });
});
