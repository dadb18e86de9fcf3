/** The layers of sales on a report: titles that their numbers bear, tables that equal their files, and every number as CSV. */
import { expect } from "chai";
import type { HarmPrevented, SalesImpact, SalesScenario } from "../../simulations/comparison/index.ts";
import { type Estimated, estimated, undetermined } from "../../simulations/statistics/index.ts";
import { describeReport, figureCsv, type Report, renderReport, reportCsv } from "../../views/index.ts";
import type { Block, Figure } from "../../views/report/report.ts";
import { sampleComparison, sampleReportContext } from "./sample-comparison.ts";

const interval = (value: number, lower: number, upper: number): Estimated =>
  estimated({ value, lower, upper, level: 0.95, method: "percentile", n: 12_400, assumptions: ["another draw"] });
const exact = (value: number): Estimated => estimated({ value, method: "recorded history", n: 12_400 });

function scenario(name: SalesScenario["name"], change: Estimated): SalesScenario {
  const value = change.kind === "estimate" ? change.value : 0;
  return {
    name,
    steps: [
      { step: "caps", value: -1000 },
      { step: "traffic", value: value + 1000 },
      { step: "total-traffic", value: 0 },
      { step: "displacement", value: 0 },
      { step: "improvement", value: 0 },
    ],
    change,
    revenue: change,
    variance: [
      { source: "sellers", share: 0.6 },
      { source: "traffic_elasticity", share: 0.3 },
      { source: "together", share: 0.1 },
    ],
    bands: [
      { band: "0 to 29 orders", entities: 8000, gmv: 100_000, change: value - 2_000_000, winners: 10, losers: 90 },
      { band: "30 to 119 orders", entities: 4400, gmv: 900_000, change: 2_000_000, winners: 60, losers: 5 },
    ],
    winners: 70,
    losers: 95,
    gained: 5_000_000 + value,
    lost: -5_000_000,
  };
}

const group = {
  entities: 146,
  harmful: 20,
  fine: 60,
  unlabelled: 66,
  orders: 400,
  gmv: 900_000,
  lead: { median: 3, restrictedLater: 15, never: 5 },
};

const harm: HarmPrevented = {
  at: "2025-06-29",
  windowTo: "2025-07-27",
  source: "all",
  newlyAdverse: group,
  released: { ...group, entities: 87, harmful: 4, orders: 100, lead: { restrictedLater: 0, never: 4 } },
  orders: interval(300, 200, 400),
  gmv: exact(700_000),
  breakEven: [
    { scenario: "none", change: 0, ordersPrevented: 0, value: undetermined("no bad order is prevented", "another scenario") },
    { scenario: "central", change: -300_000, ordersPrevented: 60, value: exact(5000) },
  ],
};

function impact(parts: Partial<SalesImpact> = {}): SalesImpact {
  return {
    at: "2025-09-28",
    currency: "USD",
    windowFrom: "2025-09-01",
    total: 70_570_000_000,
    inForce: {
      entities: 12_400,
      unknown: 0,
      capped: { entities: 24, gmv: 4_000_000 },
      lifted: { baseline: 5, candidate: 6 },
      beyondCap: 0,
    },
    mechanical: {
      caps: {
        kind: "range",
        baseline: { lowest: -900, highest: -100 },
        candidate: { lowest: -2900, highest: -400 },
        change: { lowest: exact(-2000), highest: exact(-300) },
        entities: 9,
      },
      revenue: {
        baseline: 10,
        candidate: 20,
        fees: exact(10),
        capped: { lowest: -4, highest: -1 },
        total: { lowest: 6, highest: 9 },
        unstated: 0,
      },
      holds: { baseline: 0, candidate: 334_687_354, change: exact(334_687_354), unstated: 0 },
    },
    scenarios: [
      scenario("none", exact(-1000)),
      scenario("low", interval(-1_000_000, -2_000_000, -500_000)),
      scenario("central", interval(-3_000_000, -6_000_000, -1_000_000)),
      scenario("high", interval(-9_000_000, -20_000_000, -5_000_000)),
    ],
    harm,
    ...parts,
  };
}

function reportOf(sales: SalesImpact): Report {
  const sample = sampleComparison();
  return describeReport({ ...sample, candidates: sample.candidates.map((candidate) => ({ ...candidate, sales })) }, sampleReportContext());
}

function titlesOf(sales: SalesImpact): readonly string[] {
  return [...figuresOf(sales), ...blocksOf(sales).filter((block) => block.kind === "finding")].map(({ title }) => title);
}

function figuresOf(sales: SalesImpact): readonly Figure[] {
  return blocksOf(sales).flatMap((block) => (block.kind === "figure" ? [block.figure] : block.kind === "pair" ? block.figures : []));
}

function blocksOf(sales: SalesImpact): readonly Block[] {
  return reportOf(sales).sections.find(({ id }) => id === "sales")?.blocks ?? [];
}

describe("the layers of sales on a report", () => {
  it("say in the answer what the central assumptions come to, and claim no direction that the interval does not bear", () => {
    const [none, low, , high] = impact().scenarios as [SalesScenario, SalesScenario, SalesScenario, SalesScenario];
    const answer = (central: SalesScenario): string =>
      reportOf(impact({ scenarios: [none, low, central, high] }))
        .answer.map(({ text }) => text)
        .join("");
    expect(answer(scenario("central", interval(-3_000_000, -6_000_000, -1_000_000)))).to.include(
      "under a different consequence; central assumptions: about $30,000 lost. ",
    );
    expect(answer(scenario("central", interval(250_000_000, -6_000_000, 500_000_000)))).to.include(
      "under a different consequence; whether sales rise or fall is not clear. ",
    );
    expect(answer(scenario("central", exact(0)))).to.include("under a different consequence; whether sales rise or fall is not clear. ");
    const silent = [
      { ...scenario("central", exact(0)), lost: 0, gained: 0 },
      scenario("central", undetermined("nothing is known", "assumptions")),
    ];
    for (const one of silent) expect(answer(one)).to.include("come under a different consequence. ");
  });

  it("claim a direction where the intervals of all three scenarios have the same", () => {
    expect(titlesOf(impact())).to.include("Under central assumptions sales fall by about $30,000, less than 0.1\u00a0% of all");
    expect(titlesOf(impact({ total: 70_570_000 }))).to.include("Under central assumptions sales fall by about $30,000, 4.3\u00a0% of all");
  });

  it("claim none where an interval holds 0, or there is none", () => {
    const unclear = "Under central assumptions some sellers lose about $50,000 of sales; whether sales rise or fall is not clear";
    const [none, low, central, high] = impact().scenarios as [SalesScenario, SalesScenario, SalesScenario, SalesScenario];
    expect(titlesOf(impact({ scenarios: [none, low, central, scenario("high", interval(1, -2, 3))] }))).to.include(
      "Under central assumptions some sellers lose about $50,000 of sales; whether sales fall depends on the assumptions",
    );
    expect(titlesOf(impact({ scenarios: [none, low, scenario("central", interval(-5, -9, 4)), high] }))).to.include(unclear);
    expect(titlesOf(impact({ scenarios: [none, low, scenario("central", exact(-5)), high] }))).to.include(unclear);
  });

  it("say that nobody sells more or less where that is so", () => {
    const still = { ...scenario("central", exact(0)), gained: 0, lost: 0, bands: [], variance: [] };
    expect(titlesOf(impact({ scenarios: [still] }))).to.include("Under central assumptions no seller sells more or less");
  });

  it("name the size that loses most and the one that gains most", () => {
    expect(titlesOf(impact())).to.include(
      "Sellers with 0 to 29 orders lose about $50,000 in all, and those with 30 to 119 orders gain about $20,000",
    );
    const [none, low, central, high] = impact().scenarios as [SalesScenario, SalesScenario, SalesScenario, SalesScenario];
    const between = { band: "120 to 999 orders", entities: 900, gmv: 800_000, change: 1_999_900, winners: 4, losers: 4 };
    const three = { ...central, bands: [...central.bands, between] };
    const bands = figuresOf(impact({ scenarios: [none, low, three, high] })).find(({ id }) => id === "sales-bands");
    expect(bands?.title).to.include("gain about $20,000");
    expect(bands?.amounts?.map(({ exact: full }) => full)).to.deep.equal(["$50,000.00", "$20,000.00"]);
  });

  it("count harm, and say what a prevented bad order must be worth", () => {
    expect(titlesOf(impact())).to.include("300 orders of sellers known to be harmful are reached earlier");
    const text = JSON.stringify(reportOf(impact()));
    expect(text).to.include(
      "is better if a prevented bad order is worth more than $50.00: in those days all sellers together sell $3,000.00 less, and the harmful ship 60.0 orders less",
    );
    expect(text).to.include("Half of the 20 known to be harmful and newly adverse are restricted at least 3 weeks earlier");
    expect(titlesOf(impact({ harm: { ...harm, orders: exact(-1) } }))).to.include(
      "1 more order of sellers known to be harmful gets through",
    );
    const { harm: _, ...without } = impact();
    expect(titlesOf(without)).to.include("Harm prevented is not determined");
  });

  it("say what was in force, what is censored, and that holds are cash", () => {
    const text = JSON.stringify(reportOf(impact()));
    expect(text).to.include("24 sellers were really under a cap of orders: what it turned away is not in the panel");
    expect(text).to.include(
      "Payout holds move cash, not sales: $3,346,873.54 of cash-days more (what is held, times the days that it is held).",
    );
    const unknown = impact({ inForce: { ...impact().inForce, unknown: 12_400, capped: { entities: 0, gmv: 0 } } });
    expect(JSON.stringify(reportOf(unknown))).to.include(
      "Which tier was really in force is not known, so no consequence is taken to have been",
    );
  });

  it("say why a cap cannot be applied where orders are not counted", () => {
    const caps = undetermined("the panel counts no orders, so that a cap of orders cannot be applied", "orders");
    const report = reportOf(impact({ mechanical: { caps } }));
    expect(JSON.stringify(report)).to.include("Order caps: the panel counts no orders");
    expect(figureCsv(report, "sales-change")).not.to.include("limits");
  });

  it("have tables with the rows of their files", () => {
    const report = reportOf(impact());
    const html = renderReport(report, { mode: "full", standalone: true });
    for (const id of ["sales-change", "sales-revenue", "sales-bands", "sales-variance"]) {
      const figure = html.slice(html.indexOf(`id="figure-${id}"`)).split("</figure>")[0] ?? "";
      expect(figureCsv(report, id)?.trimEnd().split("\r\n").length, id).to.equal(figure.match(/<tr>/g)?.length ?? 0);
    }
    expect(figureCsv(report, "sales-change")).to.include("Central reaction,-30000,-60000,-10000");
    expect(figureCsv(report, "sales-change")).to.include('"Order caps alone, limits",,-20,-3');
  });

  it("are all in the long CSV, and are defined", () => {
    const sample = sampleComparison();
    const lines = reportCsv({ ...sample, candidates: sample.candidates.map((candidate) => ({ ...candidate, sales: impact() })) }).split(
      "\r\n",
    );
    const starts = (text: string) => lines.filter((line) => line.startsWith(text)).length;
    expect([starts("sales,change,"), starts('sales,"step, traffic"'), starts("sales,winners"), starts("harm,break_even")]).to.deep.equal([
      4, 4, 4, 2,
    ]);
    expect(lines.find((line) => line.startsWith("sales,change,2.0.0,,2025-09-28,,,central,"))).to.include(
      "-30000,-60000,-10000,0.95,12400",
    );
    const terms = reportOf(impact()).definitions.map(({ id }) => id);
    expect(terms).to.include.members(["sales-change", "sales-revenue", "sales-bands", "sales-variance"]);
  });
});
