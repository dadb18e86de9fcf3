/** Whatever a file holds: a policy or errors, each with a place, a message and a cure; and what passes prints and reads back. */
import { expect } from "chai";
import fc from "fast-check";
import { limits } from "../../data/foundation/index.ts";
import { runs } from "./parity.ts";
import { mustAnswer, mutated, readFuzzed, seeds, shuffledLines, wordSalad } from "./reader-fuzz.ts";

describe("the reader, fuzzed", () => {
  it("takes the texts that mutations start from", () => {
    for (const seed of seeds.filter((text) => !/^extends:/m.test(text))) {
      expect(readFuzzed(seed).diagnostics.filter(({ severity }) => severity === "error")).to.deep.equal([]);
      mustAnswer(seed);
    }
  });

  it("answers any change of a policy", () => {
    fc.assert(fc.property(mutated, mustAnswer), runs(300, 1));
  });

  it("answers lines out of place", () => {
    fc.assert(fc.property(shuffledLines, mustAnswer), runs(150, 2));
  });

  it("answers the language's own words in any disorder", () => {
    fc.assert(fc.property(wordSalad, mustAnswer), runs(200, 3));
  });

  it("answers any characters", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), mustAnswer), runs(200, 4));
  });

  it("answers names of the prototype wherever a name or text can stand", () => {
    const [, whole = ""] = seeds;
    const given = "line region lookback rate severity high type buyer category north main toys penalty fails violation appeal_granted";
    const places = [...given.split(" "), "clear", "unrated", "gold_line", "closed", "fuzzed", "seller", "s"];
    for (const [index, place] of places.entries())
      mustAnswer(whole.replaceAll(new RegExp(`\\b${place}\\b`, "g"), index % 2 === 0 ? "__proto__" : "constructor"));
    for (const line of whole.split("\n").filter((text) => text.includes(":")))
      mustAnswer(whole.replace(line, line.replace(/[a-z_ ]+(?=:)/, "__proto__")));
  });

  it("answers what is very long, very deep, very many, and what multiplies", () => {
    const [base = "", whole = ""] = seeds;
    const long = "x".repeat(50_000);
    const many = (count: number, line: (index: number) => string): string =>
      Array.from({ length: count }, (_, index) => line(index)).join("\n");
    const bomb = `a: &a [x, x]\n${many(20, (level) => `${String.fromCharCode(98 + level)}: &${String.fromCharCode(98 + level)} [*${String.fromCharCode(97 + level)}, *${String.fromCharCode(97 + level)}]`)}`;
    const hostile = [
      `title: ${long}`,
      `${long}: 1`,
      long,
      whole.replace("rate > line", `rate > ${"9".repeat(400)} %`),
      whole.replace("rate > line", `rate > ${"rate + ".repeat(200)}line`),
      whole.replace("rate > line", `rate > line and region = ${"n".repeat(10_000)}`),
      whole.replace("north: 2 %", many(3_000, (index) => `t${index}: 2 %`).replaceAll("\n", ", ")),
      whole.replace("[closed]", `[${"a, ".repeat(5_000)}a]`),
      whole.replace("    lines:\n", `    lines:\n${many(500, () => "      - { each: Monday, add: 1 point }")}\n`),
      whole.replace("caps:\n", `caps:\n${many(500, () => "  - { at most: off, when: fails }")}\n`),
      whole.replace(
        "windows:\n",
        `windows:\n${many(1_000, (index) => `  w${index}: 1 period if orders over 1 period > 3 else 2 periods`)}\n`,
      ),
      base.replace("metrics:\n", `metrics:\n${many(1_000, (index) => `  k${index}: { sum: orders, over: 7 days }`)}\n`),
      many(2_000, (index) => `k${index}: v`),
      "[".repeat(10_000),
      "{".repeat(10_000),
      `rationale: ${"[{".repeat(2_000)}`,
      `a: ${"- ".repeat(3_000)}b`,
      many(40, (level) => `${"  ".repeat(level)}a:`),
      bomb,
      "&a [*a]",
      "a: &a\n  <<: *a",
      `${"\n".repeat(60_000)}x: 1`,
      "\u0000".repeat(1_000),
      `\uFEFF${whole}`,
      whole.replaceAll("\n", "\r\n"),
      whole.replaceAll("\n", "\r"),
      `\uFEFF\uFEFF${whole}`,
      whole.replaceAll("a", "а"),
      " ".repeat(limits.policyFileBytes.value + 1),
    ];
    for (const text of hostile) mustAnswer(text);
  });
});
