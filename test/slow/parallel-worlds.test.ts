/** Flips from noise alone on larger worlds: by band, as written and shrunk, and on the demo marketplace. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import { baseline, candidate, counted, demoWorld, modelWorld, numberIn, predicted, shrunkByHand } from "../comparison/parallel-worlds.ts";

describe("flips from noise alone, in worlds of one truth", () => {
  it("are predicted where the model holds: by band, under both policies, as written and shrunk", () => {
    const [first, ...others] = [1, 2, 3, 4].map((world) => modelWorld(900, world)) as [Panel, ...Panel[]];
    const noise = predicted(first);
    for (const [side, policy] of [
      ["baseline", baseline],
      ["candidate", candidate],
    ] as const) {
      for (const variant of ["asWritten", "shrunk"] as const) {
        const counts = others.map((other) => counted(first, other, variant === "shrunk" ? shrunkByHand(policy, noise) : policy));
        for (const [index, band] of [...noise.bands, noise.all].entries()) {
          const cells = counts.map((one) => present(one[index], "band"));
          const n = present(cells[0], "a world").entities;
          if (n < 60) continue;
          const actual = cells.reduce((sum, { share }) => sum + share, 0) / cells.length;
          // The counts of two worlds beside one first world: their own error is the largest part.
          const reach = 3 * Math.sqrt((actual * (1 - actual)) / n);
          expect(numberIn(band[side][variant].any), `${side} ${band.band} ${variant}`).to.be.closeTo(actual, reach);
        }
      }
    }
    const [small] = noise.bands;
    expect(numberIn(present(small, "band").shrinking), "shrinking steadies the small").to.be.below(-0.05);
  });

  it("are a lower bound on the demo, where volumes and moods are drawn again as well", () => {
    const [first, second] = [1, 2].map((world) => demoWorld(1500, world)) as [Panel, Panel];
    const noise = predicted(first);
    for (const [side, policy] of [
      ["baseline", baseline],
      ["candidate", candidate],
    ] as const) {
      const actual = present(counted(first, second, policy).at(-1), "all").share;
      expect(numberIn(noise.all[side].asWritten.any), side).to.be.within(0.7 * actual, actual + 0.02);
    }
  });
});
