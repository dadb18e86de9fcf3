/** The matrix of a stored comparison at any date is that of a comparison that ends there. */
import { expect } from "chai";
import { InputRefused, present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import type { Comparison, MovementAt, MovementMatrix } from "../../simulations/comparison/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

describe("the movement of a stored comparison at another date", () => {
  let store: Store;
  let dataset: string;
  let remove: () => void;
  const question = { baseline: "seller-performance@1.0.0", candidates: ["seller-performance@2.0.0"], replicates: 200 };
  const compared = (more: object) => perform<Comparison & { run: { id: string } }>(store, "compare", { ...question, dataset, ...more });
  const movementOf = async (run: string, at?: string) => {
    const { candidates } = await perform<{ candidates: MovementAt[] }>(store, "comparison movement", {
      run,
      ...(at === undefined ? {} : { at }),
    });
    return present(candidates[0], "a candidate");
  };

  /** Without the list of tiers that the doors add. */
  const bare = (movement: MovementMatrix): MovementMatrix => {
    const { tiers: _, ...rest } = movement as MovementMatrix & { tiers: unknown };
    return rest;
  };

  before(async () => {
    ({ store, dataset, remove } = await smallMarketplace());
  });
  after(() => remove());

  it("equals the matrix, the counts and the interval of a comparison that ends there", async () => {
    const whole = await compared({});
    const day = present(whole.baseline.distribution[20], "a period").period;
    const ending = present((await compared({ to: day })).candidates[0], "a candidate");
    const { newlyAdverse, released } = ending;
    const movement = bare(ending.movement);
    expect(await movementOf(whole.run.id, day)).to.deep.include({ ...movement, newlyAdverse, released });
  });

  it("takes any day of a period, and the last period when none is asked for", async () => {
    const whole = await compared({});
    const movement = bare(present(whole.candidates[0], "a candidate").movement);
    const sunday = new Date(`${movement.at}T00:00:00Z`);
    const thursday = new Date(sunday.getTime() - 3 * 86_400_000).toISOString().slice(0, 10);
    expect(await movementOf(whole.run.id)).to.deep.include({ ...movement });
    expect(await movementOf(whole.run.id, thursday)).to.deep.include({ ...movement });
  });

  it("refuses a day outside the range, and a run that is no comparison", async () => {
    const { run } = await compared({});
    const replayed = await perform<{ run: { id: string } }>(store, "replay", { policy: question.baseline, dataset });
    for (const [name, at, code] of [
      [run.id, "1999-01-01", "period-outside"],
      [replayed.run.id, "2025-01-05", "unknown-run"],
    ] as const) {
      const refused = await movementOf(name, at).catch((error: unknown) => error);
      expect(refused instanceof InputRefused ? refused.diagnostics[0]?.code : refused).to.equal(code);
    }
  });
});
