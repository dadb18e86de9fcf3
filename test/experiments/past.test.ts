/** Sizes and support from a panel's own history: the numbers are those of the same units in a file, and what cannot be told is said. */
import { expect } from "chai";
import { InputRefused, lastDayOf, present, randomStream } from "../../data/foundation/index.ts";
import { type Panel, panelFromRows } from "../../data/panel/index.ts";
import { simulatePlan, sizeDesign, sizeFromPanel, supportOf, unitsFromPanel } from "../../simulations/experiments/index.ts";
import { intraclassCorrelation } from "../../simulations/experiments/past/clustering.ts";
import { firstPeriod, letterPolicy, panelOf, type SmallSeller } from "../comparison/small-market.ts";
import { designOf, observed } from "./designs.ts";

const weeks = 60;
const total = 120;

interface Week {
  readonly seller: string;
  readonly week: number;
  readonly orders: number;
  readonly late: number;
  /** Missing in some weeks. */
  readonly rating: number | undefined;
  readonly category: string;
}

/** Sellers who come and go, with a season in the last weeks of each year and sales that depend on the category. */
function history(): readonly Week[] {
  const random = randomStream(3, "history");
  const rows: Week[] = [];
  for (let index = 0; index < 400; index++) {
    const begin = index < 300 ? 0 : random.below(total);
    const end = index % 9 === 0 ? begin + 1 + random.below(total - begin) : total;
    const category = ["toys", "books", "tools", ""][random.below(4)] ?? "";
    const size = Math.exp(2 + random.normal()) * (category === "toys" ? 3 : 1);
    for (let week = begin; week < end; week++) {
      const orders = Math.round(size * (week % 52 >= 44 ? 2 : 1) * (0.5 + random.uniform()));
      const rating = random.uniform() < 0.5 ? undefined : 3 + random.below(3);
      rows.push({ seller: `s${String(index).padStart(3, "0")}`, week, orders, late: random.below(orders + 1), rating, category });
    }
  }
  return rows;
}

function panelOfHistory(rows: readonly Week[]): Panel {
  return panelFromRows({
    schema: {
      entity: "seller",
      grain: "week",
      firstPeriod,
      lastPeriod: firstPeriod + total - 1,
      measures: [
        { name: "orders", kind: "flow", unit: "count", decimals: 1, title: "Orders" },
        { name: "late", kind: "flow", unit: "count", decimals: 0, title: "Late" },
        { name: "rating", kind: "level", unit: "number", decimals: 0, title: "Rating", carryPeriods: 0 },
      ],
      attributes: [{ name: "category", scope: "entity", type: "text", title: "Category" }],
      events: [],
      outcomes: [],
      assignedTiers: [],
      knownAt: lastDayOf("week", firstPeriod + total - 1),
    },
    rows: rows.map(({ seller, week, orders, late, rating, category }) => ({
      entity: seller,
      period: firstPeriod + week,
      measures: { orders: 10 * orders, late, rating },
      attributes: category === "" ? {} : { category },
    })),
    chunkEntities: 37,
  });
}

const design = designOf(`experiment: past
title: Past
hypothesis: The past is like the future.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { salt: past }
columns: { unit: seller }
metrics:
  active: { share: late, role: primary, better: up, effect: 2 points }
  orders: { mean: orders, role: primary, better: up, effect: 5 % of control, covariate: orders_before, cap: 95 % quantile }
  late: { ratio: late of orders, role: guardrail, better: down, margin: 10 % of control }
  rating: { mean: rating, role: secondary, better: up, effect: 2 % of control, missing: leave out }
plan: { weeks: 8, units: 300 }
`);

/** The same units as a file would hold them: by hand. */
function fileOf(rows: readonly Week[], { from, to }: { readonly from: number; readonly to: number }): string {
  const inWindow = rows.filter(({ week }) => week >= from && week <= to);
  const lines = [...new Set(inWindow.map(({ seller }) => seller))].map((seller) => {
    const own = inWindow.filter((row) => row.seller === seller);
    const before = rows.filter((row) => row.seller === seller && row.week < from && row.week >= from - (to - from + 1));
    const sum = (some: readonly Week[], of: (row: Week) => number): number => some.reduce((all, row) => all + of(row), 0);
    const rating = own.findLast((row) => row.rating !== undefined)?.rating ?? "";
    return [seller, sum(own, ({ late }) => late), sum(own, ({ orders }) => orders), sum(before, ({ orders }) => orders), rating].join(",");
  });
  return ["seller,late,orders,orders_before,rating", ...lines].join("\n");
}

describe("sizes from a panel", () => {
  const rows = history();
  const panel = panelOfHistory(rows);

  it("are those of the same units in a file, with caps, covariates and missing values", async () => {
    const found = sizeFromPanel(design, panel);
    expect(found.window.weeks).to.equal(8);
    const expected = sizeDesign(design, await observed(design, fileOf(rows, { from: total - 8, to: total - 1 }), { isHistory: true }));
    for (const [index, size] of expected.entries()) {
      const own = present(found.sizes[index], "a size");
      expect(own.history.units).to.equal(size.history.units);
      expect(own.history.value).to.be.closeTo(size.history.value, 1e-12 * Math.abs(size.history.value));
      expect(own.history.explained).to.be.closeTo(size.history.explained, 1e-9);
      expect(own.units).to.have.property("kind", size.units.kind);
      if (own.units.kind === "finding" && size.units.kind === "finding")
        expect(own.units.estimate.value).to.equal(size.units.estimate.value);
      expect(own.curve).to.have.length(size.curve.length);
    }
    const values = unitsFromPanel(design, panel);
    expect(values.units).to.equal(expected[0]?.history.units);
    const [proof] = simulatePlan({ ...design, units: 200 }, values, { seed: 1, experiments: 40 });
    expect(proof?.metric).to.equal("active");
  });

  describe("of growth", () => {
    const growing = (metric: string) =>
      designOf(`experiment: growth
title: Growth
hypothesis: Fewer leave.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { salt: growth }
columns: { unit: seller }
metrics:
  grown: { ${metric}, role: primary, better: up, effect: 5 points }
plan: { weeks: 8, units: 300 }
`);
    const spans = [...new Set(rows.map(({ seller }) => seller))].map((seller) => {
      const own = rows.filter((row) => row.seller === seller).map(({ week }) => week);
      return { first: Math.min(...own), last: Math.max(...own) };
    });
    const inWindow = spans.filter(({ last }) => last >= total - 8);
    const isThere = ({ last }: (typeof spans)[number]): boolean => last === total - 1;

    it("are of who has left by the end of the weeks", () => {
      const [size] = sizeFromPanel(growing("share: exited"), panel).sizes;
      const gone = inWindow.filter((span) => !isThere(span)).length;
      expect(gone).to.be.above(0);
      expect(size?.history).to.include({ units: inWindow.length });
      expect(size?.history.value).to.be.closeTo(gone / inWindow.length, 1e-12);
    });

    it("and of newcomers, who came in as many weeks before, who is still there", () => {
      const [size] = sizeFromPanel(growing("share: newcomer_stayed, missing: leave out"), panel).sizes;
      const newcomers = inWindow.filter(({ first }) => first >= total - 16 && first < total - 8);
      expect(newcomers.length)
        .to.be.above(2)
        .and.below(inWindow.length / 2);
      expect(size?.history).to.include({ units: newcomers.length });
      expect(size?.history.value).to.be.closeTo(newcomers.filter(isThere).length / newcomers.length, 1e-12);
    });

    it("say what is in the way", () => {
      const refusedOf = (metric: string, changed: Partial<ReturnType<typeof designOf>> = {}) => {
        try {
          sizeFromPanel({ ...growing(metric), ...changed }, panel);
          return "";
        } catch (error) {
          if (!(error instanceof InputRefused)) throw error;
          return error.diagnostics.map(({ message, cure }) => `${message}. ${cure}`).join(" ");
        }
      };
      expect(refusedOf("share: newcomer_stayed")).to.contain("would count them as gone").and.to.contain("missing: leave out");
      expect(refusedOf("mean: exited")).to.contain("a share of units").and.to.contain("{share: exited}");
      const metrics = growing("share: exited").metrics.map((metric) => ({ ...metric, window: { fromDay: 0, days: 14 } }));
      expect(refusedOf("share: exited", { metrics })).to.contain("without a window of days");
      expect(refusedOf("share: newcomer_stayed, missing: leave out", { weeks: total })).to.contain("newcomers came in the weeks before");
      expect(refusedOf("share: exited", { weeks: total })).to.equal("");
    });
  });

  it("count a metric's window from a unit's first week on, and leave out units of which it is not over", () => {
    const window = { fromDay: 7, days: 14 };
    const metrics = design.metrics.map((metric) => (["active", "orders"].includes(metric.name) ? { ...metric, window } : metric));
    const found = sizeFromPanel({ ...design, metrics }, panel);
    const [from, to] = [total - 8, total - 1];
    const units = [...new Set(rows.filter(({ week }) => week >= from).map(({ seller }) => seller))].flatMap((seller) => {
      const own = rows.filter((row) => row.seller === seller && row.week >= from);
      const first = present(own[0], "a week").week;
      return first + 2 > to ? [] : [own.filter(({ week }) => week > first && week <= first + 2)];
    });
    const [active, orders] = found.sizes;
    expect(active?.history.units).to.equal(units.length);
    expect(active?.history.value).to.be.closeTo(units.filter((own) => own.some(({ late }) => late > 0)).length / units.length, 1e-12);
    expect(orders?.history.units).to.equal(units.length);
    expect(found.frame.units).to.be.above(units.length);
    expect(found.metrics[1]?.enrolment).to.match(/and their window is over 21 days later/);
    const days = { ...design, metrics: design.metrics.map((metric) => ({ ...metric, window: { fromDay: 0, days: 3 } })) };
    expect(() => sizeFromPanel(days, panel)).to.throw(
      InputRefused,
      "a metric counts 3 days from exposure on, and the dataset has one row a week: it does not tell these days apart",
    );
  });

  it("look at nothing from the start on", () => {
    const start = "2025-01-06";
    const early = { ...design, start };
    const found = sizeFromPanel(early, panel);
    expect(found.window.to < start).to.equal(true);
    const cut = panelOfHistory(
      rows.map((row) => (lastDayOf("week", firstPeriod + row.week) >= lastDayOf("week", 2871) ? { ...row, orders: 10 * row.orders } : row)),
    );
    expect(found.window.to).to.equal("2025-01-05");
    expect(sizeFromPanel(early, cut).sizes).to.deep.equal(found.sizes);
  });

  it("say when the units needed are there", () => {
    const { frame, metrics, sizes } = sizeFromPanel(design, panel);
    const last = rows.filter(({ week }) => week === total - 1).length;
    const came = new Set(rows.filter(({ week }) => week > total - 8).map(({ seller }) => seller));
    for (const { seller, week } of rows) if (week <= total - 8) came.delete(seller);
    expect(frame.atStart).to.equal(last);
    expect(frame.newPerWeek).to.be.closeTo(came.size / 7, 1e-12);
    for (const [index, { enrolmentWeeks, enrolment }] of metrics.entries()) {
      const units = present(sizes[index], "a size").units;
      if (units.kind === "undetermined") continue;
      const missing = units.estimate.value - last;
      if (missing <= 0) expect(enrolmentWeeks).to.equal(0);
      else expect(enrolmentWeeks).to.equal(Math.ceil(missing / (came.size / 7)));
      expect(enrolment).to.include("needs");
    }
    expect(metrics.some(({ enrolmentWeeks = 0 }) => enrolmentWeeks > 0)).to.equal(true);
  });

  it("show the season of the year before, and say where the panel does not hold it", () => {
    // The experiment's weeks, 96 to 103, are high; a year before 44 to 51 were, and 36 to 43 were not.
    const start = new Date(86_400_000 * (lastDayOf("week", firstPeriod + 95) + 1)).toISOString().slice(0, 10);
    const [, orders] = sizeFromPanel({ ...design, start }, panel).metrics;
    expect(orders?.season?.change).to.be.within(0.5, 1.2);
    expect(orders?.seasonWords).to.include("A year before, orders was");
    // As the plan itself, by what strata leave of the variance.
    const unitsOf = (more: object) => sizeFromPanel({ ...design, start, ...more }, panel).metrics[1]?.season?.units;
    const [within, without] = [unitsOf({ segments: ["category"], strata: "category" }), unitsOf({})];
    if (within?.kind !== "finding" || without?.kind !== "finding") throw new Error("units of a season");
    expect(within.estimate.value).to.be.within(0.5 * without.estimate.value, 0.95 * without.estimate.value);
    const early = new Date(86_400_000 * (lastDayOf("week", firstPeriod + 40) + 1)).toISOString().slice(0, 10);
    const [, unknown] = sizeFromPanel({ ...design, start: early }, panel).metrics;
    expect(unknown?.season).to.equal(undefined);
    expect(unknown?.seasonWords).to.equal("The dataset does not hold the same weeks of the year before.");
  });

  it("say how heavy the tail is, and what a cap saves", () => {
    const heavy = rows.map((row) => (row.seller === "s001" ? { ...row, orders: 4_000 } : row));
    const plain = designOf(
      "experiment: t\ntitle: T\nhypothesis: T.\nunit: seller\narms: { a: 50 %, b: 50 % }\nassignment: { salt: t }\ncolumns: { unit: seller }\nmetrics: { orders: { mean: orders, role: primary, better: up, effect: 5 % of control } }\nplan: { weeks: 8 }\n",
    );
    const [tail] = sizeFromPanel(plain, panelOfHistory(heavy)).metrics;
    expect(tail?.tail?.topShare).to.be.greaterThan(0.2);
    expect(tail?.tail?.unitsSaved).to.be.greaterThan(0.1);
    expect(tail?.tailWords).to.match(/The largest 1 % of units have .* of orders; a cap at the 99.9 % quantile .* saves .* of the units\./);
  });

  it("tell groups apart by their intraclass correlation, as the analysis of variance does", () => {
    // Groups of 2, 3 and 1 with means 1.5, 5.5 and 9.
    const values = [1, 2, 5, 6, 5.5, 9];
    const codes = [0, 0, 1, 1, 1, 2];
    const mean = 28.5 / 6;
    const between = (2 * (1.5 - mean) ** 2 + 3 * (5.5 - mean) ** 2 + (9 - mean) ** 2) / 2;
    const within = (0.5 + 0.5) / 3;
    const size = (6 - (4 + 9 + 1) / 6) / 2;
    expect(intraclassCorrelation(values, codes, 3)).to.be.closeTo((between - within) / (between + (size - 1) * within), 1e-14);
    expect(intraclassCorrelation([1, 2], [0, 1], 2)).to.equal(undefined);
    const { clusters } = sizeFromPanel(design, panel);
    const orders = clusters.find(({ metric }) => metric === "orders");
    expect([orders?.column, orders?.clusters]).to.deep.equal(["category", 4]);
    expect(orders?.intraclassCorrelation).to.be.within(0.02, 0.6);
    expect(orders?.words).to.include("times as many units are needed");
    expect(clusters.map(({ metric }) => metric)).to.deep.equal(["active", "orders", "late"]);
  });

  it("are refused where the panel lacks a column or the weeks", () => {
    const refusal = (asked: Parameters<typeof sizeFromPanel>[0]): readonly string[] => {
      try {
        sizeFromPanel(asked, panel);
      } catch (error) {
        if (error instanceof InputRefused)
          return error.diagnostics.map(({ code, message, near }) => `${code}: ${message}${near === undefined ? "" : ` near ${near}`}`);
        throw error;
      }
      return [];
    };
    const [, orders] = design.metrics;
    const other = { ...present(orders, "orders"), form: { kind: "mean" as const, of: "order" }, covariates: ["gmv_before"] };
    expect(refusal({ ...design, metrics: [other] })).to.deep.equal([
      "bad-observations: the dataset has no measure 'order', which the design names near orders",
      "bad-observations: the dataset has no measure 'gmv_before', which the design names",
    ]);
    expect(refusal({ ...design, weeks: total + 1 })[0]).to.match(/^period-outside: units of the past are read from the 121 weeks/);
    expect(refusal({ ...design, weeks: total })[0]).to.match(/^bad-observations: 'orders_before' is from before the experiment/);
  });
});

describe("the support of a test of policies", () => {
  const random = randomStream(9, "support");
  const sellers: Record<string, SmallSeller> = {};
  for (let index = 0; index < weeks * 10; index++) {
    const gold = index % 3 === 0;
    const touched = !gold && index % 2 === 0;
    const gmv = Array.from({ length: 12 }, () => 100 * (50 + random.below(100)));
    sellers[`s${String(index).padStart(4, "0")}`] = {
      baseline: (gold ? "g" : "s").repeat(12),
      candidate: gold ? "g".repeat(12) : touched ? `sssss${index % 50 === 2 ? "r" : "g"}${"s".repeat(6)}` : "s".repeat(12),
      gmv,
      state: index < 580 ? "west" : "east",
    };
  }
  const panel = panelOf({ sellers, chunkEntities: 100 });
  const tested = designOf(`experiment: support
title: Support
hypothesis: Some differ.
unit: seller
arms: { control: { share: 50 %, policy: letters@1.0.0 }, candidate: { share: 50 %, policy: letters@2.0.0 } }
assignment: { salt: support }
columns: { unit: seller }
metrics:
  gmv: { mean: gmv, role: primary, better: up, effect: 2 % of control }
  orders: { share: orders, role: secondary, better: up }
segments: [state, size]
plan: { weeks: 8 }
`);
  const policies = [letterPolicy("baseline"), letterPolicy("candidate")];

  it("is counted by stratum, tier and segment, and what cannot be told is named", () => {
    const { sizes } = sizeFromPanel(tested, panel);
    const [found] = supportOf(tested, panel, policies, sizes);
    const isTouched = (index: number): boolean => index % 3 !== 0 && index % 2 === 0;
    const touched = Array.from({ length: 600 }, (_, index) => index).filter(isTouched);
    const adverse = touched.filter((index) => index % 50 === 2).length;
    expect([found?.units, found?.differing]).to.deep.equal([600, touched.length]);
    const stratum = (name: string) => found?.strata.find(({ value }) => value === name);
    expect([stratum("newly adverse")?.differing, stratum("up")?.differing, stratum("down")?.gap]).to.deep.equal([
      adverse,
      touched.length - adverse,
      "none",
    ]);
    expect(stratum("newly adverse")?.gap).to.equal("too few");
    expect(found?.tiers.map(({ value, units, differing, gap }) => [value, units, differing, gap])).to.deep.equal([
      ["gold", 200, 0, "none"],
      ["standard", 400, touched.length, ""],
    ]);
    const east = found?.segments[0]?.rows.find(({ value }) => value === "east");
    expect([east?.units, east?.differing, east?.gap]).to.deep.equal([20, touched.filter((index) => index >= 580).length, "too few"]);
    const said = found?.words.join("\n") ?? "";
    expect(said).to.include(`${touched.length} units of 600 (33.3 %) would be treated otherwise under candidate`);
    expect(said).to.include("By change, no unit differs in released, down, unrated and terms: nothing can be said of them.");
    expect(said).to.include("By tier held at the start, no unit differs in gold");
    expect(said).to.include("By state, too few differ in east");
    expect(said).to.include("size is no column of the dataset");
  });

  it("gives the size in units that differ beside the plain size", () => {
    const { sizes } = sizeFromPanel(tested, panel);
    const [gmv, orders] = present(supportOf(tested, panel, policies, sizes)[0], "support").sizes;
    if (gmv?.triggered?.kind !== "finding" || gmv.plain.kind !== "finding") throw new Error("a size");
    expect(gmv.differing).to.equal(Math.ceil((gmv.triggered.estimate.value * 200) / 600));
    expect(gmv.words).to.include("units that differ among");
    expect(orders?.words).to.equal("orders is no mean of a flow: it is not analysed from the first divergence on.");
  });

  it("is smaller where the metric is adjusted for the same measure before, as the analysis will be", () => {
    // The policies part in the week before these six.
    const sizeOf = (covariates: readonly string[]) => {
      const asked = { ...tested, weeks: 6, metrics: tested.metrics.map((metric, i) => (i === 0 ? { ...metric, covariates } : metric)) };
      const [own] = present(supportOf(asked, panel, policies, sizeFromPanel(asked, panel).sizes)[0], "support").sizes;
      if (own?.triggered?.kind !== "finding") throw new Error("a size");
      return { units: own.triggered.estimate.value, words: own.words };
    };
    const [plain, adjusted, other] = [sizeOf([]), sizeOf(["gmv_before"]), sizeOf(["orders_before"])];
    expect(adjusted.units).to.be.below(0.8 * plain.units);
    expect(adjusted.words).to.include(", adjusted for gmv_before");
    expect(other.units).to.equal(plain.units);
    expect(other.words).not.to.include("adjusted for");
  });

  it("says that a policy against itself shows nothing", () => {
    const { sizes } = sizeFromPanel(tested, panel);
    const [found] = supportOf(tested, panel, [present(policies[0], "a policy"), present(policies[0], "a policy")], sizes);
    expect(found?.words[0]).to.equal("None of 600 units would be treated otherwise under candidate: this test cannot show anything.");
  });
});
