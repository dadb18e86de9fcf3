/** Columns that a moved parameter leaves as they are: found again by whoever moves what they do not depend on, within a bound. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { type Policy, readLibraryPolicy } from "../../policies/language/index.ts";
import { KeptColumns } from "../../simulations/comparison/live/kept-columns.ts";

describe("kept columns", () => {
  const policy = present(readLibraryPolicy("seller-performance@2.0.0").policy, "a policy");
  const moved = (name: string): Policy => ({
    ...policy,
    parameters: policy.parameters.map((parameter) =>
      parameter.name === name && parameter.by === undefined ? { ...parameter, value: parameter.value / 2 } : parameter,
    ),
  });
  const computes = (asked: string[]) => (lacking: readonly string[]) => {
    asked.push(...lacking);
    return lacking.map(() => [new Float64Array(100)]);
  };

  it("are computed once for every value that they depend on", () => {
    const kept = new KeptColumns(1_000_000);
    const asked: string[] = [];
    kept.take(policy, ["overall", "rated"], computes(asked));
    expect(kept.take(moved("gold_line"), ["overall", "reviews"], computes(asked))?.size).to.equal(2);
    expect(asked).to.deep.equal(["overall", "rated", "reviews"]);
    kept.take(moved("late_dispatch_zero"), ["overall", "reviews"], computes(asked));
    expect(asked).to.deep.equal(["overall", "rated", "reviews", "overall"]);
  });

  it("follow whatever else a policy says, but not its name", () => {
    const kept = new KeptColumns(1_000_000);
    const asked: string[] = [];
    kept.take(policy, ["reviews"], computes(asked));
    kept.take({ ...policy, version: "9.0.0", digest: "other" }, ["reviews"], computes(asked));
    expect(asked).to.have.length(1);
    kept.take({ ...policy, scores: policy.scores.toReversed() }, ["reviews"], computes(asked));
    expect(asked).to.have.length(2);
  });

  it("stay within their bytes, those asked for longest ago going first, and never lack what is asked for", () => {
    const kept = new KeptColumns(2 * 800);
    const asked: string[] = [];
    for (const names of [["dispatch"], ["delivery"], ["dispatch"], ["reviews"]]) kept.take(policy, names, computes(asked));
    expect(kept.bytes).to.equal(1600);
    kept.take(policy, ["dispatch"], computes(asked));
    expect(asked).to.deep.equal(["dispatch", "delivery", "reviews"]);
    expect(kept.take(policy, ["dispatch", "delivery", "reviews"], computes(asked))?.size).to.equal(3);
    expect(kept.bytes).to.equal(2400);
    kept.take(policy, ["overall"], computes(asked));
    expect(kept.bytes).to.equal(1600);
  });

  it("are as before when they cannot be computed", () => {
    const kept = new KeptColumns(1_000_000);
    expect(kept.take(policy, ["reviews"], () => undefined)).to.equal(undefined);
    expect(kept.bytes).to.equal(0);
  });
});
