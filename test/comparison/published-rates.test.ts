/** Group false-positive rates that others have printed, from their counts, through our own comparison. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { lastDayOf, packagePath } from "../../data/foundation/index.ts";
import { compare, type ErrorRate } from "../../simulations/comparison/index.ts";
import { firstPeriod, label, letterPolicy, panelOf, source } from "./small-market.ts";

interface Group {
  readonly name: string;
  readonly fineLow: number;
  readonly fineHigh: number;
  readonly harmfulLow: number;
  readonly harmfulHigh: number;
  readonly printed: Readonly<Record<string, string>>;
}

/** A market in which nobody is adverse under the baseline, and those scored medium or high are under the candidate. */
function ratesOf(group: Group): readonly ErrorRate[] {
  const cells = [
    ["s", 0, group.fineLow],
    ["w", 0, group.fineHigh],
    ["s", 1, group.harmfulLow],
    ["w", 1, group.harmfulHigh],
  ] as const;
  const people = cells.flatMap(([tier, harmful, count]) =>
    Array.from({ length: count }, (_, index) => ({ key: `${tier}${harmful}-${index}`, tier, harmful })),
  );
  const panel = panelOf({
    sellers: Object.fromEntries(people.map(({ key, tier }) => [key, { baseline: "s", candidate: tier }])),
    outcomes: people.map(({ key, harmful }) => label(key, "recidivism", 0, harmful)),
    sources: [source("recidivism", { horizonDays: 730, lagDays: 0 })],
    knownAt: lastDayOf("week", firstPeriod) + 730,
  });
  const { candidates } = compare({
    baseline: letterPolicy("baseline"),
    candidates: [letterPolicy("candidate")],
    panel,
    seed: 1,
    replicates: 50,
  });
  return candidates[0]?.errors.find((errors) => errors.source === "recidivism")?.candidate.rates ?? [];
}

describe("published group error rates", () => {
  const path = packagePath("test/comparison/references/compas.json");
  const published = JSON.parse(readFileSync(path, "utf8")) as { readonly source: string; readonly groups: readonly Group[] };

  for (const group of published.groups) {
    it(`come out as printed for ${group.name.toLowerCase()}`, () => {
      const rates = ratesOf(group);
      for (const [name, printed] of Object.entries(group.printed)) {
        const rate = rates.find((one) => one.name === name);
        expect(rate?.estimate.kind === "estimate" ? (100 * rate.estimate.value).toFixed(2) : "none", name).to.equal(printed);
      }
    });
  }
});
