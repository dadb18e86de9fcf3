/** Whatever a file holds, the answer is a diagnostic: never a crash, never a hang. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { limits, packagePath } from "../../data/foundation/index.ts";
import { describePolicy, diffPolicies, formatPolicy, printPolicy, type ReadPolicy, readPolicy } from "../../policies/language/index.ts";

const base = readFileSync(packagePath("test", "language", "base.yaml"), "utf8");

function read(text: string): ReadPolicy {
  return readPolicy({
    text,
    file: "hostile.yaml",
    load: ({ version }) => ({ text: version === "1.0.0" ? base : text, file: `${version}.yaml` }),
  });
}

function refuses(text: string): readonly string[] {
  const { policy, diagnostics } = read(text);
  expect(policy).to.equal(undefined);
  expect(diagnostics.length).to.be.greaterThan(0);
  return diagnostics.map((diagnostic) => diagnostic.code);
}

describe("hostile policy files", () => {
  it("looks for tags in time linear in the text, wherever they stand, and takes no exclamation for one", () => {
    const comment = `# ${"x".repeat(500)}\n`;
    for (const text of [
      `!!map ${"#\n".repeat(30_000)}a: b`,
      `a: [${"!!map {}, ".repeat(10_000)}]`,
      `a: [${"{},".repeat(35_000)} !!map {}]`,
      Array.from({ length: 3000 }, (_, index) => `a${index}: !!map # x`).join("\n"),
      Array.from({ length: 30 }, (_, depth) => `${" ".repeat(depth)}a: !!map #\n${"#\n".repeat(1000)}`).join(""),
      `tiers: !!seq\n\n${comment}${comment}- a`,
    ])
      expect(refuses(text), text.slice(0, 40)).to.include("yaml-feature");
    const plain = base.replace(/^parameters:$/m, `parameters: # wow! # yes!\n${comment}`).replace(/^title: .*$/m, "title: Great!");
    expect(read(plain).diagnostics).to.deep.equal([]);
  });

  it("answers any small change of a policy with a policy or with diagnostics", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ":",
      ": ",
      "- ",
      ",",
      "#",
      " #",
      "'",
      '"',
      "\n",
      "\t",
      "&a ",
      "*a",
      "!t ",
      "|",
      ">",
      "%",
      "?",
      "~",
      "\u0000",
      "\u00A0",
      "é",
      "0",
      "-",
      "->",
      "if",
      "not ",
      "(",
      ")",
      "1e9",
      "__proto__",
      "\uD800",
    );
    fc.assert(
      fc.property(fc.nat(base.length), fc.nat(12), fc.array(piece, { maxLength: 3 }), (at, cut, pieces) => {
        const { policy, diagnostics } = read(base.slice(0, at) + pieces.join("") + base.slice(at + cut));
        expect(policy !== undefined || diagnostics.some((diagnostic) => diagnostic.severity === "error")).to.equal(true);
        for (const { place } of diagnostics) expect((place?.line ?? 0) >= 1 && (place?.column ?? 0) >= 1).to.equal(true);
      }),
      { numRuns: 150 },
    );
  });

  it("answers any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        refuses(text);
        formatPolicy(text, "any.yaml");
      }),
      { numRuns: 150 },
    );
  });

  it("refuses nesting without end, of every kind, without recursing into it", () => {
    const deep = 50_000;
    for (const text of [
      "[".repeat(deep),
      "{a: ".repeat(deep),
      "- ".repeat(deep),
      "? ".repeat(deep),
      Array.from({ length: 900 }, (_, level) => `${" ".repeat(level)}a:`).join("\n"),
    ]) {
      expect(refuses(text)).to.include("limit-exceeded");
    }
    refuses(`a: ${"- ".repeat(deep)}`);
    expect(
      refuses(
        Array.from({ length: 60 }, (_, level) => `${" ".repeat(level)}a:`)
          .join("\n")
          .concat(" b"),
      ),
    ).to.deep.equal(["limit-exceeded"]);
    expect(refuses(base.replace("rated and home", `${"not ".repeat(5000)}home`))).to.include("limit-exceeded");
    expect(refuses(base.replace("rated and home", `${"(".repeat(5000)}home`))).to.include("limit-exceeded");
    expect(refuses(base.replace("value: strikes / recent_orders", `value: strikes + ${"- ".repeat(5000)}strikes`))).to.include(
      "limit-exceeded",
    );
    expect(refuses(base.replace("rated and home", Array.from({ length: 600 }, () => "home").join(" and ")))).to.include("limit-exceeded");
  });

  it("refuses what is too large, by name of the limit", () => {
    const { diagnostics } = read(`title: ${"x".repeat(limits.policyFileBytes.value)}`);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).to.deep.equal(["limit-exceeded"]);
    // Of a file no more than the limit and a byte is read, so the size is not claimed.
    expect(diagnostics[0]?.message).to.include("more than 131072 bytes: the limit 'policyFileBytes'");
    const many = (prefix: string, count: number, text: string): string =>
      Array.from({ length: count }, (_, index) => `  ${prefix}${index}${text}`).join("\n");
    expect(refuses(base.replace("  strikes:", `${many("m", 300, ": { sum: orders, over: 7 days }")}\n  strikes:`))).to.include(
      "limit-exceeded",
    );
    expect(refuses(base.replace("tiers:\n", `tiers:\n${many("- t", 70, ": { when: rated }")}\n`))).to.include("limit-exceeded");
  });

  it("reads names of the prototype as names that nothing defines", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"]) {
      expect(refuses(base.replace("rated and home", `${name} >= 1 and home`))).to.include("unknown-name");
      expect(refuses(base.replace("from: late_rate", `from: ${name}`))).to.include("unknown-name");
      expect(refuses(base.replace("hold: 28 days", `${name}: 28 days`))).to.include("unknown-key");
      expect(refuses(base.replace("fee: 5 %", `${name}: 5 %`))).to.include("unknown-key");
      expect(refuses(`extends: 1.0.0\nprogramme: shop-health\nversion: 1.1.0\nset:\n  ${name}.x: 1\n`)).to.include("path-not-found");
      expect(refuses(`${name}: 1\n`)).to.include("unknown-key");
    }
  });

  it("reads a byte-order mark and Windows line ends as if they were not there", () => {
    const { policy, diagnostics } = read(`\uFEFF${base.replaceAll("\n", "\r\n")}`);
    expect(diagnostics).to.deep.equal([]);
    expect(policy).to.deep.equal(read(base).policy);
    const broken = read(`\uFEFF${base.replace("overall >= 60", "overal >= 60").replaceAll("\n", "\r\n")}`);
    expect(broken.diagnostics[0]?.place).to.deep.equal(read(base.replace("overall >= 60", "overal >= 60")).diagnostics[0]?.place);
  });

  it("prints, describes and compares whatever it accepts", () => {
    const { policy } = read(base);
    if (policy === undefined) throw new RangeError("the base does not read");
    expect(printPolicy(policy)).to.include("late_zero -> 0");
    expect(describePolicy(policy)).to.include("late_zero (8 %)");
    expect(diffPolicies(policy, policy).changes).to.deep.equal([]);
  });

  it("takes no number that would be something else as a double", () => {
    expect(refuses(base.replace("overall >= 60", "overall >= 99999999999999999999"))).to.include("bad-number");
    expect(refuses(base.replace("overall >= 60", "overall >= 1e400"))).to.include("bad-number");
    expect(refuses(base.replace("overall >= 60", "overall >= NaN"))).to.include("expression-syntax");
    expect(refuses(base.replace("overall >= 60", "overall >= Infinity"))).to.include("expression-syntax");
  });
});
