/** Designs that read well and mean nothing, and files whose columns say nothing: each is told, at its place and with a cure. */
import { expect } from "chai";
import { analyse, readDesign } from "../../simulations/experiments/index.ts";
import { designOf, observed as read } from "./designs.ts";

const text = `experiment: nonsense
title: Nonsense
hypothesis: Something happens.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm, day: day }
metrics:
  kept: { share: kept, role: primary, better: up }
  gmv: { mean: gmv, role: guardrail, better: up, margin: 2 % of control }
  late: { ratio: late of orders, role: secondary, better: down }
plan: { looks: once }
`;

describe("a design that means nothing", () => {
  const rows: readonly (readonly [name: string, from: string, to: string, line: number, says: string])[] = [
    [
      "a covariate that is the outcome",
      "better: up, margin",
      "better: up, covariate: gmv, margin",
      10,
      "adjusted for its own outcome 'gmv'",
    ],
    [
      "a ratio's covariate of the outcome",
      "late of orders, role",
      "late of orders, covariate: late of orders_before, role",
      11,
      "adjusted for its own outcome 'late'",
    ],
    ["a covariate twice", "better: up, margin", "better: up, covariate: [b, b], margin", 10, "has the covariate 'b' twice"],
    ["a ratio of a column to itself", "late of orders", "orders of orders", 11, "which is 1 for everybody"],
    ["a margin that nothing crosses", "2 % of control", "100 % of control", 10, "lose everything and still be within"],
    ["segments of one unit", "plan:", "segments: [seller]\nplan:", 12, "a segment of its own"],
    ["segments that are arms", "plan:", "segments: [arm]\nplan:", 12, "no segment would have two arms"],
    ["clusters of one unit", "{ recorded: true }", "{ salt: x, cluster: seller }", 6, "a cluster of its own"],
    ["a holdout of more than all", "{ recorded: true }", "{ salt: x, holdout: { name: h, share: 150 % } }", 6, "from 0 % to 100 %"],
    ["an experiment without an end", "looks: once", "looks: once, weeks: 1000000000", 12, "1 to 520 weeks"],
    ["an experiment of one unit", "looks: once", "looks: once, units: 1", 12, "4 to 10000000000 units in all arms"],
    ["a start beyond the calendar", "looks: once", "looks: once, start: 9999-01-01", 12, "of the years 1900 to 2199"],
  ];
  for (const [name, from, to, line, says] of rows)
    it(`is refused: ${name}`, () => {
      const { design, diagnostics } = readDesign({ text: text.replace(from, to), file: "design.yaml" });
      expect(design).to.equal(undefined);
      const own = diagnostics.find(({ message }) => message.includes(says));
      expect(own, JSON.stringify(diagnostics)).not.to.equal(undefined);
      expect([own?.place?.line, (own?.cure ?? "").length > 10]).to.deep.equal([line, true]);
    });

  it("is not what reads as it should: a margin of all that a falling metric may rise, points of a ratio", () => {
    for (const [from, to] of [
      ["better: up, margin: 2 %", "better: down, margin: 150 %"],
      ["role: secondary, better: down", "role: guardrail, better: down, margin: 1 points"],
    ] as const)
      expect(readDesign({ text: text.replace(from, to), file: "design.yaml" }).diagnostics).to.deep.equal([]);
  });
});

describe("columns that say nothing", () => {
  const design = designOf(text);
  const csv = (rowOf: (unit: number) => string) =>
    ["seller,arm,day,kept,gmv,late,orders", ...Array.from({ length: 400 }, (_, i) => rowOf(i))].join("\n");
  const arm = (unit: number) => (unit % 2 === 0 ? "control" : "gentle");
  const checks = async (of: (unit: number) => string) => analyse(design, await read(design, csv(of))).health.checks;

  it("are all zeros, and so nothing is called sound", async () => {
    const found = await checks((i) => `s${i},${arm(i)},2025-03-03,0,0,0,0`);
    expect(found.filter(({ name }) => name === "constant-values").map(({ state, finding }) => [state, finding])).to.deep.equal([
      ["care", "kept is 0 for every one of 400 units: nothing can be said of kept."],
      ["care", "gmv is 0 for every one of 400 units: nothing can be said of gmv."],
      ["care", "late is 0 for every one of 400 units: nothing can be said of late."],
    ]);
  });

  it("are not those of a ratio whose denominator is one for everybody, nor those that differ between the arms", async () => {
    const found = await checks((i) => `s${i},${arm(i)},2025-03-03,${i % 3 === 0 ? 1 : 0},${i % 2},${i % 5 === 0 ? 1 : 0},1`);
    expect(found.some(({ name }) => name === "constant-values")).to.equal(false);
  });

  it("leave out an arm on a day, which is told where the others have many units then", async () => {
    const day = (i: number) => `2025-03-0${3 + Math.floor(i / 100)}`;
    const row = (i: number, own: string) => `s${i},${own},${day(i)},${i % 3 === 0 ? 1 : 0},${i % 7},${i % 5 === 0 ? 1 : 0},2`;
    const absent = (await checks((i) => row(i, i >= 100 && i < 200 ? "control" : arm(i)))).find(({ name }) => name === "absent-days");
    expect([absent?.state, absent?.finding]).to.deep.equal([
      "care",
      "On 1 of 4 days an arm has no unit where the others have many: 2025-03-04 without gentle (others 100).",
    ]);
    expect((await checks((i) => row(i, arm(i)))).some(({ name }) => name === "absent-days")).to.equal(false);
  });

  it("is asked about where a count is below 0, and not of money", async () => {
    const low = (column: string) =>
      read(
        design,
        [
          "seller,arm,day,kept,gmv,late,orders",
          ...Array.from(
            { length: 40 },
            (_, i) =>
              `s${i},${i % 2 === 0 ? "control" : "gentle"},2025-03-0${1 + (i % 4)},${i % 3 === 0 ? 1 : 0},${i % 7},${column === "late" && i === 9 ? -3 : i % 2},${column === "orders" && i === 9 ? -2 : 5}`,
          ),
        ].join("\n"),
      );
    const [first] = analyse(design, await low("late")).health.checks.filter(({ name }) => name === "below-zero");
    expect([first?.state, first?.finding]).to.deep.equal([
      "care",
      "late is below 0 for some unit, \u22123 at the least: what is counted is never less than nothing.",
    ]);
    expect((await low("orders")).belowZero).to.deep.equal([{ column: "orders", least: -2 }]);
    expect((await low("none")).belowZero).to.equal(undefined);
  });
});
