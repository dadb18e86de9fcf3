/** The long fuzz of the reader: some ten thousand hostile texts, from seeds of their own. */
import fc from "fast-check";
import { runs } from "../properties/parity.ts";
import { mustAnswer, mutated, shuffledLines, wordSalad } from "../properties/reader-fuzz.ts";

describe("the reader, fuzzed at length", () => {
  it("answers 8,000 changes of policies", () => {
    fc.assert(fc.property(mutated, mustAnswer), runs(8_000, 20_240_401, 500_000));
  }).timeout(900_000);

  it("answers 2,000 texts with lines out of place", () => {
    fc.assert(fc.property(shuffledLines, mustAnswer), runs(2_000, 20_240_402, 500_000));
  }).timeout(600_000);

  it("answers 3,000 salads of the language's words", () => {
    fc.assert(fc.property(wordSalad, mustAnswer), runs(3_000, 20_240_403, 500_000));
  }).timeout(600_000);
});
