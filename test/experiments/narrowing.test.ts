/** What covariates and strata would save, told from the past; and strata that are combinations of columns. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath, present } from "../../data/foundation/index.ts";
import { analyse, type ExperimentDesign, readDesign, sizeDesign, sizeFromPanel } from "../../simulations/experiments/index.ts";
import { narrowingOf } from "../../simulations/experiments/past/strata-advice.ts";
import { letterPolicy, panelOf, type SmallSeller } from "../comparison/small-market.ts";
import { designOf, observed } from "./designs.ts";

const references = packagePath("test", "experiments", "references");
const csv = readFileSync(join(references, "strata-units.csv"), "utf8");
const told = JSON.parse(readFileSync(join(references, "narrowing.json"), "utf8")) as {
  readonly strata: number;
} & Readonly<Record<"plain" | "adjusted" | "kept" | "late", { covariates: number; narrower: number; drawn: number }>>;

const text = (more = "", columns = "{ unit: seller, arm: arm }") => `experiment: tiers
title: Tiers
hypothesis: Sales rise in every tier.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: ${columns}
metrics:
  plain: { mean: gmv, role: primary, better: up, effect: 3 }
  adjusted: { mean: gmv, role: primary, better: up, covariate: before, effect: 3 }
  kept: { share: kept, role: secondary, better: up, effect: 5 points }
  late: { ratio: late of orders, role: guardrail, better: down, margin: 20 % of control, covariate: late_before of orders_before }
  median: { quantile: 50 % of gmv, role: secondary, better: up }
segments: [tier, half]
plan: { units: 400${more} }
`;

/** The file with a second column of texts, and with both in one. */
const rows = csv
  .trim()
  .split("\n")
  .map((line, index) => {
    const half = index % 3 === 0 ? "one" : "other";
    return index === 0 ? `${line},half,both` : `${line},${half},${line.split(",")[2]} ${half}`;
  });
const units = rows.slice(1).map((line) => line.split(","));
const header = present(rows[0], "a header").split(",");
const texts = (name: string): readonly string[] => units.map((cells) => cells[header.indexOf(name)] ?? "");
const numbers = (name: string): Float64Array => Float64Array.from(texts(name), Number);

function groupOf(column: string, own: readonly string[]) {
  const values = [...new Set(own)];
  return { column, values, codes: Int32Array.from(own, (value) => values.indexOf(value)) };
}

const columns: Readonly<Record<string, readonly string[]>> = {
  plain: ["gmv"],
  adjusted: ["gmv", "before"],
  kept: ["kept"],
  late: ["late", "orders", "late_before", "orders_before"],
  median: ["gmv"],
};

function advice(design: ExperimentDesign, metric: string, groups = [groupOf("tier", texts("tier"))]) {
  const index = design.metrics.findIndex(({ name }) => name === metric);
  return narrowingOf(design, index, present(columns[metric], metric).map(numbers), groups);
}

describe("what strata would save", () => {
  const design = designOf(text());

  it("is what pandas finds by the variance within strata, and what drawn experiments show", () => {
    for (const metric of ["plain", "adjusted", "kept", "late"] as const) {
      const { covariates = 0, strata } = advice(design, metric);
      const wanted = told[metric];
      expect(covariates, metric).to.be.closeTo(wanted.covariates, 1e-10);
      expect(strata[0], metric).to.include({ strata: told.strata, values: 5, small: 2 });
      expect(strata[0]?.narrower, metric).to.be.closeTo(wanted.narrower, 1e-10);
      // 40,000 draws tell a standard deviation to 0.4 %, and the ratio of two of the same units no worse.
      expect(strata[0]?.narrower, `${metric}, drawn`).to.be.closeTo(wanted.drawn, 0.008);
    }
    const { narrowingWords } = advice(design, "adjusted");
    expect(narrowingWords[0]).to.match(/^Known beforehand, before makes the interval [\d.]+ % narrower\.$/);
    expect(narrowingWords[1]).to.match(
      /^Compared within tier \(3 strata\), the interval would be [\d.]+ % narrower, as with [\d.]+ % more units; 2 of its 5 values, with fewer than 10 units of an arm or beyond the largest 19, are taken together\.$/,
    );
  });

  it("is told of the two best columns crossed, and not of one that saves nothing", () => {
    const noise = units.map((_, index) => `n${index % 4}`);
    const level = numbers("gmv");
    const size = Array.from(level, (value) => (value > 60 ? "large" : "small"));
    const { strata, narrowingWords } = advice(design, "plain", [
      groupOf("tier", texts("tier")),
      groupOf("noise", noise),
      groupOf("size", size),
    ]);
    expect(strata.map(({ columns: names }) => names.join(" and "))).to.deep.equal(["tier", "noise", "size", "size and tier"]);
    const crossed = present(strata.at(-1)?.narrower, "a gain");
    expect(crossed).to.be.above(Math.max(strata[0]?.narrower ?? 0, strata[2]?.narrower ?? 0));
    expect(strata[1]?.narrower).to.be.below(0.005);
    expect(narrowingWords.at(1)).to.match(/^Compared within noise \(4 strata\), the interval would be (no narrower|[\d.]+ % wider)/);
    // The combinations are those of one column that holds both.
    const both = size.map((value, index) => `${value} ${texts("tier")[index]}`);
    expect(advice(design, "plain", [groupOf("both", both)]).strata[0]?.narrower).to.be.closeTo(crossed, 1e-12);
  });

  it("is refused where it cannot be known, and says why", () => {
    const words = (metric: string, of: ExperimentDesign, groups?: Parameters<typeof advice>[2]) =>
      advice(of, metric, groups).narrowingWords.join(" ");
    expect(words("median", design)).to.equal("A quantile takes no covariate and is compared without strata.");
    expect(words("plain", design, [])).to.equal("The dataset has no column of texts that arms could be compared within.");
    const one = [
      groupOf(
        "tier",
        units.map(() => "gold"),
      ),
    ];
    expect(words("plain", design, one)).to.equal("Within tier: not determined, all units of the past have one value of it.");
    const few = designOf(text().replace("units: 400", "units: 24"));
    expect(words("plain", few)).to.equal("Within tier: not determined, no two of its 5 values would have 10 units in every arm.");
    expect(words("kept", few)).to.include("fewer than 20 units of an arm would have what kept counts, or have it not");
    const clusters = designOf(text().replace("{ recorded: true }", "{ recorded: true, cluster: tier }").replace("[tier, half]", "[half]"));
    expect(words("plain", clusters)).to.equal("What strata would save is told where units are dealt one by one.");
  });
});

describe("what the tier held before the start would save", () => {
  const letters: Readonly<Record<string, string>> = { bronze: "s", gold: "g", silver: "w", legacy: "r", new: "u" };
  const tested = designOf(
    text(", weeks: 1")
      .replace("covariate: before", "covariate: gmv_before")
      .replace(/ {2}kept: .*\n {2}late: .*\n/, "")
      .replace("[tier, half]", "[half]"),
  );
  const [gmv, before] = [numbers("gmv"), numbers("before")];
  /** The same units over two weeks, in the tiers of the file at first, and all in one when the experiment has begun. */
  const panelWith = ({
    isRecorded,
    more = {},
  }: {
    readonly isRecorded: boolean;
    readonly more?: Readonly<Record<string, SmallSeller>>;
  }) => {
    const sellers = units.map((cells, index): [string, SmallSeller] => {
      const path = `${letters[cells[2] ?? ""] ?? "-"}g`;
      const own = { baseline: isRecorded ? "gg" : path, candidate: "gg", ...(isRecorded ? { assigned: path } : {}) };
      return [cells[0] ?? "", { ...own, gmv: [before, gmv].map((values) => Math.round(100 * (values[index] ?? Number.NaN))) }];
    });
    return panelOf({ sellers: { ...Object.fromEntries(sellers), ...more }, chunkEntities: 50 });
  };
  const ofTier = (of: ReturnType<typeof sizeFromPanel>, metric: string) => {
    const found = of.metrics.find((one) => one.metric === metric);
    return { found, advised: found?.strata.find(({ columns: names }) => names.join() === "the tier held before the start") };
  };

  for (const isRecorded of [true, false])
    it(`is what pandas finds for a column that holds it, ${isRecorded ? "of the tiers really held" : "of those that the control's policy holds"}`, () => {
      const sized = sizeFromPanel(tested, panelWith({ isRecorded }), letterPolicy("baseline"));
      for (const metric of ["plain", "adjusted"] as const) {
        const { found, advised } = ofTier(sized, metric);
        expect(advised, metric).to.include({ strata: told.strata, values: 5, small: 2 });
        expect(advised?.narrower, metric).to.be.closeTo(told[metric].narrower, 1e-10);
        expect(found?.narrowingWords.join(" ")).to.match(
          /Compared within the tier held before the start \(3 strata\), the interval would be [\d.]+ % narrower.* For the tier held before the start, let the rows of observations carry it/,
        );
      }
    });

  it("counts those who were not there yet apart, and is not told where nobody's tier is known", () => {
    const newcomers = Object.fromEntries(
      Array.from({ length: 30 }, (_, index): [string, SmallSeller] => [`z${index}`, { baseline: "g", candidate: "g", first: 1, gmv: [5] }]),
    );
    const { advised } = ofTier(sizeFromPanel(tested, panelWith({ isRecorded: false, more: newcomers }), letterPolicy("baseline")), "plain");
    expect(advised).to.include({ values: 6, strata: 4 });
    const without = sizeFromPanel(tested, panelWith({ isRecorded: false }));
    expect(ofTier(without, "plain").advised).to.equal(undefined);
    expect(ofTier(without, "plain").found?.narrowingWords.join(" ")).not.to.include("tier held");
    const whole = sizeFromPanel({ ...tested, weeks: 2, metrics: tested.metrics.slice(0, 1) }, panelWith({ isRecorded: true }));
    expect(ofTier(whole, "plain").advised).to.equal(undefined);
  });
});

describe("strata of several columns", () => {
  const of = (more: string) => designOf(text(more));

  it("are those of one column that holds their combinations, in the analysis and in sizes", async () => {
    const crossed = of(", strata: [tier, half]");
    const single = designOf(text(", strata: both").replace("[tier, half]", "[tier, half, both]"));
    const [found, wanted] = [
      analyse(crossed, await observed(crossed, rows.join("\n"))),
      analyse(single, await observed(single, rows.join("\n"))),
    ];
    expect(found.scorecard.map(({ method }) => method).join()).to.match(/post-stratified \(\d+ strata\)/);
    for (const [index, row] of wanted.scorecard.entries()) {
      const own = found.scorecard[index];
      expect([own?.absolute, own?.pValue], row.metric).to.deep.equal([row.absolute, row.pValue]);
    }
    expect(found.strataWords).to.include("within the values of tier and half");
    expect(found.segments.map(({ column }) => column)).not.to.include("tier and half");
    const balance = found.health.checks.find(({ name }) => name === "strata-balance");
    expect(balance?.finding).to.match(/^The values of tier and half are no further apart .*: bronze, other \d+ to \d+/);
    expect(balance?.pValue).to.equal(wanted.health.checks.find(({ name }) => name === "strata-balance")?.pValue);
    const sizes = async (design: ExperimentDesign) => sizeDesign(design, await observed(design, rows.join("\n"), { isHistory: true }));
    expect(await sizes(crossed)).to.deep.equal(await sizes(single));
  });

  it("have to be segments, each once", () => {
    const faults = (more: string) =>
      readDesign({ text: text(more), file: "d.yaml" }).diagnostics.map(
        ({ place, message }) => `${place?.line}:${place?.column} ${message}`,
      );
    expect(faults(", strata: [tier, haf]")).to.deep.equal(["15:36 'haf' is not one of the segments"]);
    expect(faults(", strata: [tier, tier]")).to.deep.equal(["15:36 'tier' is listed twice"]);
    expect(of(", strata: [tier]")).to.deep.equal(of(", strata: tier"));
  });
});
