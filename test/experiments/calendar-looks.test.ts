/** Proof before launch of a plan that looks several times at a cohort: looks by the calendar, at values as they stood then. */
import { expect } from "chai";
import { lastDayOf, present, randomStream } from "../../data/foundation/index.ts";
import { panelFromRows } from "../../data/panel/index.ts";
import { simulatePlan, unitsFromPanel } from "../../simulations/experiments/index.ts";
import { groupSequentialBoundaries, groupSequentialPower } from "../../simulations/statistics/index.ts";
import { firstPeriod } from "../comparison/small-market.ts";
import { designOf } from "./designs.ts";

const weeks = 8;
const lookWeeks = [2, 4, 6, 8];

const designWith = (looks: string, more = "") =>
  designOf(`experiment: cohort
title: Cohort
hypothesis: Sales rise.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { salt: cohort }
columns: { unit: seller, day: day }
metrics:
  gmv: { mean: gmv, role: primary, better: up, effect: 3 % of control }
  active: { share: orders, role: guardrail, better: up, margin: 5 points }
plan: { looks: ${looks}, start: 2025-03-03, weeks: ${weeks}, units: 800${more} }
`);

/** Sellers who are all there on the first day: what they had sold, and whether they had an order at all, by the end of so many weeks. `stays`: of their weeks' variance what is theirs for good. */
function cohort(units: number, stays: number) {
  const random = randomStream(4, "cohort");
  const own = Array.from({ length: units }, () => Math.sqrt(stays) * random.normal());
  const sums = new Float64Array(units);
  const active = new Float64Array(units);
  const looks = [];
  for (let week = 1; week <= weeks; week++) {
    for (const unit of sums.keys()) {
      sums[unit] = (sums[unit] as number) + 10 + 4 * ((own[unit] as number) + Math.sqrt(1 - stays) * random.normal());
      if (random.uniform() < 0.1) active[unit] = 1;
    }
    if (lookWeeks.includes(week))
      looks.push({ days: 7 * week, columns: [[Float64Array.from(sums)], [Float64Array.from(active)]], firstDay: new Int32Array(units) });
  }
  return { units, columns: present(looks.at(-1), "a look").columns, looks };
}

describe("a plan's looks at a cohort, simulated", () => {
  it("keep their level and find the effect as often as group-sequential theory says, where weeks are independent", () => {
    const past = cohort(2_000, 0);
    const experiments = 300;
    const [gmv, active] = simulatePlan(designWith("4 by obrien-fleming"), past, { seed: 1, experiments });
    if (gmv?.planted?.power.kind !== "estimate" || gmv.level.kind !== "estimate") throw new Error("a proof");
    // All metrics hold the looks together: shares that only grow share less than sums of independent weeks, which widens bounds a little.
    expect(gmv.level.value).to.be.within(0.01, 0.05 + 4 * Math.sqrt((0.05 * 0.95) / experiments));
    expect(gmv.undetermined + present(active, "a guardrail").undetermined).to.equal(0);
    const values = present(past.columns[0]?.[0], "sums");
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const drift = (0.03 * mean) / Math.sqrt((variance * (1 + 1.03 ** 2)) / 400);
    const bounds = groupSequentialBoundaries({
      information: [0.25, 0.5, 0.75, 1],
      alpha: 0.05,
      sides: 2,
      form: { kind: "obrien-fleming" },
    });
    const { power } = groupSequentialPower(bounds, drift);
    expect(power).to.be.within(0.6, 0.95);
    expect(gmv.planted.power.value).to.be.closeTo(power, 0.03 + 4 * Math.sqrt((power * (1 - power)) / experiments));
    const { coverage } = gmv.planted;
    expect(coverage.kind === "estimate" && coverage.value).to.be.at.least(0.95 - 4 * Math.sqrt((0.05 * 0.95) / experiments));
  });

  it("look at values as they stood: sellers who stay what they are err less, for their looks share more than the bounds suppose", () => {
    const experiments = 200;
    const rate = (stays: number): number => {
      const [gmv] = simulatePlan(designWith("4 by pocock"), cohort(2_000, stays), { seed: 2, experiments });
      if (gmv?.level.kind !== "estimate") throw new Error("a proof");
      return gmv.level.value;
    };
    const [apart, alike] = [rate(0), rate(0.95)];
    const most = 0.05 + 4 * Math.sqrt((0.05 * 0.95) / experiments);
    expect(apart).to.be.below(most);
    expect(alike).to.be.below(most);
    expect(alike).to.be.below(apart + 0.03);
  });

  it("give the same numbers for the same seed, and say each metric once", () => {
    const run = () => simulatePlan(designWith("2 by pocock"), { ...cohort(300, 0.5) }, { seed: 3, experiments: 20 });
    expect(run()).to.deep.equal(run());
    expect(run().map(({ metric }) => metric)).to.deep.equal(["gmv", "active"]);
  });

  it("see those who had come by then, with what they had by then, as the panel has it", () => {
    const total = 30;
    const random = randomStream(9, "panel");
    const rows = Array.from({ length: 60 }, (_, index) => {
      const begin = index < 40 ? 0 : 22 + random.below(8);
      return Array.from({ length: total - begin }, (__, week) => ({
        entity: `s${String(index).padStart(2, "0")}`,
        period: firstPeriod + begin + week,
        measures: { gmv: random.below(1000), orders: random.uniform() < 0.1 ? 1 : 0 },
      }));
    }).flat();
    const panel = panelFromRows({
      schema: {
        entity: "seller",
        grain: "week",
        firstPeriod,
        lastPeriod: firstPeriod + total - 1,
        measures: [
          { name: "gmv", kind: "flow", unit: "count", decimals: 0, title: "GMV" },
          { name: "orders", kind: "flow", unit: "count", decimals: 0, title: "Orders" },
        ],
        attributes: [],
        events: [],
        outcomes: [],
        assignedTiers: [],
        knownAt: lastDayOf("week", firstPeriod + total - 1),
      },
      rows: rows.map((row) => ({ ...row, attributes: {} })),
      chunkEntities: 17,
    });
    const design = { ...designWith("4 by obrien-fleming"), start: "2099-01-05" };
    const past = unitsFromPanel(design, panel);
    const looks = present(past.looks, "looks");
    expect(looks.map(({ days }) => days)).to.deep.equal([14, 28, 42, 56]);
    const names = [...new Set(rows.map(({ entity }) => entity))].sort();
    const from = firstPeriod + total - weeks;
    for (const { days, columns, firstDay } of looks) {
      for (const [unit, name] of names.entries()) {
        const own = rows.filter(({ entity, period }) => entity === name && period >= from);
        const seen = own.filter(({ period }) => period < from + days / 7);
        const first = Math.min(...own.map(({ period }) => period));
        expect(firstDay[unit], name).to.equal(7 * (first - from));
        const sum = seen.length === 0 ? Number.NaN : seen.reduce((all, { measures }) => all + measures.gmv, 0);
        const active = seen.length === 0 ? Number.NaN : Number(seen.some(({ measures }) => measures.orders > 0));
        expect(columns[0]?.[0]?.[unit], name).to.deep.equal(sum);
        expect(columns[1]?.[0]?.[unit], name).to.deep.equal(active);
      }
    }
    expect(unitsFromPanel({ ...design, looks: { kind: "once" } }, panel)).not.to.have.property("looks");
    const [proof] = simulatePlan({ ...design, units: 60 }, past, { seed: 1, experiments: 20 });
    expect(proof?.undetermined).to.equal(0);
  });
});
