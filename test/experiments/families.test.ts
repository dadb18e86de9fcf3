/** Metrics that are looked at together: numbers of SciPy and statsmodels, readings that agree with them, and what they mean at each kind of look. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath, present } from "../../data/foundation/index.ts";
import { type Analysis, analyse, designDigest, sizeDesign } from "../../simulations/experiments/index.ts";
import { designOf, observed } from "./designs.ts";

const references = packagePath("test", "experiments", "references");
const units = readFileSync(join(references, "family-units.csv"), "utf8").trim();
const names = (units.split("\n")[0] ?? "").split(",").slice(2);

interface Told {
  readonly p: number;
  readonly rejected: boolean;
  readonly ends: readonly [number | null, number | null] | null;
}

const { plain, ...told } = JSON.parse(readFileSync(join(references, "families.json"), "utf8")) as Readonly<
  Record<"holm" | "benjamini-hochberg", readonly Told[]>
> & {
  readonly plain: readonly number[];
};

const text = (plan: string, role: "primary" | "secondary") => `experiment: family
title: Family
hypothesis: Some of it moves.
unit: unit
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: unit, arm: arm }
metrics:
  first: { mean: visits, role: primary, better: up }
${names
  .slice(role === "primary" ? 1 : 0)
  .map((name) => `  ${name}: { mean: ${name}, role: ${role}, better: up, effect: 0.4 }`)
  .join("\n")}
plan: { ${plan} }
`;

async function analysed(plan: string, role: "primary" | "secondary" = "secondary"): Promise<Analysis> {
  const design = designOf(text(plan, role));
  return analyse(design, await observed(design, units));
}

function near(found: number | undefined, wanted: number | null): void {
  if (wanted === null) expect(found).to.equal(undefined);
  else expect(found).to.be.closeTo(wanted, 1e-9);
}

describe("secondary metrics", () => {
  for (const correction of ["holm", "benjamini-hochberg"] as const) {
    it(`are adjusted by ${correction}, with intervals and readings that agree`, async () => {
      const { scorecard, familyWords } = await analysed(`looks: once, secondary: ${correction}`);
      expect(scorecard[0]?.adjusted).to.equal(undefined);
      for (const [index, row] of scorecard.slice(1).entries()) {
        const wanted = present(told[correction][index], row.metric);
        expect(row.adjustedPValue, row.metric).to.be.closeTo(wanted.p, 1e-9);
        expect(row.reading !== "not shown", row.metric).to.equal(wanted.rejected);
        expect(row.adjusted === undefined, row.metric).to.equal(wanted.ends === null);
        near(row.adjusted?.absolute.lower, wanted.ends?.[0] ?? null);
        near(row.adjusted?.absolute.upper, wanted.ends?.[1] ?? null);
        if (row.adjusted !== undefined) expect(row.adjusted.mayIncludeZero).to.equal(correction === "benjamini-hochberg");
        // What is read never contradicts its own interval.
        if (wanted.rejected) expect(row.words).to.match(/^(.*) is (higher|lower) under gentle/);
        else expect(row.words).to.match(/no difference is shown\. (Taken by itself: )?Differences from −/);
      }
      expect(familyWords).to.match(
        correction === "holm"
          ? /^Over the 6 comparisons of secondary metrics p-values are adjusted by Holm; .* may end at 0\.$/
          : /^Over the 6 comparisons of secondary metrics p-values are adjusted by Benjamini and Hochberg; .* may include 0\.$/,
      );
    });
  }

  it("are read one by one where the plan says nothing, which is said", async () => {
    const { scorecard, familyWords } = await analysed("looks: once");
    for (const [index, row] of scorecard.slice(1).entries()) {
      expect([row.adjustedPValue, row.adjusted]).to.deep.equal([undefined, undefined]);
      expect(row.reading !== "not shown").to.equal((plain[index] as number) < 0.05);
    }
    expect(familyWords).to.equal(
      "Over the 6 comparisons of secondary metrics nothing is adjusted: of as many without any effect about 0.3 are shown.",
    );
    expect(designDigest(designOf(text("looks: once, secondary: none", "secondary")))).to.equal(
      designDigest(designOf(text("looks: once", "secondary"))),
    );
  });

  it("share what holds at every look, and the bound of a planned one", async () => {
    const [loose, held] = [await analysed("looks: always valid"), await analysed("looks: always valid, secondary: holm")];
    const [own, orders] = [loose, held].map(({ scorecard }) => scorecard.find(({ metric }) => metric === "orders"));
    expect(orders?.adjustedPValue).to.be.above(own?.alwaysValidPValue ?? 1);
    const sequence = orders?.alwaysValid.kind === "estimate" ? orders.alwaysValid.interval : undefined;
    expect(orders?.adjusted?.absolute.lower).to.be.below(sequence?.lower ?? Number.NaN);
    expect(orders?.adjusted?.relative?.lower).to.be.below(
      orders?.judgedRelative?.kind === "estimate" ? (orders.judgedRelative.interval?.lower ?? Number.NaN) : Number.NaN,
    );
    const plan = "looks: 2 by pocock, units: 200";
    const [alone, together] = [await analysed(plan), await analysed(`${plan}, secondary: benjamini-hochberg`)];
    const bounds = [alone, together].map(({ scorecard }) => scorecard.find(({ metric }) => metric === "orders")?.look?.bound);
    expect(bounds[1]).to.be.above(bounds[0] ?? Number.NaN);
    expect(together.familyWords).to.equal("The bound is shared out over the 6 comparisons of secondary metrics.");
  });

  it("are planned at the strictest step", async () => {
    const sizes = await Promise.all(
      ["looks: once", "looks: once, secondary: holm"].map(async (plan) => {
        const design = designOf(text(plan, "secondary"));
        const [, , orders] = sizeDesign(design, await observed(design, units, { isHistory: true }));
        return orders?.units.kind === "finding" ? orders.units.estimate.value : 0;
      }),
    );
    expect(sizes[1])
      .to.be.above(sizes[0] ?? 0)
      .and.to.be.above(0);
  });
});

describe("primary metrics", () => {
  it("have intervals that agree with what Holm says of them, too", async () => {
    const { scorecard } = await analysed("looks: once", "primary");
    for (const [index, row] of scorecard.entries()) {
      const wanted = present(told.holm[index], row.metric);
      near(row.adjusted?.absolute.lower, wanted.ends?.[0] ?? null);
      near(row.adjusted?.absolute.upper, wanted.ends?.[1] ?? null);
      expect(row.words).to.include(row.metric === "orders" ? "Differences above 0 agree with the data." : "Differences");
    }
  });
});
