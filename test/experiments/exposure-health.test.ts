/** Health of exposure: who met the change, whether triggers are balanced, and whether the effect lasts. */
import { expect } from "chai";
import { formatDay, parseDay, present, randomStream } from "../../data/foundation/index.ts";
import type { SinceExposure } from "../../simulations/experiments/analysis/novelty.ts";
import { type Analysis, analyse, analyseTriggered, findTriggers } from "../../simulations/experiments/index.ts";
import { normalSurvival } from "../../simulations/statistics/index.ts";
import { designOf, observed } from "./designs.ts";
import { triggeredTest } from "./triggered-market.ts";

const design = designOf(`experiment: lasting
title: Lasting
hypothesis: It lasts.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm, day: day, exposed: exposed }
metrics:
  orders: { mean: orders, role: primary, better: up }
  active: { share: orders, role: primary, better: up }
  late: { ratio: late of orders, role: primary, better: down }
segments: [region, size]
plan: { start: 2025-03-03, weeks: 6 }
`);
const header = "seller,arm,day,exposed,orders,late,region,size";
const start = parseDay("2025-03-03") ?? 0;

interface Day {
  readonly seller: string;
  readonly arm: string;
  readonly age: number;
  readonly first: number;
  readonly orders: number;
  readonly late: number;
}

/** Units that are exposed in the first week and seen for four; the candidate sells more by `lift`, a part of it by age. */
function days(count: number, lift: (age: number) => number, seed = 1): readonly Day[] {
  const random = randomStream(seed, "days");
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const isTreated = random.uniform() < 0.5;
    const size = 1 + random.uniform();
    const first = random.below(7);
    return Array.from({ length: 28 - first }, (_, age) => {
      const orders = Math.max(0, Math.round(size * (1 + (isTreated ? lift(age) : 0)) + random.normal()));
      return {
        seller: `s${String(index).padStart(4, "0")}`,
        arm: isTreated ? "gentle" : "control",
        age,
        first,
        orders,
        late: random.below(orders + 1),
      };
    });
  });
}

function line({ seller, arm, age, first, orders, late }: Day, exposed = true): string {
  const number = Number(seller.slice(1));
  return [
    seller,
    arm,
    formatDay(start + first + age),
    exposed ? formatDay(start + first) : "",
    orders,
    late,
    number % 2 === 0 ? "north" : "south",
    "any",
  ].join(",");
}

function fileOf(rows: readonly Day[]): string {
  return [header, ...rows.map((row) => line(row))].join("\n");
}

function check(analysis: Analysis, name: string) {
  return analysis.health.checks.filter((one) => one.name === name);
}

describe("novelty", () => {
  it("is the effect of the first week against later ones, unit by unit", async () => {
    const rows = days(300, () => 0.3);
    const analysis = analyse(design, await observed(design, fileOf(rows)));
    const [orders, active, late] = analysis.sinceExposure;
    const seen = 28;
    const sums = (arm: string, span: (age: number) => boolean, of: (row: Day) => number): number =>
      rows.filter((row) => row.arm === arm && span(row.age)).reduce((sum, row) => sum + of(row) / (span(0) ? 7 : seen - row.first - 7), 0);
    const count = (arm: string): number => new Set(rows.filter((row) => row.arm === arm).map(({ seller }) => seller)).size;
    const mean = (span: (age: number) => boolean, of: (row: Day) => number): number =>
      sums("gentle", span, of) / count("gentle") - sums("control", span, of) / count("control");
    const [first, later] = [(age: number) => age < 7, (age: number) => age >= 7];
    const value = (one: SinceExposure["first"] | undefined): number => (one?.kind === "estimate" ? one.value : Number.NaN);
    expect(orders?.units).to.equal(300);
    expect(value(orders?.first)).to.be.closeTo(
      mean(first, ({ orders: own }) => own),
      1e-12,
    );
    expect(value(orders?.later)).to.be.closeTo(
      mean(later, ({ orders: own }) => own),
      1e-12,
    );
    expect(value(active?.later)).to.be.closeTo(
      mean(later, ({ orders: own }) => (own > 0 ? 1 : 0)),
      1e-12,
    );
    const ratio = (arm: string): number => sums(arm, later, (row) => row.late) / sums(arm, later, (row) => row.orders);
    expect(value(late?.later)).to.be.closeTo(ratio("gentle") - ratio("control"), 1e-12);
    expect(orders?.weeks.map(({ week, units }) => [week, units])).to.deep.equal([
      [1, 300],
      [2, 300],
      [3, 300],
      [4, new Set(rows.filter((row) => row.first === 0).map(({ seller }) => seller)).size],
    ]);
    expect(check(analysis, "novelty").map(({ state }) => state)).to.deep.equal(["sound", "sound", "sound"]);
  });

  it("is found where an effect fades, and asks for care in words", async () => {
    const analysis = analyse(design, await observed(design, fileOf(days(800, (age) => (age < 7 ? 0.6 : 0.05)))));
    const [orders] = check(analysis, "novelty");
    expect(orders?.state).to.equal("care");
    expect(orders?.finding).to.match(
      /^The effect does not last: a unit and day \+0\.\d+ in the first week after exposure and \+0\.0\d+ later \(800 units/,
    );
    expect(orders?.cure).to.include("Judge by the later weeks");
    expect(analysis.health.state).not.to.equal("sound");
  });

  it("errs no more often than it says where the effect lasts", async () => {
    let [wrong, tests] = [0, 0];
    for (let seed = 1; seed <= 12; seed++) {
      for (const { pValue = 1 } of analyse(design, await observed(design, fileOf(days(60, () => 0.3, seed)))).sinceExposure) {
        tests++;
        wrong += pValue < 0.1 ? 1 : 0;
      }
    }
    // 10 % of 36, and four standard errors.
    expect(tests).to.equal(36);
    expect(wrong).to.be.at.most(3.6 + 4 * Math.sqrt(36 * 0.09));
  });

  it("is not judged where a unit has one row only, or nobody was seen for two weeks", async () => {
    const rows = days(100, () => 0.3);
    for (const some of [rows.filter(({ age }) => age === 9), rows.filter(({ first, age }) => first + age < 12)]) {
      const analysis = analyse(design, await observed(design, fileOf(some)));
      expect(analysis.sinceExposure).to.deep.equal([]);
      expect(check(analysis, "novelty")).to.deep.equal([]);
    }
  });
});

describe("missing exposure", () => {
  const rows = days(600, () => 0.1).filter(({ age }) => age < 3);
  const fileWithout = (isExposed: (row: Day) => boolean): string => [header, ...rows.map((row) => line(row, isExposed(row)))].join("\n");

  it("is counted by arm, and asks for care", async () => {
    const analysis = analyse(
      design,
      await observed(
        design,
        fileWithout(({ seller }) => !seller.endsWith("7")),
      ),
    );
    const [found] = check(analysis, "missing-exposure");
    expect(found?.state).to.equal("care");
    expect(found?.finding).to.match(/^60 of 600 units have no day of exposure \(control \d+ of \d+, gentle \d+ of \d+\)/);
    const all = analyse(
      design,
      await observed(
        design,
        fileWithout(() => true),
      ),
    );
    expect(check(all, "missing-exposure").map(({ state }) => state)).to.deep.equal(["sound"]);
  });

  it("stops where one arm is exposed more often", async () => {
    const analysis = analyse(
      design,
      await observed(
        design,
        fileWithout(({ seller, arm }) => arm === "gentle" || !seller.endsWith("7")),
      ),
    );
    const [found] = check(analysis, "missing-exposure");
    expect(found?.state).to.equal("stop");
    expect(found?.cure).to.include("exposure depends on the arm");
    expect(analysis.recommendations[0]?.decision).to.equal("hold");
  });
});

describe("days of exposure", () => {
  const logged = async (delay: (row: Day) => number) => {
    const rows = days(400, () => 0, 4).map((row) => ({ ...row, first: row.first + delay(row), age: row.age - delay(row) }));
    return analyse(design, await observed(design, fileOf(rows.filter(({ age }) => age >= 0))));
  };

  it("are those of Mantel's test, and sound where both arms log alike", async () => {
    const [found] = check(await logged(() => 0), "exposure-days");
    const units = days(400, () => 0, 4).filter(({ age }) => age === 0);
    // r between arm and day over all units: z² = (N - 1) r².
    const mean = (of: (row: Day) => number): number => units.reduce((sum, row) => sum + of(row), 0) / units.length;
    const isTreated = ({ arm }: Day): number => (arm === "gentle" ? 1 : 0);
    const [x, y] = [mean(isTreated), mean(({ first }) => first)];
    const r =
      mean((row) => (isTreated(row) - x) * (row.first - y)) /
      Math.sqrt(mean((row) => (isTreated(row) - x) ** 2) * mean((row) => (row.first - y) ** 2));
    expect(found?.state).to.equal("sound");
    expect(found?.pValue).to.be.closeTo(2 * normalSurvival(Math.sqrt((units.length - 1) * r ** 2)), 1e-12);
    expect(found?.finding).to.match(
      /^Units met the change on average \d\.\d+ days after the first in the control and \d\.\d+ in gentle, no further/,
    );
  });

  it("stop where one arm logs exposures late, which no count of units shows", async () => {
    const analysis = await logged(({ arm, seller }) => (arm === "gentle" && Number(seller.slice(1)) % 2 === 0 ? 2 : 0));
    const [found] = check(analysis, "exposure-days");
    expect(found?.state).to.equal("stop");
    expect(found?.cure).to.include("exposures that one arm logs late");
    expect(["sample-ratio", "missing-exposure"].flatMap((name) => check(analysis, name).map(({ state }) => state))).to.deep.equal([
      "sound",
      "sound",
    ]);
    expect(analysis.recommendations[0]?.decision).not.to.equal("ship");
  });

  it("stop where all of an arm is a day late, and are not judged without exposure", async () => {
    const rows = days(400, () => 0, 4).filter(({ first }) => first === 0);
    const late = rows.map((row) => (row.arm === "gentle" ? { ...row, first: 1, age: row.age - 1 } : row)).filter(({ age }) => age >= 0);
    expect(check(analyse(design, await observed(design, fileOf(late))), "exposure-days")[0]?.state).to.equal("stop");
    expect(check(analyse(design, await observed(design, fileOf(rows))), "exposure-days")).to.deep.equal([]);
    const { exposed: _, ...columns } = design.columns;
    const without = { ...design, columns };
    expect(check(analyse(without, await observed(without, fileOf(late))), "exposure-days")).to.deep.equal([]);
  });
});

describe("trigger balance", () => {
  const test = triggeredTest(2_000, 5);
  const columns = findTriggers({ ...test, measures: ["gmv"] });
  const judged = async (stratum: Int8Array): Promise<Analysis> => {
    const analysis = analyseTriggered({ ...columns, stratum }, [{ name: "gmv", scale: 1 }], 0.95);
    return analyse(design, await observed(design, fileOf(days(300, () => 0.3))), { triggered: [{ arm: "gentle", analysis }] });
  };

  it("is a check of health beside the triggered analysis", async () => {
    const [found] = check(await judged(columns.stratum), "trigger-balance");
    expect(found?.state).to.equal("sound");
    expect(found?.finding).to.match(
      /^Units are treated otherwise as often in both arms: \d+ of \d+ in the control, \d+ of \d+ in gentle\.$/,
    );
  });

  it("stops where scoring depends on the arm", async () => {
    const analysis = await judged(columns.stratum.map((code, index) => (columns.arm[index] === 0 && index % 3 > 0 ? -1 : code)));
    const [found] = check(analysis, "trigger-balance");
    expect(found?.state).to.equal("stop");
    expect(found?.pValue).to.be.below(0.001);
    expect(analysis.health.state).to.equal("stop");
    expect(analysis.recommendations[0]?.decision).not.to.equal("ship");
  });
});

describe("segments of an analysis", () => {
  it("are tested for interaction, adjusted over all such tests, and a decision to ship says what differs", async () => {
    const rows = days(1_500, () => 0.3).filter(({ age }) => age < 3);
    const apart = rows.map((row) =>
      row.arm === "gentle" && Number(row.seller.slice(1)) % 2 === 0 ? { ...row, orders: row.orders + 1 } : row,
    );
    const analysis = analyse(design, await observed(design, fileOf(apart)));
    const tested = analysis.segments.filter(({ interactionPValue }) => interactionPValue !== undefined);
    for (const { interactionPValue = 1, adjustedInteractionPValue = 0 } of tested)
      expect(adjustedInteractionPValue).to.be.at.least(interactionPValue);
    // Cochran's Q of two segments is the square of their difference in standard errors.
    const [north, south] = analysis.segments[0]?.rows.flatMap(({ absolute }) => (absolute.kind === "estimate" ? [absolute] : [])) ?? [];
    const z = ((north?.value ?? 0) - (south?.value ?? 0)) / Math.hypot(north?.standardError ?? 0, south?.standardError ?? 0);
    expect(analysis.segments[0]?.interactionPValue).to.be.closeTo(2 * normalSurvival(Math.abs(z)), 1e-12);
    const region = present(
      analysis.segments.find(({ metric, column }) => metric === "orders" && column === "region"),
      "orders by region",
    );
    expect(region.words).to.match(/^The effect differs between the values of region \(p = .*, adjusted over \d such tests\)\.$/);
    expect(analysis.recommendations[0]).to.have.property("decision", "ship");
    expect(analysis.recommendations[0]?.reasons.at(-1)).to.equal("Read the segments first: the effect is not the same for every region.");
  });
});
