/** Design files: what is read, and what is said of faults. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { designChanges, designDigest, designKeysInMarkdown, readDesign } from "../../simulations/experiments/index.ts";
import { designOf, observed, wholeDesign } from "./designs.ts";

function faults(text: string): readonly string[] {
  return readDesign({ text, file: "d.yaml" }).diagnostics.map(
    ({ code, place, message }) => `${place?.line}:${place?.column} ${code}: ${message}`,
  );
}

describe("a design file", () => {
  it("is read whole", () => {
    const design = designOf(wholeDesign);
    expect(design.arms).to.deep.equal([
      { name: "control", share: 0.5 },
      { name: "gentle", share: 0.5 },
    ]);
    expect(design.metrics.map(({ form, role, better }) => [form.kind, role, better])).to.deep.equal([
      ["share", "primary", "up"],
      ["mean", "secondary", "up"],
      ["ratio", "guardrail", "down"],
    ]);
    expect(design.metrics[0]?.effect).to.deep.equal({ value: 0.02, scale: "absolute" });
    expect(design.metrics[2]?.margin).to.deep.equal({ value: 0.1, scale: "relative" });
    expect([design.level, design.power, design.looks.kind, design.correction]).to.deep.equal([0.95, 0.8, "once", "holm"]);
  });

  for (const [what, from, to, said] of [
    ["an unknown key with its near name", "hypothesis:", "hypothesys:", /unknown-key: a design has no key 'hypothesys'/],
    ["a metric without a role", "role: primary, ", "", /missing-key: the metric 'kept' lacks 'role'/],
    [
      "a guardrail without a margin",
      ", margin: 10 % of control",
      "",
      /11:9 missing-key: the metric 'late' is a guardrail without a margin/,
    ],
    ["shares that do not add up", "gentle: 50 %", "gentle: 40 %", /5:7 out-of-range: the shares of the arms add up to 90 %/],
    ["a bare per cent as a size", "effect: 2 points", "effect: 2 %", /bad-form: a size is a share of the control's value/],
    ["nothing primary", "role: primary", "role: secondary", /missing-key: no metric is primary/],
    ["an arm without a name", "gentle: 50 %", '"": 50 %', /5:7 out-of-range: an arm has no name/],
    ["an arm that stands in the unit's column", "arm: arm }", "arm: seller }", /7:\d+ bad-form: 'seller' is the unit's column already/],
    ["a first day that is none", "looks: once", "looks: once, start: 03/04/2025", /bad-form: the first day is a day of the calendar/],
    ["a quote that is not closed", "title: A", 'title: "A', /yaml-syntax: a quote that opens before is not closed/],
    [
      "bytes instead of a text",
      "experiment",
      "\u0000PNG\u0001\u0002\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD",
      /1:1 hidden-character: the file is no text/,
    ],
    ["two forms at once", "share: kept,", "share: kept, mean: kept,", /bad-form: the metric 'kept' is mean and share at once/],
    [
      "an algorithm that correlates experiments",
      "recorded: true",
      "salt: x, algorithm: growthbook-1",
      /not independent of each other; use growthbook-2/,
    ],
    ["a recorded arm that no column says", "arm: arm }", "}", /missing-key: the arm is recorded, and no column says it/],
    [
      "a ramp of arms that are dealt elsewhere",
      "{ recorded: true }",
      "{ recorded: true, ramp: 20 % }",
      /bad-form: 'ramp' says how arms are dealt here, and these are recorded/,
    ],
    ["a level of 5 %", "level: 95 %", "level: 5 %", /out-of-range: the level is above 50 %/],
    [
      "looks at shares of units that nobody states",
      "looks: once",
      "looks: 3 by pocock",
      /missing-key: a plan of 3 looks states its 'units'/,
    ],
    ["looks that nobody knows", "looks: once", "looks: 3 by bonferroni", /bad-form: looks are spent by obrien-fleming or by pocock/],
  ] as const) {
    it(`says of ${what} where it is`, () => {
      const found = faults(wholeDesign.replace(from, to));
      expect(
        found.some((fault) => said.test(fault)),
        found.join("\n"),
      ).to.equal(true);
    });
  }

  it("has an identity that words in another order do not change, and changes path by path", () => {
    const design = designOf(wholeDesign);
    expect(designDigest(designOf(wholeDesign.replace("level: 95 %, power: 80 %", "power: 80 %, level: 95 %")))).to.equal(
      designDigest(design),
    );
    const other = designOf(wholeDesign.replace("margin: 10 % of control", "margin: 20 % of control"));
    expect(designChanges(design, other)).to.deep.equal([{ path: "metrics.late.margin.value", from: "0.1", to: "0.2" }]);
    expect(designChanges(design, design)).to.deep.equal([]);
  });

  it("has its keys in simulations/README.md as the table says them", () => {
    const readme = readFileSync(packagePath("simulations", "README.md"), "utf8");
    expect(readme).to.include(`-->\n${designKeysInMarkdown()}<!-- end of design keys -->`);
  });

  it("names the columns that a file lacks, with the near one", async () => {
    let message = "";
    await observed(designOf(wholeDesign), "seller,arm,kept,order,late,before,region\n").catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.match(/no column 'orders'/);
  });
});
