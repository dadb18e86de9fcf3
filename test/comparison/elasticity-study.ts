/** Measured effects of tier moves over many demo worlds. */
import type { MeasuredElasticities } from "../../simulations/comparison/index.ts";
import { libraryPolicy } from "./demo-market.ts";
import { elasticitiesOf, sellersPanel } from "./elasticity-world.ts";

const policy = libraryPolicy("seller-performance@1.0.0");

/** The first seed; those before it were used while the method was chosen. */
const firstSeed = 5_001;

/** Over seeds: how many effects were known, what share of them left out 0, and the mean difference in the first window. */
export function study(seeds: number, world: { readonly tiersAct: boolean; readonly buyersMind?: number }) {
  let [known, rejected] = [0, 0];
  const first: number[] = [];
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const found: MeasuredElasticities = elasticitiesOf(policy, sellersPanel({ seed, sellers: 1500, weeks: 52, ...world }));
    for (const { effect, windows } of found.moves) {
      const after = windows[0]?.difference;
      if (after?.kind === "estimate") first.push(after.value);
      if (effect.kind === "undetermined" || effect.interval === undefined) continue;
      known++;
      if (effect.interval.lower > 0 || effect.interval.upper < 0) rejected++;
    }
  }
  return { known, share: rejected / known, first: first.reduce((sum, value) => sum + value, 0) / first.length };
}
