/** Changing one number of a file leaves every other character of it alone. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { loadFromLibrary, parameterPlaces, readPolicy, withParameter } from "../../policies/language/index.ts";

const library = (version: string): string =>
  readFileSync(packagePath("policies", "library", "seller-performance", `${version}.yaml`), "utf8");
const numberOf = (text: string, name: string): number | undefined => {
  const parameter = readPolicy({ text, file: "x.yaml", load: loadFromLibrary }).policy?.parameters.find((one) => one.name === name);
  return parameter?.by === undefined ? parameter?.value : undefined;
};

describe("places of parameters", () => {
  it("changes the number and keeps everything else, comments included", () => {
    const text = library("1.0.0");
    const changed = withParameter(text, "gold_line", "86") ?? "";
    expect(changed).to.equal(text.replace("value: 85", "value: 86"));
    expect(numberOf(changed, "gold_line")).to.equal(86);
  });

  it("changes what a version sets, whole or in part", () => {
    const text = library("2.0.0");
    expect(withParameter(text, "gold_line", "90")).to.equal(text.replace("value: 88", "value: 90"));
    const part = "extends: 1.0.0\nprogramme: seller-performance\nversion: 1.2.0\nset:\n  parameters.gold_line.value: 85 # why\n";
    expect(withParameter(part, "gold_line", "83")).to.equal(part.replace("85 #", "83 #"));
  });

  it("gives a version a line of its own for what it does not change yet", () => {
    const text = library("1.1.0");
    const changed = withParameter(text, "gold_line", "80") ?? "";
    expect(changed).to.include("set:\n  parameters.gold_line.value: 80\n  scores.overall.weighted:");
    expect(numberOf(changed, "gold_line")).to.equal(80);
    const bare = "extends: 1.0.0\nprogramme: seller-performance\nversion: 1.2.0";
    for (const head of [bare, `${bare}\n`, `${bare}\nset: { parameters.watch_line.value: 48 }\n`])
      expect(numberOf(withParameter(head, "gold_line", "80") ?? "", "gold_line"), head).to.equal(80);
  });

  it("finds numbers by a text, and texts that begin with a mark", () => {
    const text = "\uFEFFparameters:\n  line: { by: market, in: { MX: 8 %, Far East: 9 % } }\n";
    expect(withParameter(text, "line.Far East", "7 %")).to.equal(text.replace("9 %", "7 %"));
  });

  it("gives nothing where a file cannot be read or does not have it", () => {
    expect(parameterPlaces("a: [", ["x"]).size).to.equal(0);
    expect(withParameter("parameters:\n  a: 3\n", "b", "1")).to.equal(undefined);
    expect(withParameter("extends: 1.0.0\nset:\n  parameters.a: { range: 1 to 2 }\n", "a", "1")).to.equal(undefined);
  });
});
