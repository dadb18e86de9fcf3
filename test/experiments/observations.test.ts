/** Observations: what counts, what is refused, and that the moments are those of the units. */
import { expect } from "chai";
import { type InputRefused, present, randomStream } from "../../data/foundation/index.ts";
import { analyse, type ExperimentDesign, type Observations } from "../../simulations/experiments/index.ts";
import { mergeMoments } from "../../simulations/experiments/observations/observations.ts";
import { designOf, observed, wholeDesign } from "./designs.ts";

const header = "seller,arm,kept,orders,late,before,region";

interface Unit {
  readonly seller: string;
  readonly arm: string;
  readonly kept: number;
  readonly orders: number;
  readonly late: number;
  readonly before: number;
  readonly region: string;
}

function unitsOf(count: number): readonly Unit[] {
  const random = randomStream(7, "units");
  return Array.from({ length: count }, (_, index) => {
    const before = random.below(40);
    const orders = Math.max(0, before + random.below(9) - 4);
    return {
      seller: `s${String(index).padStart(5, "0")}`,
      arm: random.uniform() < 0.5 ? "control" : "gentle",
      kept: random.uniform() < 0.7 ? 1 : 0,
      orders,
      late: random.below(orders + 1),
      before,
      region: ["north", "south", "east"][random.below(3)] ?? "north",
    };
  });
}

function line({ seller, arm, kept, orders, late, before, region }: Unit): string {
  return [seller, arm, kept, orders, late, before, region].join(",");
}

const design = designOf(wholeDesign);

/** Mean and covariance of columns, two-pass. */
function momentsOf(units: readonly Unit[], columns: readonly ((unit: Unit) => number)[]) {
  const means = columns.map((column) => units.reduce((sum, unit) => sum + column(unit), 0) / units.length);
  const apart = (unit: Unit, i: number): number => (columns[i]?.(unit) ?? 0) - (means[i] ?? 0);
  const covariances = columns.map((_, i) =>
    columns.map((_, j) => units.reduce((sum, unit) => sum + apart(unit, i) * apart(unit, j), 0) / (units.length - 1)),
  );
  return { n: units.length, means, covariances };
}

function expectClose(found: Observations["arms"][number]["metrics"][number] | undefined, expected: ReturnType<typeof momentsOf>): void {
  const moments = present(found, "moments");
  expect(moments.n).to.equal(expected.n);
  for (const [i, mean] of expected.means.entries()) expect(moments.means[i]).to.be.closeTo(mean, 1e-11 * Math.max(1, Math.abs(mean)));
  for (const [i, row] of expected.covariances.entries())
    for (const [j, value] of row.entries()) expect(moments.covariances[i]?.[j]).to.be.closeTo(value, 1e-10 * Math.max(1, Math.abs(value)));
}

describe("observations of units", () => {
  const units = unitsOf(3_000);
  const csv = [header, ...units.map(line)].join("\n");

  it("are reduced to the moments of the units", async () => {
    const { arms, segments, caps } = await observed(design, csv);
    for (const [index, name] of ["control", "gentle"].entries()) {
      const own = units.filter(({ arm }) => arm === name);
      expect(arms[index]?.units).to.equal(own.length);
      expectClose(arms[index]?.metrics[0], momentsOf(own, [(unit) => unit.kept]));
      expectClose(arms[index]?.metrics[1], momentsOf(own, [(unit) => Math.min(unit.orders, 30), (unit) => unit.before]));
      expectClose(arms[index]?.metrics[2], momentsOf(own, [(unit) => unit.late, (unit) => unit.orders]));
      const north = segments[0]?.groups.find(({ value }) => value === "north");
      expectClose(
        north?.arms[index]?.metrics[0],
        momentsOf(
          own.filter(({ region }) => region === "north"),
          [(unit) => unit.kept],
        ),
      );
    }
    expect(caps).to.deep.equal([
      {
        metric: "orders",
        threshold: 30,
        cut: ["control", "gentle"].map((name) => units.filter(({ arm, orders }) => arm === name && orders > 30).length),
      },
    ]);
  });

  it("are the same bytes whatever the order of the rows", async () => {
    const [forwards, backwards] = [await observed(design, csv), await observed(design, [header, ...units.map(line).reverse()].join("\n"))];
    expect(JSON.stringify(backwards)).to.equal(JSON.stringify(forwards));
  });

  it("count rows that stand twice once, take the last about a unit, and set units in two arms apart", async () => {
    const [first, second, third] = units as [Unit, Unit, Unit];
    const other = third.arm === "control" ? "gentle" : "control";
    const more = [line(first), line({ ...second, kept: 1 - second.kept }), line({ ...third, arm: other })];
    const found = await observed(design, [csv, ...more].join("\n"));
    expect([found.rows, found.units, found.duplicates, found.replaced, found.crossovers]).to.deep.equal([3_003, 3_000, 1, 1, 1]);
    expect(found.arms.reduce((sum, arm) => sum + arm.units, 0)).to.equal(2_999);
    const repeated = (of: Observations) => analyse(design, of).health.checks.find(({ name }) => name === "repeated-rows")?.finding;
    expect(repeated(found)).to.equal(
      "Of 3003 rows: 1 stood there already, letter by letter: counted once. 1 gave way to a later row about the same.",
    );
    expect(repeated(await observed(design, csv))).to.equal(undefined);
    const arm = second.arm === "control" ? 0 : 1;
    const own = units
      .filter((unit) => unit.arm === second.arm && unit !== third)
      .map((unit) => (unit === second ? { ...unit, kept: 1 - unit.kept } : unit));
    expectClose(found.arms[arm]?.metrics[0], momentsOf(own, [(unit) => unit.kept]));
  });

  it("say which rows are not used, and why", async () => {
    const bad = [",control,1,2,0,1,north", "x1,red,1,2,0,1,north", "x2,control,1,many,0,1,north", "x3,control,1,2,0,,north"];
    const found = await observed(design, [csv, ...bad].join("\n"));
    expect(found.rejected).to.deep.equal([
      { code: "no-unit", count: 1, examples: ["line 3002: the unit is empty"] },
      { code: "unknown-arm", count: 1, examples: ["line 3003: arm red"] },
      { code: "bad-number", count: 1, examples: ["line 3004: orders is no number: many"] },
    ]);
    expect(found.units).to.equal(3_001);
  });

  it("sum the days of a unit, without those before exposure and after the end", async () => {
    const dated = designOf(
      wholeDesign
        .replace("columns: { unit: seller, arm: arm }", "columns: { unit: seller, arm: arm, day: day, exposed: exposed }")
        .replace("looks: once", "looks: once, start: 2025-03-03, weeks: 1"),
    );
    const rows = [
      `${header},day,exposed`,
      "a,control,0,2,1,5,north,2025-03-03,2025-03-03",
      "a,control,1,3,0,5,north,2025-03-05,2025-03-03",
      "a,control,1,9,9,5,north,2025-03-10,2025-03-03",
      "b,gentle,1,4,2,6,south,2025-03-03,2025-03-04",
      "b,gentle,0,7,1,6,south,2025-03-04,2025-03-04",
    ];
    const found = await observed(dated, rows.join("\n"));
    expect(found.rejected.map(({ code, count }) => [code, count])).to.deep.equal([
      ["after-end", 1],
      ["before-exposure", 1],
    ]);
    expect(found.arms.map(({ metrics }) => metrics.map(({ means }) => means))).to.deep.equal([
      [[1], [5, 5], [1, 5]],
      [[0], [7, 6], [1, 7]],
    ]);
    expect(found.byDay.map(({ value, arms }) => [value, arms.map((arm) => arm.units)])).to.deep.equal([
      ["2025-03-03", [1, 0]],
      ["2025-03-04", [0, 1]],
    ]);
  });

  it("have days without exposure", async () => {
    const dated = designOf(wholeDesign.replace("columns: { unit: seller, arm: arm }", "columns: { unit: seller, arm: arm, day: day }"));
    const rows = ["a,control,0,2,1,5,north,2025-03-03", "a,control,1,3,0,5,north,2025-03-05", "b,gentle,1,4,2,6,south,2025-03-04"];
    const { byDay, unexposed } = await observed(dated, [`${header},day`, ...rows].join("\n"));
    expect(byDay.map(({ value, arms }) => [value, arms.map(({ units: count }) => count)])).to.deep.equal([
      ["2025-03-03", [1, 0]],
      ["2025-03-04", [0, 1]],
    ]);
    expect(unexposed).to.equal(undefined);
  });

  it("are dealt by the design's rule, and a recorded arm that differs is set apart", async () => {
    const dealt = designOf(wholeDesign.replace("recorded: true", "salt: gold"));
    const free = await observed(dealt, csv);
    const wrong = units.length - free.arms.reduce((sum, { units: count }) => sum + count, 0);
    expect(free.misassigned).to.equal(wrong);
    const unrecorded: ExperimentDesign = { ...dealt, columns: { unit: "seller" } };
    const found = await observed(unrecorded, csv);
    expect([found.misassigned, found.arms.reduce((sum, { units: count }) => sum + count, 0)]).to.deep.equal([0, 3_000]);
    expect(wrong).to.be.within(1_300, 1_700);
  });
});

describe("observations in long form", () => {
  const numbers = ["kept", "orders", "late", "before"] as const;
  const longOf = (csv: string): string => {
    const [head = "", ...rows] = csv.split("\n");
    const names = head.split(",");
    const own = names.filter((name) => !numbers.some((number) => number === name));
    const lines = rows.flatMap((row) => {
      const cells = row.split(",");
      const cell = (name: string): string => cells[names.indexOf(name)] ?? "";
      return numbers.map((metric) => [...own.map(cell), metric, cell(metric)].join(","));
    });
    return [[...own, "metric", "value"].join(","), ...lines].join("\n");
  };

  it("give the same bytes as wide form, whatever the order of their rows", async () => {
    const csv = [header, ...unitsOf(2_000).map(line), "x1,control,1,many,0,1,north", "x2,red,1,2,0,1,north", "x3,gentle,,,0,,south"].join(
      "\n",
    );
    const { rows, ...wide } = await observed(design, csv);
    const { rows: longRows, rejected, ...long } = await observed(design, longOf(csv));
    expect([rows, longRows]).to.deep.equal([2_003, 4 * 2_003]);
    const { rejected: wideRejected, ...numbersOfWide } = wide;
    expect(JSON.stringify(long)).to.equal(JSON.stringify(numbersOfWide));
    // A row of wide form is four of this file.
    expect(rejected.map(({ code, count }) => [code, count])).to.deep.equal(wideRejected.map(({ code, count }) => [code, 4 * count]));
    expect(rejected.map(({ examples }) => examples[0])).to.deep.equal(["line 8006: arm red", "line 8003: orders is no number: many"]);
    const [head = "", ...lines] = longOf(csv).split("\n");
    const backwards = await observed(design, [head, ...lines.reverse()].join("\n"));
    expect(JSON.stringify(backwards.arms)).to.equal(JSON.stringify(long.arms));
  });

  it("count rows that stand twice once, take the last about a unit and metric, and set units in two arms apart", async () => {
    const units = unitsOf(200);
    const [first, second, third] = units as [Unit, Unit, Unit];
    const csv = [header, ...units.map(line)].join("\n");
    const own = ({ seller, arm, region }: Unit): string => [seller, arm, region].join(",");
    const other = third.arm === "control" ? "gentle" : "control";
    const more = [
      `${own(first)},kept,${first.kept}`,
      `${own(second)},kept,${1 - second.kept}`,
      `${own({ ...third, arm: other })},kept,1`,
      `${own(first)},unheard_of,7`,
    ];
    const found = await observed(design, [longOf(csv), ...more].join("\n"));
    expect([found.rows, found.units, found.duplicates, found.replaced, found.crossovers]).to.deep.equal([803, 200, 1, 1, 1]);
    const changed = units.filter((unit) => unit !== third).map((unit) => (unit === second ? { ...unit, kept: 1 - unit.kept } : unit));
    const wide = await observed(design, [header, ...changed.map(line)].join("\n"));
    expect(found.arms).to.deep.equal(wide.arms);
  });

  it("count rows that are not used as the file has them, and none of them as repeated", async () => {
    const csv = [header, ...unitsOf(200).map(line)].join("\n");
    const more = ["x1,red,north,kept,1", "x1,red,north,kept,1", "x1,red,north,orders,2", "x2,control,north,orders,many"];
    const { rows, units, rejected, duplicates, replaced } = await observed(design, [longOf(csv), ...more].join("\n"));
    expect([rows, units, duplicates, replaced]).to.deep.equal([804, 200, 0, 0]);
    expect(rejected.map(({ code, count }) => [code, count])).to.deep.equal([
      ["unknown-arm", 3],
      ["bad-number", 1],
    ]);
  });

  it("have days like wide form, and are refused where a metric has no row", async () => {
    const dated = designOf(
      wholeDesign
        .replace("columns: { unit: seller, arm: arm }", "columns: { unit: seller, arm: arm, day: day, exposed: exposed }")
        .replace("looks: once", "looks: once, start: 2025-03-03, weeks: 1"),
    );
    const csv = [
      `${header},day,exposed`,
      "a,control,0,2,1,5,north,2025-03-03,2025-03-03",
      "a,control,1,3,0,5,north,2025-03-05,2025-03-03",
      "a,control,1,9,9,5,north,2025-03-10,2025-03-03",
      "b,gentle,1,4,2,6,south,2025-03-03,2025-03-04",
      "b,gentle,0,7,1,6,south,2025-03-04,2025-03-04",
    ].join("\n");
    const [wide, long] = [await observed(dated, csv), await observed(dated, longOf(csv))];
    expect({ ...long, rows: 0, rejected: long.rejected.map(({ code }) => code) }).to.deep.equal({
      ...wide,
      rows: 0,
      rejected: wide.rejected.map(({ code }) => code),
    });
    let messages: readonly string[] = [];
    await observed(design, longOf([header, ...unitsOf(20).map(line)].join("\n")).replaceAll(",late,", ",lates,")).catch(
      (error: unknown) => {
        messages = (error as InputRefused).diagnostics.map(({ message, near }) => `${message} near ${near}`);
      },
    );
    expect(messages).to.deep.equal(["no row of the file has the metric 'late', which the design names near lates"]);
  });
});

describe("a ratio that leaves out", () => {
  it("counts who has no denominator among those without a value", async () => {
    const design = designOf(wholeDesign.replace("margin: 10 % of control", "margin: 10 % of control, missing: leave out"));
    const cells = [
      ["seller", "arm", "kept", "orders", "before", "late", "region"],
      ["a", "control", "1", "5", "1", "1", "x"],
      ["b", "control", "1", "", "1", "1", "x"],
      ["c", "gentle", "1", "5", "1", "", "x"],
      ["d", "gentle", "1", "5", "1", "2", "x"],
    ];
    const found = await observed(design, cells.map((row) => row.join(",")).join("\n"));
    expect(found.missing[2]).to.deep.equal([1, 1]);
    expect(found.arms.map(({ metrics }) => metrics[2]?.n)).to.deep.equal([1, 1]);
  });
});

describe("observations as summaries", () => {
  it("give what their units give", async () => {
    const units = unitsOf(2_000);
    const plain = designOf(wholeDesign.replace(", cap: 30", "").replace("segments: [region]\n", ""));
    const whole = await observed(plain, [header, ...units.map(line)].join("\n"));
    const rows = ["arm,metric,n,mean,variance,mean_2,variance_2,covariance"];
    for (const [index, { name }] of plain.arms.entries()) {
      for (const [place, { name: metric }] of plain.metrics.entries()) {
        const { n, means, covariances } = present(whole.arms[index]?.metrics[place], "moments");
        rows.push(
          [name, metric, n, means[0], covariances[0]?.[0], means[1] ?? "", covariances[1]?.[1] ?? "", covariances[0]?.[1] ?? ""].join(","),
        );
      }
    }
    const found = await observed(plain, rows.join("\n"));
    expect(found.form).to.equal("summary");
    expect(found.arms).to.deep.equal(whole.arms);
  });

  it("add up day by day, from sums and squares as well", async () => {
    const one = designOf(
      wholeDesign
        .replace(/ {2}(orders|late): .*\n/g, "")
        .replace("share: kept", "mean: kept")
        .replace("segments: [region]\n", ""),
    );
    const rows = [
      "date,arm,metric,n,sum,sum_squares",
      "2025-03-03,control,kept,2,3,5",
      "2025-03-04,control,kept,3,6,14",
      "2025-03-03,gentle,kept,2,2,2",
      "2025-03-04,red,kept,2,2,2",
    ];
    const found = await observed(one, rows.join("\n"));
    const moments = present(found.arms[0]?.metrics[0], "moments");
    // 1 2 and 1 2 3.
    expect([moments.n, moments.means[0]]).to.deep.equal([5, 9 / 5]);
    expect(moments.covariances[0]?.[0]).to.be.closeTo(0.7, 1e-14);
    expect(found.byDay.map(({ value }) => value)).to.deep.equal(["2025-03-03", "2025-03-04"]);
    expect(found.rejected).to.deep.equal([{ code: "unknown-arm", count: 1, examples: ["line 5: arm red"] }]);
  });

  it("merge in any order", () => {
    const a = {
      n: 3,
      means: [1, 2],
      covariances: [
        [1, 0.5],
        [0.5, 2],
      ],
    };
    const b = {
      n: 5,
      means: [4, -1],
      covariances: [
        [2, -0.25],
        [-0.25, 1],
      ],
    };
    const [ab, ba] = [mergeMoments(a, b), mergeMoments(b, a)];
    for (const i of [0, 1])
      for (const j of [0, 1]) expect(ab.covariances[i]?.[j]).to.be.closeTo(ba.covariances[i]?.[j] ?? Number.NaN, 1e-14);
    expect(mergeMoments(a, { n: 0, means: [0, 0], covariances: [] })).to.equal(a);
  });
});
