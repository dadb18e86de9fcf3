/** Two versions beside the one that both came from: which line each of them changed. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { ancestorOf, type Policy, readLibraryPolicy, readPolicy, threeWayDiff } from "../../policies/language/index.ts";

const base = readFileSync(packagePath("test", "language", "base.yaml"), "utf8");

function read(text: string): Policy {
  const { policy, diagnostics } = readPolicy({ text, file: "policy.yaml", load: () => undefined });
  if (policy === undefined) throw new RangeError(diagnostics.map(({ message }) => message).join("; "));
  return policy;
}

describe("three versions side by side", () => {
  it("says of every line who changed it", () => {
    const a = base
      .replace("value: 85", "value: 88")
      .replace("hold: 28 days", "hold: 35 days")
      .replace("late of due, over: 28 days", "late of due, over: 56 days");
    const b = base
      .replace("every week", "every month")
      .replace("hold: 28 days", "hold: 42 days")
      .replace("late of due, over: 28 days", "late of due, over: 56 days");
    expect(threeWayDiff(read(base), read(a), read(b))).to.deep.equal([
      { path: "parameters.gold_line.value", ancestor: "85", a: "88", b: "85", changedBy: "a" },
      { path: "metrics.late_rate.over", ancestor: "28 days", a: "56 days", b: "56 days", changedBy: "both alike" },
      { path: "tiers.restricted.hold", ancestor: "28 days", a: "35 days", b: "42 days", changedBy: "both differently" },
      { path: "movement.evaluate", ancestor: "every week", a: "every week", b: "every month", changedBy: "b" },
    ]);
  });

  it("leaves out what does not stand, and takes what is new or gone as a whole", () => {
    const a = base.replace("  - standard:", "  - silver: { when: rated and overall >= 75 }\n  - standard:");
    const b = base.replace("  shield: { for: 60 days, since: opened_on }\n", "").replace("adverse: true, hold: 28 days", "adverse: true");
    expect(threeWayDiff(read(base), read(a), read(b))).to.deep.equal([
      { path: "tiers.silver", a: "{ when: rated and overall >= 75 }", changedBy: "a" },
      { path: "tiers.restricted.hold", ancestor: "28 days", a: "28 days", changedBy: "b" },
      { path: "movement.shield", ancestor: "60 days since opened_on", a: "60 days since opened_on", changedBy: "b" },
    ]);
  });

  it("is empty when all three say the same", () => {
    expect(threeWayDiff(read(base), read(base), read(base))).to.deep.equal([]);
  });
});

describe("the versions that a version extends", () => {
  it("are read with it, nearest first", () => {
    expect(readLibraryPolicy("seller-performance@2.0.0").extended).to.deep.equal(["1.1.0", "1.0.0"]);
    expect(readLibraryPolicy("seller-performance@1.0.0").extended).to.deep.equal([]);
    expect(readLibraryPolicy("seller-performance@9.0.0").extended).to.deep.equal([]);
  });

  it("give the one to hold two versions against", () => {
    const one = { version: "1.0.0", extended: [] };
    const left = { version: "1.1.0", extended: ["1.0.0"] };
    const right = { version: "1.2.0", extended: ["1.0.0"] };
    const two = { version: "2.0.0", extended: ["1.1.0", "1.0.0"] };
    expect(ancestorOf(left, right)).to.equal("1.0.0");
    expect(ancestorOf(right, two)).to.equal("1.0.0");
    expect(ancestorOf(one, two)).to.equal("1.1.0");
    expect(ancestorOf(two, one)).to.equal("1.1.0");
    expect(ancestorOf(one, left)).to.equal(undefined);
    expect(ancestorOf(one, one)).to.equal(undefined);
  });
});
