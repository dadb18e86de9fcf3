/** The long parity run: 5,000 random policies under kernels and slow twin, 500 of them in SQL as well. */
import fc from "fast-check";
import { openDatabase } from "../properties/duckdb-panel.ts";
import { runs, tryKernels, trySql } from "../properties/parity.ts";

describe("every engine agrees, at length", () => {
  it("kernels and slow twin on 5,000 random policies", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => tryKernels(g, { withOptions: true })),
      runs(5_000, 20_240_229, 540_000),
    );
  }).timeout(600_000);

  it("SQL and slow twin on 500 random policies", async () => {
    const connection = await openDatabase();
    await fc.assert(
      fc.asyncProperty(fc.gen(), (g) => trySql(g, connection)),
      runs(500, 20_240_301, 540_000),
    );
    connection.closeSync();
  }).timeout(600_000);
});
