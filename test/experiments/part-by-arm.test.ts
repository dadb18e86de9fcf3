/** Parts of the units that are larger in one arm: open windows and missing values, where most of the units are in the part, or the part is in a third arm. */
import { expect } from "chai";
import { analyse } from "../../simulations/experiments/index.ts";
import { designOf, observed } from "./designs.ts";

const text = (arms: string, orders: string) => `experiment: parts
title: Parts
hypothesis: They order more.
unit: unit
arms: ${arms}
assignment: { recorded: true }
columns: { unit: unit, arm: arm, day: day }
metrics:
  orders: { mean: orders, role: primary, better: up, ${orders} }
plan: { looks: once }
`;

/** By arm the units, and the row of each. */
function rows(units: Readonly<Record<string, number>>, rowOf: (arm: string, index: number) => string): string {
  const lines = Object.entries(units).flatMap(([arm, count]) =>
    Array.from({ length: count }, (_, index) => `${arm}${index},${arm},${rowOf(arm, index)}`),
  );
  return ["unit,arm,day,orders", ...lines].join("\n");
}

describe("a part of the units that is larger in one arm", () => {
  it("stops also where most of the units are in it", async () => {
    const design = designOf(text("{ control: 50 %, gentle: 50 % }", "window: 7 days"));
    const over: Readonly<Record<string, number>> = { control: 30, gentle: 7 };
    const early = rows({ control: 100, gentle: 100 }, (arm, index) => `2025-03-${index < (over[arm] ?? 0) ? "01" : "20"},1`);
    const { health } = analyse(design, await observed(design, `${early}\nlast,control,2025-03-21,1`));
    const found = health.checks.find(({ name }) => name === "open-windows");
    expect(found?.state).to.equal("stop");
    expect(found?.finding).to.include("(control 71 of 101, gentle 93 of 100)");
    // scipy.stats.chi2_contingency([[71, 93], [30, 7]], correction=False)
    expect(found?.pValue).to.be.closeTo(3.287394923001953e-5, 1e-12);
  });

  it("stops also where it is in a third arm", async () => {
    const design = designOf(text("{ control: 40 %, gentle: 30 %, harsh: 30 % }", "missing: leave out"));
    const csv = rows(
      { control: 100, gentle: 100, harsh: 100 },
      (arm, index) => `2025-03-01,${index < (arm === "harsh" ? 30 : 8) ? "" : "1"}`,
    );
    const { health } = analyse(design, await observed(design, csv));
    const found = health.checks.find(({ name }) => name === "missing-values");
    expect(found?.state).to.equal("stop");
    expect(found?.finding).to.include("(control 8, gentle 8, harsh 30)");
    // scipy.stats.chi2_contingency([[8, 30], [92, 70]], correction=False)
    expect(found?.pValue).to.be.closeTo(7.326912186491155e-5, 1e-12);
  });
});
