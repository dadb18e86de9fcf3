/** What changed between two policies: which lines, in which words, and which way they pull. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { packagePath } from "../../data/foundation/index.ts";
import { describeLedgers, describePolicy, diffPolicies, type Policy, printPolicy, readPolicy } from "../../policies/language/index.ts";
import { goldenTexts } from "./golden.ts";

interface DiffRow {
  readonly replace: string;
  readonly by: string;
  readonly changes: readonly string[];
}

const base = readFileSync(packagePath("test", "language", "base.yaml"), "utf8");
const rows = parse(readFileSync(packagePath("test", "language", "diffs.yaml"), "utf8")) as readonly DiffRow[];

function read(text: string): Policy {
  const { policy, diagnostics } = readPolicy({ text, file: "policy.yaml", load: () => undefined });
  if (policy === undefined) throw new RangeError(diagnostics.map((diagnostic) => diagnostic.message).join("; "));
  return policy;
}

describe("the difference of two policies", () => {
  for (const { replace, by, changes } of rows) {
    it(`says what '${by.trim().split("\n")[0]}' instead of '${replace.trim().split("\n")[0]}' means`, () => {
      expect(base).to.include(replace);
      const [before, after] = [read(base), read(base.replace(replace, () => by))];
      const told = (a: Policy, b: Policy): readonly string[] =>
        diffPolicies(a, b).changes.map(({ path, kind, direction }) => `${path} ${kind} ${direction ?? "either way"}`);
      expect(told(before, after)).to.deep.equal(changes);
      const opposite = { stricter: "gentler", gentler: "stricter" } as Readonly<Record<string, string>>;
      const turned = changes.map((change) => {
        const [path = "", kind = "", ...direction] = change.split(" ");
        const back = kind === "added" ? "removed" : kind === "removed" ? "added" : "changed";
        return `${path} ${back} ${opposite[direction.join(" ")] ?? direction.join(" ")}`;
      });
      expect([...told(after, before)].sort()).to.deep.equal([...turned].sort());
    });
  }

  it("is empty for a policy and itself, however it is written", () => {
    const diff = diffPolicies(read(base), read(base.replace("{ sum: orders, over: 84 days }", "\n    over: 12 weeks\n    sum: orders")));
    expect(diff).to.deep.equal({ summary: "shop-health 1.0.0 -> 1.0.0: no change.", changes: [] });
  });

  it("sums up in one sentence and says each change in another", () => {
    const { summary, changes } = diffPolicies(
      read(base),
      read(
        base
          .replace("value: 85", "value: 88")
          .replace("demote: { after: 2 evaluations }", "demote: { after: 3 evaluations }")
          .replace("version: 1.0.0", "version: 1.1.0"),
      ),
    );
    expect(summary).to.equal(
      "shop-health 1.0.0 -> 1.1.0: 2 changes, 1 of them stricter and 1 gentler: gold asks for 88 instead of 85, demotion waits longer.",
    );
    expect(changes.map((change) => change.words)).to.deep.equal([
      "Gold line is 88 instead of 85.",
      "Demotion waits for 3 evaluations instead of 2.",
    ]);
    expect(changes.map(({ from, to }) => [from, to])).to.deep.equal([
      ["85", "88"],
      ["after 2 evaluations", "after 3 evaluations"],
    ]);
  });
});

describe("the description of a policy", () => {
  const golden = goldenTexts("descriptions");

  for (const name of ["base", "whole", "rest"]) {
    it(`says all of ${name}.yaml in these words, and prints it in these lines`, () => {
      const policy = read(readFileSync(packagePath("test", "language", `${name}.yaml`), "utf8"));
      golden(name, describePolicy(policy));
      golden(`${name}, printed`, printPolicy(policy));
      golden(
        `${name}, its ledgers`,
        describeLedgers(policy)
          .flatMap(({ title, sentences }) => [title, ...sentences])
          .join("\n"),
      );
    });
  }

  it("says every default and every value in words", () => {
    const text = describePolicy(read(base));
    for (const words of [
      "gold_line is 85: Gold line. It may be moved from 75 to 95.",
      "With fewer than 20 due in the window it is missing, not 0.",
      "Small volumes are taken as they are (default: no shrinking, no Wilson bound).",
      "It leans towards 6 % as if 20 more cases at that share had been seen.",
      "late_zero (8 %) gives 0",
      "reviews with weight reviews_weight (40)",
      "The weight of a missing part is shared out among the others",
      "gold (Gold): when rated and trusted and clean and overall >= gold_line (85).",
      "Not adverse (default). No consequences (default).",
      "Once entered it is held for 28 days.",
      "At the first evaluation the merited tier is held at once (default: no start tier).",
      "Down: after 2 consecutive evaluations on that side, any number of tiers (default).",
      "unrated: who merits none of these.",
    ]) {
      expect(text).to.include(words);
    }
    expect(text).not.to.match(/undefined|\[object|NaN/);
  });

  it("says at which rate an amount is read in another currency", () => {
    const text = describePolicy(read(base.replace("sum: gmv,", "sum: gmv in USD,")));
    expect(text).to.include("the total of gmv in USD, over");
    expect(text).to.include(
      "    gmv in USD: each period's amount at the dataset's latest rate up to its last day, to the nearest hundredth",
    );
    expect(describePolicy(read(base))).not.to.include("rate up to");
  });

  it("says of dates that come again that they do", () => {
    const described = (evaluate: string, reset: string): string =>
      describePolicy(
        read(
          base
            .replace("evaluate: every week", `evaluate: ${evaluate}`)
            .replace("conditions:", `ledgers:\n  marks: { start: 0, lines: [{ each: ${reset}, add: 1 }], reset: ${reset} }\nconditions:`)
            .replace("  clean: ", "  clean: marks < 3 and "),
        ),
      );
    const quarter = described("first Monday of quarter", "first Monday of quarter");
    for (const words of [
      "Evaluated on the first Monday of each quarter at 00:00",
      "Each evaluation on the first Monday of each quarter adds 1.",
      "All entries end on the first Monday of each quarter, before",
    ])
      expect(quarter).to.include(words);
    const day = described("day 20 of month", "day 20 of month");
    expect(day)
      .to.include("All entries end on day 20 of each month, before")
      .and.include("Each evaluation on day 20 of each month adds 1.");
    const weekly = described("every Monday", "Monday");
    expect(weekly).to.include("Evaluated every Monday at 00:00").and.include("Each evaluation on a Monday adds 1.");
    expect(described("every month", "month")).to.include("All entries end on the first day of each month, before");
    const daily = described("every day", "day");
    expect(daily).to.include("Each evaluation adds 1.").and.include("All entries end on each day, before");
  });
});
