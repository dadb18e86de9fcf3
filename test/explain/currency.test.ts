/** Amounts in two currencies in one account: every number says which it is in. */
import { expect } from "chai";
import { parseDay, periodOf, present } from "../../data/foundation/index.ts";
import { type PanelSchema, panelFromRows } from "../../data/panel/index.ts";
import { accountOf, entityHistory, explainDifference, explainEntity } from "../../policies/explain/index.ts";
import { checkAgainstPanel, readPolicy } from "../../policies/language/index.ts";

const on = (text: string): number => present(parseDay(text), text);
const first = periodOf("week", on("2024-01-07"));

const schema: PanelSchema = {
  entity: "seller",
  grain: "week",
  firstPeriod: first,
  lastPeriod: first + 1,
  currency: "EUR",
  rates: [
    {
      to: "USD",
      dated: [
        { day: on("2024-01-01"), rate: 1.1 },
        { day: on("2024-01-14"), rate: 1.2 },
      ],
    },
  ],
  measures: [
    { name: "gmv", kind: "flow", unit: "money", decimals: 2, title: "Sales" },
    { name: "orders", kind: "flow", unit: "count", decimals: 0, title: "Orders" },
    { name: "balance", kind: "level", unit: "money", decimals: 2, title: "Balance", carryPeriods: 1 },
  ],
  attributes: [{ name: "region", scope: "entity", type: "text", values: ["north"], title: "Region" }],
  events: [],
  outcomes: [],
  assignedTiers: [],
  knownAt: on("2024-03-01"),
};

const text = `
programme: priced
version: 1.0.0
title: Priced
entity: seller
rationale: Amounts in two currencies.
parameters:
  line: { value: 200 USD, range: 100 USD to 300 USD }
  floor_of: { by: region, in: { north: 10 USD } }
windows:
  lookback: 1 period if gmv in USD over 2 periods >= 500 USD else 2 periods
metrics:
  dollars: { sum: gmv in USD, over: lookback, at_least: 20 USD gmv in USD }
  euros: { sum: gmv, over: 2 periods, at_least: 20 EUR gmv }
  basket: { mean: gmv in USD per orders, over: last 100 USD gmv in USD }
  left: { last: balance in USD }
ledgers:
  credit: { start: 5 USD, lines: [{ each: Monday, add: dollars }] }
tiers:
  - top: { when: dollars >= line and euros >= 150 EUR and left >= floor_of and basket > 3 USD and credit > 1 USD }
  - rest: {}
movement:
  evaluate: every Monday
`.trimStart();

function policyOf(source: string) {
  const { policy, diagnostics } = readPolicy({ text: source, file: "priced.yaml", load: () => undefined });
  expect(diagnostics.filter(({ severity }) => severity === "error")).to.deep.equal([]);
  const read = present(policy, "a policy");
  expect(checkAgainstPanel(read, schema).filter(({ severity }) => severity === "error")).to.deep.equal([]);
  return read;
}

describe("an account in two currencies", () => {
  const rows = [
    { entity: "a", period: first, measures: { gmv: 10_000, orders: 4, balance: 1_000 }, attributes: { region: "north" } },
    { entity: "a", period: first + 1, measures: { gmv: 5_000, orders: 1 } },
  ];
  const panel = panelFromRows({ schema, rows });
  const history = entityHistory(panel.schema, panel.readChunk(0), 0);

  it("says of every amount which it is in", () => {
    const account = accountOf(explainEntity(policyOf(text), schema, history, on("2024-01-14"))).replaceAll("\u00a0", " ");
    // 100 EUR at 1.1 and 50 EUR at 1.2
    for (const words of [
      "Dollars: 170.00 USD",
      "because Sales in USD over the last 2 periods (170.00 USD) is not at least 500.00 USD",
      "Euros: 150.00 EUR",
      "Basket: 34.00 USD",
      "back until Sales in USD reached 100.00 USD",
      "Left: 12.00 USD",
      "Dollars is at least 200.00 USD (it is 170.00 USD)",
      "285.00 USD",
    ])
      expect(account, account).to.include(words);
    expect(account).not.to.match(/(?:110|170|34|12|285|200)\.00 EUR/);
  });

  it("says what another line makes of it in its own currency", () => {
    const lower = policyOf(text.replace("version: 1.0.0", "version: 1.1.0").replace("value: 200 USD", "value: 150 USD"));
    const difference = explainDifference(policyOf(text), lower, schema, history, on("2024-01-14"));
    expect(JSON.stringify(difference).replaceAll("\u00a0", " ")).to.include("200.00 USD").and.to.include("150.00 USD");
  });
});
