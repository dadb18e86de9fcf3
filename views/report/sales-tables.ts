/** Tables of sales: what a change is made of, what consequences do by arithmetic, what is assumed. */
import type { SalesImpact, SalesScenario } from "../../simulations/comparison/index.ts";
import { methodWords, notDetermined, numberOf } from "./estimate-words.ts";
import type { Facts } from "./facts.ts";
import type { Block, ReportTable } from "./report.ts";
import { scenarioWords } from "./sales-words.ts";

type Steps = SalesScenario["steps"][number]["step"];

const stepWords: Readonly<Record<Steps, string>> = {
  caps: "Order caps",
  traffic: "More or less traffic",
  "total-traffic": "Total traffic held: what some lose others get",
  displacement: "Lost sales that others make",
  improvement: "Those near the line improve",
};

/** A row a step, a column a scenario; the steps sum to the change. */
export function stepsTable(sales: SalesImpact): ReportTable {
  const steps = sales.scenarios[0]?.steps.map(({ step }) => step) ?? [];
  const row = (words: string, read: (scenario: SalesScenario) => number | string) => [words, ...sales.scenarios.map(read)];
  return {
    columns: [
      { title: "step", format: "text" },
      ...sales.scenarios.map(({ name }) => ({ title: scenarioWords[name], format: "money" as const })),
    ],
    rows: [
      ...steps.map((step) => row(stepWords[step], (scenario) => scenario.steps.find((one) => one.step === step)?.value ?? "")),
      row("Change of sales, in all", ({ change }) => numberOf(change) ?? notDetermined),
      row("of it gained by some", ({ gained }) => gained),
      row("of it lost by others", ({ lost }) => lost),
    ],
    currency: sales.currency,
  };
}

/** Nothing where no consequence has an arithmetic of its own. */
export function mechanicalBlock(facts: Facts, { mechanical, currency }: SalesImpact): readonly Block[] {
  const { caps, revenue, holds } = mechanical;
  const value = (estimated: SalesScenario["change"]) => numberOf(estimated) ?? notDetermined;
  const rows = [
    ...(caps?.kind === "range"
      ? [
          ["Order caps, GMV: the least that they remove", caps.baseline.highest, caps.candidate.highest, value(caps.change.highest)],
          ["Order caps, GMV: the most that they remove", caps.baseline.lowest, caps.candidate.lowest, value(caps.change.lowest)],
        ]
      : caps === undefined
        ? []
        : [[`Order caps: ${caps.reason}`, "", "", notDetermined]]),
    ...(revenue === undefined
      ? []
      : [
          ["Fees on observed sales", revenue.baseline, revenue.candidate, value(revenue.fees)],
          ["Fees on what caps remove, lowest", "", "", revenue.capped.lowest],
          ["Fees on what caps remove, highest", "", "", revenue.capped.highest],
          ["Platform revenue, lowest", "", "", revenue.total.lowest],
          ["Platform revenue, highest", "", "", revenue.total.highest],
        ]),
    ...(holds === undefined ? [] : [["Payout holds, GMV times days", holds.baseline, holds.candidate, value(holds.change)]]),
  ];
  if (rows.length === 0) return [];
  const table: ReportTable = {
    columns: [
      { title: "consequence", format: "text" },
      { title: `${facts.baselineVersion} against what was in force`, format: "money" },
      { title: `${facts.candidateVersion} against what was in force`, format: "money" },
      { title: `${facts.candidateVersion} less ${facts.baselineVersion}`, format: "money" },
    ],
    rows,
    currency,
  };
  return [{ modes: ["full", "method"], kind: "table", name: "What consequences do by their own arithmetic", table, isOpen: false }];
}

/** The assumptions with their sources, and the formula. */
export function assumptionsBlock({ assumptions, scenarios }: SalesImpact): readonly Block[] {
  if (assumptions === undefined) return [];
  const table: ReportTable = {
    columns: ["assumption", "low", "central", "high", "source"].map((title) => ({ title, format: "text" as const })),
    rows: assumptions.terms.map(({ about, low, central, high, source }) => [about, low, central, high, source]),
    currency: "",
  };
  const held =
    assumptions.totalTraffic === "held"
      ? "Total traffic is held: views that one loses are others' views."
      : "Total traffic is free: views that one loses are gone.";
  const method = scenarios.find(({ name }) => name === "central")?.change;
  return [
    { modes: ["method"], kind: "table", name: `Assumptions: ${assumptions.name}`, table, isOpen: true },
    {
      modes: ["method"],
      kind: "note",
      title: "How scenarios are computed",
      paragraphs: [
        "Sales under a policy = (observed sales - what its caps remove) x (its traffic / the traffic really in force) ^ elasticity. Of what caps turn away (and, when total traffic is free, of what less traffic loses) a share moves to those from whom nothing is taken. A share of the newly adverse near the line keeps what it had. Caps are taken of observed orders: at a tier that has less traffic as well, both together overstate the loss.",
        `${held} Near the line: within ${assumptions.nearPoints} points of the headline score. ${assumptions.title}.`,
        ...(method === undefined ? [] : [`Interval: ${methodWords(method)}`]),
      ],
    },
  ];
}
