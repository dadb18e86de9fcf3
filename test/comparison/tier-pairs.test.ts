/** Up, down and at stake between policies whose ladders differ. */
import { expect } from "chai";
import type { Policy, Tier } from "../../policies/language/index.ts";
import { moves, tierPairs } from "../../simulations/comparison/movement/tier-pairs.ts";
import { letterPolicy } from "./small-market.ts";

/** A ladder from `gold standard !watch`: best first, ! marks adverse. */
function ladder(words: string, otherwise?: string): Policy {
  const { otherwise: _, ...base } = letterPolicy("baseline");
  const tiers = words
    .split(" ")
    .map((word): Tier => ({ name: word.replace("!", ""), title: word, adverse: word.startsWith("!"), consequences: {}, terminal: false }));
  return { ...base, tiers, ...(otherwise === undefined ? {} : { otherwise }) };
}

function moveOf(baseline: Policy, from: string, candidate: Policy, to: string): string {
  const code = (policy: Policy, name: string) =>
    name === policy.otherwise ? policy.tiers.length : policy.tiers.findIndex((tier) => tier.name === name);
  const pairs = tierPairs(baseline, candidate);
  const move = pairs.move[code(baseline, from) * pairs.columns + code(candidate, to)];
  return Object.entries(moves).find(([, value]) => value === move)?.[0] ?? "";
}

describe("tiers of different ladders", () => {
  const old = ladder("gold standard !watch !restricted", "unrated");
  const renewed = ladder("platinum gold !watch !restricted !closed", "new");

  it("are matched by name, the two unrated ones with each other", () => {
    expect(moveOf(old, "gold", renewed, "gold")).to.equal("same");
    expect(moveOf(old, "unrated", renewed, "new")).to.equal("same");
    expect(moveOf(old, "gold", renewed, "new")).to.equal("intoUnrated");
    expect(moveOf(old, "unrated", renewed, "closed")).to.equal("outOfUnrated");
  });

  it("go up or down by the adverse flag, then by the ladder that holds both, then by the tiers that both share", () => {
    expect(moveOf(old, "standard", renewed, "watch")).to.equal("down");
    expect(moveOf(old, "gold", renewed, "platinum")).to.equal("up");
    expect(moveOf(old, "standard", renewed, "platinum")).to.equal("up");
    expect(moveOf(old, "restricted", renewed, "closed")).to.equal("down");
  });

  it("swap direction when the policies swap, whatever the ladders", () => {
    const opposite = { same: "same", up: "down", down: "up", intoUnrated: "outOfUnrated", outOfUnrated: "intoUnrated" } as Record<
      string,
      string
    >;
    const ladders = [old, renewed, ladder("a b c d"), ladder("d c !b !a"), ladder("x gold y !watch z"), ladder("gold p standard q !r")];
    for (const first of ladders) {
      for (const second of ladders) {
        for (const from of first.tiers) {
          for (const to of second.tiers) {
            expect(moveOf(second, to.name, first, from.name)).to.equal(opposite[moveOf(first, from.name, second, to.name)]);
          }
        }
      }
    }
  });
});
