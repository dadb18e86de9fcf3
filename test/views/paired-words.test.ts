/** The finding of a replay against a baseline: one sentence, whoever moves. */
import { expect } from "chai";
import { type PairedFacts, pairedSentence } from "../../views/index.ts";

const tiers = [
  { name: "good", adverse: false, unrated: false },
  { name: "bad", adverse: true, unrated: false },
];
const names = { baseline: "1.0.0", candidate: "2.0.0" };

function said(movement: Partial<PairedFacts["movement"]>, own = tiers, called = names): string {
  const moversShare = { kind: "undetermined", reason: "", wouldDetermine: "" } as const;
  const nobody = { movers: 0, up: 0, down: 0, intoUnrated: 0, outOfUnrated: 0, newlyAdverse: 0, released: 0, inFrame: 1000, moversShare };
  const whole = { at: "2025-09-28", rows: [], columns: [], matrix: [], ...nobody, ...movement };
  const [baseline, candidate] = [called.baseline, called.candidate].map((name) => ({ name, tiers: own }));
  if (baseline === undefined || candidate === undefined) throw new Error("two names");
  return pairedSentence({ movement: whole, baseline, candidate, entity: "seller", grain: "week" }).replaceAll("\u00a0", " ");
}

describe("the sentence of a paired replay", () => {
  for (const [what, sentence, expected] of [
    [
      "movers, with their interval and where to",
      said({
        movers: 30,
        up: 20,
        down: 9,
        outOfUnrated: 1,
        newlyAdverse: 4,
        released: 2,
        moversShare: {
          kind: "estimate",
          value: 0.03,
          interval: { lower: 0.021, upper: 0.042, level: 0.9 },
          method: "",
          n: 1000,
          assumptions: [],
        },
      }),
      "Version 2.0.0 moves 30 of 1,000 sellers (3.0 %, 90 % interval 2.1 to 4.2 %) to another tier than version 1.0.0 in the week to 28 Sep 2025: 20 up, 9 down and 1 out of unrated; 4 newly adverse, 2 released.",
    ],
    [
      "movers without an interval, among tiers of which none is adverse",
      said({ movers: 1, intoUnrated: 1, inFrame: 1 }, tiers.slice(0, 1)),
      "Version 2.0.0 moves 1 of 1 seller (100.0 %) to another tier than version 1.0.0 in the week to 28 Sep 2025: 1 into unrated.",
    ],
    [
      "nobody, by a policy of another programme",
      said({}, tiers, { baseline: "a-programme 1.0.0", candidate: "b-programme 1.0.0" }),
      "Policy b-programme 1.0.0 moves nobody: in the week to 28 Sep 2025 each of the 1,000 sellers holds the same tier as under policy a-programme 1.0.0.",
    ],
    [
      "nobody, where a tier of the same name turns adverse",
      said({ newlyAdverse: 7, inFrame: 7 }),
      "Version 2.0.0 moves nobody: in the week to 28 Sep 2025 each of the 7 sellers holds the same tier as under version 1.0.0; 7 newly adverse, 0 released.",
    ],
    [
      "a period in which nobody is there",
      said({ inFrame: 0 }),
      "Nobody is there in the week to 28 Sep 2025: there is nothing to set version 2.0.0 against version 1.0.0 by.",
    ],
  ] as const)
    it(`tells of ${what}`, () => expect(sentence).to.equal(expected));
});
