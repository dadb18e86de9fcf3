/** Every engine agrees: kernels, slow twin and SQL on random policies and random histories, to the last bit. */
import { expect } from "chai";
import fc from "fast-check";
import { openDatabase } from "./duckdb-panel.ts";
import { tryPairs } from "./pairs.ts";
import { parityRuns, runs, tryKernels, trySql } from "./parity.ts";

describe("every engine agrees", () => {
  it("kernels and slow twin, on every column of every row", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => tryKernels(g)),
      runs(parityRuns.kernels, 1),
    );
  });

  it("kernels and slow twin, from any start tier and up to any period", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => tryKernels(g, { withOptions: true })),
      runs(parityRuns.kernelsWithOptions, 2),
    );
  });

  it("kernels and slow twin, on numbers that overflow", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => tryKernels(g, { swollen: true })),
      runs(parityRuns.swollen, 4),
    );
  });

  it("SQL and slow twin, on every column of every row", async () => {
    const connection = await openDatabase();
    await fc.assert(
      fc.asyncProperty(fc.gen(), (g) => trySql(g, connection)),
      runs(parityRuns.sql, 3),
    );
    connection.closeSync();
  });

  it("kernels, SQL and slow twin, on who holds which tier under two policies", async () => {
    const connection = await openDatabase();
    let spoken = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        if (await tryPairs(g, connection)) spoken++;
      }),
      runs(parityRuns.pairs, 6),
    );
    connection.closeSync();
    expect(spoken).to.be.at.least(parityRuns.pairs / 2);
  });

  it("SQL and slow twin, on numbers that overflow", async () => {
    const connection = await openDatabase();
    await fc.assert(
      fc.asyncProperty(fc.gen(), (g) => trySql(g, connection, { swollen: true })),
      runs(parityRuns.swollenSql, 5),
    );
    connection.closeSync();
  });
});
