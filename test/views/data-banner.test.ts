/** What stands against the data, said above the answer: a sentence a gate, that needs no gloss. */
import { expect } from "chai";
import { type GateName, type Gates, gateLimits } from "../../simulations/comparison/index.ts";
import { bannerOf } from "../../views/report/data-banner.ts";

const facts = { one: "seller", many: "sellers", period: "week", baselineVersion: "1.0.0" };
const found: Readonly<Record<GateName, number>> = {
  rejected: 0.02,
  gaps: 0.06,
  missing: 0.2,
  assigned: 0.56,
  labels: 0.1,
  shift: 2.2,
  start: 0.03,
  stale: 424,
};

function gatesOf(names: readonly GateName[]): Gates {
  const gates = names.map((name) => ({
    name,
    state: "care" as const,
    found: found[name],
    limit: gateLimits[name],
    about: name,
    consequence: "c",
    cure: "d",
  }));
  return { state: gates.length === 0 ? "sound" : "care", gates };
}

describe("the banner above an answer", () => {
  it("is absent where every gate is sound", () => {
    expect(bannerOf(gatesOf([]), facts)).to.equal(undefined);
  });

  it("says what each gate found", () => {
    const said = bannerOf(gatesOf(Object.keys(found) as GateName[]), facts)?.items.map((item) => item.found.replaceAll("\u00a0", " "));
    expect(said).to.deep.equal([
      "2.0 % of the rows were rejected at import.",
      "6.0 % of the rows are gaps inside a history.",
      "20 % of the rows lack a measure that the policies read.",
      "On replay, 1.0.0 gives the tier really assigned in 56 % of seller-weeks.",
      "Outcomes are known for 10 % of the sellers in the frame.",
      "The total of one measure goes up or down 2.2 x from one week to the next.",
      "For 3.0 % of the sellers the tier at the end still depends on where they began.",
      "The newest facts are 424 days older than this comparison.",
    ]);
  });

  it("names the measure that jumps, and says where labels bear no figure", () => {
    const { gates } = gatesOf(["labels", "shift"]);
    const said = bannerOf({ state: "care", gates: gates.map((gate) => ({ ...gate, where: "late_dispatches, 2018-02-04" })) }, facts);
    expect(said?.items.map((item) => item.found.replaceAll("\u00a0", " "))).to.deep.equal([
      "Outcomes are known for 10 % of the sellers in the frame, and for too few to say how the false-positive rate changes.",
      "The total of late dispatches goes up or down 2.2 x from one week to the next.",
    ]);
  });
});
