/** The cost model of the bench of engines: a line through costs by size. */
import { expect } from "chai";
import { fitLine, tableOf } from "../bench/engines/cost-model.ts";

describe("the cost model of engines", () => {
  it("finds a fixed cost and one a row, each size as weighty as the others", () => {
    const { fixed, each } = fitLine([1e4, 1e6, 1e8].map((rows) => ({ rows, cost: 3 + rows * 2e-6 })));
    expect(fixed).to.be.closeTo(3, 1e-6);
    expect(each).to.be.closeTo(2e-6, 1e-15);
  });

  it("has no fixed cost below nothing, nor of one size alone", () => {
    expect(
      fitLine([
        { rows: 10, cost: 1 },
        { rows: 100, cost: 100 },
      ]).fixed,
    ).to.equal(0);
    expect(fitLine([{ rows: 10, cost: 5 }])).to.deep.equal({ fixed: 0, each: 0.5 });
  });

  it("says what a size costs that nobody has measured, and how many times the kernels", () => {
    const table = tableOf(
      [
        { sellers: 1, rows: 1e6, diskBytes: 2e8, kernels: { seconds: 1 }, duckdb: { seconds: 50 } },
        { sellers: 10, rows: 1e7, diskBytes: 2e9, kernels: { seconds: 10 }, duckdb: { seconds: 5, rows: 1e5 } },
      ],
      "p@1.0.0",
    );
    expect(table).to.include("| kernels | 0.0 | 1.00 | 1.44 | 1.00 |").and.include("| duckdb | 0.0 | 50.0 | 72.2 | 50.0 |");
    expect(table).to.include("5.00 (100,000 of the rows)");
  });
});
