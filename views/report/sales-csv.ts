/** The layers of sales as rows of the long table: a number, or an estimate, with its key and its definition. */
import type { HarmPrevented, Mechanical, SalesImpact, SalesScenario } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";

/** One row; amounts of money are in minor units until `divisor` divides them. */
export interface SalesCsvRow {
  readonly section: string;
  readonly date: string;
  readonly figure: string;
  readonly group?: string;
  readonly version?: string;
  readonly found: number | Estimated;
  readonly divisor: number;
  readonly definition: string;
}

/** Every number of the layers. */
export function salesCsvRows({ at, currency, mechanical, scenarios, harm }: SalesImpact): readonly SalesCsvRow[] {
  return [
    ...mechanicalRows(mechanical, currency).map((row) => ({ section: "sales", date: at, divisor: 100, ...row })),
    ...scenarios
      .flatMap((scenario) => scenarioRows(scenario, currency))
      .map((row) => ({ section: "sales", date: at, divisor: 100, ...row })),
    ...(harm === undefined ? [] : harmRows(harm, currency).map((row) => ({ section: "harm", date: harm.at, divisor: 1, ...row }))),
  ];
}

type Part = Omit<SalesCsvRow, "section" | "date" | "divisor"> & { readonly divisor?: number };

function mechanicalRows({ caps, revenue, holds }: Mechanical, currency: string): readonly Part[] {
  const sides = (figure: string, definition: string, by: Readonly<Record<"baseline" | "candidate", number>>): readonly Part[] =>
    (["baseline", "candidate"] as const).map((version) => ({ figure, version, found: by[version], definition }));
  const removed = `GMV that order caps remove, ${currency}; against what was really in force.`;
  const change = `Through order caps, candidate less baseline, ${currency}.`;
  return [
    ...(caps === undefined
      ? []
      : caps.kind === "undetermined"
        ? [{ figure: "caps", found: caps, definition: change }]
        : [
            ...sides("caps, lowest", removed, { baseline: caps.baseline.lowest, candidate: caps.candidate.lowest }),
            ...sides("caps, highest", removed, { baseline: caps.baseline.highest, candidate: caps.candidate.highest }),
            { figure: "caps, change, lowest", found: caps.change.lowest, definition: change },
            { figure: "caps, change, highest", found: caps.change.highest, definition: change },
          ]),
    ...(revenue === undefined
      ? []
      : [
          ...sides("fees", `Fees on observed sales against those really in force, ${currency}.`, revenue),
          { figure: "fees, change", found: revenue.fees, definition: `Fees on observed sales, candidate less baseline, ${currency}.` },
          {
            figure: "revenue, change, lowest",
            found: revenue.total.lowest,
            definition: `Fees less those on what caps remove, ${currency}.`,
          },
          {
            figure: "revenue, change, highest",
            found: revenue.total.highest,
            definition: `Fees less those on what caps remove, ${currency}.`,
          },
        ]),
    ...(holds === undefined
      ? []
      : [
          ...sides("payout_holds", `GMV times days until payout against what was really in force, ${currency} x days.`, holds),
          {
            figure: "payout_holds, change",
            found: holds.change,
            definition: `GMV times days until payout, candidate less baseline, ${currency} x days.`,
          },
        ]),
  ];
}

function scenarioRows(scenario: SalesScenario, currency: string): readonly Part[] {
  const { name, steps, change, revenue, variance, bands, winners, losers, gained, lost } = scenario;
  const of = `Scenario '${name}', candidate less baseline, ${currency}.`;
  const counted = "Entities whose sales change by at least a hundredth of the larger of the two.";
  return [
    ...steps.map(({ step, value }) => ({ figure: `step, ${step}`, group: name, found: value, definition: of })),
    { figure: "change", group: name, found: change, definition: of },
    ...(revenue === undefined ? [] : [{ figure: "revenue", group: name, found: revenue, definition: `Fees. ${of}` }]),
    { figure: "gained", group: name, found: gained, definition: of },
    { figure: "lost", group: name, found: lost, definition: of },
    { figure: "winners", group: name, found: winners, divisor: 1, definition: counted },
    { figure: "losers", group: name, found: losers, divisor: 1, definition: counted },
    ...variance.map(({ source, share }) => ({
      figure: `variance, ${source}`,
      group: name,
      found: share,
      divisor: 1,
      definition: "First-order share of the variance of the change.",
    })),
    ...bands.flatMap((band) => [
      { figure: "band, change", group: `${name}: ${band.band}`, found: band.change, definition: of },
      { figure: "band, winners", group: `${name}: ${band.band}`, found: band.winners, divisor: 1, definition: counted },
      { figure: "band, losers", group: `${name}: ${band.band}`, found: band.losers, divisor: 1, definition: counted },
    ]),
  ];
}

function harmRows({ newlyAdverse, released, orders, gmv, breakEven }: HarmPrevented, currency: string): readonly Part[] {
  const groups = (["entities", "harmful", "fine", "unlabelled", "orders"] as const).flatMap((figure) =>
    [
      { group: "newly adverse", found: newlyAdverse[figure] },
      { group: "released", found: released[figure] },
    ].map((row) => ({
      figure,
      ...row,
      definition: "At the date of the labels; orders of the harmful until the other version restricts too.",
    })),
  );
  return [
    ...groups,
    { figure: "orders, net", found: orders, definition: "Orders of harmful entities reached earlier, less those let through." },
    { figure: "gmv, net", found: gmv, divisor: 100, definition: `The same as GMV, ${currency}.` },
    ...breakEven.flatMap(({ scenario, change, ordersPrevented, value }) => [
      { figure: "sales_change", group: scenario, found: change, divisor: 100, definition: `All entities, after the date, ${currency}.` },
      { figure: "bad_orders_prevented", group: scenario, found: ordersPrevented, definition: "Orders of harmful entities." },
      {
        figure: "break_even",
        group: scenario,
        found: value,
        divisor: 100,
        definition: `Better if a prevented bad order is worth more, ${currency}.`,
      },
    ]),
  ];
}
