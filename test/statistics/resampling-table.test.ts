/** Resampling as the table asks it: what is named is what is computed, and inputs beyond sense are refused. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { findingOf } from "./finding-parts.ts";

describe("resampling by the table", () => {
  it("is asked by the table for the quantile that is named", () => {
    const { input, compute } = present(findStatistic("bootstrap"), "bootstrap");
    const values = [3, 5, 8, 9, 12, 20, 31];
    for (const [share, value] of [
      [0.5, 9],
      [1 / 6, 5],
    ])
      expect(
        findingOf(compute(input.parse({ sample: { values }, statistic: "quantile", share, method: "percentile" }))).estimate.value,
      ).to.equal(value);
  });

  it("is asked by the table for the total that is named, which is n times the mean", () => {
    const { input, compute } = present(findStatistic("bootstrap"), "bootstrap");
    const ask = (statistic: string) => {
      const { value, interval } = findingOf(
        compute(input.parse({ sample: { values: [3, 5, 8, 9, 12, 20, 31] }, statistic, method: "percentile" })),
      ).estimate;
      return [value, interval?.lower ?? Number.NaN, interval?.upper ?? Number.NaN] as const;
    };
    const [total, mean] = [ask("total"), ask("mean")];
    for (const [part, number] of total.entries()) expect(number).to.be.closeTo(7 * (mean[part] ?? Number.NaN), 1e-9);
  });

  it("refuses inputs beyond sense", () => {
    const ofEntities = { control: { values: [1, 2], clusters: [1, 2] }, treatment: { values: [1, 3] } };
    const refused: [string, unknown][] = [
      ["bootstrap", { sample: { values: [1, 2], clusters: [1] } }],
      ["bootstrap", { sample: { values: [1, 2], clusters: [1, 2] }, statistic: "quantile", method: "studentised" }],
      ["bootstrap-difference", { control: { values: [1] }, treatment: { values: [1] }, replicates: 5 }],
      ["bootstrap-difference", { ...ofEntities, statistic: "quantile", method: "studentised" }],
      ["bootstrap-ratio", { numerators: [1, 2], denominators: [1] }],
      ["bootstrap-ratio", { numerators: [1, 2], denominators: [1, -1] }],
      ["permutation-test", { control: [1, 2], treatment: [1], paired: true }],
    ];
    for (const [name, input] of refused) expect(findStatistic(name)?.input.safeParse(input).success, name).to.equal(false);
    for (const beside of [{ method: "studentised" }, { statistic: "quantile" }])
      expect(findStatistic("bootstrap-difference")?.input.safeParse({ ...ofEntities, ...beside }).success).to.equal(true);
  });
});
