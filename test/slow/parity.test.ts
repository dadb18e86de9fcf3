/** The long parity run: 5,000 random policies under kernels and slow twin, 500 of them in SQL as well. */
import fc from "fast-check";
import { openDatabase } from "../properties/duckdb-panel.ts";
import { tryKernels, trySql } from "../properties/parity.ts";

describe("every engine agrees, at length", () => {
  it("kernels and slow twin on 5,000 random policies", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => tryKernels(g, { withOptions: true })),
      { numRuns: 5_000, seed: 20_240_229 },
    );
  }).timeout(600_000);

  it("SQL and slow twin on 500 random policies", async () => {
    const connection = await openDatabase();
    await fc.assert(
      fc.asyncProperty(fc.gen(), (g) => trySql(g, connection)),
      { numRuns: 500, seed: 20_240_301 },
    );
    connection.closeSync();
  }).timeout(600_000);
});
