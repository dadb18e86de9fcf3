/** Caps, traffic, displacement and fees in one market, to the cent: against a second derivation in NumPy, seller by seller and with every way of lying over the days. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath, present } from "../../data/foundation/index.ts";
import { compare, readAssumptions, type SalesImpact } from "../../simulations/comparison/index.ts";
import { letterPolicy, panelOf, type SmallSeller } from "./small-market.ts";

interface Reference {
  readonly caps: readonly { readonly highest: number; readonly lowest: number }[];
  readonly cases: readonly {
    readonly totalTraffic: "held" | "free";
    readonly steps: readonly number[];
    readonly revenue: number;
    readonly winners: number;
    readonly losers: number;
  }[];
}

const { caps, cases } = JSON.parse(readFileSync(packagePath("test", "comparison", "references", "layers.json"), "utf8")) as Reference;

/** The same sellers as in references/layers.py. */
const sellers = Object.fromEntries(
  Array.from({ length: 90 }, (_, i): readonly [string, SmallSeller] => {
    const orders = (i * 31) % 97;
    const tier = (place: number): string => "gswr".charAt(place % 4);
    return [
      `s${String(i).padStart(3, "0")}`,
      {
        baseline: tier(i * 5 + Math.floor(i / 7)),
        candidate: tier(i * 3 + Math.floor(i / 5)),
        assigned: i % 2 === 0 ? "g" : "s",
        gmv: [orders > 0 ? 1000 + ((i * i * 7919) % 100_003) : 0],
        orders: [orders],
      },
    ];
  }),
);

function salesOf(totalTraffic: "held" | "free"): SalesImpact {
  const consequences = [
    { traffic: 1.2, fee: 0.08 },
    { fee: 0.1 },
    { traffic: 0.8, fee: 0.12, ordersPerDayMax: 9 },
    { traffic: 0.5, fee: 0.14, ordersPerDayMax: 5 },
  ];
  const same = (value: number): string => `{ about: a, source: b, low: ${value}, central: ${value}, high: ${value} }`;
  const text = `assumptions: layers
title: Layers
total_traffic: ${totalTraffic}
near_points: 0
traffic_elasticity: ${same(0.7)}
displacement: ${same(0.45)}
improvement: ${same(0)}
day_spread: ${same(0.25)}
`;
  const [found] = compare({
    baseline: letterPolicy("baseline", { consequences }),
    candidates: [letterPolicy("candidate", { consequences })],
    panel: panelOf({ sellers }),
    seed: 1,
    replicates: 20,
    assumptions: present(readAssumptions(text, "layers.yaml").assumptions, "assumptions"),
  }).candidates;
  return present(found?.sales, "sales");
}

describe("layers of sales, seller by seller in NumPy", () => {
  for (const expected of cases) {
    it(`sum from the same steps to the cent: ${expected.totalTraffic} traffic`, () => {
      const { mechanical, scenarios } = salesOf(expected.totalTraffic);
      if (mechanical.caps?.kind !== "range") throw new Error("no range");
      expect([mechanical.caps.baseline, mechanical.caps.candidate]).to.deep.equal(caps);
      const central = present(
        scenarios.find(({ name }) => name === "central"),
        "central",
      );
      expect(central.steps.map(({ value }) => value)).to.deep.equal([...expected.steps, 0]);
      expect(central.change.kind === "estimate" ? central.change.value : undefined).to.equal(
        expected.steps.reduce((sum, step) => sum + step, 0),
      );
      expect(central.revenue?.kind === "estimate" ? central.revenue.value : undefined).to.equal(Math.round(expected.revenue));
      expect(central).to.include({ winners: expected.winners, losers: expected.losers });
    });
  }
});
