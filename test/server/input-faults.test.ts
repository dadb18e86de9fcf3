/** What is wrong with an input is said in our own words, whatever operation it is for. */
import { expect } from "chai";
import { faultsOf, operations, routeInputOf } from "../../server/operations/index.ts";

const long = "x".repeat(6000);
/** What callers send in the place of what is asked for. */
const scalars: readonly unknown[] = [undefined, null, true, 7, -1, 1.5, 1e300, "", "x", long, "2024-02-31"];
const lists: readonly unknown[] = [[], [1], [""], [null], Array<string>(200).fill("x"), [{ file: 1 }]];
const objects: readonly unknown[] = [{}, { file: "", text: 2 }, { file: "a", text: "b", more: 1 }];
const odd = [...scalars, ...lists, ...objects];
/** Phrases of the library that reads the shapes. */
const foreign =
  /invalid|received|expected |too (?:big|small)|unrecogni[sz]ed|>=|<=|undefined|\bNaN\b|\bint\b|\bstring\b|\bboolean\b|wrong form|something else/i;

const messageOf = (name: string, value: unknown): readonly string[] => {
  const operation = operations.find((candidate) => candidate.name === name);
  return operation === undefined ? ["no such operation"] : faultsOf(operation.input, value).map(({ message }) => message);
};

describe("faults of an input", () => {
  for (const operation of operations) {
    it(`of '${operation.name}' are said plainly`, () => {
      for (const shape of [operation.input, routeInputOf(operation)]) {
        const bodies = Object.keys(shape.shape).flatMap((field) => odd.map((value) => ({ [field]: value })));
        for (const body of [{}, null, [], "text", 3, { nothing: 1, ["__proto__"]: 2 }, ...bodies]) {
          for (const { message, cure, found, expected } of faultsOf(shape, body)) {
            expect(`${message} ${cure} ${expected ?? ""}`, message).not.to.match(foreign);
            expect(message).to.match(/^(?:'[^']+'(?: |: )|no field is called ')\S/);
            expect((message + (found ?? "")).length).to.be.below(1000);
          }
        }
      }
    });
  }

  it("say what is missing, what is of another kind, and what is too much", () => {
    const asked = { baseline: "a@1.0.0", candidates: ["a@1.1.0"], dataset: "d" };
    expect(messageOf("compare", { candidates: ["a"] })).to.deep.equal(["'baseline' is missing", "'dataset' is missing"]);
    expect(messageOf("compare", { ...asked, seed: "one" })).to.deep.equal(["'seed' must be a number, not a text"]);
    expect(messageOf("compare", { ...asked, seed: 1.5 })).to.deep.equal(["'seed' must be a whole number, not a fraction"]);
    expect(messageOf("compare", { ...asked, seed: -1 })).to.deep.equal(["'seed' must be 0 or more"]);
    expect(messageOf("compare", { ...asked, replicates: 1e6 })).to.deep.equal(["'replicates' must be 10000 or less"]);
    expect(messageOf("compare", { ...asked, candidates: [] })).to.deep.equal(["'candidates' is an empty list"]);
    expect(messageOf("compare", { ...asked, candidates: [7] })).to.deep.equal(["'candidates.0' must be a text or an object, not a number"]);
    expect(messageOf("compare", { ...asked, dataset: "" })).to.deep.equal(["'dataset' is empty"]);
    expect(messageOf("compare", { ...asked, dataset: long })).to.deep.equal(["'dataset' is longer than 200 characters"]);
    expect(messageOf("compare", { ...asked, format: "txt" })).to.deep.equal(["'format' must be one of text, html, pdf, ipynb, csv, json"]);
    expect(messageOf("compare", { ...asked, from: "2024-02-31" })).to.deep.equal(["'from': a day is written YYYY-MM-DD, and must exist"]);
    expect(messageOf("compare", { ...asked, sead: 1 })).to.deep.equal(["no field is called 'sead'"]);
    expect(messageOf("compare", { ...asked, baseline: { file: "a", text: "b", more: 1 } })).to.deep.equal([
      "'baseline' has no field 'more'",
    ]);
    expect(messageOf("compare", { ...asked, baseline: { file: "a" } })).to.deep.equal(["'baseline.text' is missing"]);
    expect(messageOf("experiment expose", { name: "a", units: ["s1", "s\0x"] })).to.deep.equal([
      "'units.1': a key is one line of text without control characters",
    ]);
    expect(messageOf("compare", [])).to.deep.equal(["'body' must be an object, not a list"]);
  });
});
